"""The climb through the rungs when nobody acknowledges; limits missed are told upward; danger without anybody."""

from __future__ import annotations

from casework.case import Part, State
from storage import cases
from tests.fakes.town import Phone, Town

HEAT = "锦绣苑3号楼2单元又没暖气了"
CORRIDOR = "锦绣苑3号楼楼道灯不亮"
TRAPPED = "锦绣苑3号楼电梯里有人被困了，快来"
CHAIN = ("w-s1c1g1", "el-e01", "cs-s1c1", "sd-s1", "city-1")


def chain(town: Town) -> list[Phone]:
    """Worker, estate lead, secretary, subdistrict, city."""
    return town.all_staff(*CHAIN)


def keys(phone: Phone) -> list[str]:
    return [m.key for m in phone.shown]


def first_owner(town: Town) -> str:
    with town.database.reading() as conn:
        return next(p.post_id for p in cases.parts(conn, town.case.id) if p.part is Part.FIRST_OWNER)


def test_an_urgent_case_climbs_every_half_hour_to_the_city(town: Town) -> None:
    worker, lead, secretary, subdistrict, city = chain(town)
    resident = town.resident()
    resident.says(HEAT)
    resident.clears()
    town.forward(minutes=29, seconds=59)
    assert keys(lead) == []
    town.forward(seconds=1)
    lead.sees("没人接单，报到您这里 26-000001", "没接的是：专职网格员 ", "替班没有人或联系不上，已跳过")
    worker.sees("没有及时接单，已报给", "现在接单也可以")
    resident.sees("26-000001还没有人接单，已经报给")
    for phone in (secretary, subdistrict, city):
        assert keys(phone) == []
        town.forward(minutes=30)
        phone.sees("没人接单，报到您这里")
    assert keys(lead) == ["card.climbed", "staff.silent"]
    resident.sees_nothing("已经报给")  # once, then daily at most
    assert first_owner(town) == "w-s1c1g1"


def test_the_top_repeats_daily_and_the_resident_hears_daily_at_most(town: Town) -> None:
    worker, *_, city = chain(town)
    resident = town.resident()
    resident.says(HEAT)
    town.forward(hours=2)
    city.clears()
    resident.clears()
    town.forward(hours=21)
    city.sees_nothing("报到您这里")
    town.forward(hours=3)
    city.sees("报到您这里")
    resident.sees("还没有人接单")
    city.sees_nothing("报到您这里")
    assert keys(worker).count("staff.silent") == 1
    assert keys(worker).count("staff.solve_missed") == 1


def test_a_normal_case_climbs_by_working_hours(town: Town) -> None:
    _, lead, secretary, *_ = chain(town)
    town.forward(hours=7)  # Tuesday 17:00
    town.resident().says(CORRIDOR)
    town.forward(hours=16, minutes=29)  # Wednesday 09:29
    assert keys(lead) == []
    town.forward(minutes=1)
    lead.sees("报到您这里")
    town.forward(hours=2)
    secretary.sees("报到您这里")


def test_an_empty_rung_is_skipped_and_reported(town: Town) -> None:
    _worker, secretary = town.all_staff("w-s1c1g1", "cs-s1c1")  # no estate lead with a chat
    town.resident().says(HEAT)
    town.forward(minutes=31)
    secretary.sees("报到您这里", "替班、小区楼长没有人或联系不上，已跳过")


def test_whoever_of_the_rungs_acknowledges_has_it_and_the_others_are_told(town: Town) -> None:
    worker, lead, secretary, subdistrict, _ = chain(town)
    resident = town.resident()
    resident.says(HEAT)
    town.forward(minutes=61)
    resident.clears()
    secretary.presses("接单")
    worker.sees("接了，您不用管了")
    lead.sees("接了，您不用管了")
    resident.sees("26-000001", "书记", "已经接单了")
    town.forward(minutes=50)
    assert keys(subdistrict) == []
    assert first_owner(town) == "w-s1c1g1"  # 首接负责


def test_the_silent_one_may_still_acknowledge(town: Town) -> None:
    worker, lead, *_ = chain(town)
    town.resident().says(HEAT)
    town.forward(minutes=31)
    worker.presses("接单")
    lead.sees("接了，您不用管了")
    assert town.case.state is State.ACKNOWLEDGED


def test_the_spot_and_the_solution_missed_are_told_upward_and_the_assignee_stays(town: Town) -> None:
    worker, _, secretary, *_ = chain(town)
    resident = town.resident()
    resident.says(HEAT)
    worker.presses("接单")
    worker.clears()
    town.forward(hours=2, minutes=2)
    secretary.sees("过了到场时限")
    worker.sees("过了到场时限")
    town.forward(hours=22)
    worker.sees("快到期了")
    worker.sees("过了办好时限")
    secretary.sees("过了办好时限", "在办：专职网格员")
    resident.sees("现在还没办好，对不住")
    town.forward(days=2)
    secretary.sees("过了办好时限")
    secretary.sees("过了办好时限")
    assert keys(worker).count("staff.solve_missed") == 1
    assert keys(worker).count("staff.soon") == 1
    assert keys(resident).count("resident.solve_missed") == 1
    assert town.case.state is State.ACKNOWLEDGED


def test_soon_due_is_not_said_of_what_is_done(town: Town) -> None:
    worker, *_ = chain(town)
    town.resident().says(HEAT)
    worker.presses("办好了")
    worker.says("换了阀门")
    town.forward(hours=23)
    assert "staff.soon" not in keys(worker)


