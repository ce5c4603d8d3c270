"""GET /healthz: whether messages can be taken on every configured channel."""

from __future__ import annotations

import logging

from aiohttp import web

from bot.web.common import APP, json_response
from storage.settings import setting

log = logging.getLogger(__name__)


async def healthz(request: web.Request) -> web.Response:
    """200 {"ok": true}, or 503 with what is wrong, by channel. Says nothing about anybody."""
    app = request.app[APP]
    wrong = {name: why for name, channel in app.channels.items() if (why := channel.healthy()) is not None}
    try:
        with app.database.reading() as conn:
            setting(conn, "demo")
    except Exception as error:
        log.warning("the database cannot be read: %s", type(error).__name__)
        wrong["database"] = "the database cannot be read"
    if wrong:
        return json_response({"ok": False, "why": wrong}, status=503)
    return json_response({"ok": True})


def routes() -> list[web.RouteDef]:
    return [web.get("/healthz", healthz)]
