"""Cases filed over time, beside the same stretch before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.papers.charts import look
from bot.papers.words import day, say, signed

DAILY = 45
"""Up to so many days a point is a day, then a week, then a month."""
WEEKLY = 200


@dataclass(frozen=True, slots=True)
class Trend:
    """`now` and `before`: counts of each point, in order; `starts`: the first day of each point of now. `step`: day, week or month. `more`:
    the first days of the points that before has besides, where it is longer (October beside November)."""

    starts: Sequence[date]
    now: Sequence[int]
    before: Sequence[int]
    step: str
    area: str
    period: str
    compared: str
    more: Sequence[date] = ()


def further(starts: Sequence[date], first: date, last: date) -> Sequence[date]:
    """Where the points of these days begin that go further than those of `starts`."""
    return stepped(first, last)[1][len(starts):]


def stepped(first: date, last: date) -> tuple[str, list[date]]:
    """How wide a point is for these days, and where each begins."""
    days = (last - first).days + 1
    if days > WEEKLY:
        return "month", [date(at // 12, at % 12 + 1, 1) for at in range(_month(first), _month(last) + 1)]
    width = 1 if days <= DAILY else 7
    return ("day" if width == 1 else "week"), [first + timedelta(days=n) for n in range(0, days, width)]


def summed(by_day: Mapping[date, int], first: date, last: date) -> list[int]:
    """The counts of each point."""
    step, starts = stepped(first, last)
    found = dict.fromkeys(starts, 0)
    for at, count in by_day.items():
        if first <= at <= last:
            begin = at.replace(day=1) if step == "month" else at - timedelta(days=(at - first).days % (7 if step == "week" else 1))
            found[begin if begin in found else starts[0]] += count
    return [found[start] for start in starts]


def _month(at: date) -> int:
    return at.year * 12 + at.month - 1


def spec(data: Trend, width: int = look.PHONE) -> look.Spec:
    """Two lines, told apart by dashes as well as by colour."""
    names = (data.period, data.compared)
    rows = [
        {"n": n, "at": _label(start, data.step), "count": count, "which": name}
        for name, counts in zip(names, (data.now, data.before), strict=True)
        for n, (start, count) in enumerate(zip(data.starts, counts, strict=False))
    ]
    scale = {"domain": list(names), "range": [look.BLUE, look.GREY]}
    if len(data.starts) == 1:
        return _one(data, rows, scale, width)
    every = max(1, len(data.starts) // 6)
    return look.chart(
        say(f"chart.trend_{data.step}", area=data.area),
        rows,
        width,
        44 if data.step == "day" else 50,
        height=160,
        mark={"type": "line", "point": {"size": 18}, "strokeJoin": "round"},
        encoding={
            "x": {"field": "n", "type": "ordinal", "title": None, "axis": {
                "labelAngle": 0, "labelOverlap": "greedy", "values": list(range(0, len(data.starts), every)),
                "labelExpr": f"{[_label(s, data.step) for s in data.starts]}[datum.value]"}},
            "y": look.count_axis(title=say("chart.cases"), most=max((*data.now, *data.before), default=0)),
            "color": {"field": "which", "type": "nominal", "scale": scale, "legend": {"symbolType": "stroke", "symbolSize": 500}},
            "tooltip": look.tips(which=say("chart.tip_time"), at=say("chart.tip_day"), count=say("chart.cases")),
            "strokeDash": {"field": "which", "type": "nominal", "scale": {"domain": list(names), "range": [[1, 0], [5, 4]]}},
        },
    )  # fmt: skip


def _one(data: Trend, rows: list[dict[str, object]], scale: look.Spec, width: int) -> look.Spec:
    """A line of one point is none: two bars, each with its number."""
    count = look.count_axis(title=say("chart.cases"), most=max((*data.now, *data.before), default=0))
    number = {"mark": {"type": "text", "dy": -8}, "encoding": {"text": {"field": "count", "type": "quantitative"}}}
    return look.chart(
        say(f"chart.trend_{data.step}", area=data.area),
        rows,
        width,
        44,
        height=160,
        encoding={
            "x": {"field": "which", "type": "nominal", "sort": scale["domain"], "title": None, "axis": {"labelAngle": 0}},
            "y": count,
            "tooltip": look.tips(which=say("chart.tip_time"), at=say("chart.tip_day"), count=say("chart.cases")),
        },
        layer=[{"mark": {"type": "bar", "size": 60}, "encoding": {"color": {"field": "which", "type": "nominal", "scale": scale, "legend": None}}}, number],
    )


def _label(start: date, step: str) -> str:
    return say("unit.only_month", month=start.month) if step == "month" else f"{start.month}-{start.day}"


def told(data: Trend) -> str:
    """In words: how many, the highest and the lowest point, and against before."""
    whole, before = sum(data.now), sum(data.before)
    if not whole:
        return say("chart.trend_none", area=data.area, period=data.period, compared=data.compared, before=before)
    change = signed(whole - before)
    if len(data.starts) == 1:
        return say("chart.trend_told_one", area=data.area, period=data.period, count=whole, compared=data.compared, before=before, change=change)
    top = max(range(len(data.now)), key=lambda n: data.now[n])
    words = {"day": day, "week": lambda at: say("chart.week_from", day=day(at)), "month": lambda at: say("unit.only_month", month=at.month)}
    return say(
        "chart.trend_told", area=data.area, period=data.period, count=whole, top=words[data.step](data.starts[top]),
        most=data.now[top], compared=data.compared, before=before, change=change,
    )  # fmt: skip


def table(data: Trend) -> look.Table:
    """In numbers: each point beside the one so far into the time before; then, by their own days, those of before that have none beside them."""
    rows = [
        (_label(start, data.step), data.now[n] if n < len(data.now) else "", data.before[n] if n < len(data.before) else "")
        for n, start in enumerate(data.starts)
    ]
    rows += [(_label(start, data.step), "", count) for start, count in zip(data.more, data.before[len(data.starts):], strict=True)]
    return (say("chart.tip_day"), data.period, data.compared), rows
