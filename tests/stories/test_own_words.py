"""What a card quotes as the resident's is the resident's."""

from __future__ import annotations

import pytest

from tests.fakes.town import Phone, Town

LAMP = "锦绣苑3号楼2单元楼道灯坏了"


@pytest.fixture
def people(town: Town) -> tuple[Phone, ...]:
    """Resident, worker, secretary; a lamp that the worker says is mended."""
    resident, worker, secretary = town.resident("王阿姨"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(LAMP)
    worker.presses("接单")
    worker.presses("办好了")
    worker.says("修了")
    return resident, worker, secretary


def test_a_button_has_no_words(people: tuple[Phone, ...]) -> None:
    resident, worker, _ = people
    resident.presses("未解决")
    card = worker.sees("居民说没解决")
    assert "居民：" not in card.text
    assert "修了" not in card.text


def test_words_are_quoted(people: tuple[Phone, ...]) -> None:
    resident, worker, _ = people
    resident.says("没有，灯还是不亮")
    worker.sees("居民说没解决", "居民：「没有，灯还是不亮」")


def test_the_second_time_goes_up_without_the_workers_words(people: tuple[Phone, ...]) -> None:
    resident, worker, secretary = people
    resident.says("没有，灯还是不亮")
    worker.presses("办好了")
    worker.says("换了灯泡")
    resident.presses("未解决")
    card = secretary.sees("第二次没解决")
    assert "换了灯泡" not in card.text
    assert "灯还是不亮" not in card.text  # that was about the time before


def test_the_reason_of_a_dismissal_is_the_secretarys(town: Town) -> None:
    resident, worker, secretary = town.resident("王阿姨"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(LAMP)
    secretary.commands(f"/case {town.case.number}")
    secretary.presses("更多…")
    secretary.presses("不是诉求")
    secretary.says("加装要全楼同意，不是网格能办的事")
    worker.clears()
    resident.presses("不对，请重新办")
    assert "全楼同意" not in worker.sees("居民不同意收起").text


def test_what_is_added_is_quoted_though_the_worker_wrote_meanwhile(town: Town) -> None:
    resident, worker = town.resident("王阿姨"), town.staff("w-s1c1g1")
    resident.says(LAMP)
    worker.presses("更多…")
    worker.presses("请人协同")
    worker.says("请电工来看")
    resident.sends_photo("三楼也不亮")
    worker.sees("居民补充", "「三楼也不亮」")
