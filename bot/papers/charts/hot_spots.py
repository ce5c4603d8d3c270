"""What is rising: cases now beside what the days before would have led to expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.papers.charts import look
from bot.papers.words import about, say


@dataclass(frozen=True, slots=True)
class Spot:
    """A place and topic in words, cases now, cases to be expected."""

    name: str
    now: int
    expected: float


@dataclass(frozen=True, slots=True)
class HotSpots:
    area: str
    period: str
    spots: Sequence[Spot]


def spec(data: HotSpots, width: int = look.PHONE) -> look.Spec:
    """A bar a hot spot, a tick at what was to be expected."""
    rows = [
        {"name": spot.name, "count": spot.now, "expected": spot.expected, "end": max(spot.now, spot.expected), "label": say("chart.hot_label", now=spot.now, expected=about(spot.expected))}
        for spot in data.spots
    ]
    most = max([1.0, *(max(spot.now, spot.expected) for spot in data.spots)])
    return look.chart(
        say("chart.hot", area=data.area),
        rows,
        width,
        look.beside([spot.name for spot in data.spots], width),
        height=look.bars(len(rows)),
        encoding={
            "y": look.name_axis(width, sort=[spot.name for spot in data.spots]), "x": look.count_axis() | {"scale": {"domain": [0, most * 1.7]}},
            "tooltip": look.tips(name=say("chart.tip_spot"), label=say("chart.cases")),
        },
        layer=[
            {"mark": {"type": "bar", "color": look.ORANGE}},
            {
                "mark": {"type": "tick", "color": look.BLUE, "thickness": 3},
                "encoding": {"x": {"field": "expected", "type": "quantitative"}},
            },
            look.number_beside(),
        ],
    )


def told(data: HotSpots) -> str:
    """In words, the surest first."""
    if not data.spots:
        return say("chart.hot_none", area=data.area, period=data.period)
    each = "；".join(say("chart.hot_told", name=s.name, now=s.now, expected=about(s.expected)) for s in data.spots)
    return say("chart.hots_told", area=data.area, period=data.period, list=each)


def table(data: HotSpots) -> look.Table:
    """In numbers."""
    headings = (say("chart.tip_spot"), data.period, say("chart.tip_expected"))
    return headings, [(spot.name, spot.now, about(spot.expected)) for spot in data.spots]
