"""What a step changes besides the state: one function an action. lifecycle.step() calls them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from casework import actions as a
from casework import appointments, deadlines, hours, visits
from casework.accused import NOBODY
from casework.actions import Action
from casework.case import WORKING, Actor, Answer, Case, State, Urgency
from casework.deadlines import due
from casework.policy import Policy

S = State
DISPATCHED: Final = (S.ASSIGNED, S.REOPENED)  # a card is out, and nobody has acknowledged
DAILY: Final = timedelta(days=1)
Change = Callable[[Case, Action, Actor, datetime, Policy], Case]


def _dispatched(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    assert isinstance(action, a.Dispatch)
    starts = action.clock_from or case.clock_from
    return replace(case, clock_from=starts, rung=0, climbed_at=None, handover_at=_shift_ends(max(now, starts), policy))


def _shift_ends(now: datetime, policy: Policy) -> datetime:
    """When those on duty next change: what nobody has acknowledged by then goes to the new duty."""
    return hours.next_shift(now, policy.shifts, policy.calendar)


def _handed_over(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return replace(case, handover_at=_shift_ends(now, policy))


def _acknowledged(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    first = case.acknowledged_at or now
    return replace(case, acknowledged_at=first, acknowledged_by=case.acknowledged_by or by.person)


def _contacted(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return replace(_acknowledged(case, action, by, now, policy), contacted_at=case.contacted_at or now)


def _arrived(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    there = replace(_acknowledged(case, action, by, now, policy), arrived_at=case.arrived_at or now)
    return appointments.kept(there, now)


def _promised(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    assert isinstance(action, a.Promise)
    case = _acknowledged(case, action, by, now, policy)
    return replace(case, promise_at=action.by, promise_due=None, soon_told_at=None, solve_missed_at=None)


def _resolved(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    case = _acknowledged(case, action, by, now, policy)
    by_a_person = case.by_telephone or by.person == case.resident_id  # nobody is asked about their own work
    return replace(
        case, resolved_at=now, resolved_by=by.person, reminders=0, telephone_since=now if by_a_person else None,
        promise_due=None, answer=None, answered_at=None, satisfaction=None,
    )


def _coordinated(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return replace(_acknowledged(case, action, by, now, policy), coordinating=True)


def _fresh_clocks(case: Case, now: datetime, policy: Policy) -> Case:
    """New acknowledge and on-the-spot limits; who acknowledged before must do so again."""
    return replace(
        case, clock_from=now, rung=0, climbed_at=None, acknowledged_at=None, acknowledged_by=None,
        contacted_at=None, arrived_at=None, arrival_missed_at=None, solve_missed_at=None, soon_told_at=None,
        handover_at=_shift_ends(now, policy),
    )


def _returned(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    """A return does not stop the clock; the third stops the wandering: a supervisor names the owner."""
    returns = case.returns + 1
    state = S.ASSIGNED if returns <= policy.returns_allowed else S.RETURNED
    return replace(
        case, state=state, returns=returns, returned_at=now, acknowledged_at=None, acknowledged_by=None,
        climbed_at=now, rung=0, handover_at=_shift_ends(now, policy),
    )


def _named(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return _in_new_hands(case, now, policy)


def _in_new_hands(case: Case, now: datetime, policy: Policy) -> Case:
    """Somebody else has it and must acknowledge within a rung's limit; the other clocks run on. That the resident was
    answered before stays true."""
    return replace(
        case, state=S.ASSIGNED, climbed_at=now, rung=0, acknowledged_at=None, acknowledged_by=None,
        contacted_at=case.contacted_at or case.acknowledged_at, handover_at=_shift_ends(now, policy),
    )


def _inherited(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    """Who takes over where something is to be done must acknowledge; nothing else about the case changes."""
    assert isinstance(action, a.Inherit)
    return _in_new_hands(case, now, policy) if action.acts and case.state in (*WORKING, *DISPATCHED) else case


def _relocated(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    """What nobody has acknowledged goes to the new grid's duty; what somebody works on stays with them."""
    assert isinstance(action, a.Relocate)
    moved = replace(case, area_id=action.area_id, grid_id=action.grid_id, community_id=action.community_id)
    elsewhere = case.state in DISPATCHED and moved.grid_id != case.grid_id
    return _in_new_hands(moved, now, policy) if elsewhere else moved


