"""Whom do the words accuse: rules/accused.toml, and how a text is taken apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.accused import accused_of, apart, compiled, faults, shipped
from nlp.rulefile import FOLDER, read

RULES = shipped()
SOURCE = (FOLDER / "accused.toml").read_text("utf-8")


@pytest.mark.parametrize(("text", "roles"), [
    ("网格员和物业都骂人", ("company", "worker")),
    ("物业态度差，网格员也推诿", ("company", "worker")),
    ("網格員態度差", ("worker",)),
    ("我要举报我们社区书记", ("secretary",)),
    ("网格员说了好几回，物业就是态度恶劣", ("company",)),
    ("找网格员反映邻居骂人", ()),
    ("我把网格员骂了一顿", ()),
    ("投诉给网格员好几次了", ()),
    ("网格员来了以后楼上不再骂人", ()),
    ("物业推诿，电梯没人修", ()),
    ("网格员收物业费吗", ()),
    ("", ()),
])
def test_who_is_meant(text: str, roles: tuple[str, ...]) -> None:
    assert accused_of(text, RULES).roles == roles


def test_names_are_those_that_were_given() -> None:
    assert accused_of("王强态度差", RULES).names == ()
    assert accused_of("王强态度差", RULES, {"王强"}).names == ("王强",)
    told = accused_of("网格员王强骂人", RULES, {"王强"})
    assert (told.names, told.roles) == (("王强",), ()), "it is known which one"
    assert accused_of("王强来了，邻居骂人", RULES, {"王强"}).names == ()


@pytest.mark.parametrize("text", [
    "我要反映社区书记徐娟山让我们造假填表", "书记徐娟山做假台账", "我要反映社区书记徐娟山的问题", "想反映一下网格员徐娟山",
    "网格员徐娟山照片是假的，根本没来修", "徐娟山把低保名额给亲戚",
])
def test_somebody_named_with_what_they_forged_or_gave_away(text: str) -> None:
    assert accused_of(text, RULES, {"徐娟山"}).names == ("徐娟山",)


@pytest.mark.parametrize("text", ["我跟网格员徐娟山反映过", "请徐娟山来看看", "我要反映三楼漏水，网格员徐娟山来过", "徐娟山说照片收到了"])
def test_somebody_merely_named(text: str) -> None:
    assert not accused_of(text, RULES, {"徐娟山"})


def test_who_came_only_about_a_case_in_hand() -> None:
    assert not accused_of("来的人态度太差", RULES)
    assert accused_of("来的人态度太差", RULES, about_case=True).roles == ("staff",)


@pytest.mark.parametrize(("text", "accusing", "rest"), [
    ("暖气不热，网格员还骂人", "网格员还骂人", "暖气不热"),
    ("网格员骂人。三楼漏水！", "网格员骂人。", "三楼漏水！"),
    ("网格员来了一趟，态度特别不好，暖气还是冰凉", "网格员来了一趟，态度特别不好，", "暖气还是冰凉"),
    ("網格員罵人，暖氣不熱", "網格員罵人，", "暖氣不熱"),
    ("网格员骂人", "网格员骂人", ""),
])
def test_a_text_is_taken_apart(text: str, accusing: str, rest: str) -> None:
    assert apart(text, accused_of(text, RULES)) == (accusing, rest)


@given(st.text(st.sampled_from("网格员物业骂人态度差，。！暖气不热社区书记收钱没的和a 1\n"), max_size=60))
def test_nothing_is_lost_and_nothing_is_told_twice(text: str) -> None:
    told = accused_of(text, RULES)
    parts = apart(text, told)
    bare = re.compile(r"[\s，。！、;；,]")
    assert sorted("".join(bare.sub("", p) for p in parts)) == sorted(bare.sub("", text))
    assert bool(told) == bool(parts[0])
    assert not accused_of(parts[1], RULES).roles or told


@pytest.mark.parametrize(("was", "becomes", "says"), [
    ("[deeds]", "[deads]", "deads"),
    ('worker = ["网格员态度差"', 'worker = ["网格员来过了", "网格员态度差"', "例句“网格员来过了”读成了 没有说到谁"),
    ('none = [\n  "网格员很好"', 'none = [\n  "网格员骂人", "网格员很好"', "例句“网格员骂人”读成了 worker"),
    ("lead = [\"楼长\"", "boss = [\"楼长\"", "没有这一项；可以写的有 worker"),
    ('lead = ["楼长"', 'lead = [1, "楼长"', "应是词的列表"),
])
def test_a_wrong_file_is_refused_with_what_would_be_right(was: str, becomes: str, says: str) -> None:
    broken = SOURCE.replace(was, becomes, 1)
    if was not in SOURCE:
        broken = SOURCE.replace('worker = [\n  "网格员态度差"', 'worker = [\n  "网格员来过了", "网格员态度差"', 1)
    found = read("accused.toml", broken.encode()).faults
    assert any(says in str(fault) for fault in found), found


def test_a_folder_without_the_file_uses_the_shipped_one(tmp_path: Path) -> None:
    from nlp.rulefolder import load_rules

    for path in FOLDER.glob("*.toml"):
        if path.name != "accused.toml":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    assert accused_of("网格员骂人", load_rules(tmp_path).accused).roles == ("worker",)


def test_an_empty_file_accuses_nobody() -> None:
    assert not accused_of("网格员骂人，举报书记", compiled({}))
    assert not list(faults({}))
