"""点错了: a press is taken back within ten minutes, by whoever pressed; a step half taken is dropped."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from casework import actions as a
from casework import checkback, lifecycle, takeback
from casework.case import Actor, Case, Event, PersonId, Task, Who
from casework.effects import CloseQuestions, EndTask, Option, ReopenTask
from casework.lifecycle import Refusal
from handlers.turn import Turn, press
from storage import cases, talk

UNDO = Option("take_back")
ENDED_WITH = {  # with which outcomes a step ends tasks of the case: they are open again
    "withdraw": ("withdrawn",), "dismiss": ("dismissed",), "name_owner": ("named",), "extend": ("granted",), "correct": ("told", "sorted"),
    "reply": ("solved", "partly", "not_solved"), "close_unanswered": ("no_answer", "declined"),
    "try_call": ("wrong_number",), "acknowledge": ("acknowledged", "taken"),
    **dict.fromkeys(("contact", "arrive", "promise", "coordinate", "declare_safe"), ("acknowledged",)),
    "resolve": ("acknowledged", "resolved"),
}
TAKEN_BACK = {"hide": "resident.unhidden", "unhide": "resident.hidden_from_now"}  # who is shown now, said as when it is asked for
HALF_TAKEN = frozenset({
    "worker.what_was_done", "worker.return_reason", "worker.coordinate", "worker.promise_day", "worker.which_card",
    "desk.dismiss", "desk.redirect", "desk.defer", "desk.assign", "worker.extend", "fix.place", "fix.category",
    "resident.withdraw_sure", "resident.add",
})


def done(turn: Turn, key: str, case_id: str, more: tuple[Option, ...] = (), **args: Any) -> None:
    """A step was taken: said so, and one button takes this very step back. `more`: what may be done next."""
    turn.ask(key, case_id, question="undo", options=(UNDO, *more), awaited=False, step=turn.case(case_id).rev, **args)


# ---- by button, by word -------------------------------------------------------------------------------------------


@press("undo", "take_back")
def take_back(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The button under a step takes back that step, and no later one."""
    step = question.args.get("step")
    undo(turn, question.case_id, step if isinstance(step, int) else None)


