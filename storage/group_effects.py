"""Writes what a turn learnt of a group: all addresses of people heard there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update

from casework.group_effects import GroupEffect, MarkGroup
from storage import tables as t

ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]


def write_group(conn: Connection, effect: GroupEffect) -> None:
    here = ADDRESS.c.group_id == effect.group_id
    if isinstance(effect, MarkGroup):
        conn.execute(update(ADDRESS).where(here).values(blocked_at=effect.at if effect.blocked else None))
        return
    for row in conn.execute(select(ADDRESS).where(here)).all():
        moved = effect.new_id + row.external_id.removeprefix(effect.group_id)
        known = select(ADDRESS.c.id).where(ADDRESS.c.channel == row.channel, ADDRESS.c.external_id == moved)
        if conn.execute(known).first() is None:  # else they have spoken there already
            conn.execute(update(ADDRESS).where(ADDRESS.c.id == row.id).values(external_id=moved, group_id=effect.new_id))
