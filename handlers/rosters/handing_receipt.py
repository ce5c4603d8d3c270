"""交班, on the side of who takes over: 收下 with a receipt for who handed over, 收不了, and 点错了."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from casework import actions as a
from casework import hours
from casework.case import Case, PersonId, Post, PostId, State, Urgency
from casework.effects import Ask, EndTask, Kind, OpenTask, Option
from handlers.pressed import short_id
from handlers.rosters.handing import ask_who, receiver
from handlers.rosters.handing_plan import (
    Handing,
    Moving,
    desk_of,
    end_pending,
    giver,
    handing_of,
    lines,
    may_still,
    most_urgent,
    move,
    numbers,
    pass_on,
    pending,
    still,
    why,
)
from handlers.rosters.leave_consent import said_of_consent
from handlers.texts import post_name, text_of, word
from handlers.turn import Turn, answer, press
from storage import cases, people, talk


def offer(turn: Turn, plan: Handing) -> None:
    """The colleague is asked, with the whole list in one message; the secretary's task falls due when nobody answers."""
    found, post = still(turn, plan), receiver(turn, plan)
    if not found or not may_still(turn, plan):
        turn.say("duty.hand_none")
        return
    if post is None or post.holder_id is None:
        ask_who(turn, replace(plan, to=None), "duty.hand_who_unknown")
        return
    before = pending(turn, plan)
    end_pending(turn, plan, "replaced")
    waited = [t.due_at for t in before if not t.tries and t.due_at > turn.now]  # a new name is no new delay
    name, desk, by = giver(turn, plan).name, desk_of(turn, plan), min([_answer_by(turn, found), *waited])
    plan = replace(plan, cases=tuple(c.id for c in found))
    danger = any(c.emergency for c in found)
    mark = word("mark", Urgency.EMERGENCY.value) if danger else ""
    note = text_of("duty.hand_note").format(name=name, who=post.holder_name, count=len(found), mark=mark)
    task = open_task(turn, plan, "handing", by, note)
    awake = turn.town.awake(post, turn.now)  # who is on duty gets it at night too
    turn.write(Ask(
        post.holder_id, "duty.hand_offer", None,
        {"name": name, "count": len(found), "why": why(plan), "list": lines(turn, found), **plan.args(),
         "call": text_of("duty.hand_offer_call").format(name=name) if danger else ""},
        Kind.ANSWER if awake else Kind.CARD, most_urgent(found), everywhere=danger, question="duty.handing",
        options=(Option("take_over"), Option("cannot")), task_id=task,
    ))
    if any(t.tries for t in before) and desk.holder_id != turn.person.id:
        from handlers.rosters.handing_desk import decide

        decide(turn, plan, task, note)
    if plan.by == plan.person:
        turn.ask("duty.hand_asked", question="duty.handing_out", options=("hand_no",), awaited=False, who=post_name(post),
                 count=len(found), post=post_name(desk), by=by, **plan.args())
    else:
        turn.say("duty.hand_asked_for", who=post_name(post), count=len(found), name=name)


def _answer_by(turn: Turn, found: Sequence[Case]) -> datetime:
    """As soon as the most urgent of them would have to be acknowledged by somebody who has just got it."""
    limits = (turn.policy.limits_for(c.category, c.urgency).acknowledge for c in found)
    return min(hours.add(limit, turn.now, turn.policy.calendar) for limit in limits)


def open_task(turn: Turn, plan: Handing, kind: str, due: datetime, note: str) -> str:
    task = f"{kind}:{short_id(turn.world)}"
    turn.write(OpenTask(task, kind, desk_of(turn, plan).id, due, person_id=plan.person, note=note))
    return task


# ---- the colleague ------------------------------------------------------------------------------------------------


