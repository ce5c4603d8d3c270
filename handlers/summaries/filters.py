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
WORDS, DAYS, CHOICE = "words", "days", "choice"


class Refused(Exception):
    """The area is not the reader's (`known`), or there is none of this id; `say` tells it."""

    def __init__(self, known: bool, say: str) -> None:
        super().__init__(say)
        self.known, self.say = known, say


@dataclass(frozen=True, slots=True)
class Filters:
    """What is looked at. `name` and `said`: how the time was chosen, to be put into the form again; `problem`: what was not understood;
    `unused`: what was filled in beside it, and is not gone by."""

    area: Any
    period: Period
    name: str
    said: str = ""
    since: str = ""
    until: str = ""
    category: str = ""
    with_struck_out: bool = False
    problem: str = ""
    unused: str = ""

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
    kind, left = _meant(asked)
    period, problem = _period(turn, asked, kind)
    category = asked.get("category", "")
    if category and category not in load()["category"]:
        category, problem = "", problem or text_of("board.no_category")
    own = _this_month(turn) if period is None else period
    return Filters(
        area, own, *_chosen(asked, kind, period), category=category, with_struck_out=asked.get("struck", "") == "yes", problem=problem,
        unused="" if period is None else _unused(asked, left, own),
    )  # fmt: skip


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


def _chosen(asked: Mapping[str, str], kind: str, period: Period | None) -> tuple[str, str, str, str]:
    """The name of the time, the words, and the two days, as far as they were understood."""
    if kind == WORDS:
        return "month", _words(asked), "", ""
    if period is None:
        return "month", "", "", ""
    if kind == DAYS:
        return OWN, "", period.first.isoformat(), period.last.isoformat()
    return asked.get("period", "") or "month", "", "", ""


def _words(asked: Mapping[str, str]) -> str:
    return asked.get("words", "").strip()[:LONGEST]


def _given(asked: Mapping[str, str]) -> dict[str, bool]:
    """In which ways a time is given, those that are meant more often first: words, two days, a choice; and whether it is another than what
    stood in the form (`was`). An address that no form has made changes all that it gives."""
    words, days, name = _words(asked), (asked.get("from", ""), asked.get("to", "")), asked.get("period", "")
    shown = (asked.get("was_from", ""), asked.get("was_to", ""))
    found = {WORDS: words != asked.get("was_words", "")} if words else {}
    if any(days) or name == OWN:
        found[DAYS] = days != shown or (name == OWN and asked.get("was", "") != OWN)
    if name and name != OWN:
        found[CHOICE] = "was" in asked and name != asked["was"]
    return found


def _meant(asked: Mapping[str, str]) -> tuple[str, list[str]]:
    """The way of giving a time that was used last, and the others that were used and are not gone by."""
    given = _given(asked)
    changed = [kind for kind, anew in given.items() if anew]
    kept = WORDS if WORDS in given else DAYS if asked.get("period", "") == OWN else CHOICE
    meant = next(iter(changed), kept)
    return meant, [kind for kind in given if kind != meant and (kind != CHOICE or kind in changed) and _filled(asked, kind)]


def _filled(asked: Mapping[str, str], kind: str) -> bool:
    """Whether there is something to be said of it: 自己定 without a day says nothing."""
    return kind != DAYS or bool(asked.get("from") or asked.get("to"))


def _unused(asked: Mapping[str, str], left: list[str], period: Period) -> str:
    """What was filled in and is not gone by, and what is instead."""
    if not left:
        return ""
    name, days = asked.get("period", ""), "–".join(filter(None, (asked.get("from", ""), asked.get("to", ""))))[: 2 * LONGEST]
    facts = {"words": _words(asked), "days": days, "name": NAMED.get(name, name[:LONGEST])}
    return text_of("board.unused").format(list="、".join(text_of(f"board.unused_{kind}").format(**facts) for kind in left), words=period.words)


def _period(turn: Turn, asked: Mapping[str, str], kind: str) -> tuple[Period | None, str]:
    """The days, or None and why not."""
    today = local(turn).date()
    if kind == WORDS:
        return _in_words(_words(asked), today)
    if kind == DAYS:
        return _own(asked.get("from", ""), asked.get("to", ""), today)
    name = asked.get("period", "") or "month"
    if name not in NAMED:
        return None, text_of("board.no_period").format(words=name[:LONGEST])
    found = read_period(NAMED[name], today)
    assert isinstance(found, Period)
    return found, ""


def _in_words(said: str, today: date) -> tuple[Period | None, str]:
    found = read_period(said, today)
    if found is None or (isinstance(found, Period) and beside_period(said)):
        return None, text_of("board.no_period").format(words=said)
    if isinstance(found, Period):
        return found, ""
    return None, text_of(f"summary.{found}")


def _own(since: str, until: str, today: date) -> tuple[Period | None, str]:
    """From a day to a day; to today, where only the first is given."""
    try:
        first, last = date.fromisoformat(since), date.fromisoformat(until) if until else max(today, date.fromisoformat(since))
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
