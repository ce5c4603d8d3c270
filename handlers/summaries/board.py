"""What stands on the board (看板): the figures of storage.board put into names and rows, for whoever may look.

The hot spots and the roster take longer than all the rest and change slowly: they are made apart (`slow`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from casework import access
from casework.case import AreaId
from casework.rates import Rate, Rates, rates_of
from handlers.rosters import gaps
from handlers.summaries import hot, late, looking, rates
from handlers.summaries.filters import Filters
from handlers.texts import local, text_of, word
from handlers.turn import Turn
from nlp.periods import before
from storage import board, overview
from storage.board import Asked, Counters, FirstPage
from storage.board_statements import MOST
from storage.overview import Only

SHOWN: Final = 10
"""Late cases on the page; /overdue has the rest."""
EVIDENCE: Final = 3
THREE: Final = ("response", "resolution", "satisfaction")


@dataclass(frozen=True, slots=True)
class Line:
    """An area of the tree with its figures and the areas below it. `late`: how many are late now, None beside days that are over; `share`:
    each of the three rates, None where there is nothing."""

    id: str
    name: str
    filed: int
    open: int
    late: int | None
    share: Sequence[Rate]
    below: Sequence[Line] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """A rate beside that of the time before."""

    name: str
    now: Rate
    before: Rate


@dataclass(frozen=True, slots=True)
class Board:
    """All but what is slow. `month`: the rates of this month and of the last; `share`: those of the days that are looked at and of those
    before. `late` are those shown; `late_unread`: how many are late besides, which the reader is only told of.
    `charts`: name -> plain data, see bot.papers.charts.named."""

    title: str
    crumbs: Sequence[tuple[str, str]]
    glance: board.Glance
    month: Sequence[Beside]
    share: Sequence[Beside]
    filed: int
    filed_before: int
    compared: str
    open: int
    solved: int
    tree: Sequence[Line]
    charts: Mapping[str, Any]
    late: Sequence[late.Line]
    late_more: int
    late_unread: int


@dataclass(frozen=True, slots=True)
class Spot:
    """Something that rises, with some cases that the reader may read."""

    name: str
    now: int
    expected: float
    area: str
    evidence: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """Of the next days: how many grids there are, how many have nobody at some hours of the day (`days`), and where that is."""

    grids: int
    days: Sequence[tuple[date, int]]
    empty: Sequence[str]


@dataclass(frozen=True, slots=True)
class Slow:
    spots: Sequence[Spot]
    days: str
    chart: Mapping[str, Any]
    duty: Duty | None


def made(turn: Turn, filters: Filters, public: bool = False) -> Board:
    """The board of an area, for the speaker; or for everybody who comes by (`public`): then without any case."""
    asked = asked_of(filters)
    page = board.first_page(turn.conn, asked, turn.now, turn.policy, counts(turn, public), access.scope(turn.person), _doubtful(turn, asked, public))
    now, past = board.added(page.now.values()), board.added(page.before.values())
    compared = looking.days(*asked.before, local(turn).date())
    read = [] if public else late.in_order(turn, page.late)
    mine = late.readable(turn, read)
    parts = overview.parts_of(turn.conn, [case.id for _, case in mine[:SHOWN]])
    return Board(
        title=rates.title(turn, looking.View(asked.area, asked.first, asked.last, filters.period.words, category=asked.category)),
        crumbs=crumbs(turn, filters), glance=page.glance, month=beside(page.glance), share=besides(now, past),
        filed=now["filed"], filed_before=past["filed"], compared=compared, open=now["open"], solved=now["solved"],
        tree=_tree(filters.area.id, page, filters.period.last < local(turn).date()), charts=charts(turn, filters, page, now, past, compared),
        late=[late.told(turn, case, at, parts.get(case.id, ())) for at, case in mine[:SHOWN]],
        late_more=max(0, len(mine) - SHOWN), late_unread=max(0, page.glance.late - len(mine)),
    )  # fmt: skip


def asked_of(filters: Filters) -> Asked:
    """What is asked of storage: the days beside those before them."""
    period = filters.period
    return Asked(str(filters.area.id), period.first, period.last, before(period), filters.category, filters.with_struck_out)


def glance(turn: Turn, filters: Filters, public: bool = False) -> board.Glance:
    """The first lines alone."""
    asked = asked_of(filters)
    return board.glance(turn.conn, asked, turn.now, turn.policy, counts(turn, public), _doubtful(turn, asked, public))


def _doubtful(turn: Turn, asked: Asked, public: bool) -> tuple[int, frozenset[str]] | None:
    """Of which complaints about somebody has to be asked whether they count; in public none counts."""
    return None if public else access.doubtful(turn.person, AreaId(asked.area), turn.town.within)


def counts(turn: Turn, public: bool) -> board.Counts:
    """Which cases are in figures shown to the speaker; in public none that is about somebody."""
    if public:
        return lambda case: not case.accused.level
    return lambda case: access.counts(turn.person, case, turn.town.within)


def crumbs(turn: Turn, filters: Filters) -> list[tuple[str, str]]:
    """The areas above that are the speaker's too, the highest first, and the area itself."""
    chain = reversed(turn.town.chain(filters.area.id))
    return [(area, turn.town.area(area).name) for area in chain if access.may_look(turn.person, AreaId(area), turn.town.within)]


