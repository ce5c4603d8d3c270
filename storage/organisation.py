"""An organisation into its tables: areas, places, people, posts, rosters. In one transaction, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, func, insert, select

from storage import tables as t
from storage.settings import put_setting, setting

AREA: Any = t.Area.__table__  # type: ignore[attr-defined]
PLACE: Any = t.Place.__table__  # type: ignore[attr-defined]
ROSTER: Any = t.Roster.__table__  # type: ignore[attr-defined]
WORKDAY: Any = t.Workday.__table__  # type: ignore[attr-defined]

REVISION = "organisation_revision"  # the running program looks at it and reads the organisation anew
AREA_ORDER = ("city", "subdistrict", "community", "grid")  # parents before what lies in them
PLACE_ORDER = ("estate", "road", "landmark", "building")
WHOLE_DAY = time(0)  # from midnight to midnight

AREAS = select(func.count()).select_from(AREA)
# Communities and grids are areas, and places too when somebody names one.
PLACES = select(PLACE.c.id, PLACE.c.kind, PLACE.c.name, PLACE.c.aliases, PLACE.c.parent_id)
NAMED_AREAS = select(AREA.c.id, AREA.c.kind, AREA.c.name, AREA.c.aliases).where(AREA.c.kind.in_(("community", "grid")))
SHIFT_TIMES = select(ROSTER.c.starts).union(select(ROSTER.c.ends))
WORKDAYS = select(WORKDAY.c.day, WORKDAY.c.kind)


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """What people may name as the place of a trouble."""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...]
    parent_id: str | None


def revision(conn: Connection) -> str | None:
    """Changes whenever the organisation does; None before the first load."""
    return setting(conn, REVISION)


def is_empty(conn: Connection) -> bool:
    """Whether no organisation has been loaded yet."""
    return conn.execute(AREAS).scalar_one() == 0


def named_places(conn: Connection) -> list[NamedPlace]:
    """Everything that people name as a place: estates, buildings, roads, landmarks, communities, grids."""
    places = [NamedPlace(p.id, p.kind, p.name, tuple(p.aliases), p.parent_id) for p in conn.execute(PLACES)]
    return places + [NamedPlace(a.id, a.kind, a.name, tuple(a.aliases), None) for a in conn.execute(NAMED_AREAS)]


def workdays(conn: Connection) -> dict[date, str]:
    """The organisation's own days: off though the calendar works, or work though it is free."""
    return {row.day: row.kind for row in conn.execute(WORKDAYS)}


def shift_times(conn: Connection) -> tuple[time, ...]:
    """When anybody's duty begins or ends by the weekly pattern, from midnight on."""
    return tuple(sorted(row[0] for row in conn.execute(SHIFT_TIMES)))


def load_organisation(conn: Connection, organisation: Any, now: datetime, mint: Callable[[], str]) -> None:
    """Write a checked organisation (bot.organisation.Organisation) into empty tables.

    Areas, places and posts keep the organisation's own ids. People get ids of ours: they may leave, and be residents too.
    """
    people = {person.id: mint() for person in organisation.people}
    areas = {area.id: area for area in organisation.areas}
    _add(conn, t.Area, (_area(area, areas) for area in _parents_first(organisation.areas, AREA_ORDER)))
    _add(conn, t.Place, map(_place, _parents_first(organisation.places, PLACE_ORDER)))
    _add(conn, t.Person, (_person(person, people, now) for person in organisation.people))
    _add(conn, t.Post, map(_post, organisation.posts))
    _add(conn, t.Holding, (_holding(post, people, now) for post in organisation.posts if post.person))
    _add(conn, t.Roster, map(_roster, organisation.roster))
    home = {post.id: post.area for post in organisation.posts}
    _add(conn, t.RosterException, (_exception(row, home) for row in organisation.exceptions))
    _add(conn, t.Leave, map(_leave, organisation.leave))
    _add(conn, t.Workday, ({"day": row.day, "kind": row.kind, "name": row.name} for row in organisation.workdays))
    put_setting(conn, REVISION, mint())


def _add(conn: Connection, table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    if values := list(rows):
        conn.execute(insert(table), values)


def _parents_first(rows: Sequence[Any], order: Sequence[str]) -> list[Any]:
    return sorted(rows, key=lambda row: order.index(row.kind))


def _area(area: Any, areas: Mapping[str, Any]) -> dict[str, Any]:
    path, above = f"/{area.id}/", area
    while above.parent:
        above = areas[above.parent]
        path = f"/{above.id}{path}"
    return {
        "id": area.id,
        "kind": area.kind,
        "name": area.name,
        "parent_id": area.parent or None,
        "path": path,
        "aliases": list(area.aliases),
    }


def _place(place: Any) -> dict[str, Any]:
    return {
        "id": place.id,
        "kind": place.kind,
        "name": place.name,
        "aliases": list(place.aliases),
        "parent_id": place.parent or None,
        "grids": list(place.grids),
        "units": place.units,
        "lat": place.lat,
        "lon": place.lon,
    }


def _person(person: Any, people: Mapping[str, str], now: datetime) -> dict[str, Any]:
    return {
        "id": people[person.id],
        "name": person.name,
        "phone": person.phone or None,
        "language": "zh",
        "home": {},
        "phone_asked": False,
        "org_id": person.id,
        "created_at": now,
    }


def _post(post: Any) -> dict[str, Any]:
    return {
        "id": post.id,
        "role": post.role,
        "kind": post.kind or None,
        "area_id": post.area,
        "place_id": post.place or None,
        "categories": list(post.categories),
        "title": post.title,
        "phone": post.phone or None,
    }


def _holding(post: Any, people: Mapping[str, str], now: datetime) -> dict[str, Any]:
    return {"post_id": post.id, "person_id": people[post.person], "since": now}


def _roster(row: Any) -> dict[str, Any]:
    return {
        "post_id": row.post,
        "area_id": row.grid,
        "weekdays": "".join(map(str, row.weekdays)),
        "starts": row.start,
        "ends": row.until,
        "duty": row.duty,
    }


def _exception(row: Any, home: Mapping[str, str]) -> dict[str, Any]:
    return {
        "day": row.day,
        "post_id": row.post,
        "area_id": row.grid or home[row.post],
        "starts": row.start or WHOLE_DAY,
        "ends": row.until or WHOLE_DAY,
        "kind": row.kind,
    }


def _leave(row: Any) -> dict[str, Any]:
    return {"post_id": row.post, "first": row.first, "last": row.last, "substitute_id": row.substitute or None}
