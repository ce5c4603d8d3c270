"""Bursts, the place in pieces, a change of mind, answers to what was asked before, a number instead of a button: understood."""

from __future__ import annotations

import pytest

from casework.case import State
from tests.fakes.town import Phone, Town

HOME = "锦绣苑3号楼2单元没暖气"
WATER = "锦绣苑3号楼没水"


@pytest.fixture
def resident(town: Town) -> Phone:
    town.staff("w-s1c1g1")
    return town.resident("王阿姨")


def told(town: Town, phone: Phone, *words: str) -> None:
    """Each is read before the next is written."""
    for said in words:
        phone.says(said)
        town.forward(seconds=3)


# ---- about the case just told -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "where"), [
    ("不是，我说的是5号楼", ("e01", "e01b05", None, None)),
    ("错了错了，5号楼", ("e01", "e01b05", None, None)),
    ("打错了 是5号楼", ("e01", "e01b05", None, None)),
    ("不是3号楼，是5号楼", ("e01", "e01b05", None, None)),
    ("不是2单元，是3单元", ("e01", "e01b03", "3", None)),
    ("不对，平安里3号楼", ("e02", "e02b03", None, None)),
    ("我说的是平安里", ("e02", "e02b03", "2", None)),
])
def test_the_place_is_mended(town: Town, resident: Phone, words: str, where: tuple[str | None, ...]) -> None:
    told(town, resident, HOME, words)
    resident.sees("改好了")
    spot = town.case.spot
    assert (spot.estate_id, spot.building_id, spot.unit or None, spot.room) == where
    resident.presses("点错了")
    assert (town.case.spot.building_id, town.case.spot.unit) == ("e01b03", "2")


def test_the_room_is_mended_and_may_come_alone(town: Town, resident: Phone) -> None:
    told(town, resident, HOME, "501")
    assert town.case.spot.room == "501"
    told(town, resident, "不是501，是502")
    assert (town.case.spot.building_id, town.case.spot.unit, town.case.spot.room) == ("e01b03", "2", "502")


def test_the_wrong_place_alone_is_asked_about(town: Town, resident: Phone) -> None:
    told(town, resident, WATER, "不是3号楼", "5号楼")
    resident.sees("应该在哪儿")
    resident.sees("改好了", "锦绣苑5号楼")
    assert town.case.spot.building_id == "e01b05"


def test_of_two_cases_it_is_asked_which(town: Town, resident: Phone) -> None:
    resident.says(WATER)
    town.forward(minutes=20)
    resident.says("电梯坏了")
    town.forward(minutes=20)
    resident.says("不是3号楼，是5号楼")
    asked = resident.sees("您说的是哪一件")
    resident.presses(next(b["label"] for b in asked.buttons if "水电气网" in b["label"]))
    assert [c.spot.building_id for c in town.cases()] == ["e01b05", "e01b03"]


@pytest.mark.parametrize(("words", "category", "urgency"), [
    ("不是供暖，是下水道堵了", "drainage", "normal"), ("说错了，是停水了", "water_power_gas", "urgent"),
])
def test_the_category_is_mended_in_words(town: Town, resident: Phone, words: str, category: str, urgency: str) -> None:
    told(town, resident, HOME, words)
    resident.sees("改好了")
    case = town.case
    assert (case.category, case.urgency) == (category, urgency)
    assert case.topic is not None
    assert words in case.summary
    resident.presses("点错了")
    assert (town.case.category, town.case.topic, town.case.summary) == ("heating", "no_heat", HOME)


def test_place_and_category_are_one_step(town: Town, resident: Phone) -> None:
    told(town, resident, HOME, "说错了，是5号楼停水了")
    assert (town.case.category, town.case.spot.building_id) == ("water_power_gas", "e01b05")
    resident.presses("点错了")
    assert (town.case.category, town.case.spot.building_id) == ("heating", "e01b03")


def test_the_wrong_category_alone_is_asked_about(town: Town, resident: Phone) -> None:
    told(town, resident, HOME, "不是供暖")
    assert len(resident.sees("应该是哪一类").buttons) == 9
    resident.says("水电气网")
    resident.sees("改好了", "水电气网")
    assert town.case.category == "water_power_gas"


@pytest.mark.parametrize("words", ["不是我家一家，整栋都没有", "不是没水，是水小", "另外不是3号楼，5号楼也没水"])
def test_a_not_that_mends_nothing(town: Town, resident: Phone, words: str) -> None:
    told(town, resident, WATER, words)
    assert town.cases()[0].spot.building_id == "e01b03"
    assert town.cases()[0].category == "water_power_gas"


# ---- before there is a case ---------------------------------------------------------------------------------------


def test_a_half_told_complaint_is_mended_not_dropped(town: Town, resident: Phone) -> None:
    told(town, resident, "没暖气", "3号楼", "打错了，5号楼", "锦绣苑")
    resident.sees("5号楼在哪个小区")
    resident.sees("登记好了", "锦绣苑5号楼")


