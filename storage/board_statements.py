"""The statements of the supervisors' board, built once each: to build them takes longer than to run them.

Periods are read from the roll-ups; what is late, waits or has ended is found by indexes that hold nothing else (storage.tables).
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import bindparam, func, or_, select, text

from casework.access import Scope
from casework.case import WAITING
from storage import overview
from storage import tables as t
from storage.figures import FIGURE
from storage.overview import AREA, IN_HAND, C

MOST: Final = 1000
"""What is late is counted so far and no further: 999+."""
LISTED: Final = 100
"""Late cases that are read, those that were opened first."""
COUNTERS: Final = (
    "filed", "open", "response_of", "response_good", "answers", "solved", "partly", "graded", "satisfied", "mostly", "unanswered",
)  # fmt: skip

ONE_AREA: Final = select(AREA).where(AREA.c.id == bindparam("area"))
PATHS: Final = select(AREA.c.id, AREA.c.path)
_ORDER: Final = (func.length(AREA.c.path), func.length(AREA.c.id), AREA.c.id)
CHILDREN: Final = select(AREA).where(AREA.c.parent_id == bindparam("area"), AREA.c.ended_at.is_(None)).order_by(*_ORDER)
TWO_BELOW: Final = (
    select(AREA)
    .where(
        or_(AREA.c.parent_id == bindparam("area"), AREA.c.parent_id.in_(select(AREA.c.id).where(AREA.c.parent_id == bindparam("area")))),
        AREA.c.ended_at.is_(None),
    )
    .order_by(*_ORDER)
)
_ONE_CATEGORY: Final = or_(bindparam("category") == "", FIGURE.c.category == bindparam("category"))
_ROLLED: Final = (
    FIGURE.c.area_id.in_(bindparam("areas", expanding=True)), FIGURE.c.span == bindparam("span"), FIGURE.c.start >= bindparam("first"),
    FIGURE.c.start <= bindparam("last"), FIGURE.c.struck <= bindparam("struck"), _ONE_CATEGORY,
)  # fmt: skip
_SUMS: Final = [func.sum(FIGURE.c[name]).label(name) for name in COUNTERS]
BY_CATEGORY: Final = select(FIGURE.c.category.label("by"), *_SUMS).where(*_ROLLED).group_by(FIGURE.c.category)
BY_AREA: Final = select(FIGURE.c.area_id.label("by"), *_SUMS).where(*_ROLLED).group_by(FIGURE.c.area_id)
BY_DAY: Final = select(FIGURE.c.start.label("by"), func.sum(FIGURE.c.filed).label("filed")).where(*_ROLLED).group_by(FIGURE.c.start)
STANDS_OPEN: Final = select(func.sum(FIGURE.c.open)).where(
    FIGURE.c.area_id.in_(bindparam("areas", expanding=True)), FIGURE.c.span == "m", FIGURE.c.struck <= bindparam("struck"), _ONE_CATEGORY
)
OF_GRIDS: Final = select(C).where(
    C.c.grid_id.in_(bindparam("areas", expanding=True)), C.c.filed_at >= bindparam("since"), C.c.filed_at < bindparam("until")
)


def _lying(kind: str) -> list[Any]:
    """In the area: `area`, `path`."""
    if kind == "city":
        return []
    if kind in ("community", "grid"):
        return [C.c[f"{kind}_id"] == bindparam("area")]
    path: Any = bindparam("path")
    return [C.c.area_id.in_(select(AREA.c.id).where(func.substr(AREA.c.path, 1, func.length(path)) == path))]


@cache
def spoken_of(kind: str) -> Any:
    """Complaints about somebody, of the days from `since` to `until`."""
    return select(C).where(C.c.accused_level > 0, C.c.filed_at >= bindparam("since"), C.c.filed_at < bindparam("until"), *_lying(kind))


@cache
def open_spoken_of(kind: str) -> Any:
    """The same, those that stand open."""
    return select(C).where(text("accused_level > 0 AND is_open = 1"), *_lying(kind))


Only = tuple[bool, bool]
"""Whether one `category` alone is meant, and whether some are left out (`without`): asked without need they cost the look at each case."""
EVERY: Final[Only] = (False, False)


def _but(kind: str, only: Only) -> list[Any]:
    """In the area, of the category, and none of those that are hidden."""
    category, some_hidden = only
    return [
        *_lying(kind), *([C.c.category == bindparam("category")] if category else []),
        *([C.c.id.not_in(bindparam("without", expanding=True))] if some_hidden else []),
    ]  # fmt: skip


def _late_ones(kind: str, only: Only) -> list[Any]:
    return [text(t.LATE), C.c.state.in_(IN_HAND), *_but(kind, only)]


@cache
def waiting(kind: str, only: Only = EVERY) -> Any:
    """Nobody has acknowledged them yet; counted up to MOST."""
    states = sorted(state.value for state in WAITING)
    some = select(C.c.area_id).where(text(t.UNACKNOWLEDGED), C.c.state.in_(states), *_but(kind, only)).limit(MOST)
    return select(func.count()).select_from(some.subquery())


@cache
def late_in(kind: str, only: Only = EVERY) -> Any:
    """How many are late, by the smallest area known; MOST of them at most."""
    some = select(C.c.area_id).where(*_late_ones(kind, only)).limit(MOST).subquery()
    return select(some.c.area_id, func.count().label("late")).group_by(some.c.area_id)


@lru_cache(256)
def late(kind: str, scope: Scope | None, only: Only = EVERY) -> Any:
    """Those that may be read; the ones that were opened first come first."""
    may = [] if scope is None else [overview.readable(scope)]
    return select(C).where(*_late_ones(kind, only), *may).order_by(C.c.filed_at, C.c.id).limit(LISTED)


@cache
def ended(kind: str, accused: bool, category: bool = False) -> Any:
    """Come to an end since `since`, in whatever way: those that are about somebody as cases, the others counted."""
    lately = [text("ended_at IS NOT NULL"), C.c.ended_at >= bindparam("since"), C.c.ended_at <= bindparam("now"), *_lying(kind)]
    lately += [C.c.category == bindparam("category")] if category else []
    if accused:
        return select(C).where(*lately, C.c.accused_level > 0)
    return select(func.count()).select_from(C).where(*lately, C.c.accused_level == 0)
