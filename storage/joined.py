"""Who of the staff has come in and who has not: what the page, the chat and the printed cards ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, String, and_, bindparam, func, select

from storage import tables as t

AREA: Any = t.Area.__table__  # type: ignore[attr-defined]
PERSON: Any = t.Person.__table__  # type: ignore[attr-defined]
ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]
POST: Any = t.Post.__table__  # type: ignore[attr-defined]
HOLDING: Any = t.Holding.__table__  # type: ignore[attr-defined]
PLACE: Any = t.Place.__table__  # type: ignore[attr-defined]
ESTATE = PLACE.alias("estate")

SILENT_AFTER = timedelta(days=7)

AREAS = select(AREA.c.id, AREA.c.kind, AREA.c.name, AREA.c.path, AREA.c.aliases).where(AREA.c.ended_at.is_(None))
_PATH = bindparam("path", type_=String)
_HELD = and_(HOLDING.c.until.is_(None), POST.c.ended_at.is_(None))
_INSIDE = (  # who holds a post there; compared by its length, for an id may hold a sign that LIKE takes for any
    select(HOLDING.c.person_id)
    .join(POST, POST.c.id == HOLDING.c.post_id)
    .join(AREA, AREA.c.id == POST.c.area_id)
    .where(_HELD, func.substr(AREA.c.path, 1, func.length(_PATH)) == _PATH)
)
MEMBERS = (
    select(
        PERSON.c.id.label("person_id"), PERSON.c.org_id, PERSON.c.name, POST.c.id.label("post_id"), POST.c.title, POST.c.role,
        AREA.c.id.label("area_id"), AREA.c.name.label("area"), AREA.c.path, PLACE.c.name.label("place"),
        ESTATE.c.name.label("estate"), ADDRESS.c.id.label("address_id"), ADDRESS.c.seen_at, ADDRESS.c.blocked_at,
    )
    .select_from(
        HOLDING.join(PERSON, PERSON.c.id == HOLDING.c.person_id)
        .join(POST, POST.c.id == HOLDING.c.post_id)
        .join(AREA, AREA.c.id == POST.c.area_id)
        .outerjoin(PLACE, PLACE.c.id == POST.c.place_id)
        .outerjoin(ESTATE, ESTATE.c.id == PLACE.c.parent_id)
        .outerjoin(ADDRESS, and_(ADDRESS.c.person_id == HOLDING.c.person_id, ADDRESS.c.group_id.is_(None)))
    )
    .where(HOLDING.c.person_id.in_(_INSIDE), _HELD)
    .order_by(HOLDING.c.id)
)  # fmt: skip

DOORS = (  # the same people, only what they are counted by
    select(HOLDING.c.person_id, ADDRESS.c.seen_at, ADDRESS.c.blocked_at)
    .select_from(
        HOLDING.join(POST, POST.c.id == HOLDING.c.post_id)
        .join(AREA, AREA.c.id == POST.c.area_id)
        .outerjoin(ADDRESS, and_(ADDRESS.c.person_id == HOLDING.c.person_id, ADDRESS.c.group_id.is_(None)))
    )
    .where(_HELD, func.substr(AREA.c.path, 1, func.length(_PATH)) == _PATH)
)


class Standing(StrEnum):
    """How far somebody of the staff has come."""

    OUT = "out"  # has never come in
    BLOCKED = "blocked"  # came in, and has shut every door since
    SILENT = "silent"  # came in, not a word for seven days
    IN = "in"


@dataclass(frozen=True, slots=True)
class AreaOf:
    """An area as staff are sorted by it. `path` = /city/…/area/."""

    id: str
    kind: str
    name: str
    path: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A post that somebody holds now, and where it lies: `area`, and more closely `place` (锦绣苑3号楼), if it has one."""

    id: str
    title: str
    role: str
    area_id: str
    area: str
    path: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the staff with all their posts, also those that lie elsewhere."""

    person_id: str
    org_id: str | None
    name: str
    posts: tuple[Held, ...]
    standing: Standing

    def posts_in(self, path: str) -> tuple[Held, ...]:
        """The posts that lie in the area of this path."""
        return tuple(post for post in self.posts if post.path.startswith(path))


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are, and how many of them have come in; `blocked` and `silent` are among these."""

    total: int = 0
    joined: int = 0
    blocked: int = 0
    silent: int = 0

    @property
    def missing(self) -> int:
        return self.total - self.joined


def standing(used: Iterable[tuple[datetime | None, datetime | None]], now: datetime) -> Standing:
    """How far somebody with these addresses (last seen at, blocked at) has come: the one definition of "bound".

    Come in is who has used an address at least once. One that was never used is a door that nobody went through: the
    demonstration gives a page to everybody. An address that a colleague took over has gone to the colleague.
    """
    seen = [(at, blocked) for at, blocked in used if at is not None]
    if not seen:
        return Standing.OUT
    open_since = [at for at, blocked in seen if blocked is None]
    if not open_since:
        return Standing.BLOCKED
    return Standing.SILENT if now - max(open_since) > SILENT_AFTER else Standing.IN


def areas(conn: Connection) -> dict[str, AreaOf]:
    """Every area that there is now, the city first, then each followed by what lies in it."""
    found = [AreaOf(r.id, r.kind, r.name, r.path, tuple(r.aliases or ())) for r in conn.execute(AREAS)]
    return {area.id: area for area in sorted(found, key=lambda area: in_order(area.path))}


def members(conn: Connection, path: str, now: datetime) -> list[Member]:
    """Whoever holds a post in the area of this path, once each, as the posts were given out."""
    told: dict[str, Any] = {}
    posts: dict[str, dict[str, Held]] = {}
    doors: dict[str, dict[str, tuple[datetime | None, datetime | None]]] = {}
    for r in conn.execute(MEMBERS, {"path": path}):
        told.setdefault(r.person_id, r)
        held = Held(r.post_id, r.title, r.role, r.area_id, r.area, r.path, f"{r.estate or ''}{r.place or ''}")
        posts.setdefault(r.person_id, {}).setdefault(r.post_id, held)
        if r.address_id is not None:
            doors.setdefault(r.person_id, {})[r.address_id] = (r.seen_at, r.blocked_at)
    return [
        Member(person, r.org_id, r.name, tuple(posts[person].values()), standing(doors.get(person, {}).values(), now))
        for person, r in told.items()
    ]


def count(found: Sequence[Member]) -> Count:
    """Counted by how far they have come."""
    return _counted(Counter(member.standing for member in found))


def counted(conn: Connection, path: str, now: datetime) -> Count:
    """The figures of an area alone, without names: a sixth of the work, for a turn."""
    doors: dict[str, list[tuple[datetime | None, datetime | None]]] = {}
    for person, seen_at, blocked_at in conn.execute(DOORS, {"path": path}):
        doors.setdefault(person, []).append((seen_at, blocked_at))
    return _counted(Counter(standing(each, now) for each in doors.values()))


def _counted(of: Counter[Standing]) -> Count:
    return Count(of.total(), of.total() - of[Standing.OUT], of[Standing.BLOCKED], of[Standing.SILENT])


def in_order(path: str) -> tuple[tuple[int, str], ...]:
    """Sorts areas as people count them: the tenth grid after the ninth."""
    return tuple((len(part), part) for part in path.strip("/").split("/"))
