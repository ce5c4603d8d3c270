"""The pages: the chat, which works as a plain form when there is no JavaScript, and the door for one-time links."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import BodyPartReader, web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot.entry import link_mac
from bot.web import files
from bot.web.api import as_seen, note_fetched, wait
from bot.web.chairs import scene
from bot.web.common import APP, BROKEN_FORM, PACE, ROLES, SESSIONS, Refusal, form_token, plain_form, same
from bot.web.saying import say
from bot.world import ZONE
from handlers.onpage import BOARD, DESK
from storage import doors, threads
from storage.doors import Visitor

ANSWER_SOON = 1.0  # seconds that a plain form waits for the answer, so that it is on the page that comes back
FORM_COOKIE = "jiesu_form"
STALE_FORM = "这个页面放得太久了，刚才的话没有发出去。请再发一次。"
STEPS = ((1800, "30分钟"), (7200, "2小时"), (86400, "1天"))  # by which the demonstration's clock is moved
QUICK = {  # words that are always at hand; handlers/commands.py knows them
    "resident": ("我的诉求", "催办", "转人工"),
    "worker": ("我的工单", "我的任务", "上班", "下班", "请假", "换班", "谁值班", "帮助"),
}
AFTER = {"desk": DESK, "board": BOARD}  # where a link leads after [进入]; else to the chat
DESKS = ("secretary", "subdistrict", "city")
SUPERVISOR = ("我的任务", "我的工单", "谁值班", "空岗", "谁进来了", "帮助")

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(request: web.Request, template: str, /, status: int = 200, **given: Any) -> web.Response:
    """A page made from its template; `town` and `demo` are known to all."""
    app = request.app[APP]
    known = {"town": app.settings.town.name, "demo": app.settings.demo.enabled, "chair": request.app[SESSIONS].chair(request)}
    text = TEMPLATES.get_template(template).render(known | given)
    return web.Response(text=text, content_type="text/html", charset="utf-8", status=status)


def sentence(request: web.Request, status: int, say: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """A page with one sentence, and the way back."""
    page = render(request, "sentence.html", status=status, say=say)
    page.headers.update(headers or {})
    return page


def clock_words(at: datetime) -> str:
    """11月26日 10:05, as people in the town read it."""
    local = at.astimezone(ZONE)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


async def chat(request: web.Request) -> web.Response:
    """The chat: the thread so far, and a form that works as it is. Opening it makes nobody a person yet."""
    app, sessions = request.app[APP], request.app[SESSIONS]
    visitor = sessions.find(request)
    rows: list[Any] = []
    if visitor is not None:
        with app.database.reading() as conn:
            rows = list(threads.latest(conn, visitor.thread))
        await note_fetched(app, visitor, rows)
    messages = _shown(request, rows)
    return await _chat_page(request, visitor, messages, draft=_about(request))


def _about(request: web.Request) -> str:
    """What the board's link to a case puts into the field: it is sent only when the reader sends it."""
    number = request.query.get("case", "")
    return f"/case {number}" if re.fullmatch(r"\d{2}-H?\d{1,8}", number, re.ASCII) else ""


async def _chat_page(
    request: web.Request, visitor: Visitor | None, messages: list[dict[str, Any]], problem: str = "", draft: str = ""
) -> web.Response:
    app, sessions = request.app[APP], request.app[SESSIONS]
    role = sessions.role(visitor) if visitor else "resident"
    nonce = request.cookies.get(FORM_COOKIE, "") or secrets.token_urlsafe(16)
    page = render(
        request, "chat.html",
        messages=messages, role=role, quick=QUICK.get(role, SUPERVISOR), role_name=ROLES[role], name=visitor.name if visitor else "",
        desk=_desk(request) if role in DESKS else "",
        token=form_token(app.keys.cookies, visitor.session if visitor else nonce), client_id=secrets.token_urlsafe(9),
        chair=sessions.chair(request), home=app.public_url, here=_here(request), last=messages[-1]["n"] if messages else 0,
        now=clock_words(app.clock.now()), problem=problem, draft=draft, longest=app.settings.intake.keep_characters,
        megabytes=app.media.limit // 1_000_000, steps=STEPS, offline=False,
        me=visitor.thread if visitor else "", until=sessions.until(visitor).isoformat(),
        scene=scene(app) if app.settings.demo.enabled else None, roles=ROLES,
    )  # fmt: skip
    if visitor is None:
        page.set_cookie(FORM_COOKIE, nonce, httponly=True, samesite="Lax", secure=sessions.secure, path="/")
    elif await sessions.keep(visitor):
        sessions.give(page, visitor, sessions.chair(request))
    return page


