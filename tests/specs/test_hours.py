"""Working hours, working days, the night, and when a message may go out."""

from datetime import UTC, date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import hours
from casework.case import Urgency
from casework.effects import Kind
from casework.policy import Span, clock
from tests.fakes.cases import CALENDAR, at, calendars, moments

E, U, N = Urgency.EMERGENCY, Urgency.URGENT, Urgency.NORMAL


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 14), True),  # Wednesday
        (date(2026, 10, 16), True),  # Friday
        (date(2026, 10, 17), False),  # Saturday
        (date(2026, 10, 18), False),  # Sunday
        (date(2026, 10, 1), False),  # a holiday
        (date(2026, 10, 10), True),  # a Saturday that is worked
        (date(2031, 10, 1), True),  # an unknown year follows the plain week
    ],
)
def test_working_days(day, works):
    assert hours.is_working_day(day, CALENDAR) is works


@pytest.mark.parametrize(
    ("start", "amount", "over"),
    [
        ("10-14 10:00", 2, "10-14 12:00"),
        ("10-14 16:00", 2, "10-14 18:00"),  # ends at closing time that day
        ("10-14 16:01", 2, "10-15 08:31"),
        ("10-14 17:00", 2, "10-15 09:30"),
        ("10-14 18:00", 2, "10-15 10:30"),  # closed
        ("10-14 23:30", 2, "10-15 10:30"),
        ("10-14 03:00", 2, "10-14 10:30"),  # before the opening of the same day
        ("10-14 08:30", 2, "10-14 10:30"),
        ("10-16 17:30", 2, "10-19 10:00"),  # over the weekend
        ("10-17 12:00", 2, "10-19 10:30"),
        ("09-30 17:00", 2, "10-08 09:30"),  # over the holidays
        ("10-09 17:00", 2, "10-10 09:30"),  # into a worked Saturday
        ("10-14 08:30", 19, "10-15 18:00"),  # two whole days
        ("10-14 10:00", 0, "10-14 10:00"),
    ],
)
def test_working_hours(start, amount, over):
    assert hours.add(Span("working_hours", timedelta(hours=amount)), at(start), CALENDAR) == at(over)


@pytest.mark.parametrize(
    ("start", "days", "over"),
    [
        ("10-14 10:00", 1, "10-15 10:00"),  # the same hour next working day
        ("10-14 17:59", 1, "10-15 17:59"),
        ("10-14 18:00", 1, "10-16 08:30"),  # outside: from the next opening
        ("10-14 08:29", 1, "10-15 08:30"),
        ("10-16 10:00", 1, "10-19 10:00"),
        ("10-17 10:00", 1, "10-20 08:30"),
        ("09-30 10:00", 1, "10-08 10:00"),
        ("10-09 10:00", 1, "10-10 10:00"),
        ("10-09 10:00", 2, "10-12 10:00"),
        ("10-14 10:00", 0, "10-14 10:00"),
    ],
)
def test_days_worked(start, days, over):
    assert hours.add(Span("working_days", days=days), at(start), CALENDAR) == at(over)


@pytest.mark.parametrize(
    ("start", "days", "over"),
    [
        ("10-14 10:00", 7, "10-21 18:00"),
        ("10-14 23:59", 7, "10-21 18:00"),
        ("10-10 10:00", 7, "10-19 18:00"),  # a Saturday: moved to Monday
        ("09-24 10:00", 7, "10-08 18:00"),  # a holiday
        ("10-03 10:00", 7, "10-10 18:00"),  # a worked Saturday
        ("10-14 00:00", 15, "10-29 18:00"),
    ],
)
def test_calendar_days_end_at_closing_time(start, days, over):
    assert hours.add(Span("days", days=days), at(start), CALENDAR) == at(over)


def test_clock_time_runs_day_and_night():
    assert hours.add(clock(minutes=30), at("10-16 23:50"), CALENDAR) == at("10-17 00:20")


SPANS = st.one_of(
    st.integers(0, 6000).map(lambda m: clock(minutes=m)),
    st.integers(0, 6000).map(lambda m: Span("working_hours", timedelta(minutes=m))),
    st.integers(0, 30).map(lambda d: Span("working_days", days=d)),
    st.integers(0, 30).map(lambda d: Span("days", days=d)),
)


@given(SPANS, moments, moments, calendars)
def test_who_begins_later_is_not_due_earlier(span, one, other, calendar):
    first, second = sorted((one, other))
    assert hours.add(span, first, calendar) <= hours.add(span, second, calendar)


