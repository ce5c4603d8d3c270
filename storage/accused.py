"""Whom a complaint means at its place: the roles and names that the words told, as posts and people."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, select

from casework.accused import NOBODY, Accused
from casework.case import AreaId, Case, Post, Role, Spot
from storage import tables as t
from storage.rows import post_from
from storage.town import POSTS, StoredTown

AREA: Any = t.Area.__table__  # type: ignore[attr-defined]
POST: Any = t.Post.__table__  # type: ignore[attr-defined]

_INSIDE = select(AREA.c.id).where((AREA.c.id == bindparam("community")) | (AREA.c.parent_id == bindparam("community")))
STAFF_THERE = POSTS.where(POST.c.area_id.in_(_INSIDE) | (POST.c.area_id == bindparam("subdistrict")))
LEADS = {Role.BUILDING_LEAD, Role.UNIT_LEAD, Role.ESTATE_LEAD}
OF_ROLE = {Role.WORKER: "worker", Role.SECRETARY: "secretary", Role.SUBDISTRICT: "subdistrict", Role.SPECIALIST: "company"}
TRADE = "property_service"  # what makes a specialist the property company of its place


def staff_there(town: StoredTown, area_id: AreaId | None) -> list[Post]:
    """The posts of the area's community, and the subdistrict's own, with who holds them."""
    community, subdistrict = town.ancestor(area_id, "community"), town.ancestor(area_id, "subdistrict")
    asked = {"community": community or "", "subdistrict": subdistrict or ""}
    return [post_from(r) for r in town.conn.execute(STAFF_THERE, asked)]


def names_there(town: StoredTown, area_id: AreaId | None) -> frozenset[str]:
    """The names that a resident of that place may mean; one sign alone is no name."""
    return frozenset(p.holder_name for p in staff_there(town, area_id) if len(p.holder_name) > 1)


def pinned(town: StoredTown, roles: Collection[str], names: Collection[str], area_id: AreaId | None, spot: Spot) -> Accused:
    """Roles and names as posts and people. Which worker of several is meant nobody knows: it is about all of them there. The people
    are spoken of in every chair they have. Above the city's desk stands nobody: it is never spoken of."""
    there = staff_there(town, area_id)
    meant = [p for p in there if p.holder_name and p.holder_name in names]
    told = {*(role for role in roles if role != "staff"), *(_role(p) for p in meant)}
    for role in roles:
        meant += [p for p in there if _fits(role, p, town.ancestor(area_id, "grid"), spot)]
    if "company" in roles:
        meant += town.specialists(TRADE, area_id, spot.estate_id)
    if not told:
        return NOBODY
    holders = {p.holder_id for p in meant if p.holder_id is not None}
    return Accused(tuple(sorted(told)), tuple(sorted({p.id for p in meant})), tuple(sorted(holders)))


def handlers_of(town: StoredTown, case: Case) -> Accused:
    """来的人, about a case in hand: whoever has a part in it below the desks' own."""
    posts = [p for x in town.parts(case.id) if (p := town.post(x.post_id)) is not None and p.role is not Role.CITY]
    people_ = {p.holder_id for p in posts if p.holder_id is not None}
    roles = {_role(p) for p in posts}
    return Accused(tuple(sorted(roles)), tuple(sorted({p.id for p in posts})), tuple(sorted(people_))) if roles else NOBODY


def _role(post: Post) -> str:
    return OF_ROLE.get(post.role, "lead")


def _fits(role: str, post: Post, grid: AreaId | None, spot: Spot) -> bool:
    if role == "worker":
        return post.role is Role.WORKER and grid in (None, post.area_id)
    if role == "lead":
        return post.role in LEADS and post.place_id is not None and post.place_id in (spot.building_id, spot.estate_id)
    return post.role is {"secretary": Role.SECRETARY, "subdistrict": Role.SUBDISTRICT}.get(role)
