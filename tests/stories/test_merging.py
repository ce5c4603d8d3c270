"""/merge: one trouble told twice goes through the same hands, and both residents are told and asked."""

from __future__ import annotations

import pytest

from casework.case import State
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