def test_danger_reaches_all_rungs_within_half_an_hour_and_again_every_ten_minutes(town: Town) -> None:
    worker, lead, secretary, subdistrict, city = chain(town)
    resident = town.resident()
    resident.says(TRAPPED)
    worker.sees("🚨紧急", "马上接单")
    for minutes, phone in ((10, lead), (5, secretary), (5, subdistrict), (5, city)):
        town.forward(minutes=minutes)
        phone.sees("🚨没人接单，报到您这里")
    assert town.now <= town.case.filed_at + _minutes(30)
    town.forward(minutes=9, seconds=59)
    city.sees_nothing()
    for phone in (worker, lead, secretary, subdistrict):
        phone.clears()
    town.forward(seconds=1)
    city.sees("🚨没人接单")
    for phone in (worker, lead, secretary, subdistrict):
        phone.sees("🚨紧急")
    town.forward(minutes=10)
    for phone in (city, worker, lead, secretary, subdistrict):
        phone.sees("🚨")


def test_what_has_climbed_and_becomes_a_danger_alarms_everybody_it_climbed_to(town: Town) -> None:
    worker, lead, *_ = chain(town)
    resident = town.resident()
    resident.says("锦绣苑3号楼电梯坏了")
    town.forward(hours=2, minutes=1)
    lead.sees("没人接单，报到您这里")
    resident.says("锦绣苑3号楼电梯里困了人，快来救命")
    assert town.case.emergency
    worker.sees("🚨紧急")
    lead.sees("🚨紧急")


def _minutes(count: int):  # type: ignore[no-untyped-def]
    from datetime import timedelta

    return timedelta(minutes=count)


def test_danger_without_anybody_the_resident_hears_the_truth_once(town: Town) -> None:
    chain(town)
    resident = town.resident()
    resident.says(TRAPPED)
    town.forward(minutes=14, seconds=59)
    resident.sees_nothing("请直接拨打")
    town.forward(seconds=1)
    resident.sees("还没有人接单，请直接拨打", "119")
    town.forward(hours=1)
    resident.sees_nothing("请直接拨打")


def test_danger_that_somebody_took_is_not_called_unheard(town: Town) -> None:
    worker, *_ = chain(town)
    resident = town.resident()
    resident.says(TRAPPED)
    worker.presses("接单")
    town.forward(minutes=20)
    resident.sees_nothing("请直接拨打")


def test_an_emergency_goes_to_every_address(town: Town) -> None:
    first, second = town.staff("w-s1c1g1"), town.staff("w-s1c1g1", channel="web")
    town.resident().says(TRAPPED)
    first.sees("🚨紧急")
    second.sees("🚨紧急")


def test_a_third_nudge_climbs_one_rung(town: Town) -> None:
    worker, lead, *_ = chain(town)
    resident = town.resident()
    resident.says(HEAT)
    worker.presses("接单")
    for _ in range(2):
        resident.says("催办")
        assert keys(lead) == []
    resident.says("催办")
    lead.sees("居民催了三次，报到您这里", "在办：专职网格员")
    lead.sees_nothing("没人接单")
    worker.sees_nothing("没有及时接单")
    resident.sees("催了三次了，这回报给了上一级")
    resident.sees_nothing("还没有人接单")


def test_who_cannot_be_written_to_is_told_by_a_person_and_the_next_rung_hears_at_once(town: Town) -> None:
    worker, lead, secretary, *_ = chain(town)
    town.blocked.add(worker.address)
    town.resident().says(HEAT)
    lead.sees("报到您这里")
    secretary.sees("26-000001", "要给专职网格员，但发不到他那里")
    secretary.presses("已告诉他")
    secretary.sees("任务完成")
    town.forward(minutes=31)
    assert keys(secretary).count("task.unreached") == 1


def test_nobody_below_the_city_has_a_chat(town: Town) -> None:
    city = town.staff("city-1")
    resident = town.resident()
    resident.says(HEAT)
    city.sees("要给专职网格员，但发不到他那里")
    town.forward(minutes=31)
    city.sees("报到您这里", "替班、小区楼长、社区书记、街道值班没有人或联系不上")
    city.presses("接单")
    resident.sees("已经接单了")


def test_somebody_reached_after_all_ends_the_task(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    town.resident().says(HEAT)
    secretary.sees("发不到他那里")
    worker = town.staff("w-s1c1g1")
    worker.says("收到")
    secretary.says("任务")
    secretary.sees("没有要办的任务")


def test_how_many_messages_a_silent_case_takes(town: Town) -> None:
    """To those concerned, once a hop: a week of silence."""
    worker, lead, secretary, subdistrict, city = chain(town)
    resident = town.resident()
    resident.says(HEAT)
    town.forward(days=1, hours=1)
    count = {k: keys(worker).count(k) for k in set(keys(worker))}
    assert count == {"card.new": 1, "staff.silent": 1, "staff.arrival_missed": 1, "staff.soon": 1, "staff.solve_missed": 1}
    assert keys(lead) == ["card.climbed", "staff.silent"]
    assert sorted(keys(secretary)) == ["card.climbed", "staff.arrival_missed", "staff.silent", "staff.solve_missed"]
    assert keys(subdistrict) == ["card.climbed", "staff.silent"]
    assert keys(city) == ["card.climbed"]
    assert keys(resident)[1:] == ["resident.climbed", "resident.solve_missed"]
