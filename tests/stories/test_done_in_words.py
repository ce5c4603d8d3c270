"""修好了, in the worker's own words: what was done is taken where it was told, and asked once where it was not."""

from __future__ import annotations

import pytest

from casework.case import State
from storage import cases
from tests.fakes.town import Phone, Town

HEAT = "锦绣苑3号楼2单元没暖气"


def taken(town: Town, channel: str = "telegram") -> tuple[Phone, Phone]:
    resident, worker = town.resident("王阿姨"), town.staff("w-s1c1g1", channel)
    resident.says(HEAT)
    worker.presses("接单")
    for phone in (resident, worker):
        phone.clears()
    return resident, worker


def said_done(town: Town) -> str:
    """The words with which it was said to be done."""
    with town.database.reading() as conn:
        return next(line.words for line in cases.lines(conn, town.case.id) if line.event.kind == "resolve")


@pytest.mark.parametrize("channel", ["telegram", "web"])
@pytest.mark.parametrize("words", [
    "修好了，换了阀门", "修好了 换了阀门", "换了阀门，修好了", "修好了换了阀门", "三楼修好了，换了阀门", "好了，换了阀门", "搞定，疏通了管道", "修好了，热了",
    "修好了，不漏了",
])
def test_what_was_done_is_not_asked_when_it_was_told(town: Town, words: str, channel: str) -> None:
    resident, worker = taken(town, channel)
    worker.says(words)
    worker.sees_nothing("怎么办的")
    assert town.case.state is State.RESOLVED
    assert said_done(town) == words
    resident.sees("解决了吗", words)
    worker.presses("点错了")
    assert town.case.state is State.ACKNOWLEDGED


@pytest.mark.parametrize("words", ["修好了", "办好了", "修好了，谢谢", "已办结，请回访", "收到，修好了"])
def test_asked_once_and_the_next_words_are_taken(town: Town, words: str) -> None:
    resident, worker = taken(town)
    worker.says(words)
    worker.sees("写一句怎么办的")
    resident.sees_nothing()
    worker.says("换了阀门")
    assert (town.case.state, said_done(town)) == (State.RESOLVED, "换了阀门")


@pytest.mark.parametrize(("first", "again"), [("修好了", "修好了"), ("办好了", "修好了。"), ("修好了", "办好了，谢谢"), ("搞定", "好了")])
def test_said_again_it_is_taken_as_it_was_said(town: Town, first: str, again: str) -> None:
    resident, worker = taken(town)
    worker.says(first)
    worker.sees("写一句怎么办的")
    worker.says(again)
    worker.sees_nothing("写一句怎么办的")
    assert (town.case.state, said_done(town)) == (State.RESOLVED, again)
    resident.sees("解决了吗", again)


def test_after_the_button_it_is_no_second_question_either(town: Town) -> None:
    resident, worker = taken(town)
    worker.presses("办好了")
    worker.says("修好了")
    assert (town.case.state, said_done(town)) == (State.RESOLVED, "修好了")
    resident.sees("解决了吗")


def test_another_action_word_acts_and_the_sentence_is_not_waited_for_any_more(town: Town) -> None:
    _resident, worker = taken(town)
    worker.says("修好了")
    worker.says("到了")
    assert (town.case.state, town.case.arrived_at) == (State.IN_PROGRESS, town.now)
    worker.says("修好了，换了阀门")
    assert (town.case.state, said_done(town)) == (State.RESOLVED, "修好了，换了阀门")


@pytest.mark.parametrize("words", [
    "修好了三楼的，还差二楼", "修好了，但是还漏", "修好了吗", "二楼修好了，三楼没修好", "修好了，明天再看", "居民说修好了，又坏了", "物业说已经修好了，我去看看",
    "要是修好了，告诉我一声", "阀门换好了", "好了，马上去",
])
def test_what_is_not_said_to_be_done_is_a_note(town: Town, words: str) -> None:
    resident, worker = taken(town)
    worker.says(words)
    worker.sees("记在")
    assert town.case.state is State.ACKNOWLEDGED
    resident.sees_nothing()


def test_of_several_cards_it_is_asked_which_and_the_words_are_kept(town: Town) -> None:
    first, second, worker = town.resident("甲"), town.resident("乙"), town.staff("w-s1c1g1")
    first.says(HEAT)
    second.says("锦绣苑3号楼楼道灯不亮")
    worker.says("修好了，换了灯泡")
    worker.sees("哪一件")
    worker.presses("26-000002 房屋和公共设施", last=1)
    lamp = next(c for c in town.cases() if c.number == "26-000002")
    assert lamp.state is State.RESOLVED
    second.sees("解决了吗", "修好了，换了灯泡")


def test_a_photo_with_the_words_goes_along(town: Town) -> None:
    resident, worker = taken(town)
    worker.sends_photo("修好了，换了阀门")
    assert len(resident.sees("解决了吗", "换了阀门").files) == 1


def test_on_a_card_that_is_done_it_is_a_note(town: Town) -> None:
    _resident, worker = taken(town)
    worker.says("修好了，换了阀门")
    worker.says("弄好了，又换了个垫圈")
    assert town.case.state is State.RESOLVED
    worker.sees("记在")