@press("card", "take_back")
@press("receipt", "take_back")
def take_back_last(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Behind 更多…: the speaker's last step on this case."""
    undo(turn, question.case_id)


@press("checkback.satisfied", "take_back")
def not_what_i_meant(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Instead of a verdict: the answer before it was pressed by mistake."""
    undo(turn, question.case_id)


def mistaken(turn: Turn, rest: str = "") -> None:
    """点错了, in words: a step half taken, else the newest step that carries the button, else the case talked of last."""
    assert turn.speaker is not None
    waiting = talk.open_questions(turn.conn, turn.person.id, awaited=False)
    since = turn.now - turn.policy.take_back
    newest = next((q for q in waiting if q.asked_at >= since and (q.name in HALF_TAKEN or q.name in BY_WORD)), None)
    if newest is not None and newest.name in HALF_TAKEN:
        talk.answer_question(turn.conn, newest.id, "take_back", turn.now)
        turn.say("resident.step_dropped")
        return
    if newest is not None:
        BY_WORD[newest.name](turn, newest, dict(newest.options[0].get("args") or {}))
        return
    talked = talk.conversation(turn.conn, turn.speaker.address_id)
    if talked is None or talked.focus_case is None:
        turn.say("resident.nothing_to_take_back")
    else:
        undo(turn, talked.focus_case)


# ---- a step of a case ---------------------------------------------------------------------------------------------


def undo(turn: Turn, case_id: str, step: int | None = None) -> None:
    """Back to before the speaker's own step; whoever was told of it is told."""
    case = turn.case(case_id)
    found = takeback.find(cases.events(turn.conn, case_id), turn.person.id, turn.now, turn.policy, step)
    if isinstance(found, Refusal):
        _why_not(turn, case, found)
        return
    taken, posts = found.step, {p.id for p in turn.person.posts}
    if taken.post is not None and taken.post not in posts:
        turn.say("refusal.not_yours")
        return
    at = len(turn.words)
    moved = turn.act(case_id, found.action, Actor(taken.who, taken.by, taken.post))
    if moved is None:
        return
    turn.say(TAKEN_BACK.get(taken.kind, "resident.taken_back"), case_id)
    turn.words.insert(at, turn.words.pop())  # that it is taken back comes before what is asked again
    turn.focus(case_id)
    for task in _tasks_of_step(turn, taken):
        _open_again(turn, task)
    if taken.kind == "try_call" and taken.changes.get("outcome") == "no_answer":
        _forget_try(turn, case)


def _why_not(turn: Turn, case: Case, refusal: Refusal) -> None:
    """Kindly, and how things stand; to whom it is not known, nothing of the case."""
    if turn.actor(case) is None and refusal.code in ("undo_nothing", "undo_others"):
        turn.say("resident.nothing_to_take_back")
    elif case.emergency and case.safe_at is None and case.resident_id == turn.person.id and turn.heard.kind == "text":
        from handlers.open_danger import tell_safe  # it moves cases: a circle

        tell_safe(turn, case, turn.heard.text)
    else:
        turn.say(f"refusal.{refusal.code}", case.id)


def _tasks_of_step(turn: Turn, step: Event) -> list[Task]:
    """The tasks that the step ended."""
    outcomes = ENDED_WITH.get(step.kind, ())
    return [t for t in cases.tasks_about(turn.conn, step.case_id) if t.ended_at == step.at and t.outcome in outcomes]


def _open_again(turn: Turn, task: Task) -> None:
    """The task, with its card, is its owner's again, due when it was."""
    from handlers.tasklist import show_task

    turn.write(ReopenTask(task.id, max(task.due_at, turn.now)))
    owner = turn.town.post(task.owner_post)
    again = cases.task(turn.conn, task.id)
    if owner is not None and owner.holder_id is not None and again is not None:
        show_task(turn, again, owner.holder_id)


def _forget_try(turn: Turn, case: Case) -> None:
    """没人接 was pressed by mistake: the try was none, and the call is due as it was before."""
    from handlers.tasks import tries

    for task in cases.tasks_about(turn.conn, case.id):
        if task.kind in ("telephone", "visit") and task.ended_at is None and task.tries:
            tried = tries(turn, task)
            due = checkback.next_try(tried[-1], len(tried), turn.policy) if tried else checkback.telephone_due(
                task.opened_at, turn.policy)
            turn.write(ReopenTask(task.id, max(due, turn.now), forget=True))


# ---- a task without a case, a proposal ----------------------------------------------------------------------------


def task_ended(turn: Turn, key: str, task: Task) -> None:
    """A task was ended with a press: said so, and one button opens it again."""
    turn.ask(key, question="undo.task", options=(Option("take_back", {"task": task.id}),), awaited=False)


@press("undo.task", "take_back")
def task_back(turn: Turn, question: Any, args: dict[str, str]) -> None:
    task = cases.task(turn.conn, args["task"])
    mine = task is not None and task.owner_post in {p.id for p in turn.person.posts}
    fresh = turn.now - question.asked_at <= turn.policy.take_back
    if task is None or not mine or not fresh or task.ended_at != question.asked_at:
        turn.say("resident.nothing_to_take_back")
        return
    turn.say("task.taken_back")
    _open_again(turn, task)


def proposed(turn: Turn, key: str, case_id: str, what: str, to: PersonId, **args: Any) -> None:
    """Somebody was asked for a yes (`what`: the question's name): said so, and one button takes the asking back."""
    option = Option("take_back", {"what": what, "to": to, "asked": turn.now.isoformat()})
    turn.ask(key, case_id, question="undo.proposal", options=(option,), awaited=False, **args)


@press("undo.proposal", "take_back")
def proposal_back(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The question is asked no more, and who was asked is told; kept in the history of the case."""
    fresh = turn.now - datetime.fromisoformat(args["asked"]) <= turn.policy.take_back
    waiting = [q for q in talk.open_questions(turn.conn, args["to"], awaited=False)
               if q.name == args["what"] and q.case_id == question.case_id]
    if not fresh or not waiting:
        turn.say("refusal.undo_late" if not fresh else "refusal.undo_moved", question.case_id)
        return
    turn.write(CloseQuestions(PersonId(args["to"]), args["what"], question.case_id))
    for task in {q.task_id for q in waiting if q.task_id}:
        turn.write(EndTask(task, "taken_back"))
    note(turn, question.case_id, f"{args['what']}_taken_back")
    turn.tell(PersonId(args["to"]), NOT_ASKED[args["what"]], question.case_id)
    turn.say("resident.step_dropped")


def note(turn: Turn, case_id: str, what: str) -> None:
    """What was proposed or dropped is written down for staff."""
    from handlers.texts import word

    actor = turn.actor(turn.case(case_id))
    if actor is not None and actor.who is not Who.RESIDENT and lifecycle.allowed(turn.case(case_id), a.AddWords, actor.who):
        turn.act(case_id, a.AddWords(words=word("note", what), internal=True))


NOT_ASKED = {"resident.defer": "resident.defer_not_asked", "task.extend": "worker.extend_not_asked"}
BY_WORD = {
    "undo": take_back, "undo.task": task_back, "undo.proposal": proposal_back, "checkback.satisfied": not_what_i_meant,
}
