"""What a report is made from besides the roll-ups: areas, cases, who has them, what residents said; and the figures of made reports.

Queries that return cases take the Scope of the desk that the report is for; what it may really read of each is access.py's to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select

from casework.access import DESKS, Scope
from casework.case import Case, CasePost, Post
from storage import tables as t
from storage.rows import case_from, part_from, post_from
from storage.town import POSTS

AREA: Any = t.Area.__table__  # type: ignore[attr-defined]
ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]
C: Any = t.Case.__table__  # type: ignore[attr-defined]
E: Any = t.Event.__table__  # type: ignore[attr-defined]
HOLDING: Any = t.Holding.__table__  # type: ignore[attr-defined]
PACK: Any = t.Pack.__table__  # type: ignore[attr-defined]
PART: Any = t.CasePost.__table__  # type: ignore[attr-defined]
PERSON: Any = t.Person.__table__  # type: ignore[attr-defined]
PLACE: Any = t.Place.__table__  # type: ignore[attr-defined]
POST: Any = t.Post.__table__  # type: ignore[attr-defined]
R: Any = t.Remark.__table__  # type: ignore[attr-defined]

CHUNK = 500
_DESKS = tuple(role.value for role in DESKS)
BELOW = {"city": "subdistrict", "subdistrict": "community", "community": "grid"}


@dataclass(frozen=True, slots=True)
class Held:
    """An open part of a case, with its post's title and who holds it ("" for nobody)."""

    part: CasePost
    title: str
    holder: str


@dataclass(frozen=True, slots=True)
class Kept:
    """The figures of a made report, as they were then."""

    first: date
    last: date
    as_of: datetime
    figures: dict[str, int]


# ---- areas and desks -----------------------------------------------------------------------------------------------


def areas_named(conn: Connection, words: str) -> list[Any]:
    """Areas with this id, else with this name or alias."""
    exact = conn.execute(select(AREA).where(AREA.c.id == words)).all()
    if exact:
        return list(exact)
    rows = conn.execute(select(AREA).where(AREA.c.ended_at.is_(None))).all()
    found = [row for row in rows if words == row.name or words in (row.aliases or ())]
    return [row for row in found if row.kind != "grid"] or found


def area(conn: Connection, area_id: str) -> Any:
    """The area's row."""
    return conn.execute(select(AREA).where(AREA.c.id == area_id)).one()


def city(conn: Connection) -> str:
    """The city's id."""
    return str(conn.execute(select(AREA.c.id).where(AREA.c.kind == "city", AREA.c.ended_at.is_(None))).scalar_one())


def below(conn: Connection, row: Any, kind: str | None = None) -> list[Any]:
    """The areas of the next level (or of this kind) that lie in the area, ended ones too: cases of the past lie there."""
    inside = AREA.c.path.startswith(row.path, autoescape=True)
    return list(conn.execute(select(AREA).where(inside, AREA.c.kind == (kind or BELOW[row.kind])).order_by(AREA.c.id)))


def paths(conn: Connection) -> dict[str, str]:
    """Every area's path."""
    return {row.id: row.path for row in conn.execute(select(AREA.c.id, AREA.c.path))}


def names(conn: Connection) -> dict[str, str]:
    """Every area's name."""
    return {row.id: row.name for row in conn.execute(select(AREA.c.id, AREA.c.name))}


def desk_posts(conn: Connection, area_id: str) -> tuple[Post, ...]:
    """The desks of an area, held or not, each once."""
    found = map(post_from, conn.execute(POSTS.where(POST.c.area_id == area_id, POST.c.role.in_(_DESKS))))
    return tuple({post.id: post for post in found}.values())


def desk_holders(conn: Connection, area_id: str) -> list[str]:
    """Who sits at the desks of an area now."""
    asked = select(HOLDING.c.person_id).join(POST, POST.c.id == HOLDING.c.post_id)
    asked = asked.where(POST.c.area_id == area_id, POST.c.role.in_(_DESKS), HOLDING.c.until.is_(None)).order_by(HOLDING.c.person_id)
    return list(dict.fromkeys(conn.execute(asked).scalars()))


