"""空岗: what is empty in the next days, mended in two taps; cases go to who mends it."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import delete

from storage import roster
from tests.fakes.town import Phone, Town
from tests.stories.test_duty import holder, row
from tests.stories.test_night import building
from tests.stories.test_swap import exceptions

G2 = "锦绣2网格"


@pytest.fixture
def weekend(town: Town) -> Phone:
    """The second grid has nobody at weekends: its part-time worker's row ended. The secretary's phone."""
    with town.database.writing() as conn:
        weekends = (roster.ROSTER.c.post_id == "pt-s1c1g2") & (roster.ROSTER.c.weekdays == "67")
        conn.execute(delete(roster.ROSTER).where(weekends))
    return town.staff("cs-s1c1")


def off(town: Town, post: str, grid: str, day: int, starts: int = 0, ends: int = 0) -> None:
    row(town, roster.EXCEPTION, day=date(2026, 12, day), post_id=post, area_id=grid, starts=time(starts), ends=time(ends), kind="off")


def test_nothing_is_missing(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    secretary.says("空岗")
    secretary.sees("每个网格都有人值班")


def test_two_taps(town: Town, weekend: Phone) -> None:
    helper = town.staff("pt-s1c1g2")
    weekend.says("空岗")
    weekend.sees("锦绣2网格 12月5日（周六）、12月6日（周日） 全天", "由社区书记接")
    weekend.presses(f"补人 {G2} 12月5日等2天")
    weekend.presses(f"{helper.name}（{G2}）")
    weekend.sees("锦绣2网格 12月5日（周六）、12月6日（周日） 全天", f"由兼职网格员 {helper.name}值班")
    helper.sees("徐娟山给您排了班：锦绣2网格 12月5日（周六）、12月6日（周日） 全天")
    assert exceptions(town) == {(f"2026-12-0{d}", "pt-s1c1g2", "s1c1g2", "on") for d in (5, 6)}
    weekend.says("空岗")
    weekend.sees("每个网格都有人值班")


def test_cases_go_to_the_secretary_before_and_to_the_worker_after(town: Town, weekend: Phone) -> None:
    town.staff("pt-s1c1g2")
    town.forward(days=4)  # Saturday
    where = building(town, "s1c1g2")
    town.resident().says(where + "楼道灯不亮")
    assert holder(town) == "cs-s1c1"
    weekend.says("空岗")
    weekend.presses(f"补人 {G2} 12月5日等2天")
    weekend.presses(f"黄建新（{G2}）")
    town.resident().says(where + "电梯坏了")
    assert holder(town) == "pt-s1c1g2"
    town.forward(days=2)
    town.resident().says(where + "下水道堵了")
    assert holder(town) == "w-s1c1g2"


def test_who_is_free_comes_first_and_the_busy_only_when_nobody_is(town: Town, weekend: Phone) -> None:
    town.all_staff("w-s1c1g1", "w-s1c1g2", "pt-s1c1g2", "w-s1c1g3", "w-s1c1g4", "pt-s1c1g4")
    weekend.says("空岗")
    weekend.presses(f"补人 {G2} 12月5日等2天")
    assert set(weekend.labels(1)) == {f"余玉淑（{G2}）", f"黄建新（{G2}）", "蔡瑞山（锦绣4网格）"}
    for post in ("w-s1c1g2", "pt-s1c1g2", "w-s1c1g4"):
        row(town, roster.LEAVE, post_id=post, first=date(2026, 12, 5), last=date(2026, 12, 5), substitute_id=None)
    weekend.presses(f"补人 {G2} 12月5日等2天")
    weekend.sees("没有空着的人", "一起兼着")
    assert {label[-6:] for label in weekend.labels(1)} == {"锦绣1网格）", "锦绣3网格）", "锦绣4网格）"}


def test_a_leave_without_substitute_is_a_gap(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    row(town, roster.LEAVE, post_id="w-s1c1g1", first=date(2026, 12, 3), last=date(2026, 12, 3), substitute_id=None)
    off(town, "w-s1c1g3", "s1c1g3", 3, 9, 12)
    secretary.says("空岗")
    secretary.sees("锦绣1网格 后天（12月3日周四） 全天\n锦绣3网格 后天（12月3日周四） 9:00–12:00")


def test_taken_back_within_ten_minutes(town: Town, weekend: Phone) -> None:
    helper = town.staff("pt-s1c1g2")
    weekend.says("空岗")
    weekend.presses(f"补人 {G2} 12月5日等2天")
    weekend.presses(f"黄建新（{G2}）")
    town.forward(minutes=9)
    weekend.says("点错了")
    weekend.sees("安排取消了")
    helper.sees("刚才排给您的班取消了")
    assert exceptions(town) == set()
    weekend.presses("点错了")
    weekend.sees("这个按钮是之前的了")


def test_not_taken_back_later(town: Town, weekend: Phone) -> None:
    town.staff("pt-s1c1g2")
    weekend.says("空岗")
    weekend.presses(f"补人 {G2} 12月5日等2天")
    weekend.presses(f"黄建新（{G2}）")
    town.forward(minutes=11)
    weekend.presses("点错了")
    weekend.sees("10 分钟以内才行")
    assert len(exceptions(town)) == 2


def test_pressed_twice_or_by_two_supervisors(town: Town, weekend: Phone) -> None:
    town.all_staff("pt-s1c1g2", "w-s1c1g2")
    above = town.staff("sd-s1")
    for phone in (weekend, above):
        phone.says("空岗")
        phone.presses(f"补人 {G2} 12月5日等2天")
    weekend.presses(f"黄建新（{G2}）")
    weekend.presses(f"黄建新（{G2}）")
    weekend.sees("已经有人了")
    above.presses(f"余玉淑（{G2}）")
    above.sees("已经有人了")
    assert {e[1] for e in exceptions(town)} == {"pt-s1c1g2"}


def test_nobody_can_be_asked(town: Town, weekend: Phone) -> None:
    weekend.commands("/gaps")
    weekend.presses(f"补人 {G2} 12月5日等2天")
    weekend.sees("没有可以排的网格员")


def test_many_gaps_of_a_city_are_cut(town: Town) -> None:
    city = town.staff("city-1")
    with town.database.writing() as conn:
        conn.execute(delete(roster.ROSTER).where(roster.ROSTER.c.area_id.like("s2%"), roster.ROSTER.c.duty == "day"))
    city.says("空岗")
    text = city.sees("还有", "处").text
    assert text.count("网格 ") == 10
    assert len(city.labels(1)) == 10


@pytest.mark.parametrize("who", ["w-s1c1g1", "b-e01b01-1", "sp-heat"])
def test_only_supervisors(town: Town, weekend: Phone, who: str) -> None:
    phone = town.staff(who)
    phone.says("空岗")
    phone.sees("要社区书记、街道或市级来")


def test_another_communitys_secretary_sees_nothing_of_it(town: Town, weekend: Phone) -> None:
    other = town.staff("cs-s1c2")
    other.says("空岗")
    other.sees("每个网格都有人值班")
    weekend.says("空岗")
    other.presses_value(weekend.shown[-1].buttons[0]["value"])
    other.sees("这个按钮是别人的")


def test_a_button_does_not_outlive_the_post(town: Town, weekend: Phone) -> None:
    town.staff("pt-s1c1g2")
    weekend.says("空岗")
    weekend.presses(f"补人 {G2} 12月5日等2天")
    with town.database.writing() as conn:
        conn.exec_driver_sql("update post set area_id = 's1c2' where id = 'cs-s1c1'")
    weekend.presses(f"黄建新（{G2}）")
    weekend.sees("不在您手上")
    assert exceptions(town) == set()


def test_residents_are_told_kindly(town: Town) -> None:
    resident = town.resident()
    resident.says("空岗")
    resident.sees("这是给工作人员用的")