@press("duty.handing", "take_over")
def taken(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """收下: all of it is theirs now."""
    plan = handing_of(question.args)
    task = cases.task(turn.conn, question.task_id)
    post = next((p for p in turn.person.posts if p.id == plan.to), None)
    if post is None:
        turn.say("refusal.not_yours")
    elif task is None or task.ended_at is not None:
        turn.say("duty.hand_gone")
    else:
        turn.write(EndTask(task.id, "taken"))
        take(turn, plan, post)
        if task.tries:
            tell_desk(turn, plan, "duty.hand_settled", who=post_name(post))


def tell_desk(turn: Turn, plan: Handing, key: str, who: str = "") -> None:
    """The desk that had been asked to decide hears that it need not any more."""
    desk = desk_of(turn, plan)
    if desk.holder_id is not None and desk.holder_id != turn.person.id:
        turn.tell(desk.holder_id, key, name=giver(turn, plan).name, count=len(plan.cases), who=who)


def take(turn: Turn, plan: Handing, post: Post) -> None:
    """All goes over, and both have it in writing. Of what did not go, both hear as well."""
    before, offered = giver(turn, plan), [turn.case(i) for i in plan.cases]
    gone = move(turn, offered, before, post, tells=plan.why != "shift")
    if not gone.moved:
        turn.say("duty.hand_gone")
        return
    kept = text_of("duty.hand_kept").format(name=before.name, list=numbers(gone.kept)) if gone.kept else ""
    told: dict[str, Any] = {"count": len(gone.moved), "list": numbers(gone.cases), "kept": kept, **_back(gone, plan, post)}
    turn.ask("duty.hand_taken", question="duty.handed", options=("take_back", "cards"), awaited=False, **told)
    turn.write(Ask(before.id, "duty.hand_receipt", None, {"who": post_name(post), **told}, Kind.ANSWER, question="duty.handed",
                   options=(Option("take_back"),), awaited=False))  # they wait for it, at night too
    _ask_days(turn, gone.cases)
    if plan.why == "good":
        from handlers.rosters.handing_desk import ask_who_answers

        ask_who_answers(turn, plan, gone, post)


def _back(gone: Moving, plan: Handing, post: Post) -> dict[str, Any]:
    """What 点错了 needs."""
    return {"person": plan.person, "to": post.id, "tells": plan.why != "shift", "moved": [[c.id, was] for c, was in gone.moved]}


def _ask_days(turn: Turn, found: Sequence[Case]) -> None:
    """Where a new day is still to be named, the new one is asked for it."""
    from handlers.promising import ask_day

    for case in found:
        if case.promise_due is not None and case.state is State.IN_PROGRESS:
            ask_day(turn, case.id)


@press("duty.handing", "cannot")
def refused(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Whoever asked may name another. The desk's task stays until somebody has it: with a danger in it, or asked already, the
    desk decides at once."""
    from handlers.rosters.handing_desk import decide

    plan, task = handing_of(question.args), cases.task(turn.conn, question.task_id)
    turn.say("duty.hand_refused_noted")
    again = replace(plan, to=None, refused=(*plan.refused, turn.person.id))
    if plan.by == plan.person:
        ask_who(turn, again, "duty.hand_refused", to=plan.by, who=turn.person.name)
    if task is None or task.ended_at is not None:
        return
    if plan.by != plan.person or task.tries or any(c.emergency for c in still(turn, plan)):
        name, who = giver(turn, plan).name, turn.person.name
        decide(turn, again, task.id, text_of("duty.hand_refused_note").format(name=name, who=who, count=len(plan.cases)))


SAID = {"收下": True, "收下了": True, "我收下": True, "收不了": False, "接不了": False}


@answer("duty.handing")
def told(turn: Turn, question: Any, text: str) -> bool:
    yes = SAID.get(text.strip().strip("。.!！ "))
    yes = said_of_consent(turn, question, text) if yes is None else yes
    if yes is None:
        return False
    talk.answer_question(turn.conn, question.id, "take_over" if yes else "cannot", turn.now)
    (taken if yes else refused)(turn, question, {})
    return True


# ---- 点错了 ---------------------------------------------------------------------------------------------------------


@press("duty.handed", "take_back")
def undone(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Within ten minutes, by either of the two: back to who had it, as far as nothing was done with it since."""
    told = question.args
    receiver_, before = turn.town.post(PostId(told["to"])), people.person(turn.conn, told["person"])
    late = turn.now > question.asked_at + turn.policy.take_back
    if late or receiver_ is None or before is None or turn.person.id not in (before.id, receiver_.holder_id):
        turn.say("resident.nothing_to_take_back")
        return
    back = [c for i, was in told["moved"] if (c := _give_back(turn, turn.case(i), PostId(was), receiver_, bool(told["tells"])))]
    if not back:
        turn.say("resident.nothing_to_take_back")
        return
    talk.answer_question(turn.conn, question.id, "take_back", turn.now)
    for task in pending(turn, Handing(before.id, before.id), "handing_good"):
        turn.write(EndTask(task.id, "taken_back"))
    turn.say("duty.hand_undone", count=len(back), name=before.name, list=numbers(back))
    other = before.id if turn.person.id != before.id else receiver_.holder_id
    if other is not None:
        you = text_of("leave.you") if other == before.id else before.name
        turn.tell(PersonId(other), "duty.hand_undone_told", who=turn.person.name, count=len(back), list=numbers(back), you=you)


def _give_back(turn: Turn, case: Case, was: PostId, now: Post, tells: bool) -> Case | None:
    """Only what nothing has happened to since."""
    last, post = cases.events(turn.conn, case.id)[-1], turn.town.post(was)
    if case.ended or last.kind != "pass_on" or last.post != now.id or post is None:
        return None
    step = a.PassOn(giver=now.id, to=was, tells=tells)
    return case if pass_on(turn, case, step, post) else None


@press("duty.handed", "cards")
def to_the_list(turn: Turn, question: Any, args: dict[str, str]) -> None:
    from handlers.worklist import cards

    cards(turn)
