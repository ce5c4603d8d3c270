"""What the board says is what /summary, /rates, /overdue and /hot say of the same area and time, to the same reader."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from handlers.summaries import board, filters
from handlers.summaries.board import Board, Slow
from handlers.summaries.rates import line
from handlers.turn import Heard, Turn
from storage import people
from storage import tables as t
from storage.board import added
from tests.fakes.town import Phone, Town
from tests.fakes.town import made as made_from


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, town_template: Path) -> tuple[Path, datetime]:
    """Two days in two communities: much heating, a complaint about a secretary, something solved, much late. Lived once for all."""
    path = tmp_path_factory.mktemp("board") / "lived.db"
    shutil.copy(town_template, path)
    town = Town(path)
    _two_days(town)
    town.close()
    return path, town.now


@pytest.fixture
def days(tmp_path: Path, lived: tuple[Path, datetime]) -> Iterator[Town]:
    yield from made_from(tmp_path, *lived)


def _two_days(town: Town) -> None:
    worker, _ = town.staff("w-s1c1g1"), town.staff("w-s1c2g1")
    for n in range(1, 8):
        town.resident(f"住户{n}").says(f"锦绣苑3号楼{n}单元没暖气")
    solved = town.resident("周老师")
    solved.says("锦绣苑3号楼4单元垃圾没人清")
    worker.presses("办好了")
    worker.says("清走了")
    solved.presses("已解决")
    solved.presses("满意")
    town.resident("孙姐").says("锦绣苑3号楼2单元301室社区书记态度恶劣")
    town.resident("吴姐").says("锦绣苑29号楼1单元路灯不亮")
    town.forward(days=2)
    town.resident("钱阿姨").says("锦绣苑29号楼2单元没暖气")
    town.resident("郑姐").says("锦绣苑3号楼5单元楼道灯不亮")
    town.forward(hours=5)


def seen(town: Town, phone: Phone, **asked: str) -> tuple[Board, Slow]:
    """The board of whoever has this phone."""
    with town.database.reading() as conn:
        turn = Turn(conn, town.world, town.now, people.speaker(conn, phone.channel, phone.address), Heard(kind="board"))
        chosen = filters.read(turn, asked)
        assert not chosen.problem
        return board.made(turn, chosen), board.slow(turn, str(chosen.area.id))


LOOKS = [
    ("cs-s1c1", "", {}), ("cs-s1c2", "", {}), ("sd-s1", "", {}), ("sd-s1", "锦绣社区", {"area": "s1c1"}), ("city-1", "", {}),
    ("cs-s1c1", "本周", {"period": "week"}), ("sd-s1", "上月", {"period": "last_month"}), ("sd-s1", "最近7天", {"words": "最近7天"}),
    ("cs-s1c1", "12月1日到2日", {"period": "own", "from": "2026-12-01", "to": "2026-12-02"}), ("city-1", "今年", {"words": "今年"}),
    ("sd-s1", "供暖", {"category": "heating"}), ("cs-s1c1", "锦绣社区第1网格 昨天", {"area": "s1c1g1", "words": "昨天"}), ("sd-s1", "昨天", {"words": "昨天"}),
    ("cs-s1c1", "锦绣社区第1网格 本月", {"area": "s1c1g1"}),
]  # fmt: skip


@pytest.mark.parametrize(("post", "words", "asked"), LOOKS)
def test_the_same_as_the_summary(days: Town, post: str, words: str, asked: dict[str, str]) -> None:
    phone = days.staff(post)
    made, _ = seen(days, phone, **asked)
    phone.clears()
    phone.commands(f"/summary {words}".strip())
    told = phone.shown[-1].text
    assert told.startswith(made.title) or asked.get("period") == "own"  # days that were picked have no words of their own
    if not made.filed:
        assert "没有登记过" in told
        return
    assert f"登记 {made.filed} 件，还在办 {made.open} 件，居民说解决了 {made.solved} 件" in told
    over = made.tree[0].late is None if made.tree else asked.get("words") == "昨天"
    assert over == ("现在超期" not in told)
    if not asked.get("category") and not over:
        assert f"现在超期 {made.glance.late} 件" in told
    change = made.filed - made.filed_before
    more = f"比前一段（{made.compared}）{'多' if change > 0 else '少'} {abs(change)} 件" if change else "一样多"
    assert (more if made.filed_before else f"前一段（{made.compared}）没有数据可比") in told
    bars = [(bar["name"], bar["count"]) for bar in made.charts["categories"]["bars"] if bar["count"]]
    drawn: Any = phone.shown[-1].files[0]
    assert sorted(bars) == sorted((bar["name"], bar["count"]) for bar in drawn["data"]["bars"] if not asked.get("category") or bar["name"] == "供暖")


@pytest.mark.parametrize(("post", "words", "asked"), [look for look in LOOKS if look[2].get("words") != "昨天"])
def test_the_same_as_the_rates(days: Town, post: str, words: str, asked: dict[str, str]) -> None:
    phone = days.staff(post)
    made, _ = seen(days, phone, **asked)
    phone.clears()
    phone.commands(f"/rates {words}".strip())
    told = phone.shown[-1].text
    if made.filed:
        assert line(made.charts["three_rates"]["now"]) in told
    for each in made.tree:
        if each.filed and f"· {each.name}：" in told:
            assert re.search(rf"· {each.name}：响应率 [^（]*（{each.share[0].good:g}/{each.share[0].of}）", told) or not each.share[0].of


@pytest.mark.parametrize(("post", "words", "asked"), [("cs-s1c1", "", {}), ("cs-s1c2", "", {}), ("sd-s1", "", {}), ("sd-s1", "锦绣社区", {"area": "s1c1"}), ("city-1", "", {})])
def test_the_same_as_what_is_overdue(days: Town, post: str, words: str, asked: dict[str, str]) -> None:
    phone = days.staff(post)
    made, _ = seen(days, phone, **asked)
    phone.clears()
    phone.commands(f"/overdue {words}".strip())
    told = phone.shown[-1].text
    assert made.glance.late > 0
    assert f"超期 {made.glance.late} 件" in told
    numbers = re.findall(r"\d\d-\d{6}", told)
    assert [each.number for each in made.late][: len(numbers)] == numbers
    for each in made.late[: len(numbers)]:
        assert f"{each.mark}{each.number} {each.place} {each.category} · 超了{each.age} · {each.owes}" in told
    assert made.late_unread == made.glance.late - len(made.late) - made.late_more


@pytest.mark.parametrize("post", ["cs-s1c1", "sd-s1", "city-1"])
def test_the_same_as_what_is_hot(days: Town, post: str) -> None:
    phone = days.staff(post)
    _, slow = seen(days, phone)
    phone.clears()
    phone.commands("/hot")
    told = phone.shown[-1].text
    assert slow.spots
    for spot in slow.spots:
        assert f"{spot.name}：{spot.now} 件，平时约 {spot.expected:g} 件" in told
    assert told.count("平时约") == len(slow.spots)


def test_the_same_as_the_empty_duties(days: Town) -> None:
    phone = days.staff("cs-s1c1")
    _, slow = seen(days, phone)
    phone.clears()
    phone.commands("空岗")
    assert slow.duty is not None
    assert len(slow.duty.days) == 7
    assert all(each in phone.shown[-1].text for each in slow.duty.empty)
    assert bool(slow.duty.empty) == any(without for _, without in slow.duty.days)


def test_a_hole_in_the_roster_is_seen(days: Town) -> None:
    """The one full-time worker of a grid is on leave, and nobody stands in."""
    first = days.now.date() + timedelta(days=1)
    with days.database.writing() as conn:
        posts = [row.post_id for row in conn.execute(t.Roster.__table__.select().where(t.Roster.__table__.c.area_id.in_(["s1c1g2", "s1c1"])))]  # type: ignore[attr-defined]
        conn.execute(insert(t.Leave), [{"post_id": post, "first": first, "last": first, "substitute_id": None} for post in set(posts)])
    _, slow = seen(days, days.staff("cs-s1c1"))
    assert slow.duty is not None
    assert dict(slow.duty.days)[first] >= 1
    assert any("锦绣2网格" in each for each in slow.duty.empty)


def test_what_hangs_in_the_hall_says_nothing_of_complaints_about_somebody(days: Town) -> None:
    phone = days.staff("sd-s1")
    mine, _ = seen(days, phone, area="s1c1")
    with days.database.reading() as conn:
        turn = Turn(conn, days.world, days.now, people.speaker(conn, phone.channel, phone.address), Heard(kind="board"))
        hall = board.made(turn, filters.read(turn, {"area": "s1c1"}), public=True)
        spots = board.slow(turn, "s1c1", public=True)
    assert hall.filed == mine.filed - 1
    assert hall.glance.open == mine.glance.open - 1
    assert added(hall.glance.month.values())["filed"] == added(mine.glance.month.values())["filed"] - 1
    assert not hall.late
    assert spots.duty is None
    assert not any(spot.evidence for spot in spots.spots)
