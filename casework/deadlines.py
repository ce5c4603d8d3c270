"""What ticks: timers(case, policy) is derived from the case as it stands, never set or cancelled by hand.

A timer that fires takes a step (handlers/followup.py), the step changes the case, and what should tick next follows
from that. Limits stand in Policy (DOMAIN.md, Time limits): the clock starts when the resident files; a return does
not stop it, only 挂账 does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from casework import appointments, hours
from casework.case import WAITING, Case, State, Timer, Urgency
from casework.policy import Policy, Span

TOP_RUNG: Final = 5  # the city desk
DAILY: Final = timedelta(days=1)
MONTH: Final = timedelta(days=30)
ANSWER: Final = timedelta(hours=2)  # working hours that whoever is supervised has at least
TELEPHONE_AFTER: Final = timedelta(hours=1)  # the last reminder gets an hour before a person is sent


@dataclass(frozen=True, slots=True)
class Due:
    """Until when: acknowledged, on the spot, solved. `solve` is None while deferred: only 挂账 stops the clock."""

    acknowledge: datetime
    arrive: datetime
    solve: datetime | None


def due(case: Case, policy: Policy) -> Due:
    """The three limits of the case as it stands, kept or not."""
    limits = policy.limits_for(case.category, case.urgency)
    return Due(
        acknowledge_by(case, policy),
        _on_the_spot(case, hours.add(limits.arrive, case.clock_from, policy.calendar), policy),
        None if case.state is State.DEFERRED else case.promise_at or _solve_limit(case, policy),
    )


def _on_the_spot(case: Case, limit: datetime, policy: Policy) -> datetime:
    """An hour that the resident picked: nobody is late before it is over. Earlier than the limit, it changes nothing."""
    if case.appointment_at is None:
        return limit
    return max(limit, min(appointments.ends(case.appointment_at), longest(case, policy)))


def longest(case: Case, policy: Policy) -> datetime:
    """What an appointment may move a limit to at most: the time that a difficult case has (疑难)."""
    return hours.add(policy.difficult_solve, solve_start(case), policy.calendar)


def acknowledge_by(case: Case, policy: Policy) -> datetime:
    """The first of them alone: figures ask for it of every case there is."""
    return hours.add(policy.limits_for(case.category, case.urgency).acknowledge, case.clock_from, policy.calendar)


def _solve_limit(case: Case, policy: Policy) -> datetime:
    """Reopened: 48 h from the reopening (an emergency keeps its own limit). Extended (疑难): 15 days from the filing,
    or what runs longer."""
    span = policy.limits_for(case.category, case.urgency).solve
    if case.reopens and not case.emergency:
        span = policy.reopened_solve
    limit = hours.add(span, solve_start(case), policy.calendar)
    if case.extended:
        limit = max(limit, hours.add(policy.difficult_solve, case.filed_at, policy.calendar))
    return limit


def solve_start(case: Case) -> datetime:
    """When the limit for solving began to run: the filing, or the reopening."""
    return case.solve_from or case.filed_at


def missed(case: Case, policy: Policy) -> datetime | None:
    """The limit of a case in hand that ends first: for taking it on while nobody has, or for solving. Once it is over the case is late
    (超期), in the chat and in reports alike."""
    limits = due(case, policy)
    taking = limits.acknowledge if case.state in WAITING and case.acknowledged_at is None else None
    return min((at for at in (taking, limits.solve) if at is not None), default=None)


def soon(case: Case, policy: Policy) -> datetime | None:
    """From when the case is soon due: 20 % of the limit or 4 h left, whichever is shorter."""
    solve = due(case, policy).solve
    if solve is None:
        return None
    length = max(solve - solve_start(case), timedelta(0))
    return solve - min(length * policy.soon_fraction, policy.soon_longest)


def timers(case: Case, policy: Policy) -> frozenset[Timer]:
    """All that should be ticking for the case as it stands: none once it has ended, else at least one."""
    return frozenset() if case.ended else frozenset(BY_STATE[case.state](case, policy))


# ---- in somebody's hands ----------------------------------------------------------------------------------------


def _in_hand(case: Case, policy: Policy) -> Iterator[Timer]:
    if case.acknowledged_at is None:
        yield Timer("climb", next_climb(case, policy))
        if case.handover_at is not None and case.state is not State.REGISTERED:
            yield Timer("shift", case.handover_at)
        yield from _unheard(case, policy)
    yield from _arriving(case, policy)
    if case.promise_due is not None and case.state not in WAITING:
        yield Timer("promise", case.promise_due)
    yield from appointments.timers(case, policy)
    yield from _solving(case, policy)


def _arriving(case: Case, policy: Policy) -> Iterator[Timer]:
    """On the spot, told once when missed; of a danger that somebody has taken and nobody has come to, again and again. Where an
    appointment has moved the limit, its own timer tells that it was missed."""
    if case.arrived_at is None and case.arrival_missed_at is None:
        limit = due(case, policy).arrive
        if case.appointment_at is None or limit != appointments.ends(case.appointment_at):
            yield Timer("arrive", limit)
    elif taken_and_nobody_there(case):
        since = max(at for at in (case.arrival_missed_at, case.acknowledged_at) if at is not None)
        yield Timer("arrive", since + policy.danger_repeat)


def taken_and_nobody_there(case: Case) -> bool:
    """A danger that somebody has taken, and that nobody has come to: it rings like one that nobody has taken."""
    return case.emergency and case.safe_at is None and case.acknowledged_at is not None and case.arrived_at is None


def next_climb(case: Case, policy: Policy) -> datetime:
    """When the next rung is told: the acknowledge limit, then each rung's own; the top one repeats daily, for an
    emergency every ten minutes. A new assignee (returned, named: rung 0 again) has a rung's limit."""
    if case.climbed_at is None:
        return due(case, policy).acknowledge
    if case.rung < TOP_RUNG:
        span = policy.limits_for(case.category, case.urgency).next_acknowledge
        return hours.add(span, case.climbed_at, policy.calendar)
    return case.climbed_at + (policy.danger_repeat if case.emergency else DAILY)


