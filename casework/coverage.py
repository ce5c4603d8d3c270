"""Where the roster leaves a hole: an area and hours in which nobody who may answer for it is on duty."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Final

from casework.case import AreaId, PostId
from casework.roster import OFF_FOR, Duty, Roster

DAY: Final = timedelta(days=1)

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
