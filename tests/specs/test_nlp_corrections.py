"""What is meant and what is denied; numbers said instead of buttons."""

from __future__ import annotations

import pytest

from nlp import numbers
from nlp.corrections import corrected, only_corrects


@pytest.mark.parametrize(("text", "meant", "denied"), [
    ("不是3号楼，是5号楼", "是5号楼", "3号楼"), ("不是3号楼是5号楼", "5号楼", "3号楼"), ("打错了，5号楼", "5号楼", ""),
    ("错了错了 三单元", "三单元", ""), ("不是供暖", "", "供暖"), ("哦不对，是2单元", "是2单元", ""), ("我说错了 没水", "没水", ""),
])
def test_corrected(text: str, meant: str, denied: str) -> None:
    assert corrected(text) == (meant, denied)


@pytest.mark.parametrize(("text", "expected"), [
    ("打错了，是5号楼", True), ("打错了，撤回吧", False), ("说错了，不用来了", False), ("5号楼", False),
])
def test_only_corrects(text: str, expected: bool) -> None:
    assert only_corrects(text) is expected


@pytest.mark.parametrize(("text", "number", "building", "day"), [
    ("2", 2, True, False), ("２", 2, True, False), ("回复2", 2, False, False), ("选 3。", 3, False, False),
    ("第二个", 2, False, False), ("三号", 3, True, True), ("13", 13, True, False), ("后者", 2, False, False),
])
def test_a_number(text: str, number: int, building: bool, day: bool) -> None:
    assert numbers.read(text) == numbers.Chosen(number, building, day)


@pytest.mark.parametrize("text", ["", "0", "一", "三", "138", "2单元", "第二单元", "两个", "2026-12-01"])
def test_no_number(text: str) -> None:
    assert numbers.read(text) is None
