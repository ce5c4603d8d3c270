"""The questions of benchmarks/summaries.py as somebody would write them by hand, over the cases alone: no roll-ups, no kept words.

Each gives back the same plain values as the product's answer, so that the two can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, text

from bot.world import ZONE
from casework.hotspots import Hot, hot
from storage import tables as t
from storage.database import Connection

MOMENTS = ("since", "until", "middle", "now", "today")
LATE = "is_open = 1 and state in ('registered', 'assigned', 'acknowledged', 'in_progress', 'reopened') and (solve_missed_at is not null or (acknowledged_at is null and rung > 0))"
IN = {
    "city": "1 = 1", "subdistrict": "area_id in (select id from area where path like '%/' || :area || '/%')", "community": "community_id = :area",
    "grid": "grid_id = :area",
}  # fmt: skip


def midnight(day: date) -> datetime:
    """When a day of the town begins."""
    return datetime.combine(day, time(), ZONE)


def asked(conn: Connection, words: str, **given: Any) -> list[Any]:
    """The rows of a statement; days are told as the moments at which they begin."""
    moments = {name: midnight(value) if not isinstance(value, datetime) else value for name, value in given.items() if name in MOMENTS}
    statement = text(words).bindparams(*(bindparam(name, type_=t.Utc()) for name in moments))
    return list(conn.execute(statement, given | moments))


def local(conn: Connection, column: str, form: str) -> str:
    """A moment's local day (%Y-%m-%d) or month (%Y-%m), in each database's own words."""
    if conn.dialect.name == "sqlite":
        return f"strftime('{form}', {column}, '+8 hours')"
    return f"to_char({column} at time zone 'Asia/Shanghai', '{form.replace('%Y', 'YYYY').replace('%m', 'MM').replace('%d', 'DD')}')"


def by_category(conn: Connection, kind: str, area: str, first: date, last: date) -> Mapping[str, Any]:
    """Category -> filed, open, urgent, answers, solved."""
    rows = asked(conn, f"""
        select category, count(*), sum(is_open), sum(case when urgency = 'urgent' then 1 else 0 end), count(answer),
               sum(case when answer = 'solved' then 1 else 0 end)
        from cases where filed_at >= :since and filed_at < :until and not struck_out and {IN[kind]} group by category
    """, area=area, since=first, until=last + timedelta(days=1))  # fmt: skip
    return {row[0]: tuple(int(value or 0) for value in row[1:]) for row in rows}


def by_month(conn: Connection, kind: str, area: str, first: date, last: date) -> Mapping[str, Any]:
    """Month -> filed, solved."""
    month = local(conn, "filed_at", "%Y-%m")
    rows = asked(conn, f"""
        select {month}, count(*), sum(case when answer = 'solved' then 1 else 0 end)
        from cases where filed_at >= :since and filed_at < :until and not struck_out and {IN[kind]} group by {month}
    """, area=area, since=first, until=last + timedelta(days=1))  # fmt: skip
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def rates(conn: Connection, first: date, last: date) -> tuple[Any, ...]:
    """What of the three rates SQL can count: answers, solved, graded, satisfied, mostly. Whether somebody was
    answered in time is counted in working hours and holidays, which SQL does not know."""
    (row,) = asked(conn, """
        select count(answer),
               sum(case when answer = 'solved' then 1 else 0 end),
               sum(case when answer is not null and satisfaction is not null then 1 else 0 end),
               sum(case when answer is not null and satisfaction = 'satisfied' then 1 else 0 end),
               sum(case when answer is not null and satisfaction = 'mostly' then 1 else 0 end)
        from cases where filed_at >= :since and filed_at < :until and not struck_out
    """, since=first, until=last + timedelta(days=1))  # fmt: skip
    return tuple(int(value or 0) for value in row)


def quantiles(conn: Connection, first: date, last: date) -> list[float]:
    """Median and p90 of the minutes until answered and until solved, exactly."""
    found = []
    for end, only in (("coalesce(least_of(contacted_at, acknowledged_at), contacted_at, acknowledged_at)", "1 = 1"), ("answered_at", "state = 'confirmed'")):
        end = end.replace("least_of", "min" if conn.dialect.name == "sqlite" else "least")
        took = f"(julianday({end}) - julianday(filed_at)) * 1440" if conn.dialect.name == "sqlite" else f"extract(epoch from {end} - filed_at) / 60"
        where = f"from cases where filed_at >= :since and filed_at < :until and not struck_out and {only} and {end} is not null"
        days = {"since": first, "until": last + timedelta(days=1)}
        count = asked(conn, f"select count(*) {where}", **days)[0][0]
        for share in (0.5, 0.9):
            found.append(float(asked(conn, f"select {took} as took {where} order by took limit 1 offset :at", **days, at=int(count * share))[0][0]))
    return found


def risen(conn: Connection, today: date) -> tuple[dict[str, tuple[int, int]], dict[tuple[str, str], tuple[int, int]]]:
    """(the last seven full days, the 28 before) by grid, and by community and topic."""
    days = {"since": today - timedelta(days=35), "middle": today - timedelta(days=7), "until": today}
    counted = "sum(case when filed_at >= :middle then 1 else 0 end), sum(case when filed_at >= :middle then 0 else 1 end)"
    where = "from cases where filed_at >= :since and filed_at < :until and not struck_out"
    grids = asked(conn, f"select grid_id, {counted} {where} group by grid_id", **days)
    topics = asked(conn, f"select community_id, topic, {counted} {where} and topic is not null group by community_id, topic", **days)
    return {r[0]: (int(r[1]), int(r[2])) for r in grids}, {(r[0], r[1]): (int(r[2]), int(r[3])) for r in topics}


def topics_since(conn: Connection, first: date, until: date) -> set[str]:
    """The topics that there were."""
    words = "select distinct topic from cases where filed_at >= :since and filed_at < :until and not struck_out and topic is not null"
    return {row[0] for row in asked(conn, words, since=first, until=until)}


def hottest(counts: Mapping[Any, tuple[int, int]], many: int) -> list[Hot[Any]]:
    """The surest of them, told with all others beside."""
    return hot(counts, 7, 28, q=1.0, least=0)[:many]


def late(conn: Connection, limit: int) -> tuple[list[str], int]:
    """Those that were opened first, and how many there are."""
    rows = asked(conn, f"select id from cases where {LATE} order by filed_at, id limit {limit}")
    return [row[0] for row in rows], asked(conn, f"select count(*) from cases where {LATE}")[0][0]


def first_page(conn: Connection, first: date, today: date, now: datetime) -> Mapping[str, Any]:
    """The parts of the board's first page for the city, one after the other."""
    until, before = today + timedelta(days=1), (first - timedelta(days=(today - first).days + 1), first - timedelta(days=1))
    day = local(conn, "filed_at", "%Y-%m-%d")
    span = "filed_at >= :since and filed_at < :until and not struck_out"
    tree = asked(conn, f"""
        select area.path, count(*), sum(is_open) from cases join area on area.id = cases.area_id where {span} group by area.path
    """, since=first, until=until)  # fmt: skip
    areas: dict[str, list[int]] = {}
    for path, filed, open_ in tree:
        for each in path.split("/")[2:4]:
            areas.setdefault(each, [0, 0])
            areas[each] = [areas[each][0] + int(filed), areas[each][1] + int(open_)]
    return {
        "today": asked(conn, "select count(*) from cases where filed_at >= :today and not struck_out", today=today)[0][0],
        "open": asked(conn, "select count(*) from cases where is_open = 1 and not struck_out")[0][0],
        "late": min(1000, asked(conn, f"select count(*) from cases where {LATE}")[0][0]),
        "ended": asked(conn, "select count(*) from cases where ended_at >= :today and ended_at <= :now", today=today, now=now)[0][0],
        "now": by_category(conn, "city", "", first, today),
        "before": by_category(conn, "city", "", *before),
        "days": {row[0]: row[1] for row in asked(conn, f"select {day}, count(*) from cases where {span} group by {day}", since=first, until=until)},
        "areas": {area: tuple(told) for area, told in areas.items()},
        "listed": [row[0] for row in asked(conn, f"select id from cases where {LATE} order by filed_at, id limit 100")],
    }


def crossing(conn: Connection, by: str, grid: str, first: date, last: date) -> Mapping[Any, int]:
    """Urgent heating in one grid."""
    rows = asked(conn, f"""
        select {by}, count(*) from cases where grid_id = :area and category = 'heating' and urgency = 'urgent' and not struck_out
        and filed_at >= :since and filed_at < :until group by {by}
    """, area=grid, since=first, until=last + timedelta(days=1))  # fmt: skip
    return {row[0]: int(row[1]) for row in rows}


def found(conn: Connection, words: tuple[str, ...], community: str) -> list[str]:
    """The newest cases of a community in whose summary all of these words stand, whatever has to be looked through."""
    has = " and ".join(f"summary like '%{word}%'" for word in words)
    rows = asked(conn, f"select id from cases where community_id = :area and accused_level < 2 and {has} order by filed_at desc limit 7", area=community)
    return [row[0] for row in rows]
