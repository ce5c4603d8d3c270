"""Where the roster leaves a hole: an area and hours in which nobody who may answer for it is on duty; and how much it covers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Final

from casework.case import AreaId, PostId
from casework.policy import Calendar
from casework.rates import Rate
from casework.roster import OFF_FOR, Duty, Roster

DAY: Final = timedelta(days=1)
NONE: Final = Rate(0, 0)

May = Callable[[PostId, Duty], bool]


@dataclass(frozen=True, slots=True)
class Gap:
    """From `start` until `end`, local time, nobody is on duty for the area."""

    area: AreaId
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """The same hours of several days in which an area has nobody: how people say it. `ends` may be on the day after."""

    area: AreaId
    starts: time
    ends: time
    days: tuple[date, ...]


def gaps(
    roster: Roster, area: AreaId, first: date, days: int, zone: tzinfo, from_: time, until: time, may: May
) -> list[Gap]:
    """The stretches of `days` days from `first` on, each day between `from_` and `until`, in which nobody is on duty.

    `roster` is what is known of the area (with what covers it from above, as storage.roster.roster gives it for a grid and
    its community), the day before `first` included: a night reaches into the next day. `may` says whether a post with this
    duty counts: an auxiliary by day does not, nor a post that nobody holds. An `until` that is not later than `from_` lies
    on the following day; equal ones mean the whole day. Gaps that touch are one.
    """
    found: list[Gap] = []
    for n in range(days):
        for start, end in _empty(roster, *_window(first + n * DAY, from_, until, zone), may):
            if found and found[-1].end == start:
                found[-1] = Gap(area, found[-1].start, end)
            else:
                found.append(Gap(area, start, end))
    return found


# ---- how much is covered -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Covered:
    """值班覆盖率: minutes in which somebody was on duty of all minutes, by day and by night apart."""

    day: Rate = NONE
    night: Rate = NONE

    def __add__(self, other: Covered) -> Covered:
        """Of both together."""
        return Covered(_both(self.day, other.day), _both(self.night, other.night))


def _both(one: Rate, other: Rate) -> Rate:
    return Rate(one.good + other.good, one.of + other.of)


Week = tuple[frozenset[tuple[str, time, time]], int]
"""The hours of a weekly pattern in which somebody counts, and a weekday."""


def covered(
    roster: Roster, area: AreaId, first: date, days: int, calendar: Calendar, may: May, known: dict[Week, Covered] | None = None
) -> Covered:
    """How much of `days` days from `first` on is covered in an area. A night belongs to the day on which it begins.

    Rest by the own word (下班) is not heeded: what is kept of it is only the present. A day on which nothing but the weekly
    pattern holds is counted once for its weekday; `known` keeps it for other areas with the same hours.
    """
    plain = Roster(roster.shifts, roster.changes, roster.leaves)
    known = {} if known is None else known
    hours = frozenset((s.weekdays, s.starts, s.ends) for s in roster.shifts if may(s.post, s.duty))
    whole = Covered()
    for n in range(days):
        day = first + n * DAY
        if _special(plain, day):
            whole += _of_day(plain, area, day, calendar, may)
            continue
        if (week := (hours, day.weekday())) not in known:
            known[week] = _of_day(plain, area, day, calendar, may)
        whole += known[week]
    return whole


def _special(roster: Roster, day: date) -> bool:
    """Whether an exception or somebody's leave reaches into the day or its night."""
    near = (day - DAY, day, day + DAY)
    return any(c.day in near for c in roster.changes) or any(leave.first <= near[2] and leave.last >= near[0] for leave in roster.leaves)


def _of_day(roster: Roster, area: AreaId, day: date, calendar: Calendar, may: May) -> Covered:
    dawn, dusk = calendar.night_until, calendar.night_from
    return Covered(*(_share(roster, area, day, span, calendar.zone, may) for span in ((dawn, dusk), (dusk, dawn))))


def _share(roster: Roster, area: AreaId, day: date, span: tuple[time, time], zone: tzinfo, may: May) -> Rate:
    begin, end = _window(day, *span, zone)
    empty = sum(((gap.end - gap.start) for gap in gaps(roster, area, day, 1, zone, *span, may)), timedelta())
    whole = (end - begin) // timedelta(minutes=1)
    return Rate(whole - empty // timedelta(minutes=1), whole)


def _window(day: date, from_: time, until: time, zone: tzinfo) -> tuple[datetime, datetime]:
    begin, end = datetime.combine(day, from_, zone), datetime.combine(day, until, zone)
    return begin, end if end > begin else end + DAY


def _empty(roster: Roster, begin: datetime, end: datetime, may: May) -> Iterator[tuple[datetime, datetime]]:
    """Between two neighbouring moments at which anything changes, either somebody is on all the time or nobody is."""
    moments = sorted({begin, end, *(m for m in _changes(roster, begin, end) if begin < m < end)})
    for start, stop in pairwise(moments):
        if not any(may(post, duty) for post, duty in roster.on(start)):
            yield start, stop


def _changes(roster: Roster, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Every moment from the day before `begin` to `end` at which a shift, an exception, a leave or a rest begins or ends."""
    day = begin.date() - DAY
    while day <= end.date():
        hours = [(s.starts, s.ends) for s in roster.shifts if str(day.isoweekday()) in s.weekdays]
        hours += [(c.starts, c.ends) for c in roster.changes if c.day == day]
        yield datetime.combine(day, time(0), begin.tzinfo)  # leave counts by days
        for starts, ends in hours:
            yield datetime.combine(day, starts, begin.tzinfo)
            yield datetime.combine(day if ends > starts else day + DAY, ends, begin.tzinfo)
        day += DAY
    for since in (roster.resting or {}).values():
        yield (since + OFF_FOR).astimezone(begin.tzinfo)


def later_than(found: Iterable[Gap], now: datetime) -> list[Gap]:
    """What of the gaps still lies ahead."""
    return [Gap(g.area, max(g.start, now.astimezone(g.start.tzinfo)), g.end) for g in found if g.end > now]


def stretches(found: Iterable[Gap]) -> list[Stretch]:
    """Gaps of less than a day as people say them: same area and hours together, in the order of their first days."""
    days: dict[tuple[AreaId, time, time], list[date]] = {}
    for gap in found:
        days.setdefault((gap.area, gap.start.time(), gap.end.time()), []).append(gap.start.date())
    return [Stretch(*key, tuple(told)) for key, told in days.items()]
