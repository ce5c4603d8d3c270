"""The duty roster as stored, and how much each post has in hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from casework.case import PostId
from casework.roster import Change, Leave, Roster, Shift
from storage import tables as t

POST: Any = t.Post.__table__  # type: ignore[attr-defined]
ROSTER: Any = t.Roster.__table__  # type: ignore[attr-defined]
EXCEPTION: Any = t.RosterException.__table__  # type: ignore[attr-defined]
LEAVE: Any = t.Leave.__table__  # type: ignore[attr-defined]
PARTS: Any = t.CasePost.__table__  # type: ignore[attr-defined]
CASES: Any = t.Case.__table__  # type: ignore[attr-defined]

ROSTER_FOR = select(ROSTER, POST.c.off_since).join(POST, POST.c.id == ROSTER.c.post_id).where(
    ROSTER.c.area_id.in_(bindparam("areas", expanding=True)), POST.c.ended_at.is_(None)
)
EXCEPTIONS_FOR = select(EXCEPTION, POST.c.off_since).join(POST, POST.c.id == EXCEPTION.c.post_id).where(
    EXCEPTION.c.area_id.in_(bindparam("areas", expanding=True)), EXCEPTION.c.day.in_(bindparam("days", expanding=True)),
    POST.c.ended_at.is_(None),
)
LEAVES_FOR = select(LEAVE).where(
    LEAVE.c.post_id.in_(bindparam("posts", expanding=True)), LEAVE.c.first <= bindparam("day"),
    LEAVE.c.last >= bindparam("day"),
)
ROSTER_OF = select(ROSTER, POST.c.off_since).join(POST, POST.c.id == ROSTER.c.post_id).where(
    ROSTER.c.post_id.in_(bindparam("posts", expanding=True)), POST.c.ended_at.is_(None)
)
EXCEPTIONS_OF = select(EXCEPTION, POST.c.off_since).join(POST, POST.c.id == EXCEPTION.c.post_id).where(
    EXCEPTION.c.post_id.in_(bindparam("posts", expanding=True)), EXCEPTION.c.day.in_(bindparam("days", expanding=True)),
    POST.c.ended_at.is_(None),
)
LEAVES_TO_COME = (
    select(LEAVE)
    .where(LEAVE.c.post_id.in_(bindparam("posts", expanding=True)), LEAVE.c.last >= bindparam("day"))
    .order_by(LEAVE.c.first, LEAVE.c.id)
)
RESTING = select(POST.c.id, POST.c.off_since).where(
    POST.c.id.in_(bindparam("posts", expanding=True)), POST.c.off_since.is_not(None)
)
LOAD = (
    select(PARTS.c.post_id, CASES.c.urgency, func.count(), func.max(PARTS.c.since))
    .join(CASES, CASES.c.id == PARTS.c.case_id)
    .where(PARTS.c.post_id.in_(bindparam("posts", expanding=True)), PARTS.c.part == "assignee")
    .where(PARTS.c.until.is_(None), CASES.c.is_open + 0 == 1)  # + 0: from the posts to their cases, never from all open ones
    .group_by(PARTS.c.post_id, CASES.c.urgency)
)


def roster(conn: Connection, areas: Sequence[str], days: Sequence[date]) -> Roster:
    """What is known of these areas on these days (a night reaches into the next: give both). Ended posts are left out."""
    asked = {"areas": list(areas)}
    return _made(conn, conn.execute(ROSTER_FOR, asked), conn.execute(EXCEPTIONS_FOR, {**asked, "days": list(days)}), days)


def of_posts(conn: Connection, posts: Sequence[str], days: Sequence[date]) -> Roster:
    """What these posts have on these days, in whatever area."""
    asked = {"posts": list(posts)}
    return _made(conn, conn.execute(ROSTER_OF, asked), conn.execute(EXCEPTIONS_OF, {**asked, "days": list(days)}), days, posts)


def _made(conn: Connection, rows: Any, exceptions: Any, days: Sequence[date], posts: Sequence[str] = ()) -> Roster:
    """The roster of these rows, with the leave of all who are in it and of their substitutes."""
    resting: dict[PostId, datetime] = {}
    shifts: list[Shift] = []
    changes: list[Change] = []
    for r in rows:
        shifts.append(Shift(r.post_id, r.area_id, r.weekdays, r.starts, r.ends, r.duty))
        _note_rest(resting, r)
    for r in exceptions:
        changes.append(Change(r.day, r.post_id, r.area_id, r.starts, r.ends, r.kind))
        _note_rest(resting, r)
    known = {*(shift.post for shift in shifts), *(change.post for change in changes), *(PostId(p) for p in posts)}
    leaves = _leaves_with_substitutes(conn, known, days, resting)
    return Roster(shifts, changes, leaves, resting)


def _leaves_with_substitutes(
    conn: Connection, posts: set[PostId], days: Sequence[date], resting: dict[PostId, datetime]
) -> tuple[Leave, ...]:
    """A substitute may be on leave, or off duty by the own word, without a row in these areas: asked for as well."""
    found: dict[Leave, None] = {}
    asked: set[PostId] = set()
    while more := sorted(posts - asked):
        leaves = [leave for day in days for leave in leaves_on(conn, more, day)]
        found.update(dict.fromkeys(leaves))
        asked |= set(more)
        posts = {leave.substitute for leave in leaves if leave.substitute is not None}
        if new := sorted(posts - asked):
            resting.update({r.id: r.off_since for r in conn.execute(RESTING, {"posts": new})})
    return tuple(found)


def leaves_on(conn: Connection, posts: Sequence[str], day: date) -> list[Leave]:
    """Who of these posts is on leave that day."""
    found = conn.execute(LEAVES_FOR, {"posts": list(posts), "day": day})
    return [Leave(r.post_id, r.first, r.last, r.substitute_id) for r in found]


def leaves_to_come(conn: Connection, posts: Sequence[str], day: date) -> list[Leave]:
    """The posts' leave that runs on this day or begins later, first first."""
    found = conn.execute(LEAVES_TO_COME, {"posts": list(posts), "day": day})
    return [Leave(r.post_id, r.first, r.last, r.substitute_id) for r in found]


def load(conn: Connection, posts: Sequence[str]) -> list[tuple[PostId, str, int, datetime | None]]:
    """Open cases in hand by post and urgency, and since when the newest is."""
    return [(r[0], r[1], r[2], r[3]) for r in conn.execute(LOAD, {"posts": list(posts)})]


def _note_rest(resting: dict[PostId, datetime], row: Any) -> None:
    if row.off_since is not None:
        resting[row.post_id] = row.off_since
