"""The invented cases of benchmarks/town.py written into a database on SQLite, by the product's own tables and figures; and copied from
there to PostgreSQL."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import text

from benchmarks.town import DAYS, NOW, RESIDENTS, Invented, case_id, homes, invented, messages, organised, world
from casework.case import Case
from storage import figures
from storage import tables as t
from storage.database import Connection, Database, insert_many
from storage.rows import case_values

CASE: Any = t.Case.__table__  # type: ignore[attr-defined]
PART: Any = t.CasePost.__table__  # type: ignore[attr-defined]
CHUNK = 20_000
BEGIN = NOW - timedelta(days=DAYS)
Row = Mapping[str, Any]


def fill(database: Database, cases: int) -> None:
    """So many cases with their figures and words in an empty database on SQLite."""
    organised(database)
    with database.reading() as conn:
        places = homes(conn)
    made, posts = Invented(), {home.grid: home.post for home in places}
    coming = invented(cases, places, world().policy, made)
    with database.writing() as conn:
        indexes = _without_indexes(conn)
        insert_many(conn, t.Person.__table__, list(_residents()))  # type: ignore[attr-defined]
    while chunk := list(islice(coming, CHUNK)):
        with database.writing() as conn:
            insert_many(conn, CASE, [case_values(case) for case in chunk])
            insert_many(conn, PART, list(_parts(chunk, posts)))
    with database.writing() as conn:
        figures.add(conn, made.sum.share())
        _write_words(conn, made)
        for made_by in indexes:
            conn.exec_driver_sql(made_by)
    with database.writing() as conn:
        conn.execute(text("analyze"))


def copied(source: Database, target: Database) -> None:
    """All that is in a town on SQLite into an empty database on PostgreSQL."""
    target.migrate()
    with source.reading() as have, target.writing() as conn:
        indexes = _without_indexes(conn)
        for table in t.SQLModel.metadata.sorted_tables:
            _copy(have, conn, table)
        for made_by in indexes:
            conn.exec_driver_sql(made_by)
        raw: Any = conn.connection.driver_connection
        raw.commit()
        raw.autocommit = True
        raw.execute("vacuum analyze")  # as its own housekeeping does in time
        raw.autocommit = False


def _copy(have: Connection, conn: Connection, table: Any) -> None:
    """What SQLite holds is text and numbers, which COPY reads as they are."""
    columns = ", ".join(f'"{column.name}"' for column in table.c)
    rows = have.connection.driver_connection.execute(f"select {columns} from {table.name}")  # type: ignore[union-attr]
    raw: Any = conn.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _residents() -> Iterator[Row]:
    for n in range(RESIDENTS):
        yield {"id": f"resident-{n:05}", "name": "", "home": {}, "language": "zh", "phone_asked": False, "created_at": BEGIN}


def _parts(cases: Sequence[Case], posts: Mapping[str, str]) -> Iterator[Row]:
    """Who has the open ones."""
    for case in cases:
        if not case.ended and (post := posts.get(case.area_id)):
            for part in ("first_owner", "assignee"):
                yield {"case_id": case.id, "community_id": case.community_id, "post_id": post, "part": part, "since": case.filed_at, "until": None}


# ---- words -------------------------------------------------------------------------------------------------------------


def _write_words(conn: Connection, made: Invented) -> None:
    """Word after word, in the order in which the table has them: they are many times as many as the cases."""
    said_by: dict[str, list[array[int]]] = defaultdict(list)
    for which, numbers in made.said.items():
        for word in messages()[which].words:
            said_by[word].append(numbers)
    days = array("l", ((BEGIN + timedelta(days=DAYS) * (n / made.cases)).astimezone(UTC).date().toordinal() for n in range(made.cases)))
    ids = [case_id(n) for n in range(made.cases)]
    raw: Any = conn.connection.driver_connection
    for word in sorted(said_by):
        found = sorted(n for each in said_by[word] for n in each)
        raw.executemany("insert into case_word (word, day, case_id) values (?, ?, ?)", ((word, days[n], ids[n]) for n in found))


# ---- indexes -----------------------------------------------------------------------------------------------------------


def _without_indexes(conn: Connection) -> list[str]:
    """Take the indexes of the cases away while they are written; gives back what makes them anew."""
    if conn.dialect.name == "sqlite":
        asked = "select name, sql from sqlite_master where type = 'index' and tbl_name = 'cases' and sql is not null"
    else:
        asked = "select indexname, indexdef from pg_indexes where tablename = 'cases' and indexdef not like 'CREATE UNIQUE%'"
    found = [(row[0], row[1]) for row in conn.execute(text(asked))]
    for name, _ in found:
        conn.execute(text(f"drop index {name}"))
    return [made for _, made in found]
