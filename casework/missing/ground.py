"""Places that lead to no grid, names that lead to two, specialists whom nobody named, and dates that run out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from casework.case import AreaId, Role
from casework.missing.picture import Finding, Ground, Picture, What

TRADES: Final = ("heating", "water_power_gas", "property_service")  # what hardly anybody can mend without its company
NOVEMBER: Final = 11  # the arrangement of the next year is published about then
SOON: Final = timedelta(days=30)


def places(picture: Picture) -> Iterator[Finding]:
    """Buildings in no grid (or only in ended ones), estates without a building."""
    estates = {place.parent for place in picture.places.values() if place.kind == "building"}
    for place in picture.places.values():
        grids = picture.grids_of(place)
        if place.kind == "building" and not grids:
            estate = picture.places.get(place.parent or "")
            area = picture.common(picture.grids_of(estate) if estate else ())
            yield Finding(What.NO_GRID, area, {"place": place.id, "name": picture.full_name(place)})
        elif place.kind == "estate" and place.id not in estates:
            yield Finding(What.NO_BUILDINGS, picture.common(grids), {"place": place.id, "name": place.name})


def two_ways(picture: Picture, shared: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Finding]:
    """`shared`: words, and the ids of all places and areas that they name. A place that bears the name of the very area it
    lies in leads nobody astray."""
    for words, ids in shared:
        named = [i for i in ids if i in picture.places or i in picture.areas]
        if len(named) > 1 and not _one_inside_the_other(picture, named):
            area = picture.common(grid for i in named for grid in _grids(picture, i))
            names = tuple(picture.full_name(p) if (p := picture.places.get(i)) else picture.areas[AreaId(i)].name for i in named)
            yield Finding(What.TWO_WAYS, area, {"words": words, "places": tuple(named), "names": names})


def _grids(picture: Picture, named: str) -> list[AreaId]:
    place = picture.places.get(named)
    return picture.grids_of(place) if place else [AreaId(named)]


def _one_inside_the_other(picture: Picture, named: list[str]) -> bool:
    """One place and the areas in which all of it lies."""
    found = [picture.places[i] for i in named if i in picture.places]
    areas = [AreaId(i) for i in named if i not in picture.places]
    if len(found) != 1 or len(areas) != 1:
        return False
    grids = picture.grids_of(found[0])
    return bool(grids) and all(picture.within(grid, areas[0]) for grid in grids)


def specialists(picture: Picture) -> Iterator[Finding]:
    """By community and trade: the estates for which nobody would be joined, as storage.town.specialists looks for them."""
    known = [post for post in picture.posts.values() if post.role is Role.SPECIALIST]
    missing: dict[tuple[AreaId, str], list[Ground]] = {}
    for estate in picture.places.values():
        if estate.kind != "estate":
            continue
        area = picture.common(picture.grids_of(estate))
        for trade in TRADES:
            here = (p for p in known if trade in p.categories)
            if not any(p.place_id == estate.id if p.place_id else picture.within(area, p.area_id) for p in here):
                missing.setdefault((area, trade), []).append(estate)
    for (area, trade), estates in missing.items():
        facts = {"category": trade, "places": tuple(e.id for e in estates), "names": tuple(e.name for e in estates)}
        yield Finding(What.NO_SPECIALIST, area, facts)


def years(picture: Picture, today: date, known: frozenset[int]) -> Iterator[Finding]:
    """This year, and from November on the next, if its holidays and worked weekends are not known."""
    for year in (today.year, today.year + 1)[: 2 if today.month >= NOVEMBER else 1]:
        if year not in known:
            yield Finding(What.YEAR, picture.city, {"year": year})


def answers(picture: Picture, today: date) -> Iterator[Finding]:
    """Prepared answers that end within a month, or have ended: those are not given any more. The first to end first."""
    for topic, until in sorted(set(picture.answers), key=lambda row: (row[1], row[0])):
        if until <= today + SOON:
            yield Finding(What.ANSWER, picture.city, {"topic": topic, "until": until, "ended": until < today})
