"""Answers to the check-back, a yes or no, a worker's action words, a phone, a day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.replies import Reply, read_day, read_phone, read_reply, read_worker_words, read_yes_no

WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "answer", "satisfaction"),
    [
        ("修好了，谢谢", "solved", "satisfied"),
        ("1", "solved", "none"),
        ("灯亮了", "solved", "none"),
        ("不漏了", "solved", "none"),
        ("解决了，基本满意", "solved", "mostly"),
        ("修是修好了，态度太差", "solved", "dissatisfied"),
        ("2", "partly", "none"),
        ("好多了，还差一点", "partly", "none"),
        ("客厅热了，卧室还是凉", "partly", "none"),
        ("3", "not_solved", "none"),
        ("好是好了但是又漏了", "not_solved", "none"),
        ("没修，差评", "not_solved", "dissatisfied"),
        ("还没人来", "not_solved", "none"),
        ("師傅說明天來", "not_solved", "none"),
        ("谁说解决了？", "not_solved", "none"),
        ("谢谢", "unclear", "none"),
        ("好的", "unclear", "none"),
        ("嗯嗯", "unclear", "none"),
        ("👍", "unclear", "none"),
        ("我还没回去看", "unclear", "none"),
        ("你们打错电话了吧", "unclear", "none"),
        ("", "unclear", "none"),
        ("满意", "unclear", "satisfied"),
    ],
)
def test_replies(text: str, answer: str, satisfaction: str) -> None:
    assert read_reply(text) == Reply(answer, satisfaction)


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_text_breaks_a_reader(text: str) -> None:
    assert read_reply(text) == read_reply(text)
    read_yes_no(text), read_worker_words(text), read_phone(text), read_day(text, WEDNESDAY)


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("是", True),
        ("好的。", True),
        ("对对", True),
        ("不是", False),
        ("不用了，谢谢", False),
        ("没有", False),
        ("是不是漏水", None),
        ("", None),
    ],
)
def test_yes_or_no(text: str, yes: bool | None) -> None:
    assert read_yes_no(text) is yes


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("收到", "acknowledge"), ("接单！", "acknowledge"), ("联系了", "contact"), ("到现场了", "arrive"), ("办好了", "resolve"),
        ("修好了。", "resolve"), ("修好了三楼的，还差二楼", None), ("快到了吧", None),
    ],
)  # fmt: skip
def test_worker_words(text: str, action: str | None) -> None:
    assert read_worker_words(text) == action


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("我电话１３８００１３８０００", "13800138000"), ("+86 138-0013-8000", "13800138000"), ("0352-2345678", "03522345678"),
        ("3号楼2单元501", None), ("订单202611250001234", None), ("2345678", "2345678"),
    ],
)  # fmt: skip
def test_phone(text: str, phone: str | None) -> None:
    assert read_phone(text) == phone


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("明天", date(2026, 11, 26)), ("后天上午", date(2026, 11, 27)), ("大后天", date(2026, 11, 28)), ("周五", date(2026, 11, 27)),
        ("周一", date(2026, 11, 30)), ("下周一", date(2026, 11, 30)), ("下周五", date(2026, 12, 4)), ("3天后", date(2026, 11, 28)),
        ("三天之内", date(2026, 11, 28)), ("12月1日", date(2026, 12, 1)), ("12-01", date(2026, 12, 1)), ("十二月一号", date(2026, 12, 1)),
        ("1月5日", date(2027, 1, 5)), ("2026年12月31日", date(2026, 12, 31)), ("2月30日", None), ("2026-11-01", None), ("没准", None),
        ("三个工作日", date(2026, 11, 30)), ("今天", WEDNESDAY),
    ],
)  # fmt: skip
def test_day(text: str, day: date | None) -> None:
    assert read_day(text, WEDNESDAY) == day
