"""Who waits and presses hears how it stands, and whoever has it is hurried; nothing of it becomes a case or a question of its own."""

from __future__ import annotations

import pytest

from nlp.impatience import calls_out, only_impatient
from tests.fakes.town import Phone, Town

PRESSES = ["有人管吗", "两天了！！！一个电话都没有！你们到底管不管", "我要投诉到12345", "回我啊", "你听见了没", "都半天了没人理我", "打了你们电话不接"]


@pytest.mark.parametrize("words", PRESSES)
def test_of_a_late_case_it_is_a_nudge_with_an_apology(town: Town, words: str) -> None:
    resident, worker = town.resident("老周"), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼1单元楼道灯不亮")
    town.forward(days=2)
    resident.clears()
    worker.clears()
    resident.says(words)
    resident.sees("让您久等了，对不住", "已经催了", "26-000001")
    worker.sees("居民催办 26-000001")
    town.forward(minutes=11)
    assert len(town.cases()) == 1
    assert not any("水电气网" in label for label in resident.labels())


@pytest.mark.parametrize("words", ["有人管吗", "你们到底管不管"])
def test_forty_minutes_after_filing_nothing_is_late(town: Town, words: str) -> None:
    resident = town.resident("老周")
    resident.says("锦绣苑3号楼1单元楼道灯不亮")
    town.forward(minutes=40)
    resident.clears()
    resident.says(words)
    resident.sees("26-000001在")
    resident.sees_nothing("对不住")
    town.forward(minutes=11)
    assert len(town.cases()) == 1


@pytest.mark.parametrize("words", ["喂？？", "在吗", "人呢"])
def test_who_calls_out_hears_how_the_case_stands(town: Town, words: str) -> None:
    resident = town.resident("老周")
    resident.says("锦绣苑3号楼1单元楼道灯不亮")
    town.forward(hours=1)
    resident.clears()
    resident.says(words)
    resident.sees("26-000001", "现在：等接单")
    resident.sees_nothing("您好，我是接诉")


@pytest.mark.parametrize("words", ["回我啊", "你听见了没", "喂？？", "有人管吗"])
def test_of_a_question_that_waits_its_state_is_told(town: Town, words: str) -> None:
    resident = town.resident("老周")
    resident.says("孩子上小学怎么报名")
    resident.clears()
    resident.says(words)
    resident.sees("您问的「孩子上小学怎么报名」", "前回您")
    town.forward(minutes=11)
    assert town.cases() == []


def asked(town: Town) -> Phone:
    """Somebody who is being asked whether it is solved."""
    resident, worker = town.resident("老周"), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼1单元楼道灯不亮")
    for words in ("收到", "办好了", "换了灯泡"):
        worker.says(words)
    return resident


def test_nobody_came_still_answers_whether_it_is_solved(town: Town) -> None:
    resident = asked(town)
    resident.says("根本没人来")
    assert town.case.reopens == 1


def test_a_stranger_who_presses_is_asked_what_it_is(town: Town) -> None:
    resident = town.resident("老周")
    resident.says("有人管吗")
    resident.sees("是什么事、在哪儿")
    town.forward(minutes=11)
    assert town.cases() == []


@pytest.mark.parametrize("words", ["暖气不热有人管吗", "我要投诉物业", "两天了还没水", "三号楼没人管", "12345是什么", "楼道灯不亮没人管"])
def test_a_matter_of_its_own_is_one(words: str) -> None:
    assert not only_impatient(words)
    assert not calls_out(words)


@pytest.mark.parametrize("words", PRESSES)
def test_impatience_is_heard(words: str) -> None:
    assert only_impatient(words)
