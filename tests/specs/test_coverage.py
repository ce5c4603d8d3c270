"""Holes in a roster: found at its boundaries, and the same as looking at every minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.case import AreaId, PostId
from casework.coverage import Covered, Gap, Stretch, covered, gaps, later_than, stretches
from casework.rates import Rate
from casework.roster import Change, Duty, Leave, Roster, Shift
from tests.fakes.cases import CALENDAR

ZONE = ZoneInfo("Asia/Shanghai")
GRID = AreaId("g")
A, B, C = PostId("a"), PostId("b"), PostId("c")
MONDAY = date(2026, 11, 30)
MINUTE = timedelta(minutes=1)


def everybody(post: PostId, duty: Duty) -> bool:
    return True


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Day 0 is the Monday; 24 o'clock is the next midnight."""
    return datetime.combine(MONDAY, time(0), ZONE) + timedelta(days=day, hours=hour, minutes=minute)


def shift(post: PostId, weekdays: str, starts: int, ends: int, duty: Duty = "day") -> Shift:
    return Shift(post, GRID, weekdays, time(starts), time(ends % 24), duty)


def by_day(roster: Roster, days: int = 7, may=everybody) -> list[tuple[datetime, datetime]]:
    found = gaps(roster, GRID, MONDAY, days, ZONE, time(7), time(22), may)
    assert {gap.area for gap in found} <= {GRID}
    return [(gap.start, gap.end) for gap in found]


ALL_DAYS = shift(A, "1234567", 7, 22)
SHIFTED = [
    ("nobody at all", Roster(), 1, [(at(0, 7), at(0, 22))]),
    ("all week", Roster([ALL_DAYS]), 7, []),
    ("not at weekends", Roster([shift(A, "12345", 7, 22)]), 7, [(at(5, 7), at(5, 22)), (at(6, 7), at(6, 22))]),
    ("from noon on", Roster([shift(A, "1", 12, 22)]), 1, [(at(0, 7), at(0, 12))]),
    ("a break between two", Roster([shift(A, "1", 7, 12), shift(B, "1", 14, 22)]), 1, [(at(0, 12), at(0, 14))]),
    ("the whole day", Roster([shift(A, "1", 0, 0)]), 1, []),
    ("a night that lasts until nine", Roster([shift(A, "7", 22, 9, "night")]), 1, [(at(0, 9), at(0, 22))]),
    ("off for the day", Roster([ALL_DAYS], [Change(MONDAY, A, GRID, time(0), time(0), "off")]), 2, [(at(0, 7), at(0, 22))]),
    (
        "off for some hours, somebody else on for half of them",
        Roster(
            [ALL_DAYS],
            [Change(MONDAY, A, GRID, time(9), time(13), "off"), Change(MONDAY, B, GRID, time(11), time(13), "on")],
        ),
        1,
        [(at(0, 9), at(0, 11))],
    ),
    ("leave without a substitute", Roster([ALL_DAYS], (), [Leave(A, MONDAY, MONDAY, None)]), 2, [(at(0, 7), at(0, 22))]),
    ("leave with one", Roster([ALL_DAYS], (), [Leave(A, MONDAY, MONDAY, B)]), 2, []),
    ("gone home until eight", Roster([ALL_DAYS], resting={A: at(-1, 20)}), 1, [(at(0, 7), at(0, 8))]),
]


@pytest.mark.parametrize(("roster", "days", "expected"), [row[1:] for row in SHIFTED], ids=[row[0] for row in SHIFTED])
def test_what_leaves_a_hole(roster: Roster, days: int, expected: list[tuple[datetime, datetime]]) -> None:
    assert by_day(roster, days) == expected


def test_only_who_may_counts() -> None:
    """An auxiliary's row by day, a post without a person: as if nobody stood there."""
    both = Roster([shift(A, "1", 7, 22), shift(B, "1", 7, 12), shift(C, "1", 20, 22, "night")])
    assert by_day(both, 1, lambda post, duty: post == B or duty == "night") == [(at(0, 12), at(0, 20))]


def test_a_substitute_counts_as_on_a_night_row() -> None:
    """So an auxiliary may stand in by day (storage.town.on_duty)."""
    roster = Roster([ALL_DAYS], (), [Leave(A, MONDAY, MONDAY, B)])
    assert by_day(roster, 1, lambda post, duty: duty == "night") == []


def test_the_whole_day_and_a_night_may_be_asked_for() -> None:
    whole = gaps(Roster(), GRID, MONDAY, 2, ZONE, time(0), time(0), everybody)
    assert whole == [Gap(GRID, at(0, 0), at(1, 24))]  # what touches is one
    night = gaps(Roster([shift(A, "1", 22, 3, "night")]), GRID, MONDAY, 1, ZONE, time(22), time(7), everybody)
    assert night == [Gap(GRID, at(1, 3), at(1, 7))]


def test_what_is_over_is_no_gap_any_more() -> None:
    found = gaps(Roster(), GRID, MONDAY, 2, ZONE, time(7), time(22), everybody)
    assert later_than(found, at(0, 9).astimezone(UTC)) == [Gap(GRID, at(0, 9), at(0, 22)), found[1]]
    assert later_than(found, at(0, 22)) == [found[1]]


def test_said_together() -> None:
    found = gaps(Roster([shift(A, "3", 7, 12)]), GRID, MONDAY, 4, ZONE, time(7), time(22), everybody)
    days = [MONDAY + timedelta(days=n) for n in range(4)]
    assert stretches(found) == [
        Stretch(GRID, time(7), time(22), (days[0], days[1], days[3])),
        Stretch(GRID, time(12), time(22), (days[2],)),
    ]


