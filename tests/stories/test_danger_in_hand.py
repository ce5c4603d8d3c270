"""An emergency that somebody has taken is not forgotten: nobody on the spot, off duty, handed over and nobody takes it."""

from __future__ import annotations

import pytest

from casework.case import Part
from storage.town import StoredTown
from tests.fakes.town import Phone, Town
from tests.stories.test_duty import holder

BURST = "锦绣苑3号楼2单元家里水管爆了，水往外喷"
ME, COLLEAGUE, THIRD, SECRETARY = "w-s1c1g1", "w-s1c1g2", "w-s1c1g3", "cs-s1c1"
BUTTON = "余玉淑（锦绣2网格）"


@pytest.fixture
def people(town: Town) -> tuple[Phone, ...]:
    """The resident, whose pipe has burst; who has taken it, a colleague, the secretary."""
    resident, me, colleague, secretary = town.resident("王阿姨"), *town.all_staff(ME, COLLEAGUE, SECRETARY)
    resident.says(BURST)
    me.presses("接单")
    for phone in (resident, me, secretary):
        phone.clears()
    return resident, me, colleague, secretary


# ---- nobody on the spot -------------------------------------------------------------------------------------------


def test_nobody_on_the_spot_goes_up_all_rungs_and_the_resident_hears_the_truth(town: Town, people: tuple[Phone, ...]) -> None:
    resident, me, _, secretary = people
    town.forward(minutes=29)
    resident.sees_nothing()
    town.forward(minutes=2)
    told = resident.sees("还没有人到场", "119")
    assert "说好" not in told.text
    me.sees("🚨过了到场时限，还没有人到场")
    card = secretary.sees("🚨过了到场时限，还没有人到场", f"已接单：专职网格员 {me.name}")
    assert "指定人办" in [b["label"] for b in card.buttons]
    with town.database.reading() as conn:
        stored = StoredTown(conn, town.world.policy)
        posts = [stored.post(p.post_id) for p in stored.parts(town.case.id) if p.part is Part.CLIMBED]
    assert {p.role.value for p in posts if p is not None} == {"community_secretary", "subdistrict", "city"}


def test_it_rings_again_until_somebody_is_there(town: Town, people: tuple[Phone, ...]) -> None:
    resident, me, _, secretary = people
    town.forward(minutes=31)
    for phone in (resident, me, secretary):
        phone.clears()
    town.forward(minutes=10)
    me.sees("还没有人到场")
    secretary.sees("还没有人到场")
    resident.sees_nothing()  # once is the truth, every ten minutes is not
    me.presses("到场")
    me.clears()
    town.forward(minutes=30)
    me.sees_nothing("还没有人到场")


def test_an_ordinary_case_gets_its_line_as_before(town: Town) -> None:
    resident, me, secretary = town.resident("李叔"), *town.all_staff(ME, SECRETARY)
    resident.says("锦绣苑3号楼2单元没暖气")
    me.presses("接单")
    secretary.clears()
    town.forward(hours=2, minutes=1)
    secretary.sees("过了到场时限，还没到场")
    secretary.sees_nothing("🚨")


# ---- off duty -----------------------------------------------------------------------------------------------------


def test_off_duty_with_it_asks_who_takes_it_and_the_secretary_hears(town: Town, people: tuple[Phone, ...]) -> None:
    _, me, colleague, secretary = people
    me.says("下班")
    me.sees("好，下班了", "🚨", town.case.number, "交给谁", secretary.name)
    card = secretary.sees("🚨", f"{me.name}下班了", town.case.number)
    assert "指定人办" in [b["label"] for b in card.buttons]
    me.presses(BUTTON)
    me.presses("交")
    colleague.presses("收下")
    assert holder(town, 0) == COLLEAGUE


def test_off_duty_without_one_is_as_before(town: Town) -> None:
    resident, me, secretary = town.resident("李叔"), *town.all_staff(ME, SECRETARY)
    resident.says("锦绣苑3号楼楼道灯不亮")
    me.presses("接单")
    secretary.clears()
    me.says("下班")
    me.sees("您手上的 1 件还在您名下")
    secretary.sees_nothing()


# ---- handed over, and nobody takes it -----------------------------------------------------------------------------


def hand(me: Phone) -> None:
    me.says("交班")
    me.presses(BUTTON)
    me.presses("交")


def test_the_secretary_sees_what_is_in_it(town: Town, people: tuple[Phone, ...]) -> None:
    _, me, _, secretary = people
    hand(me)
    town.forward(minutes=11)
    secretary.sees("🚨潘霞兰交班给余玉淑", "您来定", "🚨" + town.case.number, "请马上定")
    secretary.says("任务")
    assert "🚨" in secretary.shown[-1].text


def test_a_late_no_leaves_the_task_where_it_is(town: Town, people: tuple[Phone, ...]) -> None:
    _, me, colleague, secretary = people
    hand(me)
    town.forward(minutes=11)
    secretary.clears()
    colleague.presses("收不了")
    secretary.sees("余玉淑说收不了", "您来定", town.case.number)
    secretary.presses("我来接")
    assert holder(town, 0) == SECRETARY


def test_whoever_is_named_anew_and_not_handed_to_leaves_it_with_the_secretary(town: Town, people: tuple[Phone, ...]) -> None:
    _, me, colleague, secretary = people
    third = town.staff(THIRD)
    hand(me)
    colleague.presses("收不了")  # at once: with a danger in it the secretary decides at once, too
    secretary.sees("余玉淑说收不了", "您来定")
    me.says(third.name)
    town.forward(minutes=6)
    secretary.sees("任务过时了")
    secretary.presses("还由他办", last=20)
    me.sees("还由您办")


def test_the_secretarys_buttons_live_on_when_another_is_asked(town: Town, people: tuple[Phone, ...]) -> None:
    _, me, colleague, secretary = people
    third = town.staff(THIRD)
    hand(me)
    town.forward(minutes=11)
    colleague.presses("收不了")
    me.says(third.name)
    me.presses("交")
    secretary.clears()
    third.presses("收下")
    secretary.sees("您不用定了")
    assert holder(town, 0) == THIRD


def test_without_a_danger_the_secretary_is_not_hurried(town: Town) -> None:
    resident, me, colleague, secretary = town.resident("李叔"), *town.all_staff(ME, COLLEAGUE, SECRETARY)
    resident.says("锦绣苑3号楼楼道灯不亮")
    me.presses("接单")
    secretary.clears()
    hand(me)
    colleague.presses("收不了")
    secretary.sees_nothing()
    town.forward(hours=3)
    secretary.sees("您来定", town.case.number)
    me.sees("还没有人收下")
