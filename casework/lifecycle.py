"""The law: MOVES says, for each state and action, who may do it and where it leads. All else obeys.

A row is (state, action) -> {who: state after}. What is not in the table is refused, with a sentence of
texts.toml (`refusal.<code>`). What a move changes besides the state stands in CHANGES, one function an action.
A case ends only by the resident's word (Reply, Withdraw), by CloseUnanswered after a telephone task, or by
Dismiss with a reason (北京市接诉即办工作条例: 回访以居民评价为准).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from casework import history, hours
from casework import actions as a
from casework.actions import Action
from casework.case import ENDS, WAITING, WORKING, Actor, Answer, Case, Event, State, Urgency, Who
from casework.policy import Policy

S = State
R, F, D, T = Who.RESIDENT, Who.STAFF, Who.DESK, Who.SYSTEM
OPEN: Final = tuple(s for s in State if s not in ENDS)
IN_HAND: Final = tuple(s for s in State if s in WAITING or s in WORKING or s is S.RETURNED)
ON_CARD: Final = (S.ASSIGNED, S.REOPENED, S.ACKNOWLEDGED, S.IN_PROGRESS)

Row = dict[Who, State | None]  # None: the state stays
SAME: Final = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A step was taken: the case before and after, and the event that says so."""

    before: Case
    case: Case
    action: Action
    actor: Actor
    event: Event


@dataclass(frozen=True, slots=True)
class Refusal:
    """A step was not taken; `code` names the sentence, `args` fill it."""

    code: str
    args: dict[str, object]


def _rows(states: tuple[State, ...], action: type[Action], to: Row) -> dict[tuple[State, type[Action]], Row]:
    return {(state, action): to for state in states}


MOVES: Final[dict[tuple[State, type[Action]], Row]] = {
    # -- into somebody's hands
    **_rows((S.REGISTERED,), a.Dispatch, {T: S.ASSIGNED, D: S.ASSIGNED}),
    **_rows((S.ASSIGNED, S.REOPENED), a.Acknowledge, {F: S.ACKNOWLEDGED, D: S.ACKNOWLEDGED}),
    **_rows(ON_CARD, a.Contact, {F: S.IN_PROGRESS, D: S.IN_PROGRESS}),
    **_rows(ON_CARD, a.Arrive, {F: S.IN_PROGRESS, D: S.IN_PROGRESS}),
    **_rows(ON_CARD, a.Coordinate, {F: S.IN_PROGRESS, D: S.IN_PROGRESS}),
    **_rows(ON_CARD, a.Promise, {F: S.IN_PROGRESS, D: S.IN_PROGRESS}),
    **_rows(ON_CARD, a.Resolve, {F: S.RESOLVED, D: S.RESOLVED}),
    # -- and out of them: the third return waits for a supervisor (CHANGES decides by the count)
    **_rows(ON_CARD, a.Return, {F: S.ASSIGNED}),
    **_rows((*IN_HAND,), a.NameOwner, {D: S.ASSIGNED}),
    **_rows(ON_CARD, a.Extend, {D: SAME}),
    **_rows(ON_CARD, a.Defer, {R: S.DEFERRED}),
    **_rows((S.DEFERRED,), a.Resume, {T: S.ASSIGNED, D: S.ASSIGNED}),
    # -- the resident, at any time
    **_rows((*IN_HAND, S.DEFERRED), a.Nudge, {R: SAME}),
    **_rows(tuple(S), a.AddWords, {R: SAME, F: SAME, D: SAME}),
    **_rows(OPEN, a.Withdraw, {R: S.WITHDRAWN}),
    **_rows(OPEN, a.Reply, {R: S.CONFIRMED, D: S.CONFIRMED}),  # by answer: see CHANGES; D: over the telephone
    **_rows((S.CONFIRMED, S.IN_PROGRESS, S.ASSIGNED, S.ACKNOWLEDGED), a.Grade, {R: SAME, D: SAME}),
    **_rows(tuple(ENDS), a.Reopen, {R: S.REOPENED}),
    **_rows((S.CLOSED_UNANSWERED,), a.Reply, {R: S.CONFIRMED}),
    **_rows(OPEN, a.Hide, {R: SAME}),
    **_rows(OPEN, a.Raise, {R: SAME, F: SAME, D: SAME}),
    **_rows(OPEN, a.DeclareSafe, {F: SAME, D: SAME}),
    # -- ends that are not the resident's word
    **_rows((S.RESOLVED,), a.CloseUnanswered, {D: S.CLOSED_UNANSWERED}),
    **_rows(IN_HAND, a.Dismiss, {D: S.DISMISSED}),
    # -- mended
    **_rows(tuple(S), a.TakeBack, {R: SAME, F: SAME, D: SAME}),  # to the state before: see CHANGES
    **_rows((*IN_HAND, S.DEFERRED), a.Correct, {R: SAME, F: SAME, D: SAME}),
    # -- flags
    **_rows(OPEN, a.Supervise, {D: SAME, T: SAME}),
    **_rows(OPEN, a.Redirect, {D: SAME}),
    **_rows(OPEN, a.Merge, {D: SAME}),
    **_rows(tuple(S), a.StrikeOut, {D: SAME}),
    # -- time
    **_rows(tuple(WAITING), a.Climb, {T: SAME, R: SAME}),
    **_rows(tuple(WORKING), a.Climb, {T: SAME, R: SAME}),  # a third 催办
    **_rows((*WAITING, *WORKING), a.MissArrival, {T: SAME}),
    **_rows(IN_HAND, a.MissSolve, {T: SAME}),
    **_rows(IN_HAND, a.WarnSoon, {T: SAME}),
    **_rows(tuple(WORKING), a.MissPromise, {T: SAME}),
    **_rows((S.RETURNED,), a.PressOwner, {T: SAME}),
    **_rows((S.RESOLVED,), a.Remind, {T: SAME}),
    **_rows((S.RESOLVED,), a.Telephone, {T: SAME}),
    **_rows(tuple(WAITING), a.TellUnheard, {T: SAME}),
    **_rows((S.DEFERRED,), a.TellDeferred, {T: SAME}),
}


