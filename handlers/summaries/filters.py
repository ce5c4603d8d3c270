"""What the board's address asks for: an area, a time in plain words or on a calendar, a category, struck-out cases in or out.

What cannot be shown is said kindly, and this month is shown instead; only an area that is not the reader's, or none at all, is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from casework import access
from casework.case import AreaId
from handlers.summaries import areas, looking
from handlers.texts import load, local, text_of
from handlers.turn import Turn
from nlp.periods import EARLIEST, Period, beside_period, month_of, read_period
from storage import overview

NAMED: Final = {"week": "本周", "month": "本月", "last_month": "上月"}
OWN: Final = "own"
LONGEST: Final = 40


class Refused(Exception):
    """The area is not the reader's (`known`), or there is none of this id; `say` tells it."""

    def __init__(self, known: bool, say: str) -> None:
        super().__init__(say)
        self.known, self.say = known, say


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked at. `name` and `said`: how the time was chosen, to be put into the form again; `problem`: what was not understood."""

    area: Any
    period: Period
    name: str
    said: str = ""
    since: str = ""
    until: str = ""
    category: str = ""
    with_struck_out: bool = False
    problem: str = ""

    def query(self, **other: str) -> dict[str, str]:
        """The same as it stands in an address, with something else in place."""
        given = {
            "area": str(self.area.id), "period": self.name, "words": "" if self.problem else self.said, "from": self.since, "to": self.until,
            "category": self.category, "struck": "yes" if self.with_struck_out else "",
        }  # fmt: skip
        return {name: value for name, value in (given | other).items() if value and (name, value) != ("period", "month")}


def read(turn: Turn, asked: Mapping[str, str]) -> Filters:
    """Refused when the area is none of theirs."""
    area = _area(turn, asked.get("area", ""))
    period, problem = _period(turn, asked)
    category = asked.get("category", "")
    if category and category not in load()["category"]:
        category, problem = "", problem or text_of("board.no_category")
    own = _this_month(turn) if period is None else period
    return Filters(
        area, own, *_chosen(asked, period), category=category, with_struck_out=asked.get("struck", "") == "yes", problem=problem
    )


def _area(turn: Turn, asked: str) -> Any:
    """The area that is asked for, else the highest of the reader's own."""
    rows = {row.id: row for row in overview.areas(turn.conn)}
    if not asked:
        return rows[areas.own(turn)[0]]
    if asked not in rows:
        raise Refused(False, text_of("board.no_area"))
    if not access.may_look(turn.person, AreaId(asked), turn.town.within):
        raise Refused(True, text_of("board.not_yours").format(own=areas.names(turn, areas.own(turn))))
    return rows[asked]


def _chosen(asked: Mapping[str, str], period: Period | None) -> tuple[str, str, str, str]:
    """The name of the time, the words, and the two days, as far as they were understood."""
    name, said = _name(asked), asked.get("words", "").strip()[:LONGEST]
    if period is None:
        return "month", said, "", ""
    if said:
        return "month", said, "", ""
    if name == OWN:
        return OWN, "", period.first.isoformat(), period.last.isoformat()
    return (name if name in NAMED else "month"), "", "", ""


def _period(turn: Turn, asked: Mapping[str, str]) -> tuple[Period | None, str]:
    """The days, or None and why not. Words go before a choice: whoever writes them means them."""
    today = local(turn).date()
    said, name = asked.get("words", "").strip()[:LONGEST], _name(asked)
    if said:
        return _in_words(said, today)
    if name == OWN:
        return _own(asked.get("from", ""), asked.get("to", ""), today)
    if name not in NAMED:
        return None, text_of("board.no_period").format(words=name[:LONGEST])
    found = read_period(NAMED[name], today)
    assert isinstance(found, Period)
    return found, ""


def _name(asked: Mapping[str, str]) -> str:
    """Which time is meant. Whoever gives two days and leaves the choice as it was means the days; who chooses anew means the choice."""
    name = asked.get("period", "")
    days = bool(asked.get("from") and asked.get("to"))
    return OWN if days and name == asked.get("was", "") else name or "month"


def _in_words(said: str, today: date) -> tuple[Period | None, str]:
    found = read_period(said, today)
    if found is None or (isinstance(found, Period) and beside_period(said)):
        return None, text_of("board.no_period").format(words=said)
    if isinstance(found, Period):
        return found, ""
    return None, text_of(f"summary.{found}")


def _own(since: str, until: str, today: date) -> tuple[Period | None, str]:
    try:
        first, last = date.fromisoformat(since), date.fromisoformat(until)
    except ValueError:
        return None, text_of("board.two_days")
    if first < EARLIEST:
        return None, text_of("summary.no_such")
    if first > last:
        return None, text_of("summary.backwards")
    if first > today:
        return None, text_of("summary.future")
    last = min(last, today)
    return Period(first, last, looking.days(first, last, today), last < today), ""


def _this_month(turn: Turn) -> Period:
    today = local(turn).date()
    return Period(month_of(today)[0], today, text_of("summary.this_month"), False)
