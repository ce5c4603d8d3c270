"""What supervisors ask about many cases at once, besides the roll-ups: an area's cases of a stretch, what is late, what rises.

Everything is asked of one area (a row of table area). `without` are the cases that whoever asks is not to hear of: complaints about
somebody, see casework.access.counts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, not_, or_, select, text
from sqlalchemy import case as when

from casework.access import Scope
from casework.accused import LEVELS
from casework.case import WAITING, WORKING, Case, CasePost
from storage import tables as t
from storage.cases import _within
from storage.rows import case_from, part_from

AREA: Any = t.Area.__table__  # type: ignore[attr-defined]
C: Any = t.Case.__table__  # type: ignore[attr-defined]
HOLDING: Any = t.Holding.__table__  # type: ignore[attr-defined]
PART: Any = t.CasePost.__table__  # type: ignore[attr-defined]
PERSON: Any = t.Person.__table__  # type: ignore[attr-defined]
PLACE: Any = t.Place.__table__  # type: ignore[attr-defined]
POST: Any = t.Post.__table__  # type: ignore[attr-defined]
SPOKEN: Any = t.SpokenOf.__table__  # type: ignore[attr-defined]

BELOW = {"city": "subdistrict", "subdistrict": "community", "community": "grid"}
IN_HAND = tuple(sorted(state.value for state in (*WAITING, *WORKING)))
CHUNK = 500
ESTATES = select(PLACE).where(PLACE.c.kind == "estate", PLACE.c.ended_at.is_(None)).order_by(PLACE.c.id)
HIGHEST = max(LEVELS.values())
ABOUT = select(SPOKEN.c.case_id).where(SPOKEN.c.who.in_(bindparam("whom", expanding=True)), SPOKEN.c.cases > 0).order_by(SPOKEN.c.case_id)
MERGED = select(C).where(C.c.merged_into == bindparam("case"), C.c.is_open == 1).order_by(C.c.filed_at, C.c.id)


@dataclass(frozen=True, slots=True)
class Held:
    """An open part of a case, with its post's title and who holds it ("" for nobody)."""

    part: CasePost
    title: str
    holder: str


@dataclass(frozen=True, slots=True)
class Only:
    """Which cases alone are meant; "" for any."""

    category: str = ""
    topic: str = ""
    urgency: str = ""
    channel: str = ""
    origin: str = ""
    estate: str = ""

    def conditions(self) -> list[Any]:
        """As a query says it."""
        columns = {"category": C.c.category, "topic": C.c.topic, "urgency": C.c.urgency, "channel": C.c.channel, "origin": C.c.origin,
                   "estate": C.c.estate_id}  # fmt: skip
        return [column == value for name, column in columns.items() if (value := getattr(self, name))]


ANY = Only()


@dataclass(frozen=True, slots=True)
class Stretch:
    """From then until then (not included), in an area."""

    area: Any
    since: datetime
    until: datetime


# ---- areas -----------------------------------------------------------------------------------------------------------


def areas(conn: Connection) -> list[Any]:
    """All areas there are now, from the city down."""
    return list(conn.execute(select(AREA).where(AREA.c.ended_at.is_(None)).order_by(func.length(AREA.c.path), AREA.c.id)))


def below(conn: Connection, area: Any) -> list[Any]:
    """The areas right below this one."""
    asked = select(AREA).where(AREA.c.parent_id == area.id, AREA.c.ended_at.is_(None)).order_by(func.length(AREA.c.id), AREA.c.id)
    return list(conn.execute(asked))


def estates(conn: Connection) -> list[Any]:
    """The estates there are now, with the grids in which they lie."""
    return list(conn.execute(ESTATES))


def estate_name(conn: Connection, estate: str) -> str:
    """What an estate is called."""
    return str(conn.execute(select(PLACE.c.name).where(PLACE.c.id == estate)).scalar() or "")


def inside(conn: Connection, area: Any, kind: str) -> list[str]:
    """The areas of this kind that lie in the area (itself, if it is one), by id."""
    asked = select(AREA.c.id).where(AREA.c.path.startswith(area.path, autoescape=True), AREA.c.kind == kind, AREA.c.ended_at.is_(None))
    return list(conn.execute(asked.order_by(AREA.c.id)).scalars())


def _lying(area: Any) -> list[Any]:
    """In the area."""
    if area.kind == "city":
        return []
    if area.kind in ("community", "grid"):
        return [C.c[f"{area.kind}_id"] == area.id]
    return [C.c.area_id.in_(select(AREA.c.id).where(AREA.c.path.startswith(area.path, autoescape=True)))]


def _filed(stretch: Stretch) -> list[Any]:
    return [C.c.filed_at >= stretch.since, C.c.filed_at < stretch.until, *_lying(stretch.area)]