def desks_with_chat(conn: Connection) -> list[tuple[str, str]]:
    """(area, person) of everybody at a desk who has used a chat and can still be written to, area after area."""
    used = select(ADDRESS.c.person_id).where(ADDRESS.c.seen_at.is_not(None), ADDRESS.c.blocked_at.is_(None))
    asked = (
        select(POST.c.area_id, HOLDING.c.person_id)
        .join(HOLDING, (HOLDING.c.post_id == POST.c.id) & HOLDING.c.until.is_(None))
        .join(AREA, AREA.c.id == POST.c.area_id)
        .where(POST.c.role.in_(_DESKS), POST.c.ended_at.is_(None), AREA.c.ended_at.is_(None), HOLDING.c.person_id.in_(used))
        .order_by(POST.c.area_id, HOLDING.c.person_id)
    )
    return list(dict.fromkeys((row.area_id, row.person_id) for row in conn.execute(asked)))


# ---- cases -----------------------------------------------------------------------------------------------------------


def filed(conn: Connection, row: Any, scope: Scope, since: datetime, until: datetime) -> Iterator[Case]:
    """Cases of the area filed from then to then that the scope may be able to read, in the order of their filing."""
    yield from map(case_from, conn.execute(filed_between(row, scope, since, until).execution_options(yield_per=CHUNK)))


def filed_between(row: Any, scope: Scope, since: datetime, until: datetime) -> Any:
    """The query behind `filed`: of a community it reads by index only what it gives."""
    between = select(C).where(C.c.filed_at >= since, C.c.filed_at < until, *_lying(row), _readable(scope))
    return between.order_by(C.c.filed_at, C.c.id)


def still_open(conn: Connection, row: Any, until: datetime) -> Iterator[Case]:
    """All open cases of the area filed before then, whoever may read them: they are counted, and sorted out by the caller."""
    asked = select(C).where(C.c.is_open == 1, C.c.filed_at < until, *_lying(row))
    yield from map(case_from, conn.execute(asked.execution_options(yield_per=CHUNK)))


def _lying(row: Any) -> list[Any]:
    """In the area."""
    if row.kind == "city":
        return []
    if row.kind == "community":
        return [C.c.community_id == row.id]
    return [C.c.area_id.in_(select(AREA.c.id).where(AREA.c.path.startswith(row.path, autoescape=True)))]


def _readable(scope: Scope) -> Any:
    """What a desk may be able to read at all: of a whole city only what has come to it."""
    held = select(PART.c.case_id).where(PART.c.post_id.in_(list(scope.posts)), PART.c.until.is_(None))
    own: list[Any] = [C.c.id.in_(held)]
    if scope.city:
        own.append(C.c.urgency == "emergency")
    if scope.communities:
        own.append(C.c.community_id.in_(list(scope.communities)))
    for subdistrict in scope.subdistricts:
        own.append(C.c.area_id.in_(select(AREA.c.id).where(AREA.c.path.like(f"%/{subdistrict}/%"))))
    return or_(*own)


def by_estate(
    conn: Connection, row: Any, since: datetime, until: datetime, without: Collection[str]
) -> list[tuple[str | None, int, int]]:
    """(estate or None, cases, those open) of the cases of the area filed from then to then, struck-out ones and `without` left out."""
    asked = select(C.c.estate_id, func.count().label("filed"), func.sum(C.c.is_open).label("open"))
    asked = asked.where(*_counted(row, since, until, without)).group_by(C.c.estate_id)
    return [(found.estate_id, int(found.filed), int(found.open or 0)) for found in conn.execute(asked)]


def by_kind(conn: Connection, row: Any, since: datetime, until: datetime, without: Collection[str]) -> dict[tuple[str, str], int]:
    """The same by (category, topic or ""): of days that are no whole months, which the roll-ups do not know."""
    asked = select(C.c.category, C.c.topic, func.count().label("filed"))
    asked = asked.where(*_counted(row, since, until, without)).group_by(C.c.category, C.c.topic)
    return {(found.category, found.topic or ""): int(found.filed) for found in conn.execute(asked)}


