"""The promised indexes are used: what runs every second never reads a whole table."""

from pathlib import Path

import pytest
from sqlalchemy.dialects import sqlite

from storage.database import Database
from storage.queues import inbox, outbox, own_words, timers
from tests.fakes.rows import NOW, person, seconds, timer

PROMISED = {
    "the next message of each sender": (inbox.READY, "inbox_waiting"),
    "a message by its key": (inbox.BY_KEY, "sqlite_autoindex_inbox_1"),
    "an album": (inbox.ALBUM, "inbox_waiting"),
    "timers that are due": (timers.DUE, "timer_due"),
    "the next timer": (timers.NEXT_DUE, "timer_due"),
    "messages that are due": (outbox.DUE, "outbox_waiting"),
    "what holds an address": (outbox.DUE, "outbox_address"),
    "the next held message": (outbox.NEXT_DUE, "outbox_waiting"),
    "the words on a button": (own_words.OPTIONS, "sqlite_autoindex_question_1"),
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("indexes")
    made = Database(f"sqlite:///{folder}/jiesu.db")
    made.migrate()
    with made.writing() as conn:
        person(conn, "a")
        for n in range(50):
            timer(conn, "k", NOW + seconds(n), is_open=int(n < 5))
    yield made
    made.close()


@pytest.mark.parametrize("what", PROMISED)
def test_the_index_is_used(database: Database, what: str):
    statement, index = PROMISED[what]
    compiled = statement.compile(dialect=sqlite.dialect())
    values = {name: 1 if name in ("many", "param_1") else "2026-11-25" for name in compiled.params}
    ordered = [values[name] for name in compiled.positiontup or ()]
    with database.reading() as conn:
        plan = " | ".join(row[3] for row in conn.exec_driver_sql(f"explain query plan {compiled}", tuple(ordered)))
    assert index in plan, plan
