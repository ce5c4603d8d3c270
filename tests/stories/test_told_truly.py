"""What is said when a limit passes, when a case is passed on, dismissed or put off is no more and no less than what is so."""

from __future__ import annotations

import pytest

from casework.case import State
from tests.fakes.town import Phone, Town

HOME = "锦绣苑3号楼2单元"
HEAT, LAMP = f"{HOME}没暖气了", f"{HOME}楼道灯不亮"
WORKER, SECRETARY, STREET, CITY = "w-s1c1g1", "cs-s1c1", "sd-s1", ("city-1", "city-2", "city-3", "city-4")


@pytest.fixture
def resident(town: Town) -> Phone:
    return town.resident("王阿姨")


def said(phone: Phone, key: str) -> list[str]:
    return [m.text for m in phone.shown if key in m.key]


# ---- limits ------------------------------------------------------------------------------------------------------


def test_who_was_told_no_time_is_not_told_that_it_was_agreed(town: Town, resident: Phone) -> None:
    town.all_staff(WORKER, SECRETARY)
    resident.says(f"{HOME}电梯里困了人")
    town.forward(hours=2, minutes=1)
    (told,) = said(resident, "resident.solve_missed")
    assert "说好" not in told
    assert "到现在还没办好，对不住。已经报到上一级" in told


def test_above_the_citys_desk_nothing_is_reported(town: Town, resident: Phone) -> None:
    town.staff(CITY[0])
    resident.says("电梯里困了人，快来")
    town.forward(hours=2, minutes=1)
    (told,) = said(resident, "resident.solve_missed")
    assert "上一级" not in told
    assert not said(resident, "resident.climbed"), "it was the city's from the beginning"
    assert "已经知道了，我一直在催" in said(resident, "resident.nobody_yet")[0]


def test_a_line_about_a_missed_limit_says_how_late_and_whether_anybody_has_it(town: Town, resident: Phone) -> None:
    worker, secretary = town.all_staff(WORKER, SECRETARY)
    resident.says(HEAT)
    town.forward(days=1, minutes=1)
    (told,) = said(secretary, "staff.solve_missed")
    assert told == f"26-000001（{HOME}）过了办好时限。还没人接单（派给专职网格员 {worker.name}）"
    town.forward(days=1, hours=1)
    assert "过了办好时限，已经晚了1天" in said(secretary, "staff.solve_missed")[-1]


def test_the_silent_one_is_named(town: Town, resident: Phone) -> None:
    """Named to somebody else since: the one who is silent now."""
    _worker, secretary, street = town.all_staff(WORKER, SECRETARY, STREET)
    resident.says(LAMP)
    secretary.commands("/case 26-000001")
    secretary.presses("指定人办")
    secretary.presses("我来办")
    town.forward(days=2)
    assert any(f"没接的是：社区党委书记 {secretary.name}。" in text for text in said(street, "card.climbed"))


def test_a_card_of_just_now_has_no_zero_minutes_and_the_next_limit(town: Town, resident: Phone) -> None:
    secretary = town.staff(SECRETARY)
    resident.says(HEAT)
    secretary.commands("/case 26-000001")
    secretary.sees("刚登记。今天10:30前接单，明天10:00前办好。")


# ---- a danger ----------------------------------------------------------------------------------------------------


def test_a_danger_is_not_passed_on_to_a_number_that_nobody_rang(town: Town, resident: Phone) -> None:
    secretary = town.staff(SECRETARY)
    resident.says(f"{HOME}着火了")
    resident.clears()
    secretary.commands("/case 26-000001")
    secretary.presses("更多…")
    secretary.presses("转出")
    secretary.sees("我们没有替居民打 119")
    secretary.says("119")
    resident.sees_nothing("转过去")
    assert town.case.redirected_to is None


def test_a_danger_without_a_place_rings_everybody_at_the_city_and_then_each_in_turn(town: Town, resident: Phone) -> None:
    desk = [town.staff(post) for post in CITY]
    resident.says("电梯里困了人，快来")
    assert all(said(p, "card.danger") for p in desk)
    town.forward(hours=5)
    rung = [len([m for m in p.shown if m.text.startswith("🚨") and m.key.startswith("card.")]) for p in desk]
    assert max(rung) <= 10, rung
    assert min(rung) >= 5, rung
    desk[2].presses("接单", 40)
    assert town.case.state is State.ACKNOWLEDGED
    resident.sees("已经接单了")


# ---- dismissed, put off --------------------------------------------------------------------------------------------


def test_an_objection_is_no_unsolved(town: Town, resident: Phone) -> None:
    """The limits of a new case, no 第1次, and who dismissed it hears that the resident does not agree."""
    worker, secretary = town.all_staff(WORKER, SECRETARY)
    resident.says(LAMP)
    secretary.commands("/case 26-000001")
    secretary.presses("更多…")
    secretary.presses("不是诉求")
    secretary.says("加装电梯要全楼同意，不是网格能办的事")
    secretary.clears()
    worker.clears()
    town.forward(days=2)
    resident.presses("不对，请重新办")
    case = town.case
    assert (case.state, case.reopens) == (State.REOPENED, 0)
    resident.sees("好，26-000001重新办", "12月10日（周四）18:00前办好")
    card = worker.sees("居民不同意收起", "26-000001")
    assert "加装电梯" not in card.text
    secretary.sees("居民不同意收起", "写的理由是：加装电梯要全楼同意")
    for words in ("收到", "办好了", "换了灯泡"):
        worker.says(words)
    resident.says("没解决")
    assert town.case.reopens == 1


def put_off(town: Town, resident: Phone, words: str = "明年5月1日：老旧小区改造时一起换管") -> Phone:
    secretary = town.staff(SECRETARY)
    resident.says(HEAT)
    resident.says("不留")
    secretary.commands("/case 26-000001")
    secretary.presses("更多…")
    secretary.presses("挂账")
    secretary.says(words)
    return secretary


def test_a_day_of_another_year_is_named_with_it(town: Town, resident: Phone) -> None:
    secretary = put_off(town, resident)
    resident.sees("想挂到2027年5月1日（周六）：老旧小区改造")
    resident.presses("同意")
    resident.sees("挂账到2027年5月1日（周六）：老旧")
    secretary.commands("/case 26-000001")
    card = secretary.sees("挂账中", "挂账到2027年5月1日（周六）：老旧小区改造时一起换管")
    assert "，前办好" not in card.text
    assert [b["label"] for b in card.buttons] == ["查看电话", "回复居民", "经过", "更多…"]


@pytest.mark.parametrize("no", ["不行，我等不了那么久", "太久了吧", "凭什么等到明年", "不同意！"])
def test_a_no_in_words_of_ones_own_is_a_no(town: Town, resident: Phone, no: str) -> None:
    secretary = put_off(town, resident)
    resident.says(no)
    secretary.sees("居民不同意 26-000001 挂账")
    assert town.case.state is not State.DEFERRED


def test_more_than_nine_months_is_said_to_be_too_long(town: Town, resident: Phone) -> None:
    secretary = put_off(town, resident, "明年12月1日：没钱")
    secretary.sees("挂账最长 9 个月，最晚到2027年")
    secretary.says("明年5月1日：没钱")
    secretary.sees("已问居民")
