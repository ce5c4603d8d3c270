"""How a text asks and ends, and that a trouble outweighs what stands beside it."""

from __future__ import annotations

import pytest

from nlp.intents import EITHER, LONG, NONE, PAUSE, TROUBLE, signs
from nlp.rulefile import CODES
from nlp.understand import understand

NAMED = [4.0, *[0.0] * (len(CODES) - 1)]
NOTHING = [0.0] * (len(CODES) - 1) + [4.0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("热费能退不", "不$"), ("这合法吗?", "吗$"), ("要不要登记", EITHER), ("补贴发没发", EITHER), ("能退不,我急用", PAUSE),
        ("灯坏了,门坏了,没人管", LONG),
    ],
)  # fmt: skip
def test_signs_of_a_text(text: str, wanted: str) -> None:
    assert wanted in dict(signs(text, NAMED))


def test_a_plain_sentence_asks_nothing() -> None:
    assert not {EITHER, PAUSE, "?$"} & dict(signs("电梯坏了没人修", NAMED)).keys()


def test_a_trouble_is_told_from_none() -> None:
    assert dict(signs("灯坏了", NAMED))[TROUBLE] == 1.0
    assert dict(signs("你好", NOTHING))[NONE] == 1.0
    assert signs("", NOTHING) == [(NONE, 1.0)]


@pytest.mark.parametrize("text", ["你好，3号楼没暖气", "谢谢，但是暖气又凉了", "一群废物，暖气又凉了"])
def test_a_trouble_outweighs_courtesy_and_curses(text: str) -> None:
    assert understand(text).intent == "request"
