"""Who gets a case: territory first (属地优先), then the rungs above. 首接负责: the first owner stays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from casework import hours
from casework.access import may_hold
from casework.case import Case, Part, Post, PostId, Role, Urgency
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
    beside: tuple[Post, ...] = ()  # told at the same time: the desks that are awake anyhow, where somebody is woken


def plan(case: Case, town: Town, policy: Policy, now: datetime) -> Plan:
    """Whose turn it is. A complaint about somebody goes one rung above them.

    Urgent at night goes to who is rostered for the night, else its first two clocks start at 07:00; an emergency
    wakes anybody, first of all whoever works in the grid; normal limits are working hours anyhow.
    """
    woken = to_wake(case, town, policy, now)
    if woken is not None:
        beside = tuple(p for p in on_duty(case, town, now) if p.holder_id != woken.holder_id and may_hold(p, case))
        return Plan(woken, tuple(p for p in joining(case, town) if p.id != woken.id), now, False, beside)
    night = hours.night(now, policy.calendar)
    morning = hours.morning_after(now, policy.calendar) if night else now
    waits = night and not case.emergency and not _awake(case, town, now)
    at = morning if waits else now
    assignee = _duty(case, town, at) or _duty(case, town, morning) or desk(case, town, at)
    joined = tuple(p for p in joining(case, town) if p.id != assignee.id)
    starts = morning if waits and case.urgency is Urgency.URGENT else now
    return Plan(assignee, joined, starts, waits)


def to_wake(case: Case, town: Town, policy: Policy, now: datetime) -> Post | None:
    """Whom an emergency wakes at night where nobody of the grid itself is on a night row: who has duty there by day, else the
    grid's own full-time worker. A secretary who is rostered may be at the other end of the community."""
    if not case.emergency or case.grid_id is None or case.accused or not hours.night(now, policy.calendar):
        return None
    if any(p.role in SHIFTS for p in on_duty(case, town, now)):
        return None
    morning = hours.morning_after(now, policy.calendar)
    by_day = next((p for p in on_duty(case, town, morning) if p.role in SHIFTS), None)
    return by_day or town.own_worker(case.grid_id, now)


TRADES: Final[Mapping[str, str]] = {  # topic -> what stands in the title of who is called for it
    "no_water": "水", "water": "水", "no_power": "电", "power": "电", "no_gas": "气", "gas": "气", "gas_smell": "气",
}
TRADE_WORDS: Final[Mapping[str, str]] = {  # without a topic: what the resident's words name
    "水": "自来水 停水 没水 水管 水压 水表 漏水 爆管 水费 供水", "电": "停电 没电 电表 跳闸 电费 供电 电线 变压器",
    "气": "燃气 煤气 天然气 停气 没气 气表",
}


def joining(case: Case, town: Town) -> tuple[Post, ...]:
    """The specialists who join: one category may have several trades (水电气网), and a burst water pipe does not call
    the gas company. When no title names the trade, or nothing names a trade, all of the category join; to a complaint
    about somebody nobody does."""
    if case.accused:
        return ()
    posts = town.specialists(case.category, case.area_id, case.spot.estate_id)
    titled = [p for p in posts if any(trade in p.title for trade in TRADE_WORDS)]
    if len(titled) < 2:
        return posts
    if case.topic == "broadband":
        return tuple(p for p in posts if p not in titled)
    trades = _trades(case)
    meant = tuple(p for p in posts if any(trade in _bare(p.title) for trade in trades))
    return meant or posts


def _trades(case: Case) -> frozenset[str]:
    if case.topic is not None and case.topic in TRADES:
        return frozenset({TRADES[case.topic]})
    return frozenset(t for t, words in TRADE_WORDS.items() if any(w in case.summary for w in words.split()))


def _bare(title: str) -> str:
    """热电 is heat, 水电气 says nothing: only what a title names alone counts."""
    return title.replace("天然气", "气").replace("煤气", "气").replace("热电", "").replace("水电", "")


def _awake(case: Case, town: Town, now: datetime) -> bool:
    """Whether somebody who may have it is rostered tonight, for what is urgent."""
    if case.urgency is not Urgency.URGENT:
        return False
    if case.accused:
        return town.awake(desk(case, town, now), now)
    return case.grid_id is not None and town.night_rostered(case.grid_id, now)


def _duty(case: Case, town: Town, at: datetime) -> Post | None:
    return next(iter(on_duty(case, town, at)), None)


def on_duty(case: Case, town: Town, at: datetime) -> tuple[Post, ...]:
    """Who has duty in the case's grid and may have it; for a complaint about somebody it is the desks' alone."""
    if case.grid_id is None or case.accused:
        return ()
    return tuple(post for post in town.on_duty(case.grid_id, at) if may_hold(post, case))


def nameable(case: Case, town: Town, at: datetime) -> tuple[Post, ...]:
    """Who may be named of those on duty there: whoever has given it back, or has it already, comes last."""
    had = {*town.returned_by(case.id), *holders(town.parts(case.id), Part.ASSIGNEE)}
    people = {p.holder_id for p in (town.post(i) for i in had) if p is not None}
    return tuple(sorted(on_duty(case, town, at), key=lambda p: p.holder_id in people))


