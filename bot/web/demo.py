"""The demonstration: sit in any chair, move the clock. Only there: in a real town these addresses do not exist."""

from __future__ import annotations

import json
import math
from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.web.chairs import RESIDENT, holder, scene
from bot.web.common import APP, ROLES, SESSIONS, Refusal, json_response
from bot.web.pages import STEPS, clock_words, render
from storage.doors import Visitor

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
    sessions, key = request.app[SESSIONS], request.match_info["key"]
    if "text/html" not in request.headers.get("Accept", ""):
        visitor = await _visitor(request, key)
        response = json_response({"person": visitor.thread, "role": sessions.role(visitor)})
        sessions.give(response, visitor)
        return response
    if key == RESIDENT:  # whoever has written on the page already goes on with that
        here, chair = "/chat", ""
        known = sessions.find(request, chair)
        visitor = known if known and sessions.role(known) == RESIDENT else await sessions.open_stranger()
    else:
        here, chair = f"/chat?chair={key}", key
        visitor = await _visitor(request, key)
    back = web.Response(status=303, headers={"Location": here})
    sessions.give(back, visitor, chair)
    return back


async def _visitor(request: web.Request, key: str) -> Visitor:
    """A session for whoever sits in this chair."""
    sessions = request.app[SESSIONS]
    if key == RESIDENT:
        return await sessions.open_stranger()
    person = holder(request.app[APP], key)
    if person is None:
        raise Refusal(404, "no_such_chair", "没有这个位子。请回到 /demo 选一个。")
    return await sessions.open_for(person)


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
        raise Refusal(
            400, "bad_forward", f"forward 是向前拨的秒数，0 到 {int(LONGEST.total_seconds())}；时钟不能往回拨。"
        )
    return timedelta(seconds=seconds)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/demo", page),
        web.get("/demo/chairs", chairs),
        web.post("/demo/chair/{key}", sit),
        web.get("/demo/clock", clock),
        web.post("/demo/clock", forward),
    ]
