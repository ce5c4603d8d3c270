"""TEMPORARY stand-in until access.py lands."""
from __future__ import annotations
from collections.abc import Callable
from dataclasses import dataclass
from casework.case import Actor, AreaId, Case, CasePost, Part, Person, Role, Who
@dataclass(frozen=True)
class Scope:
    own_person: str = ""
    posts: frozenset[str] = frozenset()
    grids: frozenset[str] = frozenset()
    communities: frozenset[str] = frozenset()
    subdistricts: frozenset[str] = frozenset()
    city: bool = False
DESKS = (Role.SECRETARY, Role.SUBDISTRICT, Role.CITY)
def capacity(person: Person, case: Case, parts: tuple[CasePost, ...], within: Callable[[AreaId | None, AreaId], bool]) -> Actor | None:
    if person.id == case.resident_id:
        return Actor(Who.RESIDENT, person.id)
    held = {p.post_id for p in parts if p.until is None}
    for post in person.posts:
        if post.id in held:
            return Actor(Who.DESK if post.role in DESKS else Who.STAFF, person.id, post.id)
    return as_desk(person, case, parts, within)
def as_desk(person, case, parts, within):
    for post in person.posts:
        if post.role in DESKS and within(case.area_id, post.area_id):
            return Actor(Who.DESK, person.id, post.id)
    return None
