"""又堵了 after the end reopens what ended last; a button pressed late leaves a way on; 对 and 没坏 answer nothing that was not asked."""

from __future__ import annotations

import pytest

from casework.case import State
from tests.fakes.town import Phone, Town


def ended(town: Town, words: str = "锦绣苑3号楼1单元下水道堵了") -> Phone:
    """A resident whose case was done and confirmed just now."""
    resident, worker = town.resident("陈叔"), town.staff("w-s1c1g1")
    resident.says(words)
    for said in ("收到", "办好了", "疏通了"):
        worker.says(said)
    resident.presses("已解决")
    resident.presses("满意")
    resident.clears()
    return resident


@pytest.mark.parametrize("words", ["又堵了", "又坏了", "唉 又这样了"])
@pytest.mark.parametrize("days", [0, 3])
def test_again_without_a_word_of_what_is_what_ended_last(town: Town, words: str, days: int) -> None:
    resident = ended(town)
    town.forward(minutes=1, days=days)
    resident.says(words)
    resident.sees("又坏了？26-000001")
    resident.presses("又坏了，重新办")
    assert (town.case.state, len(town.cases())) == (State.REOPENED, 1)


def test_said_twice_it_is_asked_again_and_no_case_of_its_own(town: Town) -> None:
    resident = ended(town, "锦绣苑3号楼1单元没水")
    resident.says("又没了")
    resident.clears()
    resident.says("又没水了")
    resident.sees("又坏了？26-000001")
    resident.presses("又坏了，重新办")
    town.forward(minutes=11)
    assert len(town.cases()) == 1


def test_after_sixteen_days_it_is_a_new_matter(town: Town) -> None:
    resident = ended(town)
    town.forward(days=16)
    resident.says("又堵了")
    resident.sees_nothing("又坏了？")


def test_not_solved_pressed_after_solved_is_no_dead_end(town: Town) -> None:
    resident, worker = town.resident("陈叔"), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼1单元下水道堵了")
    for said in ("收到", "办好了", "疏通了"):
        worker.says(said)
    resident.presses("已解决")
    resident.presses("未解决")
    resident.sees("这个按钮是之前的了")
    assert resident.labels(1) == ["点错了", "又坏了，重新办"]
    resident.clears()
    resident.presses("点错了")
    told = resident.sees("撤销刚才那一步").text
    assert told.index("撤销刚才那一步") < told.index("再说一次")
    assert town.case.state is State.RESOLVED


def test_taken_back_after_the_verdict_too(town: Town) -> None:
    resident = ended(town)
    resident.presses("点错了")
    resident.sees("这个按钮是之前的了")
    assert "又坏了，重新办" in resident.labels(1)


@pytest.mark.parametrize("words", ["对", "没坏", "10分", "是的"])
def test_a_yes_to_nothing_ends_nothing(town: Town, words: str) -> None:
    resident = town.resident("陈叔")
    resident.says("锦绣苑3号楼1单元下水道堵了")
    resident.clears()
    resident.says(words)
    resident.sees_nothing("是已经解决了吗")
