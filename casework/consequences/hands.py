"""Into somebody's hands and out of them: dispatch, acknowledge, return, a named owner, a shift's end, 挂账."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from casework import actions as a
from casework import dispatch
from casework.case import WORKING, Case, Part, PersonId, Post, PostId, Role, State, Urgency, Who
from casework.consequences.rules import follows
from casework.consequences.telling import (
    actor_title,
    assignees,
    card,
    city_too,
    give,
    people,
    tell_staff,
    to_resident,
    unreached_task,
)
from casework.deadlines import name_owner_by
from casework.effects import (
    Ask,
    Assign,
    CloseQuestions,
    Effect,
    EndTask,
    EndTasksOf,
    Kind,
    OpenTask,
    Option,
    Release,
    Say,
)
from casework.lifecycle import Moved
from casework.policy import Policy
from casework.town import Town, holders


@follows(a.Dispatch)
def hand_out(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """派单: the first owner and assignee get it, specialists join with a card of their own, the resident hears
    who and by when; an emergency tells the whole chain within half an hour by its clocks."""
    case = moved.case
    plan = dispatch.plan(case, town, policy, now)
    yield Assign(case.id, plan.assignee.id, Part.FIRST_OWNER)
    yield Assign(case.id, plan.assignee.id, Part.ASSIGNEE)
    key = "card.danger" if case.emergency else "card.complaint" if case.accused else "card.new"
    yield from give(case, plan.assignee, key, town, now, policy)
    yield from tell_beside(case, plan, town)
    if case.emergency and plan.assignee.role is Role.CITY:
        yield from city_too(case, plan.assignee, key, town)
    for post in plan.joined:
        yield Assign(case.id, post.id, Part.JOINED)
        yield from card(case, post, "card.joined")
    yield Ask(
        case.resident_id, _receipt(case, plan), case.id, kind=Kind.ANSWER, urgency=case.urgency,
        question="receipt", awaited=False, options=tuple(Option(n) for n in _receipt_options(case)),
        args={"by": plan.assignee.title},
    )
    if case.accused:
        yield to_resident(case, "resident.kept_above", Kind.ANSWER, by=plan.assignee.title)


def tell_beside(case: Case, plan: dispatch.Plan, town: Town) -> Iterator[Effect]:
    """A desk that is awake has it at once as well, and may take it."""
    for post in plan.beside:
        if post.id not in holders(town.parts(case.id), Part.ASSIGNEE, Part.CLIMBED):
            yield Assign(case.id, post.id, Part.CLIMBED)
            yield from card(case, post, "card.danger")


def _receipt_options(case: Case) -> tuple[str, ...]:
    """保密 with one tap; and a complaint that was taken for one about somebody is put right with another."""
    hide = "unhide" if case.confidential else "hide"
    if case.accused:
        return "my", "add", hide, "nobody_meant"
    mend = ("no_danger",) if case.emergency else ("withdraw", "fix_category")  # a danger ends only by who has looked
    return ("my", "add", hide, *mend)


def _receipt(case: Case, plan: dispatch.Plan) -> str:
    if case.emergency:
        return "resident.receipt_danger"
    if plan.waits:
        return "resident.receipt_night_urgent" if case.urgency is Urgency.URGENT else "resident.receipt_night"
    if not case.spot.known and case.spot.lat is None and not case.accused:
        return "resident.receipt_nowhere"
    return "resident.receipt"


@follows(a.Acknowledge)
def tell_who_has_it(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """已签收, with a name: the resident hears it once per opening; who else holds a card sees that it is taken."""
    case = moved.case
    if moved.before.acknowledged_at is None:
        yield to_resident(case, "resident.acknowledged", post=actor_title(moved, town))
    for person in people(case, town, Part.ASSIGNEE, Part.CLIMBED):
        if person != moved.actor.person:
            yield Say(person, "staff.taken", case.id, {"post": actor_title(moved, town)}, Kind.FACT, case.urgency)
    yield from in_good_hands(moved, town)


def in_good_hands(moved: Moved, town: Town) -> Iterator[Effect]:
    """Whoever acts has it: a climbed rung becomes the assignee; the first owner stays. Nobody has to be told of it
    by telephone any more. For 不属本网格 the first owner changes once the other grid acknowledges."""
    case, acting = moved.case, moved.actor.post
    parts = town.parts(case.id)
    if acting is None or acting in holders(parts, Part.JOINED):
        return
    for post in (town.post(i) for i in holders(parts, Part.ASSIGNEE, Part.CLIMBED)):
        if post is not None:
            yield EndTask(unreached_task(case, post), "acknowledged")
    if acting not in holders(parts, Part.ASSIGNEE):
        yield Assign(case.id, acting, Part.ASSIGNEE)
    owners = (town.post(i) for i in holders(parts, Part.FIRST_OWNER))
    here = town.post(acting)
    if not case.grid_id or here is None or here.area_id != case.grid_id:
        return
    if any(o is not None and o.area_id != case.grid_id for o in owners):
        yield Assign(case.id, acting, Part.FIRST_OWNER)


@follows(a.Contact, a.Arrive, a.Coordinate)
def underway(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """The first of these counts as acknowledged too, and the resident hears of it once."""
    case = moved.case
    if moved.before.acknowledged_at is None:
        yield to_resident(case, "resident.acknowledged", post=actor_title(moved, town))
        yield from in_good_hands(moved, town)
    if isinstance(moved.action, a.Coordinate) and moved.action.words:
        yield to_resident(case, "resident.coordinating", words=moved.action.words)


@follows(a.Promise)
def tell_the_day(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield CloseQuestions(question="worker.promise_day", case_id=moved.case.id)
    if moved.before.acknowledged_at is None:
        yield from in_good_hands(moved, town)
    yield to_resident(moved.case, "resident.promised", promise=moved.case.promise_at)


@follows(a.Return)
def pass_on(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """退单: other duty in the grid, else the secretary; the third stops there. A return changes the assignee only."""
    case, by = moved.case, moved.actor.post
    if case.state is not State.RETURNED:
        post = dispatch.return_to(case, by, town, policy, now)
        yield Assign(case.id, post.id, Part.ASSIGNEE)
        yield from give(case, post, "card.returned", town, now, policy)
        return
    desk = dispatch.above(case, town, now, frozenset({*town.returned_by(case.id), *([by] if by else [])}))
    for held in holders(town.parts(case.id), Part.ASSIGNEE):
        yield Release(case.id, held, Part.ASSIGNEE)
    yield Assign(case.id, desk.id, Part.CLIMBED)
    yield from name_the_owner(case, desk, town, policy, now)


def name_the_owner(case: Case, desk: Post, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """A supervisor must name the owner within two hours: a task, and a card with those on duty."""
    task = f"name_owner:{case.id}:{case.rev}"
    yield OpenTask(task, "name_owner", desk.id, name_owner_by(case, policy), case.id)
    if desk.holder_id is None:
        return
    yield Ask(
        desk.holder_id, "task.name_owner", case.id, {}, Kind.CARD, case.urgency, question="task.name_owner",
        options=owner_options(case, town, now, desk.id), awaited=False, task_id=task,
    )


def owner_options(case: Case, town: Town, now: datetime, own: PostId | None) -> tuple[Option, ...]:
    """Who may be named: those on duty, by name and grid; somebody else of the community; the desk itself."""
    there = tuple(Option("person", {"post": p.id}) for p in dispatch.nameable(case, town, now)[:6])
    return (*there, Option("somebody_else"), *((Option("name", {"post": own}),) if own is not None else ()))


@follows(a.NameOwner)
def to_the_named(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """首接负责 changes only here (and for 不属本网格 once the other grid acknowledges). Who had it is told."""
    assert isinstance(moved.action, a.NameOwner)
    case, post = moved.case, town.post(moved.action.post)
    yield EndTasksOf(case.id, "name_owner", "named")
    yield from (told for told in relieve(case, post, town) if told.to != moved.actor.person)
    yield Assign(case.id, moved.action.post, Part.FIRST_OWNER)
    yield Assign(case.id, moved.action.post, Part.ASSIGNEE)
    if post is not None and post.holder_id != moved.actor.person:  # who names themselves has the card as the answer
        yield from give(case, post, "card.named", town, now, policy)


def relieve(case: Case, post: Post | None, town: Town) -> Iterator[Say]:
    """Who had it hears that somebody else has it now."""
    for person in people(case, town, Part.ASSIGNEE):
        if post is not None and person != post.holder_id:
            yield Say(person, "staff.passed_on", case.id, {"post": post.title}, Kind.FACT, case.urgency)


@follows(a.PressOwner)
def press_for_an_owner(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """Nobody named the owner in time: the next level must."""
    told = frozenset(holders(town.parts(moved.case.id), Part.CLIMBED))
    desk = dispatch.above(moved.case, town, now, told)
    yield EndTasksOf(moved.case.id, "name_owner", "passed_up")
    yield Assign(moved.case.id, desk.id, Part.CLIMBED)
    yield from name_the_owner(moved.case, desk, town, policy, now)


@follows(a.HandOver)
def to_the_new_duty(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """At a shift's end unacknowledged cases go to the new duty; the first owner stays."""
    case = moved.case
    assert isinstance(moved.action, a.HandOver)
    post = dispatch.new_duty(case, town, policy, now)
    if post is None and moved.action.leaving:
        post = dispatch.desk(case, town, now)
    if post is not None:
        yield from relieve(case, post, town)
        yield Assign(case.id, post.id, Part.ASSIGNEE)
        yield from give(case, post, "card.handed_over", town, now, policy)


