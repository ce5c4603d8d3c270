"""约时间 and the limits: nobody is late for the hour that the resident picked (docs/decisions/0030).

As long as an appointment stands, the on-the-spot limit runs until it is over (deadlines.due). A time picked after the limit for
solving takes that limit with it; called off or missed, the old limits count again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from casework import appointments, hours
from casework.action import Action
from casework.case import Actor, Case, Who
from casework.deadlines import due, longest, soon
from casework.policy import Policy

WORK: Final = timedelta(hours=4)  # for what was begun at the door to be done


def solved_by(at: datetime, case: Case, policy: Policy) -> datetime:
    """Until when what a visit at that time begins is to be done: some hours after it, in the night until the morning; never
    later than the longest that a case may take."""
    calendar = policy.calendar
    done = hours.next_between(appointments.ends(at) + WORK, calendar.night_until, calendar.night_from, calendar)
    return min(done, longest(case, policy))


def too_late(at: datetime, case: Case, policy: Policy) -> bool:
    """Whether a visit at that time, over after the limit for solving, takes that limit with it. What has been missed already
    stays missed."""
    solve = due(case, policy).solve
    if solve is None or case.solve_missed_at is not None or appointments.ends(at) <= solve:
        return False
    return solved_by(at, case, policy) > solve


def agreed(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    """The resident picked: who comes then has until then."""
    before = _as_without(case, now, policy)
    after = appointments.agreed(before, action, by, now, policy)
    assert after.appointment_at is not None
    if not too_late(after.appointment_at, before, policy):
        return after
    return replace(after, promise_at=solved_by(after.appointment_at, before, policy), soon_told_at=None)


def called_off(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    """The old limits again. One that passed while the resident's own hour was waited for makes nobody late when it is the
    resident who calls that off: nobody has to be on the spot until another time is found, and to solve it they have as long
    as before."""
    after = appointments.dropped(_as_without(case, now, policy))
    if by.who is not Who.RESIDENT:
        return after
    limits = due(after, policy)
    if limits.solve is not None and limits.solve <= now:
        after = appointments.dropped(case)
    return _not_waited_for(after, limits.arrive, now)


def missed(case: Case, action: Action, by: Actor, now: datetime, policy: Policy) -> Case:
    """The old limits again. That nobody was on the spot is told with the appointment, and not a second time."""
    after = appointments.dropped(_as_without(case, now, policy))
    return _not_waited_for(after, due(after, policy).arrive, now)


def _not_waited_for(case: Case, limit: datetime, now: datetime) -> Case:
    if limit > now or case.arrived_at is not None or case.arrival_missed_at is not None:
        return case
    return replace(case, arrival_missed_at=now)


def _as_without(case: Case, now: datetime, policy: Policy) -> Case:
    """The case as if no appointment had moved its limit for solving. That the old limit comes near is told where it still does."""
    moved = case.appointment_at is not None and case.promise_at == solved_by(case.appointment_at, case, policy)
    if not moved:
        return case
    old = replace(case, promise_at=None, soon_told_at=None)
    warned = soon(old, policy)
    return old if warned is None or warned > now else replace(old, soon_told_at=case.soon_told_at or now)
