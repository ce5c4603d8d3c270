"""定个日期: the days have their names, and what is no day is asked back."""

from __future__ import annotations

import pytest

from tests.fakes.town import Phone, Town


@pytest.fixture
def worker(town: Town) -> Phone:
    worker = town.staff("w-s1c1g1")
    town.resident("王阿姨").says("锦绣苑3号楼2单元楼道灯坏了")
    worker.presses("接单")
    worker.presses("更多…")
    worker.presses("定个日期")
    return worker


def test_the_days_have_their_names(worker: Phone) -> None:
    assert worker.labels(1) == ["今天", "明天", "后天", "周五"]


@pytest.mark.parametrize(("words", "says"), [
    ("昨天", "已经过去了"), ("11月25日", "已经过去了"), ("过两天吧", "是哪一天"), ("尽快", "是哪一天"), ("2月30日", "日历上没有"),
])
def test_what_is_no_day_is_asked_back(town: Town, worker: Phone, words: str, says: str) -> None:
    worker.says(words)
    worker.sees(says)
    assert town.case.promise_at is None
    worker.presses("后天", last=1)
    assert town.case.promise_at is not None
    assert (town.case.promise_at - town.now).days == 2


def test_a_button_means_the_day_that_stood_on_it(town: Town, worker: Phone) -> None:
    town.forward(days=1)
    worker.presses("后天", last=30)
    assert town.case.promise_at is not None
    assert town.case.promise_at.day == 3