def _counted(row: Any, since: datetime, until: datetime, without: Collection[str]) -> list[Any]:
    but = [C.c.id.not_in(list(without))] if without else []
    return [C.c.filed_at >= since, C.c.filed_at < until, *_lying(row), C.c.struck_out.is_(False), *but]


def named(conn: Connection, places: Iterable[str]) -> dict[str, str]:
    """What places are called."""
    found: dict[str, str] = {}
    for ids in _chunks(sorted(places)):
        found |= {row.id: row.name for row in conn.execute(select(PLACE.c.id, PLACE.c.name).where(PLACE.c.id.in_(ids)))}
    return found


def parts_of(conn: Connection, cases: Sequence[Case]) -> dict[str, list[Held]]:
    """The open parts of these cases."""
    found: dict[str, list[Held]] = {}
    for ids in _chunks([case.id for case in cases]):
        asked = (
            select(PART, POST.c.title, PERSON.c.name)
            .join(POST, POST.c.id == PART.c.post_id)
            .outerjoin(HOLDING, (HOLDING.c.post_id == POST.c.id) & HOLDING.c.until.is_(None))
            .outerjoin(PERSON, PERSON.c.id == HOLDING.c.person_id)
            .where(PART.c.case_id.in_(ids), PART.c.until.is_(None))
            .order_by(PART.c.id)
        )
        for row in conn.execute(asked):
            found.setdefault(row.case_id, []).append(Held(part_from(row), row.title, row.name or ""))
    return found


def place_names(conn: Connection, cases: Iterable[Case]) -> dict[str, str]:
    """The names of the places of these cases."""
    return named(conn, {id_ for case in cases for id_ in (case.spot.estate_id, case.spot.building_id, case.spot.place_id) if id_})


def residents_words(conn: Connection, cases: Sequence[Case]) -> list[tuple[str, str, str, str | None]]:
    """(case, kind of event, words, the answer that they were if they changed it) of what the residents themselves said about these
    cases, oldest first."""
    found: list[tuple[str, str, str, str | None]] = []
    for ids in _chunks([case.id for case in cases]):
        asked = (
            select(R.c.case_id, E.c.kind, R.c.text, E.c.changes)
            .join(E, E.c.remark_id == R.c.id)
            .where(R.c.case_id.in_(ids), R.c.internal.is_(False), E.c.who == "resident")
            .order_by(R.c.at)
        )
        found += [(row.case_id, row.kind, row.text, (row.changes or {}).get("answer")) for row in conn.execute(asked)]
    return found


def staff_names(conn: Connection) -> frozenset[str]:
    """The names of all staff, those who have left too."""
    found = conn.execute(select(PERSON.c.name).where(PERSON.c.org_id.is_not(None))).scalars()
    return frozenset(name for name in found if name and len(name) > 1)


def residents_names(conn: Connection, cases: Sequence[Case]) -> frozenset[str]:
    """The names of the residents of these cases."""
    found: set[str] = set()
    for ids in _chunks([case.resident_id for case in cases]):
        found |= set(conn.execute(select(PERSON.c.name).where(PERSON.c.id.in_(ids))).scalars())
    return frozenset(name for name in found if name and len(name) > 1)


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(ids), CHUNK):
        yield ids[at : at + CHUNK]


# ---- made reports ------------------------------------------------------------------------------------------------------


def keep(conn: Connection, area_id: str, kept: Kept) -> None:
    """The figures of a report that has just been made."""
    values = {"area_id": area_id, "first": kept.first, "last": kept.last, "as_of": kept.as_of, "figures": kept.figures}
    conn.execute(PACK.insert().values(**values))


def kept_since(conn: Connection, area_id: str, since: date, before: datetime) -> list[Kept]:
    """The reports of an area made before then about stretches that begin since that day: the last made of each stretch."""
    asked = (
        select(PACK)
        .where(PACK.c.area_id == area_id, PACK.c.first >= since, PACK.c.as_of < before)
        .order_by(PACK.c.first, PACK.c.last, PACK.c.as_of)
    )
    last = {(row.first, row.last): row for row in conn.execute(asked)}
    return [Kept(row.first, row.last, row.as_of, dict(row.figures)) for row in last.values()]
