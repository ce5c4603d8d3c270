"""A Pack from the database: the figures from the roll-ups, the cases of the desk's own scope, and what has changed since earlier reports.

Reads only, on one connection: one consistent look. Called outside the writer and off the loop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.papers import duty, listing, rising
from bot.papers.listing import Reader
from bot.papers.pack import AreaLine, Change, Counted, Counters, EstateLine, Pack, Stretch, TopicLine, frozen, summed
from bot.papers.words import say, topic
from casework import access
from casework.case import Person, PersonId
from casework.figures import MEASURES
from casework.policy import Policy
from handlers.texts import word
from nlp.periods import Period, before, month_of, months_before, year_before
from storage import figures, packs
from storage.database import Connection

REVISED = 12
"""Months back in which earlier reports are looked at for revisions."""


def collect(conn: Connection, policy: Policy, area_id: str, period: Period, as_of: datetime) -> Pack:
    """The report of an area (city, subdistrict or community) for whole months. `period` may be the present month, which is not over."""
    row = packs.area(conn, area_id)
    asked = Period(period.first, month_of(period.last)[1], period.words, period.whole)
    stretch, then, year = Stretch(asked.first, asked.last), Stretch(*before(asked)), Stretch(*year_before(asked))
    reader = _reader(conn, policy, row, as_of)
    since, until = _moments(stretch, policy)
    read = listing.read(reader, since, min(until, as_of + timedelta(microseconds=1)))
    now = _counted(conn, area_id, stretch)
    unread = max(0, now.whole["filed"] + now.struck["filed"] - len(read.found)) if reader.says_unread else 0
    today = as_of.astimezone(policy.calendar.zone).date()
    hot, past_days = rising.found(conn, row, stretch, today, read, reader)
    late = listing.stuck(reader, until)
    on_duty = duty.duty(conn, policy, area_id, stretch, today)
    packed = packs.kept_since(conn, area_id, months_before(stretch.first, REVISED), as_of)
    return Pack(
        area_id=area_id, area=row.name, stretch=stretch, before=then, year_before=year, as_of=as_of.astimezone(policy.calendar.zone), over=period.whole,
        now=now, then=_counted(conn, area_id, then), year=_counted(conn, area_id, year),
        days=_days(conn, area_id, stretch), days_before=_days(conn, area_id, then),
        months_of=figures.by_start(conn, [area_id], "m", stretch.first, min(stretch.last, today)),
        areas=_areas(conn, row, stretch, on_duty), covered=on_duty.within(area_id), gaps=duty.gaps(on_duty, row, reader.names),
        covered_since=on_duty.first if on_duty.first != stretch.first else None,
        topics=_topics(conn, area_id, stretch, then), estates=_estates(conn, row, since, until),
        durations={m: figures.durations(conn, [area_id], m, stretch.first, stretch.last) for m in MEASURES},
        rising=hot, past_days=past_days,
        stuck=late, cases=replace(read.cases, unread=unread), ledger=listing.ledger(reader, read, until, late), voices=listing.voices(reader, read),
        changes=_changes(conn, area_id, packed), packed_before=bool(packed),
    )  # fmt: skip


def _reader(conn: Connection, policy: Policy, row: Any, as_of: datetime) -> Reader:
    """A report lies on the table of whoever holds a desk of the area: it is read as somebody who held them all would."""
    everybody = Person(PersonId(""), posts=packs.desk_posts(conn, row.id))
    return Reader(conn, policy, row, access.scope(everybody), as_of)


def _moments(stretch: Stretch, policy: Policy) -> tuple[datetime, datetime]:
    """From the first day's midnight to that after the last, in the town."""
    zone = policy.calendar.zone
    ends = datetime.combine(stretch.last + timedelta(days=1), time(0), zone)
    return datetime.combine(stretch.first, time(0), zone), ends


def _counted(conn: Connection, area_id: str, stretch: Stretch) -> Counted:
    """Without the struck-out cases by category, and those alone."""
    clean = figures.by_category(conn, [area_id], stretch.first, stretch.last)
    whole = summed(figures.by_category(conn, [area_id], stretch.first, stretch.last, with_struck_out=True).values())
    counted = summed(clean.values())
    return Counted(clean, {name: whole[name] - counted[name] for name in whole})


def _days(conn: Connection, area_id: str, stretch: Stretch) -> Mapping[date, int]:
    return {at: told["filed"] for at, told in figures.by_start(conn, [area_id], "d", stretch.first, stretch.last).items()}


def _areas(conn: Connection, row: Any, stretch: Stretch, on_duty: duty.Duty) -> Sequence[AreaLine]:
    """The areas below: those that are there now, and of the past those that had cases."""
    rows = packs.below(conn, row)
    told: Mapping[str, Counters] = figures.by_area(conn, [each.id for each in rows], stretch.first, stretch.last)
    return [
        AreaLine(_short(each.name, row.name), told.get(each.id) or summed(()), on_duty.within(each.id))
        for each in rows
        if each.ended_at is None or each.id in told
    ]


def _topics(conn: Connection, area_id: str, stretch: Stretch, then: Stretch) -> Sequence[TopicLine]:
    """What the cases are about, the most frequent first; what is not told apart is no topic."""
    months = figures.topics(conn, [area_id], "m", stretch.first, stretch.last)
    now, before = _by_topic(months), _by_topic(figures.topics(conn, [area_id], "m", then.first, then.last))
    found = [
        TopicLine(topic(name), word("category", category), count, before.get((category, name), 0), _peak(months, category, name))
        for (category, name), count in now.items()
        if count and name not in rising.UNKNOWN
    ]
    return sorted(found, key=lambda line: (-line.now, line.topic, line.category))


def _by_topic(months: Mapping[tuple[str, date, str, str], int]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for (_, _, category, name), count in months.items():
        found[category, name] = found.get((category, name), 0) + count
    return found


def _peak(months: Mapping[tuple[str, date, str, str], int], category: str, name: str) -> str:
    """1月（12 件）: of several equal months the first."""
    by_month = {month: count for (_, month, c, n), count in sorted(months.items()) if (c, n) == (category, name)}
    month = max(sorted(by_month), key=lambda each: by_month[each])
    return say("unit.peak", month=month.month, count=by_month[month])


def _estates(conn: Connection, row: Any, since: datetime, until: datetime) -> Sequence[EstateLine]:
    """In the order of their ids, those that name none last; none at all where nobody names any."""
    found = sorted(packs.by_estate(conn, row, since, until), key=lambda each: (each[0] is None, each[0]))
    names = packs.named(conn, [estate for estate, _, _ in found if estate])
    return [EstateLine(names.get(estate or "", ""), filed, open_) for estate, filed, open_ in found] if names else ()


def _short(name: str, above: str) -> str:
    """锦绣社区第1网格, in a report of 锦绣社区: 第1网格."""
    return name.removeprefix(above) or name


def _changes(conn: Connection, area_id: str, packed: Sequence[packs.Kept]) -> Sequence[Change]:
    """What is counted otherwise now than in earlier reports, the latest first."""
    found = []
    for kept in reversed(packed):
        stretch = Stretch(kept.first, kept.last)
        now = frozen(_counted(conn, area_id, stretch))
        found += [
            Change(stretch.name, kept.as_of, say(f"revision.{name}"), was, now[name])
            for name, was in kept.figures.items()
            if name in now and now[name] != was
        ]
    return found