@follows(a.PassOn)
def taken_over(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """交班: the clocks run on and the state stays; what the one before was asked about it, nobody is waiting for any more. Who
    has agreed holds the list already: no card each. The first owner stays unless the secretary agreed that it goes too."""
    case, action = moved.case, moved.action
    assert isinstance(action, a.PassOn)
    before, post = town.post(action.giver), town.post(action.to)
    if before is not None and before.holder_id is not None:
        yield CloseQuestions(person_id=before.holder_id, case_id=case.id)
    if action.answers:
        yield Assign(case.id, action.to, Part.FIRST_OWNER)
    yield Assign(case.id, action.to, Part.ASSIGNEE)
    if action.tells and case.state in WORKING and post is not None:
        yield to_resident(case, "resident.passed_on", post=f"{post.title} {post.holder_name}".strip())


def defer_question(case: Case, until: datetime, why: str, by: PersonId) -> Ask:
    """Only the resident's yes defers; `by` proposed it and hears the answer."""
    return Ask(
        case.resident_id, "worker.defer_question", case.id,
        {"until": until, "why": why, "by": by, "until_at": until.isoformat()}, Kind.FACT, case.urgency,
        question="resident.defer", options=(Option("agree"), Option("disagree")),
    )


@follows(a.Defer)
def deferred(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield CloseQuestions(case_id=moved.case.id)
    yield to_resident(moved.case, "resident.deferred", until=moved.case.defer_until, why=moved.case.defer_why)
    yield from tell_staff(moved, town, "staff.deferred")


@follows(a.Resume)
def resumed(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    early = "_early" if moved.actor.who is Who.DESK else ""
    yield to_resident(moved.case, f"resident.resumed{early}")
    for post in assignees(moved.case, town):
        yield from give(moved.case, post, f"card.resumed{early}", town, now, policy)


@follows(a.Extend)
def extended(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield EndTasksOf(moved.case.id, "extend", "granted")
    yield to_resident(moved.case, "resident.extended")
    yield from tell_staff(moved, town, "staff.extended")
