"""Typing slips and words typed in letters: read as what was meant, and evidence still points at what was written."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.places import Gazetteer, Place
from nlp.slips import shipped_slips
from nlp.understand import Context, understand
from nlp.wording import plain

TOWN = Gazetteer.build([Place("e1", "estate", "锦绣苑", ("锦绣小区",)), Place("b3", "building", "3号楼", (), "e1")])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("暧气不热", "暖气不热"), ("物页不管", "物业不管"), ("电剃坏了", "电梯坏了"), ("拉圾没人收", "垃圾没人收"), ("暖氣不熱", "暖气不热"),
        ("nuanqi bure", "暖气不热"), ("wuye不管", "物业不管"), ("NuanQi不热", "暖气不热"), ("3haolou2danyuan停水", "3号楼2单元停水"),
        ("没事，用wifi看5g", "没事,用wifi看5g"), ("write to a@tingshui.com", "write to a@tingshui.com"), ("app打不开", "app打不开"),
    ],
)  # fmt: skip
def test_what_was_meant(written: str, meant: str) -> None:
    assert plain(written).text == meant


def test_no_slip_is_itself_a_right_word_and_all_keep_their_length() -> None:
    slips = shipped_slips()
    assert len(slips.meant) > 300
    for slip, word in slips.meant.items():
        assert len(slip) == len(word)
        assert slip not in slips.meant.values()


def test_evidence_points_at_the_letters() -> None:
    text = "😀 wo jia nuanqi 不热"
    (seen, *_) = [one for one in understand(text).evidence if one.words == "nuanqi"]
    assert text[seen.start : seen.end] == "nuanqi"


def test_a_place_typed_in_letters_is_found() -> None:
    text = "jin xiu yuan 3haolou nuanqi bure"
    found = understand(text, Context(TOWN))
    assert [(place.id, text[place.start : place.end]) for place in found.places] == [("e1", "jin xiu yuan"), ("b3", "3haolou")]
    assert found.category == "heating"
    assert understand("jinxiuxiaoqu3haolou", Context(TOWN)).where.building_id == "b3"


@given(st.text(alphabet=string.ascii_letters + " '-_.@3号楼暖气", max_size=60))
def test_letters_of_any_kind_keep_their_place(text: str) -> None:
    wording = plain(text, names=TOWN.letters)
    assert len(wording.origin) == len(wording.text)
    assert list(wording.origin) == sorted(wording.origin)
    for start in range(len(wording.text)):
        first, last = wording.span(start, start + 1)
        assert 0 <= first < last <= len(text)