# ---- complaints about somebody ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Complaints in an area about somebody of this level or above, or about one of these persons and posts."""

    area: Any
    least: int
    about: frozenset[str]


def spoken_of(conn: Connection, since: datetime, until: datetime, among: Doubtful | None = None) -> list[Case]:
    """Every complaint about somebody filed from then until then (`among` these), whoever may know of it: to be left out of what others
    hear."""
    return _among(conn, [C.c.accused_level > 0, C.c.filed_at >= since, C.c.filed_at < until], among)


def ever_spoken_of(conn: Connection, among: Doubtful) -> list[Case]:
    """The same, whenever they were filed."""
    return _among(conn, [C.c.accused_level > 0], among)


def open_spoken_of(conn: Connection, among: Doubtful | None = None) -> list[Case]:
    """The same, those that are open now."""
    return _among(conn, [text("accused_level > 0 AND is_open = 1")], among)


def _among(conn: Connection, which: Sequence[Any], among: Doubtful | None) -> list[Case]:
    """Of these complaints those that are meant: by their level, and those that speak of a reader by whom, not by looking through all."""
    if among is None:
        return [case_from(row) for row in conn.execute(select(C).where(*which))]
    found: list[Case] = []
    there = select(AREA.c.id).where(AREA.c.path.startswith(among.area.path, autoescape=True))
    lying = [] if among.area.kind == "city" else [C.c.area_id.in_(there)]  # by area there is an index of them
    if among.least <= HIGHEST:
        found += [case_from(row) for row in conn.execute(select(C).where(C.c.accused_level >= among.least, *which, *lying))]
    about = list(conn.execute(ABOUT, {"whom": sorted(among.about)}).scalars())
    for at in range(0, len(about), CHUNK):
        mine = select(C).where(C.c.id.in_(about[at : at + CHUNK]), C.c.accused_level < among.least, *which, *lying)
        found += [case_from(row) for row in conn.execute(mine)]
    return found


def _but(without: Collection[str]) -> list[Any]:
    return [C.c.id.not_in(list(without))] if without else []


# ---- cases ---------------------------------------------------------------------------------------------------------------


def readable(scope: Scope) -> Any:
    """The condition for what a desk may read: of a whole city only emergencies and what has come to it."""
    own = _within(scope)
    return or_(own, and_(C.c.urgency == "emergency", C.c.accused_level < 4)) if scope.city else own


def filed(
    conn: Connection, stretch: Stretch, scope: Scope, without: Collection[str], only: Only = ANY, page: tuple[int, int] = (0, 6)
) -> list[Case]:
    """Cases of the stretch that the scope may read, the newest first: so many from that place on."""
    offset, limit = page
    asked = select(C).where(*_filed(stretch), *_but(without), readable(scope), C.c.struck_out.is_(False), *only.conditions())
    rows = conn.execute(asked.order_by(C.c.filed_at.desc(), C.c.id.desc()).offset(offset).limit(limit))
    return [case_from(row) for row in rows]


def to_count(conn: Connection, stretch: Stretch, only: Only = ANY) -> list[Case]:
    """All cases of a stretch, or those that are meant, whoever may read them: to be counted where the roll-ups do not tell them apart,
    as the days of a grid, a topic or an estate."""
    return [case_from(row) for row in conn.execute(select(C).where(*_filed(stretch), *only.conditions()))]


def by_area(
    conn: Connection, stretch: Stretch, below: Sequence[Any], without: Collection[str], only: Only = ANY
) -> dict[str, tuple[int, int]]:
    """(filed, still open) of each of the areas right below, counted from the cases: a crossing that the roll-ups do not have."""
    kind = below[0].kind if below else "grid"
    by = C.c.grid_id if kind == "grid" else C.c.community_id if kind == "community" else C.c.area_id
    rows = _counted(conn, by, stretch, without, only)
    if kind != "subdistrict":
        return {area.id: rows.get(area.id, (0, 0)) for area in below}
    paths = {row.id: row.path for row in conn.execute(select(AREA.c.id, AREA.c.path))}
    found = {area.id: (0, 0) for area in below}
    for by_id, (filed_, open_) in rows.items():
        for area in below:
            if f"/{area.id}/" in paths.get(by_id, ""):
                found[area.id] = (found[area.id][0] + filed_, found[area.id][1] + open_)
    return found


def topics(conn: Connection, stretch: Stretch, without: Collection[str], only: Only = ANY) -> dict[str, int]:
    """How many cases of each topic were filed."""
    found = crossed(conn, stretch, "topic", without, only)
    return {str(topic): count for topic, count in found.items() if topic is not None}


def crossed(conn: Connection, stretch: Stretch, by: str, without: Collection[str], only: Only = ANY) -> dict[str | None, int]:
    """How many cases were filed, by a column of the cases (topic, estate_id, urgency …), of those that are meant: crossings that are asked for too rarely to be kept in the roll-ups."""
    asked = select(C.c[by].label("by"), func.count().label("filed")).where(*_filed(stretch), *_but(without), C.c.struck_out.is_(False))
    asked = asked.where(*only.conditions())
    return {row.by: int(row.filed) for row in conn.execute(asked.group_by(C.c[by]))}


