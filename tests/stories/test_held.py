"""The quiet hours: what was held is looked at again in the morning, and who waits awake is told that night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.case import State
from storage.queues.outbox import OUT
from tests.fakes.town import Phone, Town, made

EVENING = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)  # Tuesday 20:00
HOME = "锦绣苑3号楼2单元"
LEAD, WORKER, SECRETARY = "b-e01b01-2", "w-s1c1g1", "cs-s1c1"


@pytest.fixture
def evening(tmp_path: Path, town_template: Path) -> Iterator[Town]:
    yield from made(tmp_path, town_template, EVENING, spare=True)


def dropped(town: Town) -> dict[str, str]:
    with town.database.reading() as conn:
        return {r.key: r.why for r in conn.execute(select(OUT.c.key, OUT.c.why).where(OUT.c.state == "dropped"))}


def keys(phone: Phone) -> list[str]:
    return [m.key for m in phone.shown]


def test_held_lines_that_are_no_longer_so_are_not_said_in_the_morning(evening: Town) -> None:
    """接单 and 办好了 of 23:00 are held; at 23:40 it has failed again, and nobody takes it: in the morning only that is said."""
    resident, worker, _secretary = evening.resident(), evening.staff(WORKER), evening.staff(SECRETARY)
    resident.says(f"{HOME}没暖气了")
    resident.says("不留")
    evening.forward(hours=3)  # 23:00
    for words in ("收到", "办好了", "推上闸了"):
        worker.says(words)
    assert "checkback.solved" not in keys(resident)
    evening.forward(minutes=40)
    resident.says("26-000001没解决，还是不热")
    assert evening.case.state is State.REOPENED
    resident.clears()
    evening.forward(hours=7, minutes=30)  # 07:10
    told = [m.text for m in resident.shown[resident.read :]]
    assert not [t for t in told if "说办好了" in t or "已经接单了" in t], told
    assert dropped(evening)["checkback.solved"] in ("question_closed", "case_reopened")
    assert dropped(evening)["resident.acknowledged"] == "case_reopened"


def test_held_lines_that_are_still_so_go_out_each_once(evening: Town) -> None:
    """Taken twice over in the night: said once; and the check-back of the night is asked in the morning."""
    resident, worker = evening.resident(), evening.staff(WORKER)
    resident.says(f"{HOME}没暖气了")
    resident.says("不留")
    evening.forward(hours=3)
    worker.says("收到")
    evening.forward(minutes=1)
    worker.presses("点错了")
    evening.forward(minutes=1)
    worker.says("收到")
    resident.clears()
    evening.forward(hours=9)
    assert [m.key for m in resident.shown[resident.read :] if "acknowledged" in m.key] == ["resident.acknowledged"]
    assert dropped(evening)["resident.acknowledged"] == "told_anew"


def test_who_waits_awake_hears_that_night_what_becomes_of_it(tmp_path: Path, town_template: Path) -> None:
    """No heat at 21:55: the first rung at 22:25, 接单 at 22:40 and 办好了 at 23:00 are told at once."""
    for town in made(tmp_path, town_template, datetime(2026, 12, 1, 13, 55, tzinfo=UTC), spare=True):
        resident, worker, secretary = town.resident(), town.staff(WORKER), town.staff(SECRETARY)
        resident.says(f"{HOME}没暖气了，孩子发烧")
        resident.says("不留")
        town.forward(minutes=31)
        resident.sees("还没有人接单，已经报给")
        town.forward(minutes=14)
        secretary.presses("接单")
        resident.sees("已经接单了")
        town.forward(minutes=20)
        secretary.says("办好了")
        secretary.says("换了阀门")
        resident.sees("您看，解决了吗")
        worker.clears()


def test_who_wrote_long_ago_is_left_asleep(evening: Town) -> None:
    resident, worker = evening.resident(), evening.staff(WORKER)
    resident.says(f"{HOME}没暖气了")
    resident.says("不留")
    evening.forward(hours=2, minutes=30)
    resident.clears()
    worker.presses("接单")
    resident.sees_nothing()
    evening.forward(hours=8, minutes=31)
    resident.sees("已经接单了")


def test_who_has_it_again_is_not_told_that_somebody_else_has(evening: Town) -> None:
    """22:00: it goes to the night's lead; at 07:00 it comes back: the card, and not 您不用管了 in the same minute."""
    resident, worker, _lead = evening.resident(), evening.staff(WORKER), evening.staff(LEAD)
    evening.forward(hours=1, minutes=50)
    resident.says(f"{HOME}没暖气了")
    resident.says("不留")
    evening.forward(minutes=11)
    worker.clears()
    evening.forward(hours=9)
    said = [m.text for m in worker.shown[worker.read :]]
    assert any("交班转来" in t for t in said), said
    assert not [t for t in said if "您不用管了" in t], said
