"""指定人办 by name and grid, a card that says why and by when, and 申请延期 as a task."""

from __future__ import annotations

import pytest

from casework.case import Part, State
from handlers import at_desk
from storage import cases
from tests.fakes.town import Phone, Town
from tests.stories.test_duty import holder

LAMP = "锦绣苑3号楼2单元楼道灯坏了"
ME, OTHER = "潘霞兰（锦绣1网格）", "余玉淑（锦绣2网格）"


@pytest.fixture
def people(town: Town) -> tuple[Phone, ...]:
    resident, worker, secretary = town.resident("王阿姨"), *town.all_staff("w-s1c1g1", "cs-s1c1")
    resident.says(LAMP)
    return resident, worker, secretary


def more(phone: Phone, button: str) -> None:
    phone.commands("/case 26-000001")
    phone.presses("更多…")
    phone.presses(button)


# ---- the card says why and by when ----------------------------------------------------------------------------------


def test_a_returned_card_says_why_and_by_when(people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    worker.presses("退单")
    worker.presses("不归我管")
    secretary.sees("上一位退单：不归我管", "前接单")


def test_a_limit_that_has_passed_does_not_lie_ahead(town: Town, people: tuple[Phone, ...]) -> None:
    """A new owner has a limit of their own; once that has passed, it is not said as if it lay ahead."""
    _, _, secretary = people
    town.forward(hours=3)
    colleague = town.staff("w-s1c1g2")
    secretary.clears()
    colleague.clears()
    more(secretary, "指定人办")
    secretary.presses("别的同事…")
    secretary.presses(OTHER)
    assert "接单的时限已过" not in colleague.sees("指定给您 26-000001", "前接单").text
    town.forward(hours=3)
    secretary.clears()
    more(secretary, "改类别")
    secretary.presses("物业服务")
    card = colleague.sees("改过了 26-000001")
    assert "接单的时限已过，请马上接单" in card.text


# ---- who is to do it ------------------------------------------------------------------------------------------------


def test_by_name_and_grid_and_not_who_has_just_returned_it(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    worker.presses("退单")
    worker.presses("不归我管")
    more(secretary, "指定人办")
    assert secretary.labels(1) == [ME, "别的同事…", "我来办"]


def test_somebody_else_of_the_community_by_button_or_by_name(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    other = town.staff("w-s1c1g2")
    more(secretary, "指定人办")
    secretary.presses("别的同事…")
    assert OTHER in secretary.labels(1)
    secretary.says("张三丰")
    secretary.sees("社区里没找到这位同事")
    secretary.says("余玉淑")
    told = secretary.sees("26-000001交给了专职网格员 余玉淑")
    assert "您不用管了" not in told.text
    other.sees("指定给您 26-000001")
    worker.sees("已经交给", "您不用管了")
    assert holder(town, 0, part=Part.FIRST_OWNER) == "w-s1c1g2"


def test_who_names_themselves_gets_one_message(town: Town, people: tuple[Phone, ...]) -> None:
    _, _, secretary = people
    more(secretary, "指定人办")
    assert len(secretary.presses("我来办")) == 1
    secretary.sees("指定给您 26-000001")
    secretary.presses("接单")
    assert holder(town, 0) == "cs-s1c1"


def test_after_the_third_return_too(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    other = town.staff("w-s1c1g2")
    for _ in range(3):
        worker.presses("退单")
        worker.presses("不归我管")
        if town.case.state is not State.RETURNED:
            more(secretary, "指定人办")
            secretary.presses(ME)
    secretary.sees("退了三次（不归我管），请定谁办")
    secretary.presses("别的同事…")
    secretary.presses(OTHER)
    other.sees("指定给您")
    secretary.says("任务")
    secretary.sees("没有要办的任务")


def test_on_the_page_the_name_is_written_beside_the_button(town: Town) -> None:
    worker, secretary, other = town.staff("w-s1c1g1"), town.staff("cs-s1c1", "web"), town.staff("w-s1c1g2")
    town.resident("王阿姨").says(LAMP)
    for _ in range(3):
        worker.presses("退单")
        worker.presses("不归我管")
        if town.case.state is not State.RETURNED:
            more(secretary, "指定人办")
            secretary.presses(ME)
    for words, taken in (("张三丰", False), ("余玉淑", True)):
        with town.database.writing() as conn:
            task = next(t for t in cases.tasks_about(conn, town.case.id) if t.kind == "name_owner" and t.ended_at is None)
            told = at_desk.press(conn, town.world, town.now, secretary.address, at_desk.Pressed(task.id, task.tries, "somebody_else", words))
        assert told.taken is taken
    town.deliver()
    other.sees("指定给您 26-000001")


# ---- 申请延期 --------------------------------------------------------------------------------------------------------


def asks(worker: Phone) -> None:
    worker.presses("更多…")
    worker.presses("申请延期")
    worker.says("等灯具到货")


def test_a_request_to_extend_is_a_task_that_climbs(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    subdistrict = town.staff("sd-s1")
    worker.presses("接单")
    asks(worker)
    secretary.sees(f"专职网格员 {worker.name}请求把 26-000001", "「等灯具到货」")
    more(worker, "申请延期")
    worker.sees("已经请社区党委书记", "还没回话")
    secretary.says("任务")
    secretary.sees("批延期 · 26-000001")
    town.forward(days=3)
    secretary.sees("任务过时了：批延期 26-000001")
    subdistrict.sees("批延期 26-000001")
    secretary.presses("同意", last=60)
    assert town.case.extended
    secretary.says("任务")
    secretary.sees("没有要办的任务")


def test_done_needs_no_extension(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    worker.presses("接单")
    asks(worker)
    worker.presses("办好了", last=20)
    worker.says("换了灯泡")
    secretary.says("任务")
    secretary.sees("没有要办的任务")


def test_a_no_may_be_taken_back(town: Town, people: tuple[Phone, ...]) -> None:
    _, worker, secretary = people
    worker.presses("接单")
    asks(worker)
    secretary.presses("不同意")
    worker.sees("延期没批")
    secretary.presses("点错了")
    secretary.presses("同意")
    assert town.case.extended
