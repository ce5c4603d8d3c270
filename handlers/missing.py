"""What an organisation lacks, in words: one line for each thing, as the command and the morning's digest say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from itertools import groupby

from casework.missing import Finding, Picture, What
from casework.missing.duty import DAYS, FROM, UNTIL
from handlers.texts import say_hours, text_of, word
from handlers.times import WEEKDAYS

RUN = 3  # so many days one after another are said as "from … to …"


def sentence(picture: Picture, found: Finding) -> str:
    """One thing that is missing, without the heading of its kind."""
    facts = {name: _spoken(value) for name, value in found.facts.items()}
    facts["area"] = picture.areas[found.area].name
    if found.what in (What.GAP, What.WEEKLY_GAP):
        days, starts, ends = (found.facts[name] for name in ("days", "from", "until"))
        assert isinstance(days, tuple)
        assert isinstance(starts, time)
        assert isinstance(ends, time)
        facts |= {"days": say_week(days), "hours": say_gap(starts, ends)}
    facts["role"] = word("role", facts.get("role"))
    facts["category"] = word("category", facts.get("category"))
    ended = found.what is What.ANSWER and found.facts["ended"]
    return text_of("missing.answer_ended" if ended else f"missing.{found.what}").format(**facts)


def heading(what: What) -> str:
    return text_of(f"missing_group.{what}")


def remedy(what: What) -> str:
    """What to do about this kind."""
    return text_of(f"missing_remedy.{what}")


def by_robot(called: Mapping[str, int]) -> str:
    """Who has only the page and is called by a group's robot: nothing is missing there, and it is said."""
    robots = "、".join(text_of("missing_called.robot").format(name=name, count=count) for name, count in sorted(called.items()))
    return text_of("missing_called.line").format(count=sum(called.values()), robots=robots)


def say_week(days: Sequence[date] | Sequence[int]) -> str:
    """周六、周日; 周一到周五; 每天: dates of seven days one after another, or ISO weekdays."""
    if len(days) == DAYS:
        return text_of("missing_word.every_day")
    said = []
    numbers = [day if isinstance(day, int) else day.toordinal() for day in days]
    for _, following in groupby(enumerate(numbers), key=lambda row: row[1] - row[0]):
        run = [WEEKDAYS[(number - 1) % 7] for _, number in following]  # 1 January of the year 1 was a Monday
        if len(run) >= RUN:
            said.append(text_of("missing_word.run").format(first=run[0], last=run[-1]))
        else:
            said += [text_of("missing_word.week").format(day=day) for day in run]
    return "、".join(said)


def say_gap(starts: time, ends: time) -> str:
    """全天 of the hours looked at, else 12:00–18:00."""
    return text_of("duty.all_day") if (starts, ends) == (FROM, UNTIL) else say_hours(starts, ends)


def _spoken(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.month}月{value.day}日{value:%H:%M}"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)