def test_its_matter_too(town: Town, resident: Phone) -> None:
    told(town, resident, "没暖气", "说错了，是没水", "锦绣苑3号楼")
    assert (town.case.category, town.case.topic) == ("water_power_gas", "no_water")


def test_in_a_burst_the_last_word_counts(town: Town, resident: Phone) -> None:
    for words in ("我家没水了", "3号楼", "不对 5号楼", "锦绣苑"):
        resident.says(words)
    town.forward(seconds=3)
    assert len(resident.shown) == 1
    assert town.case.spot.building_id == "e01b05"


def test_never_mind(town: Town, resident: Phone) -> None:
    told(town, resident, "没暖气", "算了")
    resident.sees("就不登记了")
    town.forward(minutes=20)
    assert town.cases() == []


def test_what_was_asked_two_messages_ago_is_answered(town: Town, resident: Phone) -> None:
    told(town, resident, "锦绣苑没水", "家里有老人", "3号楼")
    resident.sees("几号楼")
    resident.sees("几号楼")  # the old people at home are no building
    resident.sees("登记好了", "锦绣苑3号楼")


def test_the_matter_comes_last(town: Town, resident: Phone) -> None:
    told(town, resident, "3号楼2单元", "锦绣苑", "没电")
    assert len(town.cases()) == 1
    assert (town.case.category, town.case.spot.building_id, town.case.spot.unit) == ("water_power_gas", "e01b03", "2")


def test_the_estate_told_after_the_case_completes_the_number(town: Town, resident: Phone) -> None:
    told(town, resident, "没暖气", "5号楼")
    town.forward(minutes=11)
    resident.says("锦绣苑")
    assert town.case.spot.building_id == "e01b05"


# ---- a number -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "building", "unit", "room"), [
    ("3", "e01b03", None, None), ("３", "e01b03", None, None), ("三号", "e01b03", None, None), ("25", "e01b25", None, None),
    ("13", "e01b13", None, None), ("第三个", "e01b03", None, None), ("回复3", "e01b03", None, None),
    ("3-2", "e01b03", "2", None), ("3 2", "e01b03", "2", None), ("3-2-501", "e01b03", "2", "501"),
])
def test_a_building_by_its_number(
    town: Town, resident: Phone, words: str, building: str, unit: str | None, room: str | None
) -> None:
    told(town, resident, "锦绣苑没水", words)
    spot = town.case.spot
    assert (spot.building_id, spot.unit or None, spot.room or None) == (building, unit, room)


@pytest.mark.parametrize("words", ["2", "选2", "第二个", "2号", "后者", "回复 2"])
def test_the_second_of_two(town: Town, resident: Phone, words: str) -> None:
    told(town, resident, "锦绣苑3号楼楼道里有东西")
    second = resident.shown[-1].buttons[1]["label"]
    told(town, resident, words)
    resident.sees("登记好了", second)


def test_the_number_counts_the_buttons_as_they_are_shown(town: Town, resident: Phone) -> None:
    """The receipt and the question for the phone come in one message, with the buttons of both."""
    resident.says(WATER)
    labels = [b["label"] for b in resident.shown[-1].buttons]
    resident.says(str(labels.index("不留") + 1))
    resident.sees("不留也行")
    resident.says("1")
    resident.sees("26-000001", "等接单")


def test_a_day_of_the_month_is_no_button(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼楼道灯不亮")
    worker.presses("接单")
    worker.presses("更多…")
    worker.presses("定个日期")
    worker.says("3号")
    worker.sees("定在12月3日")


# ---- an answer just given -----------------------------------------------------------------------------------------


@pytest.fixture
def asked(town: Town, resident: Phone) -> Phone:
    worker = town.staff("w-s1c1g1")
    resident.says(WATER)
    for words in ("收到", "办好了", "修了阀门"):
        worker.says(words)
    return resident


def test_not_solved_after_all(town: Town, asked: Phone) -> None:
    asked.presses("已解决")
    asked.says("不对，还没好")
    asked.sees("还没解决，已经退回去重新办")
    assert (town.case.state, town.case.reopens) == (State.REOPENED, 1)


def test_solved_after_all(town: Town, asked: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    asked.presses("未解决")
    asked.says("哎点错了，好了的")
    asked.sees("满意吗")
    worker.sees("居民点错了")
    assert (town.case.state, town.case.reopens) == (State.CONFIRMED, 0)


def test_broken_again_is_no_change_of_mind(town: Town, asked: Phone) -> None:
    asked.presses("已解决")
    asked.presses("满意")
    asked.says("又没水了")
    asked.sees("又坏了？")
    assert town.case.state is State.CONFIRMED


def test_a_withdrawal_thought_better_of(town: Town, resident: Phone) -> None:
    told(town, resident, WATER, "撤回")
    resident.presses("撤回")
    resident.says("不对，还是要办")
    resident.sees("撤销刚才那一步", "等接单")


def test_a_wrong_telephone_number_withdraws_nothing(town: Town, resident: Phone) -> None:
    told(town, resident, WATER, "13812345678", "打错了，是13812345679")
    resident.sees_nothing("撤回 26")
    assert town.case.state is State.ASSIGNED
