"""The tables of a report as rows of text and numbers, the first row the headings: the same in Word and in Excel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.papers.pack import Counted, Pack
from bot.papers.sentences import known, not_solved, ranked
from bot.papers.words import NOTHING, about, counted, length, percent, say, share, signed
from casework.coverage import Covered
from casework.figures import CHANNELS, MEASURES, ORIGINS
from casework.rates import Rate, Rates, rates_of, reopen_rate
from handlers.texts import word

Cell = str | int | float
Row = tuple[Cell, ...]
COUNTS = (
    "filed", "open", "emergency", "urgent", "normal", "answers", "solved", "partly", "not_solved", "unanswered", "withdrawn", "dismissed", "reopened",
    "coordinating",
)  # fmt: skip
ALWAYS = ("filed", "open", "emergency", "urgent", "normal")
"""Of the others a row stands only where there is something to count."""
RATES = ("response", "resolution", "satisfaction")
DUTY = ("duty_day", "duty_night")
TOPICS, ESTATES, GRIDS = 15, 25, 25
"""So many rows stand in the document; the workbook has them all."""


@dataclass(frozen=True, slots=True)
class Table:
    """A title, and rows of which the first is the head. `most`: rows that stand in the document; the workbook has them all."""

    title: str
    rows: Sequence[Row]
    most: int = 1_000


def tables(pack: Pack) -> list[Table]:
    """All of them, in the order of the paper."""
    return [
        whole(pack), *months(pack), categories(pack), topics(pack), areas(pack), *estates(pack), *durations(pack), *_ways(pack),
        *gaps(pack),
    ]  # fmt: skip


def whole(pack: Pack) -> Table:
    """The figures now, in the period before, and a year earlier."""
    then, year, every = known(pack.then), known(pack.year), (pack.now, pack.then, pack.year)
    rows: list[Row] = [_head("measure", "now", "before", "change", "year")]
    for name in COUNTS:
        now, before, earlier = (_count(each, name) for each in every)
        if name not in ALWAYS and not (now or before or earlier):
            continue
        rows.append((say(f"row.{name}"), now, before if then else NOTHING, signed(now - before) if then else NOTHING, earlier if year else NOTHING))
    rows += [_rate_row(say(f"row.{name}"), [getattr(each.rates, name) for each in every]) for name in RATES]
    rows.append((say("row.composite"), *_composites([each.rates for each in every])))
    rows.append(_rate_row(say("row.reopen_rate"), [reopen_rate(each.whole) for each in every]))
    if pack.now.struck["filed"] or pack.then.struck["filed"]:
        rows += _struck(pack)
    return Table(say("table.whole"), rows if pack.has_year else [row[:4] for row in rows])


def _count(figures: Counted, name: str) -> int:
    counters = figures.whole
    if name == "normal":
        return counters["filed"] - counters["emergency"] - counters["urgent"]
    return not_solved(counters) if name == "not_solved" else counters[name]


def _head(*names: str) -> Row:
    return tuple(say(f"column.{name}") for name in names)


def _rate_row(name: str, three: Sequence[Rate]) -> Row:
    now, before, year = (counted(rate) for rate in three)
    return (name, now if three[0].of else say("rate.no_data"), before, "", year)


def _composites(three: Sequence[Rates]) -> Row:
    now, before, year = (NOTHING if rates.composite is None else say("rate.points", points=f"{rates.composite * 100:.1f}") for rates in three)
    return (now, before, "", year)


def _struck(pack: Pack) -> list[Row]:
    """The struck-out cases, and the rates with them."""
    every = (pack.now, pack.then, pack.year)
    now, before, year = (each.struck["filed"] for each in every)
    rows: list[Row] = [(say("row.struck"), now, before, signed(now - before), year)]
    for name in RATES:
        rows.append(_rate_row(say("row.with_struck", name=say(f"row.{name}")), [getattr(each.rates_with_struck, name) for each in every]))
    return rows


def months(pack: Pack) -> list[Table]:
    """Month by month, in a report of several."""
    rates = RATES if rated(pack) else ()
    rows: list[Row] = [_head("month", "filed", "open", *rates)]
    for month, counters in sorted(pack.months_of.items()):
        told = _rates(rates_of(counters)) if rates else ()
        rows.append((say("unit.month", year=month.year, month=month.month), counters["filed"], counters["open"], *told))
    return [Table(say("table.months"), rows)] if pack.months > 1 else []


def categories(pack: Pack) -> Table:
    """Each category: cases, share, change, and its own rates; without rates where nothing is known of any."""
    before, whole_ = dict(ranked(pack.then)), pack.now.whole["filed"]
    rates = RATES if rated(pack) else ()
    rows: list[Row] = [_head("category", "filed", "share", "before", "change", "open", *rates)]
    for name, count in ranked(pack.now):
        counters = pack.now.categories[name]
        rows.append((
            word("category", name), count, percent(count / whole_), *_before(pack, count, before.get(name, 0)), counters["open"],
            *(_rates(rates_of(counters)) if rates else ()),
        ))  # fmt: skip
    return Table(say("table.categories"), rows)


def rated(pack: Pack) -> bool:
    """Whether any of the three rates is known of the stretch."""
    return any(getattr(pack.now.rates, name).of for name in RATES)


def _before(pack: Pack, now: int, before: int) -> Row:
    """The count before and the change; dashes where nothing was counted before."""
    return (before, signed(now - before)) if known(pack.then) else (NOTHING, NOTHING)


def topics(pack: Pack) -> Table:
    """What the cases are about, the most frequent first; in a report of several months with the month that had most of it."""
    peak = pack.months > 1
    rows: list[Row] = [_head("topic", "category", "filed", "share", "before", "change", *(("peak",) if peak else ()))]
    whole_ = pack.now.whole["filed"]
    rows += [
        (each.topic, each.category, each.now, percent(each.now / whole_), *_before(pack, each.now, each.before), *((each.peak,) if peak else ()))
        for each in pack.topics
    ]
    return Table(say("table.topics"), rows, TOPICS)


def estates(pack: Pack) -> list[Table]:
    """The estates, in their own order, where residents name any."""
    rows: list[Row] = [_head("estate", "filed", "open")]
    rows += [(each.name or say("row.no_estate"), each.filed, each.open) for each in pack.estates]
    return [Table(say("table.estates"), rows, ESTATES)] if pack.estates else []


def _rates(rates: Rates) -> Row:
    return tuple(counted(getattr(rates, name)) for name in RATES)


def areas(pack: Pack) -> Table:
    """The areas below, in their own order: no ranking."""
    rates, duty = RATES if rated(pack) else (), DUTY if pack.covered else ()
    rows: list[Row] = [_head("name", "filed", "open", *rates, *duty)]
    for line in pack.areas:
        told = _rates(rates_of(line.counters)) if rates else ()
        rows.append((line.name, line.counters["filed"], line.counters["open"], *told, *(_duty(line.covered) if duty else ())))
    return Table(say("table.areas"), rows)


def _duty(covered: Covered | None) -> Row:
    """By day and by night, never rounded up to the whole."""
    return tuple(share(each) for each in (covered.day, covered.night)) if covered else (NOTHING,) * len(DUTY)


def gaps(pack: Pack) -> list[Table]:
    """The grids that had hours by day without anybody, where there are any."""
    rows: list[Row] = [_head("grid", *DUTY, "empty")]
    rows += [(each.name, *_duty(each.covered), about((each.covered.day.of - each.covered.day.good) / 60)) for each in pack.gaps]
    return [Table(say("table.gaps"), rows, GRIDS)] if pack.gaps else []


def durations(pack: Pack) -> list[Table]:
    """The median and the ninetieth percentile of each wait, where anything is known of any."""
    rows: list[Row] = [_head("measure", "count", "half", "most")]
    for measure in MEASURES:
        if (told := pack.waits.get(measure)) is None:
            rows.append((say(f"chart.{measure}"), 0, NOTHING, NOTHING))
        else:
            rows.append((say(f"chart.{measure}"), told.count, length(told.half), length(told.most) if told.count > 1 else NOTHING))
    return [Table(say("table.durations"), rows)] if pack.waits else []


def _ways(pack: Pack) -> list[Table]:
    """Where the cases came from, and by which channel."""
    return [
        _way(pack.now, "origin", "from", (*ORIGINS, "other"), say("table.origins")),
        _way(pack.now, "channel", "by", (*CHANNELS, "other"), say("table.channels")),
    ]


def _way(figures: Counted, section: str, prefix: str, names: Sequence[str], title: str) -> Table:
    found = [(say(f"{section}.{name}"), figures.whole[f"{prefix}_{name}"]) for name in names]
    rows: list[Row] = [_head(section, "count"), *((name, count) for name, count in found if count)]
    return Table(title, rows)