def beside(glance: board.Glance) -> list[Beside]:
    """The three rates of this month and of the last."""
    return besides(*(board.added(month.values()) for month in (glance.month, glance.month_before)))


def besides(now: Counters, past: Counters) -> list[Beside]:
    """The three rates of some days and of those before."""
    three, before_ = rates_of(now), rates_of(past)
    return [Beside(text_of(f"board.{name}"), getattr(three, name), getattr(before_, name)) for name in THREE]


def up_to(count: int) -> str:
    """A count that is not followed to its end: 999+."""
    return str(count) if count < MOST else f"{MOST - 1}+"


def _tree(top: str, page: FirstPage, over: bool) -> list[Line]:
    under: dict[str, list[Any]] = {}
    for row in page.below:
        under.setdefault(row.parent_id, []).append(row)

    def lines(above: str) -> list[Line]:
        return [_line(row, page.tree[row.id], None if over else page.late_in.get(row.id, 0), lines(row.id)) for row in under.get(above, ())]

    return lines(top)


def _line(row: Any, told: Counters, late_: int | None, below: Sequence[Line]) -> Line:
    three: Rates = rates_of(told)
    return Line(row.id, row.name, told["filed"], told["open"], late_, [getattr(three, name) for name in THREE], below)


# ---- charts --------------------------------------------------------------------------------------------------------------


def charts(turn: Turn, filters: Filters, page: FirstPage, now: Counters, past: Counters, compared: str) -> dict[str, Any]:
    """What is to be drawn, as plain data; only that of which there is anything to see."""
    period, today = filters.period, local(turn).date()
    place = {"area": filters.area.name, "period": period.words, "compared": compared}
    found: dict[str, Any] = {}
    if now["filed"] or past["filed"]:
        days, earlier = before(period), {"first": str(period.first), "last": str(period.last), "today": str(today)}
        found["trend"] = place | earlier | {
            "before_first": str(days[0]), "before_last": str(days[1]),
            "by_day": {str(at): count for at, count in page.by_day.items()},
            "by_day_before": {str(at): count for at, count in page.by_day_before.items()},
        }  # fmt: skip
        found["categories"] = place | {"bars": bars(page)}
    if any(told[name] for told in (now, past) for name in ("response_of", "answers", "graded")):
        found["three_rates"] = rates.chart(filters.area.name, period.words, compared, now, past)
    return found


def bars(page: FirstPage) -> list[dict[str, Any]]:
    """Of each category how many now and before, those with most first; and which it is."""
    names = sorted({*page.now, *page.before}, key=lambda c: (-_filed(page.now, c), -_filed(page.before, c), c))
    return [
        {"name": word("category", c), "count": _filed(page.now, c), "before": _filed(page.before, c)}
        for c in names if _filed(page.now, c) or _filed(page.before, c)
    ]  # fmt: skip


def _filed(found: Mapping[str, Counters], category: str) -> int:
    return found[category]["filed"] if category in found else 0


# ---- what is slow ----------------------------------------------------------------------------------------------------------


def slow(turn: Turn, area: str, public: bool = False) -> Slow:
    """What rises in an area, whatever its days, and its roster of the next days; in public without cases and without the roster."""
    today = local(turn).date()
    first, last = today - hot.NOW * looking.DAY, today - looking.DAY
    grids, topics = hot.rising(turn, area, public)
    spots = [_spot(turn, spot, first, last, 0 if public else EVIDENCE) for spot in [*topics, *grids]]
    days = looking.days(first, last, today)
    drawn = [{"name": spot.name, "now": spot.now, "expected": spot.expected} for spot in spots]
    return Slow(spots, days, {"area": turn.town.area(area).name, "period": days, "spots": drawn}, None if public else duty(turn, area))


def _spot(turn: Turn, spot: hot.Spot, first: date, last: date, evidence: int) -> Spot:
    if not evidence:
        return Spot(hot.name(turn, spot), spot.now, spot.expected, spot.area)
    here = looking.stretch(turn, spot.area, first, last)
    scope = access.scope(turn.person)
    found = overview.filed(turn.conn, here, scope, (), Only(topic=spot.topic), (0, 2 * evidence))
    read = [case for case in found if scope.reads(case, turn.parts(case.id), turn.town.within) >= access.Reading.MASKED]
    return Spot(hot.name(turn, spot), spot.now, spot.expected, spot.area, [case.number for case in read[:evidence]])


def duty(turn: Turn, area: str) -> Duty:
    """Today and the days after it, as /空岗 says them."""
    today = local(turn).date()
    grids = [AreaId(row.id) for row in turn.town.grids(AreaId(area))]
    cells = gaps.empty_cells(turn, grids)
    days = [today + timedelta(days=n) for n in range(gaps.AHEAD)]
    without = {day: len({cell.area for cell in cells if day in cell.days}) for day in days}
    return Duty(len(grids), list(without.items()), [gaps.said(turn, cell) for cell in cells])
