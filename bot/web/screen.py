"""大屏: an area's figures for the wall of the service hall: numbers, names of areas and categories, nothing about anybody.

The hall's computer comes in by a code of its own. Its session shows this screen and is nobody: it opens no other page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.entry import new_screen
from bot.web import board_charts, board_live
from bot.web.board import SCREEN, bar, percent, told
from bot.web.board_charts import Chart
from bot.web.board_live import SLOW
from bot.web.common import APP, PACE, SESSIONS, Refusal, form_token, plain_form, same
from bot.web.pages import STALE_FORM, render
from bot.web.supervising import Looking, address, asked_for, looking, turn_of
from handlers.doors import code_mac
from handlers.onpage import BOARD
from handlers.summaries import board
from handlers.summaries.board import Slow
from handlers.summaries.filters import Filters
from handlers.texts import local
from handlers.turn import Turn
from storage import doors, people
from storage.doors import Screen
from storage.people import Speaker

PAGE, DOOR = SCREEN, "/screen"
GONE = "没有这个码：可能打错了，也可能用过或过了时间。请对着看板再写一遍，或者在看板上再要一个新的。"
ENDED = "大屏没有打开，或者已经关掉，或者时间到了。请书记、街道或市级在看板下面点「给大厅一个大屏码」，再在这台电脑上打开 {door} 写上。"
NOT_GRIDS = "大屏给社区、街道和全市用，不给单个网格。"
PUBLIC = ""  # whose slow figures these are: everybody's
AREAS = 8  # areas on the screen: more do not fit
YOUNG = 3  # days: a month that has only begun says little
FEW = 10  # cases: so does one with fewer
LATELY = "最近30天"
PAST = {True: "上月", False: "再之前30天"}


@dataclass(frozen=True, slots=True)
class Watching:
    """Who answers for what the screen shows; `screen`: None when they look themselves."""

    speaker: Speaker
    session: str
    area: str
    screen: Screen | None


async def page(request: web.Request) -> web.Response:
    """The screen."""
    seen = _watching(request)
    request.app[PACE].check("read", seen.session)
    made = render(request, "screen.html", **await asyncio.to_thread(_page, request, seen))
    if seen.screen is not None:
        await request.app[SESSIONS].keep_screen(made, seen.screen)
    return made


def _page(request: web.Request, seen: Watching) -> dict[str, Any]:
    app = request.app[APP]
    with app.database.reading() as conn:
        turn = turn_of(app, conn, seen.speaker)
        asked, made = _made(turn, seen)
        slow = _slow(request, turn, asked.area.id)
        now, month = local(turn), not asked.said
    own = {"area": asked.area.id} if seen.screen is None else {}
    data = {name: each for name, each in made.charts.items() if name != "three_rates"}
    if slow.spots:
        data["hot_spots"] = slow.chart
    return {
        "board": made, "area": asked.area.name, "slow": slow, "rate": told, "bar": bar, "percent": percent, "lines": made.tree[:AREAS], "span": asked.period.words,
        "shares": made.month if month else made.share, "past": PAST[month], "charts": {
            name: _chart(request, name, each, own) for name, each in data.items()},
        "stream": address(request, f"{PAGE}/stream", own), "whole": address(request, PAGE, own), "vega": address(request, f"{PAGE}/vega.js"),
        "stamp": board_live.stamp(made.glance), "today": f"{now.month}月{now.day}日", "clock": f"{now:%H:%M}",
        "back": address(request, BOARD, own) if seen.screen is None else "", "door": app.public_url + DOOR,
        "left": max(0, round((seen.screen.expires_at - app.clock.wall()).total_seconds())) if seen.screen else "",
    }  # fmt: skip


def _chart(request: web.Request, name: str, data: Any, own: dict[str, str]) -> Chart:
    return board_charts.shown(name, data, address(request, f"{PAGE}/chart/{name}.png", own))


def _slow(request: web.Request, turn: Turn, area: str) -> Slow:
    kept = request.app[SLOW]
    found: Slow | None = kept.get(PUBLIC, area, turn.now)
    if found is None:
        found = board.slow(turn, area, public=True)
        kept.put(PUBLIC, area, turn.now, found)
    return found


def _made(turn: Turn, seen: Watching) -> tuple[Filters, board.Board]:
    """This month; the last 30 days while it is young or has few cases: the wall would be empty."""
    if local(turn).day > YOUNG:
        asked = _filters(turn, seen)
        made = board.made(turn, asked, public=True)
        if made.filed >= FEW:
            return asked, made
    asked = _filters(turn, seen, LATELY)
    return asked, board.made(turn, asked, public=True)


def _filters(turn: Turn, seen: Watching, words: str = "") -> Filters:
    """These days of the area, else this month; Refusal for a grid, and for an area that is no longer theirs."""
    asked = asked_for(turn, {"area": seen.area, "words": words})
    if asked.area.kind == "grid":
        raise Refusal(403, "no_grids", NOT_GRIDS)
    return asked


async def chart(request: web.Request) -> web.Response:
    """One of its charts as a picture."""
    seen = _watching(request)
    request.app[PACE].check("read", seen.session)
    return await board_charts.drawn(request, await asyncio.to_thread(_data, request, seen), dark=True)


def _data(request: web.Request, seen: Watching) -> dict[str, Any]:
    app = request.app[APP]
    with app.database.reading() as conn:
        turn = turn_of(app, conn, seen.speaker)
        asked, made = _made(turn, seen)
        slow = _slow(request, turn, asked.area.id)
        return {**made.charts, **({"hot_spots": slow.chart} if slow.spots else {})}


async def vega(request: web.Request) -> web.Response:
    """The libraries that draw them."""
    _watching(request)
    return await board_charts.script(request)


async def stream(request: web.Request) -> web.StreamResponse:
    """Tells the screen that its numbers have changed."""
    seen = _watching(request)
    request.app[PACE].check("read", seen.session)
    await asyncio.to_thread(_numbers, request)
    return await board_live.tell(request, seen.session, lambda: _still(request))


def _still(request: web.Request) -> str | None:
    try:
        return _numbers(request)
    except Refusal:
        return None


def _numbers(request: web.Request) -> str:
    app, seen = request.app[APP], _watching(request)
    with app.database.reading() as conn:
        turn = turn_of(app, conn, seen.speaker)
        return board_live.numbers(board.glance(turn, _filters(turn, seen), public=True))


def _watching(request: web.Request) -> Watching:
    """The screen that this browser shows; or somebody with a desk, who looks themselves. Refusal (401) for everybody else."""
    app, sessions = request.app[APP], request.app[SESSIONS]
    screen = sessions.screen(request) if "area" not in request.query else None
    if screen is None:
        return _themselves(request)
    with app.database.reading() as conn:
        speaker = people.speaker(conn, "web", screen.person)
    if speaker is None:
        raise Refusal(401, "no_session", ENDED.format(door=app.public_url + DOOR))
    return Watching(speaker, screen.session, screen.area, screen)


def _themselves(request: web.Request) -> Watching:
    try:
        who = looking(request)
    except Refusal as refusal:
        ended = ENDED.format(door=request.app[APP].public_url + DOOR)
        raise Refusal(refusal.status, refusal.code, ended if refusal.status == 401 else refusal.say) from None
    return Watching(who.speaker, who.visitor.session, request.query.get("area", ""), None)


# ---- the way in ----------------------------------------------------------------------------------------------------------


async def link(request: web.Request) -> web.Response:
    """A code for the hall's computer, told once."""
    who, form = await _posted(request)
    app = request.app[APP]
    area = await asyncio.to_thread(_area, request, who, form.get("area", ""))
    made = new_screen(app.keys.links, who.visitor.person, area, app.clock.wall(), app.settings.entry.link.delta)
    await app.writer.do(lambda conn: doors.add_link(conn, **made.row))
    minutes = round(app.settings.entry.link.delta.total_seconds() / 60)
    back = address(request, BOARD, {"area": area})
    return render(request, "screencode.html", code=made.told, door=app.public_url + DOOR, minutes=minutes, back=back)


