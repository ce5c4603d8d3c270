"""What time does: the climb, limits missed, soon due, danger unheard, 挂账's line a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from casework import actions as a
from casework import dispatch
from casework.access import may_hold
from casework.case import Answer, Case, Part, PersonId, Post, Role, State, Urgency, Who
from casework.changes import tells_resident
from casework.consequences.rules import follows
from casework.consequences.telling import above_assignee, assignees, card, people, rungs_told, to_resident
from casework.deadlines import solve_start, taken_and_nobody_there
from casework.effects import Assign, Effect, Kind, Say
from casework.lifecycle import Moved
from casework.policy import Policy
from casework.town import Town, holders


@follows(a.Climb)
def climb(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """The next rung gets a card, the silent one a line, the resident hears it at the first rung, then daily at most."""
    case = moved.case
    assert isinstance(moved.action, a.Climb)
    rung = _at_the_top_again(moved, town, policy, now) or dispatch.rung(case, case.rung, town, now) or town.city_desk(now)
    told = people(case, town, Part.ASSIGNEE, Part.CLIMBED)
    silent = [p for p in told if p != rung.holder_id]
    had_it = rung.id in holders(town.parts(case.id), Part.ASSIGNEE)  # the last rung, and nobody above it
    yield Assign(case.id, rung.id, Part.CLIMBED)
    key = "card.nudged_up" if moved.actor.who is Who.RESIDENT else "card.untaken" if had_it else "card.climbed"
    yield from card(case, rung, key, rungs=",".join(map(str, moved.action.skipped)))
    if case.emergency and moved.before.rung >= dispatch.TOP:
        for post in rungs_told(case, town):
            if post.holder_id != rung.holder_id and post.role is not Role.CITY:
                yield from card(case, post, "card.danger", Urgency.EMERGENCY)
    if moved.before.rung < dispatch.TOP and case.acknowledged_at is None:
        for person in silent[-1:]:
            yield Say(person, "staff.silent", case.id, {"post": rung.title}, Kind.FACT, case.urgency)
    if moved.actor.who is not Who.RESIDENT and tells_resident(moved.before, now):
        key = "resident.nobody_yet" if rung.holder_id in told else "resident.climbed"
        yield to_resident(case, key, post=rung.title)


def _citys_own(case: Case, town: Town) -> bool:
    return any(post.role is Role.CITY for post in assignees(case, town))


def _at_the_top_again(moved: Moved, town: Town, policy: Policy, now: datetime) -> Post | None:
    """A danger that is the city's own (nobody knows where) rings everybody there in turn, not one of them every ten minutes."""
    case = moved.case
    desk = [p for p in town.city_posts() if p.holder_id is not None and may_hold(p, case)]
    if not case.emergency or not desk or not _citys_own(case, town):
        return None
    return desk[int((now - solve_start(case)) / policy.danger_repeat) % len(desk)]


@follows(a.MissArrival)
def arrival_missed(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    if taken_and_nobody_there(moved.case):
        yield from _nobody_came(moved, town, now)
    else:
        yield from _told_upward(moved, town, now, "staff.arrival_missed")


def _nobody_came(moved: Moved, town: Town, now: datetime) -> Iterator[Effect]:
    """Somebody has taken a danger, and is not there: a card to every desk, who can name somebody else; the resident hears the
    truth. After that whoever has it and the desk above, until somebody is there."""
    case, has_it = moved.case, assignees(moved.case, town)
    missed, taken = moved.before.arrival_missed_at, case.acknowledged_at
    first = missed is None or (taken is not None and missed <= taken)
    desks = dispatch.ladder(case, town, now) if first else (above_assignee(case, has_it, town, now, 1),)
    for desk in desks:
        if desk.id not in {p.id for p in has_it}:
            yield Assign(case.id, desk.id, Part.CLIMBED)
    told = (*desks, *(rungs_told(case, town) if first else ()), *has_it)
    for post in {p.holder_id: p for p in told}.values():
        yield from card(case, post, "card.not_there", Urgency.EMERGENCY)
    if first:
        yield Say(
            case.resident_id, "resident.not_there", case.id, {"danger": case.danger or "unknown"}, Kind.FACT,
            Urgency.EMERGENCY, everywhere=True,
        )


@follows(a.MissSolve)
def solve_missed(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """Told upward, the assignee stays. The resident hears it the first time, without an excuse."""
    yield from _told_upward(moved, town, now, "staff.solve_missed")
    if moved.before.solve_missed_at is None:
        has_it = {post.holder_id for post in assignees(moved.case, town)}
        above = above_assignee(moved.case, assignees(moved.case, town), town, now, 1)
        yield to_resident(moved.case, "resident.solve_missed", rises=above.holder_id not in has_it)


@follows(a.MissPromise)
def promise_missing(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    partly = moved.before.answer is Answer.PARTLY
    yield from _told_upward(moved, town, now, "staff.promise_missing" if partly else "staff.supervise_unanswered")


def _told_upward(moved: Moved, town: Town, now: datetime, key: str) -> Iterator[Effect]:
    """The lowest desk above, each time; the assignee once."""
    case = moved.case
    again = isinstance(moved.action, a.MissSolve) and moved.before.solve_missed_at is not None
    has_it = assignees(case, town)
    above = above_assignee(case, has_it, town, now, 1)
    told: list[PersonId | None] = [above.holder_id] if again else [*(p.holder_id for p in has_it), above.holder_id]
    for person in dict.fromkeys(told):
        if person is not None:
            yield Say(person, key, case.id, {}, Kind.FACT, case.urgency)


_OPEN_STATES: Final = tuple(
    s.value for s in (State.ASSIGNED, State.ACKNOWLEDGED, State.IN_PROGRESS, State.REOPENED, State.RETURNED)
)


@follows(a.WarnSoon)
def soon(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """What is urgent is said at once, by night at 07:00. What is normal stands in the digest of eight or five o'clock."""
    if moved.case.urgency is Urgency.NORMAL:
        return
    for person in people(moved.case, town, Part.ASSIGNEE):
        yield Say(person, "staff.soon", moved.case.id, {}, Kind.CARD, moved.case.urgency, _OPEN_STATES)


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
    yield to_resident(moved.case, "resident.still_deferred", until=moved.case.defer_until)