def _unheard(case: Case, policy: Policy) -> Iterator[Timer]:
    """Danger and nobody came forward: after fifteen minutes the resident hears the truth, once. A danger raised later
    counts from its raising (`solve_from`)."""
    if case.emergency and case.safe_at is None and case.unheard_told_at is None and case.state in WAITING:
        yield Timer("unheard", solve_start(case) + policy.danger_unheard)


def _solving(case: Case, policy: Policy) -> Iterator[Timer]:
    """Soon due, told once; the limit; and after it daily, so that an open case always ticks."""
    if case.solve_missed_at is not None:
        yield Timer("solve", case.solve_missed_at + DAILY)
        return
    solve, warn = due(case, policy).solve, soon(case, policy)
    if solve is not None:
        yield Timer("solve", solve)
    if warn is not None and case.soon_told_at is None:
        yield Timer("soon", warn)


def question_by(now: datetime, policy: Policy) -> datetime:
    """Until when a resident's question is answered."""
    return hours.add(policy.question_due, now, policy.calendar)


def answer_by(now: datetime, policy: Policy) -> datetime:
    """督办: an answer the same day, with two working hours at least."""
    calendar = policy.calendar
    return max(hours.add(Span("days", days=0), now, calendar), hours.add(Span("working_hours", ANSWER), now, calendar))


def task_by(urgency: Urgency, now: datetime, policy: Policy) -> datetime:
    """Until when the desk ends a task: what is urgent at the pace of its rungs, the rest within the desk's own limit."""
    if urgency is Urgency.NORMAL:
        return hours.add(policy.task_due, now, policy.calendar)
    return hours.add(policy.limits[urgency].next_acknowledge, now, policy.calendar)


def _returned(case: Case, policy: Policy) -> Iterator[Timer]:
    """The third return: unheard, the level above must name the owner, and again."""
    yield Timer("name_owner", name_owner_by(case, policy))
    yield from appointments.timers(case, policy)
    yield from _solving(case, policy)


def name_owner_by(case: Case, policy: Policy) -> datetime:
    """A supervisor names the owner within 2 h of the third return (a normal case: working hours; an urgent one at
    night: from the morning; an emergency: ten minutes)."""
    since, calendar = case.returned_at or case.clock_from, policy.calendar
    if case.emergency:
        return since + policy.danger_repeat
    if case.urgency is Urgency.NORMAL:
        return hours.add(Span("working_hours", policy.name_owner), since, calendar)
    return hours.next_between(since, calendar.night_until, calendar.night_from, calendar) + policy.name_owner


# ---- said to be done, or not this year --------------------------------------------------------------------------


def _resolved(case: Case, policy: Policy) -> Iterator[Timer]:
    """回访: reminded after 24 h and 72 h, 09:00-20:00, then a person telephones; that task is late two working days
    on, and again. Who was served through somebody else is telephoned at once, without reminders (DOMAIN.md)."""
    asked = case.resolved_at or case.clock_from
    if case.telephone_since is not None:
        yield Timer("telephone_late", hours.add(policy.telephone_due, case.telephone_since, policy.calendar))
    elif case.by_telephone:
        yield Timer("telephone", _polite(asked, policy))
    elif case.reminders < len(policy.reminders):
        yield Timer("remind", _polite(asked + policy.reminders[case.reminders], policy))
    else:
        waited = policy.reminders[-1] if policy.reminders else policy.telephone_unfetched
        yield Timer("telephone", _polite(_polite(asked + waited, policy) + TELEPHONE_AFTER, policy))


def _polite(at: datetime, policy: Policy) -> datetime:
    """Moved into the hours in which people are reminded or telephoned."""
    return hours.next_between(at, policy.calendar.remind_from, policy.calendar.remind_until, policy.calendar)


def _deferred(case: Case, policy: Policy) -> Iterator[Timer]:
    """挂账: a line a month, and back to open on the day."""
    month = (case.defer_told_at or case.clock_from) + MONTH
    if case.defer_until is None or month < case.defer_until:
        yield Timer("deferred_month", month)
    if case.defer_until is not None:
        yield Timer("deferred_until", case.defer_until)


Rule = Callable[[Case, Policy], Iterator[Timer]]

BY_STATE: Final[Mapping[State, Rule]] = {
    State.REGISTERED: _in_hand,
    State.ASSIGNED: _in_hand,
    State.REOPENED: _in_hand,
    State.ACKNOWLEDGED: _in_hand,
    State.IN_PROGRESS: _in_hand,
    State.RETURNED: _returned,
    State.RESOLVED: _resolved,
    State.DEFERRED: _deferred,
}
