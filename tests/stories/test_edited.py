"""An edited message is one step with one card, whatever was changed in it, and one press takes all of it back."""

from __future__ import annotations

import pytest

from storage import cases
from tests.fakes.town import Town

LAMP, ELSEWHERE, FAR = "锦绣苑3号楼楼道灯不亮", "锦绣苑5号楼楼道灯不亮", "锦绣苑10号楼下水道堵了"


def kinds(town: Town) -> list[str]:
    with town.database.reading() as conn:
        return [e.kind for e in cases.events(conn, town.case.id)]


@pytest.mark.parametrize("channel", ["web", "telegram"])
def test_place_and_words_are_one_step(town: Town, channel: str) -> None:
    resident, worker = town.resident("许先生", channel), town.staff("w-s1c1g1")
    resident.says(LAMP)
    worker.clears()
    resident.edits(ELSEWHERE)
    resident.sees("改好了")
    assert [m.key for m in worker.shown[worker.read:]] == ["card.corrected"]
    assert (town.case.summary, town.case.spot.building_id) == (ELSEWHERE, "e01b05")
    assert kinds(town).count("correct") == 1
    resident.says("点错了")
    assert (town.case.summary, town.case.spot.building_id) == (LAMP, "e01b03")


def test_in_another_grid_its_worker_gets_one_card_and_the_first_is_told(town: Town) -> None:
    resident, worker, other = town.resident("许先生"), town.staff("w-s1c1g1"), town.staff("w-s1c1g2")
    resident.says(LAMP)
    worker.clears()
    resident.edits(FAR)
    assert [m.key for m in other.shown] == ["card.corrected"]
    other.sees("锦绣苑10号楼", "下水管网", FAR)
    assert [m.key for m in worker.shown[worker.read:]] == ["staff.moved_away"]


def test_a_recording_that_was_nothing_else_is_told_of_in_one_step(town: Town) -> None:
    city, worker, resident = town.staff("city-1"), town.staff("w-s1c1g1"), town.resident("尤奶奶")
    resident.sends_voice()
    town.forward(minutes=11)
    city.presses("写下来", last=20)
    city.says(LAMP)
    assert kinds(town).count("correct") == 1
    assert [m.key for m in worker.shown].count("card.corrected") == 1
    worker.sees("锦绣苑3号楼", "房屋和公共设施", LAMP)
