"""换人用: somebody leaves a shared phone. First it is said what that means and how to come back; then the session ends, and the
device keeps nothing of theirs. Works without a script."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.entry import new_code
from bot.web.common import APP, PACE, SESSIONS, Refusal, form_token, plain_form, same
from bot.web.pages import STALE_FORM, render
from bot.web.sessions import forget
from storage import cases, doors, people
from storage.doors import Visitor

PAGE = "/leave"
GO, CODE = "go", "code"


async def page(request: web.Request) -> web.Response:
    """What it means, and the way back. Nothing is changed by looking."""
    return await _page(request, request.app[SESSIONS].find(request))


async def _page(request: web.Request, visitor: Visitor | None, code: str = "") -> web.Response:
    app, chair = request.app[APP], request.app[SESSIONS].chair(request)
    if visitor is None:
        return _gone(request)
    request.app[PACE].check("read", visitor.session)
    known = await asyncio.to_thread(_known, app, visitor)
    return render(
        request, "leaving.html", **known, name=visitor.name, code=code, chair=chair, days=app.settings.entry.session.delta.days,
        token=form_token(app.keys.cookies, visitor.session), back="/chat" + (f"?chair={chair}" if chair else ""),
        here=PAGE + (f"?chair={chair}" if chair else ""),
    )  # fmt: skip


def _known(app: Any, visitor: Visitor) -> dict[str, Any]:
    """How many matters are open, whether there is another way to them, and whether it is somebody of the staff: they get a link or
    a card, never a key on a phone that others hold."""
    with app.database.reading() as conn:
        who = people.person(conn, visitor.person)
        others = [door for door in people.doors(conn, visitor.person) if door.channel != people.PAGE]
        return {
            "staff": who is not None and who.staff, "open": len(cases.open_of(conn, visitor.person)), "chats": bool(others),
        }  # fmt: skip


async def pressed(request: web.Request) -> web.StreamResponse:
    """A code to come back with, or the leaving itself."""
    app, sessions = request.app[APP], request.app[SESSIONS]
    visitor = sessions.find(request)
    form = await plain_form(request)
    if visitor is None:
        return _gone(request)
    request.app[PACE].check("enter", visitor.session)
    if not same(form.get("token", ""), form_token(app.keys.cookies, visitor.session)):
        raise Refusal(403, "stale_form", STALE_FORM)
    if form.get("what") == CODE:
        return await _page(request, visitor, await _code(app, visitor))
    if form.get("what") != GO:
        return await _page(request, visitor)
    wall = app.clock.wall()
    await app.writer.do(lambda conn: doors.end_session(conn, visitor.session, wall))
    app.channels["web"].hub.dismiss(visitor.thread)
    gone = _gone(request)
    forget(gone, sessions.chair(request))
    return gone


async def _code(app: Any, visitor: Visitor) -> str:
    """Good once, as long as a session; the one asked for before is void. Staff get none here."""
    if (await asyncio.to_thread(_known, app, visitor))["staff"]:
        return ""
    made = new_code(app.keys.codes, visitor.person, app.clock.now(), app.settings.entry.session.delta)

    def write(conn: doors.Connection) -> None:
        doors.void_codes(conn, visitor.person, app.clock.now())
        doors.add_link(conn, **made.row)

    await app.writer.do(write)
    return made.told


def _gone(request: web.Request) -> web.Response:
    """Nobody is here now. Pictures that the browser has put aside go too."""
    page = render(request, "left.html", chair=request.app[SESSIONS].chair(request))
    page.headers["Clear-Site-Data"] = '"cache"'
    return page


def routes() -> list[web.RouteDef]:
    return [web.get(PAGE, page), web.post(PAGE, pressed)]
