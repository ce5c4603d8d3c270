"""What falls due: one function a timer. Each looks at the case as it stands, takes one step, and the next timer follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from casework import actions as a
from casework.case import SYSTEM, Case
from casework.dispatch import next_rung
from casework.effects import Kind, Say, TaskAgain
from handlers.turn import Turn
from storage import cases, talk

DUE: dict[str, Callable[[Turn, Case], None]] = {}


def due(turn: Turn, timer: Any) -> None:
    """The timer's row is closed by bot/turns.py in the same savepoint; here is what it was for."""
    if timer.draft_id is not None:
        draft_timed_out(turn, timer.draft_id)
    elif timer.task_id is not None:
        task_overdue(turn, timer.task_id)
    else:
        case = cases.by_id(turn.conn, timer.case_id)
        if case is not None and not case.ended:
            DUE[timer.kind](turn, case)


def when(kind: str) -> Callable[[Callable[[Turn, Case], None]], Callable[[Turn, Case], None]]:
    """Handles one kind of timer."""

    def register(handler: Callable[[Turn, Case], None]) -> Callable[[Turn, Case], None]:
        DUE[kind] = handler
        return handler

    return register


@when("climb")
def climb(turn: Turn, case: Case) -> None:
    """Nobody acknowledged in time: the next rung gets it too. Skipped rungs are reported to who gets it."""
    step = next_rung(case, turn.town, turn.policy, turn.now)
    turn.act(case.id, a.Climb(rung=max(step.number, case.rung)), SYSTEM)


@when("arrive")
def arrive(turn: Turn, case: Case) -> None:
    turn.act(case.id, a.MissArrival(), SYSTEM)


@when("soon")
def soon(turn: Turn, case: Case) -> None:
    turn.act(case.id, a.WarnSoon(), SYSTEM)


@when("solve")
def solve(turn: Turn, case: Case) -> None:
    turn.act(case.id, a.MissSolve(), SYSTEM)


@when("unheard")
def unheard(turn: Turn, case: Case) -> None:
    """Danger and nobody came: the resident hears the truth."""
    turn.act(case.id, a.TellUnheard(), SYSTEM)


@when("name_owner")
def name_owner(turn: Turn, case: Case) -> None:
    turn.act(case.id, a.PressOwner(), SYSTEM)


@when("promise")
def promise(turn: Turn, case: Case) -> None:
    turn.act(case.id, a.MissPromise(), SYSTEM)


@when("remind")
def remind(turn: Turn, case: Case) -> None:
    turn.act(case.id, a.Remind(), SYSTEM)


@when("telephone")
def telephone(turn: Turn, case: Case) -> None:
    turn.act(case.id, a.Telephone(), SYSTEM)


@when("telephone_late")
def telephone_late(turn: Turn, case: Case) -> None:
    """The telephone task is still open: it is said again, one level up (the case itself stays as it is)."""
    for task in cases.tasks_about(turn.conn, case.id):
        if task.kind == "telephone" and task.ended_at is None:
            return
    turn.act(case.id, a.Telephone(), SYSTEM)


@when("deferred_month")
def deferred_month(turn: Turn, case: Case) -> None:
    turn.act(case.id, a.TellDeferred(), SYSTEM)


@when("deferred_until")
def deferred_until(turn: Turn, case: Case) -> None:
    turn.act(case.id, a.Resume(), SYSTEM)


def draft_timed_out(turn: Turn, draft_id: str) -> None:
    """Silent for ten minutes: a half-told complaint becomes a case all the same."""
    from handlers.intake import open_draft

    draft = talk.draft(turn.conn, draft_id)
    if draft is not None:
        open_draft(turn, draft)


def task_overdue(turn: Turn, task_id: str) -> None:
    """A task climbs like a case: its owner hears it, then the desk above gets it too; daily until it is done."""
    from handlers.desk import about, show_task
    from handlers.texts import word

    task = cases.task(turn.conn, task_id)
    if task is None or task.ended_at is not None:
        return
    post = turn.town.post(task.owner_post)
    late = turn.now - task.due_at
    args: dict[str, object] = {"kind": word("task_kind", task.kind), "about": about(turn, task)}
    if post is not None and post.holder_id is not None:
        if task.kind == "telephone" and task.tries:
            show_task(turn, task, post.holder_id, "task.telephone_again")
        else:
            turn.write(Say(post.holder_id, "task.overdue", task.case_id, args, Kind.CARD))
        above = turn.town.subdistrict_duty(post.area_id, turn.now) or turn.town.city_desk(turn.now)
        if late >= timedelta(hours=4) and above.holder_id and above.id != post.id:
            turn.write(Say(above.holder_id, "task.climbed", task.case_id, args, Kind.CARD))
    turn.write(TaskAgain(task.id, turn.now + timedelta(days=1)))
