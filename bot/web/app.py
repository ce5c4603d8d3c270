"""make_web(app): the aiohttp application, and what holds for all of its pages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.web import (
    api,
    board,
    demo,
    desk,
    files,
    health,
    hooks,
    installed,
    joined,
    leaving,
    organisation,
    pages,
    places,
    screen,
)
from bot.web.common import APP, PACE, SESSIONS, Pace, Refusal
from bot.web.sessions import Sessions
from bot.writer import Unavailable

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(self), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
BUSY = Refusal(
    503,
    "busy",
    "接诉这会儿记不下来，请过一分钟再发一次。急事请直接打 12345；有危险打 119、110、120。",
    {"Retry-After": "5"},
)
BROKEN = Refusal(500, "broken", "接诉出了点毛病，您刚才的话可能没有收到。请再发一次；急事请直接打 12345。")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_web(app: Any) -> web.Application:
    """The pages and the chat API of a running Jiesu (bot.app.App)."""
    made = web.Application(middlewares=[_answer_kindly, _same_site], client_max_size=api.BODY)
    made[APP], made[SESSIONS], made[PACE] = app, Sessions(app), Pace()
    made[organisation.LOOKED], made[organisation.READING] = {}, asyncio.Lock()
    made[desk.NEWS] = {}
    board.set_up(made)
    rooms = (pages, api, files, places, health, hooks, installed, joined, organisation, desk, leaving, board, screen)
    for room in (*rooms, *([demo] if app.settings.demo.enabled else [])):
        made.add_routes(room.routes())
    made.router.add_static("/static/", STATIC)
    made.on_response_prepare.append(_protect)
    made.on_shutdown.append(_let_streams_go)
    return made


async def _protect(request: web.Request, response: web.StreamResponse) -> None:
    """Headers on everything; what a handler set itself stays. Pages about somebody are kept in no cache."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    cacheable = "no-cache" if request.path.startswith("/static/") else "no-store"
    response.headers.setdefault("Cache-Control", cacheable)


async def _let_streams_go(made: web.Application) -> None:
    made[APP].channels["web"].hub.close()
    made[APP].watching.close()


@web.middleware
async def _answer_kindly(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong is answered with a sentence, as JSON or as a page, and never with a traceback."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return _told(request, refusal)
    except Unavailable:
        return _told(request, BUSY)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _told(request, _known(error))
    except Exception:
        log.exception("%s %s failed", request.method, request.match_info.route.resource)
        return _told(request, BROKEN)


def _known(error: web.HTTPException) -> Refusal:
    if error.status == 404:
        return Refusal(404, "not_found", "没有这个页面。回首页就能和接诉说话。")
    if error.status == 405:
        return Refusal(405, "method", "这个地址不能这样用。", {"Allow": error.headers.get("Allow", "")})
    if error.status == 413:
        return Refusal(413, "too_long", "内容太长了，一次最多收 20000 个字。请分几次发。")
    return Refusal(error.status, "bad_request", "这个请求接诉看不懂。")


def _told(request: web.Request, refusal: Refusal) -> web.Response:
    if request.path.startswith("/api/") or "text/html" not in request.headers.get("Accept", ""):
        return refusal.as_json()
    return pages.sentence(request, refusal.status, refusal.say, refusal.headers)


@web.middleware
async def _same_site(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Browsers say when a form or script of another site writes to us: that is refused."""
    if request.method not in ("GET", "HEAD", "OPTIONS") and request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise Refusal(403, "other_site", "这个请求来自别的网站，没有执行。请在接诉的页面上操作。")
    return await handler(request)
