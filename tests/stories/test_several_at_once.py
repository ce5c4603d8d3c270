"""Troubles with a question among them, three troubles at once, a part withdrawn: nothing is lost, and nothing is filed that nobody wanted."""

from __future__ import annotations

import pytest

from casework.case import State
from tests.fakes.town import Town

WITH_QUESTION = "锦绣苑5号楼1单元电梯坏了，还有楼下垃圾没人收，对了孩子上小学怎么报名啊急"
THREE = "锦绣苑3号楼1单元电梯坏了，楼下垃圾没人收，还有我家暖气不热"


def test_a_question_beside_two_troubles_swallows_neither(town: Town) -> None:
    resident, desk = town.resident("刘姐"), town.staff("city-1")
    resident.says(WITH_QUESTION)
    resident.sees("这个问题我请")
    assert "报名" in desk.sees("居民问").text
    assert "电梯" not in desk.shown[-1].text
    town.forward(seconds=3)
    resident.sees("听起来是两件事")
    resident.says("都登记吧快点")
    resident.sees("登记好了", "锦绣苑5号楼1单元")
    assert {c.category for c in town.cases()} == {"building_facilities", "sanitation"}
    assert not any("报名" in c.summary for c in town.cases())


@pytest.mark.parametrize("answer", ["三件", "分开", "对", "都登记"])
def test_three_troubles_are_three_cases(town: Town, answer: str) -> None:
    resident = town.resident("刘姐")
    resident.says(THREE)
    town.forward(seconds=3)
    resident.sees("听起来是3件事")
    resident.says(answer)
    assert sorted(c.category for c in town.cases()) == ["building_facilities", "heating", "sanitation"]


@pytest.mark.parametrize("words", ["算了垃圾不用了", "垃圾那个先放放", "垃圾的事不用管了"])
def test_a_part_withdrawn_is_left_out_and_never_filed(town: Town, words: str) -> None:
    resident = town.resident("刘姐")
    resident.says("锦绣苑3号楼1单元电梯坏了，楼下垃圾没人收")
    town.forward(seconds=3)
    resident.says(words)
    resident.sees("卫生绿化不登记")
    town.forward(minutes=11)
    assert [c.category for c in town.cases()] == ["building_facilities"]
    assert "垃圾" not in town.case.summary


def test_one_of_two_cases_is_asked_for_when_it_is_named(town: Town) -> None:
    resident = town.resident("刘姐")
    resident.says("锦绣苑3号楼1单元楼下垃圾没人收")
    town.forward(minutes=20)
    resident.says("锦绣苑3号楼1单元楼道灯不亮")
    resident.says("第一件不用了")
    resident.sees("要撤回 26-000001")
    resident.presses("撤回")
    resident.says("楼道灯先不办了")
    resident.sees("要撤回 26-000002")
    assert next(c.state for c in town.cases()) is State.WITHDRAWN
    assert len(town.cases()) == 2


def test_what_was_never_filed_is_not_filed_by_being_withdrawn(town: Town) -> None:
    resident = town.resident("刘姐")
    resident.says("算了垃圾不用了")
    town.forward(minutes=15)
    assert town.cases() == []
