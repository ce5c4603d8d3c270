"""Somebody stands outside in slippers: whatever they write belongs to the danger, its place comes in pieces, and a false alarm is told."""

from __future__ import annotations

import pytest

from casework.case import State
from tests.fakes.town import Town

GAS = "厨房有臭鸡蛋味 锦绣苑3号楼2单元402"


@pytest.mark.parametrize("words", ["不知道是啥味", "好像是下水道", "不对 是煤气", "我已经出来了", "电话打不通", "门口站着好几个人"])
def test_more_words_belong_to_the_open_danger_and_nothing_is_asked(town: Town, words: str) -> None:
    resident, worker = town.resident("老赵"), town.staff("w-s1c1g1")
    resident.says(GAS)
    resident.clears()
    town.forward(minutes=1)
    said = resident.says(words)
    town.forward(seconds=5)
    assert [m.text for m in said if "?" in m.text or "？" in m.text or "在哪儿" in m.text] == []
    resident.sees("记到刚才的紧急情况 26-000001")
    worker.sees("居民补充 26-000001", words)
    town.forward(minutes=11)
    assert len(town.cases()) == 1


def test_what_to_do_is_said_again_to_who_asks(town: Town) -> None:
    resident = town.resident()
    resident.says(GAS)
    resident.clears()
    resident.says("那现在咋办")
    resident.sees("马上到屋外")


@pytest.mark.parametrize("words", ["怎么样了", "催办", "谢谢"])
def test_how_it_stands_is_still_told(town: Town, words: str) -> None:
    resident = town.resident()
    resident.says(GAS)
    resident.clears()
    resident.says(words)
    resident.sees_nothing("记到刚才的紧急情况")


def test_another_trouble_told_as_one_is_a_case_of_its_own(town: Town) -> None:
    resident = town.resident()
    resident.says(GAS)
    resident.says("还有一件 锦绣苑5号楼1单元没暖气")
    assert [c.category for c in town.cases()] == ["water_power_gas", "heating"]


def test_a_quarter_of_an_hour_later_another_matter_is_another_matter(town: Town) -> None:
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    resident.says(GAS)
    worker.presses("接单")
    worker.says("到了")
    worker.presses("已无危险")
    town.forward(minutes=20)
    resident.says("锦绣苑3号楼2单元楼道灯不亮")
    assert len(town.cases()) == 2


def test_the_place_of_a_fire_comes_in_pieces_and_reaches_its_grid(town: Town) -> None:
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    for words in ("快来 冒烟了", "楼道里全是烟", "3号楼"):
        resident.says(words)
    resident.sees("3号楼在哪个小区")
    resident.says("锦绣苑")
    worker.sees("🚨", "锦绣苑3号楼")
    resident.says("三单元 四楼")
    spot = town.case.spot
    assert (spot.building_id, spot.unit) == ("e01b03", "3")


@pytest.mark.parametrize("words", ["没有着火啊 我是说我等着", "不是火灾", "误报", "点错了", "撤回", "button"])
def test_who_reported_it_says_that_there_is_none(town: Town, words: str) -> None:
    """It ends only by who has looked; but they hear it, and the resident hears that they did."""
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元着火了")
    assert "撤回" not in resident.labels(1)
    if words == "button":
        resident.presses("其实没有危险")
    else:
        resident.says(words)
    resident.sees("您说没有危险", "等他们看过")
    worker.sees("居民说没有危险 26-000001")
    assert town.case.state is not State.WITHDRAWN
    assert town.case.safe_at is None


@pytest.mark.parametrize("words", ["不是火灾 是煤气", "还没灭", "没有人来"])
def test_what_is_still_a_danger_is_not_taken_for_none(town: Town, words: str) -> None:
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元着火了")
    resident.says(words)
    worker.sees_nothing("居民说没有危险")
