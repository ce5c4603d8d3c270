"""What supervisors ask, put to the product's own functions, and beside each the same by hand (benchmarks/by_hand.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from benchmarks import by_hand as hand
from benchmarks.town import NOW
from casework import access
from casework.case import AreaId
from casework.figures import EVERY, MEASURES, quantile
from handlers.summaries import counted, hot, late
from handlers.summaries.find import searched
from handlers.summaries.looking import View
from handlers.turn import Heard, Turn
from handlers.world import World
from nlp.periods import month_of
from storage import board, figures, overview, people, rising, words
from storage import tables as t
from storage.database import Connection
from storage.overview import Only
from storage.people import Speaker

POST: Any = t.Post.__table__  # type: ignore[attr-defined]
HOLDING: Any = t.Holding.__table__  # type: ignore[attr-defined]
OCTOBER = date(2026, 10, 1), date(2026, 10, 31)
YEAR = date(2025, 11, 1), date(2026, 10, 31)
TODAY = date(2026, 11, 25)
HUNDRED = TODAY - timedelta(days=100), TODAY - timedelta(days=1)
SUBDISTRICT, COMMUNITY, GRID = "s1", "s1c1", "s1c1g1"
WITHIN = 0.05
"""Medians read off the buckets are at most so far from the true ones."""


@dataclass(frozen=True)
class Question:
    """`ask` and `by_hand` take what a turn has (made anew each time); `same` says whether both tell the same. `limit` is what is promised
    for a million cases, in milliseconds, and 0 where nothing is."""

    name: str
    ask: Callable[[Turn], Any]
    by_hand: Callable[[Turn], Any]
    limit: float = 50
    post: str = "city-1"
    same: Callable[[Any, Any], bool] = lambda one, other: one == other


def turn_of(conn: Connection, world: World, post: str) -> Turn:
    """A turn in which whoever holds the post speaks; it only reads."""
    holder = conn.execute(select(HOLDING.c.person_id).where(HOLDING.c.post_id == post, HOLDING.c.until.is_(None))).scalar_one()
    person = people.person(conn, holder)
    assert person is not None
    return Turn(conn, world, NOW, Speaker("", "web", "", person, True, None), Heard())


def city(turn: Turn) -> Any:
    return turn.town.area(turn.town.city())


# ---- from the roll-ups ---------------------------------------------------------------------------------------------------


def _by_category(turn: Turn, area: str, first: date, last: date) -> Any:
    return counted.by_category(turn, View(area, first, last, ""))


def _told(found: Any) -> Any:
    """Category -> filed, open, urgent, answers, solved."""
    names = ("filed", "open", "urgent", "answers", "solved")
    return {category: tuple(told[name] for name in names) for category, told in found.items() if told["filed"]}


def _by_month(turn: Turn) -> Any:
    found = figures.by_start(turn.conn, [SUBDISTRICT], "m", *YEAR)
    return {f"{month:%Y-%m}": (told["filed"], told["solved"]) for month, told in found.items()}


def _rates(turn: Turn) -> Any:
    whole = counted.whole(_by_category(turn, turn.town.city(), *OCTOBER))
    return tuple(whole[name] for name in ("answers", "solved", "graded", "satisfied", "mostly"))


def _hottest(turn: Turn) -> Any:
    grids = [row.id for row in turn.town.grids(turn.town.city())]
    counts = rising.risen(turn.conn, grids, TODAY - timedelta(days=35), TODAY - timedelta(days=7), TODAY - timedelta(days=1), topic=EVERY)
    return hand.hottest({grid: counts.get((grid, EVERY), (0, 0)) for grid in grids}, 20)


def _hottest_by_hand(turn: Turn) -> Any:
    grids = [row.id for row in turn.town.grids(turn.town.city())]
    counts, _ = hand.risen(turn.conn, TODAY)
    return hand.hottest({grid: counts.get(grid, (0, 0)) for grid in grids}, 20)


def _rising(turn: Turn) -> Any:
    return [(spot.area, spot.topic, spot.now, round(spot.expected, 6)) for spots in hot.rising(turn, turn.town.city()) for spot in spots]


def _rising_by_hand(turn: Turn) -> Any:
    in_grids, in_topics = hand.risen(turn.conn, TODAY)
    grids = [row.id for row in turn.town.grids(turn.town.city())]
    communities = sorted({str(turn.town.ancestor(grid, "community")) for grid in grids})
    monday = TODAY - timedelta(days=35 + (TODAY - timedelta(days=35)).weekday())
    topics = hand.topics_since(turn.conn, monday, TODAY) - set(hot.UNTOLD)
    spots = hot._hot({key: counts for key, counts in in_topics.items() if key[0] in communities and key[1] in topics}, len(communities) * len(topics))
    in_all = hot._hot({grid: in_grids.get(grid, (0, 0)) for grid in grids}, len(grids))
    return [(s.key, "", s.now, round(s.expected, 6)) for s in in_all] + [(*s.key, s.now, round(s.expected, 6)) for s in spots]


def _quantiles(turn: Turn) -> list[float | None]:
    months = (figures.durations(turn.conn, [turn.town.city()], measure, *OCTOBER) for measure in MEASURES)
    return [quantile(buckets, share) for buckets in months for share in (0.5, 0.9)]


def near(one: Sequence[float | None], other: Sequence[float]) -> bool:
    """Each within five hundredths of the true one."""
    return all(a is not None and abs(a - b) <= WITHIN * b for a, b in zip(one, other, strict=True))


# ---- from the cases ----------------------------------------------------------------------------------------------------


def _late(turn: Turn) -> Any:
    area = city(turn)
    without = counted.hidden_now(turn, area)
    found = overview.late(turn.conn, area, without)
    late.readable(turn, late.in_order(turn, found))
    return [case.id for case in found], overview.count_late(turn.conn, area, without)


def _crossed(by: str) -> Callable[[Turn], Any]:
    def ask(turn: Turn) -> Any:
        here = _stretch(turn, GRID, *HUNDRED)
        return overview.crossed(turn.conn, here, by, (), Only("heating", urgency="urgent"))

    return ask


def _stretch(turn: Turn, area: str, first: date, last: date) -> overview.Stretch:
    return overview.Stretch(turn.town.area(area), hand.midnight(first), hand.midnight(last + timedelta(days=1)))


def _found(*said: str) -> Callable[[Turn], Any]:
    def ask(turn: Turn) -> Any:
        return [case.id for case in words.find(turn.conn, access.scope(turn.person), sorted(searched(" ".join(said))), (), (0, 7))]

    return ask


def _board(turn: Turn) -> Any:
    asked = board.this_month(turn.town.city(), NOW, turn.policy)
    doubtful = access.doubtful(turn.person, AreaId(asked.area), turn.town.within)
    counts = lambda case: access.counts(turn.person, case, turn.town.within)  # noqa: E731
    page = board.first_page(turn.conn, asked, NOW, turn.policy, counts, None, doubtful)
    glance = page.glance
    return {
        "today": glance.filed_today, "open": glance.open, "late": glance.late, "ended": glance.ended_today,
        "now": _few(page.now), "before": _few(page.before),
        "days": {f"{day:%Y-%m-%d}": filed for day, filed in page.by_day.items() if filed},
        "areas": {area: (told["filed"], told["open"]) for area, told in page.tree.items() if told["filed"]},
        "listed": [case.id for case in page.late],
    }  # fmt: skip


def _few(found: Any) -> Any:
    return {category: (told["filed"], told["open"], told["answers"], told["solved"]) for category, told in found.items() if told["filed"]}


def _board_by_hand(turn: Turn) -> Any:
    found = dict(hand.first_page(turn.conn, month_of(TODAY)[0], TODAY, NOW))
    for name in ("now", "before"):
        found[name] = {category: (told[0], told[1], told[3], told[4]) for category, told in found[name].items()}
    return found


QUESTIONS: tuple[Question, ...] = (
    Question("a month by category", lambda turn: _told(_by_category(turn, turn.town.city(), *OCTOBER)), lambda turn: hand.by_category(turn.conn, "city", "", *OCTOBER)),
    Question("twelve months of a subdistrict, by category", lambda turn: _told(_by_category(turn, SUBDISTRICT, *YEAR)), lambda turn: hand.by_category(turn.conn, "subdistrict", SUBDISTRICT, *YEAR)),
    Question("twelve months of a subdistrict, by month", _by_month, lambda turn: hand.by_month(turn.conn, "subdistrict", SUBDISTRICT, *YEAR)),
    Question("a hundred days of a subdistrict", lambda turn: _told(_by_category(turn, SUBDISTRICT, *HUNDRED)), lambda turn: hand.by_category(turn.conn, "subdistrict", SUBDISTRICT, *HUNDRED)),
    Question("the 20 hottest grids", _hottest, _hottest_by_hand),
    Question("what rises in the city", _rising, _rising_by_hand),
    Question("the three rates of a month", _rates, lambda turn: hand.rates(turn.conn, *OCTOBER)),
    Question("median and p90 of a month", _quantiles, lambda turn: hand.quantiles(turn.conn, *OCTOBER), same=near),
    Question("the overdue list", _late, lambda turn: hand.late(turn.conn, 400)),
    Question("the board's first page, its queries", _board, _board_by_hand),
    Question("urgent heating in a grid, 100 days, by topic", _crossed("topic"), lambda turn: hand.crossing(turn.conn, "topic", GRID, *HUNDRED), 100),
    Question("… by estate", _crossed("estate_id"), lambda turn: hand.crossing(turn.conn, "estate_id", GRID, *HUNDRED), 100),
    Question("/find 暖气", _found("暖气"), lambda turn: hand.found(turn.conn, ("暖气",), COMMUNITY), 200, "cs-s1c1"),
    Question("/find 电梯 消防", _found("电梯", "消防"), lambda turn: hand.found(turn.conn, ("电梯", "消防"), COMMUNITY), 200, "cs-s1c1"),
    Question("/find 钥匙", _found("钥匙"), lambda turn: hand.found(turn.conn, ("钥匙",), COMMUNITY), 200, "cs-s1c1"),
)  # fmt: skip
