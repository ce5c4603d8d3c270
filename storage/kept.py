"""What is kept about a person, counted: for 我的数据."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from storage import tables as t

PERSON: Any = t.Person.__table__  # type: ignore[attr-defined]
ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]
CASE: Any = t.Case.__table__  # type: ignore[attr-defined]
REMARK: Any = t.Remark.__table__  # type: ignore[attr-defined]
FILE: Any = t.Attachment.__table__  # type: ignore[attr-defined]
VIEW: Any = t.ViewLog.__table__  # type: ignore[attr-defined]
HOLDING: Any = t.Holding.__table__  # type: ignore[attr-defined]
POST: Any = t.Post.__table__  # type: ignore[attr-defined]

SINCE = select(PERSON.c.created_at).where(PERSON.c.id == bindparam("person"))
CHANNELS = select(ADDRESS.c.channel).where(ADDRESS.c.person_id == bindparam("person")).distinct().order_by(ADDRESS.c.channel)
CASES = select(func.count()).select_from(CASE).where(CASE.c.resident_id == bindparam("person"))
REMARKS = (
    select(func.count())
    .select_from(REMARK.join(CASE, CASE.c.id == REMARK.c.case_id))
    .where(CASE.c.resident_id == bindparam("person"), REMARK.c.person_id == bindparam("person"))
)
FILES = select(FILE.c.kind, func.count()).where(FILE.c.person_id == bindparam("person")).group_by(FILE.c.kind)
VIEWS = (  # under which post: held at that moment
    select(VIEW.c.id, VIEW.c.at, CASE.c.number, POST.c.title)
    .select_from(
        VIEW.join(CASE, CASE.c.id == VIEW.c.case_id)
        .outerjoin(
            HOLDING,
            (HOLDING.c.person_id == VIEW.c.person_id)
            & (HOLDING.c.since <= VIEW.c.at)
            & or_(HOLDING.c.until.is_(None), HOLDING.c.until > VIEW.c.at),
        )
        .outerjoin(POST, POST.c.id == HOLDING.c.post_id)
    )
    .where(CASE.c.resident_id == bindparam("person"), VIEW.c.what == "phone")
    .order_by(VIEW.c.at.desc(), VIEW.c.id.desc(), HOLDING.c.id)
    .limit(60)
)


@dataclass(frozen=True, slots=True)
class View:
    """Somebody looked at the phone number: when, about which case, under which post."""

    at: datetime
    number: str
    post: str


@dataclass(frozen=True, slots=True)
class Kept:
    """`files`: how many of each kind (photo, voice …)."""

    since: datetime
    channels: tuple[str, ...]
    cases: int
    remarks: int
    files: Mapping[str, int]
    views: tuple[View, ...]


def about(conn: Connection, person_id: str) -> Kept:
    """All of it, for the person alone."""
    asked = {"person": person_id}
    views: dict[int, View] = {}
    for row in conn.execute(VIEWS, asked):
        views.setdefault(row.id, View(row.at, row.number, row.title or ""))
    return Kept(
        conn.execute(SINCE, asked).scalar_one(),
        tuple(conn.execute(CHANNELS, asked).scalars()),
        int(conn.execute(CASES, asked).scalar_one()),
        int(conn.execute(REMARKS, asked).scalar_one()),
        {row[0]: row[1] for row in conn.execute(FILES, asked)},
        tuple(views.values()),
    )
