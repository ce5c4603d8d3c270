"""Stretches of the past as supervisors name them: 本周, 上个月, 三月, 去年12月, 最近7天, 10月1日到15日, 第三季度, 2026-10.

A month without a year is the last one of its name that has begun. Nothing is guessed: what is no period is None, and one that lies ahead
is said to.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from nlp.numerals import number
from nlp.wording import plain

Wrong = Literal["future", "no_such", "backwards"]
DAY: Final = timedelta(days=1)
_N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included. `words`: as it was named; `whole`: whether it is over."""

    first: date
    last: date
    words: str
    whole: bool


def month_of(day: date) -> tuple[date, date]:
    """The first and last day of the month in which a day lies."""
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day.replace(day=1), following - DAY


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months before that of a day."""
    at = day.year * 12 + day.month - 1 - months
    return date(at // 12, at % 12 + 1, 1)


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week in which a day lies."""
    first = day - timedelta(days=day.weekday())
    return first, first + 6 * DAY


def before(period: Period) -> tuple[date, date]:
    """What a period is compared with: a year, quarter, month or week that is not over with the same days of the one before, a whole month
    with the month before, else with as many days right before it."""
    if not period.whole and _WEEK.search(period.words) and period.first.weekday() == 0:
        return period.first - 7 * DAY, period.last - 7 * DAY
    if not period.whole and (months := _running(period)):
        return months_before(period.first, months), _months_earlier(period.last, months)
    if period.first == month_of(period.first)[0] and period.last == month_of(period.last)[1]:
        months = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
        return months_before(period.first, months), period.first - DAY
    return period.first - (period.last - period.first + DAY), period.first - DAY


def _running(period: Period) -> int:
    """How many months a year, half, quarter or month has that began on its first day; 0 for any other stretch (最近7天)."""
    named = next((months for ending, months in _SPANS if ending.search(period.words)), 0)
    inside = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month < named
    return named if inside and period.first.day == 1 and (period.first.month - 1) % named == 0 else 0


def _months_earlier(day: date, months: int) -> date:
    """The same day so many months before; the last of a month stays the last."""
    last = month_of(months_before(day, months))[1]
    return last if day == month_of(day)[1] else last.replace(day=min(day.day, last.day))


def year_before(period: Period) -> tuple[date, date]:
    """The same days a year earlier; a 29 February becomes the 28th."""

    def earlier(day: date) -> date:
        return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)

    if period.last == month_of(period.last)[1]:
        return earlier(period.first), month_of(earlier(period.last.replace(day=1)))[1]
    return earlier(period.first), earlier(period.last)


def read_period(text: str, today: date) -> Period | Wrong | None:
    """The period that a text names; None where it names none. The present one ends today."""
    words = plain(text).text
    if _AHEAD.search(words):
        return "future"
    for pattern, read in _NAMED:
        if found := pattern.search(words):
            try:
                span = read(found, today)
            except (ValueError, OverflowError):
                return "no_such"
            return _bounded(span, found[0].strip(), today)
    return None


def beside_period(text: str) -> str:
    """What a text says besides its period."""
    words = plain(text).text
    for pattern, _ in _NAMED:
        if pattern.search(words):
            return pattern.sub(" ", words, count=1).strip()
    return words.strip()


EARLIEST: Final = date(1990, 1, 1)
"""Before it no town has a register that could be asked."""


def _bounded(span: tuple[date, date] | None, words: str, today: date) -> Period | Wrong:
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


_WEEK: Final = re.compile("(?:周|星期|礼拜)$")
_SPANS: Final = (
    (re.compile("季度?$"), 3), (re.compile("半年$"), 6), (re.compile(r"(?:^|[今本])\d*年$|^\d{4}$"), 12), (re.compile(r"月份?$|^\d{4}[-/.]\d{1,2}$"), 1),
)  # fmt: skip
"""How a stretch ends that is named by the calendar, and how many months it has."""

Found = re.Match[str]
Read = Callable[[Found, date], "tuple[date, date] | None"]


def _count(found: str) -> int:
    value = number("二" if found == "两" else found)
    if value is None or value == 0:
        raise ValueError(found)
    return value


def _weeks(found: Found, today: date) -> tuple[date, date]:
    back = {"上": 1, "上上": 2}.get(found[1], 0)
    return week_of(today - 7 * back * DAY)


def _months(found: Found, today: date) -> tuple[date, date]:
    back = {"上": 1, "上上": 2}.get(found[1], 0)
    return month_of(months_before(today, back))


def _named_month(found: Found, today: date) -> tuple[date, date]:
    month = _count(found["month"])
    year = {"今年": today.year, "去年": today.year - 1, "前年": today.year - 2}.get(found["which"] or "")
    year = year or (int(found["year"]) if found["year"] else None)
    if year is None:
        year = today.year if month <= today.month else today.year - 1
    return month_of(date(year, month, 1))


