"""How long a chart takes once the drawing child is warm: `python -m benchmarks.charts`. Printed, never asserted."""

from __future__ import annotations

import random
from datetime import date
from statistics import median
from time import perf_counter

from bot.papers.charts import categories, trend
from bot.papers.drawing import Drawer

ROUNDS = 30


def main() -> None:
    """The first chart, then the median and the slowest of the following ones."""
    dice = random.Random(1)
    step, starts = trend.stepped(date(2026, 10, 1), date(2026, 10, 31))
    days = [[dice.randint(0, 40) for _ in starts] for _ in range(2)]
    bars = [categories.Bar(f"类别{n}", dice.randint(1, 90), dice.randint(1, 90)) for n in range(11)]
    specs = {
        "trend": trend.spec(trend.Trend(starts, *days, step, "恒安新区", "2026年10月", "2026年9月")),
        "categories": categories.spec(categories.Categories("恒安新区", "2026年10月", "2026年9月", bars)),
    }
    drawer = Drawer()
    begun = perf_counter()
    drawer.warm()
    print(f"child started and warm: {perf_counter() - begun:.2f} s")
    for name, spec in specs.items():
        times = []
        for _ in range(ROUNDS):
            begun = perf_counter()
            size = len(drawer.png(spec))
            times.append(1000 * (perf_counter() - begun))
        print(f"{name:12} first {times[0]:6.0f} ms   median {median(times[1:]):6.0f} ms   slowest {max(times[1:]):6.0f} ms   {size / 1000:.0f} KB")
    drawer.close()


if __name__ == "__main__":
    main()
