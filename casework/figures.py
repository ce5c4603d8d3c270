"""What one case adds to the figures: pure, so that the roll-ups can be kept by difference, rebuilt and verified by the same function.

A case belongs to the period of its filing. Each case is told of in its area and every area above, by day, week or month; whoever adds
up the rows of a period has the figures of all its cases. How long things took is kept as counts in buckets, each a quarter longer than
the one before: a median read off them is at most a few hundredths off.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from casework.case import Answer, Case, Satisfaction, State, Urgency
from casework.deadlines import acknowledge_by
from casework.policy import Policy
from casework.rates import responded_at

K = TypeVar("K")
CHANNELS: Final = ("web", "telegram", "wechat", "phone")
ORIGINS: Final = ("resident", "visit", "staff", "hotline")
COUNTERS: Final = (
    "filed", "open", "emergency", "urgent",
    *(f"by_{channel}" for channel in CHANNELS), "by_other",
    *(f"from_{origin}" for origin in ORIGINS), "from_other",
    "response_of", "response_good", "answers", "solved", "partly", "graded", "satisfied", "mostly",
    "reopened", "unanswered", "withdrawn", "dismissed", "coordinating",
)  # fmt: skip
"""What is counted of the cases of a period; `response_of` and `response_good` are the two sides of 响应率."""

GROWTH: Final = 1.25
"""Each bucket of durations is so many times as long as the one before."""
MEASURES: Final = ("acknowledge", "confirm")
"""How long until somebody answered, and until the resident said that it is solved: both from the filing, in minutes."""


class Period(NamedTuple):
    """A day (d), a week from Monday (w) or a month (m), by its first day."""

    span: str
    start: date


def day_of(at: datetime, zone: ZoneInfo) -> date:
    """The local day of a moment."""
    return at.astimezone(zone).date()


def periods(day: date) -> tuple[Period, Period, Period]:
    """The day, the week and the month in which it lies."""
    return Period("d", day), Period("w", day - timedelta(days=day.weekday())), Period("m", day.replace(day=1))


def counts(case: Case, policy: Policy) -> dict[str, int]:
    """The counters to which this case adds, without the noughts."""
    responded = responded_at(case)
    limit = acknowledge_by(case, policy)
    late = case.climbed_at is not None and case.climbed_at >= limit  # a climb; being given to somebody else earlier is none
    answered = case.answer is not None
    found = {
        "filed": 1,
        "open": not case.ended,
        "emergency": case.urgency is Urgency.EMERGENCY,
        "urgent": case.urgency is Urgency.URGENT,
        f"by_{case.channel if case.channel in CHANNELS else 'other'}": 1,
        f"from_{case.origin if case.origin in ORIGINS else 'other'}": 1,
        "response_of": responded is not None or late,
        "response_good": responded is not None and responded <= limit,
        "answers": answered,
        "solved": case.answer is Answer.SOLVED,
        "partly": case.answer is Answer.PARTLY,
        "graded": answered and case.satisfaction is not None,
        "satisfied": answered and case.satisfaction is Satisfaction.SATISFIED,
        "mostly": answered and case.satisfaction is Satisfaction.MOSTLY,
        "reopened": case.reopens > 0,
        "unanswered": case.state is State.CLOSED_UNANSWERED and not answered,
        "withdrawn": case.state is State.WITHDRAWN,
        "dismissed": case.state is State.DISMISSED,
        "coordinating": case.coordinating,
    }
    return {name: int(value) for name, value in found.items() if value}


# ---- how long ----------------------------------------------------------------------------------------------------


def durations(case: Case) -> dict[str, float]:
    """Minutes from the filing, by measure, as far as they are known."""
    found = {}
    if (responded := responded_at(case)) is not None and responded >= case.filed_at:
        found["acknowledge"] = (responded - case.filed_at).total_seconds() / 60
    if case.state is State.CONFIRMED and case.answered_at is not None:
        found["confirm"] = (case.answered_at - case.filed_at).total_seconds() / 60
    return found


def bucket(minutes: float) -> int:
    """The number of the bucket for so many minutes; 0 holds all up to one minute."""
    return 0 if minutes <= 1 else 1 + math.floor(math.log(minutes, GROWTH))


def _edges(number: int) -> tuple[float, float]:
    return (0.0, 1.0) if number == 0 else (GROWTH ** (number - 1), GROWTH**number)


def quantile(buckets: Mapping[int, int], share: float) -> float | None:
    """Minutes under which this share of the durations lies, read off between the edges of a bucket; None without any."""
    whole = sum(buckets.values())
    left = share * whole
    for number in sorted(buckets):
        if buckets[number] and left <= buckets[number]:
            low, high = _edges(number)
            return low + (high - low) * left / buckets[number]
        left -= buckets[number]
    return None


FEW: Final = 200
"""The waits of fewer cases are told exactly, from the cases themselves: of few a bucket says too much or too little."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Of so many cases half waited no longer than `half` minutes, and nine of ten no longer than `most`."""

    count: int
    half: float
    most: float


