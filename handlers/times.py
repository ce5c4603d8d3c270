"""Times and days as one says them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from handlers.turn import Turn
from handlers.wording import text_of

WEEKDAYS = "一二三四五六日"


def say_time(at: datetime, now: datetime, turn: Turn) -> str:
    """A time as one says it: 今天15:30, 明天9:00, 11月28日（周五）18:00."""
    zone = turn.policy.calendar.zone
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    near = {today: "今天", today + timedelta(days=1): "明天", today - timedelta(days=1): "昨天"}
    year = f"{local.year}年" if local.year != today.year else ""
    day = near.get(local.date()) or f"{year}{local.month}月{local.day}日（周{WEEKDAYS[local.weekday()]}）"
    return f"{day}{local.hour}:{local.minute:02d}"


def say_day(day: date, today: date, near: bool = True) -> str:
    """明天（12月3日周四）, 12月5日（周六）; another year is named. `near`: false for what is read on another day."""
    word_ = {0: "今天", 1: "明天", 2: "后天"}.get((day - today).days) if near else None
    name, week = f"{day.month}月{day.day}日", f"周{WEEKDAYS[day.weekday()]}"
    year = f"{day.year}年" if day.year != today.year else ""
    return f"{word_}（{name}{week}）" if word_ else f"{year}{name}（{week}）"


def short_day(day: date, today: date) -> str:
    """今天, 明天, 后天, 周四; farther off 12月10日: for a button."""
    ahead = (day - today).days
    near = {0: "今天", 1: "明天", 2: "后天"}
    return near.get(ahead) or (f"周{WEEKDAYS[day.weekday()]}" if 0 < ahead < 7 else f"{day.month}月{day.day}日")


def say_days(first: date, last: date, today: date, near: bool = True) -> str:
    """12月3日（周四）到12月5日（周六）, or the one day."""
    begin = say_day(first, today, near)
    return begin if first == last else f"{begin}到{say_day(last, today, near)}"


def local(turn: Turn) -> datetime:
    """Now, on the town's clocks."""
    return turn.now.astimezone(turn.policy.calendar.zone)


def say_length(passed: timedelta) -> str:
    """How long: 3天, 2小时, 15分钟; what has only begun, 不到1分钟."""
    if passed >= timedelta(days=1):
        return f"{passed.days}天"
    if passed >= timedelta(hours=1):
        return f"{passed.seconds // 3600}小时"
    return f"{passed.seconds // 60}分钟" if passed >= timedelta(minutes=1) else text_of("word.a_moment")
