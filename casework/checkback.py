"""回访: the resident is asked; only the resident's word ends a case. When nobody answers, a person telephones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from casework import dispatch, hours
from casework.case import Case, Post
from casework.policy import Policy
from casework.town import Town


def telephone_owner(case: Case, town: Town, now: datetime) -> Post:
    """Who telephones: the desk, but never the person who said "done"."""
    desks = dispatch.ladder(case, town, now)
    if case.resolved_by is None:
        return desks[0]
    return next((p for p in desks if p.holder_id != case.resolved_by), desks[-1])


def telephone_due(now: datetime, policy: Policy) -> datetime:
    """Two working days after the last reminder."""
    return hours.add(policy.telephone_due, now, policy.calendar)


def next_try(now: datetime, tries: int, policy: Policy) -> datetime:
    """Three tries on two days: the second the same afternoon, the third the next working day."""
    later = now + timedelta(hours=3)
    window = (policy.calendar.remind_from, policy.calendar.remind_until)
    if tries <= 1:
        return hours.next_between(later, *window, policy.calendar)
    return hours.next_between(now + timedelta(hours=20), *window, policy.calendar)


def tries_exhausted(tried: Sequence[datetime], now: datetime, policy: Policy) -> bool:
    """Three tries on at least two days; `tried`: when, this one included."""
    days = {at.astimezone(policy.calendar.zone).date() for at in (*tried, now)}
    return len(tried) >= policy.telephone_tries and len(days) > 1


def level_after(case: Case) -> str:
    """What a reopening asks for: nothing, one level up, or 督办."""
    if case.reopens >= 3:
        return "supervise"
    return "climb" if case.reopens == 2 else "again"
