"""Who asks about which area and when, said kindly where it cannot be: another's area, no such place, a day that lies ahead."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Final

from casework import access
from casework.case import AreaId
from casework.effects import Ask, Kind, Option
from handlers.texts import load, local, text_of, word
from handlers.turn import Turn
from nlp import asked as reading
from nlp.asked import Area, Asked
from nlp.periods import Period, month_of
from nlp.places import spelling
from storage import overview
from storage.overview import Only, Stretch

DAY: Final = timedelta(days=1)
OFFERED: Final = 4


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at: `level` is the whole, its parts or its cases; `up` the view above, to go back to. Of all cases, or only those
    of a category, topic, urgency, channel, origin or estate."""

    area: str
    first: date
    last: date
    words: str
    level: str = "whole"
    category: str = ""
    page: int = 0
    up: str = ""
    topic: str = ""
    urgency: str = ""
    channel: str = ""
    origin: str = ""
    estate: str = ""

    @property
    def only(self) -> Only:
        """Which cases are meant."""
        return Only(self.category, self.topic, self.urgency, self.channel, self.origin, self.estate)

    def args(self) -> dict[str, str]:
        """For a button's row."""
        return {name: str(value) for name, value in asdict(self).items()}

    def deeper(self, **changed: Any) -> View:
        """A view below this one."""
        return replace(self, page=0, up=json.dumps(self.args(), ensure_ascii=False), **changed)


def view_of(args: Mapping[str, str]) -> View:
    """From a button's row."""
    told: dict[str, Any] = {each.name: args[each.name] for each in fields(View) if each.name in args}  # an older button says less
    told |= {"first": date.fromisoformat(args["first"]), "last": date.fromisoformat(args["last"]), "page": int(args["page"])}
    return View(**told)


def look(view: View, name: str) -> Option:
    """A button that leads to a view."""
    return Option("look", view.args(), name)


def back(view: View) -> list[Option]:
    """The way up, where there is one."""
    return [look(view_of(json.loads(view.up)), text_of("button.back"))] if view.up else []


def picture(turn: Turn, key: str, chart: tuple[str, Mapping[str, object]], options: Sequence[Option], **args: object) -> None:
    """Lines with buttons, and a picture that is drawn at delivery."""
    turn.write(Ask(turn.person.id, key, None, args, Kind.ANSWER, question="summary", options=tuple(options), awaited=False, chart=chart))


# ---- who ----------------------------------------------------------------------------------------------------------------


def may_ask(turn: Turn) -> bool:
    """Whether figures are for the speaker at all; whoever they are not for hears what is."""
    if access.staff_areas(turn.person):
        return True
    turn.say("summary.for_desks" if turn.person.staff else "resident.figures")
    return False


def own(turn: Turn) -> list[AreaId]:
    """The areas of the speaker's desks, the highest first."""
    return sorted(access.staff_areas(turn.person), key=lambda area: (len(turn.town.area(area).path), area))


def may_look(turn: Turn, area: str) -> bool:
    """Whether an area is the speaker's to look at; says no kindly."""
    if access.may_look(turn.person, AreaId(area), turn.town.within):
        return True
    turn.say("summary.not_yours", area=turn.town.area(area).name, own=names(turn, own(turn)))
    return False


def names(turn: Turn, areas: Collection[str]) -> str:
    """锦绣社区、平安社区."""
    return "、".join(turn.town.area(area).name for area in areas)


# ---- what was asked -------------------------------------------------------------------------------------------------------


@cache
def topics() -> dict[str, str]:
    """Name -> topic, of those that have a name of their own; 漏水、渗水 is called by either."""
    told = {topic: name for topic, name in load()["topic"].items() if topic not in ("none", "mentioned")}
    parts = {spelling(part): topic for topic, name in told.items() for part in name.split("、") if len(part) > 1}
    return parts | {spelling(name): topic for topic, name in told.items()}


BUILDING: Final = re.compile(r"[0-9a-z](?:号楼|号院|#|栋|幢|座|单元|号|室|楼)")
GRID: Final = re.compile(r"第\d{1,2}网格")
GRIDS: Final = 8
NOW_ONLY: Final = ("late", "hot", "staff")
"""What is asked of now or of the last days, whatever period is named."""
BY_PLACE: Final = ("hot", "staff", "coverage")
"""What is told of whole areas, whatever cases are named."""
COMPARING: Final = ("summary", "rates")
"""What tells of the stretch before, too."""
ESTATE: Final = "estate:"
"""Before the id of an estate, where areas and estates stand together."""


def heard(turn: Turn, text: str) -> Asked:
    """The words read with the names of this town."""
    rows = overview.areas(turn.conn)
    above = {row.id: row.name for row in rows}
    known = [Area(row.id, (row.name, row.name.removeprefix(above.get(row.parent_id, "")), *(row.aliases or ()))) for row in rows]
    known += [Area(f"{ESTATE}{row.id}", (row.name, *(row.aliases or ()))) for row in overview.estates(turn.conn)]
    return reading.read_asked(text, local(turn).date(), known, topics())


def view(turn: Turn, asked: Asked, key: str) -> View | None:
    """What is to be looked at, or None: then it was said why not. `key`: what asks again once the area is chosen."""
    if asked.period in ("future", "no_such", "backwards", "apart"):
        turn.say(f"summary.{asked.period}")
        return None
    named = _area(turn, asked, key)
    if named is None:
        return None
    area, estate = _of_estate(turn, named.removeprefix(ESTATE)) if named.startswith(ESTATE) else (named, "")
    if area is None or not may_look(turn, area):
        return None
    today = local(turn).date()
    period = asked.period if isinstance(asked.period, Period) else Period(month_of(today)[0], today, text_of("summary.this_month"), False)
    told = asked.only
    found = View(
        area, period.first, period.last, period.words, category=asked.category, topic=asked.topic, estate=estate,
        urgency=told.get("urgency", ""), channel=told.get("channel", ""), origin=told.get("origin", ""),
    )  # fmt: skip
    _say_left_out(turn, asked, found, key)
    return found


