"""交班, at the secretary's desk: what nobody took, and who answers from now on when it is for good."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from casework import access
from casework import actions as a
from casework.case import Part, PersonId, Post, PostId, Task, Urgency
from casework.deadlines import task_by
from casework.effects import Ask, EndTask, Kind, NoteTry, Option
from handlers.rosters import colleagues as team
from handlers.rosters.handing_plan import (
    Handing,
    Moving,
    candidates,
    desk_of,
    end,
    giver,
    handing_of,
    lines,
    most_urgent,
    pass_on,
    still,
)
from handlers.rosters.handing_receipt import offer, open_task, take
from handlers.tasks import own_task
from handlers.texts import post_name, text_of
from handlers.turn import Turn, press
from storage import cases, talk


def ask_who_answers(turn: Turn, plan: Handing, gone: Moving, post: Post) -> None:
    """For good: 首接负责 goes too only with the secretary's yes."""
    desk = desk_of(turn, plan)
    note = text_of("duty.hand_good_note").format(name=giver(turn, plan).name, who=post.holder_name, count=len(gone.moved))
    plan = replace(plan, cases=tuple(c.id for c in gone.cases), to=post.id)
    task = open_task(turn, plan, "handing_good", task_by(Urgency.NORMAL, turn.now, turn.policy), note)
    if desk.holder_id is not None:
        turn.write(_good_card(turn, plan, task, desk.holder_id, note))
    turn.tell(plan.person, "duty.hand_good_asked", post=post_name(desk))


def _good_card(turn: Turn, plan: Handing, task: str, to: PersonId, note: str) -> Ask:
    return Ask(to, "task.handing_good", None, {"words": note, **plan.args()}, Kind.CARD, question="task.handing_good",
               options=(Option("agree"), Option("disagree")), awaited=False, task_id=task)


@press("task.handing_good", "agree")
def good_agreed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _good(turn, question, agreed=True)


@press("task.handing_good", "disagree")
def good_refused(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _good(turn, question, agreed=False)


def _good(turn: Turn, question: Any, agreed: bool) -> None:
    """Where the giver was the first owner, the one who took it over answers for it from now on; or not."""
    task, plan = own_task(turn, question), handing_of(question.args)
    post, desk = turn.town.post(plan.to) if plan.to else None, desk_of(turn, plan)
    if task is None or post is None:
        return
    turn.write(EndTask(task.id, "agreed" if agreed else "refused"))
    posts = {p.id for p in giver(turn, plan).posts}
    if agreed:
        for case in (turn.case(i) for i in plan.cases):
            owner = next((p.post_id for p in turn.parts(case.id) if p.part is Part.FIRST_OWNER and p.post_id in posts), None)
            has_it = any(p.part is Part.ASSIGNEE and p.post_id == post.id for p in turn.parts(case.id))
            if owner is not None and has_it and not case.ended:
                pass_on(turn, case, a.PassOn(giver=owner, to=post.id, answers=True), desk)
    key = "duty.hand_good_yes" if agreed else "duty.hand_good_no"
    for person in dict.fromkeys((plan.person, post.holder_id)):
        if person is not None:
            turn.tell(person, key, post=post_name(desk), count=len(plan.cases), who=post_name(post))
    turn.say("duty.hand_good_done")


def unanswered(turn: Turn, task: Task) -> None:
    """The colleague is silent, or cannot and nobody else was asked: the secretary decides. An open question stays open all the same."""
    plan, asked = _planned(turn, task), talk.last_of_task(turn.conn, task.id)
    if plan is None or asked is None:
        turn.write(NoteTry(task.id, turn.now, task_by(Urgency.NORMAL, turn.now, turn.policy)))
        return
    decide(turn, plan, task.id, task.note)
    owner, post = turn.town.post(task.owner_post), turn.town.post(plan.to) if plan.to else None
    key = "duty.hand_undecided" if asked.answered == "cannot" else "duty.hand_silent"
    turn.tell(plan.person, key, who=post_name(post) if post else "", count=len(plan.cases), post=post_name(owner) if owner else "")


def decide(turn: Turn, plan: Handing, task: str, note: str) -> None:
    """The card goes to the desk whose task it is, and the task is looked at again as soon as the most urgent of them demands."""
    urgency = most_urgent(still(turn, plan))
    turn.write(NoteTry(task, turn.now, task_by(urgency, turn.now, turn.policy)))
    desk = desk_of(turn, plan)
    if desk.holder_id is not None:
        turn.write(_card(turn, plan, task, desk.holder_id, note))


def urgency_of(turn: Turn, task: Task) -> Urgency:
    """How fast the task goes: as the most urgent of the cases in it."""
    plan = _planned(turn, task)
    return most_urgent(still(turn, plan)) if plan is not None else Urgency.NORMAL


def card_of(turn: Turn, task: Task, to: PersonId) -> Ask | None:
    """The task's card, from the list of tasks."""
    plan = _planned(turn, task)
    if plan is None:
        return None
    return (_good_card if task.kind == "handing_good" else _card)(turn, plan, task.id, to, task.note)


def _planned(turn: Turn, task: Task) -> Handing | None:
    asked = talk.last_of_task(turn.conn, task.id)
    return handing_of(asked.args) if asked is not None else None


def _card(turn: Turn, plan: Handing, task: str, to: PersonId, note: str) -> Ask:
    others = [p for p in candidates(turn, plan) if p.holder_id != to and p.id != plan.to]
    owner = cases.task(turn.conn, task)
    post = turn.town.post(owner.owner_post) if owner is not None else None
    own = [Option("desk_takes")] if post is not None and post.role in access.TAKES_OVER else []
    options = (*team.choices(turn, others)[:4], *own, Option("stay"))
    found = still(turn, plan)
    urgency = most_urgent(found)
    call = text_of("duty.hand_desk_call") if urgency is Urgency.EMERGENCY else ""
    told = {"words": note, "list": lines(turn, found), "call": call, **plan.args()}
    return Ask(to, "task.handing", None, told, Kind.CARD, urgency, question="task.handing",
               options=options, awaited=False, task_id=task)


@press("task.handing", "colleague")
def desk_names(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The secretary names somebody, who is asked as well."""
    if own_task(turn, question) is not None:
        offer(turn, replace(handing_of(question.args), by=turn.person.id, to=PostId(args["post"])))


@press("task.handing", "desk_takes")
def desk_takes(turn: Turn, question: Any, args: dict[str, str]) -> None:
    task = own_task(turn, question)
    post = turn.town.post(task.owner_post) if task is not None else None
    if task is not None and post is not None:
        end(turn, task, handing_of(question.args), "taken")
        take(turn, handing_of(question.args), post)


@press("task.handing", "stay")
def stays(turn: Turn, question: Any, args: dict[str, str]) -> None:
    task, plan = own_task(turn, question), handing_of(question.args)
    if task is not None:
        end(turn, task, plan, "stays")
        turn.tell(plan.person, "duty.hand_stays", post=post_name(desk_of(turn, plan)), count=len(plan.cases))
        turn.say("duty.hand_stays_done", name=giver(turn, plan).name)
