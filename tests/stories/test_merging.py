"""/merge: one trouble told twice goes through the same hands, and both residents are told and asked."""

from __future__ import annotations

import pytest

from casework.case import State
from casework.incidents import against_merging
from tests.fakes.town import Phone, Town


@pytest.fixture
def people(town: Town) -> tuple[Phone, Phone, Phone, Phone]:
    """The same lift, told from two buildings of two grids; their secretary and the first worker."""
    worker, other, secretary = town.staff("w-s1c1g1"), town.staff("w-s1c1g2"), town.staff("cs-s1c1")
    one, two = town.resident("王阿姨"), town.resident("李叔")
    one.says("锦绣苑3号楼电梯坏了")
    two.says("锦绣苑5号楼电梯坏了")
    for phone in (one, two, worker, other, secretary):
        phone.clears()
    return one, two, worker, secretary


@pytest.mark.parametrize("words", ["/merge 26-000002 26-1", "合并 26-000002 26-000001", "把26-000002并到26-000001"])
def test_what_is_done_about_the_one_is_done_about_the_other(town: Town, people: tuple[Phone, ...], words: str) -> None:
    one, two, worker, secretary = people
    secretary.commands(words) if words.startswith("/") else secretary.says(words)
    secretary.sees("把 26-000002", "并到 26-000001")
    secretary.presses("合并")
    secretary.sees("26-000002并到 26-000001 了")
    worker.sees("26-000002并到 26-000001 一起办")
    worker.commands("/case 26-000001")
    worker.presses("接单")
    assert [case.state for case in town.cases()] == [State.ACKNOWLEDGED] * 2
    two.sees("26-000002", "已经接单")
    worker.presses("办好了")
    worker.says("换了门机皮带")
    worker.presses("点错了")
    assert [case.state for case in town.cases()] == [State.ACKNOWLEDGED] * 2
    two.sees("点错了")
    worker.commands("/case 26-000001")
    worker.presses("办好了")
    worker.says("换了门机皮带")
    for resident, number in ((one, "26-000001"), (two, "26-000002")):
        resident.sees(number, "换了门机皮带", "解决了吗")
        resident.presses("已解决")
    assert [case.state for case in town.cases()] == [State.CONFIRMED] * 2


def test_merged_late_it_catches_up_and_can_be_parted_again(town: Town, people: tuple[Phone, ...]) -> None:
    _, two, worker, secretary = people
    worker.commands("/case 26-000001")
    worker.presses("接单")
    secretary.commands("/merge 26-2 26-1")
    secretary.presses("合并")
    two.sees("已经接单")
    secretary.presses("还是分开")
    secretary.sees("还是单独的一件，专职网格员 潘霞兰接着办", "指定人办")
    assert town.cases()[1].merged_into is None
    worker.commands("/case 26-000001")
    worker.presses("办好了")
    worker.says("换了门机皮带")
    assert [case.state for case in town.cases()] == [State.RESOLVED, State.ACKNOWLEDGED]


def test_what_may_not_be_merged(town: Town, people: tuple[Phone, ...]) -> None:
    *_, worker, secretary = people
    town.resident("孙姐").says("锦绣苑3号楼2单元301室网格员态度恶劣骂人")
    for words, answer in (
        ("/merge 26-1", "写上两个编号"), ("/merge 26-1 26-1", "已经是一件"), ("/merge 26-3 26-1", "反映人的事"), ("/merge 26-1 26-9", "不在您手上"),
    ):
        secretary.clears()
        secretary.commands(words)
        secretary.sees(answer)
    worker.commands("/merge 26-2 26-1")
    stranger = town.staff("cs-s1c2")
    stranger.commands("/merge 26-2 26-1")
    stranger.sees("不在您手上")
    assert all(case.merged_into is None for case in town.cases())


@pytest.fixture
def three(town: Town, people: tuple[Phone, ...]) -> Phone:
    """A third of the same, and 26-000003 is merged into 26-000001; the secretary."""
    town.resident("赵姐").says("锦绣苑6号楼电梯坏了")
    secretary = people[-1]
    secretary.commands("/merge 26-3 26-1")
    secretary.presses("合并")
    secretary.clears()
    return secretary


def answered(phone: Phone, words: str) -> str:
    """What is said to it."""
    return " ".join(message.text for message in phone.commands(words))


@pytest.mark.parametrize("again", ["/merge 26-3 26-1", "/merge 26-1 26-3"])
def test_the_same_again_is_not_done_again(town: Town, three: Phone, again: str) -> None:
    assert "26-000003已经并到 26-000001 了" in answered(three, again)
    assert "合并" not in three.labels(1)
    three.presses("还是分开")
    three.sees("26-000003还是单独的一件")
    assert town.cases()[2].merged_into is None


def test_a_preview_from_before_is_not_done_again(town: Town, people: tuple[Phone, ...]) -> None:
    street, secretary = town.staff("sd-s1"), people[-1]
    for phone in (street, secretary):
        phone.commands("/merge 26-2 26-1")
    for phone in (street, secretary):
        phone.presses("合并")
    secretary.sees("26-000002已经并到 26-000001 了")
    secretary.commands("/case 26-000002")
    secretary.presses("经过")
    assert secretary.shown[-1].text.count("并到 26-000001 一起办") == 1


def test_what_goes_with_another_itself_is_said_with_the_numbers_that_were_asked(town: Town, three: Phone) -> None:
    said = answered(three, "/merge 26-2 26-3")
    assert "把 26-000002" in said
    assert "并到 26-000001（" in said
    assert "26-000003 已经并到 26-000001 了" in said
    three.presses("合并")
    assert town.cases()[1].merged_into == town.cases()[0].id
    said = answered(three, "/merge 26-2 26-3")
    assert "26-000002已经并到 26-000001 了" in said
    assert "26-000003 已经并到 26-000001 了" in said


def test_a_case_that_goes_with_another_says_that_it_will_not_any_more(town: Town, three: Phone) -> None:
    assert "26-000003 现在并在 26-000001 里" in answered(three, "/merge 26-3 26-2")
    three.presses("合并")
    three.sees("26-000003并到 26-000002 了")
    assert town.cases()[2].merged_into == town.cases()[1].id


def test_the_card_and_what_happened_say_with_which_it_goes(town: Town, three: Phone) -> None:
    assert "，并到 26-000001 一起办" in answered(three, "/case 26-000003")
    assert "一起办" not in answered(three, "/case 26-000001")
    three.commands("/merge 26-3 26-1")
    three.presses("还是分开")
    assert "一起办" not in answered(three, "/case 26-000003")
    three.presses("经过")
    three.sees("徐娟山并到 26-000001 一起办", "徐娟山分开，单独办")


def test_the_resident_is_told_of_it_without_the_other_number(town: Town, people: tuple[Phone, ...], three: Phone) -> None:
    two = people[1]
    three.commands("/merge 26-2 26-1")
    three.presses("合并")
    three.presses("还是分开")
    two.clears()
    two.says("到哪一步了")
    two.sees("跟同样的一件一起办", "分开，单独办")
    two.sees_nothing("26-000001")


def test_a_case_does_not_go_twice_with_the_same(town: Town, three: Phone) -> None:
    main, other, merged = town.cases()
    assert against_merging(merged, main) == "already"
    assert against_merging(main, merged) == "itself"
    assert against_merging(other, main) is None
