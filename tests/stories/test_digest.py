"""Eight in the morning: a secretary hears by name what today needs, those above hear figures, and who has nothing hears nothing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import update

from storage import people, roster
from storage import tables as t
from tests.fakes.town import START, Arrived, Phone, Town
from tests.stories.test_duty import HEAT, LAMP, row

EIGHT = timedelta(hours=22)  # from START, Tuesday 10:00, to Wednesday 08:00


def digests(phone: Phone) -> list[Arrived]:
    return [m for m in phone.shown if m.key == "digest.morning"]


def lines(phone: Phone) -> list[str]:
    (message,) = digests(phone)
    return message.text.splitlines()


def until_eight(town: Town, days: int = 1) -> None:
    """The morning of a day after START."""
    town.forward(seconds=(START + EIGHT + timedelta(days=days - 1) - town.now).total_seconds())


def everybody_in(town: Town, *areas: str) -> None:
    """All who have duty or a desk in these areas have a chat."""
    with town.database.writing() as conn:
        held = people.HOLDING.join(people.POST, people.POST.c.id == people.HOLDING.c.post_id)
        found = conn.execute(
            people.select(people.POST.c.id).select_from(held).where(people.POST.c.area_id.in_(areas), people.HOLDING.c.until.is_(None))
        ).scalars().all()
    town.all_staff(*found)


S1C1 = ("s1c1", "s1c1g1", "s1c1g2", "s1c1g3", "s1c1g4")


def test_a_secretary_hears_by_name(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    row(town, roster.EXCEPTION, day=date(2026, 12, 2), post_id="w-s1c1g1", area_id="s1c1g1", starts=time(12), ends=time(18), kind="off")
    town.resident("王阿姨").says(HEAT)
    until_eight(town)
    town.morning()
    greeting, *told = lines(secretary)
    gaps, not_in, *rest = told[told.index("· ❗26-000001 锦绣苑3号楼2单元 供暖，还没人接单（昨天10:00登记）") + 1 :]
    assert greeting == "早上好。"
    assert gaps == "今天值班有空：第1网格 12:00–18:00（来件先到您这里，要补人请发「空岗」）"
    assert not_in.startswith("还没进来的 11 人：")
    assert not_in.endswith("……")
    assert rest[:1] == ["今天到期 1 件："]
    assert rest[2:] in ([], ["今天要办的任务 1 件，发「任务」看"])
    assert digests(secretary)[0].at == START + EIGHT  # eight o'clock is no quiet hour for it
    assert digests(secretary)[0].kind == "digest"


def test_who_gets_cards_and_does_nothing_is_named(town: Town) -> None:
    everybody_in(town, *S1C1)
    secretary, worker = town.staff("cs-s1c1"), town.staff("w-s1c1g1")
    town.forward(minutes=1)
    town.resident().says(LAMP)
    until_eight(town)
    town.morning()
    assert not [m for m in digests(secretary) if "没动静" in m.text]  # not a day yet; that it climbed to her is told
    secretary.says("谁值班")
    until_eight(town, 2)
    town.morning()
    named = next(line for line in digests(secretary)[-1].text.splitlines() if "没动静" in line)
    assert named.startswith("收到工单一天多没动静的 2 人：")  # one more on the way up; not the secretary herself
    assert f"第1网格 {worker.name}" in named
    assert secretary.name not in named
    worker.says("收到")
    until_eight(town, 3)
    town.morning()
    assert worker.name not in digests(secretary)[-1].text


def test_who_has_blocked_jiesu_is_named(town: Town) -> None:
    everybody_in(town, *S1C1)
    secretary, worker = town.staff("cs-s1c1"), town.staff("w-s1c1g2")
    town.hears("telegram", worker.address, "blocked", "", {})
    until_eight(town)
    town.morning()
    assert lines(secretary)[1] == f"收不到消息的 1 人：第2网格 {worker.name}"


def test_nothing_to_say_is_not_said(town: Town) -> None:
    everybody_in(town, *S1C1)
    until_eight(town)
    town.morning()
    assert digests(town.staff("cs-s1c1")) == []


def test_only_desks_are_told(town: Town) -> None:
    resident, worker = town.resident(), town.staff("w-s1c2g1")
    until_eight(town)
    town.morning()
    assert digests(resident) == digests(worker) == []


def test_once_a_day(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    until_eight(town)
    town.morning()
    town.forward(hours=1)
    town.morning()  # started anew
    assert len(digests(secretary)) == 1
    until_eight(town, 2)
    town.morning()
    assert len(digests(secretary)) == 2


def test_a_person_with_several_posts_gets_one(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    with town.database.writing() as conn:
        holder = people.speaker(conn, "telegram", secretary.address)
        assert holder is not None
        for post in ("cs-s1c2", "sd-s1"):
            conn.execute(update(people.HOLDING).where(people.HOLDING.c.post_id == post).values(until=town.now))
            conn.execute(people.HOLDING.insert().values(post_id=post, person_id=holder.person.id, since=town.now))
    until_eight(town)
    town.morning()
    told = lines(secretary)
    assert [line for line in told if line.startswith("【")] == ["【锦绣社区】", "【平安社区】", "【东华街道】"]


def test_those_above_hear_figures_and_no_names(town: Town) -> None:
    subdistrict = town.staff("sd-s1")
    worker = town.staff("w-s1c1g1")
    town.resident("王阿姨").says(HEAT)
    worker.presses("接单")
    row(town, roster.EXCEPTION, day=date(2026, 12, 2), post_id="w-s1c1g1", area_id="s1c1g1", starts=time(12), ends=time(18), kind="off")
    until_eight(town)
    town.morning()
    told = lines(subdistrict)
    assert "锦绣社区：值班有空 1 处，没进来 11 人，今天到期 1 件" in told
    assert told[-1] == "还有 1 个社区也有要看的"
    assert len(told) == 8
    assert not [line for line in told if worker.name in line or "26-000001" in line]


def test_what_changes_slowly_is_told_to_the_city_when_there_is_more_of_it_and_on_mondays(town: Town) -> None:
    city, secretary = town.staff("city-1"), town.staff("cs-s1c1")
    told = []
    for day in range(1, 7):  # Wednesday to Monday
        if day == 3:
            row(town, t.Place.__table__, id="x", kind="road", name="锦绣小区", aliases=[], grids=["s1c1g1"])  # type: ignore[attr-defined]
        until_eight(town, day)
        town.morning()
        text = digests(city)[-1].text
        told.append([word for word in ("放假调休", "对得上好几处") if word in text])
    assert told == [["放假调休"], [], ["放假调休", "对得上好几处"], [], [], ["放假调休", "对得上好几处"]]
    assert "一个叫法对得上好几处的 1 项，如 「锦绣小区」：锦绣苑、锦绣小区" in digests(city)[-1].text
    assert not [m for m in digests(secretary) if "放假" in m.text or "好几处" in m.text]


def test_it_is_never_longer_than_a_dozen_lines(town: Town) -> None:
    """47 communities with something, and six slow kinds."""
    city = town.staff("city-1")
    with town.database.writing() as conn:
        conn.execute(update(people.PLACE).where(people.PLACE.c.kind == "building").values(grids=[]))
        conn.execute(update(people.POST).where(people.POST.c.role.in_(("specialist", "community_secretary"))).values(ended_at=town.now))
        conn.execute(update(people.POST).where(people.POST.c.id.like("b-%")).values(ended_at=town.now))
        conn.execute(people.POST.insert().values(
            id="b-new", role="building_lead", area_id="s1c1", place_id="e01b01", categories=[], title="楼栋长"))
        conn.execute(update(people.PLACE).where(people.PLACE.c.id == "e02").values(aliases=["锦绣小区"]))
    until_eight(town)
    town.morning()
    told = lines(city)
    assert len(told) == 13  # with the greeting
    assert "另外还有" in told[-1]
    assert len(digests(city)[0].text) < 1500


def test_a_case_about_to_be_answered_by_the_resident_is_not_due(town: Town) -> None:
    everybody_in(town, *S1C1)
    secretary, worker = town.staff("cs-s1c1"), town.staff("w-s1c1g1")
    town.resident("王阿姨").says(HEAT)
    worker.presses("接单")
    worker.presses("办好了")
    worker.says("阀门换了")
    until_eight(town)
    town.morning()
    assert digests(secretary) == []


def test_a_task_that_is_due_today_is_counted(town: Town) -> None:
    everybody_in(town, *S1C1)
    secretary = town.staff("cs-s1c1")
    resident = town.resident("王阿姨")
    resident.says("锦绣苑3号楼")
    town.forward(hours=15)
    resident.says("转人工")
    until_eight(town)
    town.morning()
    assert any("今天要办的任务" in line for line in lines(secretary))
    assert digests(secretary)[0].at.astimezone(town.world.policy.calendar.zone) == datetime(
        2026, 12, 2, 8, tzinfo=town.world.policy.calendar.zone
    )


def test_what_falls_due_tonight_is_told_apart(town: Town) -> None:
    """An urgent trouble told at 19:00 has to be solved by 19:00 of the next day: after the desk has closed."""
    secretary, subdistrict, worker = town.staff("cs-s1c1"), town.staff("sd-s1"), town.staff("w-s1c1g1")
    town.resident("王阿姨").says(HEAT)
    town.forward(hours=9)
    town.resident("李大爷").says("锦绣苑3号楼1单元又没暖气了")
    for _ in range(2):
        worker.presses("接单", last=30)
    until_eight(town)
    town.morning()
    told = lines(secretary)
    assert told[told.index("今天到期 1 件：") + 1].startswith("· ❗26-000001 ")
    assert told[told.index("今晚到明早到期 1 件：") + 1].startswith("· ❗26-000002 ")
    assert [line for line in lines(subdistrict) if "今天到期 1 件，今晚到明早到期 1 件" in line]


def test_who_is_still_to_be_told_is_named(town: Town) -> None:
    """A resident who blocked us, and nobody has rung yet."""
    secretary, subdistrict, worker = town.staff("cs-s1c1"), town.staff("sd-s1"), town.staff("w-s1c1g1")
    resident = town.resident("王阿姨", "telegram")
    resident.says(LAMP)
    town.blocked.add(resident.address)
    worker.presses("接单")
    until_eight(town)
    town.morning()
    assert "还没联系上、要您告诉的 1 人：王阿姨" in lines(secretary)
    assert [line for line in lines(subdistrict) if "还没联系上 1 人" in line]
    secretary.presses("已告诉他", last=30)
    until_eight(town, 2)
    town.morning()
    assert "联系上" not in digests(secretary)[-1].text


def test_what_is_late_stands_first_with_everybody_above(town: Town) -> None:
    """An outage that nobody has mended for days is in every overview, named; a normal case counts on its last day until closing time."""
    everybody_in(town, *S1C1)
    secretary, subdistrict, worker = town.staff("cs-s1c1"), town.staff("sd-s1"), town.staff("w-s1c1g1")
    town.resident("王阿姨").says(HEAT)
    worker.presses("接单")
    town.resident("李大爷").says(LAMP)
    worker.presses("接单")
    until_eight(town, 7)  # Tuesday: seven days end at 18:00
    town.morning()
    told = digests(secretary)[-1].text.splitlines()
    assert told[1:3] == ["超期 1 件：", "· ❗26-000001 锦绣苑3号楼2单元 供暖，过了时限 5天（12月1日（周二）10:00登记）"]
    assert told[told.index("今天到期 1 件：") + 1].startswith("· 26-000002 ")
    assert "今晚到明早" not in digests(secretary)[-1].text
    above = digests(subdistrict)[-1].text.splitlines()
    assert above[1:3] == told[1:3]
    assert [line for line in above if "锦绣社区：超期 1 件" in line]
