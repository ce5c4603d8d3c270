"""Danger before everything: what to do and whom to call, then the case."""

from __future__ import annotations

import pytest

from casework.case import State, Urgency
from tests.fakes.town import Phone, Town

HOME = "锦绣苑3号楼2单元"


@pytest.fixture
def resident(town: Town) -> Phone:
    return town.resident("王阿姨")


@pytest.mark.parametrize(
    ("words", "call"),
    [
        ("厨房煤气泄漏了", "燃气"), ("着火了，楼道全是烟", "119"), ("有人困在电梯里了", "119"), ("有人掉河里了，快救人", "119"),
        ("电线掉下来了，一直冒火花", "119"), ("楼要塌了，墙裂开了往下掉砖", "119"), ("有人拿刀砍人", "110"), ("有人要跳楼", "110"),
        ("我妈突然晕倒没有呼吸了", "120"), ("救命", "119"), ("老人走丢了，外面零下二十度", "110"),
    ],
)
def test_the_first_sentence_says_what_to_do_and_whom_to_call(town: Town, resident: Phone, words: str, call: str) -> None:
    heard = resident.says(f"{HOME}{words}")
    assert len(heard) == 1
    first = heard[0].text.splitlines()[0]
    assert first.startswith("⚠️")
    assert call in first
    assert "已按紧急情况登记" in heard[0].text
    assert town.case.urgency is Urgency.EMERGENCY
    assert town.case.grid_id == "s1c1g1"


@pytest.mark.parametrize(
    "words", ["去年这里着过火，害怕", "要是煤气漏了怎么办", "热得要命，暖气太足", "楼道堆杂物，万一着火就麻烦了"])
def test_what_is_no_danger_now(town: Town, resident: Phone, words: str) -> None:
    resident.says(f"{HOME}{words}")
    town.forward(minutes=11)
    assert not [c for c in town.cases() if c.emergency]
    resident.sees_nothing("⚠️")


