"""Groups as addresses: an outbox row goes to an address of a person, so each group robot is a person of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from casework.groups import Group
from storage import tables as t

AREA: Any = t.Area.__table__  # type: ignore[attr-defined]
PERSON: Any = t.Person.__table__  # type: ignore[attr-defined]
ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]

DOOR = select(ADDRESS.c.id, ADDRESS.c.person_id).where(
    ADDRESS.c.channel == bindparam("channel"), ADDRESS.c.external_id == bindparam("name")
)
KNOWN_AREAS = select(AREA.c.id).where(AREA.c.id.in_(bindparam("areas", expanding=True)), AREA.c.ended_at.is_(None))


@dataclass(frozen=True, slots=True)
class GroupDoor:
    """Where a line to a group is written to."""

    address_id: str
    person_id: str


def door(conn: Connection, group: Group) -> GroupDoor | None:
    """The group's address; None before `keep` has made it."""
    row = conn.execute(DOOR, {"channel": group.channel, "name": group.name}).first()
    return GroupDoor(row.id, row.person_id) if row else None


def keep(conn: Connection, groups: Iterable[Group], mint: Callable[[], str], now: datetime) -> None:
    """Every configured group has its address; once is enough."""
    for group in groups:
        if door(conn, group) is not None:
            continue
        person = mint()
        conn.execute(PERSON.insert().values(
            id=person, name=f"群机器人 {group.name}", home={}, created_at=now, language="zh", phone_asked=False))
        conn.execute(ADDRESS.insert().values(
            id=mint(), person_id=person, channel=group.channel, external_id=group.name, seen_at=now))


def unknown_areas(conn: Connection, groups: Iterable[Group]) -> list[str]:
    """The areas that a group is to serve and that this town does not have."""
    named = list(dict.fromkeys(area for group in groups for area in group.areas))
    known = set(conn.execute(KNOWN_AREAS, {"areas": named}).scalars()) if named else set()
    return [area for area in named if area not in known]