def by_estate(conn: Connection, stretch: Stretch, without: Collection[str], only: Only = ANY) -> dict[str | None, tuple[int, int]]:
    """(filed, still open) of each estate; None: of those that name none."""
    return _counted(conn, C.c.estate_id, stretch, without, only)


def _counted(conn: Connection, by: Any, stretch: Stretch, without: Collection[str], only: Only) -> dict[Any, tuple[int, int]]:
    """(filed, still open) by a column, without the struck-out."""
    asked = select(by.label("by"), func.count().label("filed"), func.sum(C.c.is_open).label("open"))
    asked = asked.where(*_filed(stretch), *_but(without), C.c.struck_out.is_(False), *only.conditions()).group_by(by)
    return {row.by: (int(row.filed), int(row.open or 0)) for row in conn.execute(asked)}


def merged(conn: Connection, case_id: str) -> list[Case]:
    """Open cases that were merged into this one, whoever asks: what is done about it is done about them."""
    return [case_from(row) for row in conn.execute(MERGED, {"case": case_id})]


# ---- late ----------------------------------------------------------------------------------------------------------------


def late(conn: Connection, area: Any, without: Collection[str], limit: int | None = 400, only: Only = ANY) -> list[Case]:
    """Open cases of the area of which a limit has been missed, whoever may read them; those that were opened first come first."""
    asked = select(C).where(text(t.LATE), C.c.state.in_(IN_HAND), *_lying(area), *_but(without), *only.conditions())
    return [case_from(row) for row in conn.execute(asked.order_by(C.c.filed_at, C.c.id).limit(limit))]


def count_late(conn: Connection, area: Any, without: Collection[str], only: Only = ANY) -> int:
    """How many they are."""
    asked = select(func.count()).select_from(C).where(text(t.LATE), C.c.state.in_(IN_HAND), *_lying(area), *_but(without))
    asked = asked.where(*only.conditions())
    return int(conn.execute(asked).scalar_one())


def held_by(conn: Connection, posts: Collection[str]) -> dict[str, list[CasePost]]:
    """The open parts of these posts, by case: what it takes to say which of many cases somebody may read."""
    found: dict[str, list[CasePost]] = {}
    for row in conn.execute(select(PART).where(PART.c.post_id.in_(list(posts)), PART.c.until.is_(None))):
        found.setdefault(row.case_id, []).append(part_from(row))
    return found


def parts_of(conn: Connection, ids: Sequence[str]) -> dict[str, list[Held]]:
    """The open parts of these cases."""
    found: dict[str, list[Held]] = {}
    for at in range(0, len(ids), CHUNK):
        asked = (
            select(PART, POST.c.title, PERSON.c.name)
            .join(POST, POST.c.id == PART.c.post_id)
            .outerjoin(HOLDING, (HOLDING.c.post_id == POST.c.id) & HOLDING.c.until.is_(None))
            .outerjoin(PERSON, PERSON.c.id == HOLDING.c.person_id)
            .where(PART.c.case_id.in_(ids[at : at + CHUNK]), PART.c.until.is_(None))
            .order_by(PART.c.id)
        )
        for row in conn.execute(asked):
            found.setdefault(row.case_id, []).append(Held(part_from(row), row.title, row.name or ""))
    return found


# ---- rising, and who answers ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recent:
    """How many cases of a topic there were in a grid: in the later part of a stretch, and before."""

    grid: str | None
    community: str | None
    topic: str
    now: int
    before: int


def recent(conn: Connection, stretch: Stretch, middle: datetime, without: Collection[str]) -> list[Recent]:
    """Cases of the stretch by grid and topic, before and since `middle`."""
    now = func.sum(when((C.c.filed_at >= middle, 1), else_=0))
    asked = select(C.c.grid_id, C.c.community_id, C.c.topic, now.label("now"), func.count().label("whole"))
    asked = asked.where(*_filed(stretch), *_but(without), not_(C.c.struck_out)).group_by(C.c.grid_id, C.c.community_id, C.c.topic)
    return [Recent(r.grid_id, r.community_id, r.topic or "", int(r.now), int(r.whole) - int(r.now)) for r in conn.execute(asked)]


def answered(conn: Connection, stretch: Stretch, without: Collection[str]) -> list[Case]:
    """Cases of the stretch that somebody has acknowledged, whoever may read them: to be counted by who it was."""
    asked = select(C).where(*_filed(stretch), *_but(without), C.c.acknowledged_by.is_not(None), not_(C.c.struck_out))
    return [case_from(row) for row in conn.execute(asked)]