def test_the_card_goes_out_at_once(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says(f"{HOME}着火了")
    worker.sees("🚨", HOME)


def test_the_place_is_asked_afterwards(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says("着火了！！")
    resident.sees("⚠️", "119", "已按紧急情况登记", "在哪儿")
    resident.says("快来人啊")
    resident.sees("记到刚才的紧急情况")
    resident.says(HOME)
    resident.sees("记到刚才的紧急情况")
    worker.sees(HOME)
    assert (town.case.grid_id, town.case.spot.building_id) == ("s1c1g1", "e01b03")


def test_the_place_of_a_danger_in_pieces(town: Town, resident: Phone) -> None:
    resident.says("着火了")
    resident.says("锦绣苑")
    resident.sees("几号楼")
    resident.says("5号楼2单元")
    assert (town.case.spot.building_id, town.case.spot.unit) == ("e01b05", "2")


def test_a_picked_place_of_a_danger(town: Town, resident: Phone) -> None:
    resident.says("着火了")
    resident.picks("e01b05")
    assert town.case.spot.building_id == "e01b05"


def test_the_remembered_home_is_where_a_danger_is(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气")
    town.forward(minutes=30)
    resident.says("厨房煤气泄漏了")
    resident.sees("⚠️", HOME)


def test_danger_does_not_wait_for_a_question(town: Town, resident: Phone) -> None:
    resident.says("没暖气了")
    town.forward(seconds=2)
    resident.says(f"{HOME}着火了")
    resident.sees("⚠️", "119")
    town.forward(minutes=11)
    assert sorted(c.category for c in town.cases()) == ["heating", "safety_order"]


def test_more_words_within_a_quarter_of_an_hour_belong_to_it(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}着火了")
    town.forward(minutes=5)
    resident.says("楼上还有人被困，救命")
    resident.sees("⚠️")
    resident.says("烟越来越大")
    assert len(town.cases()) == 1


def test_later_it_is_another_danger(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}着火了")
    town.forward(minutes=20)
    resident.says("锦绣苑5号楼有人困在电梯里了")
    assert [c.spot.building_id for c in town.cases()] == ["e01b03", "e01b05"]


def test_it_raises_an_ordinary_case_of_the_same_topic_and_place(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼电梯坏了")
    town.forward(minutes=30)
    resident.says("有人困电梯里了")
    resident.sees("⚠️", "已改成紧急情况")
    worker.sees("🚨")
    assert town.case.urgency is Urgency.EMERGENCY


@pytest.mark.parametrize("words", ["锦绣苑5号楼有人困电梯里了", "锦绣苑3号楼着火了"])
def test_it_raises_no_other_case(town: Town, resident: Phone, words: str) -> None:
    resident.says("锦绣苑3号楼电梯坏了")
    town.forward(minutes=30)
    resident.says(words)
    assert [c.urgency for c in town.cases()] == [Urgency.NORMAL, Urgency.EMERGENCY]


def test_with_another_trouble_in_the_same_message(town: Town, resident: Phone) -> None:
    heard = resident.says(f"{HOME}煤气漏了，另外楼下垃圾没人收")
    assert len(heard) == 1
    assert heard[0].text.startswith("⚠️")
    assert [(c.urgency, c.category) for c in town.cases()] == [
        (Urgency.EMERGENCY, "water_power_gas"), (Urgency.NORMAL, "sanitation")]


def test_the_place_of_both_is_asked_once(town: Town, resident: Phone) -> None:
    resident.says("家里着火了，电梯也坏了")
    resident.says(HOME)
    assert [(c.category, c.spot.building_id) for c in town.cases()] == [
        ("safety_order", "e01b03"), ("building_facilities", "e01b03")]


def test_the_other_trouble_is_not_lost_without_a_place(town: Town, resident: Phone) -> None:
    resident.says("家里着火了，电梯也坏了")
    town.forward(minutes=11)
    assert [c.category for c in town.cases()] == ["safety_order", "building_facilities"]


def test_a_danger_is_not_withdrawn_before_it_is_over(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says(f"{HOME}着火了")
    resident.says("撤回")
    resident.sees("您说没有危险", "等他们看过")
    assert town.case.state is not State.WITHDRAWN
    assert town.case.safe_at is None
    worker.says("到了")
    worker.presses("已无危险")
    resident.sees("没有危险了")
    resident.says("撤回")
    resident.presses("撤回")
    assert town.case.state is State.WITHDRAWN


def test_unheard_after_a_quarter_of_an_hour(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}着火了")
    resident.clears()
    town.forward(minutes=14)
    resident.sees_nothing("直接拨打")
    town.forward(minutes=2)
    resident.sees("还没有人接单", "直接拨打", "119")


def test_heard_in_time_nothing_is_said(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says(f"{HOME}着火了")
    worker.says("收到")
    town.forward(minutes=16)
    resident.sees_nothing("直接拨打")


def test_at_night_too(town: Town, resident: Phone) -> None:
    town.forward(hours=16)
    resident.says(f"{HOME}着火了")
    resident.sees("⚠️", "已按紧急情况登记")


# ---- 臭鸡蛋味 ----------------------------------------------------------------------------------------------------


def test_a_smell_is_asked_about(town: Town, resident: Phone) -> None:
    heard = resident.says(f"{HOME}厨房有臭鸡蛋味")
    assert len(heard) == 1
    assert heard[0].text.startswith("⚠️")
    resident.sees("煤气", "还是下水道味")
    assert town.cases() == []


@pytest.mark.parametrize("answer", [">煤气味", "是煤气的味", "煤气味"])
def test_a_smell_of_gas(town: Town, resident: Phone, answer: str) -> None:
    resident.says(f"{HOME}厨房有臭鸡蛋味")
    if answer.startswith(">"):
        resident.presses(answer[1:])
    else:
        resident.says(answer)
    assert (town.case.urgency, town.case.danger) == (Urgency.EMERGENCY, "gas")
    town.forward(minutes=11)
    assert len(town.cases()) == 1


@pytest.mark.parametrize("answer", [">下水道味", "应该是下水道返味"])
def test_a_smell_of_a_drain(town: Town, resident: Phone, answer: str) -> None:
    resident.says(f"{HOME}厨房有臭鸡蛋味")
    if answer.startswith(">"):
        resident.presses(answer[1:])
    else:
        resident.says(answer)
    assert (town.case.urgency, town.case.category) == (Urgency.NORMAL, "drainage")


def test_a_smell_unanswered_is_an_urgent_case(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}厨房有臭鸡蛋味")
    resident.says("味很大")
    town.forward(minutes=11)
    assert town.case.urgency is Urgency.URGENT
    assert "味很大" in town.case.summary


def test_a_smell_that_turns_out_a_danger(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}厨房有臭鸡蛋味")
    resident.says("煤气泄漏了，人都晕了")
    resident.sees("⚠️")
    town.forward(minutes=11)
    assert town.case.urgency is Urgency.EMERGENCY
