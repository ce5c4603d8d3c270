"""The desk ends its tasks, each with an outcome: telephoned, visited, sorted, told, taken, named, answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from casework import access, checkback
from casework import actions as a
from casework.case import Actor, Answer, PostId, Satisfaction, Task, Who
from casework.consequences.asking import send_a_person
from casework.effects import CloseQuestions, EndTask, NoteTry
from handlers import mending
from handlers.pressed import read_button
from handlers.turn import Turn, answer, press
from handlers.undoing import done, task_ended, undo
from storage import cases, talk
from storage import desk as kept


def held_as(turn: Turn, task: Task) -> PostId | None:
    """The speaker's post that has the task; None also where it is about a complaint about themselves."""
    case = turn.case(task.case_id) if task.case_id else None
    if case is not None and access.scope(turn.person).spoken_of(case):
        return None
    return access.task_post(turn.person, task)


def own_task(turn: Turn, question: Any) -> Task | None:
    """The open task behind a card, if it is still the speaker's. Somebody else may have been faster: said kindly."""
    found = cases.task(turn.conn, question.task_id) if question.task_id else None
    if found is None or found.ended_at is not None or held_as(turn, found) is None:
        turn.say("task.gone")
        return None
    return found


def by_task(turn: Turn, question: Any) -> Actor | None:
    """As whom the speaker answers what was asked about an open task of theirs; a case need not lie in their area for that."""
    task = cases.task(turn.conn, question.task_id) if question.task_id else None
    mine = task is not None and task.ended_at is None and access.task_post(turn.person, task) is not None
    return actor_of(turn, task) if task is not None and mine else None


def actor_of(turn: Turn, task: Task) -> Actor:
    return Actor(Who.DESK, turn.person.id, access.task_post(turn.person, task) or task.owner_post)


