"""点错了: the case goes back into the hands in which it was, and whoever was told of the step is told of its taking back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from casework import actions as a
from casework import history
from casework.case import Part, PersonId, Post, State, Who
from casework.consequences.asking import TASK_OPTIONS, ask_solved
from casework.consequences.hands import defer_question
from casework.consequences.rules import follows
from casework.consequences.telling import actor_title, card, give, to_resident, unreached_task
from casework.effects import Assign, CloseQuestions, Effect, EndTask, EndTasksOf, Kind, Release, Say
from casework.lifecycle import Moved
from casework.policy import Policy
from casework.takeback import APART
from casework.town import Town, holders

HOLDING: Final = (Part.ASSIGNEE, Part.CLIMBED, Part.JOINED)
STAFF_TOLD: Final = {  # of which steps those who have to do with the case are told
    "acknowledge": (Part.ASSIGNEE, Part.CLIMBED), "supervise": (Part.ASSIGNEE,), "correct": (Part.ASSIGNEE,),
    **dict.fromkeys(
        ("resolve", "extend", "declare_safe", "withdraw", "reply", "reopen", "dismiss", "redirect", "defer", "resume",
         "close_unanswered"), HOLDING),
}
RESIDENT_TOLD: Final = frozenset({"coordinate", "promise", "extend", "redirect", "dismiss", "resume"})
RESIDENT_TOLD_ONCE: Final = frozenset({"acknowledge", "contact", "arrive"})  # the first of them only


@follows(a.TakeBack)
def taken_back(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """What the step asked is asked no more, what it ended is open again; hands, staff, resident."""
    yield from _asked_no_more(moved)
    had = _posts(moved, town)
    yield from _into_the_old_hands(moved, town)
    has = _posts(moved, town)
    yield from _tell_staff(moved, had, has, town, policy, now)
    yield from _tell_resident(moved)


def _kind(moved: Moved) -> str:
    assert isinstance(moved.action, a.TakeBack)
    return moved.action.taken.kind if moved.action.taken is not None else ""


def _asked_no_more(moved: Moved) -> Iterator[Effect]:
    """Questions and tasks that the step made. The handler opens again the tasks that it ended."""
    case, kind = moved.case, _kind(moved)
    if kind in ("resolve", "reply", "close_unanswered", ""):
        yield CloseQuestions(question="checkback.solved", case_id=case.id)
        yield CloseQuestions(question="checkback.satisfied", case_id=case.id)
        yield CloseQuestions(question="worker.promise_day", case_id=case.id)
    if kind == "dismiss":
        yield CloseQuestions(question="dismissed", case_id=case.id)
    if kind in ("offer_times", "agree", "call_off"):
        yield CloseQuestions(question="appointment.pick", case_id=case.id)
    for task in TASK_OPTIONS if kind in ("resolve", "") else ("visit",) if kind == "try_call" else ():
        yield EndTasksOf(case.id, task, "taken_back")
    if kind == "return" and moved.before.state is State.RETURNED:
        yield EndTasksOf(case.id, "name_owner", "taken_back")


def _into_the_old_hands(moved: Moved, town: Town) -> Iterator[Effect]:
    """As it was noted with the step; nothing where nothing was noted."""
    assert isinstance(moved.action, a.TakeBack)
    if _kind(moved) in APART:  # whoever has it by now keeps it
        return
    wanted = history.hands_before(moved.action.taken) if moved.action.taken is not None else None
    if wanted is None:
        return
    now = [(p.part, p.post_id) for p in town.parts(moved.case.id)]
    for part, post in now:
        if (part, post) not in wanted and part not in (Part.FIRST_OWNER, Part.ASSIGNEE):
            yield Release(moved.case.id, post, part)
    kept = {part for part, _ in wanted}
    for part, post in now:
        if part is Part.ASSIGNEE and part not in kept:
            yield Release(moved.case.id, post, part)
    for part, post in wanted:
        if (part, post) not in now:
            yield Assign(moved.case.id, post, part)


def _posts(moved: Moved, town: Town, *parts: Part) -> dict[str, Post]:
    """Who has to do with the case, by person."""
    posts = (town.post(i) for i in holders(town.parts(moved.case.id), *(parts or HOLDING)))
    return {p.holder_id or p.id: p for p in posts if p is not None}


def _tell_staff(
    moved: Moved, had: dict[str, Post], has: dict[str, Post], town: Town, policy: Policy, now: datetime
) -> Iterator[Effect]:
    """Who got it by the step is told that it is not theirs; who lost it gets the card; the others, if they were told."""
    case = moved.case
    whose = "taken_back" if moved.actor.who is Who.RESIDENT else "taken_back_by"
    by = {"by": actor_title(moved, town), "step": _kind(moved)}
    for person, post in had.items():
        if person not in has:
            yield EndTask(unreached_task(case, post), "taken_back")
            if post.holder_id and post.holder_id != moved.actor.person:
                yield Say(post.holder_id, "staff.taken_away", case.id, {}, Kind.FACT, case.urgency)
    told = _posts(moved, town, *STAFF_TOLD[_kind(moved)]) if _kind(moved) in STAFF_TOLD else {}
    for person, post in has.items():
        if person == moved.actor.person:
            continue
        if person not in had and not case.ended:
            yield from give(case, post, "card.back_to_you", town, now, policy)
        elif person in told and case.ended and post.holder_id:
            yield Say(post.holder_id, f"staff.{whose}", case.id, by, Kind.FACT, case.urgency)
        elif person in told:
            yield from card(case, post, f"card.{whose}", None, (), **by)


def _tell_resident(moved: Moved) -> Iterator[Effect]:
    """The resident's own step: what was asked is asked again. Somebody else's: what was told is taken back."""
    case, kind = moved.case, _kind(moved)
    own = moved.actor.who is Who.RESIDENT
    if case.appointment_at is not None and moved.before.appointment_at is None and not own:
        yield to_resident(case, "resident.appointment_stands", at=case.appointment_at)
    if case.state is State.RESOLVED and own:
        yield ask_solved(case, "checkback.again", Kind.ANSWER)
    elif case.state is State.RESOLVED and kind in ("close_unanswered", "reply") and case.resident_id != case.resolved_by:
        yield ask_solved(case, "checkback.still", Kind.QUESTION)
    if kind == "defer":
        yield from _defer_again(moved)
    if own:
        return
    if kind == "resolve" or (not kind and moved.before.state is State.RESOLVED):
        yield to_resident(case, "resident.not_done_yet")
    elif kind == "declare_safe":
        yield to_resident(case, "resident.not_safe_yet", danger=case.danger or "unknown")
    elif _was_told(moved):
        yield to_resident(case, "resident.step_taken_back", step=kind)


def _defer_again(moved: Moved) -> Iterator[Effect]:
    """The resident's yes was none: who proposed it hears so, and the question stands again."""
    assert isinstance(moved.action, a.TakeBack)
    assert moved.action.taken is not None
    by = moved.action.taken.changes.get(history.PROPOSED_BY)
    if not isinstance(by, str):
        return
    was = moved.before
    yield Say(PersonId(by), "worker.defer_taken_back", was.id, {}, Kind.FACT, was.urgency)
    if was.defer_until is not None:
        yield defer_question(moved.case, was.defer_until, was.defer_why or "", PersonId(by))


def _was_told(moved: Moved) -> bool:
    kind = _kind(moved)
    return kind in RESIDENT_TOLD or (kind in RESIDENT_TOLD_ONCE and moved.case.acknowledged_at is None)
