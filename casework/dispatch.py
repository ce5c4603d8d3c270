"""Who gets a case: territory first (属地优先), then the rungs above. 首接负责: the first owner stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from casework import hours
from casework.case import Case, Part, Post, PostId, Urgency
from casework.policy import Policy
from casework.town import Town, holders

ASSIGNEE, SUBSTITUTE, ESTATE_LEAD, SECRETARY, SUBDISTRICT, CITY = range(6)
TOP = CITY


@dataclass(frozen=True, slots=True)
class Plan:
    """Who has it, who joins, and when the first two clocks begin."""

    assignee: Post
    joined: tuple[Post, ...]
    clock_from: datetime
    waits: bool  # nobody is rostered tonight: acknowledge and on-the-spot clocks start in the morning


def plan(case: Case, town: Town, policy: Policy, now: datetime, avoid: frozenset[PostId] = frozenset()) -> Plan:
    """Whose turn it is. `avoid`: who returned it, or is spoken of in it.

    Urgent at night goes to who is rostered for the night, else its first two clocks start at 07:00; an emergency
    wakes anybody; normal limits are working hours anyhow.
    """
    night = hours.night(now, policy.calendar)
    morning = hours.morning_after(now, policy.calendar) if night else now
    waits = night and not case.emergency and not _awake(case, town, now)
    at = morning if waits else now
    assignee = _duty(case, town, at, avoid) or _duty(case, town, morning, avoid) or town.desk(case.area_id, at)
    if assignee.id in avoid:
        assignee = _above(case, town, at, avoid)
    joined = tuple(
        p for p in town.specialists(case.category, case.area_id, case.spot.estate_id)
        if p.id not in avoid and p.id != assignee.id
    )
    starts = morning if waits and case.urgency is Urgency.URGENT else now
    return Plan(assignee, joined, starts, waits)


def _awake(case: Case, town: Town, now: datetime) -> bool:
    return case.urgency is Urgency.URGENT and case.grid_id is not None and town.night_rostered(case.grid_id, now)


def _duty(case: Case, town: Town, at: datetime, avoid: frozenset[PostId]) -> Post | None:
    if case.grid_id is None:
        return None
    return next((p for p in town.on_duty(case.grid_id, at) if p.id not in avoid), None)


def _above(case: Case, town: Town, at: datetime, avoid: frozenset[PostId]) -> Post:
    """The lowest desk that is not to be avoided; the city desk when all are."""
    ladder = (town.secretary(case.area_id), town.subdistrict_duty(case.area_id, at), town.city_desk(at))
    return next((p for p in ladder if p is not None and p.id not in avoid), ladder[-1] or town.city_desk(at))


def rung(case: Case, number: int, town: Town, now: datetime) -> Post | None:
    """The post that stands on a rung for this case, or None: an empty rung is skipped and reported."""
    if number <= ASSIGNEE:
        return next((town.post(i) for i in holders(town.parts(case.id), Part.ASSIGNEE)), None)
    if number == SUBSTITUTE:
        assignee = rung(case, ASSIGNEE, town, now)
        return town.substitute(assignee.id, now) if assignee else None
    if number == ESTATE_LEAD:
        return town.estate_lead(case.spot.estate_id) if case.spot.estate_id else None
    if number == SECRETARY:
        return town.secretary(case.area_id)
    if number == SUBDISTRICT:
        return town.subdistrict_duty(case.area_id, now)
    return town.city_desk(now)


@dataclass(frozen=True, slots=True)
class Climbing:
    """The next rung that somebody stands on, and those skipped on the way."""

    number: int
    post: Post
    skipped: tuple[int, ...]


def next_rung(case: Case, town: Town, policy: Policy, now: datetime) -> Climbing:
    """Where a silent case climbs. Who has it already is passed over; the top repeats.

    At night an urgent case climbs only among rungs rostered for the night; an emergency wakes anybody.
    """
    told = set(holders(town.parts(case.id), Part.ASSIGNEE, Part.CLIMBED))
    told_people = {p.holder_id for p in (town.post(i) for i in told) if p is not None and p.holder_id}
    skipped: list[int] = []
    for number, post in _rungs_from(case, case.rung + 1, town, now):
        if post is not None and number < TOP and (post.id in told or post.holder_id in told_people):
            continue
        if post is not None and (town.reachable(post) or number >= TOP) and _wakes(case, post, number, town, policy, now):
            return Climbing(number, post, tuple(skipped))
        skipped.append(number)
    return Climbing(max(case.rung, TOP), town.city_desk(now), tuple(skipped))


def _rungs_from(case: Case, first: int, town: Town, now: datetime) -> Iterator[tuple[int, Post | None]]:
    for number in range(first, TOP + 1):
        yield number, rung(case, number, town, now)


def _wakes(case: Case, post: Post, number: int, town: Town, policy: Policy, now: datetime) -> bool:
    if case.emergency or number >= SUBDISTRICT or not hours.night(now, policy.calendar):
        return True
    return town.night_rostered(post.area_id, now)


def return_to(case: Case, by: PostId | None, town: Town, policy: Policy, now: datetime) -> Post:
    """After a return: other duty in the grid, else the secretary; never the same person again."""
    tried = {p for p in holders(town.parts(case.id), Part.ASSIGNEE, Part.JOINED)} | ({by} if by else set())
    people = {p.holder_id for p in (town.post(i) for i in tried) if p is not None}
    at = now if not hours.night(now, policy.calendar) or case.emergency else hours.morning_after(now, policy.calendar)
    if case.grid_id is not None:
        for post in town.on_duty(case.grid_id, at):
            if post.id not in tried and post.holder_id not in people:
                return post
    return _above(case, town, at, frozenset(tried))
