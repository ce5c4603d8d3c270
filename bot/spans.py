"""The small values that config.toml is written in: "2wh", "22:00-07:00", "11-01", a category's code."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import core_schema

Unit = Literal["s", "m", "h", "d", "wh", "wd"]

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(wh|wd|s|m|h|d)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
RULES = Path(__file__).parent.parent / "nlp" / "rules"
_LEAP_YEAR = 2024  # a year in which every day of the calendar exists, 29 February too


class _Written:
    """A value with one written form, which `parse` reads: all that pydantic has to know about it."""

    @classmethod
    def parse(cls, text: object) -> Self:
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Callable[[Any], Any]) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(cls.parse)


@dataclass(frozen=True)
class Span(_Written):
    """A length of time as people set it: calendar (s, m, h, d), working hours (wh) or working days (wd)."""

    amount: float
    unit: Unit

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read "10m"; ValueError says what would be right."""
        if isinstance(text, cls):
            return text
        found = _SPAN.fullmatch(text.strip().lower()) if isinstance(text, str) else None
        if found is None:
            raise ValueError('要写成数字加单位，例如 "10m"（s 秒、m 分、h 小时、d 天、wh 工作小时、wd 工作日）')
        amount = float(found[1])
        if amount <= 0:
            raise ValueError("时长要大于 0")
        return cls(int(amount) if amount.is_integer() else amount, cast(Unit, found[2]))

    @property
    def working(self) -> bool:
        """Whether it counts in working time, so that a calendar is needed to say when it ends."""
        return self.unit in ("wh", "wd")

    @property
    def delta(self) -> timedelta:
        """The calendar length; ValueError for working time, which has no fixed one."""
        if self.working:
            raise ValueError(f"{self} counts working time and has no fixed length")
        return timedelta(seconds=self.amount * _SECONDS[self.unit])

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"


def _calendar(span: Span) -> Span:
    if span.working:
        raise ValueError("这里只能用日历时间：s 秒、m 分、h 小时、d 天")
    return span


def _hour(text: str) -> time:
    found = re.fullmatch(r"(\d{1,2})[:：](\d{2})", text.strip())
    if found is None:
        raise ValueError
    return time(int(found[1]), int(found[2]))


@dataclass(frozen=True)
class Hours(_Written):
    """A stretch of every day; one that ends before it starts runs over midnight."""

    start: time
    end: time

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read "08:30-18:00"; ValueError says what would be right."""
        if isinstance(text, cls):
            return text
        try:
            start, end = cast(str, text).split("-")
            hours = cls(_hour(start), _hour(end))
        except (AttributeError, ValueError):
            raise ValueError('要写成起止时间，例如 "08:30-18:00"') from None
        if hours.start == hours.end:
            raise ValueError("起止时间不能相同")
        return hours

    def __contains__(self, at: time) -> bool:
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, order=True)
class MonthDay(_Written):
    """A day that comes every year."""

    month: int
    day: int

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read "11-01"; ValueError says what would be right."""
        if isinstance(text, cls):
            return text
        try:
            month, day = cast(str, text).split("-")
            that = date(_LEAP_YEAR, int(month), int(day))
        except (AttributeError, ValueError):
            raise ValueError('要写成 月-日，例如 "11-01"') from None
        return cls(that.month, that.day)

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"


def listed(value: object) -> object:
    """An environment variable has no lists: "24h, 72h" or '["24h", "72h"]' says the same."""
    if not isinstance(value, str):
        return value
    return [part for part in (p.strip(" \"'") for p in value.strip("[] ").split(",")) if part]


CalendarSpan = Annotated[Span, BeforeValidator(lambda v: _calendar(Span.parse(v)))]
CalendarSpans = Annotated[tuple[CalendarSpan, ...], BeforeValidator(listed)]
Days = Annotated[frozenset[date], BeforeValidator(listed)]
Times = Annotated[tuple[time, ...], BeforeValidator(listed)]


def known_categories() -> list[str]:
    """The codes of the categories: a category is one file of nlp/rules, and is named nowhere else."""
    return sorted(path.stem for path in RULES.glob("*.toml"))


def _known_category(code: str) -> str:
    known = known_categories()
    if known and code not in known:
        near = get_close_matches(code, known, 1)
        raise ValueError(f"没有 {code} 这个类别" + (f"；是不是 {near[0]}？" if near else f"；有的是 {'、'.join(known)}"))
    return code


CategoryCode = Annotated[str, AfterValidator(_known_category)]
