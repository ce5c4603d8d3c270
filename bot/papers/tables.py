"""The tables of a report as rows of text and numbers, the first row the headings: the same in Word and in Excel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.papers.pack import Counted, Pack
from bot.papers.sentences import known, ranked
from bot.papers.words import NOTHING, counted, length, percent, say, signed
from casework.figures import CHANNELS, MEASURES, ORIGINS, quantile
from casework.rates import Rates, rates_of
from handlers.texts import word

Cell = str | int | float
Row = tuple[Cell, ...]
COUNTS = (
    "filed", "open", "emergency", "urgent", "answers", "solved", "partly", "unanswered", "withdrawn", "dismissed", "reopened",
    "coordinating",
)  # fmt: skip
RATES = ("response", "resolution", "satisfaction")


@dataclass(frozen=True, slots=True)
class Table:
    """A title, and rows of which the first is the head."""

    title: str
    rows: Sequence[Row]


def tables(pack: Pack) -> list[Table]:
    """All of them, in the order of the paper."""
    return [whole(pack), categories(pack), areas(pack), durations(pack), *_ways(pack)]


def whole(pack: Pack) -> Table:
    """The figures now, in the period before, and a year earlier."""
    then, year = known(pack.then), known(pack.year)
    rows: list[Row] = [_head("measure", "now", "before", "change", "year")]
    for name in COUNTS:
        now, before, earlier = (each.whole[name] for each in (pack.now, pack.then, pack.year))
        rows.append((say(f"row.{name}"), now, before if then else NOTHING, signed(now - before) if then else NOTHING, earlier if year else NOTHING))
    rows += [_rate_row(say(f"row.{name}"), [getattr(each.rates, name) for each in (pack.now, pack.then, pack.year)]) for name in RATES]
    rows.append((say("row.composite"), *_composites([each.rates for each in (pack.now, pack.then, pack.year)])))
    if pack.now.struck["filed"] or pack.then.struck["filed"]:
        rows += _struck(pack)
    return Table(say("table.whole"), rows)


def _head(*names: str) -> Row:
    return tuple(say(f"column.{name}") for name in names)


def _rate_row(name: str, three: Sequence[object]) -> Row:
    now, before, year = (counted(rate) for rate in three)  # type: ignore[arg-type]
    return (name, now, before, "", year)


def _composites(three: Sequence[Rates]) -> Row:
    now, before, year = (percent(rates.composite) for rates in three)
    return (now, before, "", year)


def _struck(pack: Pack) -> list[Row]:
    """The struck-out cases, and the rates with them."""
    every = (pack.now, pack.then, pack.year)
    now, before, year = (each.struck["filed"] for each in every)
    rows: list[Row] = [(say("row.struck"), now, before, signed(now - before), year)]
    for name in RATES:
        rows.append(_rate_row(say("row.with_struck", name=say(f"row.{name}")), [getattr(each.rates_with_struck, name) for each in every]))
    return rows


def categories(pack: Pack) -> Table:
    """Each category: cases, share, change, and its own rates."""
    before, whole_ = dict(ranked(pack.then)), pack.now.whole["filed"]
    rows: list[Row] = [_head("category", "filed", "share", "before", "change", "open", *RATES)]
    for name, count in ranked(pack.now):
        counters = pack.now.categories[name]
        was = before.get(name, 0)
        rows.append((
            word("category", name), count, percent(count / whole_), was, signed(count - was), counters["open"], *_rates(rates_of(counters)),
        ))  # fmt: skip
    return Table(say("table.categories"), rows)


def _rates(rates: Rates) -> Row:
    return tuple(counted(getattr(rates, name)) for name in RATES)


def areas(pack: Pack) -> Table:
    """The areas below, in their own order: no ranking."""
    rows: list[Row] = [_head("name", "filed", "open", *RATES)]
    rows += [(line.name, line.counters["filed"], line.counters["open"], *_rates(rates_of(line.counters))) for line in pack.areas]
    return Table(say("table.areas"), rows)


def durations(pack: Pack) -> Table:
    """The median and the ninetieth percentile of each wait."""
    rows: list[Row] = [_head("measure", "count", "half", "most")]
    for measure in MEASURES:
        buckets = pack.durations.get(measure, {})
        half, most = (length(quantile(buckets, share)) for share in (0.5, 0.9))
        rows.append((say(f"chart.{measure}"), sum(buckets.values()), half, most))
    return Table(say("table.durations"), rows)


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
