"""约时间 and the limits (docs/decisions/0030): nobody is late for the hour that the resident picked, and nothing is won by it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from casework.case import State
from casework.deadlines import due
from storage import cases
from tests.fakes.town import Phone, Town
from tests.stories.test_appointment import agreed, filed, kinds

NOON = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)  # filed at 10:00: on the spot until 12:00, solved until tomorrow 10:00
SOLVED = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)
SATURDAY = "12月5日（周六）10:00"


def on_saturday(town: Town) -> tuple[Phone, Phone]:
    """The resident is at home on Saturday only: days after the limit of an urgent case."""
    resident, worker = filed(town)
    worker.says("约周六上午十点")
    resident.presses(SATURDAY)
    return resident, worker


def when(town: Town, kind: str) -> datetime | None:
    with town.database.reading() as conn:
        return next((e.at for e in cases.events(conn, town.case.id) if e.kind == kind), None)


@pytest.mark.parametrize("channel", ["web", "telegram"])
def test_nobody_is_late_before_the_hour_that_was_picked(town: Town, channel: str) -> None:
    secretary = town.staff("cs-s1c1")
    resident, worker = agreed(town, channel)  # 19:00, and the limit was noon
    secretary.clears()
    assert due(town.case, town.world.policy).solve == SOLVED
    town.forward(hours=9)
    worker.sees_nothing("到场时限")
    secretary.sees_nothing("到场时限")
    worker.says("我的工单")
    assert "今天19:30前到场" in worker.sees("您在办的").text
    worker.presses("到场")
    town.forward(hours=3)
    assert "miss_arrival" not in kinds(town)
    worker.sees_nothing("到场时限")
    resident.sees_nothing("对不住")


def test_the_worker_is_told_so_with_the_appointment(town: Town) -> None:
    resident, worker = filed(town)
    worker.says("约今晚七点")
    resident.presses("今天19:00")
    worker.sees("约好了", "这之前不算您晚", "办好的时限不变：明天10:00前")


def test_missed_it_is_told_once_and_the_old_limit_counts_again(town: Town) -> None:
    """The appointment that was missed is the on-the-spot limit that was missed: one line each."""
    secretary = town.staff("cs-s1c1")
    _resident, worker = agreed(town)
    secretary.clears()
    town.forward(hours=10)
    worker.sees("没看到您到场")
    secretary.sees("过了半小时还没到场")
    assert due(town.case, town.world.policy).arrive == NOON
    worker.sees_nothing("到场时限")
    secretary.sees_nothing("到场时限")
    town.forward(hours=14, minutes=2)  # lines of one building wait a minute for each other
    worker.sees("过了办好时限")
    assert town.case.solve_missed_at == SOLVED


def test_called_off_in_time_the_old_limit_counts_again(town: Town) -> None:
    resident, worker = agreed(town)
    resident.presses("取消约定")
    town.forward(hours=2, minutes=1)
    worker.sees("过了到场时限")
    assert when(town, "miss_arrival") == NOON


def test_who_comes_calls_it_off_and_is_late_at_once(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    _resident, worker = agreed(town)
    town.forward(hours=5)
    worker.sees_nothing("到场时限")
    worker.presses("取消约定")
    town.forward(minutes=1)
    worker.sees("过了到场时限")
    secretary.sees("过了到场时限")


def test_the_resident_calls_it_off_late_and_nobody_is_blamed(town: Town) -> None:
    resident, worker = agreed(town)
    town.forward(hours=5)
    resident.says("我今晚临时有事")
    worker.sees("居民说今天19:00不行了")
    town.forward(hours=3)
    worker.sees_nothing("到场时限")
    worker.presses("约时间")
    worker.says("明天上午九点")
    resident.presses("明天9:00")
    assert "明天9:30前到场" in "".join(m.text for m in worker.says("我的工单"))


def test_a_time_after_the_limit_takes_the_limit_with_it(town: Town) -> None:
    """Both are told; it is solved four hours after the visit, or late."""
    secretary = town.staff("cs-s1c1")
    resident, worker = filed(town)
    worker.says("约今晚七点，或者周六上午十点")
    resident.sees("原来说明天10:00前办好", "挑这之后的时间", "都不行")
    resident.presses(SATURDAY)
    resident.sees(f"约好{SATURDAY}", "改成12月5日（周六）14:30前办好")
    worker.sees("约好了", "办好的时限也跟着改到12月5日（周六）14:30前")
    secretary.clears()
    town.forward(days=4)
    assert "miss_solve" not in kinds(town)
    worker.presses("到场")
    town.forward(hours=4)
    assert town.case.state is State.IN_PROGRESS
    secretary.sees_nothing("时限")
    town.forward(hours=1)
    secretary.sees("过了办好时限")
    resident.sees("现在还没办好，对不住")


def test_a_time_before_the_limit_leaves_the_limit_alone(town: Town) -> None:
    resident, worker = filed(town)
    worker.says("约明天上午九点")
    assert "挑这之后" not in resident.sees("您哪个时间在家").text
    resident.presses("明天9:00")
    worker.sees("约好了", "办好的时限不变")
    assert due(town.case, town.world.policy).solve == SOLVED


def test_missed_after_the_limit_it_is_late_from_the_old_one(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    resident, worker = on_saturday(town)
    for phone in (secretary, worker):
        phone.clears()
    town.forward(days=4, hours=1)
    worker.sees("没看到您到场")
    worker.sees_nothing("快到期", "12月2日")  # a limit that has passed does not come near any more
    worker.sees("过了办好时限")
    resident.sees("约好的", "人还没到，对不住")
    assert due(town.case, town.world.policy).solve == SOLVED
    secretary.sees("过了半小时还没到场")
    secretary.sees("过了办好时限")


def test_called_off_before_the_limit_the_old_one_counts_again(town: Town) -> None:
    resident, _worker = on_saturday(town)
    town.forward(hours=2)
    resident.presses("取消约定")
    assert due(town.case, town.world.policy).solve == SOLVED


def test_the_resident_calls_it_off_after_the_limit_and_there_is_time_for_another(town: Town) -> None:
    resident, worker = on_saturday(town)
    town.forward(days=2)
    worker.clears()
    resident.says("周六没空了")
    worker.sees("不行了")
    town.forward(hours=20)
    assert "miss_solve" not in kinds(town)
    worker.presses("约时间")
    worker.says("周日上午十点")
    town.forward(days=3)
    assert "miss_solve" in kinds(town)  # nobody picked again: late where Saturday's visit would have ended


def test_what_was_late_before_stays_late(town: Town) -> None:
    resident, worker = filed(town)
    town.forward(days=1, minutes=1)
    assert town.case.solve_missed_at == SOLVED
    worker.commands("/case 26-000001")
    worker.says("约周六上午十点")
    resident.presses(SATURDAY)
    assert due(town.case, town.world.policy).solve == SOLVED
    assert town.case.solve_missed_at == SOLVED


def test_the_response_is_counted_as_ever(town: Town) -> None:
    before = filed(town)
    limit = due(town.case, town.world.policy).acknowledge
    before[1].says("约周六上午十点")
    before[0].presses(SATURDAY)
    assert due(town.case, town.world.policy).acknowledge == limit
