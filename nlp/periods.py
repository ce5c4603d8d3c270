"""Stretches of the past as supervisors name them: 本周, 上个月, 三月, 去年12月, 最近7天, 10月1日到15日, 10月到11月, 第三季度, 2026-10.

A month without a year is the last one of its name that has begun. Nothing is guessed: what is no period is None, and one that lies ahead
is said to.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final, Literal

from nlp.stretches import BEGIN, DAY, HALF_A_YEAR, NAMED, Read, month_of, months_before, months_earlier, week_of
from nlp.wording import plain

__all__ = ["AHEAD", "DAY", "EARLIEST", "Period", "Wrong", "before", "beside_period", "month_of", "months_before", "read_period", "week_of", "year_before"]
Wrong = Literal["future", "no_such", "backwards", "apart"]


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included. `words`: as it was named; `whole`: whether it is over."""

    first: date
    last: date
    words: str
    whole: bool


def before(period: Period) -> tuple[date, date]:
    """What a period is compared with: a year, quarter, month or week that is not over with the same days of the one before, a whole month
    with the month before, else with as many days right before it."""
    if not period.whole and _WEEK.search(period.words) and period.first.weekday() == 0:
        return period.first - 7 * DAY, period.last - 7 * DAY
    if not period.whole and (months := _running(period)):
        return months_before(period.first, months), months_earlier(period.last, months)
    if period.first == month_of(period.first)[0] and period.last == month_of(period.last)[1]:
        months = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
        return months_before(period.first, months), period.first - DAY
    return period.first - (period.last - period.first + DAY), period.first - DAY


def _running(period: Period) -> int:
    """How many months a year, half, quarter or month has that began on its first day; 0 for any other stretch (最近7天)."""
    named = next((months for ending, months in _SPANS if ending.search(period.words)), 0)
    inside = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month < named
    return named if inside and period.first.day == 1 and (period.first.month - 1) % named == 0 else 0


def year_before(period: Period) -> tuple[date, date]:
    """The same days a year earlier; a 29 February becomes the 28th."""

    def earlier(day: date) -> date:
        return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)

    if period.last == month_of(period.last)[1]:
        return earlier(period.first), month_of(earlier(period.last.replace(day=1)))[1]
    return earlier(period.first), earlier(period.last)


def read_period(text: str, today: date) -> Period | Wrong | None:
    """The period that a text names; None where it names none. The present one ends today."""
    words = _words(text)
    if AHEAD.search(words):
        return "future"
    where = _where(words)
    if where is None:
        return None
    start, end, read = where
    try:
        span = read(today)
    except (ValueError, OverflowError):
        return "no_such"
    return span if isinstance(span, str) else _bounded(span, words[start:end].strip(), today)


def beside_period(text: str) -> str:
    """What a text says besides its period."""
    words = _words(text)
    where = _where(words)
    return (words if where is None else f"{words[: where[0]]} {words[where[1] :]}").strip()


EARLIEST: Final = date(1990, 1, 1)
"""Before it no town has a register that could be asked."""


def _bounded(span: Span | None, words: str, today: date) -> Period | Wrong:
    if span is None:
        return "no_such"
    first, last = span
    if first < EARLIEST:
        return "no_such"
    if first > last:
        return "backwards"
    if first > today:
        return "future"
    return Period(first, min(last, today), words, last < today)


def _words(text: str) -> str:
    words = plain(text).text
    for english, said in _ENGLISH if _LETTERS.search(words) else ():
        words = english.sub(said, words)
    return words


def _where(words: str) -> tuple[int, int, Reader] | None:
    """Where a stretch is named, and what it is: two that make one, else the first kind that there is."""
    if two := _two(words):
        return two
    for pattern, read in NAMED:
        if found := pattern.search(words):
            return found.start(), found.end(), partial(read, found)
    return None


def _two(words: str) -> tuple[int, int, Reader] | None:
    """10月到11月, 上周一到昨天, 今天和昨天; 今年以来, 11月25日至今."""
    for joint in _JOINT.finditer(words):
        left = _ending(words, joint.start())
        if left is None:
            continue
        begin = left[0].start() - (words[: left[0].start()].endswith(("从", "自")))
        if joint["open"]:
            return begin, joint.end(), partial(_since, left)
        right = _beginning(words, joint.end())
        if right is not None:
            return begin, right[0].end(), partial(_both if joint["and"] else _from_to, left, right)
    return None


