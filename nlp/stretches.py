"""One stretch of the past by its name: 上周, 10月下旬, 最近7天, 2026-10-01. Each is a pattern, and what its days are seen from a day.

How two of them make one (10月到11月) and what is said of those that are none is told in nlp.periods.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from nlp.numerals import number

DAY: Final = timedelta(days=1)
Found = re.Match[str]
Read = Callable[[Found, date], "tuple[date, date] | None"]
_N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"


def month_of(day: date) -> tuple[date, date]:
    """The first and last day of the month in which a day lies."""
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day.replace(day=1), following - DAY


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months before that of a day."""
    at = day.year * 12 + day.month - 1 - months
    return date(at // 12, at % 12 + 1, 1)


def months_earlier(day: date, months: int) -> date:
    """The same day so many months before; the last of a month stays the last."""
    last = month_of(months_before(day, months))[1]
    return last if day == month_of(day)[1] else last.replace(day=min(day.day, last.day))


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week in which a day lies."""
    first = day - timedelta(days=day.weekday())
    return first, first + 6 * DAY


HALF_A_YEAR: Final = timedelta(days=183)
_BACK: Final = {"上": 1, "上上": 2}
_YEARS: Final = {"今年": 0, "本年": 0, "去年": 1, "上年": 1, "前年": 2}


def _count(found: str) -> int:
    value = number("二" if found == "两" else found)
    if value is None or value == 0:
        raise ValueError(found)
    return value


def _year_named(found: str | None, today: date) -> int | None:
    """今年, 2025年; None where none was named."""
    if not found:
        return None
    return today.year - _YEARS[found] if found in _YEARS else int(found[:4])


def _weeks(found: Found, today: date) -> tuple[date, date]:
    return week_of(today - 7 * _BACK.get(found[1], 0) * DAY)


def _weekday(found: Found, today: date) -> tuple[date, date]:
    """上周五; without a week the last one, today's included; 周末 is both of its days."""
    at = 5 if found["day"] == "末" else "一二三四五六日".index(found["day"].replace("天", "日"))
    if found["which"]:
        day = week_of(today - 7 * _BACK.get(found["which"], 0) * DAY)[0] + at * DAY
    else:
        day = today - (today.weekday() - at) % 7 * DAY
    return day, day + DAY if found["day"] == "末" else day


def _months(found: Found, today: date) -> tuple[date, date]:
    return month_of(months_before(today, _BACK.get(found[1], 0)))


def _named_month(found: Found, today: date) -> tuple[date, date]:
    month = _count(found["month"])
    year = _year_named(found["year"], today)
    if year is None:
        year = today.year if month <= today.month else today.year - 1
    return month_of(date(year, month, 1))


def _several_months(found: Found, today: date) -> tuple[date, date]:
    """1-10月; from a later month to an earlier one over the new year."""
    first, last = _count(found["month"]), _count(found["until"])
    year = _year_named(found["year"], today)
    if year is None:
        year = today.year - (last > today.month) - (first > last)
    return date(year, first, 1), month_of(date(year + (first > last), last, 1))[1]


def _ten_days(found: Found, today: date) -> tuple[date, date]:
    """10月下旬, 10月底."""
    month = _named_month(found, today) if found["month"] else month_of(months_before(today, _BACK.get(found["which"], 0)))
    begin, end = {"上": (1, 10), "初": (1, 10), "中": (11, 20)}.get(found["part"][0], (21, month[1].day))
    return month[0].replace(day=begin), month[0].replace(day=end)


def _quarter(found: Found, today: date) -> tuple[date, date]:
    this = (today.month - 1) // 3
    if found["which"]:
        start = months_before(date(today.year, this * 3 + 1, 1), 3 if found["which"].startswith("上") else 0)
    else:
        wanted = _count(found["n"]) - 1
        if wanted > 3:
            raise ValueError(found[0])
        year = _year_named(found["year"], today)
        start = date(today.year - (wanted > this) if year is None else year, wanted * 3 + 1, 1)
    return start.replace(month=1) if found["up_to"] else start, month_of(months_before(start, -2))[1]


def _half(found: Found, today: date) -> tuple[date, date]:
    year = today.year - 1 if found[1] == "去年" else today.year
    return (date(year, 1, 1), date(year, 6, 30)) if found[2] == "上" else (date(year, 7, 1), date(year, 12, 31))


def _year(found: Found, today: date) -> tuple[date, date]:
    year = today.year - _YEARS[found[0]] if found[0] in _YEARS else int(found[1])
    return date(year, 1, 1), date(year, 12, 31)


def _lately(found: Found, today: date) -> tuple[date, date]:
    """Days and weeks up to today; months and years from the day after the same day so long ago."""
    unit, half = found["unit"], found["n"] == "半"
    count = 1 if half or not found["n"] else _count(found["n"])
    if half and unit == "月":
        return today - 14 * DAY, today
    if unit in ("月", "年"):
        return months_earlier(today, 6 if half else count * (12 if unit == "年" else 1)) + DAY, today
    return today - (count * (1 if unit in ("天", "日") else 7) - 1) * DAY, today


def _past_day(which: str | None, month: int, day: int, today: date) -> date:
    """A month and day: of the year named, else the last one that is not ahead."""
    if (named := _year_named(which, today)) is not None:
        return date(named, month, day)
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
    if last < first and last.month != first.month and last.replace(year=last.year + 1) - first < HALF_A_YEAR:
        last = last.replace(year=last.year + 1)
    return first, last


def _days_of(found: Found, today: date) -> tuple[date, date]:
    """本月1号, 上个月1号到10号."""
    month = months_before(today, _BACK.get(found["which"], 0))
    first = month.replace(day=_count(found["day"]))
    return first, month.replace(day=_count(found["last"])) if found["last"] else first


def _written(found: Found, today: date) -> tuple[date, date]:
    day = date(int(found[1]), int(found[2]), int(found[3]))
    return day, day


def _days_back(found: Found, today: date) -> tuple[date, date]:
    day = today - {"今": 0, "昨": 1, "前": 2, "大前": 3}[found[1]] * DAY
    return day, day


_DAY = r"(?:[0-3]?\d|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_TO = r"\s*(?:到|至|[-~—–])\s*"
_A_YEAR = r"(?P<year>(?<!\d)\d{4}年|今年|去年|前年)?"
_WHICH = r"(?P<which>上上|上|本|这)个?"
_WEEK = "(?:周|星期|礼拜)"
NAMED: Final[tuple[tuple[re.Pattern[str], Read], ...]] = (
    (re.compile(r"(?<!\d)(20\d\d)([01]\d)([0-3]\d)(?!\d)"), _written),
    (re.compile(rf"{_A_YEAR}(?<![\d.-])(?P<month>{_MONTH})(?:月份?)?{_TO}(?P<until>{_MONTH})月份?(?!\d|{_N}[日号])"), _several_months),
    (re.compile(rf"(?:{_A_YEAR}(?<!\d)(?P<month>{_MONTH})月份?|{_WHICH}月)(?P<part>[上中下]旬|[初底末])"), _ten_days),
    (
        re.compile(
            rf"(?:从|自)?(?P<year>(?<!\d)\d{{4}}[-/.年]|今年|去年|前年)?(?<![\d])(?P<month>{_MONTH})(?:[-/.]|月份?)(?P<day>{_DAY})(?![\d月])[日号]?(?![日号]?(?:楼|院|栋|幢|单元))"
            rf"(?:{_TO}(?:(?P<until_year>\d{{4}})[-/.年])?(?:(?P<until>{_MONTH})[-/.月])?(?P<last>{_DAY})(?!\d)[日号]?)?"
        ),
        _dates,
    ),
    (re.compile(rf"{_WHICH}月(?P<day>{_DAY})[日号](?!楼|院)(?:{_TO}(?P<last>{_DAY})[日号])?"), _days_of),
    (re.compile(rf"(?:最近|近|过去|这(?={_N}|半))(?P<n>{_N}|半(?=个?月|年))?\s*个?(?P<unit>天|日|月|年|{_WEEK}(?![一二三四五六日天末]))(?!初|末|底)"), _lately),
    (re.compile(rf"(?<![每下一两几])(?:{_WHICH})?{_WEEK}(?P<day>[一二三四五六日天末])"), _weekday),
    (re.compile(rf"{_WHICH}{_WEEK}(?!\d)"), _weeks),
    (re.compile(rf"{_WHICH}月(?!\d)"), _months),
    (re.compile(r"(?P<year>去年|今年|(?<!\d)\d{4}年)?(?:(?P<up_to>前)?第?(?P<n>[一二三四1-4])个?|(?P<which>本|这个?|上个?))季度?"), _quarter),
    (re.compile(r"(去年|今年)?(上|下)半年"), _half),
    (re.compile(r"(?P<year>(?<!\d)\d{4})[-/.年](?P<month>1[0-2]|0?[1-9])月?(?![-/.\d日号])"), _named_month),
    (re.compile(rf"{_A_YEAR}(?<!\d)(?P<month>{_MONTH})月(?:份)?(?!\d|{_N}[日号])"), _named_month),
    (re.compile(r"今年|本年|去年|上年|前年|(?<!\d)(20\d\d)年?(?![-/.\d年月])"), _year),
    (re.compile(r"(?<![目以之当])(大前|今|昨|前)(?:天|日|儿)(?!津)"), _days_back),
)
"""Each kind of name, those first that have another in them."""
BEGIN: Final[tuple[re.Pattern[str], Read]] = (
    re.compile("今年初|年初|本?月初"), lambda found, today: (today.replace(month=1, day=1) if "年" in found[0] else today.replace(day=1), today),
)  # fmt: skip
"""What is only a beginning: 年初至今."""
