"""The roster as values: who is on, what a swap takes away, stretches with nobody, somebody's next shifts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.case import AreaId, Post, PostId, Role, WorkerKind
from casework.coverage import Gap, gaps
from casework.policy import SHANGHAI
from casework.roster import Change, Duty, Leave, Roster, Shift, counts
from casework.shifts import Stretch, busy, overlap, shifts_of

A, B, C = (PostId(x) for x in "abc")
G, H = AreaId("g"), AreaId("h")
MON = date(2026, 11, 23)
SEVEN, TWENTY_TWO = time(7), time(22)
WEEK = Shift(A, G, "12345", SEVEN, TWENTY_TWO, "day")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def change(post: PostId, area: AreaId, day: int, starts: int, ends: int, kind: str) -> Change:
    return Change(date(2026, 11, day), post, area, time(starts), time(ends), kind)  # type: ignore[arg-type]


def anybody(post: PostId, duty: Duty) -> bool:
    return True


def found(roster: Roster, days: int = 7) -> list[tuple[datetime, datetime]]:
    return [(g.start, g.end) for g in gaps(roster, G, MON, days, SHANGHAI, SEVEN, TWENTY_TWO, anybody)]


# ---- who is on ---------------------------------------------------------------------------------------------------


def test_off_takes_away_this_areas_row_only() -> None:
    roster = Roster([WEEK, Shift(A, H, "1", SEVEN, TWENTY_TWO, "day")], [change(A, H, 23, 7, 22, "off")])
    assert roster.only(G).on(at(23, 9)) == [(A, "day")]
    assert roster.only(H).on(at(23, 9)) == []
    assert roster.on(at(23, 9)) == [(A, "day")]


def test_off_noted_for_an_area_without_a_row_takes_away_all() -> None:
    assert Roster([WEEK], [change(A, H, 23, 0, 0, "off")]).on(at(23, 9)) == []


def test_off_for_some_hours() -> None:
    roster = Roster([WEEK], [change(A, G, 23, 9, 12, "off"), change(B, G, 23, 9, 12, "on")])
    assert [roster.on(at(23, h)) for h in (8, 9, 12)] == [[(A, "day")], [(B, "day")], [(A, "day")]]


@pytest.mark.parametrize(("starts", "ends", "duty"), [(22, 7, "night"), (0, 7, "night"), (7, 22, "day"), (0, 0, "day"), (17, 22, "day")])
def test_an_added_row_is_a_night_by_its_hours(starts: int, ends: int, duty: str) -> None:
    roster = Roster(changes=[change(B, G, 23, starts, ends, "on")])
    moment = at(23, starts, 1)
    assert roster.on(moment) == [(B, duty)]


def test_the_chain_of_substitutes() -> None:
    a, b, c = (Leave(p, MON, MON, s) for p, s in ((A, B), (B, C), (C, A)))
    assert Roster([WEEK], leaves=[a]).on(at(23, 9)) == [(B, "night")]
    assert Roster([WEEK], leaves=[a, b]).on(at(23, 9)) == [(C, "night")]
    assert Roster([WEEK], leaves=[a, b, c]).on(at(23, 9)) == []  # they stand in for one another
    assert Roster([WEEK], leaves=[a, Leave(B, MON, MON, None)]).on(at(23, 9)) == []


def test_rest_is_of_who_would_be_there() -> None:
    leave = [Leave(A, MON, MON, B)]
    assert Roster([WEEK], leaves=leave, resting={A: at(23, 8)}).on(at(23, 9)) == [(B, "night")]
    assert Roster([WEEK], leaves=leave, resting={B: at(23, 8)}).on(at(23, 9)) == []


@pytest.mark.parametrize(("role", "kind", "day", "night"), [
    (Role.WORKER, WorkerKind.FULL_TIME, True, True), (Role.WORKER, WorkerKind.AUXILIARY, False, True),
    (Role.BUILDING_LEAD, WorkerKind.AUXILIARY, False, True), (Role.SECRETARY, None, False, True), (Role.SPECIALIST, None, False, False),
])  # fmt: skip
def test_whom_cases_reach(role: Role, kind: WorkerKind | None, day: bool, night: bool) -> None:
    post = Post(A, role, G, "t", kind)
    assert (counts(post, "day"), counts(post, "night")) == (day, night)


# ---- gaps --------------------------------------------------------------------------------------------------------


def test_a_covered_week_has_none_and_an_empty_one_all() -> None:
    assert found(Roster([Shift(A, G, "1234567", SEVEN, TWENTY_TWO, "day")])) == []
    assert len(found(Roster())) == 7


def test_the_weekend() -> None:
    assert found(Roster([WEEK])) == [(at(28, 7), at(28, 22)), (at(29, 7), at(29, 22))]


def test_pieces_of_a_day_are_joined_over_what_changes_nothing() -> None:
    roster = Roster([WEEK], [change(A, G, 23, 9, 11, "off"), change(A, G, 23, 11, 12, "off"), change(B, G, 23, 12, 13, "off")])
    assert found(roster, 1) == [(at(23, 9), at(23, 12))]


def test_leave_with_and_without_substitute() -> None:
    assert found(Roster([WEEK], leaves=[Leave(A, MON, MON, B)]), 1) == []
    assert found(Roster([WEEK], leaves=[Leave(A, MON, MON, None)]), 1) == [(at(23, 7), at(23, 22))]


def test_who_may_not_does_not_count() -> None:
    roster = Roster([WEEK, Shift(B, G, "1234567", SEVEN, TWENTY_TWO, "day")])
    got = gaps(roster, G, MON, 7, SHANGHAI, SEVEN, TWENTY_TWO, lambda post, duty: post == A)
    assert got == [Gap(G, at(28, 7), at(28, 22)), Gap(G, at(29, 7), at(29, 22))]


def test_a_window_that_passes_midnight_and_joins_the_next() -> None:
    night = Roster([Shift(A, G, "1", TWENTY_TWO, time(0), "night")])
    got = gaps(night, G, MON, 1, SHANGHAI, TWENTY_TWO, SEVEN, anybody)
    assert [(g.start, g.end) for g in got] == [(at(24, 0), at(24, 7))]
    whole = gaps(Roster(), G, MON, 2, SHANGHAI, time(0), time(0), anybody)
    assert [(g.start, g.end) for g in whole] == [(at(23, 0), at(25, 0))]


def test_rest_ends_by_itself() -> None:
    assert found(Roster([WEEK], resting={A: at(23, 6)}), 1) == [(at(23, 7), at(23, 18))]


HOURS = st.integers(0, 23).map(time)
SHIFTS = st.builds(Shift, st.sampled_from([A, B]), st.just(G), st.sampled_from(["1", "12", "7", "1234567"]), HOURS, HOURS, st.just("day"))
CHANGES = st.builds(Change, st.dates(MON - timedelta(days=1), MON + timedelta(days=2)), st.sampled_from([A, B]), st.just(G),
                    HOURS, HOURS, st.sampled_from(["on", "off"]))
LEAVES = st.builds(Leave, st.sampled_from([A, B]), st.just(MON), st.sampled_from([MON, MON + timedelta(days=1)]),
                   st.sampled_from([None, B, C]))


@settings(max_examples=60)
@given(st.lists(SHIFTS, max_size=3), st.lists(CHANGES, max_size=3), st.lists(LEAVES, max_size=2), HOURS, HOURS)
def test_every_minute_is_either_covered_or_in_a_gap(
    shifts: list[Shift], changes: list[Change], leaves: list[Leave], from_: time, until: time
) -> None:
    """The oracle looks at every hour, for all rows here begin and end on one."""
    roster = Roster(shifts, changes, leaves)
    got = gaps(roster, G, MON, 2, SHANGHAI, from_, until, anybody)
    for day in (MON, MON + timedelta(days=1)):
        start, end = datetime.combine(day, from_, SHANGHAI), datetime.combine(day, until, SHANGHAI)
        end = end if end > start else end + timedelta(days=1)
        while start < end:
            assert any(g.start <= start < g.end for g in got) == (not roster.on(start))
            start += timedelta(hours=1)


# ---- shifts ------------------------------------------------------------------------------------------------------


def test_next_shifts() -> None:
    roster = Roster(
        [WEEK, Shift(A, H, "1", TWENTY_TWO, SEVEN, "night")],
        [change(A, G, 24, 9, 10, "off"), change(A, H, 25, 9, 10, "on"), change(B, G, 25, 9, 10, "on")],
        [Leave(A, date(2026, 11, 26), date(2026, 11, 26), None)],
    )
    got = [(s.day.day, s.area, s.starts.hour, s.duty) for s in shifts_of(roster, A, MON, 7)]
    assert got == [(23, G, 7, "day"), (23, H, 22, "night"), (25, G, 7, "day"), (25, H, 9, "day"), (27, G, 7, "day")]


def test_a_shift_has_a_beginning_and_an_end() -> None:
    night = Stretch(A, G, MON, TWENTY_TWO, SEVEN, "night")
    assert (night.start(SHANGHAI), night.end(SHANGHAI)) == (at(23, 22), at(24, 7))


@pytest.mark.parametrize(("one", "other", "both"), [
    ((7, 22), (9, 10), True), ((7, 9), (9, 10), False), ((22, 7), (23, 0), True), ((0, 0), (9, 10), True), ((22, 7), (7, 22), False),
])  # fmt: skip
def test_overlap(one: tuple[int, int], other: tuple[int, int], both: bool) -> None:
    hours = [(time(a), time(b)) for a, b in (one, other)]
    assert overlap(*hours) == overlap(*reversed(hours)) == both


@pytest.mark.parametrize(("start", "end", "is_busy"), [
    ((23, 9), (23, 10), True), ((23, 22), (24, 7), True), ((25, 22), (26, 7), False), ((28, 7), (28, 22), False), ((24, 0), (24, 1), True), ((27, 21), (28, 9), True),
])  # fmt: skip
def test_busy(start: tuple[int, int], end: tuple[int, int], is_busy: bool) -> None:
    roster = Roster([WEEK], leaves=[Leave(A, date(2026, 11, 24), date(2026, 11, 24), None)])
    assert busy(roster, A, at(*start), at(*end)) == is_busy
