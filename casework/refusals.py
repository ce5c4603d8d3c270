"""Reasons against a step that lifecycle.MOVES would allow: each a sentence of texts.toml (`refusal.<code>`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from casework import actions as a
from casework import appointments, hours
from casework.actions import Action
from casework.case import Actor, Answer, Case, State, Urgency, Who
from casework.deadlines import due
from casework.policy import Policy


@dataclass(frozen=True, slots=True)
class Refusal:
    """A step was not taken; `code` names the sentence, `args` fill it."""

    code: str
    args: dict[str, object]


Against = Callable[[Case, Action, Actor, datetime, Policy], Refusal | None]


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


def _there_or_asked(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    """Nobody says that a danger is over who has neither been there nor asked."""
    assert isinstance(action, a.DeclareSafe)
    return None if action.by_telephone or case.arrived_at is not None else Refusal("not_there", {})


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
    if by.who is Who.DESK and (case.state is not State.RESOLVED or by.person == case.resolved_by):
        return Refusal("not_yours", {})
    if case.state is not State.RESOLVED and not case.ended and action.answer is not Answer.SOLVED:
        return Refusal("not_now", {})
    if action.answer is Answer.SOLVED and case.emergency and case.safe_at is None and case.state is not State.RESOLVED:
        return Refusal("danger_stands", {})
    return _within_window(case, action, by, now, policy)


def _fresh(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    assert isinstance(action, a.TakeBack)
    return Refusal("too_late", {}) if action.earlier is None else None


def latest_promise(case: Case, now: datetime, policy: Policy) -> datetime:
    """The last moment that may be promised: the limit; 15 days on, once it has passed or after 部分解决."""
    last = due(replace(case, promise_at=None), policy).solve
    if case.answer is Answer.PARTLY or case.reopens or last is None or last <= now:
        last = max(last or now, hours.add(policy.difficult_solve, now, policy.calendar))
    return last


def _promise_in_time(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    """A promise lies ahead and inside the limit; after 部分解决 a new date may lie 15 days ahead."""
    assert isinstance(action, a.Promise)
    if action.by is None or action.by <= now:
        return Refusal("promise_past", {})
    last = latest_promise(case, now, policy)
    return Refusal("promise_late", {"last": last}) if action.by > last else None


def _once(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    return Refusal("extended_already", {}) if case.extended else None


def _defer_in_time(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    assert isinstance(action, a.Defer)
    if case.emergency and case.safe_at is None:
        return Refusal("danger_stands", {})
    good = action.until is not None and now < action.until <= now + policy.defer_longest and action.why.strip()
    return None if good else Refusal("defer_bounds", {})


def _not_spoken_of(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    """A complaint is not given to whom it is about."""
    assert isinstance(action, a.NameOwner)
    return Refusal("spoken_of", {}) if action.post in case.accused.posts else None


def _answer_awaited(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    """督办 once: while an answer to it is still to come, another changes nothing."""
    waits = case.supervised and (case.promise_due is not None or case.acknowledged_at is None)
    return Refusal("supervised_already", {}) if waits and case.reopens < 3 else None


def _somebody_meant(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    return None if case.accused else Refusal("not_now", {})


def _time_fits(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    why = appointments.against(case, action, by, now, policy)
    return Refusal(why, {}) if why else None


def _appointed(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    return None if case.appointment_at is not None else Refusal("no_appointment", {})


def _answered_first(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    """A satisfaction counts only beside an answer to the first question."""
    return None if case.answer in (Answer.SOLVED, Answer.PARTLY) else Refusal("not_now", {})


def _nobody_was_called(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Refusal | None:
    """Passing a danger on would say that somebody has been called who has not."""
    return Refusal("call_yourself", {}) if case.emergency and case.safe_at is None else None


REFUSALS: Final[Mapping[type[Action], Against]] = {
    a.Resolve: _note_required,
    a.Return: _reason_required,
    a.Nudge: _nudge_later,
    a.Withdraw: _danger_stands,
    a.Dismiss: _danger_stands,
    a.DeclareSafe: _there_or_asked,
    a.CloseUnanswered: _telephone_first,
    a.Reopen: _within_window,
    a.Reply: _reply_in_time,
    a.Grade: _answered_first,
    a.TakeBack: _fresh,
    a.Promise: _promise_in_time,
    a.Extend: _once,
    a.OfferTimes: _time_fits,
    a.Agree: _time_fits,
    a.CallOff: _appointed,
    a.Defer: _defer_in_time,
    a.NameOwner: _not_spoken_of,
    a.NobodyMeant: _somebody_meant,
    a.Supervise: _answer_awaited,
    a.Redirect: _nobody_was_called,
}
