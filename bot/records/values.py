"""Cells of an export as the trade's values. Each function gives None where it cannot read the cell: nothing is guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from bot.records.answers import NO, NOTHING, YES, squeezed

_PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?号?((?:T|\s)*.*)")
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\s*(\d{2}):?(\d{2})(?::?(\d{2}))?)?")
_PART = r"上午|下午|凌晨|清晨|早上|早晨|早|傍晚|晚上|晚|夜里|夜间|半夜|深夜|午夜|中午|[ap]\.?m\.?"
_HOUR = re.compile(
    rf"T?\s*({_PART})?\s*(\d{{1,2}})\s*[:时点]\s*(?:(整|半|[一1]刻|[三3]刻)|(\d{{1,2}})\s*分?)?(?:\s*:?\s*(\d{{1,2}})(?:\.\d+)?秒?)?\s*({_PART})?", re.IGNORECASE
)
_PARTS = {"半": 30, "一刻": 15, "1刻": 15, "三刻": 45, "3刻": 45}
_MORNING = frozenset(["上午", "凌晨", "清晨", "早上", "早晨", "早", "am"])
_AFTERNOON, _NIGHT = frozenset(["下午", "傍晚", "pm"]), frozenset(["晚上", "晚", "夜里", "夜间", "半夜", "深夜", "午夜"])
_WEEKDAY = re.compile(r"^\(?(?:星期|周|礼拜)[一二三四五六日天]\)?\s*")
_OFFSET = re.compile(r"(.*\d)\s*(Z|[+-]\d\d:?\d\d)")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 (how spreadsheets count days)
_YEARS: Final = (1900, 9000)
"""0001-01-01 is how some registers write that there is no moment."""
_PHONE = re.compile(r"(?<!\d)(?:\+?86[-\s]?)?(1[3-9]\d{9}|0\d{2,3}[-\s]?\d{7,8}|[2-9]\d{6,7})(?!\d)")


class When(NamedTuple):
    """A moment: local, or with the offset that the cell gives; `whole_day` when it gives no time of day."""

    at: datetime
    whole_day: bool


def when(cell: str) -> When | None:
    """A moment as registers write it: 2024-03-05 08:30:00, 2024/3/5 8:30, 2024年3月5日下午2点, 20240305083000, a spreadsheet's day number."""
    try:
        found = _moment(cell.strip())
    except (ValueError, OverflowError):  # the 31st of a month that has none
        return None
    return found if found is not None and _YEARS[0] <= found.at.year <= _YEARS[1] else None


def _moment(words: str) -> When | None:
    if _PLAIN.fullmatch(words):  # as spreadsheets give it, and most registers write it
        return When(datetime.fromisoformat(words), False)
    if not words.isascii():
        words = unicodedata.normalize("NFKC", words)
    if dated := _DATE.fullmatch(words):
        return _with_hour(date(int(dated[1]), int(dated[2]), int(dated[3])), dated[4].strip())
    if solid := _SOLID.fullmatch(words):
        day = date(int(solid[1]), int(solid[2]), int(solid[3]))
        return When(datetime.combine(day, time(int(solid[4] or 0), int(solid[5] or 0), int(solid[6] or 0))), solid[4] is None)
    if _SERIAL.fullmatch(words) and 20_000 < float(words) < 80_000:
        return When(_EPOCH + timedelta(seconds=round(float(words) * 86_400)), "." not in words)
    return None


def _with_hour(day: date, words: str) -> When | None:
    words = _WEEKDAY.sub("", words)
    if not words:
        return When(datetime.combine(day, time()), True)
    zone = None
    if (offset := _OFFSET.fullmatch(words)) and (offset[2] == "Z" or offset[1].startswith("T") or offset[1].count(":") == 2):  # 08:30-0930 is a span
        words, zone = offset[1], datetime.strptime(offset[2], "%z").tzinfo
    found = _HOUR.fullmatch(words)
    if found is None:
        return None
    hour = _of_the_day(int(found[2]), (found[1] or found[6] or "").lower().replace(".", ""))
    minute, second = _PARTS.get(found[3] or "", 0) or int(found[4] or 0), int(found[5] or 0)
    if hour is None or hour > 24 or minute > 59 or second > 59:
        return None
    return When(datetime.combine(day, time(0), zone) + timedelta(hours=hour, minutes=minute, seconds=second), False)


def _of_the_day(hour: int, part: str) -> int | None:
    """上午12点 is the day's beginning, 晚上12点 its end, 中午12点 its middle; 晚上2点 may be either day's, and is not read."""
    if part in _MORNING:
        return 0 if hour == 12 else hour
    if part in _NIGHT:
        if hour <= 4:
            return hour if part not in ("晚上", "晚") else None
        return hour + 12 if hour <= 12 else hour
    if part in _AFTERNOON:
        return hour + 12 if hour < 12 else hour
    return hour + 12 if part == "中午" and hour < 10 else hour


def yes(cell: str) -> bool | None:
    """是 or 否; an empty cell is no."""
    words = squeezed(cell).lower()
    if not words or words in NO or NOTHING.fullmatch(words) or words.startswith(("不", "非", "未", "公开")):
        return False
    return True if words in YES or words in ("保密", "要求保密", "剔除", "已剔除") else None


def phone_of(cell: str) -> str | None:
    """The first telephone number of a cell, in digits; one that is masked (138****0001) is nobody's."""
    found = _PHONE.search(cell)
    return re.sub(r"\D", "", found[1]) if found else None
