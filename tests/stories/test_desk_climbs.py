"""Each kind of the desk's tasks has an owner and a due time and climbs like a case: reminded, then the subdistrict's, then the city's."""

from __future__ import annotations

import pytest

from casework.case import State
from storage.queues import inbox
from tests.fakes.town import Phone, Town

HEAT = "锦绣苑3号楼2单元又没暖气了"
CITY = ("city-1", "city-2", "city-3", "city-4")
LAMP = "锦绣苑3号楼2单元楼道灯不亮"


def to_sort(town: Town) -> None:
    town.resident().says("锦绣苑3号楼有个东西不对劲")
    town.forward(minutes=11)


def to_telephone(town: Town, phone: str = "13812345678") -> None:
    resident, worker = town.resident("王阿姨", "telegram"), town.staff("w-s1c1g1")
    resident.says(LAMP)
    if phone:
        resident.says(phone)
    worker.presses("办好了")
    worker.says("换了灯泡")
    town.forward(days=3, hours=1)


def to_visit(town: Town) -> None:
    to_telephone(town, "")


def unreached(town: Town) -> None:
    town.resident("王阿姨").says(LAMP)


def resident_unreached(town: Town) -> None:
    resident, worker = town.resident("王阿姨", "telegram"), town.staff("w-s1c1g1")
    resident.says(LAMP)
    town.blocked.add(resident.address)
    worker.presses("接单")


def undelivered(town: Town) -> None:
    resident, worker = town.resident("王阿姨", "telegram"), town.staff("w-s1c1g1")
    resident.says(LAMP)
    town.unheard.add(resident.address)
    worker.presses("接单")


def failed(town: Town) -> None:
    resident = at_home(town)
    fails(town, resident, "没暖气")


def human(town: Town) -> None:
    at_home(town).says("转人工")


def at_home(town: Town) -> Phone:
    """Somebody of whom we know where they live."""
    resident, worker = town.resident("王阿姨", "telegram"), town.staff("w-s1c1g1")
    resident.says(LAMP)
    worker.presses("接单")
    return resident


def fails(town: Town, sender: Phone, text: str, kind: str = "text") -> None:
    """The turn of this message has failed three times."""
    from handlers import turn as turns

    with town.database.writing() as conn:
        stored = inbox.store_incoming(
            conn, channel=sender.channel, update_key=f"broken {text}", sender=sender.address, kind=kind, text=text, body={},
            group_key=None, received_at=town.now, ready_at=town.now)
        rows = inbox.take(conn, stored.id)
        turns.failed(conn, town.world, town.now, rows[0])
        inbox.mark_failed(conn, rows, "bug", 3)
    town.deliver()
    town.audit()


