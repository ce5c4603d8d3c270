"""What is said in English: the matter, the danger and the place are understood, and the evidence points at the English words."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.places import Gazetteer, Place
from nlp.replies import read_reply
from nlp.slips import shipped_slips
from nlp.understand import Context, understand
from nlp.wording import plain

TOWN = Gazetteer.build([Place("e1", "estate", "锦绣苑"), Place("b3", "building", "3号楼", (), "e1")])


@pytest.mark.parametrize(
    ("written", "category", "topic"),
    [
        ("no heating in building 3 unit 2 since yesterday", "heating", "no_heat"),
        ("The radiator isn't warm, room 501", "heating", "no_heat"),
        ("water leaking from ceiling", "building_facilities", "leak"),
        ("Hello, there is no water in Building 3", "water_power_gas", "no_water"),
        ("The power is out in our whole building", "water_power_gas", "no_power"),
        ("toilet is clogged", "drainage", "sewer"),
        ("manhole cover is missing on the road", "drainage", "manhole"),
        ("the lift is out of order", "building_facilities", "lift"),
        ("3号楼 elevator 坏了", "building_facilities", "lift"),
        ("hallway lights are not working", "building_facilities", "corridor_lamp"),
        ("garbage has not been collected for 3 days", "sanitation", "rubbish"),
        ("my neighbors upstairs are too loud every night", "noise_neighbours", "noise"),
        ("dog barking all night, can't sleep", "noise_neighbours", "pets"),
        ("the fire exit is blocked by bikes", "safety_order", "fire_lane"),
    ],
)
def test_the_matter_is_understood(written: str, category: str, topic: str) -> None:
    found = understand(written)
    assert (found.category, found.topic, found.intent, found.danger) == (category, topic, "request", None)


@pytest.mark.parametrize(
    ("written", "danger"),
    [
        ("elevator stuck with people inside!!", "trapped"), ("I smell gas in the kitchen", "gas"), ("There is a fire on the 5th floor!", "fire"),
        ("my grandma fainted, she is not breathing", "illness"), ("a man with a knife is attacking people", "violence"),
        ("someone is about to jump off the building", "jump"), ("pipe burst, water everywhere", "water_pouring"),
        ("what if there is a fire", None), ("last year there was a fire in building 3", None), ("fire hydrant is broken", None),
        ("fire drill tomorrow?", None),
    ],
)  # fmt: skip
def test_danger_is_danger_in_english_too(written: str, danger: str | None) -> None:
    assert understand(written).danger == danger


def test_building_unit_and_room_are_found() -> None:
    where = understand("No heat! Jin Xiu Yuan, building no. 3, unit 2, room 501", Context(TOWN)).where
    assert (where.estate_id, where.building_id, where.unit, where.room) == ("e1", "b3", "2", "501")
    assert understand("leak on the 3rd floor of building 5").where.building_words == "5号楼"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("fixed", "solved"), ("Fixed, thank you!", "solved"), ("yes it works now", "solved"), ("the heating is back on", "solved"), ("not yet", "not_solved"),
        ("still broken", "not_solved"), ("Not fixed!", "not_solved"), ("Nobody came.", "not_solved"), ("still no heat", "not_solved"),
        ("partly", "partly"), ("thank you", "unclear"),
    ],
)  # fmt: skip
def test_answers_to_the_check_back(written: str, meant: str) -> None:
    assert read_reply(written).answer == meant


def test_evidence_points_at_the_english_words() -> None:
    text = "Hello! The elevator is not working in 3号楼"
    assert any("elevator is not working" in seen.words for seen in understand(text).evidence)


@pytest.mark.parametrize("text", ["没事,用wifi看5g", "app打不开", "用etc和led灯", "b座3号楼", "order number 5 of jd.com", "write to fire@leak.com"])
def test_other_letters_are_left_alone(text: str) -> None:
    assert plain(text).text == text


@pytest.mark.parametrize(
    ("text", "english"),
    [("no heating", True), ("Thanks!", True), ("3号楼 no heating", False), ("没暖气", False), ("nuanqi bure", False), ("ok", False), ("", False), ("12345", False)],
)
def test_who_writes_english_is_known(text: str, english: bool) -> None:
    assert shipped_slips().english.speaks(text) is english


@given(st.lists(st.sampled_from(["no", "heat", "out", "of", "building", "3", "3rd", "the", "fire", "暖气", " ", ",", "'s", "-", "\n", *string.ascii_letters]), max_size=30))
def test_english_of_any_kind_keeps_its_place(pieces: list[str]) -> None:
    text = " ".join(pieces)
    wording = plain(text, names=TOWN.letters)
    assert len(wording.origin) == len(wording.text)
    assert list(wording.origin) == sorted(wording.origin)
    for start in range(len(wording.text)):
        first, last = wording.span(start, start + 1)
        assert 0 <= first < last <= len(text)
