"""Timers: what falls due. They are derived from cases, drafts and tasks (storage/effects.py); here they are only fired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, text, update

from storage import tables as t

TIMER: Any = t.Timer.__table__  # type: ignore[attr-defined]

OPEN = text("is_open = 1")  # word for word what the partial index says


@dataclass(frozen=True, slots=True)
class TimerRow:
    """One timer that is due, as a turn gets it."""

    id: int
    kind: str
    due_at: datetime
    case_id: str | None
    draft_id: str | None
    task_id: str | None
    notice_id: str | None
    community_id: str | None
    tries: int


_COLUMNS = [TIMER.c[name] for name in TimerRow.__slots__]
_MAY_RUN = or_(TIMER.c.retry_at == None, TIMER.c.retry_at <= bindparam("wall"))  # noqa: E711

DUE = (
    select(*_COLUMNS)
    .where(OPEN, TIMER.c.due_at <= bindparam("now"), _MAY_RUN)
    .order_by(TIMER.c.due_at, TIMER.c.id)
    .limit(bindparam("many"))
)
NEXT_DUE = select(func.min(TIMER.c.due_at)).where(OPEN, TIMER.c.due_at > bindparam("now"))
OPEN_ONE = select(*_COLUMNS).where(TIMER.c.id == bindparam("timer"), OPEN)
FIRED = update(TIMER).where(TIMER.c.id == bindparam("timer"), OPEN).values(is_open=0, fired_at=bindparam("at"))
LATER = (
    update(TIMER)
    .where(TIMER.c.id == bindparam("timer"), OPEN)
    .values(tries=TIMER.c.tries + 1, retry_at=bindparam("until"))
)


def due(conn: Connection, now: datetime, wall: datetime, many: int = 100) -> Sequence[TimerRow]:
    """Open timers that are due, longest overdue first; without those that failed and wait for another try."""
    return [TimerRow(*found) for found in conn.execute(DUE, {"now": now, "wall": wall, "many": many})]


def next_due(conn: Connection, now: datetime) -> datetime | None:
    """When the next timer after `now` falls due."""
    return conn.execute(NEXT_DUE, {"now": now}).scalar()


def take(conn: Connection, timer_id: int, now: datetime) -> TimerRow | None:
    """Mark the timer fired and return it; None when it was fired or cancelled meanwhile.

    Before its turn, not after: what the turn writes derives the next timers, and this one must not be found among them.
    """
    found = conn.execute(OPEN_ONE, {"timer": timer_id}).one_or_none()
    if found is None:
        return None
    conn.execute(FIRED, {"timer": timer_id, "at": now})
    return TimerRow(*found)


def put_off(conn: Connection, timer_id: int, until: datetime) -> None:
    """A timer whose turn failed stays open and is tried again after `until` (wall)."""
    conn.execute(LATER, {"timer": timer_id, "until": until})