KINDS = {
    "分件": (to_sort, "卫生绿化"), "打电话": (to_telephone, "已解决"), "上门": (to_visit, "已解决"), "联系不上": (unreached, "已告诉他"),
    "联系不上 居民": (resident_unreached, "已告诉他"), "没送到": (undelivered, "已告诉他"), "消息没处理好": (failed, "已处理"),
    "居民要人工": (human, "办完了"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_it_climbs_and_is_done_above(town: Town, kind: str) -> None:
    begins, ends = KINDS[kind]
    word = kind.split(" ")[0]
    secretary, subdistrict, city = town.all_staff("cs-s1c1", "sd-s1", "city-1")
    begins(town)
    for desk in (secretary, subdistrict, city):
        desk.clears()
    overdue(town, secretary, f"任务过时了：{word}")
    subdistrict.sees_nothing(f"报到您这里：{word}")
    overdue(town, subdistrict, f"报到您这里：{word}")
    city.sees_nothing(f"报到您这里：{word}")
    overdue(town, city, f"报到您这里：{word}")
    for desk in (subdistrict, secretary, city):
        desk.says("任务")
        assert f"{word} · " in desk.sees("要办的任务").text
    city.presses(word)  # the button of the line that told of it
    city.presses(ends, last=1)
    secretary.says("任务")
    assert f"{word} · " not in (secretary.shown[-1].text)


def overdue(town: Town, desk: Phone, words: str) -> None:
    """Time goes on until this desk hears of it, nine days at most."""
    for _ in range(9 * 12):
        town.forward(hours=2)
        if any(words in m.text for m in desk.shown[desk.read :]):
            desk.sees(words)
            return
    raise AssertionError(f"{desk.name} never hears {words}")


def test_the_last_hears_it_daily_until_it_is_done(town: Town) -> None:
    secretary, subdistrict, *city = town.all_staff("cs-s1c1", "sd-s1", *CITY)
    human(town)
    town.forward(days=10)
    told = [m.at.date() for desk in city for m in desk.shown if "报到您这里：居民要人工" in m.text]
    assert len(told) == len(set(told)) == 9
    assert len([m for m in subdistrict.shown if "报到您这里：居民要人工" in m.text]) == 1
    secretary.presses("办完了", last=100)
    for desk in city:
        desk.clears()
    town.forward(days=3)
    for desk in city:
        desk.sees_nothing("任务")


def test_what_an_urgent_case_waits_for_climbs_at_its_pace(town: Town) -> None:
    """The worker of a home without heat has no chat, and the secretary does nothing about it: not a day, but minutes."""
    secretary, subdistrict = town.all_staff("cs-s1c1", "sd-s1")
    town.resident().says(HEAT)
    secretary.sees("发不到他那里")
    town.forward(hours=1, minutes=5)
    secretary.sees("任务过时了：联系不上")
    subdistrict.sees("报到您这里：联系不上")


def test_of_two_at_one_task_the_second_is_told_kindly(town: Town) -> None:
    secretary, subdistrict = town.all_staff("cs-s1c1", "sd-s1")
    to_sort(town)
    overdue(town, subdistrict, "报到您这里：分件")
    subdistrict.presses("分件", last=3)
    secretary.presses("卫生绿化", last=30)
    assert town.case.category == "sanitation"
    subdistrict.presses("供暖", last=2)
    subdistrict.sees("这个按钮是之前的了")
    assert town.case.category == "sanitation"


def test_above_it_is_seen_only_once_it_has_climbed(town: Town) -> None:
    _, subdistrict, other = town.all_staff("cs-s1c1", "sd-s1", "cs-s1c2")
    to_sort(town)
    for desk in (subdistrict, other):
        desk.says("任务")
        desk.sees("没有要办的任务")


def test_the_number_to_ring_goes_with_the_task(town: Town) -> None:
    _, subdistrict = town.all_staff("cs-s1c1", "sd-s1")
    to_telephone(town)
    overdue(town, subdistrict, "报到您这里：打电话")
    subdistrict.presses("打电话", last=3)
    subdistrict.presses("查看电话", last=1)
    subdistrict.sees("13812345678")
    assert town.case.state is State.RESOLVED


def test_a_task_that_comes_again_begins_anew(town: Town) -> None:
    """Told by telephone, then reachable, then blocked once more: a new limit, with the secretary alone."""
    resident, worker, secretary = town.resident("王阿姨", "telegram"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    subdistrict = town.staff("sd-s1")
    resident.says(LAMP)
    town.blocked.add(resident.address)
    worker.presses("接单")
    overdue(town, subdistrict, "报到您这里：联系不上")
    secretary.presses("已告诉他", last=30)
    town.blocked.clear()
    resident.says("我的诉求")
    town.blocked.add(resident.address)
    worker.presses("到场", last=30)
    worker.presses("定个日期", last=30) if "定个日期" in worker.labels(30) else worker.presses("更多…", last=30)
    worker.presses("定个日期", last=2)
    worker.presses("明天", last=2)
    secretary.says("任务")
    secretary.sees("联系不上 · 26-000001")
    subdistrict.says("任务")
    subdistrict.sees("没有要办的任务")
    secretary.clears()
    overdue(town, secretary, "任务过时了：联系不上")




def test_whom_a_complaint_is_about_sees_no_task_about_it(town: Town) -> None:
    """Even if the task were theirs by its post: it is not in the list."""
    from sqlalchemy import select, update

    from storage import cases
    from tests.stories.test_accused import HOME

    secretary = town.staff("cs-s1c1")  # the subdistrict cannot be reached: a task of the city's
    town.resident("王阿姨", "telegram").says(f"{HOME}社区书记态度恶劣")
    with town.database.writing() as conn:
        conn.execute(update(cases.K).values(owner_post="cs-s1c1"))
        assert conn.execute(select(cases.K.c.case_id)).scalars().all() != []
    town.check = False  # the audit finds it too
    secretary.says("任务")
    secretary.sees("没有要办的任务")
