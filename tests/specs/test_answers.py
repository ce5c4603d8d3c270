"""Common questions: which answers fit, what is no question at all, the words a new one is found by, and the file."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import as_toml, ending, read_answers
from nlp.answers import Answer, Suggested, asks_progress, complains, find_answers, fit, read_words, squeezed, suggest

TODAY = date(2026, 12, 1)


def answer(topic: str, any_of: str, with_any: str = "", none_of: str = "", text: str = "", until: date = date(2027, 1, 1), area: str = "") -> Answer:
    words = (tuple(each.split()) for each in (any_of, with_any, none_of))
    return Answer(topic, *words, text or topic, "窗口", until, area)


HEAT = answer("供暖时间", "供暖 暖气", "几点 什么时候")
FEE = answer("暖气费", "暖气费 供暖费", "怎么交 几点")


def topics(text: str, *answers: Answer) -> list[str]:
    return [each.topic for each in find_answers(text, answers, TODAY)]


def test_the_longer_word_is_the_better_one() -> None:
    assert topics("暖气费几点能交", HEAT, FEE) == ["暖气费"]
    assert topics("暖气几点来", HEAT, FEE) == ["供暖时间"]


def test_signs_that_two_words_share_count_once() -> None:
    assert fit(squeezed("暖气费怎么交"), answer("", "暖气 暖气费", "怎么 怎么交"))[0] == len("暖气费怎么交")


def test_equals_are_both_named_unless_they_say_the_same() -> None:
    old, young = answer("老人", "老人", "优惠"), answer("学生", "学生", "优惠")
    assert topics("老人和学生有优惠吗", old, young) == ["老人", "学生"]
    assert topics("老人优惠", old, answer("老人又一遍", "老人", "优惠", text="老人")) == ["老人"]


def test_what_has_ended_is_nothing_even_where_it_fits_best() -> None:
    assert topics("暖气费几点能交", HEAT, answer("暖气费", "暖气费", "几点", until=date(2026, 11, 30))) == ["供暖时间"]
    assert topics("暖气费几点能交", answer("暖气费", "暖气费", until=TODAY)) == ["暖气费"]  # its last day


def test_slips_and_english_find_it_too() -> None:
    assert topics("暧气几点来", HEAT) == ["供暖时间"]
    assert topics("how do I apply for a residence permit", answer("居住证", "居住证", "怎么")) == ["居住证"]


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("为什么还没来暖气", True), ("怎么又没暖气了", True), ("垃圾怎么几天没人清", True), ("物业费怎么这么贵", True), ("电梯坏了还管不管", True),
        ("低保怎么申请", False), ("物业费怎么交", False), ("几点供暖", False), ("为什么要交维修基金", False), ("怎么办老年证", False),
    ],
)  # fmt: skip
def test_a_trouble_is_no_question(text: str, trouble: bool) -> None:
    assert complains(text) is trouble


@pytest.mark.parametrize(("text", "progress"), [("什么时候能修好", True), ("谁来修啊", True), ("几点能来", True), ("低保怎么申请", False), ("几点供暖", False)])
def test_how_far_is_it(text: str, progress: bool) -> None:
    assert asks_progress(text) is progress


@pytest.mark.parametrize(
    ("question", "matter", "way"),
    [
        ("请问社区图书角借书带什么证", "图书角", "带什么"), ("残疾人补贴怎么申请", "残疾人补贴", "怎么"), ("居住证多久能办下来", "居住证", "多久"),
        ("公租房申请条件是什么", "公租房", "条件"), ("狗证在哪儿办", "狗证", "在哪"), ("暖气费能用微信交吗", "暖气费", "微信"),
    ],
)  # fmt: skip
def test_question_words_are_suggested_that_find_the_question(question: str, matter: str, way: str) -> None:
    words = suggest(question)
    assert words.any_of == (matter,)
    assert way in words.with_any
    assert topics(question, Answer("", words.any_of, words.with_any, (), "x", "", date(2027, 1, 1))) == [""]


@given(st.text(max_size=60))
def test_whatever_is_suggested_finds_its_question(question: str) -> None:
    words = suggest(question)
    if words.any_of:
        assert find_answers(question, [Answer("", words.any_of, words.with_any, (), "x", "", date(2027, 1, 1))], TODAY)


def test_what_a_clerk_writes() -> None:
    assert read_words("低保 最低生活保障，怎么 申请") == Suggested("低保", ("低保", "最低生活保障"), ("怎么", "申请"))
    assert read_words("低保、救助金") == Suggested("低保", ("低保", "救助金"), ())
    assert read_words("办") is None
    assert read_words("") is None


# ---- the file ---------------------------------------------------------------------------------------------------

GOOD = """
[classes]
"怎么" = ["怎么", "如何"]

[[answer]]
topic = "狗证"
any = ["狗证"]
with = ["{怎么}办"]
text = "到窗口办。"
source = "窗口"
valid_until = 2027-12-31
"""


def read(tmp_path: Path, content: str) -> tuple[tuple[Answer, ...], list[str]]:
    path = tmp_path / "answers.toml"
    path.write_text(content, "utf-8")
    answers, faults = read_answers(path)
    return answers, [str(fault) for fault in faults]


def test_classes_of_words(tmp_path: Path) -> None:
    answers, faults = read(tmp_path, GOOD)
    assert faults == []
    assert answers[0].with_any == ("怎么办", "如何办")
    answers, faults = read(tmp_path, GOOD.replace("{怎么}", "{咋办}"))
    assert answers == ()
    assert "answers.toml 第 8 行「with」" in faults[0]


def test_two_that_are_asked_for_alike(tmp_path: Path) -> None:
    twice = GOOD + GOOD.partition("[[answer]]")[1] + GOOD.partition("[[answer]]")[2].replace("到窗口办", "上门办")
    answers, faults = read(tmp_path, twice)
    assert len(answers) == 2
    assert faults[0].startswith("提醒：answers.toml 第 12 行「any」：和第 5 行的“狗证”问法一样")


def test_what_ends_soon(tmp_path: Path) -> None:
    answers, _ = read(tmp_path, GOOD)
    assert ending(answers, date(2027, 6, 1)) == []
    assert ending(answers, date(2027, 12, 20)) == [(answers[0], False)]
    assert ending(answers, date(2028, 1, 1)) == [(answers[0], True)]


def test_what_a_desk_kept_is_printed_as_the_file_has_it(tmp_path: Path) -> None:
    row = SimpleNamespace(
        topic="狗证", any_of=["狗证"], with_any=["怎么办"], text='带"狗"来\n换行\\', source="锦绣社区书记", valid_until=date(2027, 12, 1), area_id="s1c1",
        question="狗证\n怎么办", added_title="书记", added_name="何翠", added_at=datetime(2026, 12, 1, 17, tzinfo=UTC),
    )
    printed = as_toml(row)
    assert printed.startswith("# 2026-12-02 书记 何翠 放进来的；居民问的是：狗证 怎么办\n")
    assert tomllib.loads(printed)["answer"][0]["text"] == row.text
    answers, faults = read(tmp_path, printed)
    assert faults == []
    assert (answers[0].area, answers[0].text, answers[0].valid_until) == ("s1c1", row.text, row.valid_until)
