"""Nights: emergencies wake anybody, urgent goes to who is rostered, the rest waits. Weekends and holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.case import Part, State
from storage import cases, people, roster
from tests.fakes.town import Phone, Town, made

NIGHT = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)  # Tuesday 23:00


@pytest.fixture
def night(tmp_path: Path, town_template: Path) -> Iterator[Town]:
    yield from made(tmp_path, town_template, NIGHT, spare=True)


def building(town: Town, grid: str) -> str:
    """The words for a building of the grid."""

    with town.database.reading() as conn:
        for row in conn.execute(select(people.PLACE).where(people.PLACE.c.kind == "building").order_by(people.PLACE.c.id)):
            if list(row.grids) == [grid]:
                return str(people.place_row(conn, row.parent_id).name) + str(row.name)
    raise AssertionError(grid)


def keys(phone: Phone) -> list[str]:
    return [m.key for m in phone.shown]


def test_urgent_goes_at_once_to_who_is_rostered_for_the_night(night: Town) -> None:
    lead, worker, secretary = night.all_staff("b-e01b01-2", "w-s1c1g1", "cs-s1c1")  # Tuesday is an even weekday
    resident = night.resident()
    resident.says(building(night, "s1c1g1") + "没暖气了")
    lead.sees("新诉求 26-000001", "今天23:30前接单")
    assert keys(worker) == []
    receipt = resident.sees("登记好了", "今天23:30前接单")
    assert "没有人值班" not in receipt.text
    night.forward(minutes=31)
    secretary.sees("报到您这里")  # rostered too
    assert keys(worker) == []
    night.forward(hours=7)
    assert "card.new" not in keys(worker)


def test_urgent_goes_to_the_secretary_where_only_she_is_rostered(night: Town) -> None:
    secretary, worker = night.all_staff("cs-s1c1", "w-s1c1g2")
    night.resident().says(building(night, "s1c1g2") + "没暖气了")
    secretary.sees("新诉求 26-000001")
    assert keys(worker) == []


def test_a_lead_alone_climbs_over_those_asleep(night: Town) -> None:
    subdistrict, _city, secretary = night.all_staff("sd-s1", "city-4", "cs-s1c2")

    with night.database.reading() as conn:
        rows = list(conn.execute(select(roster.ROSTER).where(roster.ROSTER.c.area_id == "s1c2g1", roster.ROSTER.c.duty == "night")))
    lead = next(night.staff(r.post_id) for r in rows if "2" in r.weekdays)
    night.resident().says(building(night, "s1c2g1") + "没暖气了")
    lead.sees("新诉求")
    night.forward(minutes=31)
    subdistrict.sees("报到您这里", "社区书记没有人或联系不上")
    assert keys(secretary) == []


def test_urgent_with_nobody_rostered_starts_in_the_morning_and_the_resident_is_told_both(night: Town) -> None:
    worker, subdistrict = night.all_staff("w-s1c2g2", "sd-s1")
    resident = night.resident()
    resident.says(building(night, "s1c2g2") + "没暖气了")
    resident.sees("今晚这里没有人值班", "明天7:30前接单", "明天9:00前到场", "办好的时限不变，明天23:00前")
    night.forward(hours=7, minutes=59)
    assert keys(worker) == []
    night.forward(minutes=1)
    worker.sees("新诉求 26-000001")
    night.forward(minutes=29)
    assert town_quiet(subdistrict)
    night.forward(minutes=2)
    assert not town_quiet(subdistrict)


def town_quiet(phone: Phone) -> bool:
    return not any(k == "card.climbed" for k in keys(phone))


def test_normal_waits_and_the_resident_is_told_so(night: Town) -> None:
    lead, worker = night.all_staff("b-e01b01-2", "w-s1c1g1")
    resident = night.resident()
    resident.says(building(night, "s1c1g1") + "楼道灯不亮")
    resident.sees("现在是夜里，明天7:00交给专职网格员", "明天10:30前接单")
    night.forward(hours=7, minutes=59)
    assert keys(worker) == keys(lead) == []
    night.forward(minutes=1)
    worker.sees("新诉求")
    assert keys(lead) == []


def test_an_emergency_wakes_anybody(night: Town) -> None:
    worker, lead, secretary, subdistrict, city = night.all_staff("w-s1c2g2", "el-e01", "cs-s1c2", "sd-s1", "city-4")
    resident = night.resident()
    resident.says(building(night, "s1c2g2") + "有人被困电梯了，快来")
    worker.sees("🚨紧急")
    night.forward(minutes=10)
    lead.sees("🚨没人接单")
    night.forward(minutes=5)
    secretary.sees("🚨没人接单")
    resident.sees("请直接拨打")
    night.forward(minutes=15)
    subdistrict.sees("🚨没人接单")
    city.sees("🚨没人接单")


def first_owner(town: Town) -> str:
    with town.database.reading() as conn:
        return next(p.post_id for p in cases.parts(conn, town.case.id) if p.part is Part.FIRST_OWNER)


LIFT = "有人被困电梯了，快来"


@pytest.mark.parametrize("channel", ["telegram", "web"])
def test_an_emergency_wakes_the_grids_own_worker_where_only_the_secretary_is_rostered(night: Town, channel: str) -> None:
    """Both at once, and it climbs with the ten and the five minutes as by day."""
    secretary, worker, subdistrict = night.staff("cs-s1c1"), night.staff("w-s1c1g2", channel), night.staff("sd-s1")
    resident = night.resident()
    resident.says(building(night, "s1c1g2") + LIFT)
    worker.sees("🚨紧急", "马上接单")
    secretary.sees("🚨紧急")
    assert first_owner(night) == "w-s1c1g2"
    night.forward(minutes=10)
    subdistrict.sees("🚨没人接单")  # who has it already is passed over
    worker.presses("接单")
    secretary.sees("接了，您不用管了")
    night.forward(minutes=31)
    assert [k for k in keys(secretary) if k == "card.climbed"] == []


def test_the_awake_secretary_may_take_it(night: Town) -> None:
    secretary, worker = night.all_staff("cs-s1c1", "w-s1c1g2")
    night.resident().says(building(night, "s1c1g2") + LIFT)
    secretary.presses("接单")
    worker.sees("接了，您不用管了")
    assert first_owner(night) == "w-s1c1g2"


def test_nobody_takes_it_and_every_rung_has_it_within_half_an_hour(night: Town) -> None:
    worker, secretary, subdistrict, city = night.all_staff("w-s1c1g2", "cs-s1c1", "sd-s1", "city-4")
    resident = night.resident()
    resident.says(building(night, "s1c1g2") + LIFT)
    night.forward(minutes=15)
    resident.sees("请直接拨打")
    night.forward(minutes=15)
    for phone in (worker, secretary, subdistrict, city):
        phone.sees("🚨")
        phone.clears()
    night.forward(minutes=11)
    for phone in (worker, secretary, subdistrict, city):
        phone.sees("🚨")


def test_without_a_row_by_day_it_is_the_grids_full_time_worker(night: Town) -> None:
    worker, substitute = night.all_staff("w-s1c2g2", "w-s1c2g1")
    with night.database.writing() as conn:
        conn.execute(roster.ROSTER.delete().where(roster.ROSTER.c.area_id == "s1c2g2"))
    night.resident().says(building(night, "s1c2g2") + LIFT)
    worker.sees("🚨紧急")
    assert keys(substitute) == []


def test_on_leave_it_is_whoever_stands_in(night: Town) -> None:
    worker, substitute = night.all_staff("w-s1c2g2", "w-s1c2g1")
    with night.database.writing() as conn:
        conn.execute(roster.ROSTER.delete().where(roster.ROSTER.c.area_id == "s1c2g2"))
        conn.execute(roster.LEAVE.insert().values(
            post_id="w-s1c2g2", first=date(2026, 12, 1), last=date(2026, 12, 3), substitute_id="w-s1c2g1"))
    night.resident().says(building(night, "s1c2g2") + LIFT)
    substitute.sees("🚨紧急")
    assert keys(worker) == []


def test_the_place_of_a_danger_told_at_night_wakes_them_too(night: Town) -> None:
    worker, secretary = night.all_staff("w-s1c1g2", "cs-s1c1")
    resident = night.resident()
    resident.says("锦绣苑有人被困电梯了，快来")
    resident.says(building(night, "s1c1g2").removeprefix("锦绣苑"))
    worker.sees("🚨")
    assert "您不用管了" not in "".join(m.text for m in secretary.shown)


def test_the_question_waits_for_the_morning(town: Town) -> None:
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元没暖气了")
    worker.presses("接单")
    town.forward(hours=11, minutes=59)  # 21:59
    worker.presses("办好了")
    town.forward(minutes=2)
    resident.clears()
    worker.says("换了阀门")
    resident.sees_nothing()
    town.forward(hours=8, minutes=58)
    resident.sees_nothing()
    town.forward(minutes=1)
    resident.sees("解决了吗")


def test_over_the_weekend(tmp_path: Path, town_template: Path) -> None:
    for town in made(tmp_path, town_template, datetime(2026, 12, 4, 9, 0, tzinfo=UTC), spare=True):  # Friday 17:00
        resident = town.resident()
        resident.says("锦绣苑3号楼楼道灯不亮")
        resident.sees("12月7日（周一）9:30前接单", "12月7日（周一）17:00前到场", "12月11日（周五）18:00前办好")


def test_over_the_national_holiday_with_its_worked_weekend(tmp_path: Path, town_template: Path) -> None:
    for town in made(tmp_path, town_template, datetime(2026, 9, 30, 9, 0, tzinfo=UTC), spare=True):  # Wednesday 17:00
        resident = town.resident()
        resident.says("锦绣苑3号楼楼道灯不亮")
        # 1-7 October are free; Saturday 10 October is worked; seven days end on the 7th, moved to the 8th
        resident.sees("10月8日（周四）9:30前接单", "10月8日（周四）17:00前到场", "10月8日（周四）18:00前办好")


def test_a_worked_saturday_is_a_working_day(tmp_path: Path, town_template: Path) -> None:
    for town in made(tmp_path, town_template, datetime(2026, 10, 9, 9, 0, tzinfo=UTC), spare=True):  # Friday 17:00
        resident = town.resident()
        resident.says("锦绣苑3号楼楼道灯不亮")
        resident.sees("明天9:30前接单", "明天17:00前到场")


def test_urgent_does_not_know_weekends(tmp_path: Path, town_template: Path) -> None:
    for town in made(tmp_path, town_template, datetime(2026, 12, 5, 2, 0, tzinfo=UTC), spare=True):  # Saturday 10:00
        resident, worker = town.resident(), town.staff("w-s1c1g1")
        resident.says("锦绣苑3号楼没暖气了")
        resident.sees("今天10:30前接单", "明天10:00前办好")
        worker.sees("新诉求")
        assert town.case.state is State.ASSIGNED
