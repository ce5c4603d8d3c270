"""The charts that messages and pages name: the name and plain data, as they stand in a row, to the chart's own values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import ModuleType
from typing import Any, Final

from bot.papers.charts import areas, categories, hot_spots, look, three_rates, trend
from casework.rates import rates_of

Data = Mapping[str, Any]


def _areas(data: Data) -> areas.Areas:
    return areas.Areas(data["area"], data["period"], [areas.Line(**line) for line in data["lines"]])


def _categories(data: Data) -> categories.Categories:
    bars = [categories.Bar(**bar) for bar in data["bars"]]
    return categories.Categories(data["area"], data["period"], data["compared"], bars)


def _hot_spots(data: Data) -> hot_spots.HotSpots:
    return hot_spots.HotSpots(data["area"], data["period"], [hot_spots.Spot(**spot) for spot in data["spots"]])


def _three_rates(data: Data) -> three_rates.ThreeRates:
    now, before = rates_of(data["now"]), rates_of(data["before"])
    return three_rates.ThreeRates(data["area"], data["period"], data["compared"], now, before)


def _trend(data: Data) -> trend.Trend:
    days = [date.fromisoformat(data[name]) for name in ("first", "last", "before_first", "before_last")]
    now, before = ({date.fromisoformat(at): n for at, n in data[name].items()} for name in ("by_day", "by_day_before"))
    step, starts = trend.stepped(days[0], days[1])
    return trend.Trend(
        starts, trend.summed(now, days[0], days[1]), trend.summed(before, days[2], days[3]), step, data["area"], data["period"],
        data["compared"], trend.further(starts, days[2], days[3]),
    )  # fmt: skip


NAMED: Final[Mapping[str, tuple[ModuleType, Callable[[Data], Any]]]] = {
    "areas": (areas, _areas), "categories": (categories, _categories), "hot_spots": (hot_spots, _hot_spots),
    "three_rates": (three_rates, _three_rates), "trend": (trend, _trend),
}  # fmt: skip


def spec_of(name: str, data: Data, width: int = look.PHONE) -> look.Spec:
    """The chart of this name; at the width of a phone, if nothing else is said."""
    module, made = NAMED[name]
    spec: look.Spec = module.spec(made(data), width)
    return spec


def told_of(name: str, data: Data) -> str:
    """The same in words."""
    module, made = NAMED[name]
    return str(module.told(made(data)))


def table_of(name: str, data: Data) -> look.Table:
    """The same in numbers."""
    module, made = NAMED[name]
    table: look.Table = module.table(made(data))
    return table
