"""Rows that queue tests need, written straight into the tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from storage import tables as t
from storage.database import Connection, Database

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def seconds(n: float) -> timedelta:
    return timedelta(seconds=n)


def add(conn: Connection, table: type[Any], **values: Any) -> Any:
    """Insert one row; its key."""
    return conn.execute(insert(table), values).inserted_primary_key[0]


def all_rows(database: Database, table: type[Any]) -> list[Any]:
    with database.reading() as conn:
        return list(conn.execute(select(table.__table__).order_by(*table.__table__.primary_key)))


def person(conn: Connection, id: str, channel: str = "fake") -> str:
    """A person with one address, `<id>@<channel>`, known to the platform as `ext-<id>`."""
    add(conn, t.Person, id=id, name=id, home={}, language="zh", phone_asked=False, created_at=NOW)
    add(conn, t.Address, id=f"{id}@{channel}", person_id=id, channel=channel, external_id=id if channel == "web" else f"ext-{id}")
    return id


def case(conn: Connection, id: str, resident: str, state: str = "assigned") -> str:
    add(
        conn, t.Case, id=id, number=f"26-{id}", state=state, category="heating", urgency="normal", resident_id=resident,
        channel="fake", summary="没暖气", area_id="c", filed_at=NOW, clock_from=NOW, also=[],
    )  # fmt: skip
    return id


def question(conn: Connection, id: str, person_id: str, closed: bool = False, options: Sequence[Any] = ()) -> str:
    add(
        conn, t.Question, id=id, person_id=person_id, name="q", options=list(options), args={}, awaited=True, asked_at=NOW,
        closed_at=NOW if closed else None,
    )  # fmt: skip
    return id


def outgoing(conn: Connection, to: str, text: str, **values: Any) -> int:
    """A message to the person's address on channel fake, due at NOW."""
    row = {
        "channel": "fake", "address_id": f"{to}@fake", "person_id": to, "key": "k", "kind": "fact", "urgency": "normal",
        "text": text, "buttons": [], "files": [], "valid_states": [], "made_at": NOW, "due_at": NOW, "state": "waiting", "tries": 0,
    }  # fmt: skip
    return add(conn, t.Outbox, **(row | values))


def timer(conn: Connection, kind: str, due_at: datetime, **values: Any) -> int:
    return add(conn, t.Timer, **({"kind": kind, "due_at": due_at, "is_open": 1, "tries": 0} | values))
