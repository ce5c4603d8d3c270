"""The areas below beside each other: how many cases each had, and how many of them are still open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.papers.charts import look
from bot.papers.words import say

MOST = 20


@dataclass(frozen=True, slots=True)
class Line:
    """An area's name, its cases, and those of them that are open."""

    name: str
    filed: int
    open: int


@dataclass(frozen=True, slots=True)
class Areas:
    area: str
    period: str
    lines: Sequence[Line]


def spec(data: Areas, width: int = look.PHONE) -> look.Spec:
    """Stacked bars: over, and still open. Those with most cases, at most MOST of them."""
    shown = sorted(data.lines, key=lambda line: -line.filed)[:MOST]
    over, still = say("chart.over"), say("chart.open")
    rows = [
        {"name": line.name, "which": which, "count": count, "order": order}
        for line in shown
        for order, (which, count) in enumerate(((over, line.filed - line.open), (still, line.open)))
    ]
    return look.chart(
        say("chart.areas", area=data.area),
        rows,
        width,
        look.beside([line.name for line in shown], width),
        height=look.bars(len(shown), 22),
        mark={"type": "bar"},
        encoding={
            "y": look.name_axis(width, sort=[line.name for line in shown]),
            "x": look.count_axis(title=say("chart.cases")),
            "color": {"field": "which", "type": "nominal", "scale": {"domain": [over, still], "range": [look.SKY, look.ORANGE]}},
            "order": {"field": "order", "type": "quantitative"},
            "tooltip": look.tips(name=say("chart.tip_area"), which=say("chart.tip_which"), count=say("chart.cases")),
        },
    )


def told(data: Areas) -> str:
    """In words, those with most first."""
    some = [line for line in sorted(data.lines, key=lambda line: -line.filed) if line.filed]
    if not some:
        return say("chart.areas_none", area=data.area, period=data.period)
    each = "；".join(say("chart.area_told", name=line.name, filed=line.filed, open=line.open) for line in some[:MOST])
    more = say("chart.areas_more", count=len(some) - MOST) if len(some) > MOST else ""
    return say("chart.areas_told", area=data.area, period=data.period, list=each) + more


def table(data: Areas) -> look.Table:
    """In numbers, in the order in which they come."""
    return (say("chart.tip_area"), say("chart.cases"), say("chart.open")), [(line.name, line.filed, line.open) for line in data.lines]
