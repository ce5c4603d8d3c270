"""A sentence of a worker's belongs to what they did last: a 办好了 that was left half taken is never finished by accident."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.case import State
from tests.fakes.town import Phone, Town, made

LAMP, RUBBISH = "锦绣苑3号楼2单元楼道灯坏了", "锦绣苑5号楼楼下垃圾没人收"


@pytest.fixture
def worker(town: Town) -> Phone:
    """With two cases in hand, and 办好了 pressed on the first."""
    return half_done(town)


def half_done(town: Town) -> Phone:
    worker = town.staff("w-s1c1g1")
    town.resident("王阿姨").says(LAMP)
    town.resident("李叔").says(RUBBISH)
    for number in numbers(town):
        worker.commands(f"/case {number}")
        worker.presses("接单")
    worker.commands(f"/case {numbers(town)[0]}")
    worker.presses("办好了")
    worker.sees("办好了？写一句怎么办的")
    return worker


def numbers(town: Town) -> list[str]:
    return [case.number for case in town.cases()]


def second_card(town: Town, worker: Phone) -> None:
    worker.commands(f"/case {numbers(town)[1]}")


def day_of_the_second(town: Town, worker: Phone) -> None:
    second_card(town, worker)
    worker.presses("更多…")
    worker.presses("定个日期")
    worker.presses("明天", last=1)


def day_in_words(town: Town, worker: Phone) -> None:
    second_card(town, worker)
    worker.presses("更多…")
    worker.presses("定个日期")
    worker.says("明天")


def reply_to_the_second(town: Town, worker: Phone) -> None:
    second_card(town, worker)
    worker.presses("回复居民")
    worker.says("不转了")


LEAVING: dict[str, Callable[[Town, Phone], object]] = {
    "another card": second_card,
    "a day for it": day_of_the_second,
    "a day in words": day_in_words,
    "a reply": reply_to_the_second,
    "arrived": lambda town, worker: worker.presses("到场"),
    "off duty": lambda town, worker: worker.says("下班"),
    "the list": lambda town, worker: worker.says("我的工单"),
    "a command": lambda town, worker: worker.commands("/tasks"),
    "a quarter of an hour": lambda town, worker: town.forward(minutes=16),
    "two hours": lambda town, worker: town.forward(minutes=125),
}


@pytest.mark.parametrize("leaves", LEAVING.values(), ids=LEAVING.keys())
@pytest.mark.parametrize("words", ["好，先不管他", "12月20日"])
def test_what_is_left_is_not_finished_by_a_word(town: Town, worker: Phone, leaves: Callable[[Town, Phone], object], words: str) -> None:
    leaves(town, worker)
    worker.says(words)
    assert State.RESOLVED not in {case.state for case in town.cases()}
    assert not [m for p in town.phones.values() if p.channel == "web" for m in p.shown if "说办好了" in m.text]
    worker.says("我的工单")
    assert numbers(town)[0] in worker.shown[-1].text


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.sampled_from(sorted(set(LEAVING) - {"two hours"})), min_size=1, max_size=3))
def test_whatever_was_done_in_between(town_template: Path, tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    for town in made(tmp_path_factory.mktemp("left"), town_template, spare=True):
        worker = half_done(town)
        for step in steps:
            try:
                LEAVING[step](town, worker)
            except AssertionError:  # that button is not there any more
                continue
        worker.says("好，先不管他")
        assert State.RESOLVED not in {case.state for case in town.cases()}


def test_the_sentence_at_once_is_what_was_done(town: Town, worker: Phone) -> None:
    worker.says("换了灯泡")
    assert [case.state for case in town.cases()] == [State.RESOLVED, State.ACKNOWLEDGED]


def test_a_look_at_the_photos_leaves_nothing_behind(town: Town, worker: Phone) -> None:
    worker.presses("更多…")
    worker.presses("看照片")
    worker.says("换了灯泡")
    assert town.cases()[0].state is State.RESOLVED


def test_a_sentence_that_comes_late_is_asked_about(town: Town, worker: Phone) -> None:
    town.forward(minutes=16)
    worker.says("换了灯泡")
    worker.sees("「换了灯泡」", "怎么办的吗", numbers(town)[0])
    assert town.cases()[0].state is not State.RESOLVED
    worker.presses("是，办好了")
    assert town.cases()[0].state is State.RESOLVED


def test_and_a_no_ends_it(town: Town, worker: Phone) -> None:
    town.forward(minutes=16)
    worker.says("先不管他")
    worker.presses("不是")
    worker.says("明天再说吧")
    worker.sees("登记一件诉求吗")
    assert town.cases()[0].state is not State.RESOLVED


def test_two_photos_and_a_sentence(town: Town, worker: Phone) -> None:
    worker.sends_photo()
    worker.sees("照片收到了", "1 张")
    worker.sends_photo()
    worker.sees("照片收到了", "2 张")
    resident = next(p for p in town.phones.values() if p.channel == "web")
    worker.says("换了灯泡")
    assert len(resident.sees("说办好了：换了灯泡").files) == 2


def test_photos_of_a_办好了_that_was_pressed_again_go_with_it(town: Town, worker: Phone) -> None:
    resident = next(p for p in town.phones.values() if p.channel == "web")
    worker.sends_photo()
    second_card(town, worker)
    worker.commands(f"/case {numbers(town)[0]}")
    worker.presses("办好了")
    worker.sees("照片收到了", "1 张")
    worker.says("换了灯泡")
    assert len(resident.sees("说办好了：换了灯泡").files) == 1


def test_a_desks_answer_is_not_sent_by_a_word_for_something_else(town: Town) -> None:
    resident, secretary = town.resident("王阿姨"), town.staff("cs-s1c1")
    resident.says("锦绣苑3号楼2单元楼道灯坏了")
    resident.says("转人工")
    secretary.says("任务")
    secretary.presses("回答")
    secretary.says("任务")
    resident.clears()
    secretary.says("中午吃什么")
    resident.sees_nothing("中午吃什么")
