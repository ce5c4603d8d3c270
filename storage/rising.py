"""What rises, read from the days of each week: whole days on both sides of a day, whatever their weekday, without looking at the cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy import case as when

from storage.figures import TOPIC, WEEK, WEEKDAYS


def risen(
    conn: Connection, areas: Sequence[str], first: date, middle: date, last: date, topic: str | None = None, all_too: bool = False
) -> dict[tuple[str, str], tuple[int, int]]:
    """(area, topic) -> cases filed from `middle` to `last`, and from `first` to the day before it: of these communities by topic,
    or of these grids (topic EVERY), where there are more a day than before; or of all."""
    monday = first - timedelta(days=first.weekday())
    weeks = [monday + timedelta(days=7 * n) for n in range((last - monday).days // 7 + 1)]
    now, before = _days(middle, last), _days(first, middle - timedelta(days=1))
    query = (
        select(WEEK.c.area_id, WEEK.c.topic, now.label("now"), before.label("before"))
        .where(WEEK.c.start.in_(weeks), WEEK.c.area_id.in_(areas), *([] if topic is None else [WEEK.c.topic == topic]))
        .group_by(WEEK.c.area_id, WEEK.c.topic)
    )
    if not all_too:
        query = query.having(now * (middle - first).days > before * ((last - middle).days + 1))
    return {(row.area_id, row.topic): (int(row.now), int(row.before)) for row in conn.execute(query)}


def topics_of(conn: Connection, area: str, first: date, last: date) -> set[str]:
    """The topics of an area in the weeks in which these days lie."""
    monday = first - timedelta(days=first.weekday())
    query = select(TOPIC.c.topic).where(
        TOPIC.c.span == "w", TOPIC.c.start >= monday, TOPIC.c.start <= last, TOPIC.c.area_id == area, TOPIC.c.filed > 0
    )
    return set(conn.execute(query).scalars())


def _days(first: date, last: date) -> Any:
    """The cases of the days from first to last, in the rows of their weeks."""
    weeks: dict[date, list[Any]] = {}
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(WEEK.c[WEEKDAYS[day.weekday()]])
    return func.sum(when(*((WEEK.c.start == week, sum(days[1:], days[0])) for week, days in weeks.items()), else_=0))
