"""Writes what casework/summary_effects.py names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from casework.summary_effects import KeepWords, NoticeTold, OpenNotice, StopNotice, SummaryEffect
from storage import notices, words
from storage import tables as t

NOTICE: Any = t.Notice.__table__  # type: ignore[attr-defined]
OUT: Any = t.Outbox.__table__  # type: ignore[attr-defined]
TIMER: Any = t.Timer.__table__  # type: ignore[attr-defined]
TO: Any = t.NoticeTo.__table__  # type: ignore[attr-defined]


def write_summary(conn: Connection, effect: SummaryEffect, now: datetime) -> None:
    """One effect, on behalf of a turn."""
    if isinstance(effect, KeepWords):
        words.keep(conn, [(effect.case_id, effect.day, effect.words)])
    elif isinstance(effect, OpenNotice):
        _open(conn, effect, now)
    elif isinstance(effect, NoticeTold):
        _told(conn, effect, now)
    else:
        _stop(conn, effect, now)


def _open(conn: Connection, effect: OpenNotice, now: datetime) -> None:
    row = {"id": effect.id, "person_id": effect.by, "post_id": effect.post, "where_id": effect.where, "words": effect.words}
    conn.execute(NOTICE.insert().values(**row, made_at=now, state="running"))
    conn.execute(TO.insert(), [{"notice_id": effect.id, "person_id": who, "outcome": ""} for who in effect.to])
    _next(conn, effect.id, effect.at)


def _next(conn: Connection, notice_id: str, at: datetime) -> None:
    conn.execute(TIMER.insert().values(kind="notice", due_at=at, notice_id=notice_id, is_open=1))


def _told(conn: Connection, effect: NoticeTold, now: datetime) -> None:
    for outcome, people in (("sent", effect.sent), ("unreachable", effect.unreachable)):
        here = (TO.c.notice_id == effect.id) & TO.c.person_id.in_(list(people))
        conn.execute(update(TO).where(here).values(outcome=outcome))
    if effect.again is not None:
        _next(conn, effect.id, effect.again)
    else:
        _end(conn, effect.id, "done", now)


def _end(conn: Connection, notice_id: str, state: str, now: datetime) -> None:
    conn.execute(update(NOTICE).where(NOTICE.c.id == notice_id).values(state=state, ended_at=now))
    conn.execute(update(TIMER).where(TIMER.c.notice_id == notice_id, TIMER.c.is_open == 1).values(is_open=0))


def _stop(conn: Connection, effect: StopNotice, now: datetime) -> None:
    """What waits for the morning is dropped too, and those people count as not told."""
    notice = conn.execute(select(NOTICE).where(NOTICE.c.id == effect.id)).one()
    _end(conn, effect.id, "stopped", now)
    waits = notices.waiting(notice)
    unsent = list(conn.execute(select(OUT.c.person_id).where(waits)).scalars())
    conn.execute(update(OUT).where(waits).values(state="dropped", why="stopped"))
    here = (TO.c.notice_id == effect.id) & TO.c.person_id.in_(unsent)
    conn.execute(update(TO).where(here).values(outcome=""))
