"""The charts of a report: which there are, of what, and what is said in their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.papers.charts import areas, categories, durations, hot_spots, look, three_rates, trend
from bot.papers.pack import Pack
from bot.papers.sentences import ranked
from casework.rates import Rates
from handlers.texts import word


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart to be drawn, under the heading that it belongs to, with the words for whoever cannot see it."""

    name: str
    spec: look.Spec
    told: str


def pictures(pack: Pack, width: int = look.PAPER) -> Iterator[Picture]:
    """The charts of which there is anything to see."""
    if pack.empty:
        return
    place = (pack.area, pack.stretch.name)
    line = _trend(pack)
    yield Picture("trend", trend.spec(line, width), trend.told(line))
    kinds = categories.Categories(*place, pack.before.name, _bars(pack))
    yield Picture("categories", categories.spec(kinds, width), categories.told(kinds))
    if _known(pack.now.rates):
        rates = three_rates.ThreeRates(*place, pack.before.name, pack.now.rates, pack.then.rates)
        yield Picture("rates", three_rates.spec(rates, width), three_rates.told(rates))
    lines = [areas.Line(each.name, each.counters["filed"], each.counters["open"]) for each in pack.areas]
    if len(lines) > 1:
        below = areas.Areas(*place, lines)
        yield Picture("areas", areas.spec(below, width), areas.told(below))
    if any(pack.durations.values()):
        waits = durations.Durations(*place, pack.durations, pack.waits)
        yield Picture("durations", durations.spec(waits, width), durations.told(waits))
    if pack.rising:
        hot = hot_spots.HotSpots(*place, [hot_spots.Spot(each.name, each.now, each.expected) for each in pack.rising])
        yield Picture("rising", hot_spots.spec(hot, width), hot_spots.told(hot))


def _trend(pack: Pack) -> trend.Trend:
    first, last = pack.so_far.first, pack.so_far.last  # days that are still to come are no noughts
    step, starts = trend.stepped(first, last)
    now = trend.summed(pack.days, first, last)
    before = trend.summed(pack.days_before, pack.before.first, pack.before.last)
    more = trend.further(starts, pack.before.first, pack.before.last)
    return trend.Trend(starts, now, before, step, pack.area, pack.stretch.name, pack.before.name, more)


def _bars(pack: Pack) -> list[categories.Bar]:
    before = dict(ranked(pack.then))
    now = dict(ranked(pack.now))
    names = [*now, *(name for name in before if name not in now)]
    return [categories.Bar(word("category", name), now.get(name, 0), before.get(name, 0)) for name in names]


def _known(rates: Rates) -> bool:
    return any(rate.of for rate in (rates.response, rates.resolution, rates.satisfaction))
