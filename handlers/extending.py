"""申请延期: who asks and why, once; a task of the secretary's with a limit, which climbs when nobody answers."""

from __future__ import annotations

from typing import Any

from casework import actions as a
from casework import dispatch, lifecycle
from casework.case import Case, PersonId, Task, Who
from casework.deadlines import task_by
from casework.effects import Ask, EndTask, Kind, OpenTask, Option
from handlers.cards import not_for_this
from handlers.pressed import short_id
from handlers.tasks import actor_of, own_task
from handlers.texts import post_name, text_of
from handlers.turn import Turn, answer, press
from handlers.undoing import done, proposed, task_ended
from storage import cases, people, talk

LONGEST = 200  # characters of a reason


@press("card", "extend")
def extend(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """疑难: asked of the secretary; a secretary's own press is the approval."""
    case = turn.case(question.case_id)
    actor = turn.actor(case)
    if actor is not None and actor.who is Who.DESK:
        if turn.act(case.id, a.Extend()):
            done(turn, "staff.extended", case.id)
    elif actor is None or not lifecycle.allowed(case, a.Extend, Who.DESK):
        turn.may(case.id, a.Extend)
    elif case.extended:
        turn.say("refusal.extended_already", case.id)
    elif (asked := _asked(turn, case)) is not None:
        turn.say("worker.extend_waits" if asked.ended_at is None else "worker.extend_no_again", case.id, post=_desk_name(turn, asked))
    else:
        turn.ask("worker.extend_why", case.id, question="worker.extend")


def _asked(turn: Turn, case: Case) -> Task | None:
    """What was asked already, and waits or was refused since the clock began to run."""
    since = case.solve_from or case.filed_at
    found = [t for t in cases.tasks_about(turn.conn, case.id) if t.kind == "extend" and t.opened_at >= since]
    return next((t for t in found if t.ended_at is None or t.outcome == "refused"), None)


def _desk_name(turn: Turn, task: Task) -> str:
    post = turn.town.post(task.owner_post)
    return post_name(post) if post is not None else text_of("word.the_desk")


@answer("worker.extend")
def why(turn: Turn, question: Any, text: str) -> bool:
    """The reason, which the secretary reads; then it is a task."""
    if not_for_this(turn, question, text):
        return False
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    case = turn.case(question.case_id)
    if case.extended or not turn.may(case.id, a.AddWords) or not lifecycle.allowed(case, a.Extend, Who.DESK):
        turn.say("refusal.not_now", case.id)
        return True
    words, desk = text.strip()[:LONGEST], dispatch.desk(case, turn.town, turn.now)
    task = f"extend:{short_id(turn.world)}"
    turn.write(OpenTask(task, "extend", desk.id, task_by(case.urgency, turn.now, turn.policy), case.id, turn.person.id, note=words))
    turn.act(case.id, a.AddWords(words=text_of("note.extend_asked").format(words=words), internal=True))
    opened = cases.task(turn.conn, task)
    if opened is not None and desk.holder_id is not None:
        turn.write(card(turn, opened, desk.holder_id))
        proposed(turn, "worker.extend_asked", case.id, "task.extend", desk.holder_id, post=post_name(desk))
    return True


def card(turn: Turn, task: Task, to: PersonId) -> Ask:
    """Who asks, for which case, and why."""
    case = turn.case(str(task.case_id))
    asker = people.person(turn.conn, task.person_id) if task.person_id else None
    has_it = [p for p in (asker.posts if asker else ()) if turn.town.within(case.area_id, p.area_id)]
    post = has_it[0] if has_it else None
    name = f"{post.title} {asker.name}" if post is not None and asker is not None else asker.name if asker is not None else ""
    return Ask(to, "task.extend", case.id, {"name": name, "words": task.note}, Kind.CARD, case.urgency, question="task.extend",
               options=(Option("agree"), Option("disagree")), awaited=False, task_id=task.id)


@press("task.extend", "agree")
def granted(turn: Turn, question: Any, args: dict[str, str]) -> None:
    task = own_task(turn, question)
    if task is not None and task.case_id is not None and turn.act(task.case_id, a.Extend(), actor_of(turn, task)):
        done(turn, "staff.extended", task.case_id)


@press("task.extend", "disagree")
def refused(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Once said, it stands, until the secretary takes it back."""
    task = own_task(turn, question)
    if task is None or task.case_id is None:
        return
    turn.write(EndTask(task.id, "refused"))
    if task.person_id is not None:
        turn.tell(task.person_id, "worker.extend_no", task.case_id)
    task_ended(turn, "task.ended", task)
