"""Working days, office hours, the night, and when a message may go out. Times are aware; answers are in UTC.

"Working hours" 08:30-18:00; "1 working day" = the same hour next working day; "7 days" = calendar days ending at
closing time, moved to the next working day (BEHAVIOUR, Check-back and rates). Windows of a day hold their first
moment and not their last: 07:00 is morning, 18:00 is closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from casework.case import Urgency
from casework.effects import Kind
from casework.policy import Calendar, Span

DAY: Final = timedelta(days=1)


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Monday to Friday but the holidays, and the weekend days that are worked (调休)."""
    if day in calendar.workdays:
        return True
    return day.weekday() < 5 and day not in calendar.holidays


def add(span: Span, start: datetime, calendar: Calendar) -> datetime:
    """When a span that begins at `start` is over. Outside office hours, working hours and days count from the next
    opening."""
    if span.unit == "clock":
        return (start + span.amount).astimezone(UTC)
    if span.unit == "days":
        day = _local(start, calendar).date() + span.days * DAY
        return _utc(_working_on_or_after(day, calendar), calendar.closes, calendar)
    opened = _opening(_local(start, calendar), calendar)
    if span.unit == "working_hours":
        return _after_hours(opened, span.amount, calendar)
    day = opened.date()
    for _ in range(span.days):
        day = _working_on_or_after(day + DAY, calendar)
    return _utc(day, opened.time(), calendar)


def night(at: datetime, calendar: Calendar) -> bool:
    """22:00-07:00, when only emergencies and the night roster are woken."""
    return _inside(_local(at, calendar).time(), calendar.night_from, calendar.night_until)


def morning_after(at: datetime, calendar: Calendar) -> datetime:
    """The first 07:00 after `at`."""
    local = _local(at, calendar)
    day = local.date() if local.time() < calendar.night_until else local.date() + DAY
    return _utc(day, calendar.night_until, calendar)


def next_between(at: datetime, first: time, last: time, calendar: Calendar) -> datetime:
    """The first moment, `at` or later, inside a daily window. The window may pass midnight; first = last is the
    whole day."""
    local = _local(at, calendar)
    if first == last or _inside(local.time(), first, last):
        return at.astimezone(UTC)
    day = local.date() if local.time() < first else local.date() + DAY
    return _utc(day, first, calendar)


def next_shift(at: datetime, shifts: tuple[time, ...], calendar: Calendar) -> datetime:
    """The first change of duty after `at`."""
    local = _local(at, calendar)
    ends = [_utc(day, end, calendar) for day in (local.date(), local.date() + DAY) for end in shifts]
    return min(end for end in ends if end > at)


# ---- quiet hours: when a message may go out ---------------------------------------------------------------------


class Window(StrEnum):
    """A part of the day; what falls outside is held until it begins."""

    ALWAYS = "always"
    AWAKE = "awake"  # 07:00-22:00: not at night
    ASKING = "asking"  # 07:00-22:00: the first check-back question
    REMINDING = "reminding"  # 09:00-20:00


QUIET: Final[Mapping[tuple[Kind, Urgency], Window]] = {
    (Kind.ANSWER, Urgency.EMERGENCY): Window.ALWAYS,  # somebody just wrote and waits
    (Kind.ANSWER, Urgency.URGENT): Window.ALWAYS,
    (Kind.ANSWER, Urgency.NORMAL): Window.ALWAYS,
    (Kind.FACT, Urgency.EMERGENCY): Window.ALWAYS,  # an emergency wakes anybody
    (Kind.FACT, Urgency.URGENT): Window.AWAKE,
    (Kind.FACT, Urgency.NORMAL): Window.AWAKE,
    (Kind.QUESTION, Urgency.EMERGENCY): Window.ALWAYS,
    (Kind.QUESTION, Urgency.URGENT): Window.ASKING,
    (Kind.QUESTION, Urgency.NORMAL): Window.ASKING,
    (Kind.PROMPT, Urgency.EMERGENCY): Window.ALWAYS,
    (Kind.PROMPT, Urgency.URGENT): Window.REMINDING,
    (Kind.PROMPT, Urgency.NORMAL): Window.REMINDING,
    (Kind.CARD, Urgency.EMERGENCY): Window.ALWAYS,
    (Kind.CARD, Urgency.URGENT): Window.AWAKE,  # but ON_NIGHT_ROSTER
    (Kind.CARD, Urgency.NORMAL): Window.AWAKE,
    (Kind.DIGEST, Urgency.EMERGENCY): Window.ALWAYS,
    (Kind.DIGEST, Urgency.URGENT): Window.AWAKE,
    (Kind.DIGEST, Urgency.NORMAL): Window.AWAKE,
}
AWAKE: Final = timedelta(hours=2)  # who wrote so lately waits for what becomes of it
TO_WHO_WAITS: Final = frozenset({(Kind.FACT, Urgency.URGENT), (Kind.QUESTION, Urgency.URGENT)})  # about their own urgent case: at once
ON_NIGHT_ROSTER: Final = frozenset({(Kind.CARD, Urgency.URGENT)})  # at once to who is rostered for the night


def release(
    kind: Kind, urgency: Urgency, at: datetime, calendar: Calendar, on_night_roster: bool = False, wrote: datetime | None = None
) -> datetime:
    """When a message made at `at` may go out: at once, or when its window (QUIET) next begins. `wrote`: when the resident whose
    case it is about was last heard of."""
    if on_night_roster and (kind, urgency) in ON_NIGHT_ROSTER:
        return at.astimezone(UTC)
    if wrote is not None and at - wrote <= AWAKE and (kind, urgency) in TO_WHO_WAITS:
        return at.astimezone(UTC)
    return next_between(at, *_bounds(QUIET[kind, urgency], calendar), calendar)


def _bounds(window: Window, calendar: Calendar) -> tuple[time, time]:
    return {
        Window.ALWAYS: (time(0), time(0)),
        Window.AWAKE: (calendar.night_until, calendar.night_from),
        Window.ASKING: (calendar.ask_from, calendar.ask_until),
        Window.REMINDING: (calendar.remind_from, calendar.remind_until),
    }[window]


# ---- the town's wall clock ---------------------------------------------------------------------------------------


def _local(at: datetime, calendar: Calendar) -> datetime:
    return at.astimezone(calendar.zone)


def _utc(day: date, hour: time, calendar: Calendar) -> datetime:
    return datetime.combine(day, hour, calendar.zone).astimezone(UTC)


def _inside(hour: time, first: time, last: time) -> bool:
    if first <= last:
        return first <= hour < last
    return hour >= first or hour < last


def _working_on_or_after(day: date, calendar: Calendar) -> date:
    while not is_working_day(day, calendar):
        day += DAY
    return day


def _opening(local: datetime, calendar: Calendar) -> datetime:
    """The local moment itself inside office hours, else the next opening."""
    day = local.date()
    if is_working_day(day, calendar) and local.time() < calendar.closes:
        return max(local, datetime.combine(day, calendar.opens, calendar.zone))
    return datetime.combine(_working_on_or_after(day + DAY, calendar), calendar.opens, calendar.zone)


def _after_hours(opened: datetime, amount: timedelta, calendar: Calendar) -> datetime:
    """`amount` of office time later; what ends at closing time ends that day."""
    while amount > (left := datetime.combine(opened.date(), calendar.closes, calendar.zone) - opened):
        amount -= left
        opened = _opening(datetime.combine(opened.date(), calendar.closes, calendar.zone), calendar)
    return (opened + amount).astimezone(UTC)
