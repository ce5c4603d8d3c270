"""Somebody's own next shifts, one a day: what can be swapped, and who is free."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from casework.case import AreaId, PostId
from casework.roster import Change, Duty, Roster, Shift

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """One shift of one day: the post has duty for the area. As Shift: ends not later than the start lie on the next day."""

    post: PostId
    area: AreaId
    day: date
    starts: time
    ends: time
    duty: Duty

    def start(self, zone: tzinfo) -> datetime:
        return datetime.combine(self.day, self.starts, zone)

    def end(self, zone: tzinfo) -> datetime:
        end = datetime.combine(self.day, self.ends, zone)
        return end if end > self.start(zone) else end + DAY


def shifts_of(roster: Roster, post: PostId, first: date, days: int) -> list[Stretch]:
    """The post's shifts that begin on these days, in order; exceptions heeded, days of leave left out."""
    found = {s for n in range(days) for s in _of_day(roster, post, first + n * DAY)}
    return sorted(found, key=lambda s: (s.day, s.starts, s.ends, s.area))


def _of_day(roster: Roster, post: PostId, day: date) -> Iterator[Stretch]:
    if on_leave(roster, post, day):
        return
    changes = [c for c in roster.changes if c.post == post and c.day == day]
    for shift in roster.shifts:
        if shift.post == post and str(day.isoweekday()) in shift.weekdays and not _off(roster, shift, changes):
            yield Stretch(post, shift.area, day, shift.starts, shift.ends, shift.duty)
    for change in changes:
        if change.kind == "on":
            yield Stretch(post, change.area, day, change.starts, change.ends, change.duty)


def _off(roster: Roster, shift: Shift, changes: list[Change]) -> bool:
    """A shift of which an exception takes a part away is no whole shift any more: it is not offered."""
    own = {s.area for s in roster.shifts if s.post == shift.post}
    off = [c for c in changes if c.kind == "off" and (c.area == shift.area or c.area not in own)]
    return any(overlap((shift.starts, shift.ends), (c.starts, c.ends)) for c in off)


def on_leave(roster: Roster, post: PostId, day: date) -> bool:
    return any(leave.post == post and leave.first <= day <= leave.last for leave in roster.leaves)


def overlap(one: tuple[time, time], other: tuple[time, time]) -> bool:
    """Whether two stretches that begin on the same day have a moment in common; equal times mean the whole day."""
    (a, b), (c, d) = (_minutes(*one), _minutes(*other))
    return a < d and c < b


def _minutes(starts: time, ends: time) -> tuple[int, int]:
    begin, end = (t.hour * 60 + t.minute for t in (starts, ends))
    return begin, end if end > begin else end + 24 * 60


def busy(roster: Roster, post: PostId, start: datetime, end: datetime) -> bool:
    """Whether the post is on leave, or has a shift anywhere, within the stretch (aware, local)."""
    first = start.date() - DAY
    if any(on_leave(roster, post, start.date() + n * DAY) for n in range((end.date() - start.date()).days + 1)):
        return True
    shifts = shifts_of(roster, post, first, (end.date() - first).days + 1)
    zone = start.tzinfo
    assert zone is not None
    return any(s.start(zone) < end and start < s.end(zone) for s in shifts)