async def close(request: web.Request) -> web.Response:
    """Every screen that this person has opened goes dark."""
    who, form = await _posted(request)
    app = request.app[APP]
    wall = app.clock.wall()
    await app.writer.do(lambda conn: doors.end_screens(conn, who.visitor.person, wall))
    app.watching.wake_all()
    return web.Response(status=303, headers={"Location": address(request, BOARD, {"area": form["area"]} if form.get("area") else {})})


async def _posted(request: web.Request) -> tuple[Looking, dict[str, str]]:
    """Who pressed, on a form that we made for them."""
    who = looking(request)
    request.app[PACE].check("enter", who.visitor.session)
    form = await plain_form(request)
    if not same(form.get("token", ""), form_token(request.app[APP].keys.cookies, who.visitor.session)):
        raise Refusal(403, "stale_form", STALE_FORM)
    return who, form


def _area(request: web.Request, who: Looking, area: str) -> str:
    app = request.app[APP]
    with app.database.reading() as conn:
        return str(_filters(turn_of(app, conn, who.speaker), Watching(who.speaker, "", area, None)).area.id)


async def door(request: web.Request) -> web.Response:
    """Where the hall's computer writes its code. Looking uses nothing up."""
    return render(request, "screendoor.html", problem="")


async def enter(request: web.Request) -> web.Response:
    """[打开大屏]: uses the code up; from now on this browser shows the screen."""
    app, sessions = request.app[APP], request.app[SESSIONS]
    request.app[PACE].check_address("enter", request)
    form = await plain_form(request)
    mac, wall = code_mac(app.keys.links, form.get("code", "")[:40]), app.clock.wall()
    found = await app.writer.do(lambda conn: doors.use_screen_link(conn, mac, wall))
    if found is None:
        return render(request, "screendoor.html", problem=GONE, status=410)
    response = web.Response(status=303, headers={"Location": PAGE})
    sessions.give_screen(response, await sessions.open_screen(*found))
    return response


def routes() -> Sequence[web.RouteDef]:
    return [
        web.get(PAGE, page), web.get(f"{PAGE}/stream", stream), web.get(PAGE + "/chart/{name}.png", chart), web.get(f"{PAGE}/vega.js", vega),
        web.post(f"{PAGE}/link", link), web.post(f"{PAGE}/close", close), web.get(DOOR, door), web.post(DOOR, enter),
    ]  # fmt: skip
