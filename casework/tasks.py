"""How a task of the desk climbs, like a case: first its owner is reminded, then each desk above gets it as well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from casework import access, hours
from casework.case import Case, Post, Role, Task, Urgency
from casework.policy import Policy
from casework.town import Town

AFTERWARDS: Final = ("telephone", "visit")  # the work is done: however urgent it was, asking about it is not
FAILED: Final[Mapping[str, Urgency]] = {  # a message that nobody could handle: by what its words tell of
    "failed": Urgency.NORMAL, "failed_urgent": Urgency.URGENT, "failed_danger": Urgency.EMERGENCY,
}
DAILY: Final = timedelta(days=1)  # at the highest desk: said again once a day until it is done


def pace(task: Task, case: Case | None) -> Urgency:
    """How fast a task goes and climbs: as the case does that waits for it; without one, as its words tell."""
    if task.kind in FAILED:
        return FAILED[task.kind]
    return Urgency.NORMAL if case is None or task.kind in AFTERWARDS else case.urgency


def climbs(task: Task, urgency: Urgency, now: datetime, policy: Policy) -> bool:
    """Whether the desk above gets it now. What is urgent climbs as soon as it is late, the rest when its limit has run out
    a second time: a first time is said to the owner alone."""
    return urgency is not Urgency.NORMAL or now >= looked_at_again(urgency, task.due_at, policy)


def looked_at_again(urgency: Urgency, now: datetime, policy: Policy) -> datetime:
    """When a late task is looked at next: each desk on the way up has the limit again. At night only an emergency climbs."""
    calendar = policy.calendar
    if urgency is Urgency.NORMAL:
        return hours.add(policy.task_due, now, calendar)
    later = hours.add(policy.limits[urgency].next_acknowledge, now, calendar)
    if urgency is Urgency.EMERGENCY:
        return later
    return hours.next_between(later, calendar.night_until, calendar.night_from, calendar)


def desk_above(task: Task, owner: Post, case: Case | None, town: Town, now: datetime) -> Post | None:
    """The next desk on the way up: the subdistrict's, then the city's; whoever has the city's chair the next day gets it too.
    An empty one is skipped, one that may not have the case, and so is whoever has the task already, whom it is about, and (of a call) who said "done"."""
    had = [p for i in (owner.id, *task.climbed) if (p := town.post(i)) is not None]
    besides = {p.holder_id for p in had} | {task.person_id, None}
    if case is not None and task.kind in AFTERWARDS:
        besides.add(case.resolved_by)
    passed = {p.role for p in had} - {Role.CITY}
    ladder = [p for p in (town.subdistrict_duty(owner.area_id, now), town.city_desk(now)) if p is not None]
    may = [p for p in ladder if case is None or access.may_hold(p, case)]
    return next((p for p in may if p.role not in passed and p.holder_id not in besides), None)


def said_again(task: Task, now: datetime, policy: Policy) -> datetime:
    """When the highest desk hears of it again: once a day. A danger for which there is no case rings as one does."""
    return now + (policy.danger_repeat if task.kind == "failed_danger" else DAILY)


def at_the_top(task: Task, above: Post | None, town: Town) -> bool:
    """Whether the city's desk has it: then it is said once a day."""
    had = (town.post(i) for i in task.climbed)
    return any(p is not None and p.role is Role.CITY for p in (*had, above))
