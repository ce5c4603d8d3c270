"""Chairs that stand empty, and people in them whom Jiesu does not reach."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from casework.access import DESKS
from casework.case import AreaId, PersonId, Post, Role
from casework.groups import Group, serving
from casework.missing.picture import Door, Finding, Picture, What

SILENCE: Final = timedelta(hours=24)  # after a card without press or word
PAGE: Final = "web"
ANSWERS_FOR: Final = {
    "grid": Role.WORKER,
    "community": Role.SECRETARY,
    "subdistrict": Role.SUBDISTRICT,
    "city": Role.CITY,
}


def rostered(picture: Picture) -> dict[PersonId, list[Post]]:
    """Whom cards are meant for: who has duty by the roster or stands in, and the desks. With those posts, in the order of the posts."""
    on = {shift.post for roster in picture.rosters.values() for shift in roster.shifts}
    on |= {change.post for roster in picture.rosters.values() for change in roster.changes}
    on |= {leave.substitute for leave in picture.leaves if leave.substitute is not None}
    found: dict[PersonId, list[Post]] = {}
    for post in picture.posts.values():
        if post.holder_id is not None and (post.id in on or post.role in DESKS):
            found.setdefault(post.holder_id, []).append(post)
    return found


def unheard(picture: Picture, now: datetime, push: bool) -> list[Finding]:
    """Everybody of the roster whom a card does not reach, or who does nothing with it; each once. `push`: there are channels
    that ring, so that who has only the page is worth a word."""
    found = []
    for person, posts in rostered(picture).items():
        what = _trouble(picture.doors.get(person, ()), picture.cards.get(person), now, push)
        if what is not None and not (what is What.PAGE_ONLY and _called_by(picture, posts)):
            first = posts[0]
            facts: dict[str, object] = {
                "name": first.holder_name,
                "posts": tuple(post.id for post in posts),
                "title": first.title,
            }
            if what is What.SILENT:
                facts |= {"since": picture.cards[person].astimezone(now.tzinfo)}
            found.append(Finding(what, first.area_id, facts))
    return found


def called(picture: Picture, now: datetime) -> Iterator[tuple[AreaId, Group]]:
    """Everybody of the roster who has only the page and whom the robot of their team's group calls: each once, with the area of
    their first post."""
    for person, posts in rostered(picture).items():
        group = _called_by(picture, posts)
        if group is not None and _trouble(picture.doors.get(person, ()), picture.cards.get(person), now, True) is What.PAGE_ONLY:
            yield posts[0].area_id, group


def _called_by(picture: Picture, posts: list[Post]) -> Group | None:
    """The robot that calls the holder, the first post's; None unless each of the posts has one."""
    found = [serving(picture.groups, [area.id for area in picture.up(post.area_id)]) for post in posts]
    return found[0] if found and all(found) else None


def _trouble(doors: tuple[Door, ...], card: datetime | None, now: datetime, push: bool) -> What | None:
    used = [door for door in doors if door.channel != PAGE or door.seen is not None]  # a page nobody opened is no way in
    if not used:
        return What.NOT_IN
    if all(door.blocked for door in used):
        return What.BLOCKED
    if card is not None and now - card > SILENCE:
        return What.SILENT
    if push and all(door.channel == PAGE for door in used if not door.blocked):
        return What.PAGE_ONLY
    return None


def empty_chairs(picture: Picture) -> Iterator[Finding]:
    """Posts that nobody holds (a specialist may be a telephone number), areas without a post to answer for them, and places
    without their lead where others of the town have one."""
    for post in picture.posts.values():
        if post.holder_id is None and post.role is not Role.SPECIALIST:
            yield Finding(What.VACANT, post.area_id, {"post": post.id, "title": post.title, "role": str(post.role)})
    answered = {(post.role, post.area_id) for post in picture.posts.values()}
    for area in picture.areas.values():
        role = ANSWERS_FOR.get(area.kind)
        if role is not None and (role, area.id) not in answered:
            yield Finding(What.NO_POST, area.id, {"role": str(role)})
    yield from _without_lead(picture, "estate", Role.ESTATE_LEAD)
    yield from _without_lead(picture, "building", Role.BUILDING_LEAD)


def _without_lead(picture: Picture, kind: str, role: Role) -> Iterator[Finding]:
    led = {post.place_id for post in picture.posts.values() if post.role is role}
    if not led:  # a town without such leads at all has decided so
        return
    for place in picture.places.values():
        if place.kind == kind and place.id not in led:
            area = picture.common(picture.grids_of(place))
            yield Finding(What.NO_LEAD, area, {"place": place.id, "name": picture.full_name(place), "role": str(role)})
