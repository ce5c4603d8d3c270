"""One outage, one building, one minute: a limit that passes for all of it is one line, not one for each flat."""

from __future__ import annotations

from tests.fakes.town import Phone, Town

WORKER, SECRETARY = "w-s1c1g1", "cs-s1c1"


def lines(phone: Phone, key: str) -> list[str]:
    return [m.text for m in phone.shown if m.key == key]


def outage(town: Town, flats: int = 5) -> tuple[Phone, Phone]:
    """Five flats of one building without heat, told within a minute."""
    worker, secretary = town.staff(WORKER), town.staff(SECRETARY)
    for unit in range(1, flats + 1):
        town.resident().says(f"锦绣苑3号楼{unit}单元没暖气了")
        worker.presses("接单")
        town.forward(seconds=8)
    return worker, secretary


def test_five_flats_that_nobody_came_to_are_one_line_with_a_button_for_each(town: Town) -> None:
    worker, secretary = outage(town)
    town.forward(hours=2, minutes=3)
    for phone in (worker, secretary):
        (told,) = lines(phone, "staff.arrival_missed")
        assert told.startswith("锦绣苑3号楼供暖 5 件过了到场时限，还没到场：26-000001、26-000002、"), told
    secretary.presses("26-000003")
    secretary.sees("26-000003 · 已接单")


def test_so_are_the_limits_for_solving(town: Town) -> None:
    worker, secretary = outage(town)
    town.forward(hours=24, minutes=3)
    (told,) = lines(secretary, "staff.solve_missed")
    assert told.startswith("锦绣苑3号楼供暖 5 件过了办好时限")
    assert len(lines(worker, "staff.soon")) <= 1


def test_another_building_has_a_line_of_its_own(town: Town) -> None:
    _worker, secretary = outage(town, 2)
    town.resident().says("锦绣苑5号楼没暖气了")
    town.forward(hours=2, minutes=3)
    assert len(lines(secretary, "staff.arrival_missed")) == 2


def test_an_emergency_waits_for_nobody(town: Town) -> None:
    worker = town.staff(WORKER)
    town.resident().says("锦绣苑3号楼2单元电梯里困了人")
    worker.presses("接单")
    town.forward(minutes=30)
    assert any("card.not_there" in m.key for m in worker.shown)
