"""Periods as supervisors name them, seen from Wednesday, 25 November 2026."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.periods import Period, before, beside_period, read_period, year_before

TODAY = date(2026, 11, 25)


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "first", "last", "beside"),
    [
        ("本周汇总", "2026-11-23", "2026-11-25", "汇总"),
        ("上周", "2026-11-16", "2026-11-22", ""),
        ("上上周", "2026-11-09", "2026-11-15", ""),
        ("上个月供暖", "2026-10-01", "2026-10-31", "供暖"),
        ("一街道物业 3月", "2026-03-01", "2026-03-31", "一街道物业"),
        ("12月", "2025-12-01", "2025-12-31", ""),
        ("去年12月", "2025-12-01", "2025-12-31", ""),
        ("十月份", "2026-10-01", "2026-10-31", ""),
        ("最近7天", "2026-11-19", "2026-11-25", ""),
        ("近三个月", "2026-08-26", "2026-11-25", ""),
        ("10月1日到15日", "2026-10-01", "2026-10-15", ""),
        ("2026-10-01到2026-10-31", "2026-10-01", "2026-10-31", ""),
        ("2025-11-20至2026-01-05", "2025-11-20", "2026-01-05", ""),
        ("10月20日至11月5日", "2026-10-20", "2026-11-05", ""),
        ("第三季度", "2026-07-01", "2026-09-30", ""),
        ("四季度", "2026-10-01", "2026-11-25", ""),
        ("上季度", "2026-07-01", "2026-09-30", ""),
        ("上半年", "2026-01-01", "2026-06-30", ""),
        ("2026-10", "2026-10-01", "2026-10-31", ""),
        ("2025年", "2025-01-01", "2025-12-31", ""),
        ("今年", "2026-01-01", "2026-11-25", ""),
        ("昨天", "2026-11-24", "2026-11-24", ""),
        ("11月28日", "2025-11-28", "2025-11-28", ""),
    ],
)
def test_a_period_is_read_with_what_stands_beside_it(text: str, first: str, last: str, beside: str) -> None:
    found = read_period(text, TODAY)
    assert isinstance(found, Period)
    assert (found.first, found.last) == (d(first), d(last))
    assert beside_period(text) == beside


FIRST = date(2026, 12, 1)


@pytest.mark.parametrize(("text", "first", "last"), [
    ("这星期", "2026-11-30", "2026-12-01"), ("这个礼拜", "2026-11-30", "2026-12-01"), ("这个周", "2026-11-30", "2026-12-01"), ("这3天", "2026-11-29", "2026-12-01"),
    ("上周五", "2026-11-27", "2026-11-27"), ("周五", "2026-11-27", "2026-11-27"), ("周二", "2026-12-01", "2026-12-01"), ("上周末", "2026-11-28", "2026-11-29"),
    ("上周一到上周三", "2026-11-23", "2026-11-25"), ("上周一到周三", "2026-11-23", "2026-11-25"), ("上周五到昨天", "2026-11-27", "2026-11-30"),
    ("10月上旬", "2026-10-01", "2026-10-10"), ("10月中旬", "2026-10-11", "2026-10-20"), ("10月下旬", "2026-10-21", "2026-10-31"), ("10月底", "2026-10-21", "2026-10-31"),
    ("上个月上旬", "2026-11-01", "2026-11-10"), ("10月份1号到10号", "2026-10-01", "2026-10-10"), ("上个月1号到10号", "2026-11-01", "2026-11-10"),
    ("大前天", "2026-11-28", "2026-11-28"), ("前天", "2026-11-29", "2026-11-29"), ("今天和昨天", "2026-11-30", "2026-12-01"), ("昨天到今天", "2026-11-30", "2026-12-01"),
    ("今年以来", "2026-01-01", "2026-12-01"), ("年初至今", "2026-01-01", "2026-12-01"), ("11月25日至今", "2026-11-25", "2026-12-01"), ("11月25日到今天", "2026-11-25", "2026-12-01"),
    ("10月到11月", "2026-10-01", "2026-11-30"), ("10月和11月", "2026-10-01", "2026-11-30"), ("1-10月", "2026-01-01", "2026-10-31"), ("一到十月", "2026-01-01", "2026-10-31"),
    ("11月到2月", "2026-11-01", "2026-12-01"), ("2024年11月到2月", "2024-11-01", "2025-02-28"), ("2023年11月到2月", "2023-11-01", "2024-02-29"), ("12月25日到1月5日", "2025-12-25", "2026-01-05"),
    ("2025年10月到2026年10月", "2025-10-01", "2026-10-31"), ("2025年10月到12月", "2025-10-01", "2025-12-31"), ("2026.10-2026.11", "2026-10-01", "2026-11-30"),
    ("20261001-20261015", "2026-10-01", "2026-10-15"), ("前三季度", "2026-01-01", "2026-09-30"), ("2025年第三季度", "2025-07-01", "2025-09-30"),
    ("最近一个月", "2026-11-02", "2026-12-01"), ("最近两个月", "2026-10-02", "2026-12-01"), ("近3个月", "2026-09-02", "2026-12-01"), ("近半年", "2026-06-02", "2026-12-01"),
    ("last month", "2026-11-01", "2026-11-30"), ("this week", "2026-11-30", "2026-12-01"), ("last 7 days", "2026-11-25", "2026-12-01"),
])  # fmt: skip
def test_as_people_say_it_on_the_first_of_december(text: str, first: str, last: str) -> None:
    found = read_period(text, FIRST)
    assert isinstance(found, Period)
    assert (found.first, found.last, beside_period(f"锦绣社区 {text} 供暖").split()) == (d(first), d(last), ["锦绣社区", "供暖"])


@pytest.mark.parametrize(("text", "wanted"), [
    ("11月30日到11月1日", "backwards"), ("11月15日到11月1日", "backwards"), ("11月15日到10月1日", "backwards"), ("11月30-11月1日", "backwards"),
    ("8月和10月", "apart"), ("每周三", None), ("到现在", None), ("目前天气", None), ("锦绣苑1-2号楼", None), ("下周五", "future"),
])  # fmt: skip
def test_what_is_turned_round_lies_apart_or_is_no_stretch(text: str, wanted: str | None) -> None:
    assert read_period(text, FIRST) == wanted


def test_this_year_up_to_now_is_compared_as_this_year_is() -> None:
    for words in ("今年以来", "年初至今", "今年"):
        found = read_period(words, FIRST)
        assert isinstance(found, Period)
        assert before(found) == (d("2025-01-01"), d("2025-12-01"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("明年3月", "future"), ("下个月", "future"), ("11月31日", "no_such"), ("10月15日到1日", "backwards"), ("供暖", None), ("3号楼", None),
     ("天津", None), ("", None)],
)  # fmt: skip
def test_what_is_no_period_of_the_past_is_said(text: str, wanted: str | None) -> None:
    assert read_period(text, TODAY) == wanted


@given(st.text(max_size=30), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_any_text_gives_a_period_that_has_begun_or_none(text: str, today: date) -> None:
    found = read_period(text, today)
    if isinstance(found, Period):
        assert found.first <= found.last <= today


def test_a_month_is_compared_with_the_month_before_and_days_with_as_many_days() -> None:
    assert before(Period(d("2026-03-01"), d("2026-03-31"), "", True)) == (d("2026-02-01"), d("2026-02-28"))
    assert before(Period(d("2026-11-16"), d("2026-11-22"), "", True)) == (d("2026-11-09"), d("2026-11-15"))
    assert before(Period(d("2026-07-01"), d("2026-09-30"), "", True)) == (d("2026-04-01"), d("2026-06-30"))


@pytest.mark.parametrize(("words", "today", "first", "last"), [
    ("今年", "2026-11-30", "2025-01-01", "2025-11-30"), ("2026年", "2026-12-01", "2025-01-01", "2025-12-01"),
    ("本季度", "2026-11-29", "2026-07-01", "2026-08-29"), ("第四季度", "2026-11-30", "2026-07-01", "2026-08-31"),
    ("今年下半年", "2026-11-29", "2026-01-01", "2026-05-29"), ("本月", "2026-12-09", "2026-11-01", "2026-11-09"),
    ("3月", "2026-03-30", "2026-02-01", "2026-02-28"), ("本周", "2026-12-02", "2026-11-23", "2026-11-25"),
    ("最近7天", "2026-12-07", "2026-11-24", "2026-11-30"), ("最近3个月", "2026-12-07", "2026-06-09", "2026-09-07"),
    ("今天", "2026-12-01", "2026-11-30", "2026-11-30"), ("上个月", "2026-12-07", "2026-10-01", "2026-10-31"),
])  # fmt: skip
def test_what_is_not_over_is_compared_with_the_same_days_before(words: str, today: str, first: str, last: str) -> None:
    found = read_period(words, d(today))
    assert isinstance(found, Period)
    assert before(found) == (d(first), d(last))


def test_the_same_days_a_year_before() -> None:
    assert year_before(Period(d("2024-02-29"), d("2024-02-29"), "", True)) == (d("2023-02-01") + timedelta(days=27), d("2023-02-28"))
    assert year_before(Period(d("2025-02-01"), d("2025-02-28"), "", True)) == (d("2024-02-01"), d("2024-02-29"))
