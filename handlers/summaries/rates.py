"""三率 in words, each with both of its numbers: 91%（10/11）."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from casework.effects import Option
from casework.rates import Rate, rates_of
from handlers.summaries import counted, coverage, looking
from handlers.summaries.looking import View
from handlers.texts import local, text_of
from handlers.turn import Turn
from nlp.periods import before, year_before
from storage import overview
from storage.overview import ANY

DATED: Final = re.compile(r"月\s*[0-9一二三四五六七八九十]|[-/.][0-9]{1,2}[-/.]|^[0-9]{1,2}[-/.][0-9]{1,2}")
"""Words for a stretch that name days of months: 10月1日到7日."""


def rate(one: Rate) -> str:
    """91%（10/11）; what cannot be known is not nought."""
    if one.value is None:
        return text_of("summary.no_rate")
    good = f"{one.good:.1f}".removesuffix(".0")
    return text_of("summary.rate").format(percent=f"{one.value * 100:.1f}".removesuffix(".0"), good=good, of=one.of)


def line(counters: Mapping[str, int]) -> str:
    """The three, in a line."""
    found = rates_of(counters)
    return text_of("summary.rates").format(
        response=rate(found.response), resolution=rate(found.resolution), satisfaction=rate(found.satisfaction)
    )


def chart(area: str, period: str, compared: str, now: Mapping[str, int], past: Mapping[str, int]) -> dict[str, Any]:
    """The picture that goes with them: what is counted, as it is drawn at delivery."""
    keys = ("response_of", "response_good", "answers", "solved", "graded", "satisfied", "mostly", "unanswered")
    counters = [{key: told.get(key, 0) for key in keys} for told in (now, past)]
    return {"area": area, "period": period, "compared": compared, "now": counters[0], "before": counters[1]}


def rates(turn: Turn, rest: str = "") -> None:
    """/rates: the three of an area and of the areas below it, in the order of their names, for no area is to be put to shame."""
    if not looking.may_ask(turn):
        return
    view = looking.view(turn, looking.heard(turn, rest), "rates")
    if view is not None:
        show(turn, view)


def show(turn: Turn, view: View) -> None:
    """The three rates of a view."""
    view = replace(view, level="rates")
    now = counted.whole(counted.by_category(turn, view))
    if not now["filed"]:
        empty(turn, view)
        return
    period = looking.period(turn, view)
    first, last = before(period)
    past, year = (counted.whole(counted.by_category(turn, view, days)) for days in ((first, last), year_before(period)))
    today, area = local(turn).date(), turn.town.area(view.area)
    three = rates_of(now)
    lines = [line(now)]
    if three.composite is not None:
        lines.append(text_of("summary.composite").format(percent=f"{three.composite * 100:.1f}"))
    lines += _beside(turn, view, now)
    if area.kind in ("community", "grid") and view.only == ANY:
        lines += coverage.line(turn, view)
    lines.append(text_of("summary.rates_before").format(days=looking.days(first, last, today), line=line(past)))
    lines.append(text_of("summary.rates_year").format(line=line(year)) if year["filed"] else text_of("summary.no_year"))
    lines += [f"· {row.name}：{line(told)}" for row, told in _parts(turn, view)]
    drawn = chart(area.name, view.words, looking.days(first, last, today), now, past)
    ways = [Option("coverage", view.deeper().args()), *looking.back(view)]
    looking.picture(turn, "summary.picture", ("three_rates", drawn), ways, title=title(turn, view), lines="\n".join(lines))


def empty(turn: Turn, view: View) -> None:
    """Nothing was filed in that time, or nothing of what was meant: the stretch before, and back."""
    first, last = before(looking.period(turn, view))
    earlier = looking.look(view.deeper(first=first, last=last, words=looking.days(first, last, local(turn).date())), text_of("button.earlier"))
    key = "summary.empty" if view.only == ANY else "summary.empty_of"
    turn.ask(key, question="summary", awaited=False, title=title(turn, view), options=[earlier, *looking.back(view)])


def _beside(turn: Turn, view: View, now: Mapping[str, int]) -> list[str]:
    """Closed without an answer, and what is struck out of the figures: beside the rates, never inside them."""
    told = []
    if now["unanswered"]:
        told.append(text_of("summary.unanswered").format(count=now["unanswered"]))
    every = counted.whole(counted.by_category(turn, view, with_struck_out=True))
    if every["filed"] > now["filed"]:
        told.append(text_of("summary.with_struck").format(count=every["filed"] - now["filed"], line=line(every)))
    return told


def _parts(turn: Turn, view: View) -> list[tuple[Any, dict[str, int]]]:
    """The areas right below, those with cases."""
    rows = overview.below(turn.conn, turn.town.area(view.area))
    found = [(row, counted.whole(counted.by_category(turn, replace(view, area=row.id)))) for row in rows]
    return [(row, told) for row, told in found if told["filed"]]


def title(turn: Turn, view: View) -> str:
    """锦绣社区 供暖 本周（11月30日–12月1日）; days that were named by their dates are told once."""
    what = looking.what(turn, view)
    days = looking.days(view.first, view.last, local(turn).date())
    words = days if DATED.search(view.words) else view.words
    said = text_of("summary.title").format(area=turn.town.area(view.area).name, what=f" {what}" if what else "", words=words, days=days)
    return said.replace(f"{days}（{days}）", days)
