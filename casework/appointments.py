"""约时间: when a time may be offered, what an appointment changes, and what ticks for it.

Who comes offers up to three times, the resident picks one, both are reminded; it ends with 到场, with a word of either, or
missed half an hour after its time. It stops no clock (only 挂账 does): it moves the on-the-spot limit to its own end, and is
dropped with the case it belongs to. What it does to the limits: deadlines.due() and casework/visits.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from casework import hours
from casework.action import Action
from casework.appointment_actions import Agree, OfferTimes
from casework.case import WAITING, WORKING, Actor, Case, State, Timer
from casework.policy import Calendar, Policy

MOST: Final = 3  # times in one offer
ON_BUTTONS: Final = 6  # times that the worker may choose from
FARTHEST: Final = timedelta(days=14)
AHEAD: Final = timedelta(minutes=30)  # nobody is offered a time that is nearly over when it is read
EARLY: Final = timedelta(hours=1)  # who is there so much before has kept it
GRACE: Final = timedelta(minutes=30)  # then it is missed
RESIDENT_BEFORE: Final = timedelta(hours=2)
WORKER_BEFORE: Final = timedelta(hours=1)
USUAL: Final = (time(9), time(10, 30), time(14), time(16), time(19))  # where the resident said nothing of it
STEP: Final = timedelta(hours=1)
DAYS: Final = 7
OPEN: Final = (*WAITING, *WORKING, State.RETURNED)


@dataclass(frozen=True, slots=True)
class AtHome:
    """When somebody opens the door: from, until, on that day (None: on any)."""

    starts: time
    ends: time
    day: date | None = None


# ---- which times ------------------------------------------------------------------------------------------------


def offers(at_home: Sequence[AtHome], now: datetime, calendar: Calendar) -> tuple[datetime, ...]:
    """Times to choose from, soonest first: inside what the resident said, else the usual ones of working days and evenings."""
    today = now.astimezone(calendar.zone).date()
    found: list[datetime] = []
    for day in (today + timedelta(days=n) for n in range(DAYS)):
        fit = [w for w in at_home if w.day in (None, day)]
        clocks = [c for w in fit for c in _inside(w)] if at_home else _usual(day, calendar)
        times = (datetime.combine(day, c, calendar.zone) for c in sorted(set(clocks)))
        found += [at for at in times if at > now + AHEAD][:MOST]
    return tuple(found[:ON_BUTTONS])


def _inside(window: AtHome) -> Iterator[time]:
    """Every full step from its beginning; a short one at least its beginning."""
    at, end = datetime.combine(date.min, window.starts), datetime.combine(date.min, window.ends)
    yield window.starts
    while (at := at + STEP) < end:
        yield at.time()


def _usual(day: date, calendar: Calendar) -> Sequence[time]:
    return USUAL if hours.is_working_day(day, calendar) else ()


def wrong_time(at: datetime, now: datetime, policy: Policy) -> str | None:
    """Why this time cannot be offered or agreed (`refusal.<code>`): past, too far, in the night."""
    if at <= now:
        return "time_past"
    if at > now + FARTHEST:
        return "time_far"
    return "time_night" if hours.night(at, policy.calendar) else None


def against(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> str | None:
    """What speaks against an offer or a pick; a standing danger is not made an appointment for."""
    times = action.times if isinstance(action, OfferTimes) else (action.at,) if isinstance(action, Agree) else ()
    if case.emergency and case.safe_at is None:
        return "come_now"
    if not times or len(times) > MOST or None in times:
        return "time_missing"
    return next((why for at in times if at is not None and (why := wrong_time(at, now, policy))), None)


# ---- what it changes ----------------------------------------------------------------------------------------------


def agreed(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    """Who was told just now is not reminded of it as well."""
    assert isinstance(action, Agree)
    case = replace(case, appointment_at=action.at, appointment_with=action.post or None, appointment_told=0)
    while case.appointment_told < 2 and _next(case, policy) <= now:
        case = replace(case, appointment_told=case.appointment_told + 1)
    return case


def reminded(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return replace(case, appointment_told=case.appointment_told + 1)


def dropped(case: Case) -> Case:
    """There is none any more."""
    return replace(case, appointment_at=None, appointment_with=None, appointment_told=0)


def kept(case: Case, now: datetime) -> Case:
    """到场: within its time the appointment is kept; long before it, it still stands."""
    return dropped(case) if case.appointment_at is not None and now >= case.appointment_at - EARLY else case


def while_in_hand(case: Case) -> Case:
    """Nobody waits at home for a case that is done, deferred or over; and to a danger one goes at once."""
    stands = case.state in OPEN and not (case.emergency and case.safe_at is None)
    return case if stands or case.appointment_at is None else dropped(case)


# ---- what ticks ---------------------------------------------------------------------------------------------------

KINDS: Final[Mapping[int, str]] = {0: "appointment_soon", 1: "appointment_soon", 2: "appointment_missed"}


def timers(case: Case, policy: Policy) -> Iterator[Timer]:
    """One after the other: the resident is reminded, who comes is reminded, and half an hour after it, it is missed."""
    if case.appointment_at is not None:
        yield Timer(KINDS[case.appointment_told], _next(case, policy))


def _next(case: Case, policy: Policy) -> datetime:
    assert case.appointment_at is not None
    if case.appointment_told >= 2:
        return ends(case.appointment_at)
    before = WORKER_BEFORE if case.appointment_told else RESIDENT_BEFORE
    calendar = policy.calendar
    return hours.next_between(case.appointment_at - before, calendar.night_until, calendar.night_from, calendar)


def ends(at: datetime) -> datetime:
    """Until when whoever comes at that time keeps the appointment."""
    return at + GRACE