@given(SPANS, moments, calendars)
def test_every_answer_is_in_utc_and_working_time_ends_in_working_time(span, start, calendar):
    over = hours.add(span, start, calendar)
    assert over.tzinfo is UTC
    if span.unit != "clock":
        local = over.astimezone(calendar.zone)
        assert hours.is_working_day(local.date(), calendar)
        assert calendar.opens <= local.time() <= calendar.closes


@pytest.mark.parametrize(
    ("moment", "dark"),
    [
        ("10-14 21:59", False),
        ("10-14 22:00", True),
        ("10-15 00:00", True),
        ("10-15 06:59", True),
        ("10-15 07:00", False),
    ],
)
def test_the_night(moment, dark):
    assert hours.night(at(moment), CALENDAR) is dark


@pytest.mark.parametrize(
    ("moment", "morning"),
    [
        ("10-14 22:00", "10-15 07:00"),
        ("10-15 00:00", "10-15 07:00"),
        ("10-15 06:59", "10-15 07:00"),
        ("10-15 07:00", "10-16 07:00"),
        ("10-15 12:00", "10-16 07:00"),
    ],
)
def test_the_morning_after(moment, morning):
    assert hours.morning_after(at(moment), CALENDAR) == at(morning)


@pytest.mark.parametrize(
    ("moment", "first", "last", "then"),
    [
        ("10-14 08:59", 9, 20, "10-14 09:00"),
        ("10-14 09:00", 9, 20, "10-14 09:00"),
        ("10-14 19:59", 9, 20, "10-14 19:59"),
        ("10-14 20:00", 9, 20, "10-15 09:00"),
        ("10-14 23:00", 22, 7, "10-14 23:00"),  # over midnight
        ("10-14 06:59", 22, 7, "10-14 06:59"),
        ("10-14 07:00", 22, 7, "10-14 22:00"),
        ("10-14 22:00", 22, 7, "10-14 22:00"),
        ("10-14 03:00", 9, 9, "10-14 03:00"),  # the whole day
    ],
)
def test_the_next_moment_inside_a_window(moment, first, last, then):
    found = hours.next_between(at(moment), time(first), time(last), CALENDAR)
    assert found == at(then)
    assert found.tzinfo is UTC


QUIET_HOURS = [  # kind, urgency, on the night roster: at 23:00, 06:59, 07:00, 08:59, 09:00, 19:59, 20:00, 21:59
    (Kind.ANSWER, N, False, "now now now now now now now now"),
    (Kind.ANSWER, U, False, "now now now now now now now now"),
    (Kind.FACT, N, False, "7 7 now now now now now now"),
    (Kind.FACT, U, False, "7 7 now now now now now now"),
    (Kind.FACT, N, True, "7 7 now now now now now now"),
    (Kind.QUESTION, N, False, "7 7 now now now now now now"),
    (Kind.QUESTION, U, True, "7 7 now now now now now now"),
    (Kind.PROMPT, N, False, "9 9 9 9 now now 9 9"),
    (Kind.PROMPT, U, True, "9 9 9 9 now now 9 9"),
    (Kind.DIGEST, N, False, "7 7 now now now now now now"),
    (Kind.CARD, N, False, "7 7 now now now now now now"),
    (Kind.CARD, N, True, "7 7 now now now now now now"),
    (Kind.CARD, U, False, "7 7 now now now now now now"),
    (Kind.CARD, U, True, "now now now now now now now now"),
    *((kind, E, roster, "now now now now now now now now") for kind in Kind for roster in (False, True)),
]
TIMES = ["23:00", "06:59", "07:00", "08:59", "09:00", "19:59", "20:00", "21:59"]


@pytest.mark.parametrize(("kind", "urgency", "roster", "row"), QUIET_HOURS)
def test_quiet_hours(kind, urgency, roster, row):
    for clock_time, then in zip(TIMES, row.split(), strict=True):
        moment = at(f"10-14 {clock_time}")
        day = "10-15" if clock_time >= "20:00" else "10-14"
        wanted = moment if then == "now" else at(f"{day} 0{then}:00")
        found = hours.release(kind, urgency, moment, CALENDAR, roster)
        assert found == wanted, f"{kind} {urgency} made at {clock_time}"
        assert found.tzinfo is UTC


def test_no_kind_of_message_is_without_quiet_hours():
    assert set(hours.QUIET) == {(kind, urgency) for kind in Kind for urgency in Urgency}


@given(st.sampled_from(Kind), st.sampled_from(Urgency), moments, st.booleans())
def test_nothing_is_held_longer_than_a_night_nor_twice(kind, urgency, moment, roster):
    out = hours.release(kind, urgency, moment, CALENDAR, roster)
    assert moment <= out <= moment + timedelta(hours=13)
    assert hours.release(kind, urgency, out, CALENDAR, roster) == out
