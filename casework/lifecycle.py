"""The law: MOVES says, for each state and action, who may do it and where it leads. All else obeys.

A row is (state, action) -> {who: state after}. What is not in the table is refused, with a sentence of
texts.toml (`refusal.<code>`). What a move changes besides the state stands in changes.py, what
speaks against a move that the table allows in refusals.py, one function an action each.
A case ends only by the resident's word (Reply, Withdraw), by CloseUnanswered after a telephone task, or by
Dismiss with a reason (北京市接诉即办工作条例: 回访以居民评价为准).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from casework import actions as a
from casework import appointments, history
from casework.actions import Action
from casework.case import ENDS, WAITING, WORKING, Actor, Case, Event, State, Who
from casework.changes import CHANGES
from casework.policy import Policy
from casework.refusals import REFUSALS
from casework.refusals import Refusal as Refusal

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
    # -- 约时间
    **_rows(ON_CARD, a.WishTime, {R: SAME}),
    **_rows(ON_CARD, a.OfferTimes, {F: S.IN_PROGRESS, D: S.IN_PROGRESS}),
    **_rows(ON_CARD, a.Agree, {R: SAME}),
    **_rows(IN_HAND, a.CallOff, {R: SAME, F: SAME, D: SAME}),
    **_rows(IN_HAND, a.RemindAppointment, {T: SAME}),
    **_rows(IN_HAND, a.MissAppointment, {T: SAME}),
    # -- the resident, at any time
    **_rows((*IN_HAND, S.DEFERRED), a.Nudge, {R: SAME}),
    **_rows(tuple(S), a.AddWords, {R: SAME, F: SAME, D: SAME}),
    **_rows(OPEN, a.Withdraw, {R: S.WITHDRAWN}),
    **_rows(OPEN, a.Reply, {R: S.CONFIRMED, D: S.CONFIRMED}),  # by answer: see CHANGES; D: over the telephone
    **_rows((S.CONFIRMED, S.IN_PROGRESS, S.ASSIGNED, S.ACKNOWLEDGED), a.Grade, {R: SAME, D: SAME}),
    **_rows(tuple(ENDS), a.Reopen, {R: S.REOPENED}),
    **_rows((S.CLOSED_UNANSWERED,), a.Reply, {R: S.CONFIRMED}),
    **_rows(OPEN, a.Hide, {R: SAME}),
    **_rows(OPEN, a.Unhide, {R: SAME}),
    **_rows(ON_CARD, a.NobodyMeant, {R: S.ASSIGNED}),
    **_rows(OPEN, a.Raise, {R: SAME, F: SAME, D: SAME}),
    **_rows(OPEN, a.DeclareSafe, {F: SAME, D: SAME}),
    # -- ends that are not the resident's word
    **_rows((S.RESOLVED,), a.TryCall, {D: SAME}),
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
    **_rows((S.ASSIGNED, S.REOPENED), a.HandOver, {T: SAME, F: SAME, D: SAME}),  # F: 下班 by the worker's own word
    **_rows(OPEN, a.PassOn, {F: SAME, D: SAME}),  # by whoever takes it over: access.may_take_over
    **_rows(OPEN, a.Inherit, {T: SAME}),  # ASSIGNED where somebody must act: see CHANGES
    **_rows(OPEN, a.Relocate, {T: SAME}),
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
    against, change = REFUSALS.get(type(action)), CHANGES.get(type(action))
    refused = against(case, action, by, now, policy) if against else None
    if refused is not None:
        return refused
    after = replace(case, state=row[by.who] or case.state)
    after = change(after, action, by, now, policy) if change else after
    after = replace(appointments.while_in_hand(after), rev=case.rev + 1)
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
