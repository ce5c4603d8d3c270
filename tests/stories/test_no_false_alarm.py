"""Impatience, politeness and flat tyres are no danger to life; and a danger told in few or broken words is one."""

from __future__ import annotations

import pytest

from tests.fakes.town import Town


@pytest.mark.parametrize("words", [
    "那我等着了", "打了你们电话不接", "打不通", "都半天了 没人理我", "手机快不行了 先这样", "又不行了", "再不修要出人命", "师傅电话不接", "吓死人了",
])  # fmt: skip
def test_who_waits_for_a_lamp_calls_no_ambulance(town: Town, words: str) -> None:
    resident, worker = town.resident("张奶奶"), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元楼道灯不亮")
    worker.clears()
    assert not any("⚠️" in m.text or "紧急" in m.text for m in resident.says(words))
    assert not any(case.emergency for case in town.cases())
    worker.sees_nothing("🚨")


def test_help_in_english_is_a_question_how_this_works(town: Town) -> None:
    resident = town.resident("Bob")
    resident.says("help")
    told = resident.sees("我是接诉").text
    assert "Tell me what is wrong" in told
    assert not town.cases()
    resident.says("Help! Fire!")
    resident.sees("119")
    assert town.case.emergency


@pytest.mark.parametrize("words", ["着 火 了", "shi huo le", "火灾", "一氧化碳报警", "电梯停了出不来", "老公喝酒砸东西我害怕", "邻居好几天没开门了"])
def test_a_danger_in_few_words_is_one(town: Town, words: str) -> None:
    resident = town.resident("李师傅")
    resident.says(words)
    resident.sees("⚠️")
    assert town.case.emergency
