"""What was asked about leave and swaps while things changed: posts got new holders, people went away, words were for a resident."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from casework.case import State
from storage import doors, roster
from storage.organisation import stored_organisation
from tests.fakes.organisations import posts
from tests.fakes.town import Phone, Town
from tests.stories.test_duty import holder
from tests.stories.test_leave import COLLEAGUE, LAMP, ME, leaves
from tests.stories.test_reorganising import brings_in
from tests.stories.test_swap import TOMORROW, asks, exceptions

HEAT = "锦绣苑3号楼2单元又没暖气了"
Three = tuple[Phone, Phone, Phone]


@pytest.fixture
def three(town: Town) -> Three:
    me, colleague, secretary = town.all_staff(ME, COLLEAGUE, "cs-s1c1")
    return me, colleague, secretary


def another_holds(town: Town, post: str, lead: str = "b-e01b01-1") -> None:
    with town.database.reading() as conn:
        person = next(row.person for row in stored_organisation(conn).posts if row.id == lead)
    brings_in(town, posts(lambda row: replace(row, person=person), post))


def test_who_lost_the_post_swaps_none_of_its_shifts(town: Town, three: Three) -> None:
    me, colleague, secretary = three
    asks(me, TOMORROW, "余玉淑（锦绣2网格）")
    another_holds(town, ME)
    colleague.presses("同意")
    assert exceptions(town) == set()
    secretary.sees_nothing("换了班")


def test_nor_by_the_buttons_of_before(town: Town, three: Three) -> None:
    me, _, _ = three
    me.says("换班")
    me.presses(TOMORROW)
    another_holds(town, ME)
    me.presses("余玉淑（锦绣2网格）")
    assert exceptions(town) == set()
    assert "不用还" not in me.labels(1)


def test_who_lost_the_post_sends_nobody_on_leave(town: Town, three: Three) -> None:
    me, colleague, _ = three
    me.says("请假 12月3日 余玉淑顶班")
    another_holds(town, ME)
    colleague.presses("同意")
    assert leaves(town) == []


def test_who_is_away_by_now_does_not_stand_in(town: Town, three: Three) -> None:
    """Both ask the other: the second yes would leave nobody there."""
    me, colleague, _ = three
    me.says("请假 12月3日 余玉淑顶班")
    colleague.says("请假 12月3日 潘霞兰顶班")
    colleague.presses("同意")
    me.presses("同意")
    assert [leave.post for leave in leaves(town, ME, COLLEAGUE)] == [ME]
    me.sees("您自己也请了假")


def test_leave_agreed_meanwhile_ends_a_swap(town: Town, three: Three) -> None:
    me, colleague, _ = three
    asks(me, TOMORROW, "余玉淑（锦绣2网格）")
    with town.database.writing() as conn:
        conn.execute(roster.LEAVE.insert().values(post_id=COLLEAGUE, first=town.now.date().replace(day=2), last=town.now.date().replace(day=2),
                                                  substitute_id=None))
    colleague.presses("同意")
    assert exceptions(town) == set()


def test_leave_that_nobody_decides_ends_with_its_days(town: Town, three: Three) -> None:
    me, _, secretary = three
    me.says("请假 明天 余玉淑顶班")
    town.forward(days=4)
    me.sees("没有请成")
    secretary.clears()
    town.forward(days=5)
    secretary.sees_nothing("请假")


def relaying(town: Town, worker: Phone) -> Phone:
    resident = town.resident()
    resident.says(HEAT)
    worker.presses("接单")
    worker.presses("回复居民")
    return resident


def test_words_for_a_resident_are_no_name(town: Town, three: Three) -> None:
    me, _, _ = three
    me.says("请假 明天")
    me.sees("谁来顶班")
    resident = relaying(town, me)
    me.says("您好，我下午三点到")
    resident.sees("您好，我下午三点到")
    me.says("不转了")
    me.sees("不转了")


def test_yes_to_a_resident_is_no_consent(town: Town, three: Three) -> None:
    me, colleague, _ = three
    resident = relaying(town, me)
    colleague.says("请假 12月3日 潘霞兰顶班")
    me.sees("行吗")
    resident.says("师傅您下午三点来行吗")
    me.says("好的")
    assert leaves(town, COLLEAGUE) == []
    me.presses("同意")
    assert [leave.substitute for leave in leaves(town, COLLEAGUE)] == [ME]


def test_words_for_a_resident_do_not_close_the_case(town: Town, three: Three) -> None:
    me, _, _ = three
    resident = town.resident()
    resident.says(HEAT)
    me.presses("接单")
    me.presses("办好了")
    me.presses("回复居民")
    me.says("您好，下午我上门换阀门")
    resident.sees("您好，下午我上门换阀门")
    assert town.case.state is not State.RESOLVED


def test_nobody_in_a_post_gets_nothing(town: Town, three: Three) -> None:
    """Vacant, though its row is on the roster: the secretary has it at once."""
    brings_in(town, posts(lambda row: replace(row, person=""), ME))
    town.resident().says(LAMP)
    assert holder(town) == "cs-s1c1"


def test_a_post_that_moves_to_another_community_leaves_its_cases_there(town: Town, three: Three) -> None:
    me, _, secretary = three
    town.resident().says(LAMP)
    me.presses("接单")
    brings_in(town, posts(lambda row: replace(row, area="s1c2g1"), ME))
    assert holder(town) == "cs-s1c1"
    secretary.sees("转由您接手")


def test_who_comes_to_more_needs_a_new_card(town: Town, three: Three) -> None:
    """A card that was printed for a worker does not open the city's chair."""
    with town.database.reading() as conn:
        person = next(row.person for row in stored_organisation(conn).posts if row.id == ME)
        mine = conn.execute(select(doors.PERSON.c.id).where(doors.PERSON.c.org_id == person)).scalar_one()
    with town.database.writing() as conn:
        doors.add_link(conn, id="l", kind="enter", mac="m", person_id=mine, created_at=town.now, expires_at=town.now.replace(year=2027))
        assert doors.good_link(conn, "m", town.now) is not None
    brings_in(town, posts(lambda row: replace(row, person=person), "city-2"))
    with town.database.reading() as conn:
        assert doors.good_link(conn, "m", town.now) is None


def test_on_duty_while_on_leave_is_not_believed(town: Town, three: Three) -> None:
    me, colleague, _ = three
    me.says("请假 今天 余玉淑顶班")
    colleague.presses("同意")
    me.says("上班")
    me.sees("请了假", "销假")
    me.says("下班")
    me.says("销假")
    town.resident().says(LAMP)
    assert holder(town) == ME


def test_who_was_asked_hears_that_it_is_off(town: Town, three: Three) -> None:
    me, colleague, _ = three
    me.says("请假 12月3日 余玉淑顶班")
    colleague.sees("行吗")
    me.says("销假")
    colleague.sees("不用您顶班了")
