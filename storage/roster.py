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
LOAD = (
    select(PARTS.c.post_id, CASES.c.urgency, func.count(), func.max(PARTS.c.since))
    .join(CASES, CASES.c.id == PARTS.c.case_id)
    .where(PARTS.c.post_id.in_(bindparam("posts", expanding=True)), PARTS.c.part == "assignee")
    .where(PARTS.c.until.is_(None), CASES.c.is_open == 1)
    .group_by(PARTS.c.post_id, CASES.c.urgency)
)


def roster(conn: Connection, areas: Sequence[str], days: Sequence[date]) -> Roster:
    """What is known of these areas on these days (a night reaches into the next: give both). Ended posts are left out."""
    resting: dict[PostId, datetime] = {}
    shifts: list[Shift] = []
    changes: list[Change] = []
    for r in conn.execute(ROSTER_FOR, {"areas": list(areas)}):
        shifts.append(Shift(r.post_id, r.area_id, r.weekdays, r.starts, r.ends, r.duty))
        _note_rest(resting, r)
    for r in conn.execute(EXCEPTIONS_FOR, {"areas": list(areas), "days": list(days)}):
        changes.append(Change(r.day, r.post_id, r.area_id, r.starts, r.ends, r.kind))
        _note_rest(resting, r)
    posts = {shift.post for shift in shifts} | {change.post for change in changes}
    leaves = [] if not posts else [leave for day in days for leave in leaves_on(conn, sorted(posts), day)]
    return Roster(shifts, changes, tuple(dict.fromkeys(leaves)), resting)


def leaves_on(conn: Connection, posts: Sequence[str], day: date) -> list[Leave]:
    """Who of these posts is on leave that day."""
    found = conn.execute(LEAVES_FOR, {"posts": list(posts), "day": day})
    return [Leave(r.post_id, r.first, r.last, r.substitute_id) for r in found]


def load(conn: Connection, posts: Sequence[str]) -> list[tuple[PostId, str, int, datetime | None]]:
    """Open cases in hand by post and urgency, and since when the newest is."""
    return [(r[0], r[1], r[2], r[3]) for r in conn.execute(LOAD, {"posts": list(posts)})]


def _note_rest(resting: dict[PostId, datetime], row: Any) -> None:
    if row.off_since is not None:
        resting[row.post_id] = row.off_since
