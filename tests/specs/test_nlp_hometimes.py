"""When somebody is at home, and whether somebody asks when we come."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from nlp.hometimes import HomeTime, asks_change, asks_when, read_home, read_times, says_busy

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 1, 10, 0, tzinfo=ZONE)  # a Tuesday
TODAY, TOMORROW, SATURDAY = date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 5)
LAST = time(21)


@pytest.mark.parametrize(("text", "windows"), [
    ("我七点后在家", [HomeTime(time(19), LAST)]),
    ("7点以后家里有人", [HomeTime(time(19), LAST)]),
    ("明天七点后在家", [HomeTime(time(19), LAST, TOMORROW)]),
    ("晚上七点以后家里有人", [HomeTime(time(19), LAST)]),
    ("没暖气，我下班后在家", [HomeTime(time(19), LAST)]),
    ("白天上班，晚上在家", [HomeTime(time(19), LAST)]),
    ("明天上午不在家，下午有人在家", [HomeTime(time(14), time(18), TOMORROW)]),
    ("我明天在家", [HomeTime(time(8), time(20), TOMORROW)]),
    ("周六全天在家", [HomeTime(time(8), time(20), SATURDAY)]),
    ("明天下午两点到五点在家", [HomeTime(time(14), time(17), TOMORROW)]),
    ("明天中午12点前在家", [HomeTime(time(8), time(12), TOMORROW)]),
    ("今晚8点我在家", [HomeTime(time(20), LAST, TODAY)]),
    ("明天没空", []),
    ("家里没人", []),
    ("家里还有个三个月的小孩", []),
    ("暖气不热，在家都穿羽绒服", []),
    ("孩子在家冻感冒了", []),
])
def test_when_somebody_is_at_home(text: str, windows: list[HomeTime]) -> None:
    assert list(read_home(text, NOW)) == windows


@pytest.mark.parametrize("text", [
    "几点来？", "什么时候来修", "啥时候来人啊", "师傅几点到", "大概几点能来", "你们什么时候上门", "约个时间吧", "哪天来", "什么时候有人来看看",
])
def test_somebody_asks_when_we_come(text: str) -> None:
    assert asks_when(text)


@pytest.mark.parametrize("text", ["什么时候来暖气", "几点来水", "啥时候来电", "几点供暖", "什么时候能修好", "有人来过了", "来过两次都没修好"])
def test_these_ask_something_else(text: str) -> None:
    assert not asks_when(text)


@pytest.mark.parametrize("text", ["明天没空", "我明天不在家", "那天家里没人", "我临时有事", "明天不行"])
def test_it_does_not_suit(text: str) -> None:
    assert says_busy(text)


@pytest.mark.parametrize("text", ["改个时间", "能不能换个时间", "改到周六", "推迟一天"])
def test_another_time_is_wanted(text: str) -> None:
    assert asks_change(text)


@pytest.mark.parametrize(("text", "times"), [
    ("明天下午三点", ["12-02 15:00"]),
    ("明天三点", ["12-02 15:00"]),
    ("今天9点", ["12-01 21:00"]),
    ("上午九点", ["12-02 09:00"]),
    ("明天下午三点或者周六上午九点", ["12-02 15:00", "12-05 09:00"]),
    ("明天上午九点，下午两点", ["12-02 09:00", "12-02 14:00"]),
    ("19:30", ["12-01 19:30"]),
    ("今天早上8点", ["12-01 08:00"]),
    ("换个阀门", []),
    ("明天", []),
    ("我今晚临时有事", []),
    ("今晚没空，明天晚上七点", ["12-02 19:00"]),
])
def test_the_times_that_are_offered(text: str, times: list[str]) -> None:
    assert [f"{at:%m-%d %H:%M}" for at in read_times(text, NOW)] == times
