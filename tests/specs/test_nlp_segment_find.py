"""Words by which texts are found: whatever is looked for is found in every text in which it stands."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import segment
from nlp.segment import asked_words, search_words
from nlp.training import HERE

SAID = ["路灯", "暖气", "漏水", "电梯", "井盖", "物业", "垃圾", "下水道", "不热", "停车", "噪音", "燃气", "楼道"]


@pytest.mark.parametrize("word", SAID)
def test_a_word_is_found_in_every_message_in_which_it_stands(word):
    lines = [line for path in sorted(HERE.glob("messages_chat*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    having = [text for line in lines if word in (text := json.loads(line)["text"])]
    assert len(having) > 5
    assert not [text for text in having if not set(asked_words(word)) <= search_words(text)]


@pytest.mark.parametrize(("text", "words"), [
    ("暖气片不热", {"暖气", "暖气片", "不热"}), ("路灯不亮", {"路灯", "不亮"}), ("锦绣苑六号楼2单元501", {"6号楼", "2单元", "501室", "501"}), ("6栋", {"6号楼"}), ("书记徐娟山态度差", {"徐娟", "娟山"}), ("WiFi坏了", {"wifi"}), ("水", set()), ("，。！", set()), ("", set()),
])  # fmt: skip
def test_words_and_the_words_inside_them(text, words):
    assert words <= search_words(text)
    assert words or not search_words(text)


PIECES = st.sampled_from([*SAID, "徐娟山", "暖气片", "管道管道", "书记", "，", "6号楼", "abc ", "\n", "的", "国人", "中国人"])


@given(st.lists(PIECES, max_size=12).map("".join))
def test_pairs_are_of_signs_that_stand_in_no_word_of_the_dictionary(text):
    every = segment._all(text)
    known = {at + n for word in every if len(word) > 1 for at in range(len(text)) if text.startswith(word, at) for n in range(len(word))}
    pairs = [text[at : at + 2] for at in range(len(text) - 1) if not known & {at, at + 1}]
    assert segment._pairs(text, every) == [pair for pair in pairs if segment._NAME.match(pair)]
