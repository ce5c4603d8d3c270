"""The demonstration's chairs: an estate to play in, and who sits where for it at this hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from bot.web.common import ROLES
from bot.world import ZONE
from casework.case import AreaId, Post, PostId
from storage import people
from storage.town import StoredTown

RESIDENT = "resident"


@dataclass(frozen=True, slots=True)
class Chair:
    """A place to sit: `key` is "resident" or the id of a post; `area` is what it looks after (the resident: a home)."""

    role: str
    name: str
    area: str
    key: str

    @property
    def link(self) -> str:
        return f"/demo/chair/{self.key}"


@dataclass(frozen=True, slots=True)
class Scene:
    """The estate that the demonstration plays in: an example address and who sits where for it."""

    estate: str
    estate_id: str
    building: str
    chairs: tuple[Chair, ...]


def scene(app: Any, estate_id: str = "") -> Scene:
    """The asked-for estate, else the first where one full-time worker is on duty: with several nobody could say who
    will get the card."""
    now, places = app.clock.now(), app.world.gazetteer.places
    asked = places.get(estate_id)
    estates = [asked] if asked and asked.kind == "estate" else [p for p in places.values() if p.kind == "estate"]
    best: Scene | None = None
    with app.database.reading() as conn:
        town = StoredTown(conn, app.world.policy)
        for estate in estates:
            found = _scene_in(conn, town, estate, now)
            if found is not None and len(found.chairs) == len(ROLES):
                return found
            best = best or found
    return best or Scene("", "", "", (Chair(RESIDENT, "一位居民", "", RESIDENT),))


def _scene_in(conn: people.Connection, town: StoredTown, estate: Any, now: datetime) -> Scene | None:
    """The estate's scene at its first building with just one full-time worker."""
    tried = set()
    for building in people.buildings_of(conn, estate.id):
        grids = tuple(building.grids)
        if len(grids) != 1 or grids in tried:
            continue
        tried.add(grids)
        grid = AreaId(grids[0])
        workers = _by_day(town, grid, now)
        if len(workers) == 1 and workers[0].kind == "full_time":
            home = f"{estate.name}{building.name}"
            chairs = (Chair(RESIDENT, "一位居民", home, RESIDENT), *_staff(conn, town, grid, workers[0], now))
            return Scene(estate.name, estate.id, building.name, chairs)
    return None


def _by_day(town: StoredTown, grid: AreaId, now: datetime) -> tuple[Post, ...]:
    """Who has the day's duty, now or (at night) at ten: a chair does not vanish while the newcomer looks."""
    ten = datetime.combine(now.astimezone(ZONE).date(), time(10), ZONE).astimezone(UTC)
    here = town.on_duty(grid, now)
    return here if any(post.kind == "full_time" for post in here) else town.on_duty(grid, ten)


def _staff(conn: people.Connection, town: StoredTown, grid: AreaId, worker: Post, now: datetime) -> list[Chair]:
    rungs = (
        ("worker", worker),
        ("secretary", town.secretary(grid)),
        ("subdistrict", town.subdistrict_duty(grid, now)),
        ("city", town.city_desk(now)),
    )
    return [
        Chair(role, f"{post.holder_name}（{post.title}）", people.area_name(conn, post.area_id), post.id)
        for role, post in rungs
        if post is not None and post.holder_id
    ]


def holder(app: Any, post_id: str) -> str | None:
    """Who sits in a post now."""
    with app.database.reading() as conn:
        post = StoredTown(conn, app.world.policy).post(PostId(post_id))
    return str(post.holder_id) if post is not None and post.holder_id else None
