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
        ("近三个月", "2026-09-01", "2026-11-25", ""),
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
    ("最近7天", "2026-12-07", "2026-11-24", "2026-11-30"), ("最近3个月", "2026-12-07", "2026-07-25", "2026-09-30"),
    ("今天", "2026-12-01", "2026-11-30", "2026-11-30"), ("上个月", "2026-12-07", "2026-10-01", "2026-10-31"),
])  # fmt: skip
def test_what_is_not_over_is_compared_with_the_same_days_before(words: str, today: str, first: str, last: str) -> None:
    found = read_period(words, d(today))
    assert isinstance(found, Period)
    assert before(found) == (d(first), d(last))


def test_the_same_days_a_year_before() -> None:
    assert year_before(Period(d("2024-02-29"), d("2024-02-29"), "", True)) == (d("2023-02-01") + timedelta(days=27), d("2023-02-28"))
    assert year_before(Period(d("2025-02-01"), d("2025-02-28"), "", True)) == (d("2024-02-01"), d("2024-02-29"))
