"""What platforms deliver to us: POST /hooks/telegram. Answered with 200 once it is stored, so that nothing is lost with us."""

from __future__ import annotations

import json

from aiohttp import web

from bot import hooks
from bot.web.common import APP, Refusal

SECRET = "X-Telegram-Bot-Api-Secret-Token"


async def telegram(request: web.Request) -> web.Response:
    """Whoever does not know the secret gets 403 before anything is read. What failed to be stored is a 5xx: it comes again.
    What cannot be read is kept as it came and answered with 200: coming again would not make it better."""
    channel = request.app[APP].channels.get("telegram")
    if channel is None or not channel.knows(request.headers.get(SECRET, "")):
        raise Refusal(403, "not_telegram", "这个地址只收 Telegram 送来的消息。")
    if not channel.ready():
        raise Refusal(503, "not_ready", "接诉刚启动，请过一会儿再送。", {"Retry-After": "1"})
    body = await request.read()
    try:
        update = json.loads(body)
    except ValueError:  # UnicodeDecodeError is one
        update = None
    if not await channel.take(update):
        await channel.keep(body)
    return web.Response()


def routes() -> list[web.RouteDef]:
    return [web.post(hooks.TELEGRAM, telegram)]