def _ending(words: str, end: int) -> Named | None:
    """The longest stretch that is named right before."""
    every = [(found, read) for pattern, read in (*NAMED, BEGIN) for found in pattern.finditer(words, 0, end) if found.end() == end]
    return min(every, key=lambda each: each[0].start(), default=None)


def _beginning(words: str, start: int) -> Named | None:
    every = [(found, read) for pattern, read in NAMED if (found := pattern.match(words, start))]
    return max(every, key=lambda each: each[0].end(), default=None)


def _since(left: Named, today: date) -> Span | None:
    span = left[1](left[0], today)
    return span and (span[0], today)


def _from_to(left: Named, right: Named, today: date) -> Span | None:
    """From the first day of one to the last of the other, which is in the same year or week where it names none, or over the new year."""
    spans = _each(left, right, today)
    if spans is None:
        return None
    (first, _), (other, last) = spans
    if last < first and other.month != first.month and _OPEN_YEAR.match(right[0][0]):
        over = right[1](right[0], date(first.year + 1, 12, 31))
        last = over[1] if over and over[1] - first < HALF_A_YEAR else last
    return first, last


def _both(left: Named, right: Named, today: date) -> Span | Wrong | None:
    """Two that touch, whichever is named first."""
    spans = _each(left, right, today)
    if spans is None:
        return None
    first, last = sorted(spans)
    return (first[0], max(first[1], last[1])) if last[0] - first[1] <= DAY else "apart"


def _each(left: Named, right: Named, today: date) -> tuple[Span, Span] | None:
    first = left[1](left[0], today)
    if first is None:
        return None
    seen_from = today
    if _OPEN_YEAR.match(right[0][0]):
        seen_from = date(first[0].year, 12, 31)
    elif _OPEN_WEEK.match(right[0][0]) and _OPEN_WEEK.search(left[0][0]):
        seen_from = first[0] + 6 * DAY
    second = right[1](right[0], seen_from)
    return second and (first, second)


Span = tuple[date, date]
Named = tuple[re.Match[str], Read]
Reader = Callable[[date], "Span | Wrong | None"]
AHEAD: Final = re.compile("明年|后年|下下?个?(?:月|周|星期|礼拜|季度)|明天|后天|下半年以后")
_JOINT = re.compile(
    r"\s*(?:(?P<open>[到至](?:今(?![天年日])|现在|目前)|以来)|[到至~—–]+|(?<=[年月日号天周])-|(?<=\d)-(?=20\d\d)|(?P<and>[和与及、]))\s*"
)
_OPEN_YEAR = re.compile(r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])[-/.月]")
_OPEN_WEEK = re.compile("(?:周|星期|礼拜)[一二三四五六日天]")
_WEEK: Final = re.compile("(?:周|星期|礼拜)$")
_UP_TO_NOW: Final = r"(?:以来|[到至](?:今|现在|目前))?$"
_SPANS: Final = tuple((re.compile(ending + _UP_TO_NOW), months) for ending, months in (
    ("季度?", 3), ("半年", 6), (r"(?:(?:^|[今本])\d*年|^\d{4}|年初)", 12), (r"(?:月[份初]?|^\d{4}[-/.]\d{1,2})", 1),
))  # fmt: skip
"""How a stretch ends that is named by the calendar, and how many months it has."""
_LETTERS = re.compile("[a-z]")
_ENGLISH: Final = tuple((re.compile(english), said) for english, said in (
    (r"\bthis week\b", "本周"), (r"\blast week\b", "上周"), (r"\bthis month\b", "本月"), (r"\blast month\b", "上个月"),
    (r"\bthis year\b", "今年"), (r"\blast year\b", "去年"), (r"\btoday\b", "今天"), (r"\byesterday\b", "昨天"),
    (r"\b(?:last|past) (\d{1,3}) ?(?:days?\b|天)", r"最近\1天"), (r"\b(?:last|past) (\d{1,3}) ?(?:months?\b|个?月)", r"最近\1个月"),
))  # fmt: skip
