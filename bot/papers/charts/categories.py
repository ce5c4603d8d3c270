"""What the cases were about: a bar a category, beside how many there were before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.papers.charts import look
from bot.papers.words import say, signed


@dataclass(frozen=True, slots=True)
class Bar:
    """A category's name, cases now and before."""

    name: str
    count: int
    before: int


@dataclass(frozen=True, slots=True)
class Categories:
    area: str
    period: str
    compared: str
    bars: Sequence[Bar]

    @property
    def alone(self) -> bool:
        """Whether nothing was counted before: then there is nothing to compare with."""
        return not any(bar.before for bar in self.bars)


TICK: look.Spec = {
    "mark": {"type": "tick", "color": look.RED, "thickness": 3},
    "encoding": {"x": {"field": "before", "type": "quantitative"}},
}


def spec(data: Categories, width: int = look.PHONE) -> look.Spec:
    """The number now and the change at each bar's end; a tick where it stood before."""
    rows = [
        {"name": bar.name, "count": bar.count, "before": bar.before, "end": max(bar.count, bar.before),
         "label": str(bar.count) if data.alone else f"{bar.count}（{signed(bar.count - bar.before)}）"}
        for bar in data.bars
    ]
    sort = [bar.name for bar in data.bars]
    most = max([1, *(max(bar.count, bar.before) for bar in data.bars)])
    count = look.count_axis() | {"scale": {"domain": [0, most * 1.5]}}
    return look.chart(
        say("chart.categories_alone" if data.alone else "chart.categories", area=data.area, compared=data.compared),
        rows,
        width,
        look.beside(sort, width),
        height=look.bars(len(rows)),
        encoding={
            "y": look.name_axis(width, sort=sort), "x": count,
            "tooltip": look.tips(name=say("chart.tip_category"), count=data.period, before=data.compared),
        },
        layer=[{"mark": {"type": "bar", "color": look.SKY}}, *([] if data.alone else [TICK]), look.number_beside()],
    )


def told(data: Categories) -> str:
    """In words, the most frequent first."""
    if not data.bars:
        return say("chart.categories_none", area=data.area, period=data.period)
    if data.alone:
        bare = "；".join(say("chart.category_alone", name=bar.name, count=bar.count) for bar in data.bars)
        return say("chart.categories_told_alone", area=data.area, period=data.period, list=bare)
    each = "；".join(
        say("chart.category_told", name=bar.name, count=bar.count, change=signed(bar.count - bar.before)) for bar in data.bars
    )
    return say("chart.categories_told", area=data.area, period=data.period, compared=data.compared, list=each)


def table(data: Categories) -> look.Table:
    """In numbers."""
    return (say("chart.tip_category"), data.period, data.compared), [(bar.name, bar.count, bar.before) for bar in data.bars]