def _extended(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return replace(case, extended=True, soon_told_at=None, solve_missed_at=None, promise_at=None)


def _deferred(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    assert isinstance(action, a.Defer)
    return replace(case, defer_until=action.until, defer_why=action.why, defer_told_at=now)


def _resumed(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return replace(_fresh_clocks(case, now, policy), solve_from=now, promise_at=None, defer_until=None, defer_why=None)


def _nudged(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return replace(case, nudges=case.nudges + 1, nudged_at=now)


def _ended(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    reason = getattr(action, "reason", "") or None
    return replace(case, ended_at=now, end_reason=reason, promise_due=None)


def _safe(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    state = S.ACKNOWLEDGED if case.state in (S.ASSIGNED, S.REOPENED) else case.state  # who says so has taken it
    return replace(_acknowledged(case, action, by, now, policy), state=state, safe_at=now)


def _replied(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    """The answer decides: solved ends it, partly keeps it open with a new date to name, not solved reopens it."""
    assert isinstance(action, a.Reply)
    case = replace(case, answer=action.answer, answered_at=now, satisfaction=None)
    if action.answer is Answer.SOLVED:
        return replace(case, ended_at=now, end_reason=None, promise_due=None)
    if action.answer is Answer.PARTLY:
        limit = policy.limits_for(case.category, case.urgency).acknowledge
        due_by = hours.add(limit, now, policy.calendar)
        return replace(
            case, state=S.IN_PROGRESS, promise_at=None, promise_due=due_by, ended_at=None, end_reason=None,
            solve_from=now, solve_missed_at=None, soon_told_at=None, acknowledged_at=case.acknowledged_at or now,
        )
    return _reopened(case, action, by, now, policy)


def _reopened(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    """New acknowledge and on-the-spot limits, 48 h to solve; "open since" is always the filing. An objection to a dismissal is no
    未解决: nobody has tried yet, and the limits are those of a new case."""
    again = 0 if isinstance(action, a.Reopen) and action.objects_to is not None else 1
    case = replace(_fresh_clocks(case, now, policy), state=S.REOPENED, reopens=case.reopens + again, solve_from=now)
    return replace(case, ended_at=None, end_reason=None, promise_at=None, supervised=case.supervised or case.reopens >= 3)


def _graded(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    assert isinstance(action, a.Grade)
    return replace(case, satisfaction=action.satisfaction)


def _taken_back(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    assert isinstance(action, a.TakeBack)
    assert action.earlier is not None
    return action.earlier


def _corrected(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    """Limits are computed from the filing, so they follow by themselves. Elsewhere, somebody else must acknowledge."""
    assert isinstance(action, a.Correct)
    before = case
    case = replace(
        case,
        category=action.category or case.category,
        topic=action.topic if action.category else case.topic,
        urgency=action.urgency or case.urgency,
        summary=action.summary or case.summary,
        soon_told_at=None,
    )
    case = _other_limits(before, case, now, policy)
    if action.spot is None:
        return case
    moved = replace(
        case, spot=action.spot, area_id=action.area_id or case.area_id, grid_id=action.grid_id,
        community_id=action.community_id, accused=case.accused.also(action.accused),
    )
    elsewhere = (moved.area_id, moved.grid_id) != (case.area_id, case.grid_id)
    waiting = case.state in (S.ASSIGNED, S.RETURNED) and not case.emergency  # a danger's clocks are never begun anew
    return _in_new_hands(moved, now, policy) if elsewhere and (case.state in WORKING or waiting) else moved


def _other_limits(before: Case, case: Case, now: datetime, policy: Policy) -> Case:
    """A limit of the mended urgency that has passed already, though the former one had not, counts from now: nobody is
    late for what nobody could know. One that has passed under the former urgency and not under this is not missed."""
    if (before.category, before.urgency) == (case.category, case.urgency):
        return case
    was, new = due(before, policy), due(case, policy)
    if case.acknowledged_at is None and new.acknowledge <= now:
        case = replace(case, clock_from=now if was.acknowledge > now else case.clock_from, climbed_at=case.climbed_at and now)
    elif case.arrived_at is None and new.arrive <= now < was.arrive:
        case = replace(case, clock_from=now)
    elif new.arrive > now:
        case = replace(case, arrival_missed_at=None)
    if new.solve is not None and was.solve is not None:
        if new.solve <= now < was.solve:
            return replace(case, solve_from=now)
        if new.solve > now:
            return replace(case, solve_missed_at=None)
    return case


def _nobody_meant(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return _in_new_hands(replace(case, accused=NOBODY), now, policy)


def _supervised(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    """Whoever has it answers the same day with a date, or with the work done. Where nobody has acknowledged, the climbing sees to it."""
    return replace(case, supervised=True, promise_due=deadlines.answer_by(now, policy) if case.state in WORKING else None)


def _raised(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    assert isinstance(action, a.Raise)
    state = S.REOPENED if case.state in (S.RESOLVED, S.DEFERRED) else S.ASSIGNED if case.state in WORKING else case.state
    case = replace(_fresh_clocks(case, now, policy), state=state, urgency=Urgency.EMERGENCY, danger=action.danger)
    return replace(case, solve_from=now, safe_at=None, unheard_told_at=None, promise_at=None, promise_due=None)


def _climbed(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    assert isinstance(action, a.Climb)
    told = now if tells_resident(case, now) else case.climb_told_at
    return replace(case, rung=action.rung, climbed_at=now, climb_told_at=told)


def tells_resident(case: Case, now: datetime) -> bool:
    """Whether a climb is told to the resident: at the first rung, then daily at most."""
    return case.climb_told_at is None or now >= case.climb_told_at + DAILY


def _at(name: str) -> Change:
    """A change that only notes when it happened."""
    return lambda case, action, by, now, policy: replace(case, **{name: now})  # type: ignore[arg-type]


CHANGES: Final[Mapping[type[Action], Change]] = {
    a.Dispatch: _dispatched,
    a.Acknowledge: _acknowledged,
    a.Contact: _contacted,
    a.Arrive: _arrived,
    a.Coordinate: _coordinated,
    a.OfferTimes: _contacted,
    a.Agree: visits.agreed,
    a.CallOff: visits.called_off,
    a.RemindAppointment: appointments.reminded,
    a.MissAppointment: visits.missed,
    a.HandOver: _handed_over,
    a.Promise: _promised,
    a.Resolve: _resolved,
    a.Return: _returned,
    a.NameOwner: _named,
    a.Inherit: _inherited,
    a.Relocate: _relocated,
    a.Extend: _extended,
    a.Defer: _deferred,
    a.Resume: _resumed,
    a.Nudge: _nudged,
    a.AddWords: lambda case, action, *_: replace(case, by_telephone=case.by_telephone or getattr(action, "phone", False)),
    a.Withdraw: _ended,
    a.Reply: _replied,
    a.Grade: _graded,
    a.Reopen: _reopened,
    a.CloseUnanswered: _ended,
    a.Dismiss: _ended,
    a.TakeBack: _taken_back,
    a.Correct: _corrected,
    a.Raise: _raised,
    a.DeclareSafe: _safe,
    a.Hide: lambda case, *_: replace(case, confidential=True),
    a.Unhide: lambda case, *_: replace(case, confidential=False),
    a.NobodyMeant: _nobody_meant,
    a.Supervise: _supervised,
    a.Redirect: lambda case, action, *_: replace(case, redirected_to=getattr(action, "to", "")),
    a.Merge: lambda case, action, *_: replace(case, merged_into=getattr(action, "into", None) or None),
    a.StrikeOut: lambda case, *_: replace(case, struck_out=True),
    a.Climb: _climbed,
    a.MissArrival: _at("arrival_missed_at"),
    a.MissSolve: _at("solve_missed_at"),
    a.WarnSoon: _at("soon_told_at"),
    a.MissPromise: lambda case, *_: replace(case, promise_due=None),
    a.PressOwner: _at("returned_at"),
    a.Remind: lambda case, *_: replace(case, reminders=case.reminders + 1),
    a.Telephone: _at("telephone_since"),
    a.TellUnheard: _at("unheard_told_at"),
    a.TellDeferred: _at("defer_told_at"),
}
