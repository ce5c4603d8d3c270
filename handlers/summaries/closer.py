"""What lies behind the first lines: how pressing, from where, by which way, how long it took, what was done again; with the struck-out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from casework.figures import CHANNELS, MEASURES, ORIGINS, Waits
from casework.rates import reopen_rate
from handlers.summaries import counted, looking, rates
from handlers.summaries.looking import View
from handlers.texts import load, text_of
from handlers.turn import Turn

MINUTES: Final = 90
HOURS: Final = 48
"""Up to so many one says minutes, and hours; then days."""


def show(turn: Turn, view: View) -> None:
    """All of it, of the cases of a view."""
    now = counted.whole(counted.by_category(turn, view))
    if not now["filed"]:
        rates.empty(turn, replace(view, level="closer"))
        return
    lines = [
        text_of("summary.filed").format(filed=now["filed"]) + "".join(pressing(view, now)),
        *_ways(view, now),
        *_waits(counted.waits(turn, view, now["filed"])),
        text_of("summary.reopened").format(rate=rates.rate(reopen_rate(now))),
        *_struck(turn, view, now["filed"]),
    ]
    told = "\n".join(lines)
    turn.ask("summary.closer", question="summary", awaited=False, options=looking.back(view), title=rates.title(turn, view), lines=told)


def pressing(view: View, now: Mapping[str, int]) -> list[str]:
    """其中涉及人身安全 1 件，紧急 3 件，一般 4 件; nothing of cases that are all of one urgency."""
    told = {"emergency": now["emergency"], "urgent": now["urgent"], "normal": now["filed"] - now["emergency"] - now["urgent"]}
    several = [f"{load()['only_urgency'][urgency]} {count} 件" for urgency, count in told.items() if count]
    return [] if view.urgency or len(several) < 2 else [text_of("summary.pressing").format(list="，".join(several))]


def _ways(view: View, now: Mapping[str, int]) -> list[str]:
    """By origin and by channel, unless one of them alone is looked at."""
    found = []
    if not view.origin:
        found.append(text_of("summary.origins").format(list=_list("only_origin", "from", (*ORIGINS, "other"), now)))
    if not view.channel:
        found.append(text_of("summary.channels").format(list=_list("only_channel", "by", (*CHANNELS, "other"), now)))
    return found


def _list(section: str, prefix: str, names: Sequence[str], now: Mapping[str, int]) -> str:
    words = load()[section]
    return "、".join(f"{words[name]} {count}" for name in names if (count := now[f"{prefix}_{name}"]))


def _waits(found: Mapping[str, Waits]) -> Iterator[str]:
    """Half within so long, nine of ten within so long; of a single case how long; what is not known is said to be."""
    for measure in MEASURES:
        told, name = found.get(measure), text_of(f"summary.wait_{measure}")
        if told is None:
            yield text_of("summary.wait_none").format(name=name)
        elif told.count == 1:
            yield text_of("summary.wait_one").format(name=name, half=length(told.half))
        else:
            yield text_of("summary.wait").format(name=name, half=length(told.half), most=length(told.most), count=told.count)


def _struck(turn: Turn, view: View, filed: int) -> list[str]:
    """What is struck out of all the lines above, and the rates with it."""
    every = counted.whole(counted.by_category(turn, view, with_struck_out=True))
    if every["filed"] <= filed:
        return []
    told = text_of("summary.struck").format(count=every["filed"] - filed, whole=every["filed"])
    return [told + rates.line(every)]


def length(minutes: float) -> str:
    """不到1分钟, 45分钟, 3.5小时, 2.1天."""
    if minutes < 1:
        return text_of("summary.instant_long")
    if minutes < MINUTES:
        return text_of("summary.minutes_long").format(count=f"{minutes:.0f}")
    if minutes < HOURS * 60:
        return text_of("summary.hours_long").format(count=f"{minutes / 60:.1f}".removesuffix(".0"))
    return text_of("summary.days_long").format(count=f"{minutes / 1440:.1f}".removesuffix(".0"))
