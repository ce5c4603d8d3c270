"""Days, moments and grids as staff write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.policy import SHANGHAI
from nlp.dates import FARTHEST, Days, beside_days, read_days
from nlp.grids import Grid, grids_meant, likely
from nlp.moments import read_moment

TODAY = date(2026, 11, 25)  # a Wednesday
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=SHANGHAI)


def d(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


@pytest.mark.parametrize(("text", "first", "last"), [
    ("今天", d(11, 25), None), ("明天", d(11, 26), None), ("后天", d(11, 27), None), ("大后天", d(11, 28), None),
    ("11月27日到29日 王强顶班", d(11, 27), d(11, 29)), ("11月27到29", d(11, 27), d(11, 29)), ("11-27", d(11, 27), None),
    ("11-27到11-29", d(11, 27), d(11, 29)), ("11.27-29", d(11, 27), d(11, 29)), ("11/27~11/29", d(11, 27), d(11, 29)),
    ("１１月２７日至２９日", d(11, 27), d(11, 29)), ("十一月二十七日至二十九日", d(11, 27), d(11, 29)),
    ("27号", d(11, 27), None), ("3号", d(12, 3), None), ("27-29号", d(11, 27), d(11, 29)), ("30号到2号", d(11, 30), d(12, 2)),
    ("周三", d(11, 25), None), ("周五", d(11, 27), None), ("周二", d(12, 1), None), ("下周一", d(11, 30), None),
    ("下周一到周五", d(11, 30), d(12, 4)), ("星期五至下周二", d(11, 27), d(12, 1)), ("周末", d(11, 28), d(11, 29)),
    ("明天到后天", d(11, 26), d(11, 27)), ("明天、后天", d(11, 26), d(11, 27)), ("明天起三天", d(11, 26), d(11, 28)),
    ("从12月1日开始请两天", d(12, 1), d(12, 2)), ("3天后", d(11, 28), None), ("2026年12月1日", d(12, 1), None),
    ("2026-12-01至2027-01-03", d(12, 1), d(1, 3, 2027)), ("12月30日到1月2日", d(12, 30), d(1, 2, 2027)),
    ("1月5日", d(1, 5, 2027), None), ("明年1月5日", d(1, 5, 2027), None), ("31号", d(12, 31), None),
])  # fmt: skip
def test_days(text: str, first: date, last: date | None) -> None:
    assert read_days(text, TODAY) == Days(first, last or first)


@pytest.mark.parametrize(("text", "wrong"), [
    ("", "none"), ("不知道", "none"), ("三天", "none"), ("3号楼", "none"), ("下午", "none"), ("昨天", "past"), ("11月20日", "past"),
    ("2020年1月1日", "past"), ("今年3月1日", "past"), ("去年12月1日", "past"), ("2028年1月1日", "far"), ("明年12月1日", "far"),
    ("9999年12月31日", "far"), ("9999年12月31日起9天", "no_such"), ("2月30日", "no_such"), ("13月1日", "no_such"), ("32号", "no_such"),
    ("明年2月29日", "no_such"), ("十百月一日", "none"), ("29号到27号", "backwards"), ("11月30日到11月28日", "backwards"),
    ("后天到明天", "backwards"),
])  # fmt: skip
def test_what_is_wrong_with_them(text: str, wrong: str) -> None:
    assert read_days(text, TODAY) == wrong


def test_half_a_day_is_noticed() -> None:
    assert read_days("明天下午", TODAY) == Days(d(11, 26), d(11, 26), half=True)


AHEAD = st.integers(0, 365).map(lambda n: timedelta(days=n))
SOME_DAY = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@given(SOME_DAY, AHEAD, st.sampled_from(["{0.year}年{0.month}月{0.day}日", "{0:%Y-%m-%d}", "{0.year}/{0.month}/{0.day}"]))
def test_a_written_day_is_that_day(today: date, ahead: timedelta, form: str) -> None:
    day = today + ahead
    assert read_days(form.format(day), today) == Days(day, day)


@given(SOME_DAY, st.integers(0, 300), st.integers(0, 30), st.sampled_from(["到", "至", "-", "~", "—"]))
def test_a_written_stretch_is_that_stretch(today: date, ahead: int, length: int, to: str) -> None:
    first = today + timedelta(days=ahead)
    last = first + timedelta(days=length)
    said = f"{first.month}月{first.day}日{to}{last.month}月{last.day}日"
    assert read_days(said, today) == Days(first, last)


@given(SOME_DAY, st.text("0123456789年月日号到至-.～周星期一二三四五六天明后今下起两十百", max_size=25))
def test_whatever_is_written_it_is_days_ahead_or_a_reason(today: date, text: str) -> None:
    got = read_days(text, today)
    if isinstance(got, Days):
        assert today <= got.first <= got.last <= today + FARTHEST
    else:
        assert got in ("none", "no_such", "past", "far", "backwards")


@pytest.mark.parametrize(("text", "rest"), [
    ("我想从明天起请三天假", ""), ("下周一到周三吧", ""), ("11月27日到29日 王强顶班", "王强"), ("明天上午再去一趟", "再去一趟"),
])
def test_what_stands_beside_the_days(text: str, rest: str) -> None:
    assert beside_days(text) == rest


# ---- moments -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "at"), [
    ("周六晚上8点", "11-28T20:00"), ("明天晚上", "11-26T20:00"), ("今晚", "11-25T20:00"), ("明早", "11-26T08:00"),
    ("夜里2点", "11-26T02:00"), ("8点", "11-25T20:00"), ("11点", "11-25T11:00"), ("早上八点", "11-26T08:00"),
    ("下午三点半", "11-25T15:30"), ("20:30", "11-25T20:30"), ("晚上12点", "11-26T00:00"), ("中午12点", "11-25T12:00"),
    ("中午1点", "11-25T13:00"), ("12月3日", "12-03T10:00"), ("今天", "11-25T10:00"), ("两点一刻", "11-25T14:15"),
])  # fmt: skip
def test_moments(text: str, at: str) -> None:
    assert read_moment(f"谁值班 {text}", NOW).at == datetime.fromisoformat(f"2026-{at}:00+08:00")


@pytest.mark.parametrize("text", ["", "锦绣社区第3网格", "现在", "25点", "12月32日"])
def test_no_moment(text: str) -> None:
    assert read_moment(text, NOW).at is None


def test_the_rest_is_the_place() -> None:
    assert read_moment("谁值班 三网格 周六晚上8点", NOW).rest == "谁值班 三网格"


@given(st.text(max_size=30))
def test_any_text_has_a_moment_or_none(text: str) -> None:
    at = read_moment(text, NOW).at
    assert at is None or at.tzinfo is not None


# ---- grids -------------------------------------------------------------------------------------------------------

GRIDS = [
    Grid(f"{c}{n}", (f"{name}社区第{n}网格", f"{name}{n}网格"), (f"{name}社区", f"{name}居委会"))
    for c, name in (("j", "锦绣"), ("p", "平安")) for n in (1, 2, 3, 11)
] + [Grid("d", ("东风里网格",), ("平安社区",))]


@pytest.mark.parametrize(("words", "meant"), [
    ("锦绣社区第3网格", "j3"), ("锦绣３网格", "j3"), ("锦绣三网格", "j3"), ("三网格", "j3 p3"), ("第十一网格", "j11 p11"),
    ("谁值班 平安1网格？", "p1"), ("锦绣社区", "j1 j2 j3 j11"), ("锦绣居委会", "j1 j2 j3 j11"), ("东风里", "d"),
    ("9网格", ""), ("东城社区", ""), ("", ""), ("锦绣社区第9网格", ""),
])  # fmt: skip
def test_grids(words: str, meant: str) -> None:
    assert [g.id for g in grids_meant(words, GRIDS)] == meant.split()


def test_likely_grids() -> None:
    assert likely("锦秀3网格", GRIDS)[0].id == "j3"
    assert [g.id for g in likely("zzz", GRIDS)] == ["j1", "j2", "j3", "j11"]
