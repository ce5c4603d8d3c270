"""One resident's many words reach the worker, but not as many cards; the same words twice are no news."""

from __future__ import annotations

from tests.fakes.town import Town


def test_of_a_flood_the_worker_gets_two_cards_at_once_and_the_rest_together(town: Town) -> None:
    resident, worker = town.resident("老周"), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元井盖响")
    worker.clears()
    for nth in range(1, 11):
        resident.says(f"井盖又响了 第{nth}次")
    assert len(worker.shown) - worker.read == 2
    town.forward(seconds=61)
    cards = [m.text for m in worker.shown[worker.read :]]
    assert len(cards) == 3
    assert all(f"第{nth}次" in "\n".join(cards) for nth in range(1, 11))
    worker.presses("接单")
    resident.sees("已经接单")
    town.forward(minutes=5)
    resident.says("井盖还在响")
    worker.sees("井盖还在响")


def test_in_a_danger_nothing_waits(town: Town) -> None:
    resident, worker = town.resident("老周"), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元着火了")
    worker.clears()
    for words in ("在二楼", "门口有人", "烟很大", "孩子下来了"):
        resident.says(words)
    assert len([m for m in worker.shown[worker.read :] if "居民补充" in m.text]) == 4


def test_the_same_words_again_are_no_news(town: Town) -> None:
    resident, worker = town.resident("老周"), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元门禁坏了")
    worker.clears()
    for _ in range(3):
        resident.says("锦绣苑3号楼2单元门禁坏了")
    resident.sees("已经记在 26-000001")
    worker.sees_nothing()
    town.forward(hours=1)
    resident.says("锦绣苑3号楼2单元门禁坏了")
    worker.sees("居民补充 26-000001")
