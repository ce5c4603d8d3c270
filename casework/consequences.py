"""What follows from each move: who is told and asked, who joins. Read this file to know the trade."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from typing import Final

from casework import actions as a
from casework import checkback, dispatch
from casework.actions import Action
from casework.case import Answer, Case, Part, PersonId, Post, State, Urgency, Who
from casework.effects import Ask, Assign, CloseQuestions, Effect, EndTasksOf, Kind, OpenTask, Option, Release, Say
from casework.lifecycle import Moved
from casework.policy import Policy
from casework.town import Town, holders

Follow = Callable[[Moved, Town, Policy, datetime], Iterator[Effect]]
FOLLOWS: Final[dict[type[Action], Follow]] = {}


def follows(*actions: type[Action]) -> Callable[[Follow], Follow]:
    """What follows from these actions."""

    def register(rule: Follow) -> Follow:
        for action in actions:
            FOLLOWS[action] = rule
        return rule

    return register


def consequences(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """All that follows from one step, in the order in which it is to be written."""
    rule = FOLLOWS.get(type(moved.action))
    if rule is not None:
        yield from rule(moved, town, policy, now)


# ---- cards ------------------------------------------------------------------------------------------------------

CARD_OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "new": ("acknowledge", "phone", "reply", "arrive", "resolve", "return", "more"),
    "safe": ("acknowledge", "phone", "arrive", "safe", "resolve", "return"),
}


def card(case: Case, post: Post, key: str, urgency: Urgency | None = None) -> Iterator[Ask]:
    """A card to the holder of a post, with the buttons that act on it. No card carries a phone number."""
    if post.holder_id is None:
        return
    names = CARD_OPTIONS["safe" if case.emergency else "new"]
    yield Ask(
        post.holder_id, key, case.id, kind=Kind.CARD, urgency=urgency or case.urgency, question="card",
        options=tuple(Option(n) for n in names), awaited=False, everywhere=case.emergency, args={"post": post.title},
    )


def _to_resident(case: Case, key: str, kind: Kind = Kind.FACT, **args: object) -> Say:
    return Say(case.resident_id, key, case.id, args, kind, case.urgency)


def _people(case: Case, town: Town, *parts: Part) -> tuple[PersonId, ...]:
    """The holders of the parts, each once."""
    posts = (town.post(i) for i in holders(town.parts(case.id), *parts))
    found = dict.fromkeys(p.holder_id for p in posts if p is not None and p.holder_id is not None)
    return tuple(found)


def _staff(case: Case, town: Town) -> tuple[PersonId, ...]:
    return _people(case, town, Part.ASSIGNEE, Part.CLIMBED, Part.JOINED)


def _tell_staff(moved: Moved, town: Town, key: str, kind: Kind = Kind.FACT, **args: object) -> Iterator[Say]:
    for person in _staff(moved.case, town):
        if person != moved.actor.person:
            yield Say(person, key, moved.case.id, args, kind, moved.case.urgency)


# ---- into somebody's hands --------------------------------------------------------------------------------------


@follows(a.Dispatch)
def hand_out(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """派单: the first owner and assignee get it, specialists join with a card of their own, the resident hears
    who and by when; an emergency tells the whole chain within half an hour by its clocks."""
    case = moved.case
    plan = dispatch.plan(case, town, policy, now)
    yield Assign(case.id, plan.assignee.id, Part.FIRST_OWNER)
    yield Assign(case.id, plan.assignee.id, Part.ASSIGNEE)
    yield from card(case, plan.assignee, "card.danger" if case.emergency else "card.new")
    for post in plan.joined:
        yield Assign(case.id, post.id, Part.JOINED)
        yield from card(case, post, "card.joined")
    if not town.reachable(plan.assignee):
        yield from unreached(case, plan.assignee, town, now, policy)
    yield Ask(
        case.resident_id, _receipt(case, plan), case.id, kind=Kind.ANSWER, urgency=case.urgency,
        question="receipt", awaited=False, options=tuple(Option(n) for n in ("my", "add", "withdraw")),
        args={"by": plan.assignee.title},
    )


def _receipt(case: Case, plan: dispatch.Plan) -> str:
    if case.emergency:
        return "resident.receipt_danger"
    if plan.waits:
        return "resident.receipt_night_urgent" if case.urgency is Urgency.URGENT else "resident.receipt_night"
    return "resident.receipt"


def unreached(case: Case, post: Post, town: Town, now: datetime, policy: Policy) -> Iterator[Effect]:
    """Nobody can write to the holder of the post: a person tells them, and the case waits for no machine."""
    desk = town.desk(case.area_id, now)
    owner = desk if desk.id != post.id else town.subdistrict_duty(case.area_id, now) or town.city_desk(now)
    yield OpenTask(
        f"unreached:{case.id}:{post.id}", "unreached", owner.id, now + policy.task_due, case.id,
        post.holder_id, note=post.title,
    )
    if owner.holder_id:
        yield Ask(
            owner.holder_id, "task.unreached", case.id, {"post": post.title}, Kind.CARD, case.urgency,
            question="task.unreached", options=(Option("told"), Option("take")), awaited=False,
            task_id=f"unreached:{case.id}:{post.id}",
        )


@follows(a.Acknowledge)
def tell_who_has_it(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """已签收, with a name: the resident hears it once per opening; who else holds a card sees that it is taken."""
    if moved.before.acknowledged_at is None:
        yield _to_resident(moved.case, "resident.acknowledged", post=_title(moved, town))
    yield from _tell_staff(moved, town, "staff.taken", Kind.PROMPT, post=_title(moved, town))
    yield from _take_over(moved, town)


def _title(moved: Moved, town: Town) -> str:
    post = town.post(moved.actor.post) if moved.actor.post else None
    return f"{post.title} {post.holder_name}".strip() if post else ""


def _take_over(moved: Moved, town: Town) -> Iterator[Effect]:
    """Whoever acknowledges has it: a climbed rung becomes the assignee; the first owner stays. For 不属本网格 the
    first owner changes once the other grid acknowledges."""
    post = moved.actor.post
    parts = town.parts(moved.case.id)
    if post is None or post in holders(parts, Part.JOINED):
        return
    if post not in holders(parts, Part.ASSIGNEE):
        yield Assign(moved.case.id, post, Part.ASSIGNEE)
    grid = moved.case.grid_id
    owners = (town.post(i) for i in holders(parts, Part.FIRST_OWNER))
    acting = town.post(post)
    if grid and acting and acting.area_id == grid and any(o is not None and o.area_id != grid for o in owners):
        yield Assign(moved.case.id, post, Part.FIRST_OWNER)


@follows(a.Contact, a.Arrive, a.Coordinate)
def underway(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """The first of these counts as acknowledged too, and the resident hears of it once."""
    case = moved.case
    if moved.before.acknowledged_at is None:
        yield _to_resident(case, "resident.acknowledged", post=_title(moved, town))
    yield from _take_over(moved, town)
    if isinstance(moved.action, a.Coordinate) and moved.action.words:
        yield _to_resident(case, "resident.coordinating", words=moved.action.words)


@follows(a.Promise)
def tell_the_day(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield CloseQuestions(question="worker.promise_day", case_id=moved.case.id)
    yield _to_resident(moved.case, "resident.promised", promise=moved.case.promise_at)


# ---- out of them ------------------------------------------------------------------------------------------------


@follows(a.Return)
def pass_on(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """退单: other duty in the grid, else the secretary; the third stops there. A return changes the assignee only."""
    case, by = moved.case, moved.actor.post
    assert isinstance(moved.action, a.Return)
    if case.state is State.RETURNED:
        desk = dispatch._above(case, town, now, frozenset({by} if by else ()))
        if by is not None:
            yield Release(case.id, by, Part.ASSIGNEE)
        yield Assign(case.id, desk.id, Part.CLIMBED)
        yield from name_the_owner(case, desk, town, policy, now)
        return
    post = dispatch.return_to(case, by, town, policy, now)
    yield Assign(case.id, post.id, Part.ASSIGNEE)
    yield from card(case, post, "card.returned")
    if not town.reachable(post):
        yield from unreached(case, post, town, now, policy)


def name_the_owner(case: Case, desk: Post, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """A supervisor must name the owner within two hours: a task, and a card with those on duty."""
    task = f"name_owner:{case.id}:{case.rev}"
    yield OpenTask(task, "name_owner", desk.id, now + policy.name_owner, case.id)
    if desk.holder_id is None:
        return
    choices = list(town.on_duty(case.grid_id, now)) if case.grid_id else []
    options = [Option("name", {"post": p.id}, p.title) for p in choices[:6]] + [Option("name", {"post": desk.id}, None)]
    yield Ask(
        desk.holder_id, "task.name_owner", case.id, {}, Kind.CARD, case.urgency, question="task.name_owner",
        options=tuple(options), awaited=False, task_id=task,
    )


@follows(a.NameOwner)
def to_the_named(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """首接负责 changes only here (and for 不属本网格 once the other grid acknowledges)."""
    assert isinstance(moved.action, a.NameOwner)
    post = town.post(moved.action.post)
    yield EndTasksOf(moved.case.id, "name_owner", "named")
    yield Assign(moved.case.id, moved.action.post, Part.FIRST_OWNER)
    yield Assign(moved.case.id, moved.action.post, Part.ASSIGNEE)
    if post is not None:
        yield from card(moved.case, post, "card.named")
        if not town.reachable(post):
            yield from unreached(moved.case, post, town, now, policy)


@follows(a.PressOwner)
def press_for_an_owner(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """Nobody named the owner in time: the next level must."""
    told = frozenset(holders(town.parts(moved.case.id), Part.CLIMBED))
    desk = dispatch._above(moved.case, town, now, told)
    yield EndTasksOf(moved.case.id, "name_owner", "passed_up")
    yield Assign(moved.case.id, desk.id, Part.CLIMBED)
    yield from name_the_owner(moved.case, desk, town, policy, now)


@follows(a.Defer)
def deferred(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield CloseQuestions(case_id=moved.case.id)
    yield _to_resident(moved.case, "resident.deferred", until=moved.case.defer_until, why=moved.case.defer_why)
    yield from _tell_staff(moved, town, "staff.deferred")


@follows(a.Resume)
def resumed(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield _to_resident(moved.case, "resident.resumed")
    for post in _assignees(moved.case, town):
        yield from card(moved.case, post, "card.resumed")


def _assignees(case: Case, town: Town) -> tuple[Post, ...]:
    posts = (town.post(i) for i in holders(town.parts(case.id), Part.ASSIGNEE))
    return tuple(p for p in posts if p is not None)


@follows(a.Extend)
def extended(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield _to_resident(moved.case, "resident.extended")
    yield from _tell_staff(moved, town, "staff.extended")


# ---- check-back -------------------------------------------------------------------------------------------------

SOLVED_OPTIONS: Final = (Option("solved"), Option("partly"), Option("not_solved"))
SATISFIED_OPTIONS: Final = (Option("satisfied"), Option("mostly"), Option("dissatisfied"))


def ask_solved(case: Case, key: str, kind: Kind, files: tuple[str, ...] = (), **args: object) -> Ask:
    """Question 1. It never expires; a reminder replaces it."""
    return Ask(
        case.resident_id, key, case.id, args, kind, case.urgency, (State.RESOLVED.value,), files,
        question="checkback.solved", options=SOLVED_OPTIONS,
    )


@follows(a.Resolve)
def ask_the_resident(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """办结 is the worker's word only: the resident is asked at once, and sees the after-photo. Who was served
    through somebody else is asked by telephone."""
    case = moved.case
    yield CloseQuestions(case_id=case.id)
    yield ask_solved(case, "checkback.solved", Kind.QUESTION, moved.action.files, words=moved.action.words)
    yield from _tell_staff(moved, town, "staff.resolved", Kind.PROMPT)


@follows(a.Remind)
def remind(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield ask_solved(moved.case, "checkback.remind", Kind.PROMPT)


@follows(a.Telephone)
def telephone(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """One telephone task for a person, who asks the same two questions; without a phone a person goes and knocks."""
    case = moved.case
    owner = checkback.telephone_owner(case, town, now)
    task = f"telephone:{case.id}:{case.rev}"
    yield OpenTask(task, "telephone", owner.id, checkback.telephone_due(now, policy), case.id, case.resident_id)
    if owner.holder_id:
        yield telephone_card(case, owner.holder_id, task)


def telephone_card(case: Case, to: PersonId, task: str) -> Ask:
    """The card of a telephone task: the phone shown on request, the answers, and "nobody answered"."""
    names = ("phone", "solved", "partly", "not_solved", "no_answer", "declined")
    return Ask(
        to, "task.telephone", case.id, {}, Kind.CARD, case.urgency, question="task.telephone",
        options=tuple(Option(n) for n in names), awaited=False, task_id=task,
    )


@follows(a.Reply)
def heard(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """The resident's word: solved ends it, partly asks the worker for a date, not solved reopens it one level higher
    each time."""
    case = moved.case
    assert isinstance(moved.action, a.Reply)
    yield CloseQuestions(question="checkback.solved", case_id=case.id)
    yield EndTasksOf(case.id, "telephone", moved.action.answer.value)
    if moved.action.answer is Answer.NOT_SOLVED:
        yield from back_to_work(moved, town, policy, now)
        return
    if moved.action.answer is Answer.PARTLY:
        yield from _ask_new_date(moved, town)
    else:
        yield from _tell_staff(moved, town, "staff.confirmed")
        yield CloseQuestions(case_id=case.id, question="worker.promise_day")
    if moved.actor.who is Who.RESIDENT:
        yield Ask(
            case.resident_id, "checkback.satisfied", case.id, {"answer": moved.action.answer.value}, Kind.ANSWER,
            question="checkback.satisfied", options=SATISFIED_OPTIONS,
        )


def _ask_new_date(moved: Moved, town: Town) -> Iterator[Effect]:
    for post in _assignees(moved.case, town):
        if post.holder_id:
            yield Ask(
                post.holder_id, "staff.partly", moved.case.id, {"words": moved.action.words}, Kind.CARD,
                moved.case.urgency, question="worker.promise_day", options=PROMISE_OPTIONS,
            )


PROMISE_OPTIONS: Final = (Option("day", {"days": "1"}), Option("day", {"days": "2"}), Option("day", {"days": "3"}))


@follows(a.Reopen)
def back_to_work(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """未解决: back with the resident's words; the second time one level up as well, the third time 督办."""
    case = moved.case
    if moved.before.ended:
        yield CloseQuestions(case_id=case.id)
    people = _assignees(case, town)
    for post in people:
        yield from card(case, post, "card.reopened")
    level = checkback.level_after(case)
    if level != "again":
        above = _above_assignee(case, people, town, now, 2 if level == "supervise" else 1)
        yield Assign(case.id, above.id, Part.CLIMBED)
        yield from card(case, above, f"card.reopened_{level}")
    yield _to_resident(case, "resident.reopened", Kind.ANSWER, level=level)