@press("task.telephone", "solved", "partly", "not_solved")
@press("task.visit", "solved", "partly", "not_solved")
def telephone_answer(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """What the resident said over the telephone counts as the resident's word; the second question follows."""
    task = own_task(turn, question)
    if task is None or task.case_id is None:
        return
    said = Answer(_pressed(turn, question))
    case = turn.case(task.case_id)
    if case.resolved_by == turn.person.id:
        turn.say("task.telephone_self", case.id)
        return
    if turn.act(task.case_id, a.Reply(answer=said), actor_of(turn, task)) is None:
        return
    if said is Answer.NOT_SOLVED:
        done(turn, "task.telephone_done", task.case_id)
    else:
        turn.ask("task.telephone_satisfied", task.case_id, question="task.satisfied", awaited=False, task_id=task.id,
                 options=("satisfied", "mostly", "dissatisfied", "declined", "take_back"))


@press("task.satisfied", "take_back")
def answer_mistaken(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The first answer was pressed by mistake."""
    undo(turn, question.case_id)


@press("task.satisfied", "satisfied", "mostly", "dissatisfied", "declined")
def telephone_satisfied(turn: Turn, question: Any, args: dict[str, str]) -> None:
    said = _pressed(turn, question)
    task = cases.task(turn.conn, question.task_id)
    if said != "declined" and task is not None and question.person_id == turn.person.id:
        turn.act(question.case_id, a.Grade(satisfaction=Satisfaction(said)), actor_of(turn, task))
    turn.write(CloseQuestions(turn.person.id, "task.satisfied", question.case_id))
    done(turn, "task.telephone_done", question.case_id)


def _pressed(turn: Turn, question: Any) -> str:
    text = turn.heard.text.strip()
    read = read_button(turn.world, text)
    if read is not None:
        return str(question.options[read[1]]["name"])
    at = int(text) - 1 if text.isdecimal() else -1  # on the desk's page a button is pressed by its number
    return str(question.options[at]["name"]) if 0 <= at < len(question.options) else ""


@press("task.telephone", "no_answer")
@press("task.visit", "not_home")
def nobody_answered(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Three tries on two days, each logged; only then 未评价结案."""
    task = own_task(turn, question)
    if task is None or task.case_id is None:
        return
    if task.tries and turn.now < task.due_at:  # pressed twice, or at once again: two calls in a minute are one try
        turn.say("task.try_later", task.case_id, by=task.due_at)
        return
    if not _tried(turn, task, "no_answer"):
        return
    days = tries(turn, task)
    if checkback.tries_exhausted(days, turn.now, turn.policy):
        _give_up(turn, task, "no_answer")
        return
    due = checkback.next_try(turn.now, len(days), turn.policy)
    turn.write(NoteTry(task.id, turn.now, due))
    done(turn, "task.telephone_noted", task.case_id, by=due)


def _tried(turn: Turn, task: Task, outcome: str) -> bool:
    """A try is an event of the case: who, when."""
    assert task.case_id is not None
    return turn.act(task.case_id, a.TryCall(outcome=outcome), actor_of(turn, task)) is not None


def tries(turn: Turn, task: Task) -> list[datetime]:
    """When it was tried since the task was opened."""
    return [e.at for e in kept.tries(turn.conn, task)]


@press("task.telephone", "wrong_number")
def wrong_number(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The number leads to nobody: a person goes and knocks."""
    task = own_task(turn, question)
    if task is None or task.case_id is None or not _tried(turn, task, "wrong_number"):
        return
    turn.write(EndTask(task.id, "wrong_number"))
    done(turn, "task.telephone_wrong", task.case_id)
    for effect in send_a_person(turn.case(task.case_id), "visit", turn.town, turn.policy, turn.now):
        turn.write(effect)


@press("task.telephone", "declined")
@press("task.visit", "declined")
def would_not_say(turn: Turn, question: Any, args: dict[str, str]) -> None:
    task = own_task(turn, question)
    if task is not None and task.case_id is not None and _tried(turn, task, "declined"):
        _give_up(turn, task, "declined")


def _give_up(turn: Turn, task: Task, reason: str) -> None:
    """未评价结案, with the reason; the task ends with it."""
    assert task.case_id is not None
    if turn.act(task.case_id, a.CloseUnanswered(reason=reason), actor_of(turn, task)):
        done(turn, f"task.closed_{reason}", task.case_id)


@press("task.sort", "category")
def sort_category(turn: Turn, question: Any, args: dict[str, str]) -> None:
    task = own_task(turn, question)
    if task is None or task.case_id is None:
        return
    if turn.act(task.case_id, mending.as_category(turn, turn.case(task.case_id), args["code"]), actor_of(turn, task)):
        done(turn, "task.sorted", task.case_id)
        if turn.case(task.case_id).grid_id is not None:  # else the place is still to be told
            turn.write(EndTask(task.id, "sorted"))


@press("task.sort", "fix_place")
def sort_place(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if own_task(turn, question) is not None:
        turn.ask("worker.place_ask", question.case_id, question="fix.place", task_id=question.task_id)


@press("task.sort", "dismiss")
def sort_dismiss(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if own_task(turn, question) is not None:
        turn.ask("worker.dismiss_why", question.case_id, question="desk.dismiss", task_id=question.task_id)


@press("task.sort", "done")
@press("task.person", "done")
@press("task.failed", "handled")
@press("task.undelivered", "told")
@press("task.unreached", "told")
@press("task.resident", "told")
def task_done(turn: Turn, question: Any, args: dict[str, str]) -> None:
    task = own_task(turn, question)
    if task is not None:
        turn.write(EndTask(task.id, _pressed(turn, question) or "done"))
        task_ended(turn, "task.ended", task)


@press("task.unreached", "take")
def take_it(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The desk takes the case itself."""
    task = own_task(turn, question)
    if task is None or task.case_id is None:
        return
    if turn.act(task.case_id, a.Acknowledge(), actor_of(turn, task)):
        turn.write(EndTask(task.id, "taken"))
        done(turn, "worker.acknowledged", task.case_id)
        turn.focus(task.case_id)


@press("task.person", "answer")
@press("task.failed", "answer")
def answer_person(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if own_task(turn, question) is not None:
        turn.ask("task.answer_write", question="task.answer", task_id=question.task_id)


@answer("task.answer")
def answer_written(turn: Turn, question: Any, text: str) -> bool:
    """The desk's words go to the resident under the post's name."""
    from handlers import questions

    task = cases.task(turn.conn, question.task_id)
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    if task is None or task.person_id is None:
        return False
    post = turn.town.post(access.task_post(turn.person, task) or task.owner_post)
    if task.ended_at is None:
        turn.write(EndTask(task.id, "answered"))
    turn.say("task.answer_sent")
    if task.kind == "question" and post is not None:
        questions.answered(turn, task, post, text)
    else:
        turn.tell(task.person_id, "resident.desk_says", post=post.title if post else "", words=text)
    return True
