"""For somebody else: a neighbour, a child or a worker files, and the check-back goes by telephone to whom it is about."""

from __future__ import annotations

import pytest

from casework.case import Answer, State
from storage import cases
from tests.fakes.town import Phone, Town

OLD = "帮邻居老人报一下，锦绣苑3号楼2单元没暖气"


def done(town: Town, worker: Phone) -> None:
    for words in ("收到", "办好了", "放了气"):
        worker.says(words)


def tasks(town: Town) -> list[str]:
    with town.database.reading() as conn:
        return [t.kind for t in cases.tasks_about(conn, town.case.id) if t.ended_at is None]


@pytest.mark.parametrize("told", ["at once", "when asked"])
def test_the_old_neighbour_is_telephoned(town: Town, told: str) -> None:
    sender, worker, secretary = town.resident("小李", "telegram"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    sender.says(OLD if told == "when asked" else f"{OLD}，她电话13912345678")
    if told == "when asked":
        sender.sees("他本人的电话")
        sender.says("13912345678")
    done(town, worker)
    card = secretary.sees("要打个电话：26-000001", "代人登记，请联系本人")
    assert "13912345678" not in card.text
    secretary.presses("查看电话")
    secretary.sees("13912345678")
    sender.sees("办好了", "我们会打电话或上门问他本人")
    secretary.presses("已解决")
    secretary.presses("满意")
    assert (town.case.state, town.case.answer) == (State.CONFIRMED, Answer.SOLVED)


def test_the_sender_answers_meanwhile_and_the_task_is_gone(town: Town) -> None:
    sender, worker = town.resident("小李", "telegram"), town.staff("w-s1c1g1")
    sender.says(f"{OLD}，她电话13912345678")
    done(town, worker)
    assert tasks(town) == ["telephone"]
    sender.presses("未解决")
    assert (town.case.state, tasks(town)) == (State.REOPENED, [])


def test_nobody_answers_and_the_sender_is_not_reminded(town: Town) -> None:
    sender, worker, secretary = town.resident("小李", "telegram"), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    sender.says(f"{OLD}，她电话13912345678")
    done(town, worker)
    sender.clears()
    for _ in range(3):
        secretary.presses("没人接")
        town.forward(days=1)
    assert town.case.state is State.CLOSED_UNANSWERED
    sender.sees_nothing("再问一声")


def test_without_a_number_the_sender_is_asked_in_their_place(town: Town) -> None:
    sender, worker = town.resident("小李", "telegram"), town.staff("w-s1c1g1")
    sender.says(OLD)
    sender.presses("不留")
    done(town, worker)
    sender.sees("您看，解决了吗")
    assert tasks(town) == []
    town.forward(days=1)
    sender.sees("再问一声")


def test_what_a_worker_filed_is_never_asked_of_the_worker(town: Town) -> None:
    worker, secretary = town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    worker.says("登记")
    worker.presses("替居民")
    worker.says("锦绣苑3号楼2单元501没暖气，王奶奶电话13912345678")
    worker.clears()
    worker.says("收到")
    worker.says("办好了")
    worker.says("放了气")
    worker.sees_nothing("解决了吗")
    secretary.sees("要打个电话：26-000001")
    secretary.presses("查看电话")
    secretary.sees("13912345678")


def test_what_a_worker_filed_without_a_number_is_asked_at_the_door(town: Town) -> None:
    worker, secretary = town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    worker.says("登记")
    worker.presses("替居民")
    worker.says("锦绣苑3号楼2单元501没暖气，老人一个人住")
    done(town, worker)
    secretary.sees("请上门问一下：26-000001")


def test_done_pressed_by_mistake_takes_the_task_back(town: Town) -> None:
    sender, worker = town.resident("小李", "telegram"), town.staff("w-s1c1g1")
    sender.says(f"{OLD}，她电话13912345678")
    done(town, worker)
    worker.presses("点错了")
    assert (town.case.state, tasks(town)) == (State.ACKNOWLEDGED, [])