def _say_left_out(turn: Turn, asked: Asked, view: View, key: str) -> None:
    """What of the question the answer does not go by: a building, other days, words that were not understood. Never silently."""
    told, what_ = [text_of(f"summary.hint_{hint}") for hint in asked.hints if hint != "compared" or key in COMPARING], what(turn, view)
    if asked.kinds:
        told.append(text_of("summary.one_kind").format(words="、".join(asked.kinds)))
    if len(asked.rest) > 1:
        told.append(text_of("summary.only_estate" if BUILDING.search(asked.rest) else "summary.not_read").format(words=asked.rest))
    if key in NOW_ONLY and isinstance(asked.period, Period) and not (key == "hot" and local(turn).date() - asked.period.first == 6 * DAY):
        told.append(text_of(f"summary.{key}_days").format(words=asked.period.words))
    if key in BY_PLACE and what_:
        told.append(text_of(f"summary.{key}_place").format(words=what_))
    if told:
        turn.say("summary.left_out", lines="\n".join(told))


def _of_estate(turn: Turn, estate: str) -> tuple[str | None, str]:
    """The smallest area in which all of it lies, else the speaker's own area in which a part lies; says no kindly."""
    row = next(row for row in overview.estates(turn.conn) if row.id == estate)
    for kind in ("grid", "community", "subdistrict", "city"):
        around = {turn.town.ancestor(grid, kind) for grid in row.grids}
        if len(around) == 1 and (area := around.pop()) and access.may_look(turn.person, area, turn.town.within):
            return area, estate
    mine = own(turn)
    inside = [area for area in mine if any(turn.town.within(AreaId(grid), area) for grid in row.grids)]
    if not inside:
        turn.say("summary.not_yours", area=row.name, own=names(turn, mine))
    return (inside[0] if inside else None), estate


def _area(turn: Turn, asked: Asked, key: str) -> str | None:
    """The area that is meant, else the speaker's own; several that may be: which?"""
    meant = _narrowed(turn, asked)
    around = asked.areas[0] if len(asked.areas) == 1 and _theirs(turn, asked.areas[0]) else ""
    without = next((name for name, areas in asked.also if GRID.fullmatch(name) and (around or not any(_theirs(turn, area) for area in areas))), "")
    if GRID.fullmatch(asked.rest) or (meant is None and without):
        _no_grid(turn, asked.rest or without, around, key)
        return None
    if meant is None:
        _one_of(turn, asked, key)
        return None
    if GRID.fullmatch(asked.called) and len(meant) > 1 and not any(_theirs(turn, area) for area in meant):
        _no_grid(turn, asked.called, "", key)
        return None
    if not meant and asked.rest:
        _unknown(turn, asked.rest, key)
        return None
    mine = own(turn)
    level = [area for area in mine if turn.town.area(area).kind == turn.town.area(mine[0]).kind]
    found = [area for area in meant if _theirs(turn, area)] or meant or level
    if len(found) == 1:
        return found[0]
    _which(turn, found, key, "summary.which_area")
    return None


def _one_of(turn: Turn, asked: Asked, key: str) -> None:
    """Several places: those of them that the speaker may look at, one at a time."""
    every = dict.fromkeys([*asked.areas, *(area for _, areas in asked.also for area in areas)])
    if theirs := [area for area in every if _theirs(turn, area)]:
        _which(turn, theirs, key, "summary.one_place")
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


def _theirs(turn: Turn, area: str) -> bool:
    """Whether the speaker may look at an area; an estate may lie in several, and is looked for in theirs."""
    return area.startswith(ESTATE) or access.may_look(turn.person, AreaId(area), turn.town.within)


def _narrowed(turn: Turn, asked: Asked) -> list[str] | None:
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


# ---- when -----------------------------------------------------------------------------------------------------------------


def stretch(turn: Turn, area: str, first: date, last: date) -> Stretch:
    """The days as moments."""
    zone = turn.policy.calendar.zone
    return Stretch(turn.town.area(area), datetime.combine(first, time(), zone), datetime.combine(last + DAY, time(), zone))


def period(turn: Turn, view: View) -> Period:
    """The days of a view as a period, over or not."""
    return Period(view.first, view.last, view.words, view.last < local(turn).date())


def days(first: date, last: date, today: date) -> str:
    """11月1日–30日; another year is named."""
    year = f"{first.year}年" if first.year != today.year else ""
    begin = f"{year}{first.month}月{first.day}日"
    if first == last:
        return begin
    further = f"{last.year}年" if last.year != first.year else ""
    month = f"{last.month}月" if (last.month, last.year) != (first.month, first.year) else ""
    return f"{begin}–{further}{month}{last.day}日"


def what(turn: Turn, view: View) -> str:
    """锦绣苑 供暖 紧急, or nothing: which cases are meant."""
    words = load()
    told = [overview.estate_name(turn.conn, view.estate) if view.estate else "", word("category", view.category) if view.category else ""]
    sections = {"topic": "topic", "urgency": "only_urgency", "channel": "only_channel", "origin": "only_origin"}
    told += [words[section].get(value, "") for kind, section in sections.items() if (value := getattr(view, kind))]
    return " ".join(each for each in told if each)
