"""取消, 删掉这条, 算了不约了, 还是不亮 点错了: each takes back what it means, and nothing else. And who is alone gets a person."""

from __future__ import annotations

import pytest

from casework.case import State
from storage import cases
from tests.fakes.town import Town

LAMP = "锦绣苑3号楼1单元楼道灯不亮"


@pytest.mark.parametrize("words", ["取消", "删掉这条", "我说错了", "取消吧"])
def test_right_after_filing_it_is_asked_whether_it_is_withdrawn(town: Town, words: str) -> None:
    resident = town.resident("小吴")
    resident.says(LAMP)
    resident.says(words)
    resident.sees("要撤回 26-000001")
    resident.presses("撤回")
    assert town.case.state is State.WITHDRAWN


def test_half_told_it_is_dropped(town: Town) -> None:
    resident = town.resident("小吴")
    resident.says("楼道灯不亮")
    resident.says("取消")
    resident.sees("不登记了")
    town.forward(minutes=11)
    assert town.cases() == []


def test_still_dark_and_pressed_wrongly_withdraws_nothing(town: Town) -> None:
    resident = town.resident("小吴")
    resident.says(LAMP)
    resident.says("还是不亮 点错了")
    resident.sees_nothing("要撤回")


def test_no_appointment_after_all_and_the_case_goes_on(town: Town) -> None:
    resident, worker = town.resident("小吴"), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元501没暖气")
    resident.says("我七点后在家")
    worker.says("收到")
    resident.clears()
    resident.says("算了不约了")
    resident.sees("先不约时间")
    resident.sees_nothing("要撤回")
    assert town.case.state is State.ACKNOWLEDGED


@pytest.mark.parametrize("words", ["我跟你说啊我这腿脚不好", "家里有个吃奶的娃"])
def test_a_remark_right_after_filing_is_added(town: Town, words: str) -> None:
    resident = town.resident("张奶奶")
    resident.says(LAMP)
    resident.clears()
    resident.says(words)
    resident.sees("加到 26-000001")
    town.forward(minutes=11)
    assert len(town.cases()) == 1


@pytest.mark.parametrize("words", ["我一个人住 没人管我", "儿子不回来", "活着真没意思", "日子没盼头了"])
def test_who_is_alone_gets_a_person_and_no_list(town: Town, words: str) -> None:
    resident, desk = town.resident("张奶奶"), town.staff("city-1")
    resident.says(words)
    resident.sees("12356")
    desk.sees("跟人说话")
    assert "供暖" not in resident.labels()
    with town.database.reading() as conn:
        assert [t.kind for t in cases.tasks_of(conn, ["city-1"])] == ["human"]
    resident.says(words)
    town.forward(minutes=11)
    assert town.cases() == []
    with town.database.reading() as conn:
        assert len(cases.tasks_of(conn, ["city-1"])) == 1
