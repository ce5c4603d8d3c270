"""A moment as staff ask for it: 周六晚上8点, 明天晚上, 今晚, 20:30, 下周一. What is left of the text is about the place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from nlp.dates import DAY_WORDS, day_of
from nlp.numerals import number
from nlp.wording import plain

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_CLOCK: Final = re.compile(
    rf"(?P<hour>{_N})\s*(?:点钟?|时)(?P<rest>半|一刻|三刻|(?P<minute>\d{{1,2}}|[一二三四五]?十[一二三四五六七八九]?)分?)?"
    r"|(?<!\d)(?P<h24>[0-2]?\d):(?P<m24>[0-5]\d)(?!\d)"
)
_PARTS: Final = {
    "凌晨": 3, "清早": 7, "早上": 8, "早晨": 8, "上午": 10, "中午": 12, "下午": 15, "傍晚": 18, "晚上": 20, "半夜": 24, "夜里": 23,
    "夜间": 23, "深夜": 23, "白天": 10,
}  # fmt: skip
_PART: Final = re.compile("|".join(_PARTS))
_IN_WORD: Final = {"晚": "晚上", "早": "早上", "夜": "夜里"}  # 今晚, 明早
_LATE: Final = ("下午", "傍晚", "晚上", "夜里", "夜间", "深夜", "半夜", "中午")
_NIGHT: Final = ("晚上", "夜里", "夜间", "深夜", "半夜")
_NOW: Final = re.compile("现在|目前|这会儿|此刻")
_USUAL: Final = time(10)  # of a day without an hour


@dataclass(frozen=True, slots=True)
class Moment:
    """`at`: local, None when nothing is said of it. `rest`: the text without the words for it."""

    at: datetime | None
    rest: str


def read_moment(text: str, now: datetime) -> Moment:
    """The moment that a text names. `now`: aware, local. An hour without a day is the next such hour."""
    words = plain(text).text
    day_token, clock = DAY_WORDS.search(words), _CLOCK.search(words)
    day = day_of(day_token, now.date()) if day_token else None
    part = _part(words, day_token)
    rest = _without(words)
    if day is None and part is None and clock is None:
        return Moment(None, rest)
    if part is None and clock is None and day == now.date():
        return Moment(now, rest)
    hours = _hours(clock, part)
    if hours is None:
        return Moment(None, rest)
    start = datetime.combine(day or now.date(), time(0), now.tzinfo)
    at = start + hours
    if day is None and at < now:
        later = at + timedelta(hours=12)
        at = later if part is None and later >= now and later.date() == at.date() else at + timedelta(days=1)
    return Moment(at, rest)


def names_hour(words: str) -> bool:
    """Whether an hour of the clock is named (in plain wording)."""
    return _CLOCK.search(words) is not None


def names_part(words: str) -> bool:
    """Whether a part of the day is named: 上午, 明晚."""
    return _part(words, DAY_WORDS.search(words)) is not None


def _part(words: str, token: re.Match[str] | None) -> str | None:
    if found := _PART.search(words):
        return found[0]
    return _IN_WORD.get(token["word"][-1]) if token and token["word"] else None


def _hours(clock: re.Match[str] | None, part: str | None) -> timedelta | None:
    """From midnight; None for an hour that no clock has."""
    if clock is None:
        return timedelta(hours=_PARTS[part] if part else _USUAL.hour)
    if clock["h24"]:
        hour, minute = int(clock["h24"]), int(clock["m24"])
    else:
        hour = 2 if clock["hour"] == "两" else number(clock["hour"].replace("两", "二")) or 0
        minute = {"半": 30, "一刻": 15, "三刻": 45}.get(clock["rest"] or "", number(clock["minute"] or "0") or 0)
    if hour > 24 or minute > 59:
        return None
    if part in _LATE and hour < 12 and not (part == "中午" and hour > 9):
        hour += 24 if part in _NIGHT and hour < 6 else 12
    elif part in _NIGHT and hour == 12:
        hour = 24
    return timedelta(hours=hour, minutes=minute)


def _without(words: str) -> str:
    for pattern in (DAY_WORDS, _CLOCK, _PART, _NOW):
        words = pattern.sub(" ", words)
    return words.strip()