def _shown(request: web.Request, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Messages as the template draws them. What Jiesu says may name a page of ours: that is a link."""
    app, chair = request.app[APP], request.app[SESSIONS].chair(request)
    shown = []
    for row in rows:
        seen = as_seen(row)
        words = escape(seen["text"]) if seen["from"] == "me" else linked(seen["text"], app.public_url, chair)
        shown.append(seen | {"when": clock_words(row.at), "words": words})
    return shown


def linked(text: str, home: str, chair: str = "") -> Markup:
    """The text with addresses of our own staff pages as links, staying in the demonstration's chair. No others: a
    resident's words stand in what Jiesu says too."""
    asked = f"?{urlencode({'chair': chair})}" if chair else ""
    parts = re.split(f"{re.escape(home)}(/staff/[a-z/]+)", text)
    made = [Markup('<a href="{}">{}</a>').format(path + asked, home + path) for path in parts[1::2]]
    return Markup("").join(piece for pair in zip_longest(map(escape, parts[::2]), made, fillvalue="") for piece in pair)


def _desk(request: web.Request) -> str:
    chair = request.app[SESSIONS].chair(request)
    return DESK + (f"?{urlencode({'chair': chair})}" if chair else "")


def _here(request: web.Request) -> str:
    chair = request.app[SESSIONS].chair(request)
    return "/chat" + (f"?{urlencode({'chair': chair})}" if chair else "")


async def post_chat(request: web.Request) -> web.StreamResponse:
    """The plain form: words, a photo, or a pressed button; then the page anew (a reload sends nothing twice)."""
    app, sessions = request.app[APP], request.app[SESSIONS]
    visitor = sessions.find(request)
    form, photo = await _form(request)
    _check_form(request, visitor, form)
    fresh = visitor is None
    if visitor is None:
        request.app[PACE].check_address("session", request)
        visitor = await sessions.open_stranger()
    request.app[PACE].check("message", visitor.session)
    try:
        with app.channels["web"].hub.listening(visitor.thread) as news:
            await _say(app, visitor, form, photo)
            news.clear()
            await wait(news, ANSWER_SOON)
    except Refusal as refusal:
        page = await _refused(request, visitor, refusal, form.get("text", ""))
        if fresh:
            sessions.give(page, visitor, sessions.chair(request))
        return page
    back = web.Response(status=303, headers={"Location": f"{_here(request)}#end"})
    if fresh:
        sessions.give(back, visitor, sessions.chair(request))
    return back


async def _refused(request: web.Request, visitor: Visitor, refusal: Refusal, draft: str) -> web.Response:
    """The page with the sentence on top and the words still in the field."""
    with request.app[APP].database.reading() as conn:
        rows = threads.latest(conn, visitor.thread)
    messages = _shown(request, rows)
    page = await _chat_page(request, visitor, messages, refusal.say, draft)
    page.set_status(refusal.status)
    return page


def _check_form(request: web.Request, visitor: Visitor | None, form: Mapping[str, str]) -> None:
    """Only a form that we made for this browser is taken."""
    who = visitor.session if visitor else request.cookies.get(FORM_COOKIE, "")
    if not who or not same(form.get("token", ""), form_token(request.app[APP].keys.cookies, who)):
        raise Refusal(403, "stale_form", STALE_FORM)


async def _say(app: Any, visitor: Visitor, form: Mapping[str, str], photo: bytes) -> None:
    told: dict[str, Any] = {"client_id": form.get("client_id", "")}
    if pressed := form.get("button") or form.get("quick"):
        told["client_id"] = (
            f"{told['client_id'][:30]}:{pressed[:64]}"  # each button of one page is a message of its own
        )
    if button := form.get("button"):
        told["button"] = button
    else:
        if photo and not form.get("quick"):
            told["files"] = [await files.keep(app, visitor.person, photo)]
        told["text"] = form.get("quick") or form.get("text", "")
    await say(app, visitor, told)


async def _form(request: web.Request) -> tuple[dict[str, str], bytes]:
    """Fields and photo. A multipart form is read part by part: the photo may be larger than any other request."""
    if request.content_type != "multipart/form-data":
        return await plain_form(request), b""
    fields: dict[str, str] = {}
    photo = b""
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or len(fields) > 10:
                continue
            if part.name == "photo":
                photo = await files.read_part(request.app[APP], part)
            elif part.name:
                raw = await files.read_part(request.app[APP], part)
                fields[part.name] = raw.decode("utf-8", "replace")
    except BROKEN_FORM:
        raise Refusal(400, "bad_form", "没有传完整，请再发一次。") from None
    return fields, photo


async def enter(request: web.Request) -> web.Response:
    """A one-time link: whose it is and [进入]. Looking uses nothing up: robots fetch links before people press them."""
    name = await _look(request)
    if name is None:
        return sentence(request, 410, "这个链接已经用过，或者过了时间。请再要一个新的。")
    return render(request, "enter.html", name=name)


async def post_enter(request: web.Request) -> web.StreamResponse:
    """[进入]: uses the link up and opens the page as this person."""
    app, sessions = request.app[APP], request.app[SESSIONS]
    request.app[PACE].check_address("enter", request)
    mac, wall = link_mac(app.keys.links, request.match_info["token"]), app.clock.wall()
    person = await app.writer.do(lambda conn: doors.use_link(conn, mac, wall))
    if person is None:
        raise Refusal(410, "link_used", "这个链接已经用过，或者过了时间。请再要一个新的。")
    response = web.Response(status=303, headers={"Location": AFTER.get(request.query.get("to", ""), "/")})
    sessions.give(response, await sessions.open_for(person))
    return response


async def _look(request: web.Request) -> str | None:
    app = request.app[APP]
    request.app[PACE].check_address("enter", request)
    with app.database.reading() as conn:
        return doors.good_link(conn, link_mac(app.keys.links, request.match_info["token"]), app.clock.wall())


def routes() -> list[web.RouteDef]:
    return [
        web.get("/", chat),
        web.get("/chat", chat),
        web.post("/chat", post_chat),
        web.get("/enter/{token}", enter),
        web.post("/enter/{token}", post_enter),
    ]
