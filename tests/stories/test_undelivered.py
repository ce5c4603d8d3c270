"""What never went out, and what could not be handled: nobody's message is silently gone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from casework.case import State
from storage import tables as t
from tests.fakes.town import Phone, Town
from tests.stories.test_desk_climbs import HEAT, LAMP, at_home, fails

OUT: Any = t.Outbox.__table__  # type: ignore[attr-defined]
ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]
VIEW: Any = t.ViewLog.__table__  # type: ignore[attr-defined]


def lost(town: Town) -> tuple[Phone, Phone]:
    """The resident's platform has taken nothing for hours: the worker's 接单 never reaches them. Resident and secretary."""
    resident, worker, secretary = town.resident("王阿姨", "telegram"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(LAMP)
    resident.says("13812345678")
    town.unheard.add(resident.address)
    worker.presses("接单")
    return resident, secretary


def test_a_dead_letter_is_a_task_with_its_words_and_why(town: Town) -> None:
    _, secretary = lost(town)
    card = secretary.sees("王阿姨有 1 条消息没送到", "一直发不出去", "已经接单了")
    assert [b["label"] for b in card.buttons] == ["查看电话", "再发一次", "已告诉他"]
    secretary.presses("查看电话")
    secretary.sees("13812345678")
    secretary.presses("已告诉他")
    secretary.sees("任务完成")
    secretary.says("任务")
    secretary.sees("没有要办的任务")


def test_it_is_sent_again_once_they_can_be_reached(town: Town) -> None:
    resident, secretary = lost(town)
    town.unheard.clear()
    secretary.presses("再发一次")
    resident.sees("已经接单了")
    secretary.presses("再发一次")
    secretary.sees("这个按钮是之前的了")
    assert len([m for m in resident.shown if "已经接单了" in m.text]) == 1


def test_what_is_lost_again_is_a_task_again(town: Town) -> None:
    _, secretary = lost(town)
    secretary.presses("再发一次")
    secretary.sees("好，再发一次")
    secretary.sees("王阿姨有 1 条消息没送到")


def test_several_letters_are_one_task(town: Town) -> None:
    _, secretary = lost(town)
    town.staff("w-s1c1g1").presses("更多…", last=30)
    town.staff("w-s1c1g1").presses("定个日期", last=2)
    town.staff("w-s1c1g1").presses("明天", last=2)
    assert [m.key for m in secretary.shown].count("task.undelivered") == 1
    secretary.says("任务")
    secretary.sees("没送到 · 王阿姨")
    secretary.presses("没送到 1", last=2)
    secretary.sees("王阿姨有 2 条消息没送到")


def test_who_has_blocked_us_altogether_is_not_written_to_again(town: Town) -> None:
    """An answer of the desk to a question, without a case: blocked meanwhile."""
    resident, secretary = at_home(town), town.staff("cs-s1c1")
    resident.says("转人工")
    town.blocked.add(resident.address)
    secretary.presses("回答")
    secretary.says("您好，请说是什么事")
    secretary.sees("王阿姨有 1 条消息没送到", "屏蔽", "请说是什么事")
    secretary.presses("再发一次", last=2)
    secretary.sees("还是发不到他那里")
    secretary.says("任务")
    secretary.sees("没送到 · 王阿姨")
    secretary.presses("已告诉他", last=4)
    secretary.sees("任务完成")


def test_it_goes_by_another_door_where_there_is_one(town: Town) -> None:
    """The worker's chat is gone, the page is not: the card goes there, and nobody is troubled."""
    worker, secretary = town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    with town.database.writing() as conn:
        person = conn.execute(select(ADDRESS.c.person_id).where(ADDRESS.c.external_id == worker.address)).scalar_one()
        conn.execute(ADDRESS.insert().values(id="p", person_id=person, channel="web", external_id="page", seen_at=town.now))
    town.forward(minutes=1)
    worker.says("上班")  # the chat is what was used last
    town.blocked.add(worker.address)
    town.resident().says(LAMP)
    town.phones["web", "page"].sees("新诉求", "楼道灯不亮")
    secretary.sees_nothing("没送到")
    secretary.sees_nothing("发不到他那里")


