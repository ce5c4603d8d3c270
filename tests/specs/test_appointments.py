"""约时间: which times are offered, what speaks against one, what ticks for it, and what drops it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import actions as a
from casework import appointments, deadlines, hours, lifecycle
from casework.appointments import AtHome, offers
from casework.case import Actor, Case, PersonId, PostId, State, Urgency, Who
from tests.fakes.cases import CALENDAR, FILED, POLICY, ZONE, at, case

NOW = FILED  # Wednesday 10:00
RESIDENT, WORKER = Actor(Who.RESIDENT, PersonId("resident")), Actor(Who.STAFF, PersonId("w"), PostId("p1"))
SYSTEM = Actor(Who.SYSTEM)


def told(times: tuple[datetime, ...]) -> list[str]:
    return [f"{t.astimezone(ZONE):%m-%d %H:%M}" for t in times]


def stepped(of: Case, action: a.Action, by: Actor, now: datetime = NOW) -> Case:
    got = lifecycle.step(of, action, by, now, POLICY)
    assert isinstance(got, lifecycle.Moved), got
    return got.case


def refusal(of: Case, action: a.Action, by: Actor, now: datetime = NOW) -> str:
    got = lifecycle.step(of, action, by, now, POLICY)
    assert isinstance(got, lifecycle.Refusal), got
    return got.code


def meeting(when: str = "10-14 19:00", now: datetime = NOW) -> Case:
    return stepped(case(State.IN_PROGRESS), a.Agree(at=at(when), post=PostId("p1")), RESIDENT, now)


def next_timer(of: Case) -> list[tuple[str, str]]:
    return [(t.kind, told((t.due_at,))[0]) for t in deadlines.timers(of, POLICY) if t.kind.startswith("appointment")]


# ---- which times ------------------------------------------------------------------------------------------------


def test_without_a_word_of_the_resident_the_usual_times_of_working_days() -> None:
    assert told(offers((), NOW, CALENDAR)) == [
        "10-14 14:00", "10-14 16:00", "10-14 19:00", "10-15 09:00", "10-15 10:30", "10-15 14:00",
    ]


def test_no_usual_time_on_a_day_off() -> None:
    friday_evening = at("10-16 20:00")
    assert told(offers((), friday_evening, CALENDAR))[0] == "10-19 09:00"


@pytest.mark.parametrize(("window", "first"), [
    (AtHome(time(19), time(21)), ["10-14 19:00", "10-14 20:00", "10-15 19:00"]),
    (AtHome(time(14), time(17), date(2026, 10, 15)), ["10-15 14:00", "10-15 15:00", "10-15 16:00"]),
    (AtHome(time(9), time(9, 30), date(2026, 10, 17)), ["10-17 09:00"]),
    (AtHome(time(8), time(12), date(2026, 10, 14)), ["10-14 11:00"]),
    (AtHome(time(8), time(9), date(2026, 10, 14)), []),
])
def test_inside_what_the_resident_said(window: AtHome, first: list[str]) -> None:
    assert told(offers((window,), NOW, CALENDAR))[: len(first) or 1] == first


@given(st.integers(0, 60 * 24 * 20), st.lists(st.builds(AtHome, st.times(time(7), time(15)), st.times(time(16), time(21))), max_size=3))
def test_whatever_is_offered_may_be_agreed(minutes: int, windows: list[AtHome]) -> None:
    now = NOW + timedelta(minutes=minutes)
    for when in offers(windows, now, CALENDAR):
        assert appointments.wrong_time(when, now, POLICY) is None


# ---- what speaks against it --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("when", "code"), [
    ("10-14 09:59", "time_past"), ("10-14 10:00", "time_past"), ("10-28 10:01", "time_far"), ("10-15 02:00", "time_night"),
    ("10-14 22:00", "time_night"), ("10-15 06:59", "time_night"),
])
def test_odd_times(when: str, code: str) -> None:
    assert refusal(case(State.ACKNOWLEDGED), a.OfferTimes(times=(at(when),)), WORKER) == code
    assert refusal(case(State.ACKNOWLEDGED), a.Agree(at=at(when)), RESIDENT) == code


def test_one_to_three_times() -> None:
    four = tuple(NOW + timedelta(hours=n) for n in (1, 2, 3, 4))
    assert refusal(case(), a.OfferTimes(times=four), WORKER) == "time_missing"
    assert refusal(case(), a.OfferTimes(), WORKER) == "time_missing"


def test_to_a_danger_one_goes_at_once() -> None:
    danger = case(urgency=Urgency.EMERGENCY)
    assert refusal(danger, a.OfferTimes(times=(at("10-14 12:00"),)), WORKER) == "come_now"
    assert stepped(replace(danger, safe_at=NOW), a.OfferTimes(times=(at("10-14 12:00"),)), WORKER).contacted_at == NOW


def test_nothing_to_call_off() -> None:
    assert refusal(case(), a.CallOff(), RESIDENT) == "no_appointment"


# ---- what ticks --------------------------------------------------------------------------------------------------


def test_the_resident_then_who_comes_then_missed() -> None:
    of = meeting()
    assert next_timer(of) == [("appointment_soon", "10-14 17:00")]
    of = stepped(of, a.RemindAppointment(), SYSTEM, at("10-14 17:00"))
    assert next_timer(of) == [("appointment_soon", "10-14 18:00")]
    of = stepped(of, a.RemindAppointment(), SYSTEM, at("10-14 18:00"))
    assert next_timer(of) == [("appointment_missed", "10-14 19:30")]
    assert next_timer(stepped(of, a.MissAppointment(), SYSTEM, at("10-14 19:30"))) == []


@pytest.mark.parametrize(("when", "first"), [
    ("10-15 08:30", ("appointment_soon", "10-15 07:00")),  # nobody is woken for it
    ("10-14 11:30", ("appointment_soon", "10-14 10:30")),  # the resident agreed just now: only who comes
    ("10-14 10:40", ("appointment_missed", "10-14 11:10")),
])
def test_who_was_told_just_now_is_not_reminded(when: str, first: tuple[str, str]) -> None:
    assert next_timer(meeting(when)) == [first]


@given(st.integers(1, 60 * 24 * 14))
def test_reminders_fall_into_the_day_and_in_order(minutes: int) -> None:
    when = NOW + timedelta(minutes=minutes)
    if appointments.wrong_time(when, NOW, POLICY):
        return
    of, before = meeting(told((when,))[0]), NOW
    while of.appointment_told < 2:
        (timer,) = (t for t in deadlines.timers(of, POLICY) if t.kind == "appointment_soon")
        assert timer.due_at >= before
        assert not hours.night(timer.due_at, CALENDAR)
        of, before = appointments.reminded(of, a.RemindAppointment(), SYSTEM, timer.due_at, POLICY), timer.due_at


# ---- what drops it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("action", "by"), [
    (a.Resolve(words="换了阀门"), WORKER), (a.Withdraw(), RESIDENT), (a.CallOff(), RESIDENT), (a.CallOff(), WORKER),
    (a.Raise(danger="gas"), RESIDENT), (a.Defer(until=NOW + timedelta(days=60), why="改造"), RESIDENT),
])
def test_dropped_with_the_case_it_belongs_to(action: a.Action, by: Actor) -> None:
    after = stepped(meeting(), action, by)
    assert (after.appointment_at, after.appointment_with, after.appointment_told) == (None, None, 0)


def test_being_there_keeps_it_long_before_it_still_stands() -> None:
    assert stepped(meeting(), a.Arrive(), WORKER, at("10-14 17:59")).appointment_at == at("10-14 19:00")
    assert stepped(meeting(), a.Arrive(), WORKER, at("10-14 18:00")).appointment_at is None


def test_a_return_passes_it_on() -> None:
    assert stepped(meeting(), a.Return(reason="on_leave"), WORKER).appointment_at == at("10-14 19:00")


# ---- the limits ---------------------------------------------------------------------------------------------------


def ticking(of: Case, kind: str) -> list[str]:
    return [told((t.due_at,))[0] for t in deadlines.timers(of, POLICY) if t.kind == kind]


@pytest.mark.parametrize(("when", "arrive", "solve"), [
    ("10-14 19:00", "10-15 10:00", "10-21 18:00"),  # before the limits: they stand
    ("10-16 19:00", "10-16 19:30", "10-21 18:00"),
    ("10-21 17:30", "10-21 18:00", "10-21 18:00"),
    ("10-21 17:31", "10-21 18:01", "10-22 07:00"),  # over after the limit: in the night the morning
    ("10-27 09:00", "10-27 09:30", "10-27 13:30"),
])
def test_the_limits_wait_for_the_hour_that_was_picked(when: str, arrive: str, solve: str) -> None:
    limits = deadlines.due(meeting(when), POLICY)
    assert told((limits.arrive, limits.solve or NOW)) == [arrive, solve]
    assert limits.acknowledge == deadlines.due(case(), POLICY).acknowledge


def test_one_timer_says_that_nobody_was_there() -> None:
    assert ticking(meeting("10-14 19:00"), "arrive") == ["10-15 10:00"]
    assert ticking(meeting("10-16 19:00"), "arrive") == []


def test_an_appointment_moves_no_limit_beyond_what_a_difficult_case_has() -> None:
    far = meeting("10-30 10:00", at("10-20 10:00"))
    limits = deadlines.due(far, POLICY)
    assert told((limits.arrive, limits.solve or NOW)) == ["10-29 18:00", "10-29 18:00"]
    assert ticking(far, "arrive") == ["10-29 18:00"]


def test_another_hour_takes_the_place_of_the_first_one() -> None:
    later = meeting("10-27 09:00")
    sooner = stepped(later, a.Agree(at=at("10-24 09:00"), post=PostId("p1")), RESIDENT, at("10-20 10:00"))
    assert told((deadlines.due(sooner, POLICY).solve or NOW,)) == ["10-24 13:30"]
    kept = stepped(sooner, a.Agree(at=at("10-20 16:00"), post=PostId("p1")), RESIDENT, at("10-20 10:00"))
    assert told((deadlines.due(kept, POLICY).solve or NOW,)) == ["10-21 18:00"]


@given(st.integers(1, 60 * 24 * 14), st.integers(0, 60 * 24 * 15), st.sampled_from([RESIDENT, WORKER]))
def test_called_off_no_limit_is_earlier_than_without_it(minutes: int, after: int, who: Actor) -> None:
    when = NOW + timedelta(minutes=minutes)
    if appointments.wrong_time(when, NOW, POLICY):
        return
    plain, of = deadlines.due(case(State.IN_PROGRESS), POLICY), meeting(told((when,))[0])
    now = min(when, NOW + timedelta(minutes=after))
    limits = deadlines.due(stepped(of, a.CallOff(), who, now), POLICY)
    assert limits.acknowledge == plain.acknowledge
    assert limits.arrive == plain.arrive
    assert plain.solve is not None
    assert limits.solve is not None
    if who is WORKER or now < plain.solve:
        assert limits.solve == plain.solve
    else:
        assert limits.solve > now
