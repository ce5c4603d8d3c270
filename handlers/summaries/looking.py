"""Who asks about which area and when, said kindly where it cannot be: another's area, no such place, a day that lies ahead."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Final

from casework import access
from casework.case import AreaId
from casework.effects import Ask, Kind, Option
from handlers.summaries.areas import ESTATE, area_of, names, of_estate, own
from handlers.texts import load, local, text_of, word
from handlers.turn import Turn
from nlp import asked as reading
from nlp.asked import Area, Asked
from nlp.periods import Period, month_of
from nlp.places import spelling
from storage import overview
from storage.overview import Only, Stretch

DAY: Final = timedelta(days=1)
DEPTH: Final = 8
"""So many views above are remembered."""


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at: `level` is the whole, its parts or its cases; `up` the views above, the nearest last, to go back to. Of all
    cases, or only those of a category, topic, urgency, channel, origin or estate."""

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
        here = {name: value for name, value in self.args().items() if value and name != "up"}
        return replace(self, page=0, up=json.dumps([*above(self), here][-DEPTH:], ensure_ascii=False), **changed)


def view_of(args: Mapping[str, str]) -> View:
    """From a button's row."""
    told: dict[str, Any] = {each.name: args[each.name] for each in fields(View) if each.name in args}  # what is not said is as usual
    told |= {"first": date.fromisoformat(args["first"]), "last": date.fromisoformat(args["last"]), "page": int(args.get("page") or 0)}
    return View(**told)


def above(view: View) -> list[dict[str, str]]:
    """The views above it, the nearest last."""
    told = json.loads(view.up or "[]")
    return [told] if isinstance(told, dict) else told  # a button of before held the one above, and in it those above that


def look(view: View, name: str) -> Option:
    """A button that leads to a view."""
    return Option("look", view.args(), name)


def back(view: View) -> list[Option]:
    """The way up, where there is one."""
    *further, nearest = above(view) or [{}]
    if not nearest:
        return []
    return [look(view_of({"up": json.dumps(further, ensure_ascii=False) if further else "", **nearest}), text_of("button.back"))]


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


def may_look(turn: Turn, area: str) -> bool:
    """Whether an area is the speaker's to look at; says no kindly."""
    if access.may_look(turn.person, AreaId(area), turn.town.within):
        return True
    turn.say("summary.not_yours", area=turn.town.area(area).name, own=names(turn, own(turn)))
    return False


# ---- what was asked -------------------------------------------------------------------------------------------------------


@cache
def topics() -> dict[str, str]:
    """Name -> topic, of those that have a name of their own; 漏水、渗水 is called by either."""
    told = {topic: name for topic, name in load()["topic"].items() if topic not in ("none", "mentioned")}
    parts = {spelling(part): topic for topic, name in told.items() for part in name.split("、") if len(part) > 1}
    return parts | {spelling(name): topic for topic, name in told.items()}


BUILDING: Final = re.compile(r"[0-9a-z](?:号楼|号院|#|栋|幢|座|单元|号|室|楼)")
NOW_ONLY: Final = ("late", "hot", "staff")
"""What is asked of now or of the last days, whatever period is named."""
BY_PLACE: Final = ("hot", "staff", "coverage")
"""What is told of whole areas, whatever cases are named."""
COMPARING: Final = ("summary", "rates")
"""What tells of the stretch before, too."""


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
    meant = area_of(turn, asked, key)
    if meant is None:
        return None
    area, estate = of_estate(turn, meant.removeprefix(ESTATE), asked) if meant.startswith(ESTATE) else (meant, "")
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
