"""The charts that messages of a chat name: the name and plain data, as they stand in a row, to the chart's own values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.papers.charts import areas, categories, hot_spots, look, three_rates
from casework.rates import rates_of

Data = Mapping[str, Any]


def _areas(data: Data) -> look.Spec:
    return areas.spec(areas.Areas(data["area"], data["period"], [areas.Line(**line) for line in data["lines"]]))


def _categories(data: Data) -> look.Spec:
    bars = [categories.Bar(**bar) for bar in data["bars"]]
    return categories.spec(categories.Categories(data["area"], data["period"], data["compared"], bars))


def _hot_spots(data: Data) -> look.Spec:
    return hot_spots.spec(hot_spots.HotSpots(data["area"], data["period"], [hot_spots.Spot(**spot) for spot in data["spots"]]))


def _three_rates(data: Data) -> look.Spec:
    now, before = rates_of(data["now"]), rates_of(data["before"])
    return three_rates.spec(three_rates.ThreeRates(data["area"], data["period"], data["compared"], now, before))


NAMED: Final[Mapping[str, Callable[[Data], look.Spec]]] = {
    "areas": _areas, "categories": _categories, "hot_spots": _hot_spots, "three_rates": _three_rates,
}  # fmt: skip


def spec_of(name: str, data: Data) -> look.Spec:
    """The chart of this name, at the width of a phone."""
    return NAMED[name](data)