def desk(case: Case, town: Town, at: datetime) -> Post:
    """受理员 for this case: of the smallest area that has one, above whom it speaks of."""
    return above(case, town, at, frozenset())


def above(case: Case, town: Town, at: datetime, avoid: frozenset[PostId]) -> Post:
    """The lowest desk that may have it and is not to be avoided; the city desk when there is none."""
    found = ladder(case, town, at)
    return next((p for p in found if p.id not in avoid), found[-1])


def ladder(case: Case, town: Town, at: datetime) -> tuple[Post, ...]:
    """The desks that may have the case, the lowest first. There is always the city's: above it stands nobody."""
    desks = (town.secretary(case.area_id), town.subdistrict_duty(case.area_id, at), town.city_desk(at))
    return tuple(p for p in desks if p is not None and may_hold(p, case)) or (town.city_desk(at),)


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
    for number, post in _rungs_from(case, max(case.rung, _level(case, town)) + 1, town, now):
        if post is not None and number < TOP and (post.id in told or post.holder_id in told_people):
            continue
        if post is not None and not may_hold(post, case):
            continue  # it speaks of them: passed over, and nobody is told that they were
        if post is not None and (town.reachable(post) or number >= TOP) and _wakes(case, post, number, town, policy, now):
            return Climbing(number, post, tuple(skipped))
        skipped.append(number)
    return Climbing(max(case.rung, TOP), town.city_desk(now), tuple(skipped))


LEVELS = {Role.ESTATE_LEAD: ESTATE_LEAD, Role.SECRETARY: SECRETARY, Role.SUBDISTRICT: SUBDISTRICT, Role.CITY: CITY}


def _level(case: Case, town: Town) -> int:
    """The rung on which whoever has it stands: what a subdistrict has climbs to the city, never downward."""
    posts = (town.post(i) for i in holders(town.parts(case.id), Part.ASSIGNEE))
    return max((LEVELS.get(p.role, ASSIGNEE) for p in posts if p is not None), default=ASSIGNEE)


def _rungs_from(case: Case, first: int, town: Town, now: datetime) -> Iterator[tuple[int, Post | None]]:
    for number in range(first, TOP + 1):
        yield number, rung(case, number, town, now)


def _wakes(case: Case, post: Post, number: int, town: Town, policy: Policy, now: datetime) -> bool:
    if case.emergency or number >= TOP or not hours.night(now, policy.calendar):
        return True
    return town.awake(post, now)


def return_to(case: Case, by: PostId | None, town: Town, policy: Policy, now: datetime) -> Post:
    """After a return: other duty in the grid, else the secretary; never the same person again."""
    parts = town.parts(case.id)
    tried = frozenset({*town.returned_by(case.id), *holders(parts, Part.ASSIGNEE, Part.JOINED), *([by] if by else [])})
    people = {p.holder_id for p in (town.post(i) for i in tried) if p is not None and p.holder_id}
    at = _waking(case, town, policy, now)
    for post in on_duty(case, town, at):
        if post.id not in tried and post.holder_id not in people:
            return post
    return above(case, town, at, tried)


def _waking(case: Case, town: Town, policy: Policy, now: datetime) -> datetime:
    """Whose duty counts: that of now, or in the night, for what waits, that of the morning."""
    night = hours.night(now, policy.calendar)
    return hours.morning_after(now, policy.calendar) if night and not case.emergency and not _awake(case, town, now) else now


def new_duty(case: Case, town: Town, policy: Policy, now: datetime) -> Post | None:
    """At a shift's end: who is on duty now, if those who have it are not and nobody has acknowledged. What waits for
    the morning stays where it is until then."""
    if case.grid_id is None or _waking(case, town, policy, now) != now:
        return None
    shift = [p for p in on_duty(case, town, now) if p.role in SHIFTS]
    has_it = holders(town.parts(case.id), Part.ASSIGNEE)
    assignee = town.post(has_it[0]) if has_it else None
    if not shift or assignee is None or assignee.id in {p.id for p in shift} or assignee.role not in SHIFTS:
        return None
    returned = town.returned_by(case.id) if case.returns else ()
    return next((p for p in shift if p.id not in returned and town.reachable(p)), None)


def heir(case: Case, gone: PostId, town: Town, policy: Policy, now: datetime) -> Post:
    """Who takes over from a post that is no more or that nobody holds: its substitute, who has duty there, else a desk."""
    at = _waking(case, town, policy, now)
    substitute = town.substitute(gone, at)
    here = case.community_id is None or (substitute is not None and town.within(substitute.area_id, case.community_id))
    if substitute is not None and substitute.holder_id and here and may_hold(substitute, case):
        return substitute
    return next((p for p in on_duty(case, town, at) if p.id != gone and p.holder_id), None) or above(case, town, at, frozenset({gone}))


SHIFTS: Final = (Role.WORKER, Role.BUILDING_LEAD, Role.UNIT_LEAD)  # desks have no shifts of their own
