"""The words of what is printed and drawn: every sentence is a key of packs.toml."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from casework.rates import Rate
from handlers import texts
from nlp.periods import month_of

NOTHING = "–"


@cache
def load() -> dict[str, dict[str, str]]:
    """packs.toml, once; the names of topics are those of the chat."""
    own = tomllib.loads(Path(__file__).with_name("packs.toml").read_text("utf-8"))
    return own | {"topic": texts.load()["topic"]}


def say(key: str, **facts: Any) -> str:
    """The sentence of a key "section.name", filled. A missing key is a bug, found by a test."""
    section, _, name = key.partition(".")
    return load()[section][name].format(**facts)


def topic(code: str) -> str:
    """A topic as people call it; one without a name yet goes under what is not told apart."""
    return load()["topic"].get(code or "none", load()["topic"]["none"])


def percent(share: float | None) -> str:
    """As in a chat: a digit behind the point, none where it is nought: 92.5%, 70%; a dash where there is nothing to count."""
    if share is not None and 0 < share < 0.0005:
        return say("rate.little")
    return NOTHING if share is None else f"{share * 100:.1f}".removesuffix(".0") + "%"


def share(rate: Rate) -> str:
    """As a percentage, cut and not rounded: 99.96 % is not the whole."""
    return f"{rate.good * 1000 // rate.of / 10:.1f}".removesuffix(".0") + "%" if rate.of else NOTHING


def counted(rate: Rate) -> str:
    """A rate with both of its sides: 92.5%（37/40）."""
    return NOTHING if rate.value is None else f"{percent(rate.value)}（{rate.good:g}/{rate.of}）"


def length(minutes: float | None) -> str:
    """Minutes as one says them: 不到1分钟, 45分钟, 3.5小时, 2.1天."""
    if minutes is None:
        return NOTHING
    if minutes < 1:
        return say("unit.instant")
    if minutes < 90:
        return say("unit.minutes", count=f"{minutes:.0f}")
    if minutes < 48 * 60:
        return say("unit.hours", count=f"{minutes / 60:.1f}".removesuffix(".0"))
    return say("unit.days", count=f"{minutes / 1440:.1f}".removesuffix(".0"))


def chance(share: float) -> str:
    """How likely something is by chance: 1.2%, or less than can be said with a digit."""
    return say("hot.chance_small") if share < 0.001 else percent(share)


def about(number: float) -> str:
    """One digit behind the point, none where it is nought: 4.2, 0."""
    return f"{number:.1f}".removesuffix(".0")


def day(at: date) -> str:
    """10月5日."""
    return say("unit.day", month=at.month, day=at.day)


def period(first: date, last: date) -> str:
    """2026年10月, 2026年, 2026年1–3月; days that are no whole months: 2026年10月3日–31日."""
    if (first, last) != (month_of(first)[0], month_of(last)[1]):
        return _days(first, last)
    if first.month == last.month and first.year == last.year:
        return say("unit.month", year=first.year, month=first.month)
    if (first.month, last.month) == (1, 12) and first.year == last.year:
        return say("unit.year", year=first.year)
    if first.year == last.year:
        return say("unit.months", year=first.year, first=first.month, last=last.month)
    return say("unit.long", first=period(first, first), last=period(last, last))


def _days(first: date, last: date) -> str:
    began = period(*month_of(first)) + say("unit.of_month", day=first.day)
    if first == last:
        return began
    month = "" if (last.year, last.month) == (first.year, first.month) else say("unit.only_month", month=last.month)
    year = "" if last.year == first.year else say("unit.year", year=last.year)
    return say("unit.span", first=began, last=f"{year}{month}{say('unit.of_month', day=last.day)}")


def wide(text: str) -> float:
    """How wide words are in print, in Chinese signs."""
    return sum(1 if sign > "\u2e80" else 0.6 for sign in text)


def signed(change: int) -> str:
    """+3, −2, 0."""
    return f"+{change}" if change > 0 else f"−{-change}" if change < 0 else "0"
