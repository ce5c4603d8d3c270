"""Whom a notice is for: the buildings and grids that its first words name, what of them no notice goes by, and where its own words begin.
锦绣苑3号楼2单元和5号楼：明天停水; 锦绣苑3号楼，明天停水; 第1网格 明天停水."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from casework import access
from casework.case import AreaId
from handlers.rosters.who_is_on import grids_in
from handlers.summaries import looking
from handlers.summaries.areas import ESTATE
from handlers.turn import Turn
from nlp.grids import grids_meant
from nlp.places import Home
from nlp.where import find
from storage import overview, people

READ: Final = 120  # characters in which a place is looked for
SHORT: Final = 12  # what stands right behind a place may belong to it: 锦绣苑3号楼的老人：…
TAIL: Final = 6  # 锦绣苑3号楼谢谢, where the words were told before
_N = r"(?:\d{1,4}|[一二三四五六七八九十]{1,3})"
_AND = r"(?:、|和|及|与|跟|以及|还有)"
_SEP = rf"\s*(?:{_AND}|，|,)\s*"
_BUILDINGS = re.compile(rf"({_N})(?=(?:{_SEP}{_N})*{_SEP}{_N}\s*(号楼|栋|幢|座|#))")
_GRIDS = re.compile(rf"(第?{_N})(?=(?:{_SEP}第?{_N})*{_SEP}第?{_N}\s*(?:号|个)?(网格))")
"""锦绣苑3、5号楼: the first number has its sign behind the last."""
_RANGE = re.compile(rf"{_N}\s*(?:号楼|栋|幢|座|#|网格)?\s*[到至~—-]\s*第?{_N}\s*(?:号楼|栋|幢|座|#|(?:号|个)?网格)")
_GRID = re.compile(rf"第?\s*{_N}\s*(?:号|个)?\s*网格")
_INSIDE = re.compile(
    r"\s*(?:[东西南北]?(?:\d{1,2}|[一二两三四五六七八九十]{1,3}|[甲乙丙丁])\s*(?:单元|门洞|门(?!口)|层|楼(?!道|上|下))|[-－]?(?:\d{3,4}|[零〇一二三四五六七八九]{3,4})(?![\d年元块点个度天月日])\s*(?:室|号房|号|户|房间)?)+"
)
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:：][0-5]\d(?!\d)")
_COLON = re.compile(r"[：:\n]")
_FILLER = r"(?:[\s，,、。；;的致]|关于|和|及|与|跟|以及|还有|请|给|向|发给|发|通知|全体|所有|各位|大家|居民|住户|业主|邻居|们|整栋|全楼|整楼|全栋|整个|全网格|里的?人|的人|吧|呢|啊)"
_AROUND = re.compile(rf"^{_FILLER}+|{_FILLER}+$")
_ABOVE = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:街道办?|社区|居委会|小区|市|区)")
_WHOSE = re.compile(rf"(?:的|{_AND})?(?:全体|所有|各位)?(?:居民|住户|业主|邻居)(?:朋友)?们?")
_FIRST = re.compile(r"(\S{2,14}?)[\s，,]+(.+)", re.DOTALL)
_PLACE = re.compile(r"[\d楼格区苑道里院]")
_STOP = re.compile(r"[，,。；;]")
_BEGIN = re.compile(r"^[\s，,。；;、：:]+")
_LEAD = re.compile(r"^(?:以及|还有|[和及与跟给向请到在]|通知|发给)+")
_NEXT = re.compile(rf"\s*{_AND}\s*")


@dataclass(frozen=True, slots=True)
class Told:
    """`target`: the building or grid, by id; `others`: what else was named, as it was written; `unread`: what of the place no notice goes
    by. `several`: the grids that the name may mean. `large`: more than one building or grid at once. `words`: what is to be told."""

    place: str
    words: str = ""
    target: str = ""
    others: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    large: bool = False


@dataclass(frozen=True, slots=True)
class _Hit:
    """A place that is named, and where; `ids`: all that the name may mean."""

    start: int
    end: int
    ids: tuple[str, ...]


def read(turn: Turn, text: str, kept: bool) -> Told:
    """The place and the words of a text; `kept`: the words were told before."""
    text = _signed(text.strip())
    at = _colon(text)
    place, words = (text, "") if at is None else (text[:at], text[at + 1 :].strip())
    hits = _hits(turn, text[:READ])
    here = [hit for hit in hits if hit.end <= len(place)]
    through = _RANGE.search(place[:READ])
    if not here or (through is not None and through.start() <= here[0].end):
        return _unknown(place.strip(), words, kept, through is not None)
    left = _ahead(turn, text, here[0])
    if left and _ABOVE.search(left):  # a community that there is not
        return _unknown(place.strip(), words, kept, False)
    told = _whole(place, words, here, parted=at is not None)
    if told is None and left and not kept:  # 明天锦绣苑3号楼停水
        return replace(_in_front(text, hits, kept), words=text)
    told = told or _in_front(text, hits, kept)
    return replace(told, unread=(left, *told.unread)) if left else told


def _signed(text: str) -> str:
    """3、5号楼 as 3号楼、5号楼, where the place may stand."""
    front, back = text[:READ], text[READ:]
    for chain in (_BUILDINGS, _GRIDS):
        front = chain.sub(lambda found: found[1] + found[2], front)
    return front + back


def _colon(text: str) -> int | None:
    """Where a colon or a line ends the place: not that of 9:00."""
    clocks = [found.span() for found in _CLOCK.finditer(text)]
    return next((c.start() for c in _COLON.finditer(text) if not any(start < c.start() < end for start, end in clocks)), None)


def _ahead(turn: Turn, text: str, hit: _Hit) -> str:
    """What stands before the place and is neither asking nor an area in which it lies."""
    row = people.place_row(turn.conn, hit.ids[0]) if hit.ids else None
    inside = row.grids if row is not None else hit.ids
    kinds = ("grid", "community", "subdistrict", "city")
    above = {found for grid in inside for kind in kinds if (found := turn.town.ancestor(AreaId(grid), kind))}
    left = text[: hit.start]
    for name in sorted((name for id_ in above for name in (turn.town.area(id_).name, *turn.town.area(id_).aliases)), key=len, reverse=True):
        left = left.replace(name, "", 1)
    return _AROUND.sub("", left)


def _whole(place: str, words: str, hits: Sequence[_Hit], parted: bool) -> Told | None:
    """Everything before the colon, or the whole text, is the place; None where something stands there that is none: 锦绣苑3号楼 停水，电话：…"""
    unread, ends = list[str](), [*(hit.start for hit in hits[1:]), len(place)]
    for hit, end in zip(hits, ends, strict=True):
        gap = place[hit.end : end]
        beside = _AROUND.sub("", gap)
        apart = gap[0] in " \u3000，,。；;" if gap else False
        if beside and not _INSIDE.fullmatch(beside) and (not parted or apart or len(beside) > SHORT or _STOP.search(beside)):
            return None
        unread += [*_dashed(place, hit), *([beside] if beside else [])]
    return _told(place, words, hits, unread)


def _in_front(text: str, hits: Sequence[_Hit], kept: bool) -> Told:
    """The text begins with a place; the words are what comes behind."""
    named, unread, at = list(hits[:1]), _dashed(text, hits[0]), hits[0].end
    while True:
        if found := _INSIDE.match(text, at):
            unread.append(found[0].strip())
            at = found.end()
        joined = _NEXT.match(text, at)
        following = next((hit for hit in hits if joined and hit.start == joined.end()), None)
        if following is None:
            break
        named, at = [*named, following], following.end
        unread += _dashed(text, following)
    if whose := _WHOSE.match(text, at):
        at = whose.end()
    rest = text[at:]
    words = "" if re.fullmatch(rf"{_FILLER}*", rest) else _BEGIN.sub("", rest).removeprefix("的").strip()
    if kept and len(words) <= TAIL and not _BEGIN.match(rest):
        unread, words = [*unread, *([words] if words else [])], ""
    return _told(text, words, named, unread)


def _dashed(text: str, hit: _Hit) -> list[str]:
    """3-2-501."""
    return [text[hit.start : hit.end]] if re.search(r"\d[-－]\d", text[hit.start : hit.end]) else []


def _unknown(place: str, words: str, kept: bool, large: bool) -> Told:
    """No place that is known: the words behind it are kept all the same, where something parts them."""
    found = _FIRST.fullmatch(place) if not words and not kept else None
    if found is not None and _PLACE.search(found[1]):
        return Told(found[1], found[2].strip(), large=large)
    return Told(place, words, large=large)


def _told(text: str, words: str, hits: Sequence[_Hit], unread: Sequence[str]) -> Told:
    first = hits[0]
    place = text[first.start : first.end]
    if len(first.ids) != 1:
        return Told(place, words, several=first.ids)
    others = dict.fromkeys(text[hit.start : hit.end] for hit in hits[1:] if hit.ids != first.ids)
    return Told(place, words, first.ids[0], tuple(others), tuple(unread))


# ---- the places ---------------------------------------------------------------------------------------------------------


def _hits(turn: Turn, text: str) -> list[_Hit]:
    """Every building and grid that is named, in order; a grid that only says where a building is, is none."""
    found = list(_buildings(turn, text))
    found += [hit for hit in _grids(turn, text) if not any(hit.start < other.end and other.start < hit.end for other in found)]
    found.sort(key=lambda hit: hit.start)
    behind = {hit: following for hit, following in pairwise(found) if not text[hit.end : following.start].strip()}
    return [hit for hit in found if hit not in behind or not _lies_in(turn, behind[hit], hit)]


def _lies_in(turn: Turn, building: _Hit, grid: _Hit) -> bool:
    row = people.place_row(turn.conn, building.ids[0])
    return row is not None and bool(set(row.grids) & set(grid.ids))


def _buildings(turn: Turn, text: str) -> Iterator[_Hit]:
    """One after the other; 5号楼 alone is in the estate of the one before."""
    at, estate, gazetteer = 0, None, turn.world.gazetteer
    while at < len(text):
        mentions = find(text[at:], gazetteer, Home(estate) if estate else None)
        building = next((each for each in mentions if each.kind == "building"), None)
        if building is None:
            return
        estate = gazetteer.places[building.id].parent_id
        names = [each.start for each in mentions if each.id == estate and each.end <= building.start]
        yield _Hit(at + (names[-1] if names else building.start), at + building.end, (building.id,))
        at += building.end


def _grids(turn: Turn, text: str) -> Iterator[_Hit]:
    """第2网格 alone is in the community of the one before, else of the speaker's own."""
    numbered = list(_GRID.finditer(text))
    if not numbered and "网格" in text:
        named = [area for area in looking.heard(turn, text).areas if not area.startswith(ESTATE)]
        ids = tuple(area for area in named if turn.town.area(area).kind == "grid")
        if ids:
            yield _Hit(0, text.rindex("网格") + len("网格"), _narrowed(turn, ids, None))
    known = grids_in(turn, [AreaId(row.id) for row in overview.areas(turn.conn) if row.kind == "city"]) if numbered else []
    at, beside = 0, None
    for found in numbered:
        front = re.search(r"[\u4e00-\u9fff]{0,12}$", text[at : found.start()])
        before = front[0] if front else ""
        bare = _LEAD.sub("", before)
        start, ids = found.start(), tuple[str, ...]()
        for name in dict.fromkeys((*((bare, before) if at else (before, bare)), re.sub("^.*街道办?", "", before), "")):
            if ids := tuple(grid.id for grid in grids_meant(name + found[0], known)):
                start -= len(name)
                break
        ids = _narrowed(turn, ids, beside)
        beside = turn.town.ancestor(AreaId(ids[0]), "community") if len(ids) == 1 else beside
        yield _Hit(start, found.end(), ids)
        at = found.end()


def _narrowed(turn: Turn, ids: Sequence[str], beside: str | None) -> tuple[str, ...]:
    """Of several of one name those beside the one before, else the speaker's own."""
    near = [id_ for id_ in ids if beside is not None and turn.town.ancestor(AreaId(id_), "community") == beside]
    own = [id_ for id_ in ids if access.writes_to(turn.person, AreaId(id_), turn.town.within) is not None]
    return tuple(near or own or ids)
