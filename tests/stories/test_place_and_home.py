"""A name mistyped in answer to where, a place nobody knows, a new home, and a second trouble told while the first waits for its place."""

from __future__ import annotations

from storage import people
from tests.fakes.town import Town


def test_the_nearest_estate_is_offered_and_the_building_completes_it(town: Town) -> None:
    resident, worker = town.resident("赵姨"), town.staff("w-s1c1g1")
    resident.says("我家暖气不热")
    town.forward(seconds=3)
    resident.says("锦锈苑")
    town.forward(seconds=3)
    resident.sees("是下面哪一个")
    assert "锦绣苑" in resident.labels(1)
    resident.says("3好楼")
    resident.sees("登记好了", "锦绣苑3号楼")
    worker.sees("新诉求 26-000001")
    resident.says("二单圆")
    assert (town.case.spot.building_id, town.case.spot.unit) == ("e01b03", "2")


def test_who_does_not_know_where_is_told_in_plain_words_that_it_may_come_later(town: Town) -> None:
    resident = town.resident("赵姨")
    resident.says("我家没水了")
    town.forward(minutes=11)
    told = resident.sees("登记好了").text
    assert "还不知道在哪儿" in told
    assert "写小区和楼号" in told
    assert "地点待问" not in told
    resident.says("锦绣苑3号楼")
    assert town.case.spot.building_id == "e01b03"


def test_another_trouble_is_not_swallowed_by_what_is_half_told(town: Town) -> None:
    resident = town.resident("赵姨")
    resident.says("我家暖气费交了为什么还不热")
    town.forward(seconds=3)
    resident.says("锦绣苑2号楼没水")
    town.forward(seconds=3)
    resident.sees("听起来是两件事：供暖和水电气网")
    resident.presses("分开登记")
    assert sorted(c.category for c in town.cases()) == ["heating", "water_power_gas"]


def test_a_new_home_is_the_home_and_what_is_in_hand_stays(town: Town) -> None:
    resident = town.resident("赵姨")
    resident.says("锦绣苑3号楼4单元601没暖气")
    resident.says("我搬家了 现在住锦绣苑5号楼1单元")
    resident.sees("记下您的新家了")
    with town.database.reading() as conn:
        speaker = people.speaker(conn, resident.channel, resident.address)
    assert speaker is not None
    assert speaker.person.home.building_id == "e01b05"
    assert town.case.spot.building_id == "e01b03"
    town.forward(hours=1)
    resident.says("家里没水")
    assert town.cases()[-1].spot.building_id == "e01b05"


def test_a_point_on_the_map_alone_is_no_case(town: Town) -> None:
    """Asked what it is, twice; ten minutes later there is nothing to be done about it."""
    resident = town.resident("赵姨")
    for _ in range(2):
        resident.picks("e01b03")
        town.forward(seconds=3)
        resident.sees("是哪方面的事")
    town.forward(minutes=11)
    assert town.cases() == []


def test_a_point_on_the_map_and_then_a_word(town: Town) -> None:
    resident = town.resident("赵姨")
    resident.picks("e01b03")
    resident.says("没暖气")
    resident.sees("登记好了")
    assert town.case.spot.building_id == "e01b03"
