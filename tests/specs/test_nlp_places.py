"""Where it is: names, buildings by number, home, the unknown, the doubtful and the other city."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.places import EMPTY, Gazetteer, Home, Place
from nlp.where import find, where

TOWN = Gazetteer.build(
    [
        Place("e1", "estate", "恒安新区", ("恒安",)),
        Place("e2", "estate", "和平里小区", ("和平里",)),
        Place("e1b3", "building", "3号楼", parent_id="e1"),
        Place("e1b16", "building", "恒安新区16号楼", ("16栋",), "e1"),
        Place("e1a", "building", "A座", parent_id="e1"),
        Place("e2b3", "building", "3号楼", parent_id="e2"),
        Place("e2b7", "building", "7栋", parent_id="e2"),
        Place("r1", "road", "重庆路"),
        Place("r2", "road", "五一路"),
        Place("l1", "landmark", "人民公园"),
        Place("c1", "community", "恒安社区"),
    ],
    local_names=["山西省", "大同市"],
)
HOME = Home("e1", "e1b3", "2", "501")


@pytest.mark.parametrize(
    ("text", "home", "wanted"),
    [
        ("恒安新区3号楼2单元501没暖气", None, {"estate_id": "e1", "building_id": "e1b3", "unit": "2", "room": "501"}),
        ("恒安三号楼二单元五零一", None, {"estate_id": "e1", "building_id": "e1b3", "unit": "2", "room": "501"}),
        ("恒安３＃楼２单元", None, {"building_id": "e1b3", "unit": "2"}),
        ("恆安新區3號樓", None, {"building_id": "e1b3"}),
        ("恒安十六栋漏水", None, {"building_id": "e1b16"}),
        ("恒安叁号楼贰单元停电", None, {"building_id": "e1b3", "unit": "2"}),
        ("我在恒安新区，我妈家在和平里3号楼停水", None, {"building_id": "e2b3"}),
        ("恒安a座电梯坏了", None, {"building_id": "e1a"}),
        ("恒安 3-2-501 没水", None, {"building_id": "e1b3", "unit": "2", "room": "501"}),
        ("3号楼2单元没水", HOME, {"estate_id": "e1", "building_id": "e1b3", "unit": "2"}),
        ("2单元没水", HOME, {"building_id": "e1b3", "unit": "2"}),
        ("3号楼没水", None, {"estate_id": None, "building_id": None, "ambiguous": ("e1", "e2")}),
        ("7栋没水", None, {"estate_id": "e2", "building_id": "e2b7"}),
        ("和平里3号楼没水", HOME, {"estate_id": "e2", "building_id": "e2b3"}),
        ("恒安99号楼", None, {"unknown_building": True, "nearest": ("e1b16", "e1b3", "e1a")}),
        ("五一路井盖没了", None, {"road_ids": ("r2",), "building_id": None}),
        ("人民公园门口", None, {"landmark_ids": ("l1",)}),
        ("恒安社区", None, {"area_id": "c1"}),
        ("恒安小去停水", None, {"estate_id": "e1"}),
        ("我在恒按新区停水", None, {"estate_id": None, "ambiguous": ("e1",)}),
        ("北京市朝阳区停水", None, {"outside": "北京市朝阳区"}),
        ("我在太原，没水", None, {"outside": "太原"}),
        ("大同市平城区停水", None, {"outside": None}),
        ("重庆路有坑", None, {"outside": None, "road_ids": ("r1",)}),
        ("三楼暖气冰凉", None, {"building_id": None, "building_words": None}),
        ("没暖气", HOME, {"estate_id": None, "building_id": None}),
    ],
)
def test_where(text: str, home: Home | None, wanted: dict[str, object]) -> None:
    found = where(text, TOWN, home)
    assert {key: getattr(found, key) for key in wanted} == wanted


def test_mentions_point_at_the_original_words() -> None:
    text = "你好，恆安新區 十六號樓 没水"
    spans = {mention.id: text[mention.start : mention.end] for mention in find(text, TOWN)}
    assert spans == {"e1": "恆安新區", "e1b16": "十六號樓"}


def test_the_longest_name_wins() -> None:
    assert [mention.id for mention in find("恒安社区居委会", TOWN)] == ["c1"]


@given(st.text(max_size=60), st.sampled_from([None, HOME]), st.sampled_from([EMPTY, TOWN]))
@settings(max_examples=100, deadline=None)
def test_never_raises(text: str, home: Home | None, gazetteer: Gazetteer) -> None:
    found = where(text, gazetteer, home)
    assert found == where(text, gazetteer, home)
    assert all(0 <= m.start < m.end <= len(text) for m in find(text, gazetteer, home))


def test_a_building_with_a_nought_before_its_number_is_found() -> None:
    places = [Place("e", "estate", "恒安新区"), Place("b", "building", "03号楼", parent_id="e")]
    for words in ("恒安新区3号楼停水", "恒安新区03号楼停水"):
        assert where(words, Gazetteer.build(places)).building_id == "b"


def test_the_cost_does_not_grow_with_the_names() -> None:
    names = ["".join(chr(0x4E00 + (i * k) % 5000) for k in (7, 13, 29, 31)) + "小区" for i in range(20_000)]
    big = Gazetteer.build([Place(str(i), "estate", name) for i, name in enumerate(names)] + list(TOWN.places.values()))
    text = "恒安新区3号楼2单元又没暖气了"

    def cost(gazetteer: Gazetteer) -> float:
        best = 1.0
        for _ in range(20):
            started = time.perf_counter()
            where(text, gazetteer)
            best = min(best, time.perf_counter() - started)
        return best

    assert where(text, big).building_id == "e1b3"
    assert cost(big) < 50 * cost(TOWN)  # with some two thousand times the names


@pytest.mark.parametrize("text", ["恒安新区3号楼2单元501没暖气", "恒安新区三号楼二单元五零一没暖气", "恒安新区3-2-501没暖气"])
def test_unit_and_room_are_places_in_their_building(text: str) -> None:
    told = {mention.kind: mention for mention in find(text, TOWN)}
    assert told["unit"].id == "e1b3/2"
    assert told["room"].id == "e1b3/2/501"
    assert told["room"].name == "501"
    assert "5" in text[told["room"].start : told["room"].end].replace("五", "5")
