"""What the staff's messages say twice, say wrongly, or offer in vain."""

from __future__ import annotations

import pytest

from tests.fakes.town import Phone, Town

LAMP = "锦绣苑3号楼2单元楼道灯坏了"


@pytest.fixture
def people(town: Town) -> tuple[Phone, Phone]:
    resident, worker = town.resident("王阿姨"), town.staff("w-s1c1g1")
    resident.says(LAMP)
    return resident, worker


def labels(message: object) -> list[str]:
    return [b["label"] for b in message.buttons]  # type: ignore[attr-defined]


def test_what_is_taken_is_not_offered_to_be_taken(people: tuple[Phone, Phone]) -> None:
    resident, worker = people
    assert "接单" in labels(worker.sees("新诉求"))
    worker.presses("接单")
    resident.says("三楼的灯也不亮")
    assert "接单" not in labels(worker.sees("居民补充"))


def test_an_old_button_tells_staff_where_theirs_stands(people: tuple[Phone, Phone]) -> None:
    _, worker = people
    worker.says("登记")
    old = worker.shown[-1].buttons[-1]["value"]
    worker.presses_value(old)
    worker.presses_value(old)
    assert "您直接写给我" not in worker.sees("这个按钮是之前的了", "我的工单").text


def test_a_photo_of_a_workers_is_no_nameless_line_for_the_resident(people: tuple[Phone, Phone]) -> None:
    resident, worker = people
    worker.presses("接单")
    worker.sends_photo()
    resident.says("我的诉求")
    assert "补充" not in resident.sees("26-000001", "现在：").text


def test_a_return_for_leave_that_was_never_asked_for(people: tuple[Phone, Phone]) -> None:
    _, worker = people
    worker.presses("退单")
    worker.presses("我请假了")
    worker.sees("您今天没有请假", "请假 今天")


def test_the_list_of_a_building_names_its_estate(town: Town, people: tuple[Phone, Phone]) -> None:
    _, worker = people
    town.resident("李叔").says("锦绣苑5号楼楼下垃圾没人收")
    worker.says("我的工单")
    worker.presses("按楼栋看")
    worker.presses("锦绣苑3号楼 1")
    worker.sees("锦绣苑3号楼：1 件")


def test_a_complaint_warns_once(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    town.resident("王阿姨").says("锦绣苑3号楼的网格员态度特别差，骂人")
    card = secretary.sees("反映人的事")
    assert card.text.count("不要转给他们") == 1


def test_what_climbs_to_whoever_has_it_already_is_no_news_to_the_resident(town: Town) -> None:
    """A danger without a place lies at the city's desk, and above it stands nobody."""
    resident, city = town.resident("王阿姨"), town.staff("city-1")
    resident.says("着火了！！")
    resident.clears()
    city.clears()
    town.forward(minutes=11)
    city.sees("26-000001")
    resident.sees_nothing("已经报给")
