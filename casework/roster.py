"""The duty roster: who has duty for an area at a moment. A weekly pattern, dated exceptions over it, leave with a substitute."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from casework.case import AreaId, Post, PostId, WorkerKind

OFF_FOR: Final = timedelta(hours=12)  # "下班" by the worker's own word ends with the shift
DAY_ROLES: Final = ("worker",)  # building and unit leads are auxiliaries: only on night rows or as named substitutes
NIGHT_ROLES: Final = ("worker", "building_lead", "unit_lead", "community_secretary")
Duty = Literal["day", "night"]


@dataclass(frozen=True, slots=True)
class Shift:
    """A row of the weekly pattern: on these weekdays ("12345", 1 = Monday) from `starts` to `ends`, local time. Ends that are
    not later than the start lie on the following day; equal ones mean the whole day. A night belongs to the weekday it begins on."""

    post: PostId
    area: AreaId
    weekdays: str
    starts: time
    ends: time
    duty: Duty


@dataclass(frozen=True, slots=True)
class Change:
    """One date on which the pattern does not hold: `off` takes the post off duty everywhere then, `on` adds it in the area."""

    day: date
    post: PostId
    area: AreaId
    starts: time
    ends: time
    kind: Literal["on", "off"]


@dataclass(frozen=True, slots=True)
class Leave:
    """Away from `first` to `last`, both included; `substitute` is the post that stands in, if any."""

    post: PostId
    first: date
    last: date
    substitute: PostId | None


@dataclass(frozen=True, slots=True)
class Roster:
    """What is known of some areas. `resting`: since when posts are off duty by their holder's own word."""

    shifts: Collection[Shift] = ()
    changes: Collection[Change] = ()
    leaves: Collection[Leave] = ()
    resting: Mapping[PostId, datetime] | None = None

    def on(self, local: datetime) -> list[tuple[PostId, Duty]]:
        """Who is rostered at this moment, exceptions, leave and rest heeded; each once."""
        days = (local.date(), local.date() - timedelta(days=1))
        changes = [c for c in self.changes if c.day in days and covers(c.day, c.starts, c.ends, local)]
        off = {c.post for c in changes if c.kind == "off"}
        extra: list[tuple[PostId, Duty]] = [(c.post, "day") for c in changes if c.kind == "on"]
        usual = [(s.post, s.duty) for s in self.shifts if s.post not in off and self._holds(s, days, local)]
        return self._with_leave(((p, d) for p, d in (*extra, *usual) if not self._rests(p, local)), local.date())

    @staticmethod
    def _holds(shift: Shift, days: Iterable[date], local: datetime) -> bool:
        return any(str(d.isoweekday()) in shift.weekdays and covers(d, shift.starts, shift.ends, local) for d in days)

    def _rests(self, post: PostId, local: datetime) -> bool:
        since = (self.resting or {}).get(post)
        return since is not None and local < since + OFF_FOR

    def _with_leave(self, rows: Iterable[tuple[PostId, Duty]], day: date) -> list[tuple[PostId, Duty]]:
        """Who is on leave is replaced by the substitute: any kind of worker may stand in, so as if on a night row."""
        away = {leave.post: leave.substitute for leave in self.leaves if leave.first <= day <= leave.last}
        found: dict[tuple[PostId, Duty], None] = {}
        for post, duty in rows:
            stands_in = away.get(post, post)
            if stands_in is not None:
                found[stands_in, "night" if post in away else duty] = None
        return list(found)


def counts(post: Post, duty: Duty) -> bool:
    """Whether a rostered post takes cases: by day full-time and part-time workers; auxiliaries only on night rows or as
    named substitutes, which stand as if on one."""
    if duty == "night":
        return post.role in NIGHT_ROLES
    return post.role in DAY_ROLES and post.kind is not WorkerKind.AUXILIARY


def covers(day: date, starts: time, ends: time, local: datetime) -> bool:
    """Whether a row of that day covers the moment; a row may pass midnight; equal times mean the whole day."""
    begin = datetime.combine(day, starts, local.tzinfo)
    end = datetime.combine(day, ends, local.tzinfo)
    if end <= begin:
        end += timedelta(days=1)
    return begin <= local < end
