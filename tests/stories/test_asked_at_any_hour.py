"""Whoever writes gets the question that is missing at once, whatever the hour: an intake question is no reminder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes.town import Town, made

HOURS = {"03:00": 19, "07:10": 23, "20:30": 12, "23:00": 15}  # in the town, and in UTC


@pytest.fixture(params=HOURS)
def town(tmp_path: Path, town_template: Path, request: pytest.FixtureRequest) -> Iterator[Town]:
    minutes = int(request.param[3:])
    yield from made(tmp_path, town_template, datetime(2026, 12, 1, HOURS[request.param], minutes, tzinfo=UTC), spare=True)


@pytest.mark.parametrize("channel", ["web", "telegram"])
def test_the_place_is_asked_at_once(town: Town, channel: str) -> None:
    resident = town.resident("王阿姨", channel)
    resident.says("没暖气")
    town.forward(seconds=2)
    resident.sees("在哪儿")
    resident.says("锦绣苑3号楼")
    resident.sees("登记好了")
    town.forward(minutes=20)
    assert len(town.cases()) == 1


def test_a_burst_still_gets_one_question(town: Town) -> None:
    resident = town.resident("王阿姨")
    for words in ("没暖气", "3号楼", "2单元"):
        resident.says(words)
        town.forward(seconds=1)
    town.forward(seconds=1)
    assert [m.text for m in resident.shown] == ["3号楼在哪个小区？"]
