"""What residents and desks say at any time: withdraw, nudge, add, danger, safe, dismiss, correct, flags."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from casework import actions as a
from casework import dispatch
from casework.case import Case, Part, Post, State, Urgency, Who
from casework.consequences.asking import TASK_OPTIONS
from casework.consequences.hands import in_good_hands, relieve, tell_beside
from casework.consequences.rules import follows
from casework.consequences.telling import (
    above_assignee,
    actor_title,
    assignees,
    card,
    give,
    people,
    rungs_told,
    tell_staff,
    to_resident,
)
from casework.effects import Ask, Assign, CloseQuestions, Effect, EndTasksOf, Kind, Option, Release, Say
from casework.lifecycle import Moved
from casework.policy import Policy
from casework.town import Town, holders


@follows(a.Withdraw)
def withdrawn(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield CloseQuestions(case_id=moved.case.id)
    yield EndTasksOf(moved.case.id, "*", "withdrawn")
    yield from tell_staff(moved, town, "staff.withdrawn")


@follows(a.Nudge)
def nudged(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """催办: whoever has it hears it, with the card's buttons."""
    for post in assignees(moved.case, town):
        yield from card(moved.case, post, "card.nudged")


@follows(a.AddWords)
def pass_words(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """What the resident adds goes to whoever has it; that there is no danger, to all who were called for one."""
    assert isinstance(moved.action, a.AddWords)
    if moved.action.safe:
        for post in {p.holder_id: p for p in (*assignees(moved.case, town), *rungs_told(moved.case, town))}.values():
            yield from card(moved.case, post, "card.says_safe")
        return
    if moved.actor.who is Who.RESIDENT and not moved.case.ended:
        key = "card.added" if moved.action.words else "card.added_files"
        for post in assignees(moved.case, town):
            yield from card(moved.case, post, key, files=moved.action.files)


@follows(a.Raise)
def alarm(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """It is a danger now. One that was said to be over and is not: all who have to do with it are told, and the desk above."""
    case = moved.case
    yield CloseQuestions(question="checkback.solved", case_id=case.id)
    for kind in TASK_OPTIONS:
        yield EndTasksOf(case.id, kind, "danger")
    if not moved.before.emergency:
        told = rungs_told(case, town)
        for post in told:
            yield from card(case, post, "card.danger", Urgency.EMERGENCY)
        woken = dispatch.to_wake(case, town, policy, now)
        if woken is not None and woken.holder_id not in {post.holder_id for post in told}:
            yield Assign(case.id, woken.id, Part.CLIMBED)
            yield from give(case, woken, "card.danger", town, now, policy)
        return
    yield CloseQuestions(question="safe", case_id=case.id)
    above = above_assignee(case, assignees(case, town), town, now, 1)
    joined = (town.post(i) for i in holders(town.parts(case.id), Part.JOINED))
    yield Assign(case.id, above.id, Part.CLIMBED)
    for post in {p.holder_id: p for p in (*joined, above, *rungs_told(case, town)) if p is not None}.values():
        yield from card(case, post, "card.danger_again", Urgency.EMERGENCY)


@follows(a.DeclareSafe)
def safe(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """Who says so, and from where: nobody who was not there is called 到场的人. One button says that it is not over."""
    assert isinstance(moved.action, a.DeclareSafe)
    key = "resident.safe_by_telephone" if moved.action.by_telephone else "resident.safe"
    yield Ask(
        moved.case.resident_id, key, moved.case.id, {"post": actor_title(moved, town)}, Kind.FACT, moved.case.urgency,
        question="safe", options=(Option("still_danger"),), awaited=False,
    )
    yield from tell_staff(moved, town, "staff.safe")
    if moved.before.acknowledged_at is None:
        yield from in_good_hands(moved, town)


@follows(a.Dismiss)
def dismissed(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """A named person, a reason, shown to the resident, who may object."""
    yield CloseQuestions(case_id=moved.case.id)
    yield EndTasksOf(moved.case.id, "*", "dismissed")
    yield from tell_staff(moved, town, "staff.dismissed", why=moved.case.end_reason)
    yield Ask(
        moved.case.resident_id, "resident.dismissed", moved.case.id,
        {"why": moved.case.end_reason, "post": actor_title(moved, town)}, question="dismissed",
        options=(Option("object"),), awaited=False,
    )


@follows(a.Correct)
def corrected(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """Another grid: whoever is on duty there gets it; the first owner stays until the other grid acknowledges."""
    case = moved.case
    if (case.grid_id, case.area_id) != (moved.before.grid_id, moved.before.area_id):
        yield from _to_the_place(moved, town, policy, now)
    else:
        for post in assignees(case, town):
            if post.holder_id != moved.actor.person:
                yield from card(case, post, "card.corrected")
    if _trade(case) != _trade(moved.before):
        yield from _specialists(moved, town)


def _trade(case: Case) -> tuple[object, ...]:
    """What decides which specialists join."""
    return case.category, case.topic, case.area_id, case.spot.estate_id


def _to_the_place(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """Who had it is told; a desk whose area it is not has no part in it any more."""
    case = moved.case
    plan = dispatch.plan(case, town, policy, now)
    for post_id in holders(town.parts(case.id), Part.CLIMBED):
        post = town.post(post_id)
        if post is not None and not town.within(case.area_id, post.area_id):
            yield Release(case.id, post_id, Part.CLIMBED)
            yield from _told(moved, post, "staff.moved_away")
    for person in people(case, town, Part.ASSIGNEE):
        if person not in {plan.assignee.holder_id, *(p.holder_id for p in plan.beside)}:
            yield Say(person, "staff.moved_away", case.id)
    if moved.before.state is State.RETURNED and case.state is not State.RETURNED:
        yield EndTasksOf(case.id, "name_owner", "moved")
    yield Assign(case.id, plan.assignee.id, Part.ASSIGNEE)
    yield from give(case, plan.assignee, "card.corrected", town, now, policy)
    yield from tell_beside(case, plan, town)


def _told(moved: Moved, post: Post, key: str) -> Iterator[Say]:
    if post.holder_id is not None and post.holder_id != moved.actor.person:
        yield Say(post.holder_id, key, moved.case.id)


def _specialists(moved: Moved, town: Town) -> Iterator[Effect]:
    """Who is not needed is told; who is, gets a card."""
    case = moved.case
    joined = holders(town.parts(case.id), Part.JOINED)
    wanted = dispatch.joining(case, town)
    for post in (town.post(i) for i in joined):
        if post is not None and post.id not in {p.id for p in wanted}:
            yield Release(case.id, post.id, Part.JOINED)
            yield from _told(moved, post, "staff.not_needed")
    for post in wanted:
        if post.id not in joined and post.id not in holders(town.parts(case.id), Part.ASSIGNEE, Part.CLIMBED):
            yield Assign(case.id, post.id, Part.JOINED)
            yield from card(case, post, "card.joined")


@follows(a.Supervise)
def supervised(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    for post in assignees(moved.case, town):
        yield from card(moved.case, post, "card.supervised")


@follows(a.Redirect)
def redirected(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield to_resident(moved.case, "resident.redirected", to=moved.case.redirected_to)
    yield from tell_staff(moved, town, "staff.redirected", to=moved.case.redirected_to)


@follows(a.NobodyMeant)
def as_any_other(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """The territory has it after all, and the specialists join."""
    plan = dispatch.plan(moved.case, town, policy, now)
    if plan.assignee.id not in holders(town.parts(moved.case.id), Part.ASSIGNEE):
        yield from relieve(moved.case, plan.assignee, town)
        yield Assign(moved.case.id, plan.assignee.id, Part.ASSIGNEE)
    yield from give(moved.case, plan.assignee, "card.new", town, now, policy)
    yield from _specialists(moved, town)
    yield to_resident(moved.case, "resident.nobody_meant", Kind.ANSWER)


@follows(a.StrikeOut, a.Merge, a.Hide, a.Unhide)
def quietly(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield from ()
