"""Notices to the residents of a building or grid: whom one is for, and how far it has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from casework.case import AreaId, Case, PersonId, PostId
from storage import tables as t
from storage.rows import case_from

ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]
C: Any = t.Case.__table__  # type: ignore[attr-defined]
NOTICE: Any = t.Notice.__table__  # type: ignore[attr-defined]
OUT: Any = t.Outbox.__table__  # type: ignore[attr-defined]
PERSON: Any = t.Person.__table__  # type: ignore[attr-defined]
PLACE: Any = t.Place.__table__  # type: ignore[attr-defined]
TO: Any = t.NoticeTo.__table__  # type: ignore[attr-defined]

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Target:
    """A building or a grid. `grids`: in which it lies; `buildings`: of which it consists."""

    id: str
    grid: AreaId | None
    grids: tuple[AreaId, ...]
    buildings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice as it stands."""

    id: str
    by: PersonId
    post: PostId
    where: str
    words: str
    state: str


def building(conn: Connection, place_id: str) -> Target | None:
    """A building as whom a notice may be for."""
    row = conn.execute(select(PLACE).where(PLACE.c.id == place_id, PLACE.c.kind == "building")).first()
    return Target(row.id, None, tuple(AreaId(grid) for grid in row.grids), (row.id,)) if row is not None else None


def grid(conn: Connection, area_id: str) -> Target:
    """A grid with its buildings."""
    rows = conn.execute(select(PLACE.c.id, PLACE.c.grids).where(PLACE.c.kind == "building", PLACE.c.ended_at.is_(None)))
    found = tuple(sorted(row.id for row in rows if area_id in row.grids))
    return Target(area_id, AreaId(area_id), (AreaId(area_id),), found)


def complaints(conn: Connection, target: Target, since: datetime) -> list[Case]:
    """The complaints about somebody that would make a reader of whoever filed them, whoever may know of them."""
    return [case_from(row) for row in conn.execute(select(C).where(*_told_there(target, since), C.c.accused_level > 0))]


def residents(conn: Connection, target: Target, since: datetime, but: str, without: Collection[str] = ()) -> list[PersonId]:
    """Who has an open or recent case of their own there, or a home there that Jiesu was told; not whoever asks. `without`: cases of
    which whoever asks is to hear nothing, not even by the count."""
    told = [*_told_there(target, since), *([C.c.id.not_in(list(without))] if without else [])]
    home = PERSON.c.home["building_id"].as_string().in_(target.buildings)
    found = select(PERSON.c.id).where(or_(home, PERSON.c.id.in_(select(C.c.resident_id).where(*told))), PERSON.c.merged_into.is_(None), PERSON.c.id != but)
    return [PersonId(id_) for id_ in conn.execute(found.order_by(PERSON.c.id)).scalars()]


def _told_there(target: Target, since: datetime) -> list[Any]:
    there = C.c.building_id.in_(target.buildings)
    there = or_(there, C.c.grid_id == target.grid) if target.grid is not None else there
    return [there, or_(C.c.is_open == 1, C.c.filed_at >= since), C.c.behalf.is_(False)]


def reachable(conn: Connection, people: Sequence[str]) -> frozenset[str]:
    """Those of these people whom a message reaches: with an address of their own that is not blocked."""
    found: set[str] = set()
    for at in range(0, len(people), CHUNK):
        some = ADDRESS.c.person_id.in_(people[at : at + CHUNK])
        asked = select(ADDRESS.c.person_id).where(some, ADDRESS.c.blocked_at.is_(None), ADDRESS.c.group_id.is_(None))
        found.update(conn.execute(asked).scalars())
    return frozenset(found)


def by_id(conn: Connection, notice_id: str) -> Notice | None:
    """The notice, running or over."""
    row = conn.execute(select(NOTICE).where(NOTICE.c.id == notice_id)).first()
    return _notice(row) if row is not None else None


def going_out(conn: Connection, notice_id: str) -> bool:
    """Whether somebody is still to get it."""
    row = conn.execute(select(NOTICE).where(NOTICE.c.id == notice_id)).one()
    return row.state == "running" or conn.execute(select(OUT.c.id).where(waiting(row)).limit(1)).first() is not None


def last_of(conn: Connection, person_id: str, many: int = 5) -> list[Notice]:
    """The person's last notices, the newest first."""
    asked = select(NOTICE).where(NOTICE.c.person_id == person_id).order_by(NOTICE.c.made_at.desc()).limit(many)
    return [_notice(row) for row in conn.execute(asked)]


def waiting(notice: Any) -> Any:
    """The condition for messages of a notice (a row) that have not gone out: the night holds them."""
    everybody = select(TO.c.person_id).where(TO.c.notice_id == notice.id)
    unsent = (OUT.c.state == "waiting") & (OUT.c.key == "notice.told") & OUT.c.person_id.in_(everybody)
    return unsent & (OUT.c.made_at >= notice.made_at) & OUT.c.text.contains(notice.words, autoescape=True)


def _notice(row: Any) -> Notice:
    return Notice(row.id, row.person_id, row.post_id, row.where_id, row.words, row.state)


def next_of(conn: Connection, notice_id: str, many: int) -> Sequence[PersonId]:
    """The next people who are to be told."""
    asked = select(TO.c.person_id).where(TO.c.notice_id == notice_id, TO.c.outcome == "").order_by(TO.c.person_id).limit(many)
    return list(conn.execute(asked).scalars())


def counts(conn: Connection, notice_id: str) -> Counter[str]:
    """How many were sent it, could not be reached, or are still to be told ("")."""
    asked = select(TO.c.outcome, func.count().label("people")).where(TO.c.notice_id == notice_id).group_by(TO.c.outcome)
    return Counter({row.outcome: int(row.people) for row in conn.execute(asked)})
