"""退单: a reason from the list, not to the same person again, the third stops: a supervisor names the owner."""

from __future__ import annotations

from casework.case import Part, State
from storage import cases, roster
from tests.fakes.town import Phone, Town

HEAT = "锦绣苑3号楼2单元又没暖气了"


def holder(town: Town, part: Part = Part.ASSIGNEE) -> list[str]:
    with town.database.reading() as conn:
        return [p.post_id for p in cases.parts(conn, town.case.id) if p.part is part]

ME = "潘霞兰（锦绣1网格）"


def returns(phone: Phone, reason: str = "不归我管") -> None:
    phone.presses("退单")
    phone.presses(reason)


def three_returns(town: Town) -> tuple[Phone, Phone, Phone]:
    """Worker, secretary, subdistrict; the case returned three times: the secretary is the supervisor."""
    worker, secretary, subdistrict = town.all_staff("w-s1c1g1", "cs-s1c1", "sd-s1")
    town.resident("王阿姨").says(HEAT)
    for _ in range(2):
        returns(worker)
        secretary.presses("更多…")
        secretary.presses("指定人办")
        secretary.presses(ME)
    returns(worker)
    return worker, secretary, subdistrict


def test_a_return_needs_a_reason_of_the_list(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    town.resident().says(HEAT)
    worker.presses("退单")
    asked = worker.sees("为什么退？")
    assert [b["label"] for b in asked.buttons] == ["不是我的网格", "不归我管", "重复了", "进不去", "我请假了"]
    assert town.case.returns == 0
    worker.presses("重复了")
    assert town.case.returns == 1


def test_it_goes_to_the_secretary_where_nobody_else_is_on_duty_and_the_owner_stays(town: Town) -> None:
    worker, secretary = town.all_staff("w-s1c1g1", "cs-s1c1")
    resident = town.resident()
    resident.says(HEAT)
    due = town.case.filed_at
    returns(worker)
    worker.sees("26-000001退了，转给")
    card = secretary.sees("转来 26-000001（上一位退单：不归我管）", "前接单，明天10:00前办好")
    assert "退单" not in [b["label"] for b in card.buttons]  # a desk names somebody instead
    assert holder(town) == ["cs-s1c1"]
    assert holder(town, Part.FIRST_OWNER) == ["w-s1c1g1"]
    assert town.case.clock_from == due
    worker.presses("接单")
    worker.sees("不在您手上")


def test_it_goes_to_other_duty_in_the_grid_first_and_never_back(town: Town) -> None:
    """s1c2g2 has a worker and, at the weekend, a part-time one: on Saturday both by an exception."""
    from datetime import date, time


    with town.database.writing() as conn:
        conn.execute(roster.EXCEPTION.insert().values(
            day=date(2026, 12, 1), post_id="pt-s1c2g2", area_id="s1c2g2", starts=time(0), ends=time(0), kind="on"))
    first, second, secretary = town.all_staff("w-s1c2g2", "pt-s1c2g2", "cs-s1c2")
    from tests.stories.test_night import building

    town.resident().says(building(town, "s1c2g2") + "没暖气了")
    had, other = (first, second) if first.shown else (second, first)
    returns(had)
    other.sees("上一位退单")
    had.clears()
    returns(other, "我请假了")
    secretary.sees("上一位退单")
    had.sees_nothing()


def test_the_third_return_stops_and_a_supervisor_names_the_owner(town: Town) -> None:
    worker, secretary, _ = three_returns(town)
    worker.sees("退了三次，由上一级来定谁办")
    assert town.case.state is State.RETURNED
    assert holder(town, Part.FIRST_OWNER) == ["w-s1c1g1"]
    secretary.sees("26-000001退了三次（不归我管），请定谁办（今天12:00前")
    secretary.presses(ME)
    secretary.sees("26-000001交给了专职网格员")
    worker.sees("指定给您 26-000001")
    assert town.case.state is State.ASSIGNED
    assert holder(town, Part.FIRST_OWNER) == ["w-s1c1g1"]
    secretary.says("任务")
    secretary.sees("没有要办的任务")


def test_naming_changes_the_first_owner(town: Town) -> None:
    _, secretary, _ = three_returns(town)
    secretary.presses("我来办")
    assert holder(town, Part.FIRST_OWNER) == ["cs-s1c1"]


def test_nobody_names_the_owner_in_two_hours_and_it_goes_up(town: Town) -> None:
    _, secretary, subdistrict = three_returns(town)
    town.forward(hours=1, minutes=59)
    subdistrict.sees_nothing("请定谁办")
    town.forward(minutes=1)
    subdistrict.sees("请定谁办")
    secretary.clears()
    secretary.presses(ME)
    secretary.sees("这个按钮是之前的了")
    subdistrict.presses(ME)
    assert town.case.state is State.ASSIGNED


def test_the_return_does_not_stop_the_clock_and_the_new_one_has_a_rungs_limit(town: Town) -> None:
    worker, _secretary, subdistrict = town.all_staff("w-s1c1g1", "cs-s1c1", "sd-s1")
    town.resident().says(HEAT)
    town.forward(minutes=20)
    returns(worker)
    town.forward(minutes=29)
    subdistrict.sees_nothing()
    town.forward(minutes=1)
    subdistrict.sees("报到您这里")


def test_a_supervisor_names_somebody_at_any_time_and_who_had_it_is_told(town: Town) -> None:
    worker, secretary = town.all_staff("w-s1c1g1", "cs-s1c1")
    town.resident().says(HEAT)
    secretary.commands("/case 26-000001")
    secretary.presses("更多…")
    secretary.presses("指定人办")
    secretary.presses("我来办")
    worker.sees("已经交给社区党委书记，您不用管了")
    secretary.sees("指定给您")
    assert holder(town) == ["cs-s1c1"]


def test_not_my_grid_changes_the_first_owner_once_the_other_grid_acknowledges(town: Town) -> None:
    from tests.stories.test_night import building

    worker, other = town.all_staff("w-s1c1g1", "w-s1c2g2")
    resident = town.resident()
    resident.says(HEAT)
    worker.presses("接单")
    worker.presses("更多…")
    worker.presses("改地点")
    worker.clears()
    worker.says(building(town, "s1c2g2"))
    other.sees("改过了 26-000001")
    assert holder(town, Part.FIRST_OWNER) == ["w-s1c1g1"]
    assert town.case.state is State.ASSIGNED  # who has it now has not acknowledged
    other.presses("接单")
    assert holder(town, Part.FIRST_OWNER) == ["w-s1c2g2"]
    assert town.case.community_id == "s1c2"
    town.forward(minutes=1)
    worker.says("我的工单")
    worker.sees("没有在办的")