def _above_assignee(case: Case, people: tuple[Post, ...], town: Town, now: datetime, levels: int) -> Post:
    """The desk one (or two) levels above whoever has it."""
    ladder = [p for p in (town.secretary(case.area_id), town.subdistrict_duty(case.area_id, now)) if p is not None]
    ladder.append(town.city_desk(now))
    has_it = {p.id for p in people}
    higher = [p for i, p in enumerate(ladder) if not any(q.id in has_it for q in ladder[i:])]
    return higher[min(levels, len(higher)) - 1] if higher else ladder[-1]


@follows(a.Grade)
def thank(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    assert isinstance(moved.action, a.Grade)
    yield CloseQuestions(question="checkback.satisfied", case_id=moved.case.id)
    if moved.actor.who is Who.RESIDENT:
        yield _to_resident(moved.case, f"resident.thanks_{moved.action.satisfaction.value}", Kind.ANSWER)


@follows(a.CloseUnanswered)
def closed_unanswered(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """The only end without the resident's word; said so, and the resident may still answer for 15 days."""
    yield CloseQuestions(question="checkback.solved", case_id=moved.case.id)
    yield Ask(
        moved.case.resident_id, "resident.closed_unanswered", moved.case.id, question="checkback.solved",
        options=SOLVED_OPTIONS,
    )


# ---- the resident, at any time ----------------------------------------------------------------------------------


@follows(a.Withdraw)
def withdrawn(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield CloseQuestions(case_id=moved.case.id)
    yield EndTasksOf(moved.case.id, "*", "withdrawn")
    yield from _tell_staff(moved, town, "staff.withdrawn")


@follows(a.Nudge)
def nudged(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """催办: whoever has it hears it, with the card's buttons."""
    for post in _assignees(moved.case, town):
        yield from card(moved.case, post, "card.nudged")


@follows(a.AddWords)
def pass_words(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """What the resident adds goes to whoever has it."""
    assert isinstance(moved.action, a.AddWords)
    if moved.actor.who is Who.RESIDENT and not moved.case.ended:
        for post in _assignees(moved.case, town):
            yield from card(moved.case, post, "card.added")


@follows(a.Raise)
def alarm(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield CloseQuestions(question="checkback.solved", case_id=moved.case.id)
    for post in _assignees(moved.case, town):
        yield from card(moved.case, post, "card.danger", Urgency.EMERGENCY)


@follows(a.DeclareSafe)
def safe(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield _to_resident(moved.case, "resident.safe")
    yield from _tell_staff(moved, town, "staff.safe")
    if moved.before.acknowledged_at is None:
        yield from _take_over(moved, town)


@follows(a.Dismiss)
def dismissed(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """A named person, a reason, shown to the resident, who may object."""
    yield CloseQuestions(case_id=moved.case.id)
    yield EndTasksOf(moved.case.id, "*", "dismissed")
    yield Ask(
        moved.case.resident_id, "resident.dismissed", moved.case.id,
        {"why": moved.case.end_reason, "post": _title(moved, town)}, question="dismissed",
        options=(Option("object"),), awaited=False,
    )


@follows(a.Correct)
def corrected(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """Another grid: whoever is on duty there gets it; the first owner stays until the other grid acknowledges."""
    case = moved.case
    if (case.grid_id, case.area_id) != (moved.before.grid_id, moved.before.area_id):
        plan = dispatch.plan(case, town, policy, now)
        for person in _people(case, town, Part.ASSIGNEE):
            if person != plan.assignee.holder_id:
                yield Say(person, "staff.moved_away", case.id)
        yield Assign(case.id, plan.assignee.id, Part.ASSIGNEE)
        yield from card(case, plan.assignee, "card.corrected")
    else:
        for post in _assignees(case, town):
            if post.holder_id != moved.actor.person:
                yield from card(case, post, "card.corrected")
    if case.category != moved.before.category:
        yield from _specialists(case, town)


def _specialists(case: Case, town: Town) -> Iterator[Effect]:
    joined = holders(town.parts(case.id), Part.JOINED)
    wanted = town.specialists(case.category, case.area_id, case.spot.estate_id)
    for post_id in joined:
        if post_id not in {p.id for p in wanted}:
            yield Release(case.id, post_id, Part.JOINED)
    for post in wanted:
        if post.id not in joined:
            yield Assign(case.id, post.id, Part.JOINED)
            yield from card(case, post, "card.joined")


@follows(a.TakeBack)
def taken_back(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """点错了: whoever was told otherwise is told, and what was asked is asked again or no more."""
    case = moved.case
    yield CloseQuestions(question="checkback.solved", case_id=case.id)
    yield CloseQuestions(question="checkback.satisfied", case_id=case.id)
    if case.state is State.RESOLVED:
        yield ask_solved(case, "checkback.again", Kind.ANSWER)
    elif moved.before.state is State.RESOLVED and moved.actor.who is not Who.RESIDENT:
        yield _to_resident(case, "resident.not_done_yet")
    if moved.actor.who is Who.RESIDENT:
        for post in _assignees(case, town):
            yield from card(case, post, "card.taken_back")


@follows(a.Supervise)
def supervised(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    for post in _assignees(moved.case, town):
        yield from card(moved.case, post, "card.supervised")


@follows(a.Redirect)
def redirected(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield _to_resident(moved.case, "resident.redirected", to=moved.case.redirected_to)


@follows(a.StrikeOut, a.Merge, a.Hide)
def quietly(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield from ()


# ---- time -------------------------------------------------------------------------------------------------------


@follows(a.Climb)
def climb(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """The next rung gets a card, the silent one a line, the resident hears it at the first rung, then daily at most."""
    case = moved.case
    rung = dispatch.rung(case, case.rung, town, now) or town.city_desk(now)
    silent = [p for p in _people(case, town, Part.ASSIGNEE, Part.CLIMBED) if p != rung.holder_id]
    yield Assign(case.id, rung.id, Part.CLIMBED)
    yield from card(case, rung, "card.climbed")
    if moved.before.rung < dispatch.TOP:
        for person in silent[-1:]:
            yield Say(person, "staff.silent", case.id, {"post": rung.title}, Kind.PROMPT, case.urgency,
                      (State.ASSIGNED.value, State.REOPENED.value, State.REGISTERED.value))
    if moved.before.rung == 0 and not case.emergency:
        yield _to_resident(case, "resident.climbed", post=rung.title)


@follows(a.MissArrival)
def arrival_missed(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield from _told_upward(moved, town, now, "staff.arrival_missed")


@follows(a.MissSolve)
def solve_missed(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """Told upward, the assignee stays. The resident hears it the first time, without an excuse."""
    yield from _told_upward(moved, town, now, "staff.solve_missed")
    if moved.before.solve_missed_at is None:
        yield _to_resident(moved.case, "resident.solve_missed")


@follows(a.MissPromise)
def promise_missing(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield from _told_upward(moved, town, now, "staff.promise_missing")


def _told_upward(moved: Moved, town: Town, now: datetime, key: str) -> Iterator[Effect]:
    """The assignee and the lowest desk above."""
    case = moved.case
    people = _assignees(case, town)
    above = _above_assignee(case, people, town, now, 1)
    told = dict.fromkeys([p.holder_id for p in people] + [above.holder_id])
    for person in told:
        if person is not None:
            yield Say(person, key, case.id, {}, Kind.PROMPT, case.urgency, _OPEN_STATES)


_OPEN_STATES: Final = tuple(
    s.value for s in (State.ASSIGNED, State.ACKNOWLEDGED, State.IN_PROGRESS, State.REOPENED, State.RETURNED)
)


@follows(a.WarnSoon)
def soon(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    for person in _people(moved.case, town, Part.ASSIGNEE):
        yield Say(person, "staff.soon", moved.case.id, {}, Kind.PROMPT, moved.case.urgency, _OPEN_STATES)


@follows(a.TellUnheard)
def unheard(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """还没有人接单，请直接拨打…: the truth, after fifteen minutes."""
    case = moved.case
    yield Say(
        case.resident_id, "resident.unheard", case.id, {"danger": case.danger or "unknown"}, Kind.FACT,
        Urgency.EMERGENCY, everywhere=True,
    )


@follows(a.TellDeferred)
def still_deferred(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield _to_resident(moved.case, "resident.still_deferred", until=moved.case.defer_until)


