"""/notice: written, shown with how many will read it, confirmed, sent to a hundred at a time; it can be stopped, and waits for the morning."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from storage import tables as t
from tests.fakes.town import Phone, Town

WATER = "明天上午9点到12点停水检修，请提前接水"


@pytest.fixture
def people(town: Town) -> tuple[Phone, Phone, Phone, Phone]:
    """Two residents of building 3, one of another building; their secretary."""
    here, neighbour, elsewhere = town.resident("王阿姨"), town.resident("李叔"), town.resident("赵姐")
    here.says("锦绣苑3号楼2单元没暖气")
    neighbour.says("锦绣苑3号楼楼道灯不亮")
    elsewhere.says("锦绣苑5号楼楼道灯不亮")
    for phone in (here, neighbour, elsewhere):
        phone.clears()
    return here, neighbour, elsewhere, town.staff("cs-s1c1")


def many(town: Town, count: int, building: str) -> None:
    """So many people whose home is there, each with a page."""
    with town.database.writing() as conn:
        conn.execute(insert(t.Person), [
            {"id": f"m{n:04}", "name": "", "home": {"building_id": building}, "language": "zh", "phone_asked": False, "created_at": town.now}
            for n in range(count)
        ])
        conn.execute(insert(t.Address), [
            {"id": f"am{n:04}", "person_id": f"m{n:04}", "channel": "web", "external_id": f"m{n:04}", "seen_at": town.now} for n in range(count)
        ])


@pytest.mark.parametrize("words", [f"/notice 锦绣苑3号楼：{WATER}", f"发通知 锦绣苑3号楼：{WATER}"])
def test_whoever_lives_there_and_nobody_else(town: Town, people: tuple[Phone, ...], words: str) -> None:
    here, neighbour, elsewhere, secretary = people
    secretary.commands(words) if words.startswith("/") else secretary.says(words)
    secretary.sees("要发给 2 位居民（锦绣苑3号楼）", WATER, "社区党委书记")
    here.sees_nothing()
    secretary.presses("发出")
    secretary.sees("一共 2 位")
    town.forward(seconds=1)
    here.sees("【通知】锦绣苑3号楼的居民", WATER)
    neighbour.sees(WATER)
    elsewhere.sees_nothing()
    secretary.sees("发完了：2 位")
    cases = len(town.cases())
    here.says("锦绣苑3号楼2单元电梯坏了")
    assert len(town.cases()) == cases + 1


def test_step_by_step_rewritten_and_not_sent(town: Town, people: tuple[Phone, ...]) -> None:
    here, *_, secretary = people
    secretary.commands("/notice")
    secretary.sees("发给哪栋楼")
    secretary.says("锦绣苑99号楼")
    secretary.sees("没找到")
    secretary.says("锦绣社区第1网格")
    secretary.sees("要告诉锦绣社区第1网格的居民什么")
    secretary.says("停水")
    secretary.sees("要发给", "停水")
    secretary.presses("重写")
    secretary.says(WATER)
    secretary.sees(WATER)
    secretary.says("不发了")
    secretary.sees("没有发")
    town.forward(minutes=5)
    here.sees_nothing()


@pytest.mark.parametrize("grid", ["第一网格", "1网格", "锦绣社区 第1网格", "锦绣社区1网格"])
def test_a_grid_by_any_of_its_names(town: Town, people: tuple[Phone, ...], grid: str) -> None:
    people[-1].says(f"发通知 {grid}：{WATER}")
    people[-1].sees("（锦绣社区第1网格）", WATER)


def test_a_hundred_at_a_time_and_stopped(town: Town, people: tuple[Phone, ...]) -> None:
    here, *_, secretary = people
    building = town.cases()[0].spot.building_id
    assert building is not None
    many(town, 250, building)
    secretary.commands(f"/notice 锦绣苑3号楼：{WATER}")
    secretary.sees("要发给 252 位")
    secretary.presses("发出")
    town.forward(seconds=1)
    told = [phone for (_, address), phone in town.phones.items() if address.startswith("m0") and phone.shown]
    assert len(told) == 100
    town.forward(seconds=10)
    secretary.presses("停止")
    secretary.sees("停了", "送到 200 位", "52 位不发了")
    town.forward(minutes=5)
    assert len([p for (_, a), p in town.phones.items() if a.startswith("m0") and p.shown]) == 200
    here.sees_nothing()
    secretary.says("停止通知")
    secretary.sees("已经发完或停了")


def test_at_night_it_waits_for_the_morning_and_can_be_stopped_until_then(town: Town, people: tuple[Phone, ...]) -> None:
    here, neighbour, _, secretary = people
    town.forward(hours=13)
    for phone in (here, neighbour, secretary):
        phone.clears()
    secretary.commands(f"/notice 锦绣苑3号楼：{WATER}")
    secretary.sees("现在是夜里", "7:00以后才送到")
    secretary.presses("发出")
    town.forward(minutes=10)
    here.sees_nothing(WATER)
    secretary.says("停止通知")
    secretary.sees("送到 0 位", "2 位不发了")
    town.forward(hours=10)
    here.sees_nothing(WATER)
    secretary.commands(f"/notice 锦绣苑3号楼：{WATER}")
    secretary.presses("发出")
    town.forward(minutes=1)
    here.sees(WATER)


def test_whom_nothing_reaches_is_counted(town: Town, people: tuple[Phone, ...]) -> None:
    *_, secretary = people
    with town.database.writing() as conn:
        conn.execute(t.Address.__table__.update().where(t.Address.__table__.c.person_id == "r1").values(blocked_at=town.now))  # type: ignore[attr-defined]
    secretary.commands(f"/notice 锦绣苑3号楼：{WATER}")
    secretary.sees("要发给 1 位居民", "另有 1 位收不到消息")
    secretary.presses("发出")
    secretary.sees("一共 1 位")
    town.forward(seconds=1)
    secretary.sees("发完了：1 位", "还有 1 位收不到消息")


def test_where_nothing_reaches_anybody_nothing_goes_out(town: Town, people: tuple[Phone, ...]) -> None:
    *_, secretary = people
    with town.database.writing() as conn:
        conn.execute(t.Address.__table__.update().where(t.Address.__table__.c.person_id != secretary.address).values(blocked_at=town.now))  # type: ignore[attr-defined]
    secretary.commands(f"/notice 锦绣苑3号楼：{WATER}")
    secretary.sees("有 2 位居民", "一位都收不到")


@pytest.mark.parametrize("place", ["锦绣社区", "锦绣苑", "东华街道"])
def test_a_place_that_is_too_large_is_no_unknown_one_and_the_words_are_kept(town: Town, people: tuple[Phone, ...], place: str) -> None:
    *_, secretary = people
    secretary.says(f"发通知 {place}：{WATER}")
    secretary.sees("只能发给一栋楼或一个网格", place)
    secretary.says("锦绣苑3号楼")
    secretary.sees("要发给 2 位居民（锦绣苑3号楼）", WATER)


def test_only_in_the_own_area_and_only_desks(town: Town, people: tuple[Phone, ...]) -> None:
    here, *_ = people
    other, worker, street = town.staff("cs-s1c2"), town.staff("w-s1c1g1"), town.staff("sd-s1")
    other.commands(f"/notice 锦绣苑3号楼：{WATER}")
    other.sees("锦绣苑3号楼不归您管，不能给那里发通知")
    worker.clears()
    worker.commands(f"/notice 锦绣苑3号楼：{WATER}")
    worker.sees_nothing("要发给")
    here.commands(f"/notice 锦绣苑3号楼：{WATER}")
    here.sees_nothing("要发给")
    street.commands(f"/notice 锦绣苑3号楼：{WATER}")
    street.sees("要发给 2 位")
