"""换班: nothing changes before the colleague's 同意; then cases go to who took the shift, there and at these hours only."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import select

from storage import roster
from tests.fakes.town import Phone, Town
from tests.stories.test_duty import holder, row
from tests.stories.test_night import building

LAMP = "锦绣苑3号楼楼道灯不亮"
ME, COLLEAGUE, PART_TIME = "w-s1c1g1", "w-s1c1g2", "pt-s1c1g2"  # 潘霞兰, 余玉淑, 黄建新 (weekends and evenings)


@pytest.fixture
def three(town: Town) -> tuple[Phone, Phone, Phone]:
    me, colleague, secretary = town.all_staff(ME, COLLEAGUE, "cs-s1c1")
    return me, colleague, secretary


def exceptions(town: Town) -> set[tuple[str, str, str, str]]:
    """(day, post, grid, kind) of what was written in the chat."""
    table = roster.EXCEPTION
    with town.database.reading() as conn:
        rows = conn.execute(select(table).where(table.c.area_id.like("s1c1%"))).all()
        assert len(set(rows)) == len(rows)
        return {(r.day.isoformat(), r.post_id, r.area_id, r.kind) for r in rows}


def asks(me: Phone, shift: str, with_: str, back: str = "不用还") -> None:
    me.says("换班")
    me.presses(shift)
    me.presses(with_)
    me.presses(back)


TOMORROW = "明天（12月2日周三）7:00–22:00 锦绣1网格"


def test_one_shift_for_none(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, secretary = three
    asks(me, TOMORROW, "余玉淑（锦绣2网格）")
    me.sees("问专职网格员 余玉淑了", "在这之前还是您的班")
    colleague.sees("潘霞兰想请您替他上这个班：明天（12月2日周三）7:00–22:00 锦绣1网格。行吗")
    assert exceptions(town) == set()
    colleague.presses("同意")
    colleague.sees("换好了")
    me.sees("余玉淑同意了")
    secretary.sees("潘霞兰和余玉淑换了班")
    assert exceptions(town) == {("2026-12-02", ME, "s1c1g1", "off"), ("2026-12-02", COLLEAGUE, "s1c1g1", "on")}


def test_cases_go_to_who_took_the_shift_that_day_and_nowhere_else(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    asks(me, TOMORROW, "余玉淑（锦绣2网格）")
    colleague.presses("同意")
    town.resident().says(LAMP)
    assert holder(town) == ME
    town.forward(days=1)
    town.resident().says("锦绣苑3号楼电梯坏了")
    assert holder(town) == COLLEAGUE
    town.resident().says(building(town, "s1c1g2") + "楼道灯不亮")
    assert holder(town) == COLLEAGUE  # her own grid stays hers
    town.forward(days=1)
    town.resident().says("锦绣苑3号楼下水道堵了")
    assert holder(town) == ME


def test_one_shift_for_another(town: Town, three: tuple[Phone, ...]) -> None:
    me, _, secretary = three
    part_time = town.staff(PART_TIME)
    saturday = "12月5日（周六）7:00–22:00 锦绣2网格"
    asks(me, TOMORROW, "黄建新（锦绣2网格）", saturday)
    part_time.sees("明天（12月2日周三）7:00–22:00 锦绣1网格，您12月5日（周六）7:00–22:00 锦绣2网格的班由他来上")
    part_time.says("好的")
    me.sees("黄建新同意了", f"{saturday}由潘霞兰来上")
    secretary.sees("换了班", f"{saturday}由潘霞兰来上")
    town.forward(days=4)
    town.resident().says(building(town, "s1c1g2") + "楼道灯不亮")
    assert holder(town) == ME
    town.resident().says(LAMP)
    assert holder(town) == ME  # her own grid that day as well


def test_a_worker_of_two_grids_gives_one_of_them(town: Town, three: tuple[Phone, ...]) -> None:
    """`off` takes away this area's row only."""
    row(town, roster.ROSTER, post_id=ME, area_id="s1c1g3", weekdays="1234567", starts=time(7), ends=time(22), duty="day")
    row(town, roster.EXCEPTION, day=date(2026, 12, 2), post_id="w-s1c1g3", area_id="s1c1g3", starts=time(0), ends=time(0), kind="off")
    me, colleague, _ = three
    asks(me, TOMORROW, "余玉淑（锦绣2网格）")
    colleague.presses("同意")
    town.forward(days=1)
    town.resident().says(building(town, "s1c1g3") + "楼道灯不亮")
    assert holder(town) == ME
    town.resident().says(LAMP)
    assert holder(town) == COLLEAGUE


