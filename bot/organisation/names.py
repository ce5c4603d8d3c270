"""What rows are called: a clerk writes “锦绣社区第3网格” or “王强”, not ids. The same index finds a row by its name when a workbook is
read, and finds the shortest name that means just that row when one is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from casework.organisation import AREA_KINDS, AreaRow, Organisation, PlaceRow, PostRow

Index = dict[str, tuple[str, ...]]
Prefer = Callable[[str], bool]
AREA_OF = {"worker": "grid", "community_secretary": "community", "subdistrict": "subdistrict", "city": "city"}
PLACE_OF = {"building_lead": "building", "unit_lead": "building", "estate_lead": "estate"}


BETWEEN = str.maketrans("", "", "/／·>＞")  # the signs that people put between the levels


def plain(words: str) -> str:
    """As names are compared."""
    return "".join(words.split()).translate(BETWEEN).casefold()


class Names:
    """The names of an organisation whose references are ids."""

    def __init__(self, organisation: Organisation) -> None:
        self.areas = {row.id: row for row in organisation.areas}
        self.places = {row.id: row for row in organisation.places}
        self.people = {row.id: row for row in organisation.people}
        self.posts = {row.id: row for row in organisation.posts}
        self.rostered = {row.post for row in organisation.roster}
        self._rows: dict[str, Mapping[str, object]] = {"areas": self.areas, "places": self.places, "people": self.people, "posts": self.posts}
        self._indexes: dict[str, Index] = {}

    def _index(self, sheet: str) -> Index:
        """Made when it is first asked for: reading goes sheet by sheet."""
        if sheet not in self._indexes:
            pairs = ((name, id) for id in self._rows[sheet] for name in self._candidates(sheet, id))
            self._indexes[sheet] = _index(pairs)
        return self._indexes[sheet]

    # -- from words to ids

    def find(self, sheet: str, words: str, *prefer: Prefer) -> tuple[str, ...]:
        """The ids that these words may mean, none if they mean nothing: an id first, then a name. Each preference in turn leaves
        only those it holds for, unless it holds for none."""
        if words in self._rows[sheet]:
            return (words,)
        found = self._index(sheet).get(plain(words), ())
        for each in prefer:
            if len(found) > 1:
                found = tuple(id for id in found if each(id)) or found
        return found

    def vocabulary(self, sheet: str) -> Iterable[str]:
        """Everything that may be written, for guesses."""
        return self._index(sheet)

    # -- from an id to words

    def best(self, sheet: str, id: str, *prefer: Prefer, read: Callable[[str], object] = str) -> str:
        """The first name that, written in a cell and `read` from it, comes to this very row; else its id."""
        for name in self._candidates(sheet, id):
            if read(name) in (name, (name,)) and self.find(sheet, name, *prefer) == (id,):
                return name
        return id

    def _candidates(self, sheet: str, id: str) -> Iterator[str]:
        if sheet == "areas" and id in self.areas:
            yield from self._of_area(self.areas[id])
        elif sheet == "places" and id in self.places:
            yield from self._of_place(self.places[id])
        elif sheet == "people" and id in self.people:
            yield from (name for name in (self.people[id].name, self.people[id].phone) if name)
        elif sheet == "posts" and id in self.posts:
            yield from self.of_post(self.posts[id])

    # -- what they are called

    def _of_area(self, row: AreaRow) -> Iterator[str]:
        yield row.name
        before, above = "", self.areas.get(row.parent)
        while above is not None and len(before) < 200:  # a circle of parents is said elsewhere
            before = above.name + before
            yield before + row.name
            above = self.areas.get(above.parent)
        yield from row.aliases

    def _of_place(self, row: PlaceRow) -> Iterator[str]:
        estate = self.places.get(row.parent)
        if row.kind == "building" and estate is not None:
            for name in (estate.name, *estate.aliases):
                yield name + row.name
                yield from (name + alias for alias in row.aliases)
        yield row.name
        if row.kind != "building":
            yield from row.aliases

    def of_post(self, row: PostRow) -> Iterator[str]:
        """By who holds it, by its title, and by where it is and its title."""
        person, area, place = self.people.get(row.person), self.areas.get(row.area), self.places.get(row.place)
        if person is not None:
            yield person.name
            if person.phone:
                yield person.phone
            if area is not None:
                yield area.name + person.name
        elif row.person:
            yield row.person  # a name that was not found: said once, where it stands
        if row.title:
            yield row.title
        for name in (*(self._of_place(place) if place else ()), *(self._of_area(area) if area else ())):
            if row.title:
                yield name + row.title
                if person is not None:
                    yield name + row.title + person.name

    # -- which of several is meant

    def meant(self, sheet: str, heading: str, row: Any) -> tuple[Prefer, ...]:
        """What the cell of this row prefers among rows of the same name."""
        if (sheet, heading) == ("areas", "parent"):
            level = AREA_KINDS.index(row.kind)
            return (self._area_is(AREA_KINDS[level - 1] if level else None),)
        if (sheet, heading) == ("places", "grids"):
            return (self._area_is("grid" if row.kind == "building" else None),)
        if (sheet, heading) == ("places", "parent"):
            return (self._place_is("estate"),)
        if (sheet, heading) == ("posts", "area"):
            return (self._area_is(AREA_OF.get(row.role)),)
        if (sheet, heading) == ("posts", "place"):
            return (self._place_is(PLACE_OF.get(row.role)),)
        if sheet in ("roster", "exceptions") and heading == "post":
            return self._on_roster_of(row.grid)
        return (self._works, lambda id: id in self.rostered) if sheet == "leave" else ()

    def _area_is(self, kind: str | None) -> Prefer:
        return lambda id: kind is None or self.areas[id].kind == kind

    def _place_is(self, kind: str | None) -> Prefer:
        return lambda id: kind is None or self.places[id].kind == kind

    def _on_roster_of(self, area: str) -> tuple[Prefer, ...]:
        """A post there, then one in the same community, then a worker before a lead."""
        community = self.areas[area].parent if area in self.areas else ""

        def near(id: str) -> bool:
            there = self.areas.get(self.posts[id].area)
            return there is not None and community in (there.id, there.parent)

        return (lambda id: self.posts[id].area == area, near, self._works)

    def _works(self, id: str) -> bool:
        return self.posts[id].kind != "auxiliary"


def _index(pairs: Iterable[tuple[str, str]]) -> Index:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for name, id in pairs:
        found[plain(name)][id] = None
    return {name: tuple(ids) for name, ids in found.items()}