def test_the_card_of_a_task_is_no_dead_letter(town: Town) -> None:
    """The task is on the list of whoever cannot be written to, and climbs."""
    secretary, subdistrict = town.all_staff("cs-s1c1", "sd-s1")
    resident = at_home(town)
    town.unheard.add(secretary.address)
    resident.says("转人工")
    subdistrict.sees_nothing("没送到")
    town.forward(days=2)
    subdistrict.sees("报到您这里：居民要人工")


def test_who_cannot_be_told_never_gets_the_task_of_telling(town: Town) -> None:
    """A word to the secretary that is lost is told by the subdistrict."""
    secretary, subdistrict, worker = town.all_staff("cs-s1c1", "sd-s1", "w-s1c1g1")
    resident = town.resident("王阿姨", "telegram")
    resident.says(LAMP)
    worker.presses("办好了")
    worker.says("换了灯泡")
    resident.presses("已解决")
    town.unheard.add(secretary.address)
    resident.presses("不满意")
    subdistrict.sees("没送到", "不满意")


def test_a_colleagues_number_is_shown_and_noted(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    town.resident().says(HEAT)
    secretary.presses("查看电话")
    secretary.sees("潘霞兰的电话：199")
    with town.database.reading() as conn:
        assert [row.what for row in conn.execute(select(VIEW))] == ["staff_phone"]


# ---- failed messages ------------------------------------------------------------------------------------------------


def test_a_failed_message_becomes_a_case_with_one_tap(town: Town) -> None:
    resident, secretary = at_home(town), town.staff("cs-s1c1")
    fails(town, resident, "锦绣苑5号楼1单元下水道堵了")
    card = secretary.sees("系统没处理好", "锦绣苑5号楼1单元下水道堵了")
    assert [b["label"] for b in card.buttons] == ["登记成诉求", "回答", "已处理"]
    secretary.presses("登记成诉求")
    secretary.sees("登记成 26-000002：锦绣苑5号楼1单元，下水管网")
    resident.sees("登记好了，编号 26-000002")
    case = town.cases()[1]
    assert (case.category, case.resident_id) == ("drainage", town.cases()[0].resident_id)
    secretary.presses("登记成诉求")
    assert len(town.cases()) == 2


def test_words_that_make_the_reader_fall_over_are_sorted_by_hand(town: Town, monkeypatch: Any) -> None:
    from handlers import failed

    resident, secretary = at_home(town), town.staff("cs-s1c1")
    fails(town, resident, "一句让程序出错的话")

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(failed, "meaning", broken)
    secretary.presses("登记成诉求")
    secretary.sees("要分一件：26-000002", "一句让程序出错的话")
    secretary.presses("卫生绿化", last=3)
    assert town.cases()[1].category == "sanitation"
    assert town.cases()[1].state is State.ASSIGNED


def test_a_press_that_failed_is_told_by_its_words(town: Town) -> None:
    resident, secretary = at_home(town), town.staff("cs-s1c1")
    button = next(b for m in resident.shown for b in m.buttons if b["label"] == "撤回")
    fails(town, resident, button["value"], kind="button")
    secretary.sees("系统没处理好", "点了按钮「撤回」")
    secretary.presses("已处理")
    secretary.sees("任务完成")


# ---- nobody there any more --------------------------------------------------------------------------------------------


def test_whoever_has_no_address_left_is_told_of_each_step_by_a_person(town: Town) -> None:
    """Blocked, told once by telephone; then the worker names a day: somebody has to tell that too."""
    resident, worker, secretary = town.resident("王阿姨", "telegram"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(LAMP)
    resident.says("13812345678")
    town.blocked.add(resident.address)
    worker.presses("接单")
    secretary.presses("已告诉他")
    secretary.sees("任务完成")
    worker.says("周五")
    worker.presses("更多…", last=30)
    worker.presses("定个日期", last=3)
    worker.presses("明天", last=3)
    secretary.sees("居民收不到消息了：26-000001")
    worker.presses("到场", last=30)
    assert [m.key for m in secretary.shown].count("task.unreached_resident") == 2  # one at a time
    worker.presses("办好了", last=30)
    worker.says("换了灯泡")
    secretary.sees("要打个电话：26-000001")