# ---- how much is covered -----------------------------------------------------------------------------------------

WEEK = Roster(
    [shift(A, "12345", 8, 18), shift(B, "13", 22, 7, "night")],
    [Change(MONDAY + timedelta(days=5), B, GRID, time(9), time(12), "on")],
    [Leave(A, MONDAY + timedelta(days=2), MONDAY + timedelta(days=2), None), Leave(A, MONDAY + timedelta(days=3), MONDAY + timedelta(days=3), C)],
)


def of_hours(day: tuple[float, float], night: tuple[float, float]) -> Covered:
    return Covered(*(Rate(good * 60, of * 60) for good, of in (day, night)))  # type: ignore[arg-type]


def test_a_week_counted_by_hand() -> None:
    """By day ten hours on Monday, Tuesday, Thursday (the substitute) and Friday, none on Wednesday (leave), three on Saturday; nine
    hours in each of two nights."""
    assert covered(WEEK, GRID, MONDAY, 7, CALENDAR, everybody) == of_hours((43, 7 * 15), (18, 7 * 9))
    assert covered(WEEK, GRID, MONDAY + timedelta(days=7), 7, CALENDAR, everybody) == of_hours((50, 7 * 15), (18, 7 * 9))


def test_many_weeks_are_counted_by_their_weekdays() -> None:
    assert covered(WEEK, GRID, MONDAY, 28, CALENDAR, everybody) == of_hours((43 + 3 * 50, 28 * 15), (4 * 18, 28 * 9))


def test_who_does_not_count_covers_nothing_and_a_rest_of_today_says_nothing_of_the_past() -> None:
    assert covered(WEEK, GRID, MONDAY, 7, CALENDAR, lambda post, duty: post != A) == of_hours((10 + 3, 7 * 15), (18, 7 * 9))
    resting = Roster(WEEK.shifts, WEEK.changes, WEEK.leaves, {A: at(30, 10)})
    assert covered(resting, GRID, MONDAY, 7, CALENDAR, everybody) == of_hours((43, 7 * 15), (18, 7 * 9))


def test_nothing_is_known_of_no_days() -> None:
    none = covered(WEEK, GRID, MONDAY, 0, CALENDAR, everybody)
    assert none == Covered()
    assert none.day.value is None


# ---- the oracle: every minute ------------------------------------------------------------------------------------

TIMES = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30)))
POSTS = st.sampled_from((A, B, C))
DATES = st.integers(-1, 3).map(lambda n: MONDAY + timedelta(days=n))
SHIFTS = st.builds(
    Shift, POSTS, st.just(GRID), st.text("1234567", min_size=1, max_size=4), TIMES, TIMES, st.sampled_from(("day", "night"))
)
CHANGES = st.builds(Change, DATES, POSTS, st.just(GRID), TIMES, TIMES, st.sampled_from(("on", "off")))
LEAVES = st.builds(
    lambda post, first, length, instead: Leave(post, first, first + timedelta(days=length), instead),
    POSTS, DATES, st.integers(0, 2), st.none() | POSTS,
)  # fmt: skip
RESTS = st.dictionaries(POSTS, st.integers(-20, 40).map(lambda h: at(0, 0) + timedelta(hours=h)), max_size=2)
ROSTERS = st.builds(
    Roster, st.lists(SHIFTS, max_size=4), st.lists(CHANGES, max_size=3), st.lists(LEAVES, max_size=2), RESTS
)
STEP = timedelta(minutes=15)  # everything above stands on a quarter of an hour


@settings(deadline=None, max_examples=150)
@given(ROSTERS, TIMES, TIMES, st.frozensets(st.tuples(POSTS, st.sampled_from(("day", "night")))))
def test_as_if_every_moment_were_looked_at(roster: Roster, from_: time, until: time, counting: frozenset) -> None:
    def may(post: PostId, duty: Duty) -> bool:
        return (post, duty) in counting

    found = gaps(roster, GRID, MONDAY, 2, ZONE, from_, until, may)
    assert all(earlier.end < later.start for earlier, later in pairwise(found))
    length = (datetime.combine(MONDAY, until) - datetime.combine(MONDAY, from_)) % timedelta(days=1) or timedelta(days=1)
    moments = [
        datetime.combine(MONDAY + timedelta(days=n), from_, ZONE) + k * STEP for n in range(2) for k in range(length // STEP)
    ]
    for moment in moments:
        empty = not any(may(*row) for row in roster.on(moment))
        assert any(gap.start <= moment < gap.end for gap in found) == empty, moment
    assert sum((gap.end - gap.start for gap in found), timedelta(0)) == STEP * sum(
        not any(may(*row) for row in roster.on(moment)) for moment in moments
    )


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_the_short_way_by_weekdays_is_the_long_way_day_by_day(data: st.DataObject) -> None:
    two = [Roster(r.shifts, r.changes, r.leaves) for r in data.draw(st.tuples(ROSTERS, ROSTERS))]
    known: dict = {}
    for roster in two:
        found = covered(roster, GRID, MONDAY - timedelta(days=3), 12, CALENDAR, everybody, known)
        by_day, by_night = (
            [g for n in range(-3, 9) for g in gaps(roster, GRID, MONDAY + timedelta(days=n), 1, ZONE, *span, everybody)]
            for span in ((time(7), time(22)), (time(22), time(7)))
        )
        for rate, empty, hours in ((found.day, by_day, 15), (found.night, by_night, 9)):
            assert rate == Rate(12 * hours * 60 - sum((g.end - g.start).total_seconds() for g in empty) / 60, 12 * hours * 60)
