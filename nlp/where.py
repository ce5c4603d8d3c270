"""Where is it: the estate, building, unit and room that the words name, with what is missing, doubtful or outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.numerals import in_digits
from nlp.outside import names_outside, outside_of
from nlp.places import Gazetteer, Home, PlaceMention
from nlp.wording import Wording, plain

_BUILDING = re.compile(
    r"(?<![\da-z.-])([甲乙丙丁]?[a-z]?\d{1,4}|[a-z](?=座|栋|幢)|[a-z]\d?(?=号楼))\s*"
    r"(?:号楼|号院(?!子)|栋楼|#楼|栋|幢|座(?!位|椅)|#|排(?!水|查|污|放)|楼(?=\s*\d{1,2}\s*(?:单元|门洞)))"
)
_NUMBERED = re.compile(r"\d|[a-z](?=座|栋|幢|号楼)|[甲乙丙丁]")
"""Without one of these signs no building, unit or room is numbered."""
_PLACE_SIGN = re.compile("[号栋幢座#排楼元洞室户房间院-]")
_DASHED = re.compile(r"(?<![\d-])([a-z]?\d{1,3})(?:号楼|栋|幢|#)?-(\d{1,2})(?:单元)?-(\d{3,4})(?![\d-])")
_UNIT = re.compile(r"(?<!\d)(\d{1,2}|[甲乙丙丁])\s*(?:单元|门洞)|(?:号楼|栋|幢|#)(\d{1,2})-(?=\d{3,4}(?!\d))")
_ROOM = re.compile(
    r"(?<![\d.])(\d{3,4})\s*(?:室|户|号房|房间)|(?:单元|门洞|号楼|栋|幢|座|#|\d-|楼)\s*(\d{3,4})(?![\d年元块号度天个平米栋])"
)
_ESTATE_ENDS = re.compile("小区|新区|花园|家园|新村|公寓|大院|苑|雅居|华府|名邸")
_LIKE_ESTATE = re.compile(r"[\u4e00-\u9fff]{2,6}?(?:小区|新区|花园|家园|新村|公寓|大院|苑|雅居|华府|名邸)")
_LEAD = re.compile(r"^(?:我们|我家|我|你们|他们|咱们?|这里|住在|家住|住|在|是|的|那个|那|这|就|就是|到)+")


@dataclass(frozen=True)
class Where:
    """The place of a message. `ambiguous`: estates that may be meant, to be asked; `nearest`: buildings near an unknown number."""

    estate_id: str | None = None
    building_id: str | None = None
    building_words: str | None = None
    unit: str | None = None
    room: str | None = None
    road_ids: tuple[str, ...] = ()
    landmark_ids: tuple[str, ...] = ()
    area_id: str | None = None
    unknown_building: bool = False
    nearest: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    outside: str | None = None
    words: str = ""


NOWHERE = Where()
BESIDE = 2
"""Signs between the name of an estate and the number of a building in it."""


@dataclass(frozen=True)
class _Spot:
    """A building named by number: its label and where it stands in the original."""

    label: str
    words: str
    start: int
    end: int
    unit: str | None = None
    room: str | None = None


class _Digits:
    """The plain text with place numbers in digits, and the way back to the original."""

    def __init__(self, wording: Wording) -> None:
        self.text, self._origin = in_digits(wording.text)
        self.wording = wording
        self.numbered = _NUMBERED.search(self.text) is not None and _PLACE_SIGN.search(self.text) is not None

    def span(self, start: int, end: int) -> tuple[int, int]:
        following = self._origin[end] if end < len(self._origin) else len(self.wording.text)
        return self.wording.span(self._origin[start], following)


def find(text: str, gazetteer: Gazetteer, home: Home | None = None) -> tuple[PlaceMention, ...]:
    """Every place named in a text, in order, the longest name at each spot."""
    return look(plain(text, names=gazetteer.letters), gazetteer, home)[0]


def where(text: str, gazetteer: Gazetteer, home: Home | None = None) -> Where:
    """The place that a text names."""
    return look(plain(text, names=gazetteer.letters), gazetteer, home)[1]


def look(wording: Wording, gazetteer: Gazetteer, home: Home | None) -> tuple[tuple[PlaceMention, ...], Where]:
    """As `find` and `where` at once, for a text already made plain."""
    digits = _Digits(wording)
    mentions = _named(digits, gazetteer)
    if not mentions and not digits.numbered and not names_outside(wording.text):
        near = _near_estates(wording.text, gazetteer)
        return (), Where(ambiguous=near) if near else NOWHERE
    spot = _building(digits) if digits.numbered else None
    estate, ambiguous = _estate(gazetteer, mentions, home, spot)
    building = gazetteer.buildings.get(estate or "", {}).get(spot.label) if spot else None
    if spot and building:
        mentions.append(PlaceMention("building", building, gazetteer.places[building].name, spot.start, spot.end))
        mentions += _inside(digits, building, spot)
    mentions.sort(key=lambda mention: (mention.start, mention.end, mention.id))
    found = tuple(mentions)
    return found, _where(digits, gazetteer, home, found, spot, (estate, building, ambiguous))


def _named(digits: _Digits, gazetteer: Gazetteer) -> list[PlaceMention]:
    """The places called by a name, the longest at each spot."""
    mentions: list[PlaceMention] = []
    if not gazetteer.lexicon.hits(digits.text):
        return mentions
    taken = 0
    for start, name in gazetteer.lexicon.find(digits.text):
        if start < taken:
            continue
        taken = start + len(name)
        span = digits.span(start, taken)
        mentions += (
            PlaceMention(gazetteer.places[id_].kind, id_, gazetteer.places[id_].name, *span)
            for id_ in gazetteer.names[name]
        )
    return mentions


def _where(
    digits: _Digits, gazetteer: Gazetteer, home: Home | None, mentions: tuple[PlaceMention, ...], spot: _Spot | None,
    meant: tuple[str | None, str | None, tuple[str, ...]],
) -> Where:  # fmt: skip
    wording = digits.wording
    estate, building, ambiguous = meant
    unit, room = (_unit(digits.text, spot), _room(digits.text, spot)) if digits.numbered else (None, None)
    if not spot and home and (unit or room) and (estate is None or estate == home.estate_id):
        estate, building = home.estate_id, home.building_id
        unit = unit or home.unit
    named = [m for m in mentions if m.kind != "building"]
    if not named and estate is None:
        ambiguous = _near_estates(wording.text, gazetteer) or ambiguous
    unknown = bool(spot and estate and building is None and gazetteer.buildings.get(estate))
    areas = [m.id for m in mentions if m.kind == "grid"] + [m.id for m in mentions if m.kind == "community"]
    return Where(
        estate_id=estate,
        building_id=building,
        building_words=spot.words if spot else None,
        unit=unit,
        room=room,
        road_ids=_ids(mentions, "road"),
        landmark_ids=_ids(mentions, "landmark"),
        area_id=areas[0] if areas else None,
        unknown_building=unknown,
        nearest=_nearest(gazetteer, estate, spot.label) if spot and estate and unknown else (),
        ambiguous=ambiguous,
        outside=None if named or estate else outside_of(wording.text, gazetteer.local_names),
        words=_words(wording, mentions, spot),
    )


def _ids(mentions: tuple[PlaceMention, ...], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.id for mention in mentions if mention.kind == kind))


def _building(digits: _Digits) -> _Spot | None:
    dashed = _DASHED.search(digits.text)
    if dashed:
        start, end = digits.span(*dashed.span())
        return _Spot(dashed[1].upper(), dashed[0], start, end, dashed[2], dashed[3])
    found = _BUILDING.search(digits.text)
    if not found:
        return None
    start, end = digits.span(*found.span())
    label = found[1].upper()
    return _Spot(label.lstrip("0") or label, found[0].strip(), start, end)


def _inside(digits: _Digits, building: str, spot: _Spot) -> Iterator[PlaceMention]:
    """The unit and the room told with a building; no list has them, so their ids are made of the building's."""
    dashed = _DASHED.search(digits.text) if spot.unit else None
    unit, room = (None, None) if dashed else (_UNIT.search(digits.text), _ROOM.search(digits.text))
    told = [("unit", "单元", dashed[2], dashed.span(2)), ("room", "", dashed[3], dashed.span(3))] if dashed else []
    if unit is not None:
        told.append(("unit", "单元", unit[1] or unit[2], unit.span() if unit[1] else unit.span(2)))
    if room is not None:
        told.append(("room", "", room[1] or room[2], room.span(1) if room[1] else room.span(2)))
    inside = building
    for kind, sign, value, span in told:
        inside = f"{inside}/{value.upper()}"
        yield PlaceMention(kind, inside, f"{value.upper()}{sign}", *digits.span(*span))


