"""The demonstration: sit in any chair, move the clock. Only there: in a real town these addresses do not exist."""

from __future__ import annotations

import json
import math
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.web.chairs import RESIDENT, holder, scene
from bot.web.common import APP, ROLES, SESSIONS, Refusal
from bot.web.pages import STEPS, clock_words, render

LONGEST = timedelta(days=60)


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
    return json_response({"chairs": shown, "estate": here.estate, "building": here.building})


async def sit(request: web.Request) -> web.StreamResponse:
    """Sit down. A browser gets a cookie for this chair only, and its page, so that several tabs sit in several chairs;
    a script, which has a cookie jar for each chair anyway, gets the page's own cookie."""
    app, sessions, key = request.app[APP], request.app[SESSIONS], request.match_info["key"]
    browser = "text/html" in request.headers.get("Accept", "")
    if key == RESIDENT:
        visitor = (sessions.find(request, RESIDENT) if browser else None) or await sessions.open_stranger()
    elif person := holder(app, key):
        visitor = await sessions.open_for(person)
    else:
        raise Refusal(404, "no_such_chair", "没有这个位子。请回到 /demo 选一个。")
    if not browser:
        response = json_response({"person": visitor.thread, "role": sessions.role(visitor)})
        sessions.give(response, visitor)
        return response
    response = web.Response(status=303, headers={"Location": f"/chat?chair={key}"})
    sessions.give(response, visitor, key)
    return response


async def clock(request: web.Request) -> web.Response:
    """What time it is in the demonstration."""
    return _now(request)


def _now(request: web.Request) -> web.Response:
    now = request.app[APP].clock.now()
    return json_response({"now": now.isoformat(), "say": clock_words(now)})


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
