"""The chat API (BEHAVIOUR.md): what the page's own script uses, and anybody's script can."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from aiohttp import web
from aiohttp_sse import EventSourceResponse

from bot.web.common import APP, PACE, SESSIONS, Refusal, json_response, whole_number
from bot.web.saying import say
from storage import threads
from storage.doors import Visitor

BODY = 512_000  # bytes of a request: 20,000 characters in their longest spelling
LOOK_EVERY = 12.0  # seconds after which a stream looks whether somebody is still there


def needs_script(request: web.Request) -> None:
    """A form of another site cannot set this header: that is what it is for."""
    if "X-Requested-With" not in request.headers:
        raise Refusal(400, "no_header", "请求里要有 X-Requested-With 这个头。")


async def json_body(request: web.Request) -> dict[str, Any]:
    """The JSON object that was sent; Refusal when it is none."""
    needs_script(request)
    if request.content_type != "application/json":
        raise Refusal(415, "not_json", "请用 JSON 发送（Content-Type: application/json）。")
    try:
        told = json.loads(await request.read())
    except web.HTTPRequestEntityTooLarge:
        raise Refusal(413, "too_long", "内容太长了，一次最多收 20000 个字。请分几次发。") from None
    except (ValueError, RecursionError):
        raise Refusal(400, "bad_json", "发来的内容不是 JSON。") from None
    if not isinstance(told, dict):
        raise Refusal(400, "bad_json", "发来的内容要是一个 JSON 对象。")
    return told


async def open_session(request: web.Request) -> web.Response:
    """Who the cookie says; a stranger, with a fresh cookie, when it says nothing that we know."""
    await json_body(request)
    sessions, chair = request.app[SESSIONS], request.app[SESSIONS].chair(request)
    visitor = sessions.find(request)
    fresh = visitor is None
    if visitor is None:
        request.app[PACE].check_address("session", request)
        visitor = await sessions.open_stranger()
    response = json_response({"person": visitor.thread, "role": sessions.role(visitor)})
    if fresh or await sessions.keep(visitor):
        sessions.give(response, visitor, chair)
    return response


async def post_message(request: web.Request) -> web.Response:
    """202 once the message is stored; a repeat (same client_id) changes nothing and has the same n."""
    visitor = request.app[SESSIONS].need(request)
    told = await json_body(request)
    request.app[PACE].check("message", visitor.session)
    stored = await say(request.app[APP], visitor, told)
    return json_response({"n": stored.n, "duplicate": stored.duplicate}, status=202)


def as_seen(row: Any) -> dict[str, Any]:
    """A row of the thread as the page and scripts get it."""
    return {
        "n": row.n,
        "from": row.sender,
        "text": row.text,
        "buttons": row.buttons,
        "files": row.files,
        "case": row.case_number,
        "at": row.at.isoformat(),
    }


async def get_messages(request: web.Request) -> web.Response:
    """The messages after `after`, in order; `next` is the `after` of the next question."""
    visitor = request.app[SESSIONS].need(request)
    request.app[PACE].check("read", visitor.session)
    after = whole_number(request.query.get("after"))
    with request.app[APP].database.reading() as conn:
        rows = threads.after(conn, visitor.thread, after)
    await note_fetched(request.app[APP], visitor, rows)
    return json_response({"messages": [as_seen(row) for row in rows], "next": rows[-1].n if rows else after})


async def note_fetched(app: Any, visitor: Visitor, rows: Sequence[Any]) -> None:
    """Keep that these messages have reached the page, once."""
    if any(row.fetched_at is None and row.sender != "me" for row in rows):
        now, upto = app.clock.now(), rows[-1].n
        await app.writer.do(lambda conn: threads.mark_fetched(conn, visitor.thread, upto, now))


async def stream(request: web.Request) -> web.StreamResponse:
    """Server-sent events, resumed by Last-Event-ID (or `?after=`): nothing is lost, nothing comes twice.

    First it listens, then it reads: what is appended in between wakes it. `?after` absent: from the beginning.
    """
    app, visitor = request.app[APP], request.app[SESSIONS].need(request)
    request.app[PACE].check("read", visitor.session)
    last = whole_number(request.headers.get("Last-Event-ID") or request.query.get("after"))
    hub = app.channels["web"].hub
    response = EventSourceResponse(ping_interval=LOOK_EVERY, send_timeout=60)
    with hub.listening(visitor.thread) as news:
        await response.prepare(request)
        await response.write(b"retry: 2000\r\n\r\n")
        try:
            while not hub.let_go(visitor.thread, news) and response.is_connected():
                news.clear()
                last = await _send_after(app, visitor, response, last)
                await wait(news, LOOK_EVERY)
        except (ConnectionError, TimeoutError):
            pass  # nobody there any more: whoever comes back says where it stopped
        finally:
            response.stop_streaming()
    return response


async def _send_after(app: Any, visitor: Visitor, response: EventSourceResponse, last: int) -> int:
    while True:
        with app.database.reading() as conn:
            rows = threads.after(conn, visitor.thread, last)
        if not rows:
            return last
        for row in rows:
            await response.send(json.dumps(as_seen(row), ensure_ascii=False), id=str(row.n))
        await note_fetched(app, visitor, rows)
        last = rows[-1].n


async def wait(news: asyncio.Event, seconds: float) -> None:
    """Until there is news, or so long."""
    try:
        await asyncio.wait_for(news.wait(), seconds)
    except TimeoutError:
        return


def routes() -> list[web.RouteDef]:
    return [
        web.post("/api/chat/session", open_session),
        web.post("/api/chat/messages", post_message),
        web.get("/api/chat/messages", get_messages),
        web.get("/api/chat/stream", stream),
    ]
