"""值班覆盖率: in how many of the hours somebody was rostered, by day and by night, and which areas have hours without anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Final

from casework.case import AreaId
from casework.coverage import Covered
from casework.missing.duty import shares
from casework.rates import Rate
from handlers.summaries import looking
from handlers.summaries.looking import DAY, View, look
from handlers.texts import local, text_of
from handlers.turn import Turn
from storage import missing, overview

AREAS: Final = 12
Shares = dict[AreaId, Covered]


def coverage(turn: Turn, rest: str = "") -> None:
    """值班覆盖率, 上个月值班覆盖率: of the speaker's area, or of the one that is named."""
    if not looking.may_ask(turn):
        return
    view = looking.view(turn, looking.heard(turn, rest), "coverage")
    if view is not None:
        show(turn, view)


def show(turn: Turn, view: View) -> None:
    """The area of a view, and those below it in their own order."""
    view = replace(view, level="coverage")
    area, span = turn.town.area(view.area), known(turn, view)
    days = looking.days(view.first, view.last, local(turn).date())
    if span is None:
        turn.ask("summary.coverage_none", question="summary", awaited=False, options=looking.back(view), area=area.name, days=days)
        return
    found = _shares(turn, view, span)
    rows = overview.below(turn.conn, area)
    told = [(row, _within(turn, found, row.id)) for row in rows]
    lines = [_hours(turn, sum(found.values(), Covered())), *(_line(row.name, each) for row, each in told)]
    if span[0] > view.first:
        lines.append(text_of("summary.coverage_since").format(day=looking.days(span[0], span[0], local(turn).date())))
    ways = [look(view.deeper(area=row.id, level="coverage"), row.name) for row in rows[:AREAS] if row.kind != "grid"]
    turn.ask("summary.coverage", question="summary", awaited=False, options=[*ways, *looking.back(view)], area=area.name, days=days,
             lines="\n".join(lines))


def line(turn: Turn, view: View) -> list[str]:
    """The one line that stands beside the rates; none where nothing is known."""
    span = known(turn, view)
    if span is None:
        return []
    return [text_of("summary.coverage_rates").format(hours=_hours(turn, sum(_shares(turn, view, span).values(), Covered())))]


def known(turn: Turn, view: View) -> tuple[date, date] | None:
    """The days of a view of which a roster is kept: none before the first post was filled, none ahead."""
    since = missing.staffed_since(turn.conn)
    if since is None:
        return None
    first = max(view.first, since.astimezone(turn.policy.calendar.zone).date())
    return (first, view.last) if first <= view.last else None


def _shares(turn: Turn, view: View, span: tuple[date, date]) -> Shares:
    first, days = span[0], (span[1] - span[0]) // DAY + 1
    return shares(missing.duty(turn.conn, first, days), AreaId(view.area), first, days, turn.policy.calendar)


def _within(turn: Turn, found: Shares, area: str) -> Covered:
    return sum((each for grid, each in found.items() if turn.town.within(grid, AreaId(area))), Covered())


def _hours(turn: Turn, found: Covered) -> str:
    """Both, with the hours behind them."""
    calendar = turn.policy.calendar
    dawn, dusk = _clock(calendar.night_until), _clock(calendar.night_from)
    return text_of("summary.coverage_hours").format(day=_share(found.day), night=_share(found.night), dawn=dawn, dusk=dusk)


def _line(name: str, found: Covered) -> str:
    """The area's two shares, and the hours by day that were empty."""
    empty = found.day.of - found.day.good
    more = text_of("summary.coverage_empty").format(hours=hours(empty)) if empty else ""
    return text_of("summary.coverage_line").format(name=name, day=percent(found.day), night=percent(found.night)) + more


def _share(rate: Rate) -> str:
    if not rate.of:
        return text_of("summary.no_rate")
    return text_of("summary.rate_hours").format(percent=percent(rate), good=hours(rate.good), of=hours(rate.of))


def percent(rate: Rate) -> str:
    """98.2%, 100%; never rounded up to the whole."""
    if not rate.of:
        return text_of("summary.no_rate")
    return f"{rate.good * 1000 // rate.of / 10:.1f}".removesuffix(".0") + "%"


def hours(minutes: float) -> str:
    """Of so many minutes."""
    return f"{minutes / 60:.1f}".removesuffix(".0")


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"
