"""How long it took until somebody answered, and until the resident said that it is solved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.papers.charts import look
from bot.papers.words import length, say
from casework.figures import GROWTH, MEASURES, Waits

STEPS = (60, 240, 1440, 4320, 10080)
"""Minutes at which one bar ends and the next begins: an hour, four, a day, three, a week."""


@dataclass(frozen=True, slots=True)
class Durations:
    """`buckets`: by measure, how many cases fall into each bucket of casework.figures. `waits`: what is said of them."""

    area: str
    period: str
    buckets: Mapping[str, Mapping[int, int]]
    waits: Mapping[str, Waits]


def stepped(buckets: Mapping[int, int]) -> list[int]:
    """How many cases took up to an hour, four hours, a day, three days, a week, longer. A bucket counts where its middle lies."""
    found = [0] * (len(STEPS) + 1)
    for number, cases in buckets.items():
        middle = 0.5 if number == 0 else GROWTH ** (number - 0.5)
        found[sum(middle > step for step in STEPS)] += cases
    return found


def spec(data: Durations, width: int = look.PHONE) -> look.Spec:
    """Shares of the cases, one row of bars a measure."""
    names = [say(f"chart.step_{n}") for n in range(len(STEPS) + 1)]
    rows = []
    for measure in MEASURES:
        counts = stepped(data.buckets.get(measure, {}))
        whole = sum(counts) or 1
        rows += [
            {"step": name, "measure": say(f"chart.{measure}"), "share": count / whole, "label": str(count or "")}
            for name, count in zip(names, counts, strict=True)
        ]
    share = {"field": "share", "type": "quantitative", "title": None, "axis": {"format": ".0%", "tickCount": 4}, "scale": {"domain": [0, 1]}}
    bar = {
        "height": 90,
        "width": width - 60,
        "encoding": {"x": {"field": "step", "type": "nominal", "sort": names, "title": None, "axis": {"labelAngle": 0, "labelLimit": 52}}, "y": share},
        "layer": [
            {"mark": {"type": "bar", "color": look.GREEN}},
            {"mark": {"type": "text", "dy": -7}, "encoding": {"text": {"field": "label", "type": "nominal"}}},
        ],
    }
    header = {"title": None, "labelAnchor": "start", "labelFontSize": 12, "labelAngle": 0, "labelOrient": "top"}
    order = [say(f"chart.{measure}") for measure in MEASURES]
    facet = {"field": "measure", "type": "nominal", "header": header, "sort": order}
    framed = look.chart(say("chart.durations", area=data.area), rows, width, facet={"row": facet}, spec=bar)
    del framed["width"]  # a facet has none of its own
    return framed


def told(data: Durations) -> str:
    """In words: the median and the ninetieth percentile of each."""
    each = []
    for measure in MEASURES:
        found = data.waits.get(measure)
        each.append(say("chart.duration_told", name=say(f"chart.{measure}"), count=found.count if found else 0, told=_told(found)))
    return say("chart.durations_told", area=data.area, period=data.period, list="；".join(each))


def _told(found: Waits | None) -> str:
    if found is None:
        return say("chart.no_data")
    return length(found.half) if found.count == 1 else say("chart.half_and_most", half=length(found.half), most=length(found.most))
