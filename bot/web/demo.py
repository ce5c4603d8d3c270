"""The demonstration: sit in any chair, move the clock. Only there: in a real town these addresses do not exist."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from aiohttp import web

from bot.web.common import APP, SESSIONS, Refusal
from bot.web.pages import ROLES, clock_words, render
from bot.world import ZONE
from casework.case import AreaId, Post
from storage import people
from storage.people import StoredTown

LONGEST = timedelta(days=60)
STEPS = ((1800, "半小时"), (7200, "两小时"), (86400, "一天"))


@dataclass(frozen=True, slots=True)
class Chair:
    """A place to sit: `key` is "resident" or a post."""

    role: str
    name: str
    area: str
    key: str
    person: str | None = None

    @property
    def link(self) -> str:
        return f"/demo/chair/{self.key}"


@dataclass(frozen=True, slots=True)
class Scene:
    """The estate that the demonstration plays in: its example address and who sits where."""

    estate: str
    estate_id: str
    building: str
    chairs: tuple[Chair, ...]


def scene(app: Any, estate_id: str = "") -> Scene:
    """The asked-for estate, else the first where one full-time worker is on duty: with several nobody could say who
    will get the card."""
    now = app.clock.now()
    with app.database.reading() as conn:
        town = StoredTown(conn, app.world.policy)
        places = app.world.gazetteer.places
        asked = places.get(estate_id)
        estates = [asked] if asked and asked.kind == "estate" else [p for p in places.values() if p.kind == "estate"]
        best: Scene | None = None
        for estate in estates:
            found = _scene_in(conn, town, estate, now)
            if found is not None and len(found.chairs) == len(ROLES):
                return found
            best = best or found
    return best or Scene("", "", "", (_RESIDENT,))


_RESIDENT = Chair("resident", "一位居民", "", "resident")


def _scene_in(conn: people.Connection, town: StoredTown, estate: Any, now: datetime) -> Scene | None:
    for building in people.buildings_of(conn, estate.id):
        if len(building.grids) != 1:
            continue
        grid = AreaId(building.grids[0])
        workers = [post for post in _on_duty(town, grid, now) if post.kind == "full_time"]
        if len(workers) != 1:
            continue
        above = (
            ("worker", workers[0]),
            ("secretary", town.secretary(grid)),
            ("subdistrict", town.subdistrict_duty(grid, now)),
            ("city", town.city_desk(now)),
        )
        chairs = [_chair(conn, role, post) for role, post in above if post is not None and post.holder_id]
        resident = Chair("resident", "一位居民", f"{estate.name}{building.name}", "resident")
        return Scene(estate.name, estate.id, building.name, (resident, *chairs))
    return None


def _on_duty(town: StoredTown, grid: AreaId, now: datetime) -> tuple[Post, ...]:
    """Who is on duty now; at night, who will be by day: the chairs do not vanish while the newcomer looks."""
    day = datetime.combine(now.astimezone(ZONE).date(), time(10), ZONE).astimezone(UTC)
    by_day = [post for post in town.on_duty(grid, now) if post.kind == "full_time"]
    return tuple(by_day) or town.on_duty(grid, day)


def _chair(conn: people.Connection, role: str, post: Post) -> Chair:
    return Chair(role, f"{post.holder_name}（{post.title}）", people.area_name(conn, post.area_id), post.id, post.holder_id)


async def page(request: web.Request) -> web.Response:
    """Where a newcomer begins."""
    app = request.app[APP]
    here = scene(app, request.query.get("estate", ""))
    estates = sorted((p.id, p.name) for p in app.world.gazetteer.places.values() if p.kind == "estate")
    return render(
        request, "demo.html", scene=here, estates=estates, now=clock_words(app.clock.now()), steps=STEPS, roles=ROLES,
    )  # fmt: skip


async def chairs(request: web.Request) -> web.Response:
    """The chairs as JSON, for scripts. `?estate=` as on the page."""
    here = scene(request.app[APP], request.query.get("estate", ""))
    shown = [{"role": c.role, "name": c.name, "area": c.area, "link": c.link} for c in here.chairs]
    return web.json_response({"chairs": shown, "estate": here.estate, "building": here.building})


async def sit(request: web.Request) -> web.StreamResponse:
    """Sit down. A browser gets a cookie for this chair only, and its page, so that several tabs sit in several chairs;
    a script, which has a cookie jar for each chair anyway, gets the page's own cookie."""
    app, sessions, key = request.app[APP], request.app[SESSIONS], request.match_info["key"]
    browser = "text/html" in request.headers.get("Accept", "")
    if key == "resident":
        visitor = (sessions.find(request, "resident") if browser else None) or await sessions.open_stranger()
    else:
        visitor = await sessions.open_for(_holder(app, key))
    if not browser:
        response = web.json_response({"person": visitor.thread, "role": sessions.role(visitor)})
        sessions.give(response, visitor)
        return response
    response = web.Response(status=303, headers={"Location": f"/chat?chair={key}"})
    sessions.give(response, visitor, key)
    return response


def _holder(app: Any, post_id: str) -> str:
    with app.database.reading() as conn:
        post = StoredTown(conn, app.world.policy).post(post_id)  # type: ignore[arg-type]
    if post is None or post.holder_id is None:
        raise Refusal(404, "no_such_chair", "没有这个位子。请回到 /demo 选一个。")
    return str(post.holder_id)


async def clock(request: web.Request) -> web.Response:
    """What time it is in the demonstration."""
    return _now(request)


def _now(request: web.Request) -> web.Response:
    now = request.app[APP].clock.now()
    return web.json_response({"now": now.isoformat(), "say": clock_words(now)})


async def forward(request: web.Request) -> web.StreamResponse:
    """Move the clock on; answered once every timer and delivery due by then has run."""
    by = _seconds(await _asked(request))
    await request.app[APP].engine.forward(by)
    if "text/html" in request.headers.get("Accept", "") and request.content_type != "application/json":
        return web.Response(status=303, headers={"Location": "/demo"})
    return _now(request)


async def _asked(request: web.Request) -> Any:
    if request.content_type != "application/json":
        return (await request.post()).get("forward")
    try:
        told = json.loads(await request.read())
    except (ValueError, RecursionError):
        told = None
    return told.get("forward") if isinstance(told, dict) else None


def _seconds(asked: Any) -> timedelta:
    try:
        seconds = float(asked) if not isinstance(asked, bool) else math.nan
    except (TypeError, ValueError):
        seconds = math.nan
    if not 0 <= seconds <= LONGEST.total_seconds():
        raise Refusal(400, "bad_forward", f"forward 是向前拨的秒数，0 到 {int(LONGEST.total_seconds())}；时钟不能往回拨。")
    return timedelta(seconds=seconds)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/demo", page),
        web.get("/demo/chairs", chairs),
        web.post("/demo/chair/{key}", sit),
        web.get("/demo/clock", clock),
        web.post("/demo/clock", forward),
    ]
