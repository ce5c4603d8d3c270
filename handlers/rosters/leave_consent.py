"""The substitute's 同意, without which there is no leave; and the secretary, who decides when nobody says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Final

from casework.case import PersonId, Post, PostId, Task, Urgency
from casework.deadlines import task_by
from casework.effects import Ask, EndTask, GrantLeave, Kind, NoteTry, OpenTask, Option
from handlers.asking import relaying_since
from handlers.pressed import short_id
from handlers.rosters import colleagues as team
from handlers.rosters.duty import hand_over
from handlers.rosters.leave import ask_who, candidates, go_on
from handlers.rosters.leave_plan import Plan, desk_of, end_pending, name_of, overlapping, plan_of, posts_of, spoken_days
from handlers.tasks import own_task
from handlers.texts import local, post_name, text_of
from handlers.turn import Turn, answer, press
from nlp.replies import read_yes_no
from storage import cases, roster, talk

ANSWERED_WITHIN: Final = timedelta(days=1)  # by then, or when the leave begins, the secretary hears of the silence
AT_LEAST: Final = timedelta(hours=1)
BEGINS: Final = time(7)  # the shift of a day of leave
ANY_YES: Final = timedelta(minutes=15)  # "好的" so long after the question answers it; later only 同意 and 不行 do


def put_to_substitute(turn: Turn, plan: Plan) -> None:
    """The substitute is asked; a task of the secretary's falls due when nobody answers."""
    post = turn.town.post(plan.substitute) if plan.substitute else None
    wrong = _why_not(turn, plan, post)
    if post is None or post.holder_id is None or wrong:
        ask_who(turn, replace(plan, substitute=None), wrong, who=post.holder_name if post else "")
        return
    end_pending(turn, plan.person, "replaced")
    days, name = spoken_days(turn, *plan.days), name_of(turn, plan)
    note = text_of("leave.note_waits").format(name=name, days=spoken_days(turn, *plan.days, near=False), who=post.holder_name)
    task = _open_task(turn, plan, _answer_by(turn, plan), note)
    turn.write(Ask(
        post.holder_id, "leave.consent", None, {"name": name, "days": days, **plan.args()}, Kind.CARD,
        question="leave.consent", options=(Option("consent"), Option("refuse")), task_id=task,
    ))
    key = "leave.asked" if plan.by == plan.person else "leave.asked_for"
    turn.say(key, who=post_name(post), days=days, name=name)


def _why_not(turn: Turn, plan: Plan, post: Post | None) -> str:
    """Why this one cannot stand in, as a key; empty: nothing speaks against it."""
    if post is None or post.holder_id in (None, plan.person):
        return "leave.who_unknown"
    if not turn.town.reachable(post):
        return "leave.who_unreachable"
    first, last = plan.days
    away = any(leave.first <= last for leave in roster.leaves_to_come(turn.conn, [post.id], first))
    return "leave.who_away" if away else ""


def _answer_by(turn: Turn, plan: Plan) -> datetime:
    begins = datetime.combine(plan.days[0], BEGINS, turn.policy.calendar.zone)
    return max(min(turn.now + ANSWERED_WITHIN, begins), turn.now + AT_LEAST)


def _open_task(turn: Turn, plan: Plan, due: datetime, note: str) -> str:
    task = f"leave:{short_id(turn.world)}"
    turn.write(OpenTask(task, "leave", desk_of(turn, plan).id, due, person_id=plan.person, note=note))
    return task


