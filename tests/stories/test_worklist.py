"""我的工单, with one thumb: most urgent first, pages, filters by building and state, the next card and 点错了 after each step."""

from __future__ import annotations

import pytest

from casework.case import State
from tests.fakes.town import Arrived, Phone, Town

HEAT = "锦绣苑{}号楼又没暖气了"
LAMP = "锦绣苑{}号楼楼道灯不亮"
WORKER = "w-s1c1g1"


def file(town: Town, *words: str) -> None:
    for each in words:
        town.resident().says(each)


def numbers(message: Arrived) -> list[str]:
    return [b["label"] for b in message.buttons if b["label"].startswith("26-")]


def labels(message: Arrived) -> list[str]:
    return [b["label"] for b in message.buttons if not b["label"].startswith("26-")]


def lists(phone: Phone) -> Arrived:
    return next(m for m in reversed(phone.shown) if "worker.list" in m.key)


@pytest.fixture(params=["telegram", "web"])
def worker(town: Town, request: pytest.FixtureRequest) -> Phone:
    return town.staff(WORKER, request.param)


def test_urgent_first_and_what_is_due_when(town: Town, worker: Phone) -> None:
    file(town, LAMP.format(3), HEAT.format(3))
    worker.says("我的工单")
    lines = worker.sees("您在办的").text.splitlines()[1:]
    assert lines == [
        "❗26-000002 锦绣苑3号楼 供暖 · 等接单 · 今天10:30前接单",
        "26-000001 锦绣苑3号楼 房屋和公共设施 · 等接单 · 今天12:00前接单",
    ]
    worker.presses("26-000002")
    worker.presses("接单")
    worker.says("我的工单")
    assert "26-000002 锦绣苑3号楼 供暖 · 已接单 · 今天12:00前到场" in worker.sees("您在办的").text
    town.forward(days=1, minutes=1)
    worker.says("我的工单")
    assert "26-000002 锦绣苑3号楼 供暖 · 已接单 · ⏰已过时限，今天10:00前办好" in worker.sees("您在办的").text


def test_pages(town: Town, worker: Phone) -> None:
    file(town, *(LAMP.format(n) for n in (3, 5)), *(HEAT.format(n) for n in (3, 5)), "锦绣苑3号楼电梯坏了",
         "锦绣苑3号楼下水道堵了", "锦绣苑5号楼电梯坏了", "锦绣苑5号楼下水道堵了")
    worker.says("我的工单")
    first = worker.sees("第 1 页，共 2 页")
    assert len(numbers(first)) == 6
    worker.presses("下一页")
    second = worker.sees("第 2 页，共 2 页")
    assert len(numbers(second)) == 2
    assert not set(numbers(first)) & set(numbers(second))
    worker.presses("上一页")
    assert numbers(worker.sees("第 1 页")) == numbers(first)


def test_filters_by_state_and_building(town: Town, worker: Phone) -> None:
    file(town, HEAT.format(3), LAMP.format(3), LAMP.format(5))
    worker.says("收到")
    worker.presses("26-000001 供暖")
    worker.says("我的工单")
    assert labels(worker.sees("您在办的")) == ["等接单 2", "在办 1", "按楼栋看"]
    worker.presses("等接单 2")
    assert numbers(worker.sees("等接单：2 件（一共 3 件）")) == ["26-000002", "26-000003"]
    worker.presses("按楼栋看")
    asked = worker.sees("看哪一栋的")
    assert [b["label"] for b in asked.buttons] == ["锦绣苑3号楼 1", "锦绣苑5号楼 1", "看全部"]
    worker.presses("锦绣苑5号楼 1")
    assert numbers(worker.sees("5号楼，等接单：1 件")) == ["26-000003"]
    worker.presses("看全部")
    assert len(numbers(lists(worker))) == 3


def test_what_is_late_and_what_is_due_today(town: Town, worker: Phone) -> None:
    file(town, HEAT.format(3))
    town.forward(days=1, minutes=1)
    file(town, LAMP.format(5))
    town.forward(days=6)
    file(town, LAMP.format(3))
    town.forward(days=1)
    worker.says("我的工单")
    assert {"今天到期 1", "超期 1"} <= set(labels(lists(worker)))
    worker.presses("超期 1")
    assert numbers(lists(worker)) == ["26-000001"]
    worker.presses("看全部")
    worker.presses("今天到期 1")
    assert numbers(lists(worker)) == ["26-000002"]


def test_after_each_step_the_next_card_and_the_way_back(town: Town, worker: Phone) -> None:
    file(town, HEAT.format(3), LAMP.format(3), LAMP.format(5))
    worker.says("我的工单")
    worker.presses("26-000001")
    town.forward(seconds=5)
    worker.presses("接单")
    done = worker.sees("26-000001您接了")
    assert [b["label"] for b in done.buttons] == ["点错了", "下一件 26-000002 房屋和公共设施"]
    worker.says("回复1")
    assert town.cases()[0].state is State.ASSIGNED
    town.forward(seconds=5)
    worker.presses("接单")
    worker.says("2")  # a bare number stands for the second button
    worker.sees("26-000002 · 等接单")
    worker.presses("接单")
    worker.says("下一件")
    worker.sees("26-000003 · 等接单")
    worker.presses("接单")
    assert all(c.state is State.ACKNOWLEDGED for c in town.cases())


def test_the_next_card_is_of_the_part_that_is_looked_at(town: Town, worker: Phone) -> None:
    file(town, HEAT.format(3), LAMP.format(3), LAMP.format(5))
    worker.says("我的工单")
    worker.presses("按楼栋看")
    town.forward(seconds=5)
    worker.presses("锦绣苑3号楼 2")
    worker.presses("26-000002")
    worker.presses("接单")
    worker.sees("26-000002您接了")
    assert "下一件 ❗26-000001 供暖" in worker.labels(1)


def test_a_filter_with_nothing_left_shows_the_rest(town: Town, worker: Phone) -> None:
    file(town, HEAT.format(3), LAMP.format(3))
    worker.says("我的工单")
    worker.presses("26-000001")
    worker.presses("接单")
    worker.says("我的工单")
    worker.presses("等接单 1")
    worker.presses("26-000002")
    worker.presses("接单")
    worker.presses("等接单 1", last=20)
    worker.sees("这一类的办完了")
    assert len(numbers(lists(worker))) == 2


def test_a_card_that_is_not_theirs_is_not_shown(town: Town, worker: Phone) -> None:
    file(town, HEAT.format(3), LAMP.format(3))
    worker.says("我的工单")
    value = lists(worker).buttons[0]["value"]
    other = town.staff("w-s1c1g2")
    other.presses_value(value)
    other.sees("这个按钮是别人的")
    other.says("我的工单")
    other.sees("没有在办的")
    other.says("下一件")
    other.sees("没有在办的")
