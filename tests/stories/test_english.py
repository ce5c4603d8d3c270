"""Who writes English: the case is opened, a short line of English stands below the Chinese, and "fixed" ends it."""

from __future__ import annotations

from casework.case import State
from tests.fakes.town import Town


def test_no_heating_from_the_first_word_to_the_last(town: Town) -> None:
    worker, resident = town.staff("w-s1c1g1"), town.resident("Anna")
    resident.says("no heating in Jin Xiu Yuan building 3 unit 2 since yesterday")
    assert "Registered as 26-000001" in resident.sees("登记好了", "锦绣苑3号楼2单元").text
    card = worker.sees("新诉求 26-000001", "no heating in Jin Xiu Yuan").text
    assert "Registered" not in card
    worker.presses("接单")
    resident.sees("已经接单", "somebody has taken it")
    worker.says("办好了")
    worker.says("换了阀门")
    resident.sees("解决了吗", "Answer: fixed")
    resident.says("still broken")
    assert town.case.state is State.REOPENED
    resident.sees("goes back to be done again")
    worker.presses("接单")
    worker.says("办好了")
    worker.says("又换了一个")
    resident.says("Fixed, thank you!")
    assert town.case.state is State.CONFIRMED
    assert town.case.satisfaction == "satisfied"


def test_what_is_missing_is_asked_in_english_too(town: Town) -> None:
    resident = town.resident()
    resident.says("water leaking from ceiling")
    town.forward(seconds=3)
    resident.sees("在哪儿", "Where is it?")
    resident.says("Jin Xiu Yuan building 3")
    resident.sees("登记好了", "Registered as")
    assert town.case.topic == "leak"


def test_danger_in_english_is_danger(town: Town) -> None:
    resident = town.resident()
    resident.says("elevator stuck with people inside!! Jin Xiu Yuan building 3")
    assert resident.shown[0].text.startswith("⚠️")
    resident.sees("119", "call now: 119")
    assert town.case.danger == "trapped"


def test_the_language_is_the_one_last_written(town: Town) -> None:
    resident = town.resident()
    resident.says("thank you")
    resident.sees("不客气", "You are welcome")
    resident.says("ok")
    resident.sees("Hello!")
    resident.says("你好")
    assert "Hello" not in resident.sees("您好").text


def test_mixed_and_chinese_text_get_no_english(town: Town) -> None:
    resident = town.resident()
    resident.says("锦绣苑3号楼 elevator 坏了")
    assert "Registered" not in resident.sees("登记好了").text
    assert town.case.topic == "lift"
