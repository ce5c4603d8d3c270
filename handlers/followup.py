"""What falls due: one function a timer. Each looks at the case as it stands, takes one step, and the next timer follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casework import actions as a
from casework import tasks as climbing
from casework.case import SYSTEM, Case, Post, Task, Urgency
from casework.consequences.asking import TASK_OPTIONS
from casework.dispatch import next_rung
from casework.effects import Ask, ClimbTask, DropDraft, Kind, Option, Say, TaskAgain
from handlers.texts import word
from handlers.turn import Turn
from storage import cases, people, talk

DUE: dict[str, Callable[[Turn, Case], None]] = {}


def due(turn: Turn, timer: Any) -> None:
    """The timer's row is closed by bot/turns.py in the same savepoint; here is what it was for."""
    if timer.draft_id is not None:
        draft_timed_out(turn, timer.draft_id)
    elif timer.task_id is not None:
        task_overdue(turn, timer.task_id)
    elif timer.notice_id is not None:
        from handlers.summaries.notice import go_on

        go_on(turn, timer.notice_id)
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
    turn.act(case.id, a.Climb(rung=max(step.number, case.rung), skipped=step.skipped), SYSTEM)


@when("shift")
def shift(turn: Turn, case: Case) -> None:
    """Those on duty change, and nobody has acknowledged."""
    turn.act(case.id, a.HandOver(), SYSTEM)


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


@when("appointment_soon")
def appointment_soon(turn: Turn, case: Case) -> None:
    turn.act(case.id, a.RemindAppointment(), SYSTEM)


@when("appointment_missed")
def appointment_missed(turn: Turn, case: Case) -> None:
    turn.act(case.id, a.MissAppointment(), SYSTEM)


@when("remind")
def remind(turn: Turn, case: Case) -> None:
    """Asked again; a question that nobody fetched from the page for a day brings the telephone forward instead."""
    asked = case.resolved_at or turn.now
    if turn.now - asked >= turn.policy.telephone_unfetched and people.unfetched(turn.conn, case):
        turn.act(case.id, a.Telephone(), SYSTEM)
    else:
        turn.act(case.id, a.Remind(), SYSTEM)


@when("telephone")
def telephone(turn: Turn, case: Case) -> None:
    turn.act(case.id, a.Telephone(), SYSTEM)


@when("telephone_late")
def telephone_late(turn: Turn, case: Case) -> None:
    """The task is late: while it is open its own timer says so and it climbs; without one there is one again."""
    tasks = cases.tasks_about(turn.conn, case.id)
    waiting = any(t.kind in TASK_OPTIONS and t.ended_at is None for t in tasks)
    turn.act(case.id, a.Telephone(again=waiting), SYSTEM)


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
    if draft is not None and (draft.text or draft.files or draft.category):
        open_draft(turn, draft)
    elif draft is not None:
        turn.write(DropDraft(draft.id))  # a point on the map, and not a word: there is nothing to be done about it


def task_overdue(turn: Turn, task_id: str) -> None:
    """A task climbs like a case: its owner hears it, then each desk above gets it too; daily until it is done."""
    from handlers import questions
    from handlers.rosters import handing_desk, leave_consent

    task = cases.task(turn.conn, task_id)
    if task is None or task.ended_at is not None:
        return
    if task.kind == "leave" and leave_consent.over(turn, task):
        return
    if task.kind in ("leave", "handing") and not task.tries:
        (leave_consent if task.kind == "leave" else handing_desk).unanswered(turn, task)
        return
    case = cases.by_id(turn.conn, task.case_id) if task.case_id else None
    urgency = handing_desk.urgency_of(turn, task) if task.kind == "handing" else climbing.pace(task, case)
    owner, rises = turn.town.post(task.owner_post), climbing.climbs(task, urgency, turn.now, turn.policy)
    if owner is not None:
        _remind_owner(turn, task, owner, urgency, again=not rises)
    above = climbing.desk_above(task, owner, case, turn.town, turn.now) if owner is not None and rises else None
    if not rises and owner is not None:
        questions.overdue(turn, task, owner)
    if above is not None:
        turn.write(ClimbTask(task.id, above.id))
        if task.kind == "question":
            questions.climbed(turn, task, above)
    elif rises:
        questions.at_the_top(turn, task)
        above = turn.town.post(task.climbed[-1]) if task.climbed else None  # nobody further up: said to the last, daily
    if above is not None:
        _tell_above(turn, task, above, urgency)
    daily = rises and (above is None or climbing.at_the_top(task, above, turn.town))
    at = climbing.said_again(task, turn.now, turn.policy) if daily else climbing.looked_at_again(urgency, turn.now, turn.policy)
    turn.write(TaskAgain(task.id, at))


def _remind_owner(turn: Turn, task: Task, owner: Post, urgency: Urgency, again: bool) -> None:
    """The hour of the next try has come: the card once more. Otherwise a line: it is late."""
    from handlers.tasklist import about, show_task

    if owner.holder_id is None:
        return
    if again and task.kind in TASK_OPTIONS and task.tries:
        show_task(turn, task, owner.holder_id, f"task.{task.kind}_again")
        return
    args: dict[str, object] = {"kind": word("task_kind", task.kind), "about": about(turn, task)}
    turn.write(Say(owner.holder_id, "task.overdue", task.case_id, args, Kind.CARD, urgency))


def _tell_above(turn: Turn, task: Task, above: Post, urgency: Urgency) -> None:
    """The desk above has it as well: a line, and a button that opens the card."""
    from handlers.tasklist import about

    if above.holder_id is None:
        return
    kind = word("task_kind", task.kind)
    turn.write(Ask(
        above.holder_id, "task.climbed", task.case_id, {"kind": kind, "about": about(turn, task)}, Kind.CARD, urgency,
        question="tasks", options=(Option("task", {"id": task.id, "name": kind}),), awaited=False,
    ))