def waits(cases: Iterable[Case]) -> dict[str, Waits]:
    """By measure, exactly; none of a measure that no case has."""
    found: dict[str, list[float]] = {}
    for case in cases:
        for measure, minutes in durations(case).items():
            found.setdefault(measure, []).append(minutes)
    return {measure: Waits(len(told), _within(told, 0.5), _within(told, 0.9)) for measure, told in found.items()}


def _within(minutes: Sequence[float], share: float) -> float:
    """The shortest wait that is no shorter than this share of them."""
    return sorted(minutes)[math.ceil(share * len(minutes)) - 1]


def read_off(buckets: Mapping[int, int]) -> Waits | None:
    """The same read off buckets; None without any."""
    half, most = quantile(buckets, 0.5), quantile(buckets, 0.9)
    return None if half is None or most is None else Waits(sum(buckets.values()), half, most)


# ---- what is kept ------------------------------------------------------------------------------------------------


class Day(NamedTuple):
    """A day of a week's row: of a grid (whatever the topic, EVERY) or of a community and one topic. `weekday` 0 is Monday."""

    week: date
    area: str
    topic: str
    weekday: int


class Key(NamedTuple):
    """A row of the roll-ups: an area, a period, a category, with or without the struck-out cases."""

    area: str
    period: Period
    category: str
    struck: bool


@dataclass(frozen=True, slots=True)
class Share:
    """All that one case adds: counters by key, topics by (area, period, category, topic), durations by (area, month, measure, bucket),
    the days by which what rises is seen, and of whom it speaks: (post or person, case)."""

    counters: Mapping[Key, Mapping[str, int]]
    topics: Mapping[tuple[str, Period, str, str], int]
    durations: Mapping[tuple[str, Period, str, int], int]
    days: Mapping[Day, int] = field(default_factory=dict)
    spoken_of: Mapping[tuple[str, str], int] = field(default_factory=dict)


NOTHING: Final = Share({}, {}, {})
NO_TOPIC: Final = ""
EVERY: Final = "*"
"""Stands where the topic would: all cases of a grid."""


def share(case: Case, chain: Sequence[tuple[str, str]], policy: Policy) -> Share:
    """What the case adds in each area of its chain: (id, kind) from its own area up to the city.

    Kept are days and months of every area above the grid, and weeks and months of a grid; weeks of topics; durations by the month
    of communities and above; and of each week the days, of a grid and of a community's topics. Struck-out cases have rows of their own
    and add nothing else but of whom they speak.
    """
    day, week, month = periods(day_of(case.filed_at, policy.calendar.zone))
    told = counts(case, policy)
    counters = {
        Key(area, period, case.category, case.struck_out): told
        for area, kind in chain
        for period in ((week, month) if kind == "grid" else (day, month))
    }
    spoken_of = {(who, str(case.id)): 1 for who in (*case.accused.posts, *case.accused.people)}
    if case.struck_out:
        return Share(counters, {}, {}, spoken_of=spoken_of)
    topics = {(area, period, case.category, case.topic or NO_TOPIC): 1 for area, _ in chain for period in (week, month)}
    times = {
        (area, month, measure, bucket(minutes)): 1
        for area, kind in chain
        if kind != "grid"
        for measure, minutes in durations(case).items()
    }
    told_of = {"grid": EVERY, "community": case.topic}
    days = {Day(week.start, area, topic, day.start.weekday()): 1 for area, kind in chain if (topic := told_of.get(kind))}
    return Share(counters, topics, times, days, spoken_of)


def difference(before: Share, after: Share) -> Share:
    """What has to be added to the roll-ups when `before` becomes `after`; only what is not nought."""
    if before is NOTHING:
        return after
    counters = {}
    for key in before.counters.keys() | after.counters.keys():
        old, new = before.counters.get(key, {}), after.counters.get(key, {})
        if changed := _difference(old, new):
            counters[key] = changed
    return Share(
        counters, _difference(before.topics, after.topics), _difference(before.durations, after.durations),
        _difference(before.days, after.days), _difference(before.spoken_of, after.spoken_of),
    )  # fmt: skip


def _difference(old: Mapping[K, int], new: Mapping[K, int]) -> dict[K, int]:
    return {key: change for key in old.keys() | new.keys() if (change := new.get(key, 0) - old.get(key, 0))}


class Sum:
    """Adds up shares, one after the other."""

    def __init__(self) -> None:
        self._counters: dict[Key, dict[str, int]] = {}
        self._topics: dict[tuple[str, Period, str, str], int] = {}
        self._durations: dict[tuple[str, Period, str, int], int] = {}
        self._days: dict[Day, int] = {}
        self._spoken_of: dict[tuple[str, str], int] = {}

    def take(self, one: Share) -> None:
        """One more."""
        for key, told in one.counters.items():
            if key in self._counters:
                _add(self._counters[key], told)
            else:
                self._counters[key] = dict(told)
        _add(self._topics, one.topics)
        _add(self._durations, one.durations)
        _add(self._days, one.days)
        _add(self._spoken_of, one.spoken_of)

    def share(self) -> Share:
        """All that was taken so far."""
        return Share(self._counters, self._topics, self._durations, self._days, self._spoken_of)


def _add(into: dict[K, int], more: Mapping[K, int]) -> None:
    for key, value in more.items():
        into[key] = into.get(key, 0) + value