def _quarter(found: Found, today: date) -> tuple[date, date]:
    this = (today.month - 1) // 3
    if found["which"] in ("本", "这", "上", "这个", "上个"):
        start = months_before(date(today.year, this * 3 + 1, 1), 3 if found["which"].startswith("上") else 0)
    else:
        wanted = _count(found["n"]) - 1
        if wanted > 3:
            raise ValueError(found[0])
        year = today.year - 1 if (found["year"] == "去年" or (not found["year"] and wanted > this)) else today.year
        start = date(year, wanted * 3 + 1, 1)
    return start, month_of(months_before(start, -2))[1]


def _half(found: Found, today: date) -> tuple[date, date]:
    year = today.year - 1 if found[1] == "去年" else today.year
    return (date(year, 1, 1), date(year, 6, 30)) if found[2] == "上" else (date(year, 7, 1), date(year, 12, 31))


def _year(found: Found, today: date) -> tuple[date, date]:
    back = {"今年": 0, "本年": 0, "去年": 1, "上年": 1, "前年": 2}
    year = today.year - back[found[0]] if found[0] in back else int(found[1])
    return date(year, 1, 1), date(year, 12, 31)


def _lately(found: Found, today: date) -> tuple[date, date]:
    count = _count(found["n"]) if found["n"] else 1
    unit = found["unit"]
    if "月" in unit:
        return months_before(today, count - 1) if count > 1 else today - 29 * DAY, today
    days = count * (7 if unit in ("周", "星期", "礼拜") else 365 if unit == "年" else 1)
    return today - (days - 1) * DAY, today


def _past_day(which: str | None, month: int, day: int, today: date) -> date:
    """A month and day: of the year named, else the last one that is not ahead."""
    if which:
        years = {"今年": today.year, "去年": today.year - 1, "前年": today.year - 2}
        return date(years[which] if which in years else int(which[:4]), month, day)
    for year in range(today.year, today.year - 9, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    raise ValueError("no such day")


def _dates(found: Found, today: date) -> tuple[date, date]:
    first = _past_day(found["year"], _count(found["month"]), _count(found["day"]), today)
    if found["last"] is None:
        return first, first
    last = first.replace(month=_count(found["until"]) if found["until"] else first.month, day=_count(found["last"]))
    if found["until_year"]:
        return first, last.replace(year=int(found["until_year"]))
    if last < first and found["until"]:
        last = last.replace(year=last.year + 1)
    return first, last


def _days_back(found: Found, today: date) -> tuple[date, date]:
    day = today - {"今": 0, "昨": 1, "前": 2}[found[1]] * DAY
    return day, day


_AHEAD = re.compile("明年|后年|下下?个?(?:月|周|星期|礼拜|季度)|明天|后天|下半年以后")
_DAY = r"(?:[0-3]?\d|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_NAMED: Final[tuple[tuple[re.Pattern[str], Read], ...]] = (
    (
        re.compile(
            rf"(?:从|自)?(?P<year>(?<!\d)\d{{4}}[-/.年]|今年|去年|前年)?(?<![\d])(?P<month>{_MONTH})[-/.月](?P<day>{_DAY})(?![\d月])[日号]?(?!楼|院)"
            rf"(?:\s*(?:到|至|[-~—–])\s*(?:(?P<until_year>\d{{4}})[-/.年])?(?:(?P<until>{_MONTH})[-/.月])?(?P<last>{_DAY})(?!\d)[日号]?)?"
        ),
        _dates,
    ),
    (re.compile(rf"(?:最近|近|过去|这)(?P<n>{_N})?\s*个?(?P<unit>天|日|周|星期|礼拜|月|年)(?!初|末|底)(?<!这周)(?<!这个月)(?<!这月)(?<!这年)"), _lately),
    (re.compile(r"(上上|上|本|这)个?(?:周|星期|礼拜)(?![一二三四五六日天末\d])"), _weeks),
    (re.compile(r"(上上|上|本|这)个?月(?!\d)"), _months),
    (re.compile(r"(?P<year>去年|今年)?(?:第?(?P<n>[一二三四1-4])|(?P<which>本|这个?|上个?))季度?"), _quarter),
    (re.compile(r"(去年|今年)?(上|下)半年"), _half),
    (re.compile(r"(?<!\d)(?P<year>\d{4})[-/.年](?P<month>1[0-2]|0?[1-9])月?(?![-/.\d日号])(?P<which>(?!))?"), _named_month),
    (re.compile(rf"(?P<which>今年|去年|前年)?(?P<year>(?!))?(?<!\d)(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月(?:份)?(?!\d|{_N}[日号])"), _named_month),
    (re.compile(r"今年|本年|去年|上年|前年|(?<!\d)(20\d\d)年?(?![-/.\d年月])"), _year),
    (re.compile(r"([今昨前])(?:天|日|儿)(?!津)"), _days_back),
)
