"""The effects on the desk's tasks and doors into rows, for storage/effects.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from casework import desk_effects as fx
from storage import doors
from storage import tables as t

CLIMB: Any = t.TaskClimb.__table__  # type: ignore[attr-defined]
OUT: Any = t.Outbox.__table__  # type: ignore[attr-defined]

HAS = select(CLIMB.c.id).where(CLIMB.c.task_id == bindparam("task"), CLIMB.c.post_id == bindparam("post"))
FORGET = delete(CLIMB).where(CLIMB.c.task_id == bindparam("task"))
LETTER = select(OUT).where(OUT.c.id == bindparam("row"), OUT.c.state == "dead")
REPLACED = update(OUT).where(OUT.c.id == bindparam("row")).values(state="dropped", why="sent_again")
OWN = ("id", "state", "tries", "retry_at", "failed_at", "sent_at", "ref", "why")  # what the new row does not take over


def write_desk(conn: Connection, effect: fx.DeskEffect, now: datetime) -> None:
    """One effect into its rows."""
    match effect:
        case fx.ClimbTask():
            if conn.execute(HAS, {"task": effect.task_id, "post": effect.post}).first() is None:
                conn.execute(insert(CLIMB).values(task_id=effect.task_id, post_id=effect.post, since=now))
        case fx.SendAgain():
            _send_again(conn, effect, now)
        case fx.OpenDoor():
            doors.add_link(conn, **effect.row)


def came_down(conn: Connection, task_id: str) -> None:
    """The task begins anew with its owner alone."""
    conn.execute(FORGET, {"task": task_id})


def _send_again(conn: Connection, effect: fx.SendAgain, now: datetime) -> None:
    """A row of its own: what becomes of it is told once more. In its place, if it has been sent again meanwhile, nothing."""
    dead = conn.execute(LETTER, {"row": effect.outbox_id}).first()
    if dead is None:
        return
    kept = {name: value for name, value in dead._mapping.items() if name not in OWN}
    kept |= {"address_id": effect.address_id, "channel": effect.channel, "due_at": now, "state": "waiting", "tries": 0}
    conn.execute(insert(OUT).values(**kept))
    conn.execute(REPLACED, {"row": effect.outbox_id})
