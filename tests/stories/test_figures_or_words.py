"""What may be a question for figures, said by somebody who was asked to write something; and by somebody for whom figures are not."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from storage import tables as t
from tests.fakes.town import Phone, Town

OUT = ("明天停水", "下周供暖", "今天停水", "本周供暖", "昨天停电")


@pytest.fixture
def resident(town: Town) -> Phone:
    """Who has filed two cases."""
    found = town.resident("filer")
    for words in ("锦绣苑3号楼2单元501没暖气", "锦绣苑1号楼楼道灯坏了"):
        found.says(words)
        found.sees("登记好了")
    return found


@pytest.fixture
def secretary(town: Town, resident: Phone) -> Phone:
    found = town.staff("cs-s1c1")
    found.clears()
    return found


@pytest.mark.parametrize("words", OUT)
def test_the_words_of_a_notice(secretary: Phone, words: str) -> None:
    secretary.commands("/notice 锦绣苑3号楼")
    secretary.sees("居民什么")
    secretary.says(words)
    assert words in secretary.sees("要发给").text


@pytest.mark.parametrize("words", OUT)
def test_the_words_of_a_request_that_is_filed_for_somebody(town: Town, secretary: Phone, words: str) -> None:
    secretary.says("登记")
    secretary.presses("替居民")
    secretary.says(f"锦绣苑3号楼{words}")
    secretary.sees("登记好了")
    assert town.cases()[-1].summary == f"锦绣苑3号楼{words}"


def test_a_day_that_lies_ahead_goes_to_the_resident(secretary: Phone, resident: Phone) -> None:
    secretary.commands("/case 26-000001")
    secretary.presses("回复居民")
    secretary.says("明天停水")
    resident.sees("明天停水")
    secretary.sees_nothing("还没到")


def test_one_press_tells_whether_it_is_for_the_resident(secretary: Phone, resident: Phone) -> None:
    secretary.commands("/case 26-000001")
    secretary.presses("回复居民")
    resident.clears()
    secretary.says("今天供暖")
    secretary.sees("「今天供暖」是转给居民的话，还是问数字？")
    resident.sees_nothing("今天供暖")
    secretary.presses("就是这句话")
    resident.sees("今天供暖")
    secretary.says("今天供暖")
    secretary.presses("问数字")
    secretary.sees("锦绣社区 供暖 今天")
    secretary.says("本周汇总")
    secretary.sees("锦绣社区 本周")


def test_one_press_tells_whether_it_is_what_was_done(town: Town, secretary: Phone) -> None:
    secretary.commands("/assign 26-000001")
    secretary.presses("我来办")
    secretary.commands("/case 26-000001")
    secretary.presses("办好了")
    secretary.says("今天供暖")
    secretary.sees("是要写上的那句话，还是问数字")
    assert str(town.cases()[0].state) != "resolved"
    secretary.presses("就是这句话")
    assert str(town.cases()[0].state) == "resolved"


def test_what_was_done_begins_no_notice(town: Town, secretary: Phone) -> None:
    secretary.commands("/assign 26-000001")
    secretary.presses("我来办")
    secretary.commands("/case 26-000001")
    secretary.presses("办好了")
    secretary.says("通知居民了，阀门换好了")
    assert str(town.cases()[0].state) == "resolved"


@pytest.mark.parametrize("words", ["给锦绣苑3号楼发通知：明天上午停水", "给锦绣苑3号楼发个通知，明天上午停水", "发通知 锦绣苑3号楼：明天上午停水"])
def test_a_notice_as_one_says_it(secretary: Phone, words: str) -> None:
    secretary.says(words)
    secretary.sees("要发给 1 位居民", "明天上午停水")


def test_merging_as_one_says_it(secretary: Phone) -> None:
    secretary.says("并案 26-000002 26-1")
    secretary.sees("26-000001", "26-000002")
    assert "合并" in [b["label"] for b in secretary.shown[-1].buttons]


@pytest.mark.parametrize("words", ["三率", "谁超期了", "哪个小区投诉最多", "最近有什么热点", "网格员工作量", "满意率是多少"])
def test_a_curious_resident_makes_no_case(town: Town, words: str) -> None:
    resident = town.resident("curious")
    resident.says(words)
    resident.sees("这是给社区书记、街道和市里用的")
    town.forward(minutes=15)
    assert town.cases() == []


@pytest.mark.parametrize("words", ["督办 26-000001", "合并 26-000001 和 26-000002", "网格员工作量", "看板", "指定 26-000002"])
def test_a_curious_worker_makes_no_note(town: Town, secretary: Phone, words: str) -> None:
    worker = town.staff("w-s1c1g1", "web")
    worker.commands("/case 26-000001")
    before = [case.rev for case in town.cases()]
    worker.says(words)
    worker.sees("这是社区书记、街道和市里用的")
    assert [case.rev for case in town.cases()] == before


def test_a_slash_of_a_chinese_keyboard(secretary: Phone) -> None:
    secretary.says("／summary 本月")
    secretary.sees("登记 2 件")


def test_where_most_of_it_is(town: Town, secretary: Phone) -> None:
    secretary.says("哪个小区投诉最多")
    told = secretary.sees("锦绣社区 本月", "· 锦绣苑：2 件，还在办 2 件")
    assert [b["label"] for b in told.buttons] == ["锦绣苑 2"]
    secretary.presses("锦绣苑 2")
    secretary.sees("锦绣社区 锦绣苑 本月", "登记 2 件")
    secretary.presses("返回")
    secretary.sees("· 锦绣苑：2 件")
    secretary.says("本月哪里供暖最多")
    secretary.sees("锦绣社区 供暖 本月", "件，还在办 1 件")
    secretary.says("上个月哪个小区投诉最多")
    secretary.sees("没有登记过说得出小区的诉求")


def test_back_from_the_coverage_leads_to_the_rates_and_rows_stay_small(town: Town, secretary: Phone) -> None:
    secretary.says("本月汇总")
    for _ in range(6):
        secretary.presses("三率")
        secretary.sees("响应率")
        secretary.presses("值班覆盖率")
        secretary.sees("值班覆盖")
        secretary.presses("返回")
        secretary.sees("本月", "响应率", "值班覆盖")
        secretary.presses("返回")
        secretary.sees("登记 2 件")
    with town.database.reading() as conn:
        rows = conn.execute(select(t.Question.__table__.c.options)).scalars()  # type: ignore[attr-defined]
        assert max(len(str(options)) for options in rows) < 12_000
