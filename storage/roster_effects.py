"""The roster's effects into rows, for storage/effects.py."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from casework import roster_effects as fx
from storage import tables as t

POST: Any = t.Post.__table__  # type: ignore[attr-defined]
EXCEPTION: Any = t.RosterException.__table__  # type: ignore[attr-defined]
LEAVE: Any = t.Leave.__table__  # type: ignore[attr-defined]

_SAME_HOURS = (
    (EXCEPTION.c.post_id == bindparam("post")) & (EXCEPTION.c.day == bindparam("day"))
    & (EXCEPTION.c.area_id == bindparam("area")) & (EXCEPTION.c.starts == bindparam("starts"))
    & (EXCEPTION.c.ends == bindparam("ends")) & (EXCEPTION.c.kind == bindparam("kind"))
)
SAME_EXCEPTION = select(EXCEPTION.c.id).where(_SAME_HOURS)
DROP_EXCEPTION = delete(EXCEPTION).where(_SAME_HOURS)
_THIS_LEAVE = (LEAVE.c.post_id == bindparam("b_post")) & (LEAVE.c.first == bindparam("b_first"))
CUT_LEAVE = update(LEAVE).where(_THIS_LEAVE).values(last=bindparam("b_last"))
DROP_LEAVE = delete(LEAVE).where(_THIS_LEAVE)


def write_roster(conn: Connection, effect: fx.RosterEffect) -> None:
    """One effect on posts' duty, leave or shifts into its rows."""
    match effect:
        case fx.Duty():
            off_since = None if effect.on else effect.at
            conn.execute(update(POST).where(POST.c.id == effect.post_id).values(off_since=off_since))
        case fx.GrantLeave():
            _grant(conn, effect)
        case fx.EndLeave():
            _end(conn, effect)
        case fx.ChangeShift():
            _change(conn, effect)


def _grant(conn: Connection, effect: fx.GrantLeave) -> None:
    conn.execute(insert(LEAVE).values(
        post_id=effect.post, first=effect.first, last=effect.last, substitute_id=effect.substitute
    ))


def _end(conn: Connection, effect: fx.EndLeave) -> None:
    this = {"b_post": effect.post, "b_first": effect.first}
    if effect.first < effect.back:
        conn.execute(CUT_LEAVE, {**this, "b_last": effect.back - timedelta(days=1)})
    else:
        conn.execute(DROP_LEAVE, this)


def _change(conn: Connection, effect: fx.ChangeShift) -> None:
    row = {"post": effect.post, "day": effect.day, "area": effect.area, "starts": effect.starts, "ends": effect.ends}
    opposite = "off" if effect.kind == "on" else "on"
    if conn.execute(DROP_EXCEPTION, {**row, "kind": opposite}).rowcount:
        return
    if conn.execute(SAME_EXCEPTION, {**row, "kind": effect.kind}).first() is None:
        conn.execute(insert(EXCEPTION).values(
            post_id=effect.post, day=effect.day, area_id=effect.area, starts=effect.starts, ends=effect.ends, kind=effect.kind
        ))
