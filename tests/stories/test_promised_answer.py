"""A promised answer that does not come: who asked hears it when the hour passes, at every desk, and at the top it is never silent."""

from __future__ import annotations

import pytest

from tests.fakes.town import Town


@pytest.mark.parametrize("at_home", [True, False])
def test_the_hour_passes_and_it_is_said_then(town: Town, at_home: bool) -> None:
    """Of the community's desk and, for somebody of whom no home is known, of the city's."""
    resident = town.resident("小孙")
    if at_home:
        resident.says("锦绣苑3号楼1单元楼道灯不亮")
    resident.says("孩子上小学怎么报名")
    resident.sees("明天10:00前回您")
    resident.clears()
    town.forward(hours=23, minutes=59)
    resident.sees_nothing("孩子上小学怎么报名")
    town.forward(minutes=2)
    resident.sees("孩子上小学怎么报名", "说好这会儿回您，还没回，对不住")


def test_at_the_top_it_is_urged_daily_and_said_every_third_day(town: Town) -> None:
    resident, desk = town.resident("小孙"), town.staff("city-1")
    resident.says("孩子上小学怎么报名")
    town.forward(days=4)
    resident.sees("还是没人答上来", "12345")
    resident.clears()
    desk.clears()
    town.forward(days=4)
    resident.sees("还是没人答上来")
    resident.sees_nothing("还是没人答上来")
    assert len([m for m in desk.shown[desk.read :] if "回答" in m.text or "提问" in m.text or "过了时限" in m.text]) >= 2


def test_an_answer_in_time_says_nothing_of_the_kind(town: Town) -> None:
    resident, desk = town.resident("小孙"), town.staff("city-1")
    resident.says("孩子上小学怎么报名")
    desk.presses("回答")
    desk.says("8月20日到学校报名")
    resident.clears()
    town.forward(days=5)
    resident.sees_nothing("对不住")


def test_a_person_who_was_promised_and_does_not_call(town: Town) -> None:
    resident = town.resident("小孙")
    resident.says("转人工")
    resident.clears()
    town.forward(days=1)
    resident.sees("说好这会儿联系您，还没联系上，对不住")
