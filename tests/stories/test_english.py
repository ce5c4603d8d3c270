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
    assert town.case.satisfaction is None  # thanks are no grade
    resident.sees("Are you satisfied")
    resident.says("satisfied")
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


def test_buttons_are_in_both_languages_and_may_be_written_in_either(town: Town) -> None:
    worker, resident = town.staff("w-s1c1g1"), town.resident("Anna")
    resident.says("no heating in Jin Xiu Yuan building 3 unit 2")
    assert {"My cases · 我的诉求", "Confidential · 保密", "Wrong category · 改类别", "Skip · 不留"} <= set(resident.labels())
    resident.says("skip")
    resident.sees("不留也行", "That is fine")
    resident.presses("My cases · 我的诉求")  # a press tells no language
    resident.sees("26-000001, heating: waiting to be taken")
    assert [b["label"] for b in worker.shown[-1].buttons if "·" in b["label"]] == []
    for words in ("收到", "办好了", "换了阀门"):
        worker.says(words)
    assert [b["label"] for b in resident.shown[-1].buttons] == ["Fixed · 已解决", "Partly · 部分解决", "Not fixed · 未解决"]
    resident.presses("Fixed · 已解决")
    assert town.case.state is State.CONFIRMED
    assert "Undo · 点错了" in resident.labels(1)
    resident.says("好")
    resident.says("我的诉求")
    assert not any("·" in label for label in resident.labels(1))


def test_the_words_of_the_pages_buttons_tell_no_language(town: Town) -> None:
    resident = town.resident()
    resident.says("no heating in Jin Xiu Yuan building 3 unit 2")
    resident.says("我的诉求")
    resident.sees("26-000001, heating: waiting to be taken")
    resident.says("暖气还是不热")
    assert "Added" not in resident.sees("26-000001").text


def test_categories_and_times_are_said_in_english(town: Town) -> None:
    worker, resident = town.staff("w-s1c1g1"), town.resident("Anna")
    resident.says("something is strange in Jin Xiu Yuan building 3 unit 2")
    town.forward(seconds=3)
    assert "heating · 供暖" in resident.labels()
    resident.presses("heating · 供暖")
    resident.sees("Registered as 26-000001. Somebody takes it by today", "due by")
    worker.presses("接单")
    worker.presses("更多…")
    worker.presses("约时间")
    worker.says("明天下午三点")
    resident.sees("Pick one")
    assert any(label.startswith("tomorrow 15:00 · 明天15:00") for label in resident.labels(1))
    resident.presses("tomorrow 15:00 · 明天15:00")
    resident.sees("约好明天15:00", "they come tomorrow 15:00")


def test_the_english_place_button_is_a_name(town: Town) -> None:
    """Names stay as they stand on the doors."""
    resident = town.resident()
    resident.says("no heating in Jin Xiu Yuan")
    town.forward(seconds=3)
    assert "None of these · 都不是" in resident.labels(1)
    assert "3号楼" in resident.labels(1)