def step(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Moved | Refusal:
    """Take one step, or say why not. Pure: whoever calls writes what comes back."""
    row = MOVES.get((case.state, type(action)))
    if row is None or by.who not in row:
        return Refusal(_why_not(case, action, by), {})
    refused = REFUSALS.get(type(action), _nothing_against)(case, action, by, now, policy)
    if refused is not None:
        return refused
    after = replace(case, state=row[by.who] or case.state)
    after = CHANGES.get(type(action), _nothing_else)(after, action, by, now, policy)
    after = replace(after, rev=case.rev + 1)
    event = Event(
        case.id, after.rev, now, kind_of(action), by.who, by.person, by.post, case.state, after.state,
        history.changes(case, after),
    )
    return Moved(case, after, action, by, event)


def register(case: Case, by: Actor) -> Event:
    """The first event of a case: all its fields."""
    return Event(
        case.id, case.rev, case.filed_at, "register", by.who, by.person, by.post, None, case.state,
        history.changes(None, case),
    )


def kind_of(action: Action | type[Action]) -> str:
    """The event's kind: the action's name in snake_case."""
    name = action.__name__ if isinstance(action, type) else type(action).__name__
    return "".join(f"_{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


def allowed(case: Case, action: type[Action], who: Who) -> bool:
    """Whether the table has this step (further reasons against it may still arise)."""
    return who in MOVES.get((case.state, action), {})


def _why_not(case: Case, action: Action, by: Actor) -> str:
    """Which sentence: it has ended, it was done already, or it is not yours to do."""
    if case.ended:
        return "ended"
    if (case.state, type(action)) in MOVES:
        return "not_yours"
    return "not_now"


# ---- reasons against a step that the table would allow ----------------------------------------------------------

Against = Callable[[Case, Action, Actor, datetime, Policy], Refusal | None]


def _nothing_against(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    return None


def _note_required(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    return None if action.words.strip() else Refusal("note_required", {})


def _reason_required(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    reason = getattr(action, "reason", "")
    if isinstance(action, a.Return):
        return None if reason in a.RETURN_REASONS else Refusal("reason_required", {})
    return None if reason.strip() else Refusal("reason_required", {})


def _nudge_later(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    """A nudge counts 4 h from the filing or the last nudge; an urgent case may be nudged at any time."""
    if case.urgency is not Urgency.NORMAL:
        return None
    again = (case.nudged_at or case.filed_at) + policy.nudge_every
    return Refusal("nudge_later", {"again": again}) if now < again else None


def _danger_stands(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    """A danger once reported ends only after a staff member's 已无危险."""
    if isinstance(action, a.Dismiss) and not action.reason.strip():
        return Refusal("reason_required", {})
    return Refusal("danger_stands", {}) if case.emergency and case.safe_at is None else None


def _telephone_first(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    if case.telephone_since is None:
        return Refusal("telephone_first", {})
    return _reason_required(case, action, by, now, policy)


def _within_window(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    """The resident's word reopens within 15 days of the end."""
    late = case.ended_at is not None and now > case.ended_at + policy.reopen_window
    return Refusal("too_late", {}) if late else None


def _reply_in_time(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    """Ended unanswered: within 15 days an answer still counts. Over the telephone only what was asked counts."""
    assert isinstance(action, a.Reply)
    if by.who is Who.DESK and (case.state is not S.RESOLVED or by.person == case.resolved_by):
        return Refusal("not_yours", {})
    if case.state is not S.RESOLVED and not case.ended and action.answer is not Answer.SOLVED:
        return Refusal("not_now", {})
    if action.answer is Answer.SOLVED and case.emergency and case.safe_at is None and case.state is not S.RESOLVED:
        return Refusal("danger_stands", {})
    return _within_window(case, action, by, now, policy)


def _fresh(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    assert isinstance(action, a.TakeBack)
    return Refusal("too_late", {}) if action.earlier is None else None


def _promise_in_time(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    """A promise lies ahead and inside the limit; after 部分解决 a new date may lie 15 days ahead."""
    from casework.deadlines import due  # deadlines reads cases, not moves: no circle

    assert isinstance(action, a.Promise)
    if action.by is None or action.by <= now:
        return Refusal("promise_past", {})
    last = due(replace(case, promise_at=None), policy).solve
    if case.answer is Answer.PARTLY or case.reopens or last is None or last < now:
        last = max(last or now, hours.add(policy.difficult_solve, now, policy.calendar))
    return Refusal("promise_late", {"last": last}) if action.by > last else None


def _once(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    return Refusal("extended_already", {}) if case.extended else None


def _defer_in_time(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    assert isinstance(action, a.Defer)
    good = action.until is not None and now < action.until <= now + policy.defer_longest and action.why.strip()
    return None if good else Refusal("defer_bounds", {})


def _answered_first(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    """A satisfaction counts only beside an answer to the first question."""
    return None if case.answer in (Answer.SOLVED, Answer.PARTLY) else Refusal("not_now", {})


REFUSALS: Final[dict[type[Action], Against]] = {
    a.Resolve: _note_required,
    a.Return: _reason_required,
    a.Nudge: _nudge_later,
    a.Withdraw: _danger_stands,
    a.Dismiss: _danger_stands,
    a.CloseUnanswered: _telephone_first,
    a.Reopen: _within_window,
    a.Reply: _reply_in_time,
    a.Grade: _answered_first,
    a.TakeBack: _fresh,
    a.Promise: _promise_in_time,
    a.Extend: _once,
    a.Defer: _defer_in_time,
}

# ---- what a step changes besides the state ----------------------------------------------------------------------

Change = Callable[[Case, Action, Actor, datetime, Policy], Case]


def _nothing_else(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return case


def _dispatched(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    assert isinstance(action, a.Dispatch)
    return replace(case, clock_from=action.clock_from or case.clock_from, rung=0, climbed_at=None)


def _acknowledged(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    first = case.acknowledged_at or now
    return replace(case, acknowledged_at=first, acknowledged_by=case.acknowledged_by or by.person)


def _contacted(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return replace(_acknowledged(case, action, by, now, policy), contacted_at=case.contacted_at or now)


def _arrived(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return replace(_acknowledged(case, action, by, now, policy), arrived_at=case.arrived_at or now)


def _promised(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    assert isinstance(action, a.Promise)
    case = _acknowledged(case, action, by, now, policy)
    return replace(case, promise_at=action.by, promise_due=None, soon_told_at=None, solve_missed_at=None)


def _resolved(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    case = _acknowledged(case, action, by, now, policy)
    return replace(
        case, resolved_at=now, resolved_by=by.person, reminders=0, telephone_since=None, promise_due=None,
        answer=None, answered_at=None, satisfaction=None,
    )


def _fresh_clocks(case: Case, now: datetime) -> Case:
    """New acknowledge and on-the-spot limits; who acknowledged before must do so again."""
    return replace(
        case, clock_from=now, rung=0, climbed_at=None, acknowledged_at=None, acknowledged_by=None,
        contacted_at=None, arrived_at=None, arrival_missed_at=None, solve_missed_at=None, soon_told_at=None,
    )


def _returned(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    """A return does not stop the clock; the third stops the wandering: a supervisor names the owner."""
    returns = case.returns + 1
    state = S.ASSIGNED if returns <= policy.returns_allowed else S.RETURNED
    return replace(
        case, state=state, returns=returns, returned_at=now, acknowledged_at=None, acknowledged_by=None,
        climbed_at=now, rung=0,
    )


def _named(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return replace(case, climbed_at=now, rung=0, acknowledged_at=None, acknowledged_by=None)


def _extended(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return replace(case, extended=True, soon_told_at=None, solve_missed_at=None, promise_at=None)


def _deferred(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    assert isinstance(action, a.Defer)
    return replace(case, defer_until=action.until, defer_why=action.why, defer_told_at=now)


def _resumed(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return replace(_fresh_clocks(case, now), solve_from=now, promise_at=None, defer_until=None, defer_why=None)


def _nudged(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return replace(case, nudges=case.nudges + 1, nudged_at=now)


def _ended(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    reason = getattr(action, "reason", "") or None
    return replace(case, ended_at=now, end_reason=reason, promise_due=None)


def _safe(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    return replace(_acknowledged(case, action, by, now, policy), safe_at=now)


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
    """New acknowledge and on-the-spot limits, 48 h to solve; "open since" is always the filing."""
    case = replace(_fresh_clocks(case, now), state=S.REOPENED, reopens=case.reopens + 1, solve_from=now)
    return replace(case, ended_at=None, end_reason=None, promise_at=None, supervised=case.supervised or case.reopens >= 3)


def _graded(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    assert isinstance(action, a.Grade)
    return replace(case, satisfaction=action.satisfaction)


def _taken_back(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    assert isinstance(action, a.TakeBack) and action.earlier is not None
    return action.earlier


def _corrected(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    """Limits are computed from the filing, so they follow by themselves."""
    assert isinstance(action, a.Correct)
    case = replace(
        case,
        category=action.category or case.category,
        topic=action.topic if action.category else case.topic,
        urgency=action.urgency or case.urgency,
        soon_told_at=None,
    )
    if action.spot is None:
        return case
    return replace(
        case, spot=action.spot, area_id=action.area_id or case.area_id, grid_id=action.grid_id,
        community_id=action.community_id,
    )


def _raised(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    assert isinstance(action, a.Raise)
    state = S.REOPENED if case.state in (S.RESOLVED, S.DEFERRED) else case.state
    case = replace(_fresh_clocks(case, now), state=state, urgency=Urgency.EMERGENCY, danger=action.danger)
    return replace(case, solve_from=now, safe_at=None, unheard_told_at=None, promise_at=None, promise_due=None)


def _climbed(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    assert isinstance(action, a.Climb)
    return replace(case, rung=action.rung, climbed_at=now)


def _at(name: str) -> Change:
    """A change that only notes when it happened."""
    return lambda case, action, by, now, policy: replace(case, **{name: now})  # type: ignore[arg-type]


CHANGES: Final[dict[type[Action], Change]] = {
    a.Dispatch: _dispatched,
    a.Acknowledge: _acknowledged,
    a.Contact: _contacted,
    a.Arrive: _arrived,
    a.Coordinate: _acknowledged,
    a.Promise: _promised,
    a.Resolve: _resolved,
    a.Return: _returned,
    a.NameOwner: _named,
    a.Extend: _extended,
    a.Defer: _deferred,
    a.Resume: _resumed,
    a.Nudge: _nudged,
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
    a.Supervise: lambda case, *_: replace(case, supervised=True),
    a.Redirect: lambda case, action, *_: replace(case, redirected_to=getattr(action, "to", "")),
    a.Merge: lambda case, action, *_: replace(case, merged_into=getattr(action, "into", None)),
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