def test_a_swap_of_today_takes_along_what_is_not_acknowledged(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    town.resident().says(LAMP)
    asks(me, "今天（12月1日周二）7:00–22:00 锦绣1网格", "余玉淑（锦绣2网格）")
    colleague.presses("同意")
    colleague.sees("交班转来 26-000001")
    assert holder(town) == COLLEAGUE


def test_a_night_is_swapped_between_leads_and_stays_a_night(town: Town) -> None:
    first, second, _day = town.all_staff("b-e01b01-2", "b-e01b01-1", ME)  # Tuesdays, Mondays
    first.says("换班")
    first.presses("今天（12月1日周二）22:00–7:00 锦绣1网格")
    assert f"{second.name}（锦绣1网格）" in first.labels(1)
    first.presses(f"{second.name}（锦绣1网格）")
    first.presses("不用还")
    second.presses("同意")
    town.forward(hours=13)
    town.resident().says("锦绣苑3号楼2单元又没暖气了")
    assert holder(town) == "b-e01b01-1"


def test_an_auxiliary_is_not_offered_a_day(town: Town, three: tuple[Phone, ...]) -> None:
    me, _, _ = three
    lead = town.staff("b-e01b01-1")
    me.says("换班")
    me.presses(TOMORROW)
    assert not any(label.startswith(lead.name) for label in me.labels(1))
    me.says(lead.name)
    me.sees("没对上是哪一位")


def test_back_again_leaves_nothing_behind(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    asks(me, TOMORROW, "余玉淑（锦绣2网格）")
    colleague.presses("同意")
    asks(colleague, TOMORROW, "潘霞兰（锦绣1网格）")
    me.presses("同意")
    me.sees("换好了")
    assert exceptions(town) == set()


def test_refused(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, secretary = three
    asks(me, TOMORROW, "余玉淑（锦绣2网格）")
    colleague.says("不行")
    me.sees("余玉淑不方便换", "这个班还是您的")
    secretary.sees_nothing()
    assert exceptions(town) == set()


def test_silence_changes_nothing_and_a_late_yes_neither(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    asks(me, TOMORROW, "余玉淑（锦绣2网格）")
    town.forward(days=1)
    town.resident().says(LAMP)
    assert holder(town) == ME
    town.forward(days=1)
    colleague.presses("同意", 40)
    colleague.sees("换不成了")
    me.sees("换不成了")
    assert exceptions(town) == set()


def test_a_shift_that_changed_meanwhile_is_not_swapped(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, _ = three
    third = town.staff("w-s1c1g3")
    asks(me, TOMORROW, "余玉淑（锦绣2网格）")
    asks(me, TOMORROW, "吴晓（锦绣3网格）")
    third.presses("同意")
    colleague.presses("同意")
    colleague.sees("换不成了")
    assert exceptions(town) == {("2026-12-02", ME, "s1c1g1", "off"), ("2026-12-02", "w-s1c1g3", "s1c1g1", "on")}


def test_pressed_twice_and_by_others(town: Town, three: tuple[Phone, ...]) -> None:
    me, colleague, secretary = three
    asks(me, TOMORROW, "余玉淑（锦绣2网格）")
    for other in (secretary, me, town.resident()):
        other.presses_value(colleague.shown[-1].buttons[0]["value"])
        other.sees("这个按钮是别人的")
    colleague.presses("同意")
    colleague.presses("同意")
    colleague.sees("这个按钮是之前的了")
    assert len(exceptions(town)) == 2


def test_a_name_that_nobody_has_and_nobody_to_swap_with(town: Town) -> None:
    me = town.staff(ME)
    me.says("换班")
    me.presses(TOMORROW)
    me.sees("没有能接这个班的同事")  # nobody else has a chat
    town.staff(COLLEAGUE)
    me.says("换班")
    me.presses(TOMORROW)
    me.says("张三丰")
    me.sees("没对上是哪一位")
    me.says("余玉淑")
    me.sees("要不要您替余玉淑上一个班")


def test_days_of_leave_are_no_shifts(town: Town, three: tuple[Phone, ...]) -> None:
    me, _, _ = three
    row(town, roster.LEAVE, post_id=ME, first=date(2026, 12, 2), last=date(2026, 12, 2), substitute_id=COLLEAGUE)
    me.says("换班")
    assert TOMORROW not in me.labels(1)
    assert len(me.labels(1)) == 6


@pytest.mark.parametrize(("who", "seen"), [("cs-s1c1", "不在值班表上"), ("sp-heat", "不在值班表上"), ("u-e01b01-1", "没有排班")])
def test_who_has_no_shifts(town: Town, who: str, seen: str) -> None:
    phone = town.staff(who)
    phone.commands("/swap")
    phone.sees(seen)


def test_residents_are_told_kindly(town: Town) -> None:
    resident = town.resident()
    resident.says("换班")
    resident.sees("这是给工作人员用的")
    assert town.cases() == []
