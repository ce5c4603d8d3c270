"""The roll-ups: kept by difference they are what the cases say, after anything that may happen to a case."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from casework import figures as pure
from casework import rates
from casework.case import AreaId
from storage import figures
from storage import rising as rising_days
from storage.rows import case_values
from tests.fakes.town import Town


def city(conn: Connection) -> str:
    return str(conn.execute(select(figures.AREA.c.id).where(figures.AREA.c.kind == "city")).scalar_one())


def check(town: Town) -> None:
    with town.database.reading() as conn:
        assert figures.verify(conn, town.world.policy) == []


def test_after_every_step_the_rollups_are_what_the_cases_say(town: Town) -> None:
    resident, worker = town.resident("王阿姨"), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元又没暖气了")
    check(town)
    worker.presses("接单")
    worker.presses("办好了")
    worker.says("换了阀门")
    check(town)
    resident.presses("已解决")
    resident.presses("满意")
    check(town)
    resident.says("锦绣苑3号楼2单元路灯不亮")
    resident.says("撤回")
    check(town)
    town.forward(hours=30)
    check(town)


def test_a_month_tells_the_three_rates_as_they_are_defined(town: Town) -> None:
    resident, worker = town.resident("王阿姨"), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元又没暖气了")
    worker.presses("接单")
    worker.presses("办好了")
    worker.says("换了阀门")
    resident.presses("已解决")
    resident.presses("基本满意")
    town.resident("李叔").says("锦绣苑5号楼路灯不亮")
    town.forward(hours=30)
    with town.database.reading() as conn:
        day = pure.day_of(town.now, town.world.policy.calendar.zone)
        told = figures.by_category(conn, [city(conn)], day.replace(day=1), day + timedelta(days=40))
    whole = {name: sum(row[name] for row in told.values()) for name in pure.COUNTERS}
    found = rates.rates(town.cases(), town.world.policy, town.now)
    assert (whole["response_good"], whole["response_of"]) == (found.response.good, found.response.of)
    assert (whole["solved"], whole["answers"]) == (found.resolution.good, found.resolution.of)
    assert whole["satisfied"] + 0.9 * whole["mostly"] == found.satisfaction.good
    assert set(told) == {"heating", "building_facilities"}


def test_what_is_wrong_is_found_and_mended(town: Town) -> None:
    town.resident("王阿姨").says("锦绣苑3号楼2单元又没暖气了")
    with town.database.writing() as conn:
        conn.execute(figures.FIGURE.update().values(filed=7))
        conn.execute(figures.TOPIC.delete())
    with town.database.reading() as conn:
        assert {wrong.table for wrong in figures.verify(conn, town.world.policy)} == {"figure", "topic_figure"}
    with town.database.writing() as conn:
        figures.rebuild(conn, town.world.policy)
    check(town)


def test_what_was_filed_on_which_days_is_what_the_cases_say(town: Town) -> None:
    """Over weeks, by grid and by community and topic: one more, one struck out, one that moved."""
    for n, words in enumerate(("3号楼2单元没暖气", "5号楼路灯不亮", "3号楼1单元没暖气", "3号楼3单元没暖气")):
        town.resident(f"住户{n}").says(f"锦绣苑{words}")
        town.forward(days=3)
    moved, struck = town.cases()[0], town.cases()[2]
    elsewhere = replace(moved, grid_id=AreaId("s1c2g1"), community_id=AreaId("s1c2"), area_id=AreaId("s1c2g1"), rev=moved.rev + 1)
    with town.database.writing() as conn:
        ledger = figures.Ledger(conn, town.world.policy)
        for before, after in ((moved, elsewhere), (struck, replace(struck, struck_out=True, rev=struck.rev + 1))):
            conn.execute(figures.CASE.update().where(figures.CASE.c.id == before.id), case_values(after))
            ledger.changed(before, after)
        ledger.write()
    check(town)
    today, zone = pure.day_of(town.now, town.world.policy.calendar.zone), town.world.policy.calendar.zone
    seen: set[tuple[str, str]] = set()
    for back, middle in ((12, 6), (9, 2), (8, 4)):
        first, turn = today - timedelta(days=back), today - timedelta(days=middle)
        right: dict[tuple[str, str], list[int]] = {}
        for case in town.cases():
            day = pure.day_of(case.filed_at, zone)
            if first <= day <= today and not case.struck_out:
                for key in ((str(case.grid_id), pure.EVERY), (str(case.community_id), str(case.topic))):
                    right.setdefault(key, [0, 0])[day < turn] += 1
        with town.database.reading() as conn:
            found = rising_days.risen(conn, ["s1c1", "s1c1g1", "s1c1g2", "s1c2", "s1c2g1"], first, turn, today, all_too=True)
            rising = rising_days.risen(conn, ["s1c1", "s1c1g1", "s1c1g2", "s1c2", "s1c2g1"], first, turn, today)
            topics = rising_days.topics_of(conn, "s1c1", first, today)
        assert {key: list(counts) for key, counts in found.items() if any(counts)} == right
        more = {key for key, (now, before) in found.items() if now * (back - middle) > before * (middle + 1)}
        assert rising == {key: found[key] for key in more}
        assert {topic for area, topic in right if area == "s1c1"} <= topics <= {"no_heat", "street_light", ""} | {str(c.topic) for c in town.cases()}
        seen |= right.keys()
    assert {("s1c1g1", "*"), ("s1c2g1", "*"), ("s1c1", "no_heat"), ("s1c2", "no_heat")} <= seen


@given(st.lists(st.floats(min_value=2, max_value=60_000), min_size=30, max_size=200), st.sampled_from([0.5, 0.9]))
def test_a_quantile_read_off_the_buckets_lies_within_one_bucket_of_the_true_one(minutes: list[float], share: float) -> None:
    buckets: dict[int, int] = {}
    for one in minutes:
        buckets[pure.bucket(one)] = buckets.get(pure.bucket(one), 0) + 1
    true = sorted(minutes)[math.ceil(share * len(minutes)) - 1]
    found = pure.quantile(buckets, share)
    assert found is not None
    assert true / pure.GROWTH <= found <= true * pure.GROWTH


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 800))
def test_any_range_of_days_is_made_of_whole_months_and_days_each_once(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    days: list[date] = []
    for span, start, end in figures._pieces(first, last):
        if span == "m":
            end = (end.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        days += [start + timedelta(days=n) for n in range((end - start).days + 1)]
    assert sorted(days) == [first + timedelta(days=n) for n in range(length + 1)]


def test_without_any_there_is_no_median() -> None:
    assert pure.quantile({}, 0.5) is None


def test_a_day_is_a_local_day() -> None:
    assert pure.day_of(datetime(2026, 11, 24, 17, tzinfo=UTC), ZoneInfo("Asia/Shanghai")) == date(2026, 11, 25)
