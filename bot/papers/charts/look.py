"""What all charts share: size, font, and colours that people who confuse red and green can tell apart (Okabe and Ito 2008).

Colour is never the only mark: lines differ in their dashes too, bars carry their numbers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FONT = "Noto Sans SC"
PHONE = 360
"""Width in a chat, in CSS pixels; drawn at twice as many."""
PAPER = 560
PADDING = 10
NAMES = 0.36
"""Of the width, at most, for the names down the side."""
BLUE, ORANGE, GREEN, RED, SKY, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#6B6B6B"

DARK = {BLUE: "#56B4E9", GREY: "#C8C8C8", RED: "#FFB14A"}
"""Of the palette, those that cannot be seen on dark ground: as charts.js has them."""
INK, GRID, DOMAIN, WALL = "#f4f1ea", "#2f5a50", "#7fa79b", "#0a3a30"

Spec = dict[str, Any]
Row = Mapping[str, object]
Table = tuple[Sequence[str], Sequence[Sequence[object]]]
"""Headings and rows: the numbers of a chart, for whoever would rather read them."""


def chart(title: str, rows: Sequence[Row], width: int = PHONE, left: float = 40, **rest: Any) -> Spec:
    """The frame: title, data, font and sizes that can be read on a phone. `left`: what stands left of the bars, so that the whole is as
    wide as it should be; to let the library find that out doubles the time that a chart takes. A limit of labels costs a third: each is
    measured for it."""
    return {
        "$schema": SCHEMA,
        "title": {"text": title, "anchor": "start", "fontSize": 15, "fontWeight": "normal", "offset": 10},
        "data": {"values": list(rows)},
        "width": round(width - left - 2 * PADDING),
        "padding": PADDING,
        "background": "white",
        "config": {
            "font": FONT,
            "axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelFontWeight": "normal", "labelLimit": 0},
            "legend": {"labelFontSize": 12, "titleFontSize": 12, "orient": "top", "title": None, "labelLimit": 0},
            "text": {"fontSize": 12},
            "view": {"stroke": None},
        },
        **rest,
    }


def on_dark(spec: Spec) -> Spec:
    """The same for the hall's dark screen, as charts.js draws it there."""
    text = json.dumps(spec)
    for light, dark in DARK.items():
        text = text.replace(light, dark)
    made: Spec = json.loads(text)
    axis = {"labelColor": INK, "titleColor": INK, "gridColor": GRID, "domainColor": DOMAIN, "tickColor": DOMAIN}
    config = {"axis": axis, "legend": {"labelColor": INK}, "text": {"color": INK, "fill": INK}, "title": {"color": INK}}
    config = {name: made["config"].get(name, {}) | ink for name, ink in config.items()}
    return made | {"background": WALL, "config": made["config"] | config}


def bars(rows: int, each: int = 26, least: int = 52) -> int:
    """The height of so many horizontal bars."""
    return max(least, rows * each)


def beside(names: Iterable[str], width: int) -> float:
    """How wide the names down the side are, with their ticks: a Chinese character is as wide as it is high."""
    return min(width * NAMES, max((sum(12 if sign > "\u2e80" else 7 for sign in name) for name in names), default=0)) + 8


def name_axis(width: int, sort: Any = None) -> Spec:
    """Names down the side, in the order in which they come (`sort`); where one may be too long it is cut."""
    long = sort is None or beside(sort, width) >= width * NAMES
    return {"field": "name", "type": "nominal", "sort": sort, "title": None, "axis": {"labelLimit": width * NAMES if long else 0}}


FEW = 6


def count_axis(field: str = "count", title: str | None = None, most: float = FEW + 1) -> Spec:
    """Whole numbers from nought; each of them where there are few."""
    axis: Spec = {"tickMinStep": 1, "format": "d", "tickCount": 5}
    if most <= FEW:
        axis["values"] = list(range(math.ceil(most) + 1))
    return {"field": field, "type": "quantitative", "title": title, "axis": axis}


def tips(**fields: str) -> list[Spec]:
    """What is told of a mark on a page when one points at it: field -> its name."""
    return [{"field": field, "title": name} for field, name in fields.items()]


def number_beside(field: str = "label") -> Spec:
    """The number beside a bar, behind the tick too where that is further out (field `end`)."""
    place = {"x": {"field": "end", "type": "quantitative"}, "text": {"field": field, "type": "nominal"}}
    return {"mark": {"type": "text", "align": "left", "dx": 7}, "encoding": place}