@press("leave.consent", "consent")
def consented(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Only now it is leave."""
    plan = plan_of(question.args)
    post = turn.town.post(plan.substitute) if plan.substitute else None
    if plan.substitute not in {p.id for p in turn.person.posts}:
        turn.say("refusal.not_yours")
    elif _why_not(turn, plan, post):  # away themselves by now
        turn.write(EndTask(question.task_id, "refused"))
        turn.say("leave.you_are_away", days=spoken_days(turn, *plan.days))
        ask_who(turn, replace(plan, substitute=None, refused=(*plan.refused, turn.person.id)), "leave.who_away",
                to=plan.by, who=turn.person.name)
    elif grant(turn, plan, question.task_id, "agreed"):
        turn.say("leave.thanks", name=name_of(turn, plan), days=spoken_days(turn, *plan.days))


@press("leave.consent", "refuse")
def refused(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Whoever asked may name another."""
    plan = plan_of(question.args)
    turn.write(EndTask(question.task_id, "refused"))
    turn.say("leave.refused_noted")
    again = replace(plan, substitute=None, refused=(*plan.refused, turn.person.id))
    if plan.days[1] >= local(turn).date():
        ask_who(turn, again, "leave.refused", to=plan.by, who=turn.person.name)


@answer("leave.consent")
def consent_told(turn: Turn, question: Any, text: str) -> bool:
    yes = said_of_consent(turn, question, text)
    if yes is None:
        return False
    talk.answer_question(turn.conn, question.id, "consent" if yes else "refuse", turn.now)
    (consented if yes else refused)(turn, question, {})
    return True


def said_of_consent(turn: Turn, question: Any, text: str) -> bool | None:
    """同意 or 不行 at any time; a plain 好的 only while it can only be meant for this."""
    said = {"同意": True, "不行": False, "不同意": False}.get(text.strip().strip("。.!！ "))
    if said is None and turn.now <= question.asked_at + ANY_YES and relaying_since(turn) is None:
        return read_yes_no(text)  # while words go on to a resident, 好的 is for the resident
    return said


def grant(turn: Turn, plan: Plan, task_id: str, outcome: str) -> bool:
    """The leave is written, all hear of it, and what nobody has acknowledged goes on to who is there now."""
    turn.write(EndTask(task_id, outcome))
    first, last = plan.days
    today = local(turn).date()
    posts = posts_of(turn, plan)
    if last < today or not posts or overlapping(turn, plan) is not None:
        turn.say("leave.over")
        return False
    for post in posts:
        turn.write(GrantLeave(post.id, first, last, plan.substitute))
    substitute = turn.town.post(plan.substitute) if plan.substitute else None
    who = post_name(substitute) if substitute else text_of("leave.nobody")
    args: dict[str, Any] = {"days": spoken_days(turn, first, last), "who": who}
    held = cases.held_by(turn.conn, plan.posts)
    if first <= today:
        hand_over(turn, frozenset(plan.posts))
    kept = [c for c in held if c.acknowledged_at is not None]
    if kept:  # what is acknowledged stays, unless it is handed over with one press
        turn.write(Ask(plan.person, "leave.granted_holding", None, {"count": len(kept), "to": plan.substitute, **args},
                       question="leave.granted", options=(Option("hand_all"),), awaited=False))
    else:
        turn.tell(plan.person, "leave.granted", **args)
    team.tell_secretary(turn, posts[0].area_id, "leave.noted", name=name_of(turn, plan), **args)
    return True


# ---- the secretary -----------------------------------------------------------------------------------------------


@press("leave.who", "ask_desk")
def to_the_secretary(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Nobody to name: the secretary arranges it."""
    plan = plan_of(question.args)
    end_pending(turn, plan.person, "replaced")
    note = text_of("leave.note_nobody").format(name=name_of(turn, plan), days=spoken_days(turn, *plan.days, near=False))
    task = _open_task(turn, plan, task_by(Urgency.NORMAL, turn.now, turn.policy), note)
    desk = desk_of(turn, plan)
    if desk.holder_id is not None:
        turn.write(_card(turn, plan, task, desk.holder_id, note))
    turn.say("leave.with_desk", post=post_name(desk))


def over(turn: Turn, task: Task) -> bool:
    """The days are gone by, and nobody has decided: that is told, and the task ends."""
    plan = _planned(turn, task)
    if plan is None or plan.days[1] >= local(turn).date():
        return False
    turn.write(EndTask(task.id, "over"))
    turn.tell(plan.by, "leave.not_decided", days=spoken_days(turn, *plan.days))
    return True


def unanswered(turn: Turn, task: Task) -> None:
    """The substitute is silent: the secretary is told, and whoever asked. The question stays open all the same."""
    plan = _planned(turn, task)
    turn.write(NoteTry(task.id, turn.now, task_by(Urgency.NORMAL, turn.now, turn.policy)))
    if plan is None:
        return
    owner = turn.town.post(task.owner_post)
    if owner is not None and owner.holder_id is not None:
        turn.write(_card(turn, plan, task.id, owner.holder_id, task.note))
    if owner is None or plan.by != owner.holder_id:
        turn.tell(plan.by, "leave.silent", post=post_name(owner) if owner else "", days=spoken_days(turn, *plan.days))


def card_of(turn: Turn, task: Task, to: PersonId) -> Ask | None:
    """The task's card, from the list of tasks."""
    plan = _planned(turn, task)
    return _card(turn, plan, task.id, to, task.note) if plan is not None else None


def _planned(turn: Turn, task: Task) -> Plan | None:
    asked = talk.last_of_task(turn.conn, task.id)
    return plan_of(asked.args) if asked is not None else None


def _card(turn: Turn, plan: Plan, task: str, to: PersonId, note: str) -> Ask:
    options = [*team.choices(turn, [p for p in candidates(turn, plan) if p.holder_id != to])[:4], Option("grant_alone"), Option("leave_no")]
    return Ask(to, "task.leave", None, {"words": note, **plan.args()}, Kind.CARD, question="task.leave",
               options=tuple(options), awaited=False, task_id=task)


@press("task.leave", "colleague")
def desk_names(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The secretary names somebody, who is asked as well."""
    if own_task(turn, question) is not None:
        plan = replace(plan_of(question.args), by=turn.person.id, substitute=PostId(args["post"]))
        go_on(turn, plan)


@press("task.leave", "grant_alone")
def desk_grants(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Leave without a substitute: whoever else is on duty gets the cases, else the secretary."""
    task = own_task(turn, question)
    if task is not None and grant(turn, replace(plan_of(question.args), substitute=None), task.id, "granted"):
        turn.say("leave.desk_granted")


@press("task.leave", "leave_no")
def desk_refuses(turn: Turn, question: Any, args: dict[str, str]) -> None:
    task, plan = own_task(turn, question), plan_of(question.args)
    if task is not None:
        turn.write(EndTask(task.id, "refused"))
        turn.tell(plan.person, "leave.desk_refused", days=spoken_days(turn, *plan.days))
        turn.say("task.ended")
