"""Who is on duty: the roster, exceptions, leave, own on and off, a shift's end, load, posts that change hands."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import update

from bot.settings import Settings
from bot.world import make_policy
from casework.case import Part, State
from storage import cases, organisation, people, roster
from storage import tables as t
from storage.town import StoredTown
from tests.fakes.town import Phone, Town
from tests.stories.test_night import building

HEAT = "锦绣苑3号楼2单元又没暖气了"
LAMP = "锦绣苑3号楼楼道灯不亮"


def keys(phone: Phone) -> list[str]:
    return [m.key for m in phone.shown]


def holder(town: Town, which: int = -1, part: Part = Part.ASSIGNEE) -> str:
    with town.database.reading() as conn:
        return next(p.post_id for p in cases.parts(conn, town.cases()[which].id) if p.part is part)


def row(town: Town, table: object, **values: object) -> None:
    with town.database.writing() as conn:
        conn.execute(table.insert().values(**values))  # type: ignore[attr-defined]


def both_on_duty(town: Town) -> str:
    """s1c2g2 has a second worker by an exception; the words for a building there."""
    row(town, roster.EXCEPTION, day=date(2026, 12, 1), post_id="pt-s1c2g2", area_id="s1c2g2", starts=time(0), ends=time(0), kind="on")
    return building(town, "s1c2g2")


def test_weekday_and_weekend(town: Town) -> None:
    where = building(town, "s1c2g2")
    town.resident().says(where + "楼道灯不亮")
    assert holder(town) == "w-s1c2g2"
    town.forward(days=4)  # Saturday
    town.resident().says(where + "电梯坏了")
    assert holder(town) == "pt-s1c2g2"


def test_an_exception_takes_somebody_off_for_the_day(town: Town) -> None:
    row(town, roster.EXCEPTION, day=date(2026, 12, 1), post_id="w-s1c1g1", area_id="s1c1g1", starts=time(0), ends=time(0), kind="off")
    town.resident().says(LAMP)
    assert holder(town) == "cs-s1c1"  # nobody else in the grid


def test_leave_goes_to_the_named_substitute_even_an_auxiliary(town: Town) -> None:
    row(town, roster.LEAVE, post_id="w-s1c1g1", first=date(2026, 11, 30), last=date(2026, 12, 2), substitute_id="b-e01b01-1")
    town.resident().says(LAMP)
    assert holder(town) == "b-e01b01-1"
    town.forward(days=2)
    town.resident().says("锦绣苑3号楼电梯坏了")
    assert holder(town) == "w-s1c1g1"


def test_auxiliaries_are_not_dispatched_to_by_day(town: Town) -> None:
    with town.database.reading() as conn:
        stored = StoredTown(conn, town.world.policy)
        day = stored.on_duty("s1c1g1", town.now)  # type: ignore[arg-type]
        night = stored.on_duty("s1c1g1", town.now + timedelta(hours=13))  # type: ignore[arg-type]
    assert [p.id for p in day] == ["w-s1c1g1"]
    assert [p.id for p in night] == ["b-e01b01-2", "cs-s1c1"]


def test_an_auxiliary_on_a_day_row_is_not_dispatched_to_either(town: Town) -> None:
    with town.database.writing() as conn:
        conn.execute(update(t.Post).where(t.Post.id == "w-s1c1g1").values(kind="auxiliary"))  # type: ignore[arg-type]
    with town.database.reading() as conn:
        stored = StoredTown(conn, town.world.policy)
        assert "w-s1c1g1" not in [p.id for p in stored.on_duty("s1c1g1", town.now)]  # type: ignore[arg-type]


def test_the_load_is_balanced_and_weighted_by_urgency(town: Town) -> None:
    where = both_on_duty(town)
    got = []
    for words in ("没暖气了", "楼道灯不亮", "电梯坏了", "下水道堵了"):
        town.resident().says(where + words)
        got.append((town.cases()[-1].urgency.value, holder(town)))
        town.forward(minutes=1)
    assert {post for _, post in got[:2]} == {"w-s1c2g2", "pt-s1c2g2"}
    assert got[2][1] == got[1][1]  # an urgent case weighs two


def test_off_duty_by_own_word_new_cards_go_to_others(town: Town) -> None:
    where = both_on_duty(town)
    first = town.staff("w-s1c2g2")
    first.says("下班")
    first.sees("好，下班了")
    town.resident().says(where + "楼道灯不亮")
    assert holder(town) == "pt-s1c2g2"
    first.says("上班")
    first.sees("好，上班了")
    town.resident().says(where + "电梯坏了")
    assert holder(town) == "w-s1c2g2"


def test_going_off_duty_hands_over_what_is_not_acknowledged(town: Town) -> None:
    where = both_on_duty(town)
    first, second = town.all_staff("w-s1c2g2", "pt-s1c2g2")
    town.resident().says(where + "楼道灯不亮")
    town.resident().says(where + "电梯坏了")
    mine = first if holder(town, 0) == "w-s1c2g2" else second
    other = second if mine is first else first
    town.resident().says(where + "下水道堵了")
    mine.clears()
    held = [c for i, c in enumerate(town.cases()) if holder(town, i) == ("w-s1c2g2" if mine is first else "pt-s1c2g2")]
    assert held
    mine.says("下班")
    for case in held:
        other.sees("交班转来", case.number)
    assert {holder(town, i) for i in range(3)} == {"pt-s1c2g2" if mine is first else "w-s1c2g2"}


def test_off_duty_ends_with_the_shift(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    worker.says("下班")
    town.forward(hours=22)
    town.resident().says(LAMP)
    assert holder(town) == "w-s1c1g1"


def test_at_the_shifts_end_unacknowledged_urgent_goes_to_the_night_duty(town: Town) -> None:
    worker, lead = town.all_staff("w-s1c1g1", "b-e01b01-2")
    town.forward(hours=11, minutes=45)  # 21:45
    town.resident().says(HEAT)
    assert holder(town) == "w-s1c1g1"
    town.forward(minutes=15)
    lead.sees("交班转来 26-000001（上一班还没接单）")
    assert holder(town) == "b-e01b01-2"
    assert holder(town, part=Part.FIRST_OWNER) == "w-s1c1g1"
    worker.presses("接单")
    worker.sees("不在您手上")
    worker.sees_nothing("您不用管了")
    lead.presses("接单")
    town.forward(hours=9)
    worker.sees("已经交给", "您不用管了")  # said in the morning


def test_what_is_acknowledged_stays_at_the_shifts_end(town: Town) -> None:
    worker, lead = town.all_staff("w-s1c1g1", "b-e01b01-2")
    town.forward(hours=11, minutes=45)
    town.resident().says(HEAT)
    worker.presses("接单")
    town.forward(minutes=20)
    assert keys(lead) == []
    assert holder(town) == "w-s1c1g1"


def test_normal_waits_at_the_shifts_end_and_goes_to_the_new_days_duty(town: Town) -> None:
    where = building(town, "s1c2g2")
    town.forward(days=3, hours=9, minutes=30)  # Friday 19:30
    _worker, weekend = town.all_staff("w-s1c2g2", "pt-s1c2g2")
    town.resident().says(where + "楼道灯不亮")
    town.forward(hours=3)
    assert holder(town) == "w-s1c2g2"
    town.forward(hours=9)
    weekend.sees("交班转来")
    assert holder(town) == "pt-s1c2g2"


def test_a_burst_pipe_does_not_call_the_gas_company(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    town.resident().says("锦绣苑3号楼停水了")
    card = worker.sees("恒安自来水公司：0352-0000002")
    assert "燃气" not in card.text
    assert "供电" not in card.text
    town.resident().says("锦绣苑5号楼停电了")
    card = worker.sees("恒安供电所：0352-0000003")
    assert "自来水" not in card.text


def test_a_post_changes_hands_and_keeps_its_cases(town: Town) -> None:
    old = town.staff("w-s1c1g1")
    resident = town.resident()
    resident.says(HEAT)
    old.presses("接单")
    with town.database.writing() as conn:
        holding = t.Holding.__table__  # type: ignore[attr-defined]
        conn.execute(holding.update().where(holding.c.post_id == "w-s1c1g1").values(until=town.now))
        conn.execute(people.PERSON.insert().values(id="new", name="新来的", home={}, created_at=town.now, language="zh", phone_asked=False))
        conn.execute(holding.insert().values(post_id="w-s1c1g1", person_id="new", since=town.now))
    new = town.staff("w-s1c1g1")
    assert new is not old
    old.clears()
    old.presses("到场")
    old.sees("不在您手上")
    new.says("我的工单")
    new.presses("26-000001")
    new.presses("办好了")
    new.says("换了阀门")
    resident.sees("专职网格员 新来的说办好了")
    assert town.case.state is State.RESOLVED


def test_who_is_on(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    worker.says("谁值班")
    worker.sees("现在值班：专职网格员")


def test_a_desk_has_no_shifts(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    secretary.says("下班")
    secretary.sees("不用上下班")


def test_the_city_is_manned_day_and_night(town: Town) -> None:
    with town.database.reading() as conn:
        stored = StoredTown(conn, town.world.policy)
        for hour, desk in ((2, "city-1"), (15, "city-4")):
            assert stored.city_desk(datetime(2026, 12, 1, hour, tzinfo=UTC)).id == desk
        assert stored.city_desk(datetime(2026, 12, 5, 2, tzinfo=UTC)).id == "city-2"


def test_a_shift_ends_when_the_roster_says_so(town: Town) -> None:
    """Rows 07-16 and 16-23: what the first has not acknowledged goes to the second at four, not at ten."""
    with town.database.writing() as conn:
        conn.execute(update(roster.ROSTER).where(roster.ROSTER.c.post_id == "w-s1c1g1").values(ends=time(16)))
        conn.execute(roster.ROSTER.insert().values(
            post_id="pt-s1c1g2", area_id="s1c1g1", weekdays="1234567", starts=time(16), ends=time(23), duty="day"))
        shifts = organisation.shift_times(conn)
    town.world = replace(town.world, policy=make_policy(Settings(), {}, shifts))
    second = town.staff("pt-s1c1g2")
    town.forward(hours=5, minutes=45)
    town.resident().says("锦绣苑3号楼楼道灯不亮")
    assert holder(town) == "w-s1c1g1"
    town.forward(minutes=14)
    second.sees_nothing()
    town.forward(minutes=1)
    second.sees("交班转来 26-000001")
    assert holder(town) == "pt-s1c1g2"
