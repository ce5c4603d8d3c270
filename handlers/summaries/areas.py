"""Where a question looks: the place that is named, the speaker's own, or one of several; said kindly where there is none."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from casework import access
from casework.case import AreaId
from casework.effects import Option
from handlers.turn import Turn
from nlp import asked as reading
from nlp.asked import Area, Asked
from storage import overview

OFFERED: Final = 4
GRID: Final = re.compile(r"第\d{1,2}网格")
GRIDS: Final = 8
ESTATE: Final = "estate:"
"""Before the id of an estate, where areas and estates stand together."""


def own(turn: Turn) -> list[AreaId]:
    """The areas of the speaker's desks, the highest first."""
    return sorted(access.staff_areas(turn.person), key=lambda area: (len(turn.town.area(area).path), area))


def names(turn: Turn, areas: Collection[str]) -> str:
    """锦绣社区、平安社区."""
    return "、".join(turn.town.area(area).name for area in areas)


def of_estate(turn: Turn, estate: str, asked: Asked) -> tuple[str | None, str]:
    """The area that is named beside it, the smallest in which all of it lies, else the speaker's own in which a part lies; says no kindly."""
    row = next(row for row in overview.estates(turn.conn) if row.id == estate)
    beside = [area for areas in (asked.areas, *(areas for _, areas in asked.also)) for area in areas if not area.startswith(ESTATE)]
    beside = [area for area in beside if theirs(turn, area) and any(turn.town.within(AreaId(grid), AreaId(area)) for grid in row.grids)]
    depth = max((len(turn.town.area(area).path) for area in beside), default=0)
    beside = [area for area in beside if len(turn.town.area(area).path) == depth]
    if len(beside) == 1:
        return beside[0], estate
    for kind in ("grid", "community", "subdistrict", "city"):
        around = {turn.town.ancestor(grid, kind) for grid in row.grids}
        if len(around) == 1 and (area := around.pop()) and access.may_look(turn.person, area, turn.town.within):
            return area, estate
    mine = own(turn)
    inside = [area for area in mine if any(turn.town.within(AreaId(grid), area) for grid in row.grids)]
    if not inside:
        turn.say("summary.not_yours", area=row.name, own=names(turn, mine))
    return (inside[0] if inside else None), estate


def area_of(turn: Turn, asked: Asked, key: str) -> str | None:
    """The area that is meant, else the speaker's own; several that may be: which?"""
    meant = narrowed(turn, asked)
    around = next((area for area in asked.areas if len(asked.areas) == 1 and theirs(turn, area) and not asked.called.endswith("网格")), "")
    without = next((name for name, areas in asked.also if GRID.fullmatch(name) and (around or not any(theirs(turn, area) for area in areas))), "")
    if GRID.fullmatch(asked.rest) or (meant is None and without):
        _no_grid(turn, asked.rest or without, around, key)
        return None
    if meant is None:
        _one_of(turn, asked, key)
        return None
    if GRID.fullmatch(asked.called) and len(meant) > 1 and not any(theirs(turn, area) for area in meant):
        _no_grid(turn, asked.called, "", key)
        return None
    if not meant and asked.rest:
        _unknown(turn, asked.rest, key)
        return None
    mine = own(turn)
    level = [area for area in mine if turn.town.area(area).kind == turn.town.area(mine[0]).kind]
    found = [area for area in meant if theirs(turn, area)] or meant or level
    if len(found) == 1:
        return found[0]
    _which(turn, found, key, "summary.which_area")
    return None


def _one_of(turn: Turn, asked: Asked, key: str) -> None:
    """Several places: those of them that the speaker may look at, one at a time."""
    every = dict.fromkeys([*asked.areas, *(area for _, areas in asked.also for area in areas)])
    if found := [area for area in every if theirs(turn, area)]:
        _which(turn, found, key, "summary.one_place")
    else:
        turn.say("summary.not_yours", area=named(turn, asked.areas[0]), own=names(turn, own(turn)))


def _no_grid(turn: Turn, words: str, around: str, key: str) -> None:
    """No grid is called so in the area around, or in the speaker's own: those that there are."""
    within = [AreaId(around)] if around and not around.startswith(ESTATE) else own(turn)
    grids = [str(row.id) for row in overview.areas(turn.conn) if row.kind == "grid" and any(turn.town.within(row.id, area) for area in within)]
    _which(turn, grids if len(grids) <= GRIDS else [], key, "summary.no_such_grid", words, names(turn, within))


def _which(turn: Turn, found: Sequence[str], key: str, text: str, words: str = "", where: str = "") -> None:
    """The same question of one of these, by a button."""
    options = [Option("area", {"id": area, "key": key, "text": turn.heard.text[:80]}, named(turn, area)) for area in found[:8]]
    turn.ask(text, question="summary.area", options=options, awaited=False, words=words, where=where)


def theirs(turn: Turn, area: str) -> bool:
    """Whether the speaker may look at an area; an estate may lie in several, and is looked for in theirs."""
    return area.startswith(ESTATE) or access.may_look(turn.person, AreaId(area), turn.town.within)


def narrowed(turn: Turn, asked: Asked) -> list[str] | None:
    """Where one of the named places lies in another, the inner one: 锦绣社区 第1网格. None: they are several."""
    found, estates = list(asked.areas), {f"{ESTATE}{row.id}": row.grids for row in overview.estates(turn.conn)} if asked.also else {}

    def inside(inner: str, outer: str) -> bool:
        grids = estates.get(inner, [inner])
        return inner == outer or (outer not in estates and any(turn.town.within(AreaId(grid), AreaId(outer)) for grid in grids))

    for _, also in asked.also:
        inner = [area for area in also if any(inside(area, outer) for outer in found)]
        found = inner or [area for area in found if any(inside(area, outer) for outer in also)]
        if not found:
            return None
    return found


def named(turn: Turn, area: str) -> str:
    """What an area or estate is called."""
    if area.startswith(ESTATE):
        return overview.estate_name(turn.conn, area.removeprefix(ESTATE))
    return str(turn.town.area(area).name)


def _unknown(turn: Turn, words: str, key: str) -> None:
    """No such place: those with a name like it, of the speaker's own."""
    rows = [row for row in overview.areas(turn.conn) if access.may_look(turn.person, AreaId(row.id), turn.town.within)]
    known = [Area(row.id, (row.name, *(row.aliases or ()))) for row in rows]
    mine = {row.id for row in rows}
    known += [Area(f"{ESTATE}{row.id}", (row.name, *(row.aliases or ()))) for row in overview.estates(turn.conn) if mine.intersection(row.grids)]
    offered = reading.nearest(words, known, OFFERED) or [str(area) for area in own(turn)[:OFFERED]]
    _which(turn, offered, key, "summary.unknown_place", words[:20])
