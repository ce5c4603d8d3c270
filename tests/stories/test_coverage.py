"""值班覆盖率 as supervisors ask for it: which hours had somebody, from when on it is known, and who may see it."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from storage.organisation import ROSTER
from storage.roster import EXCEPTION, LEAVE
from tests.fakes.town import Phone, Town

GRID = "s1c1g1"  # its worker stands from seven to ten at night on all days; its nights are shared by two
DAYS = 20


@pytest.fixture
def town(town: Town) -> Town:
    """20 December. In the first grid three days of leave without a substitute, one with, and a morning on which the worker is off."""
    town.now += timedelta(days=DAYS - 1)
    town.check = False
    with town.database.writing() as conn:
        leave = {"post_id": f"w-{GRID}", "substitute_id": None}
        conn.execute(LEAVE.insert(), [
            leave | {"first": date(2026, 12, 3), "last": date(2026, 12, 5)},
            leave | {"first": date(2026, 12, 8), "last": date(2026, 12, 8), "substitute_id": "w-s1c1g2"},
        ])  # fmt: skip
        off = {"post_id": f"w-{GRID}", "area_id": GRID, "day": date(2026, 12, 10), "starts": time(7), "ends": time(9), "kind": "off"}
        conn.execute(EXCEPTION.insert().values(**off))
        conn.execute(ROSTER.delete().where(ROSTER.c.area_id == GRID, ROSTER.c.duty == "night", ROSTER.c.weekdays == "246"))
        conn.execute(ROSTER.delete().where(ROSTER.c.area_id == "s1c1", ROSTER.c.duty == "night"))  # her own
    return town


@pytest.fixture
def secretary(town: Town) -> Phone:
    return town.staff("cs-s1c1")


@pytest.mark.parametrize("words", ["值班覆盖率", "12月值班覆盖率", "/coverage", "本月值班覆盖率怎么样"])
def test_counted_by_hand(town: Town, secretary: Phone, words: str) -> None:
    """Of 20 days of 15 hours in four grids 47 hours are empty. Of the first grid's 20 nights the nine of Tuesdays, Thursdays and
    Saturdays are, all of the second and fourth, none of the third: 31 nights of nine hours are left of 80."""
    secretary.commands(words) if words.startswith("/") else secretary.says(words)
    told = secretary.sees("锦绣社区 值班覆盖率（12月1日–20日）").text
    assert "白天（7:00–22:00）96%（1153/1200 小时）" in told
    assert "· 锦绣社区第1网格：白天 84.3%，夜里 55%，白天空着 47 小时" in told
    assert "夜里 38.7%（279/720 小时）" in told
    assert "· 锦绣社区第2网格：白天 100%，夜里 0%\n· 锦绣社区第3网格：白天 100%，夜里 100%\n" in told
    assert "以前没有留下排班" not in told


def test_it_stands_beside_the_rates_and_a_press_leads_to_it_and_back(town: Town, secretary: Phone) -> None:
    town.resident("王阿姨").says("锦绣苑3号楼2单元501没暖气")
    secretary.commands("/rates")
    secretary.sees("值班覆盖率：白天（7:00–22:00）96%（1153/1200 小时）")
    secretary.presses("值班覆盖率")
    secretary.sees("第1网格：白天 84.3%")
    secretary.presses("返回")
    secretary.sees("锦绣社区", "响应率")


def test_the_city_goes_down_to_the_grids(town: Town) -> None:
    city = town.staff("city-1")
    city.says("值班覆盖率")
    city.sees("恒安新区 值班覆盖率", "· 东华街道：白天 99.")
    city.presses("东华街道")
    city.presses("锦绣社区")
    city.sees("第1网格：白天 84.3%")


def test_of_days_before_the_first_roster_nothing_is_known(town: Town, secretary: Phone) -> None:
    secretary.says("上个月值班覆盖率")
    secretary.sees("锦绣社区，11月1日–30日：那时没有留下排班")
    secretary.says("11月25日到12月2日值班覆盖率")
    told = secretary.sees("（11月25日–12月2日）").text
    assert "（120/120 小时）" in told
    assert "12月1日以前没有留下排班，没有算" in told


def test_a_post_that_nobody_holds_covers_nothing(town: Town, secretary: Phone) -> None:
    from storage.people import HOLDING

    with town.database.writing() as conn:
        conn.execute(HOLDING.update().where(HOLDING.c.post_id == "w-s1c1g3").values(until=town.now))
    secretary.says("值班覆盖率")
    secretary.sees("· 锦绣社区第3网格：白天 0%", "空着 300 小时")


def test_it_is_for_desks_and_for_their_own(town: Town) -> None:
    worker, other = town.staff(f"w-{GRID}"), town.staff("cs-s2c1")
    worker.commands("/coverage")
    worker.sees("这是社区书记、街道和市里用的")
    other.commands("/coverage 锦绣社区")
    other.sees("锦绣社区不归您管")
