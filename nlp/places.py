"""The places that residents name, and a search for them whose cost does not grow with the number of names.

Estates, roads, landmarks, communities and grids are known by name and alias. Buildings are known by their number
inside an estate (3号楼, 3栋, 三号楼, 3#楼), for every estate has a 3号楼.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from rapidfuzz import fuzz

from nlp.lexicon import Lexicon
from nlp.numerals import in_digits
from nlp.wording import plain

KINDS = ("estate", "building", "road", "landmark", "community", "grid")
_LABEL = re.compile(
    r"([甲乙丙丁东西南北中]?[a-z]?\d{1,4}|[a-z甲乙丙丁东西南北中])\s*(?:号楼|号院|栋楼|#楼|楼栋|栋|幢|座|#|排|楼|号)?$"
)
_ENDINGS = ("小区", "新区", "花园", "家园", "新村", "公寓", "广场", "大院", "社区", "苑", "城", "里", "院")


@dataclass(frozen=True)
class Place:
    """One row of the place register; `parent_id` of a building is its estate."""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    parent_id: str | None = None


@dataclass(frozen=True)
class Home:
    """The sender's remembered home: what "3号楼2单元" alone is completed with."""

    estate_id: str | None = None
    building_id: str | None = None
    unit: str | None = None
    room: str | None = None


@dataclass(frozen=True)
class PlaceMention:
    """A place named in the text; start and end are code points of the original text."""

    kind: str
    id: str
    name: str
    start: int
    end: int


def spelling(name: str) -> str:
    """A name as it is searched: plain wording, place numbers in digits."""
    return in_digits(plain(name).text)[0].strip()


def building_label(name: str) -> str | None:
    """The number of a building by which residents call it: 恒安新区03号楼 -> 3, A座 -> A."""
    found = _LABEL.search(spelling(name))
    return (found[1].upper().lstrip("0") or found[1]) if found else None


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """All places, ready to be searched. Build once per change of the register with `Gazetteer.build(places)`."""

    places: dict[str, Place] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lexicon: Lexicon = field(default_factory=lambda: Lexicon.of(()))
    buildings: dict[str, dict[str, str]] = field(default_factory=dict)
    """Estate id -> label -> building id."""
    estates_with: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Building label -> the estates that have one (few towns need it: only without an estate's name)."""
    by_pair: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Key (see `_keys`) -> estate names, to find a nearly right one."""
    local_names: frozenset[str] = frozenset()

    @classmethod
    def build(cls, places: Iterable[Place], local_names: Iterable[str] = ()) -> Gazetteer:
        """`local_names`: the town's own province, city and districts, which are never "outside"."""
        register = {place.id: place for place in places}
        names: dict[str, list[str]] = defaultdict(list)
        buildings: dict[str, dict[str, str]] = defaultdict(dict)
        for place in register.values():
            spellings = [spelled for name in (place.name, *place.aliases) if len(spelled := spelling(name)) > 1]
            if place.kind == "building":
                for name in (place.name, *place.aliases):
                    if place.parent_id and (label := building_label(name)):
                        buildings[place.parent_id].setdefault(label, place.id)
                continue
            for spelled in dict.fromkeys(spellings):
                names[spelled].append(place.id)
        estates_with: dict[str, list[str]] = defaultdict(list)
        for estate, labels in buildings.items():
            for label in labels:
                estates_with[label].append(estate)
        return cls(
            register,
            {name: tuple(ids) for name, ids in names.items()},
            Lexicon.of(names),
            dict(buildings),
            {label: tuple(estates) for label, estates in estates_with.items()},
            _pairs(register, names),
            frozenset(name for local in local_names for name in (local, local.rstrip("省市区县"))),
        )

    @cached_property
    def _letters(self) -> dict[str, str]:
        from pypinyin import lazy_pinyin  # 0.3 s and 50 MB: only where somebody types a place in letters

        names = [name for name, ids in self.names.items() if self.places[ids[0]].kind != "grid"]
        spelt = {"".join(filter(str.isascii, lazy_pinyin(name))).replace(" ", ""): name for name in names}
        return {letters: name for letters, name in spelt.items() if len(letters) > 4 and letters.isalpha()}

    def letters(self) -> Mapping[str, str]:
        """How the names are typed in letters (jinxiuyuan) -> the name."""
        return self._letters

    def nearly(self, words: str, at_most: int = 3) -> tuple[str, ...]:
        """Ids of estates with a nearly right name (恒安小区 for 恒安新区), best first."""
        words = spelling(words)
        candidates = {name for key in _keys(words) for name in self.by_pair.get(key, ())[:300]}
        scored = sorted(((fuzz.ratio(words, name), name) for name in candidates), key=lambda pair: (-pair[0], pair[1]))
        ids = [place for score, name in scored if score >= 60 for place in self.names[name]]
        return tuple(dict.fromkeys(place for place in ids if self.places[place].kind == "estate"))[:at_most]


def _keys(name: str) -> set[str]:
    """What a nearly right name still shares with the right one: two neighbouring characters, or its first or second."""
    pairs = {name[i : i + 2] for i in range(len(name) - 1)} - set(_ENDINGS)
    return pairs | {f"{at}{char}" for at, char in enumerate(name[:2])}


def _pairs(register: dict[str, Place], names: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    pairs: dict[str, list[str]] = defaultdict(list)
    for name, ids in names.items():
        if any(register[place].kind == "estate" for place in ids):
            for key in _keys(name):
                pairs[key].append(name)
    return {pair: tuple(found) for pair, found in pairs.items()}


EMPTY = Gazetteer()
