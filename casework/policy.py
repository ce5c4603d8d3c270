"""Policy: everything an installation decides about the trade. Frozen; built by bot from Settings, handed down as turn.policy.

Defaults are the published practice of Beijing's 接诉即办 (2 h / 24 h / 7 days / 15 days), see DOMAIN.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from casework.case import Urgency

SHANGHAI = ZoneInfo("Asia/Shanghai")
Unit = Literal["clock", "working_hours", "working_days", "days"]


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as the trade counts it.

    clock: plain hours (`amount` a timedelta). working_hours: `amount` counted only inside office hours of working
    days. working_days: the same hour `days` working days on. days: calendar days ending at closing time, moved to
    the next working day.
    """

    unit: Unit
    amount: timedelta = timedelta(0)
    days: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """Three clocks of one urgency, and the acknowledge limit of each further rung."""

    acknowledge: Span
    arrive: Span
    solve: Span
    next_acknowledge: Span


def clock(**kw: float) -> Span:
    return Span("clock", timedelta(**kw))


DEFAULT_LIMITS: Mapping[Urgency, Limits] = {
    Urgency.EMERGENCY: Limits(clock(minutes=10), clock(minutes=30), clock(hours=2), clock(minutes=5)),
    Urgency.URGENT: Limits(clock(minutes=30), clock(hours=2), clock(hours=24), clock(minutes=30)),
    Urgency.NORMAL: Limits(
        Span("working_hours", timedelta(hours=2)),
        Span("working_days", days=1),
        Span("days", days=7),
        Span("working_hours", timedelta(hours=2)),
    ),
}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days and office hours of the town. `holidays`/`workdays` hold every exception of the years in `known`;
    a year outside `known` follows the plain week (a warning from `check`, never an exception)."""

    zone: ZoneInfo = SHANGHAI
    opens: time = time(8, 30)
    closes: time = time(18, 0)
    holidays: frozenset[date] = frozenset()  # weekdays that are off
    workdays: frozenset[date] = frozenset()  # weekend days that are worked (调休)
    known: frozenset[int] = frozenset()
    night_from: time = time(22, 0)
    night_until: time = time(7, 0)
    ask_from: time = time(7, 0)  # the first check-back question
    ask_until: time = time(22, 0)
    remind_from: time = time(9, 0)  # its reminders
    remind_until: time = time(20, 0)


TWO_DAYS = clock(hours=48)


@dataclass(frozen=True, slots=True)
class Policy:
    calendar: Calendar = field(default_factory=Calendar)
    limits: Mapping[Urgency, Limits] = field(default_factory=lambda: dict(DEFAULT_LIMITS))
    category_limits: Mapping[tuple[str, Urgency], Limits] = field(default_factory=dict)  # a category's own
    difficult_solve: Span = Span("days", days=15)  # 疑难, approved
    reopened_solve: Span = TWO_DAYS
    reminders: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=72))
    telephone_due: Span = Span("working_days", days=2)
    telephone_tries: int = 3
    telephone_unfetched: timedelta = timedelta(hours=24)  # a question nobody fetched brings the telephone forward
    reopen_window: timedelta = timedelta(days=15)
    name_owner: timedelta = timedelta(hours=2)  # after the third return
    returns_allowed: int = 2
    nudge_every: timedelta = timedelta(hours=4)
    take_back: timedelta = timedelta(minutes=10)
    draft_timeout: timedelta = timedelta(minutes=10)
    intake_hold: float = 1.5  # seconds
    addition_window: timedelta = timedelta(minutes=15)
    relay: timedelta = timedelta(hours=24)
    touch_window: timedelta = timedelta(minutes=15)  # exact action words act on a card touched this long ago
    danger_repeat: timedelta = timedelta(minutes=10)
    danger_unheard: timedelta = timedelta(minutes=15)
    danger_join: timedelta = timedelta(minutes=15)
    defer_longest: timedelta = timedelta(days=275)
    task_due: Span = Span("working_hours", timedelta(hours=4))  # the desk's tasks about a normal case, 转人工
    question_due: Span = Span("working_days", days=1)  # what residents ask
    nudges_to_climb: int = 3
    ended_shown: timedelta = timedelta(days=30)  # in 我的诉求
    code_tries: int = 5  # wrong binding codes an hour and sender
    soon_fraction: float = 0.2
    soon_longest: timedelta = timedelta(hours=4)
    guess_below: float = 0.6  # under this confidence Jiesu offers its guess
    shifts: tuple[time, ...] = (time(7, 0), time(22, 0))  # when those on duty change
    season: tuple[tuple[int, int], tuple[int, int]] = ((11, 1), (3, 31))  # heating, (month, day) both included
    town: str = "恒安新区"
    gas_phone: str = ""
    other_hotline: str = "12345"

    def limits_for(self, category: str, urgency: Urgency) -> Limits:
        """The category's own limits, else the urgency's."""
        return self.category_limits.get((category, urgency)) or self.limits[urgency]

    def in_season(self, day: date) -> bool:
        """Whether heating is on that day; the season may pass the new year."""
        first, last = self.season
        here = (day.month, day.day)
        return first <= here <= last if first <= last else here >= first or here <= last