def _unit(text: str, spot: _Spot | None) -> str | None:
    if spot and spot.unit:
        return spot.unit
    found = _UNIT.search(text)
    return (found[1] or found[2]).upper() if found else None


def _room(text: str, spot: _Spot | None) -> str | None:
    if spot and spot.room:
        return spot.room
    found = _ROOM.search(text)
    return (found[1] or found[2]) if found else None


def _estate(
    gazetteer: Gazetteer, mentions: list[PlaceMention], home: Home | None, spot: _Spot | None
) -> tuple[str | None, tuple[str, ...]]:
    """The estate meant, or those that may be: by name; else the home's; else the only one with such a building."""
    named = list(dict.fromkeys(mention.id for mention in mentions if mention.kind == "estate"))
    if spot and len(named) > 1:
        beside = [mention.id for mention in mentions if mention.kind == "estate" and 0 <= spot.start - mention.end <= BESIDE]
        if len(set(beside)) == 1:  # 我在锦绣苑，我妈家在平安里3号楼
            return beside[0], ()
    if home and home.estate_id in named:
        return home.estate_id, ()
    if len(named) == 1:
        return named[0], ()
    if named:
        having = [estate for estate in named if spot and spot.label in gazetteer.buildings.get(estate, {})]
        return (having[0], ()) if len(having) == 1 else (None, tuple(having or named)[:5])
    if not spot:
        return None, ()
    if home and home.estate_id:
        return home.estate_id, ()
    having = list(gazetteer.estates_with.get(spot.label, ()))
    return (having[0], ()) if len(having) == 1 else (None, tuple(having[:5]))


