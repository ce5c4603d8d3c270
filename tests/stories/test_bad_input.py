"""Bad input gets a clear answer and changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.case import State
from tests.fakes.town import Phone, Town

HOME = "锦绣苑3号楼2单元"


@pytest.fixture
def resident(town: Town) -> Phone:
    return town.resident("王阿姨")


@pytest.mark.parametrize("words", ["", "   ", "\n", "\u200b", "\u202e", "\x00"])
def test_empty(town: Town, resident: Phone, words: str) -> None:
    resident.says(words)
    resident.sees("空的")
    town.forward(minutes=20)
    assert town.cases() == []


@pytest.mark.parametrize("words", ["😀", "👨‍👩‍👧🎉", "!!!", "。。。", "<>", "';--", "0", "99"])
def test_signs_without_words(town: Town, resident: Phone, words: str) -> None:
    resident.says(words)
    resident.sees("没看懂")
    town.forward(minutes=20)
    assert town.cases() == []


def test_a_long_text_is_kept_whole_and_said_so(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气。" + "这事我说过很多次了。" * 600)
    resident.sees("4000 个字", "登记好了", HOME)
    assert len(town.case.summary) <= 120


def test_a_megabyte_is_no_crash(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气" + "啊" * 350_000)
    resident.sees("4000 个字", "登记好了")


@pytest.mark.parametrize(
    "words",
    [
        f"<script>alert(1)</script>{HOME}没暖气", f"{HOME}没暖气'; DROP TABLE cases; --", f"\u202e{HOME}没暖气\u202c",
        f"{HOME}没暖气{{number}}{{0}}%s", f"{HOME}没暖气\ud800", f"{HOME}没暖气\x00\x07", f"\u200f{HOME}\u200e没暖气",
    ],
)
def test_odd_signs_are_only_words(town: Town, resident: Phone, words: str) -> None:
    worker = town.staff("w-s1c1g1")
    resident.says(words)
    resident.sees("登记好了", HOME)
    card = worker.sees("新诉求", HOME)
    assert not {"\u202e", "\u202c", "\x00"} & set(card.text)
    worker.says("收到")
    resident.says(words.replace("没暖气", "还是没暖气"))
    worker.sees("居民补充")
    assert len(town.cases()) == 1


@pytest.mark.parametrize("value", ["", "x", "a.0.b", "question.0.aaaaaaaaaaaaaaaa", "😀", "1" * 500, "a.b.c.d.e", "\x00.0.x"])
def test_a_forged_button(town: Town, resident: Phone, value: str) -> None:
    resident.says(f"{HOME}没暖气")
    before = town.case
    resident.presses_value(value)
    resident.sees("认不出来")
    assert town.case == before


def test_a_button_with_another_number(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气")
    stem, _, mac = resident.shown[-1].buttons[0]["value"].rpartition(".")
    resident.presses_value(f"{stem[:-1]}9.{mac}")
    resident.sees("认不出来")


def test_somebody_elses_button(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气")
    other = town.resident("李叔")
    for button in resident.shown[-1].buttons:
        other.presses_value(button["value"])
        other.sees("别人的")
    assert town.case.state is State.ASSIGNED


def test_a_button_after_its_time(town: Town, resident: Phone) -> None:
    resident.says("锦绣苑没水")
    town.forward(seconds=2)
    resident.presses("3号楼")
    resident.presses("5号楼")
    resident.sees("之前的")
    assert town.case.spot.building_id == "e01b03"


def test_a_button_pressed_twice(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气")
    resident.says("撤回")
    resident.presses("撤回")
    events = town.case.rev
    value = next(b["value"] for m in resident.shown for b in m.buttons if b["label"] == "不撤回")
    resident.presses_value(value)
    resident.sees("之前的", "已撤回")
    assert town.case.rev == events


def test_a_button_of_an_ended_case(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气")
    receipt = resident.shown[-1]
    resident.says("撤回")
    resident.presses("撤回")
    for button in receipt.buttons:
        resident.clears()
        resident.presses_value(button["value"])
        assert resident.shown[resident.read:], button


@pytest.mark.parametrize("command", ["/foo", "/", "/DROP", "/my@otherbot extra", "/start ' OR 1=1", "/bind", "/bind 12345678"])
def test_an_unknown_command(town: Town, resident: Phone, command: str) -> None:
    heard = resident.commands(command)
    assert len(heard) == 1
    assert heard[0].text
    assert town.cases() == []


@pytest.mark.parametrize("data", [{}, {"lat": "x", "lon": 1}, {"lat": 999, "lon": 999}, {"building": "nothing"}, {"lat": 0, "lon": 0}])
def test_a_broken_place(town: Town, resident: Phone, data: dict[str, object]) -> None:
    town.hears("web", resident.address, "place", "", {"data": data})
    town.deliver()
    assert len(resident.shown) <= 1


def test_a_contact_without_a_number(town: Town, resident: Phone) -> None:
    resident.shares_contact("abc")
    resident.sees("不对")


def test_a_file_too_big(town: Town, resident: Phone) -> None:
    town.hears("web", resident.address, "media", "", {"data": {"too_big": True}})
    town.deliver()
    resident.sees("20 MB")


def test_somebody_elses_case_by_number(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气")
    other = town.resident("李叔")
    other.commands("/case 26-000001")
    other.says("26-000001怎么样了")
    assert not any(HOME in m.text for m in other.shown)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(
    st.text(max_size=40),
    st.sampled_from(["没暖气", "锦绣苑", "3号楼", "着火了", "撤回", "是", "不是", "催办", "13800138000", "不留", "我的诉求", "1", "2",
                     "臭鸡蛋味", "谢谢", "电梯也坏了", "水来了", "帮邻居报", "点错了", "/my", "分开", "我在太原市", "煤气味"]),
), max_size=7))
def test_anything_may_be_said(town: Town, said: list[str]) -> None:
    """Whatever is said, nothing breaks, every promise of the house holds, and nobody hears more than one message a turn."""
    resident = town.resident()
    for words in said:
        before = len(resident.shown)
        (resident.commands if words.startswith("/") else resident.says)(words)
        assert len(resident.shown) - before <= 1
        town.forward(seconds=3)
        assert len(resident.shown) - before <= 2
