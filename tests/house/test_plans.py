"""On a town with some thousand rows, what every turn asks is answered by an index, on SQLite and on PostgreSQL.

tests/house/test_indexes.py looks at what the queues ask every second, on a nearly empty SQLite. Here the tables are full and
analysed, so that PostgreSQL has a choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Executable, event, insert, text
from sqlalchemy.engine import Engine

from storage import board_statements, cases, doors, effects, missing, overview, people, roster, talk, threads, town
from storage import tables as t
from storage.database import Connection, Database
from storage.queues import inbox, outbox, timers
from tests.fakes.long_story import STORIES
from tests.fakes.rows import NOW
from tests.fakes.town import Town
from tests.fakes.town import fill as fill_town

pytest_plugins = ["tests.fakes.postgres"]

MANY = 4_000  # of each big table; one in fifty is open, as in a town of some months
PEOPLE, BUILDINGS, POSTS = 800, 200, 400
MINUTE, YEAR = timedelta(minutes=1), timedelta(days=365)
ALIASES = {"outbox": ("earlier",)}


@dataclass(frozen=True)
class Promise:
    """This statement reads these big tables by an index only; one of `indexes` is named in the plan."""

    statement: Executable
    asked: dict[str, Any]
    indexes: tuple[str, ...]
    big: tuple[str, ...]


DUE = {"now": NOW, "wall": NOW, "held_since": NOW, "many": 100}
BOARD = {"area": "g", "path": "/g/", "category": "", "without": [], "since": NOW, "now": NOW}
PROMISES = {
    "timers that are due": Promise(timers.DUE, DUE, ("timer_due",), ("timer",)),
    "the next timer": Promise(timers.NEXT_DUE, DUE, ("timer_due",), ("timer",)),
    "a timer that is taken": Promise(timers.OPEN_ONE, {"timer": 7}, ("PRIMARY KEY", "timer_pkey"), ("timer",)),
    "messages that are due": Promise(outbox.DUE, DUE, ("outbox_waiting", "outbox_address"), ("outbox", "cases")),
    "the next held message": Promise(outbox.NEXT_DUE, DUE, ("outbox_waiting",), ("outbox",)),
    "messages that are ready": Promise(inbox.READY, DUE, ("inbox_waiting",), ("inbox",)),
    "a message by its key": Promise(
        inbox.BY_KEY, {"channel": "web", "update_key": "k7"}, ("autoindex_inbox", "inbox_channel_update_key_key"), ("inbox",)
    ),
    "cases merged into one": Promise(overview.MERGED, {"case": "c7"}, ("case_merged",), ("cases",)),
    "open questions": Promise(talk.OPEN_QUESTIONS, {"person": "p7"}, ("question_open",), ("question",)),
    "what was asked about a task": Promise(talk.LAST_OF_TASK, {"task": "k7"}, ("question_task",), ("question",)),
    "open cases of a resident": Promise(cases.OPEN_OF, {"person": "p7"}, ("case_open_resident",), ("cases",)),
    "recent cases of a resident": Promise(  # all of the resident's, or the open ones and whatever ended since then
        cases.RECENT_OF, {"person": "p7", "since": NOW}, ("case_resident", "case_open_resident"), ("cases",)
    ),
    "past cases of a building": Promise(
        cases.PAST_THERE, {"building": "b7", "category": "heating", "id": "c1", "since": NOW - YEAR},
        ("case_building",), ("cases",),
    ),
    **{
        f"{what} of a {kind}": Promise(statement(kind, *more), BOARD, (index,), ("cases",))
        for kind in ("city", "subdistrict")
        for what, statement, more, index in (
            ("what is late", board_statements.late_in, (), "case_late"), ("late ones", board_statements.late, (None,), "case_late"),
            ("what waits", board_statements.waiting, (), "case_unacknowledged"),
            ("what has ended", board_statements.ended, (False,), "case_ended"),
            ("open complaints about somebody", board_statements.open_spoken_of, (), "case_open_spoken_of"),
        )
    },
    "complaints that speak of somebody": Promise(
        overview.ABOUT, {"whom": ["p7", "w7"]}, ("PRIMARY KEY", "spoken_of_pkey"), ("spoken_of",)
    ),
    "whose turn it is somewhere": Promise(cases.ACTING_NOW, {}, ("case_post_open", "case_open_community"), ("cases", "case_post")),
    "cases held by posts": Promise(cases.HELD, {"posts": ["w7", "w8"]}, ("case_post_open",), ("cases", "case_post")),
    "a case's events": Promise(cases.EVENTS, {"case": "c7"}, ("autoindex_event", "event_case_id_seq_key"), ("event",)),
    "a case's open parts": Promise(cases.PARTS, {"case": "c7"}, ("case_post_case",), ("case_post",)),
    "open tasks of posts": Promise(cases.OWNED, {"posts": ["w7"]}, ("task_open_owner",), ("task",)),
    "tasks about a case": Promise(cases.TASKS_ABOUT, {"case": "c7"}, ("task_case",), ("task",)),
    "the load of workers": Promise(roster.LOAD, {"posts": ["w7", "w8"]}, ("case_post_open",), ("case_post", "cases")),
    "a post with its holder": Promise(town.POST_BY_ID, {"post": "w7"}, ("holding_now",), ("holding", "person")),
    "the posts of a person": Promise(people.HELD_BY, {"person": "p7"}, ("holding_person",), ("holding", "person")),
    "an address": Promise(
        people.ADDRESS_BY, {"channel": "web", "ext": "x7"}, ("autoindex_address", "address_channel_external_id_key"), ("address",)
    ),
    "a thread behind a place": Promise(threads.AFTER, {"thread": "p7", "after": 9, "many": 50}, ("thread_place",), ("thread",)),
    "the end of a thread": Promise(threads.LATEST, {"thread": "p7", "many": 50}, ("thread_place",), ("thread",)),
    "who a session is": Promise(
        doors.VISITOR, {"session": "s7", "wall": NOW}, ("autoindex_web_session", "web_session_pkey"), ("web_session", "address")
    ),
    "the timers of a case": Promise(effects.OPEN_TIMERS, {"case": "c7"}, ("timer_case",), ("timer",)),
    "cards that nobody heeded": Promise(
        missing.UNHEEDED, {"people": ["p7", "p8"]}, ("ix_outbox_person_id", "ix_address_person_id"), ("outbox", "address")
    ),
    "addresses of the rostered": Promise(missing.DOORS, {"people": ["p7", "p8"]}, ("ix_address_person_id",), ("address",)),
    "late cases": Promise(missing.LATE, {}, ("case_late",), ("cases",)),
    "open cases in communities": Promise(missing.OPEN_IN_COMMUNITIES, {}, ("case_open_community",), ("cases",)),
    "tasks due today": Promise(missing.TASKS_DUE, {"until": NOW}, ("task_open_owner",), ("task",)),
    "the last messages to a person": Promise(talk.SHOWN, {"person": "p7"}, ("ix_outbox_person_id",), ("outbox",)),
    "a card replied to": Promise(talk.CARD_SENT, {"address": "a7", "ref": "r7"}, ("outbox_ref",), ("outbox",)),
}  # fmt: skip


# ---- a town of some months --------------------------------------------------------------------------------------


def fill(conn: Connection) -> None:
    """Some thousand rows in each table that grows; nearly everything is over."""
    _people(conn)
    _cases(conn)
    _talk(conn)


def _people(conn: Connection) -> None:
    add(conn, t.Area, [{"id": "g", "kind": "grid", "name": "g", "parent_id": None, "path": "/g/", "aliases": []}])
    add(conn, t.Person, [
        {"id": f"p{n}", "name": f"n{n}", "home": {}, "language": "zh", "phone_asked": False, "created_at": NOW}
        for n in range(PEOPLE)
    ])
    add(conn, t.Address, [
        {"id": f"a{n}", "person_id": f"p{n}", "channel": "web", "external_id": f"x{n}"} for n in range(PEOPLE)
    ])
    add(conn, t.WebSession, [
        {"id": f"s{n}", "person_id": f"p{n}", "created_at": NOW, "expires_at": NOW} for n in range(PEOPLE)
    ])
    add(conn, t.Post, [
        {"id": f"w{n}", "role": "worker", "area_id": "g", "categories": [], "title": "t"} for n in range(POSTS)
    ])
    add(conn, t.Holding, [
        {"post_id": f"w{n % POSTS}", "person_id": f"p{n % PEOPLE}", "since": NOW, "until": None if n < POSTS else NOW}
        for n in range(MANY)
    ])


def _cases(conn: Connection) -> None:
    add(conn, t.Case, [_case(n) for n in range(MANY)])
    add(conn, t.SpokenOf, [{"who": f"w{n % POSTS}", "case_id": f"c{n}", "cases": 1} for n in range(0, MANY, 2)])
    add(conn, t.Event, [
        {"case_id": f"c{n}", "seq": 1, "at": NOW, "kind": "register", "who": "resident", "now": "assigned", "changes": {}}
        for n in range(MANY)
    ])
    add(conn, t.CasePost, [
        {"case_id": f"c{n}", "post_id": f"w{n % POSTS}", "part": "assignee", "since": NOW, "until": open_(n, None, NOW)}
        for n in range(MANY)
    ])
    add(conn, t.Task, [
        {"id": f"k{n}", "kind": "telephone", "owner_post": f"w{n % POSTS}", "case_id": f"c{n}", "opened_at": NOW, "due_at": NOW,
         "tries": 0, "note": "", "ended_at": open_(n, None, NOW)}
        for n in range(MANY)
    ])
    add(conn, t.Timer, [
        {"kind": "climb", "due_at": NOW + n * MINUTE, "case_id": f"c{n}", "is_open": open_(n, 1, 0), "tries": 0}
        for n in range(MANY)
    ])


def _case(n: int) -> dict[str, Any]:
    return {
        "id": f"c{n}", "number": f"26-{n:06}", "state": "assigned", "is_open": open_(n, 1, 0), "category": "heating", "also": [],
        "urgency": "normal", "resident_id": f"p{n % PEOPLE}", "channel": "web", "summary": "没暖气", "area_id": "g",
        "building_id": f"b{n % BUILDINGS}", "filed_at": NOW - n * MINUTE, "clock_from": NOW, "ended_at": open_(n, None, NOW - n * MINUTE),
        "acknowledged_at": None if n % 400 == 0 else NOW, "climbed_at": None, "accused_level": int(n % 40 == 0),
        "solve_missed_at": NOW if n % 500 == 0 else None,
    }  # fmt: skip


def _talk(conn: Connection) -> None:
    add(conn, t.Question, [
        {"id": f"q{n}", "person_id": f"p{n % PEOPLE}", "name": "q", "options": [], "args": {}, "awaited": True, "asked_at": NOW,
         "closed_at": open_(n, None, NOW)}
        for n in range(MANY)
    ])
    add(conn, t.Inbox, [
        {"channel": "web", "update_key": f"k{n}", "sender": f"x{n % PEOPLE}", "kind": "text", "text": "", "body": {},
         "received_at": NOW, "ready_at": NOW, "state": open_(n, "waiting", "done"), "tries": 0}
        for n in range(MANY)
    ])
    add(conn, t.Outbox, [
        {"channel": "web", "address_id": f"a{n % PEOPLE}", "person_id": f"p{n % PEOPLE}", "case_id": f"c{n}", "key": "k",
         "kind": "fact", "urgency": "normal", "text": "t", "buttons": [], "files": [], "valid_states": [], "made_at": NOW,
         "due_at": NOW + n * MINUTE, "state": open_(n, "waiting", "sent"), "tries": 0, "ref": f"r{n}"}
        for n in range(MANY)
    ])
    add(conn, t.Thread, [
        {"person_id": f"p{n % PEOPLE}", "sender": "jiesu", "text": "t", "buttons": [], "files": [], "at": NOW}
        for n in range(MANY)
    ])


def open_(n: int, yes: Any, no: Any) -> Any:
    """One row in fifty is open."""
    return yes if n % 50 == 0 else no


def add(conn: Connection, table: type[Any], rows: list[dict[str, Any]]) -> None:
    conn.execute(insert(table), rows)


def filled(url: str) -> Database:
    database = Database(url)
    database.migrate()
    with database.writing() as conn:
        fill(conn)
    with database.writing() as conn:
        conn.execute(text("analyze"))
    return database


# ---- the plans --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sqlite_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("plans")
    database = filled(f"sqlite:///{folder}/town.db")
    yield database
    database.close()


@pytest.fixture(scope="module")
def postgres_town(new_postgres: Callable[[], str]) -> Iterator[Database]:
    database = filled(new_postgres())
    yield database
    database.close()


def plan(database: Database, promise: Promise, explain: str) -> list[str]:
    """The lines of the plan for just these values: the statement is run once, and then explained as it was sent."""
    sent: list[tuple[str, Any]] = []
    with database.reading() as conn:
        event.listen(conn, "before_cursor_execute", lambda *call: sent.append((call[2], call[3])))
        conn.execute(promise.statement, promise.asked)
        statement, values = sent[-1]  # before it may stand a BEGIN
        return [str(row[-1]) for row in conn.exec_driver_sql(f"{explain} {statement}", values)]


def whole_tables(lines: list[str], promise: Promise, scan: str) -> list[str]:
    """The lines in which a big table is read from end to end; a walk through a promised index is none."""
    read = [(line, found[1]) for line in lines if (found := re.search(scan, line))]
    names = {*promise.big, *(alias for table in promise.big for alias in ALIASES.get(table, ()))}
    return [line for line, name in read if name in names and not any(i in line for i in promise.indexes)]


@pytest.mark.parametrize("what", PROMISES)
def test_sqlite_goes_by_the_index(sqlite_town: Database, what: str):
    promise = PROMISES[what]
    lines = plan(sqlite_town, promise, "explain query plan")
    assert any(index in line for line in lines for index in promise.indexes), "\n".join(lines)
    assert not whole_tables(lines, promise, r"SCAN (\w+)"), "\n".join(lines)


@pytest.mark.parametrize("what", PROMISES)
def test_postgresql_goes_by_the_index(postgres_town: Database, what: str):
    promise = PROMISES[what]
    lines = plan(postgres_town, promise, "explain")
    assert any(index in line for line in lines for index in promise.indexes), "\n".join(lines)
    assert not whole_tables(lines, promise, r"Seq Scan on (\w+)"), "\n".join(lines)


# ---- everything a town asks -------------------------------------------------------------------------------------

GROWS = {  # what has a row for each person, message or step; the organisation's tables stay as they are
    "person", "address", "cases", "event", "remark", "case_post", "attachment", "timer", "task", "draft", "question",
    "conversation", "inbox", "outbox", "earlier", "thread", "web_session", "link", "wrong_code", "view_log", "holding", "spoken_of",
}  # fmt: skip
WAITING = ("timer_due", "inbox_waiting", "outbox_waiting", "task_open_owner", "case_open_community", "case_late")  # these hold only what is still open
HARNESS = ("FROM cases ORDER BY cases.filed_at, cases.number",)  # Town.cases() of the tests


def asked_in_stories(path: Path) -> dict[str, Any]:
    """Every statement that a town sent in the long story, with the values of its first time."""
    sent: dict[str, Any] = {}

    def sends(conn: Any, cursor: Any, statement: str, values: Any, context: Any, many: bool) -> None:
        sent.setdefault(statement, values[0] if many else values)

    fill_town(f"sqlite:///{path}")
    town = Town(path)
    town.check = False  # the audit looks at everything, and may
    event.listen(Engine, "before_cursor_execute", sends)
    try:
        for tell in STORIES:
            tell(town)
    finally:
        event.remove(Engine, "before_cursor_execute", sends)
        town.close()
    return {s: v for s, v in sent.items() if s.startswith(("SELECT", "UPDATE", "DELETE")) and not any(h in s for h in HARNESS)}


def test_no_statement_of_a_town_reads_a_whole_table(sqlite_town: Database, tmp_path: Path):
    wrong = []
    statements = asked_in_stories(tmp_path / "town.db")
    with sqlite_town.reading() as conn:
        for statement, values in statements.items():
            for row in conn.exec_driver_sql(f"explain query plan {statement}", values):
                found = re.match(r"SCAN (\w+)", row[3])
                if found and found[1] in GROWS and not any(index in row[3] for index in WAITING):
                    wrong.append(f"{row[3]}: {statement}")
    assert len(statements) > 80
    assert not wrong, "\n\n".join(wrong)