def _near_estates(text: str, gazetteer: Gazetteer) -> tuple[str, ...]:
    if not gazetteer.by_pair or not _ESTATE_ENDS.search(text):
        return ()
    for found in _LIKE_ESTATE.finditer(text):
        near = gazetteer.nearly(_LEAD.sub("", found[0]))
        if near:
            return near
    return ()


def _nearest(gazetteer: Gazetteer, estate: str, label: str) -> tuple[str, ...]:
    """The three buildings of the estate whose numbers are nearest."""
    wanted = int("".join(filter(str.isdigit, label)) or 0)

    def distance(other: str) -> tuple[bool, int, str]:
        number = int("".join(filter(str.isdigit, other)) or 0)
        return other[:1].isalpha() != label[:1].isalpha(), abs(number - wanted), other

    labels = gazetteer.buildings[estate]
    return tuple(labels[other] for other in sorted(labels, key=distance)[:3])


def _words(wording: Wording, mentions: tuple[PlaceMention, ...], spot: _Spot | None) -> str:
    """The resident's own words for the place, from the first named place to the last."""
    spans = [(mention.start, mention.end) for mention in mentions] + ([(spot.start, spot.end)] if spot else [])
    if not spans:
        return ""
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    tail = re.match(
        r"[\s\dA-Za-z一二三四五六七八九十零〇]{0,4}(?:单元|门洞)?[\s\d一二三四五六七八九十零〇]{0,5}(?:室|号|户|楼|层)?",
        wording.original[end:],
    )
    return wording.original[start : end + (len(tail[0].rstrip()) if tail else 0)][:120]
