"""A Pack from the database: the figures that the desk may hear, the cases of the desk's own scope, and what has changed since earlier reports.

Reads only, on one connection: one consistent look. Called outside the writer and off the loop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.papers import duty, listing, rising
from bot.papers.heard import Heard
from bot.papers.listing import Reader
from bot.papers.pack import UNHEARD, AreaLine, Change, Counters, EstateLine, Pack, Stretch, TopicLine, frozen, summed
from bot.papers.words import say, topic
from casework.case import Person, PersonId
from casework.figures import MEASURES
from casework.policy import Policy
from handlers.texts import word
from nlp.periods import Period, before, month_of, months_before, year_before
from storage import packs, people
from storage.database import Connection

REVISED = 12
"""Months back in which earlier reports are looked at for revisions."""


def collect(conn: Connection, policy: Policy, area_id: str, period: Period, as_of: datetime) -> Pack:
    """The report of an area (city, subdistrict or community) for whole months. `period` may be the present month, which is not over."""
    row = packs.area(conn, area_id)
    asked = Period(period.first, month_of(period.last)[1], period.words, period.whole)
    today = as_of.astimezone(policy.calendar.zone).date()
    so_far = replace(asked, last=min(asked.last, today))  # what is not over is compared with the same days, as in the chat
    stretch, then, year = Stretch(asked.first, asked.last), Stretch(*before(so_far)), Stretch(*year_before(so_far))
    reader = _reader(conn, policy, row, as_of)
    since, until = reader.moments(stretch)
    read = listing.read(reader, since, min(until, as_of + timedelta(microseconds=1)))
    heard = Heard(reader)
    now = heard.counted(stretch)
    unread = max(0, now.whole["filed"] + now.struck["filed"] - len(read.found)) if reader.says_unread else 0
    hot, past_days = rising.found(heard, row, stretch, today, read, reader)
    late = listing.stuck(reader)
    on_duty = duty.duty(conn, policy, area_id, stretch, today)
    packed = packs.kept_since(conn, area_id, months_before(stretch.first, REVISED), as_of)
    return Pack(
        area_id=area_id, area=row.name, stretch=stretch, before=then, year_before=year, as_of=as_of.astimezone(policy.calendar.zone), over=period.whole,
        now=now, then=heard.counted(then), year=heard.counted(year),
        days=_days(heard, stretch), days_before=_days(heard, then),
        months_of=heard.by_start("m", stretch.first, min(stretch.last, today)),
        areas=_areas(conn, heard, row, stretch, on_duty), covered=on_duty.within(area_id), gaps=duty.gaps(on_duty, row, reader.names),
        covered_since=on_duty.first if on_duty.first != stretch.first else None,
        topics=_topics(heard, area_id, stretch, then), estates=_estates(reader, since, until),
        durations={m: heard.durations(m, stretch) for m in MEASURES}, waits=heard.waits(stretch, now.whole["filed"]),
        rising=hot, past_days=past_days,
        stuck=late, cases=replace(read.cases, unread=unread), ledger=listing.ledger(reader, read, until, late), voices=listing.voices(reader, read),
        changes=_changes(heard, packed), packed_before=bool(packed),
    )  # fmt: skip


def _reader(conn: Connection, policy: Policy, row: Any, as_of: datetime) -> Reader:
    """A report lies on the table of whoever holds a desk of the area: it is read as somebody who held them all would, and says nothing
    of what one of those who sit there now is not to hear of."""
    desk = Person(PersonId(""), posts=packs.desk_posts(conn, row.id))
    holders = (people.person(conn, holder) for holder in packs.desk_holders(conn, row.id))
    return Reader(conn, policy, row, (desk, *(holder for holder in holders if holder is not None)), as_of)


def _days(heard: Heard, stretch: Stretch) -> Mapping[date, int]:
    return {at: told["filed"] for at, told in heard.by_start("d", stretch.first, stretch.last).items()}


def _areas(conn: Connection, heard: Heard, row: Any, stretch: Stretch, on_duty: duty.Duty) -> Sequence[AreaLine]:
    """The areas below: those that are there now, and of the past those that had cases."""
    rows = packs.below(conn, row)
    told: Mapping[str, Counters] = heard.by_area([each.id for each in rows], stretch)
    return [
        AreaLine(_short(each.name, row.name), told.get(each.id) or summed(()), on_duty.within(each.id))
        for each in rows
        if each.ended_at is None or each.id in told
    ]


def _topics(heard: Heard, area_id: str, stretch: Stretch, then: Stretch) -> Sequence[TopicLine]:
    """What the cases are about, the most frequent first; what is not told apart is no topic."""
    months = heard.topics([area_id], stretch)
    now, before = heard.kinds(stretch), heard.kinds(then)
    found = [
        TopicLine(topic(name), word("category", category), count, before.get((category, name), 0), _peak(months, category, name))
        for (category, name), count in now.items()
        if count and name not in rising.UNKNOWN
    ]
    return sorted(found, key=lambda line: (-line.now, line.topic, line.category))


def _peak(months: Mapping[tuple[str, date, str, str], int], category: str, name: str) -> str:
    """1月（12 件）: of several equal months the first."""
    by_month = {month: count for (_, month, c, n), count in sorted(months.items()) if (c, n) == (category, name)}
    month = max(sorted(by_month), key=lambda each: by_month[each])
    return say("unit.peak", month=month.month, count=by_month[month])


def _estates(reader: Reader, since: datetime, until: datetime) -> Sequence[EstateLine]:
    """In the order of their ids, those that name none last; none at all where nobody names any."""
    told = packs.by_estate(reader.conn, reader.area, since, until, [case.id for case in reader.unheard])
    found = sorted(told, key=lambda each: (each[0] is None, each[0]))
    names = packs.named(reader.conn, [estate for estate, _, _ in found if estate])
    return [EstateLine(names.get(estate or "", ""), filed, open_) for estate, filed, open_ in found] if names else ()


def _short(name: str, above: str) -> str:
    """锦绣社区第1网格, in a report of 锦绣社区: 第1网格."""
    return name.removeprefix(above) or name


def _changes(heard: Heard, packed: Sequence[packs.Kept]) -> Sequence[Change]:
    """What is counted otherwise now than in earlier reports, the latest first. Nothing of a stretch of which other cases are unheard now:
    the difference would tell of them."""
    found = []
    for kept in reversed(packed):
        stretch = Stretch(kept.first, kept.last)
        now = frozen(heard.counted(stretch))
        if now.pop(UNHEARD) != kept.figures.get(UNHEARD, 0):
            continue
        found += [
            Change(stretch.name, kept.as_of, say(f"revision.{name}"), was, now[name])
            for name, was in kept.figures.items()
            if name in now and now[name] != was
        ]
    return found
