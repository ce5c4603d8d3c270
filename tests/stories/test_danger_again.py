"""A danger that was said to be over, and is not; and who may say that it is."""

from __future__ import annotations

import pytest

from casework.case import Case, State
from tests.fakes.town import Phone, Town

LIFT = "锦绣苑3号楼2单元电梯里困了人"
BURST = "锦绣苑3号楼2单元家里水管爆了，水往外喷"


@pytest.fixture
def resident(town: Town) -> Phone:
    return town.resident("王阿姨")


def falsely_safe(town: Town, resident: Phone, worker: Phone, words: str = LIFT) -> Case:
    """接单, and 已无危险 over the telephone four minutes later, by who has never been there."""
    resident.says(words)
    worker.presses("接单")
    town.forward(minutes=4)
    worker.presses("已无危险")
    worker.presses("打电话问过")
    assert town.case.safe_at is not None
    for phone in (resident, worker):
        phone.clears()
    return town.case


@pytest.mark.parametrize("words", ["人还在电梯里没出来！", "还困着呢，根本没人来", "还有危险", "没人来啊"])
@pytest.mark.parametrize("minutes", [0, 18, 32])
def test_words_of_danger_take_a_false_safe_back(town: Town, resident: Phone, words: str, minutes: int) -> None:
    worker, secretary, company = town.all_staff("w-s1c1g1", "cs-s1c1", "pm-e01")
    falsely_safe(town, resident, worker)
    town.forward(minutes=minutes)
    secretary.clears()
    company.clears()
    resident.says(words)
    resident.sees("⚠️", "119", "重新按紧急情况办")
    case = town.case  # and no second one
    assert (case.safe_at, case.state, case.acknowledged_at, case.grid_id) == (None, State.ASSIGNED, None, "s1c1g1")
    for phone in (worker, secretary, company):
        assert words in phone.sees("🚨还有危险", case.number).text
    town.forward(minutes=11)
    assert town.case.rung > 0
    town.forward(minutes=5)
    resident.sees("直接拨打", "119")


def test_one_button_takes_it_back(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    falsely_safe(town, resident, worker)
    resident.presses("还有危险")
    resident.sees("⚠️", "重新按紧急情况办")
    card = worker.sees("🚨还有危险")
    assert "居民：「" not in card.text
    assert "接单" in [b["label"] for b in card.buttons]
    resident.presses("还有危险")
    resident.sees("这个按钮是之前的了")
    assert len(town.cases()) == 1


def test_after_half_an_hour_it_is_still_the_same_burst_pipe(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says(BURST)
    worker.presses("接单")
    town.forward(minutes=32)
    worker.clears()
    resident.says("人呢？水还在流！")
    resident.sees("⚠️", "记到刚才的紧急情况")
    worker.sees("居民补充", "水还在流")
    assert len(town.cases()) == 1


def test_done_is_no_more_true_than_safe(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says(LIFT)
    worker.presses("接单")
    worker.presses("办好了")
    worker.says("叫了电梯公司")
    resident.says("人还在电梯里没出来！")
    assert (town.case.state, town.case.safe_at) == (State.REOPENED, None)
    worker.sees("🚨还有危险")


def test_another_danger_elsewhere_is_another_case(town: Town, resident: Phone) -> None:
    falsely_safe(town, resident, town.staff("w-s1c1g1"))
    resident.says("锦绣苑5号楼厨房着火了")
    first, second = town.cases()
    assert first.safe_at is not None
    assert second.spot.building_id == "e01b05"


@pytest.mark.parametrize("words", ["谢谢，没有危险了", "人出来了", "还没修好呢"])
def test_what_says_that_it_is_over_rings_nobody(town: Town, resident: Phone, words: str) -> None:
    worker = town.staff("w-s1c1g1")
    falsely_safe(town, resident, worker)
    resident.says(words)
    resident.sees_nothing("⚠️")
    worker.sees_nothing("🚨还有危险")
    assert town.case.safe_at is not None


# ---- who may say so -----------------------------------------------------------------------------------------------


def test_who_was_not_there_is_not_called_somebody_who_was(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says(LIFT)
    worker.presses("接单")
    worker.presses("已无危险")
    worker.sees("还没有记到场")
    assert town.case.safe_at is None
    worker.presses("还没看，也没问")
    worker.sees("还按紧急办", "先到现场看")
    worker.presses("已无危险")
    worker.presses("打电话问过")
    told = resident.sees("打电话问过", "没有危险了", worker.name)
    assert "到场的人" not in told.text
    assert town.case.arrived_at is None


def test_who_says_that_they_were_there_has_arrived(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says(LIFT)
    worker.presses("已无危险")
    worker.presses("我到场看过了")
    resident.sees("到场的人说已经没有危险了")
    assert town.case.arrived_at == town.case.safe_at == town.now


def test_after_到场_one_press_is_enough(town: Town, resident: Phone) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says(LIFT)
    worker.presses("到场")
    worker.presses("已无危险")
    resident.sees("到场的人说已经没有危险了")
