"""响应率 解决率 满意率, each with its two sides, beside the period before."""

from __future__ import annotations

from dataclasses import dataclass

from bot.papers.charts import look
from bot.papers.words import counted, percent, say
from casework.rates import Rates

NAMES = ("response", "resolution", "satisfaction")


@dataclass(frozen=True, slots=True)
class ThreeRates:
    area: str
    period: str
    compared: str
    now: Rates
    before: Rates


def spec(data: ThreeRates, width: int = look.PHONE) -> look.Spec:
    """A bar a rate with its numerator and denominator, a tick where it stood before. What cannot be known has no bar."""
    rows = []
    for name in NAMES:
        now, before = getattr(data.now, name), getattr(data.before, name)
        label = counted(now) if now.of else say("chart.no_data")
        rows.append({"name": say(f"rate.{name}"), "count": now.value or 0, "before": before.value, "end": max(now.value or 0, before.value or 0), "label": label, "was": counted(before)})
    share = {"field": "count", "type": "quantitative", "title": None, "scale": {"domain": [0, 1.7]}}
    axis = {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1], "domain": False}  # it ends at the whole: behind it stand the numbers
    return look.chart(
        say("chart.rates", area=data.area, compared=data.compared),
        rows,
        width,
        look.beside([str(row["name"]) for row in rows], width),
        height=look.bars(3, 34),
        encoding={
            "y": look.name_axis(width, sort=[str(row["name"]) for row in rows]), "x": share | {"axis": axis},
            "tooltip": look.tips(name=say("chart.tip_rate"), label=data.period, was=data.compared),
        },
        layer=[
            {"mark": {"type": "bar", "color": look.SKY}},
            {
                "transform": [{"filter": "isValid(datum.before)"}],
                "mark": {"type": "tick", "color": look.RED, "thickness": 3},
                "encoding": {"x": {"field": "before", "type": "quantitative"}},
            },
            look.number_beside(),
        ],
    )


def told(data: ThreeRates) -> str:
    """In words, each rate with both sides and what it was before."""
    each = "；".join(
        say(
            "chart.rate_told",
            name=say(f"rate.{name}"),
            now=counted(getattr(data.now, name)) if getattr(data.now, name).of else say("chart.no_data"),
            before=percent(getattr(data.before, name).value),
        )
        for name in NAMES
    )
    return say("chart.rates_told", area=data.area, period=data.period, compared=data.compared, list=each)


def table(data: ThreeRates) -> look.Table:
    """In numbers, each with both of its sides."""
    each = [(say(f"rate.{name}"), *(counted(getattr(rates, name)) for rates in (data.now, data.before))) for name in NAMES]
    return (say("chart.tip_rate"), data.period, data.compared), each
