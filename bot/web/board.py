"""看板: for secretary, subdistrict and city, how their area stands, in figures that change while one looks.

Everything that is looked at stands in the address; without JavaScript it is the same page, drawn by the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from bot.papers.words import percent as in_percent
from bot.web import board_charts, board_live
from bot.web.board_live import SLOW, Kept
from bot.web.common import APP, PACE, SESSIONS, Refusal, form_token
from bot.web.pages import clock_words, render
from bot.web.supervising import Looking, address, asked_for, looking, turn_of
from casework import access
from casework.rates import Rate
from handlers.onpage import BOARD as PAGE
from handlers.summaries import board
from handlers.summaries.board import Slow
from handlers.summaries.filters import NAMED, OWN, Filters
from handlers.summaries.rates import rate
from handlers.texts import load, say_day
from handlers.turn import Turn
from storage import doors

SCREEN = "/staff/screen"
NO_DATA = "没有数据"
EMPTY_ROSTER = 8  # gaps that are listed


async def page(request: web.Request) -> web.Response:
    """The whole board."""
    who = looking(request)
    request.app[PACE].check("read", who.visitor.session)
    shown = await asyncio.to_thread(_page, request, who)
    return render(request, "supervisors.html", status=400 if shown["filters"].problem else 200, **shown)


def _page(request: web.Request, who: Looking) -> dict[str, Any]:
    app = request.app[APP]
    with app.database.reading() as conn:
        turn = turn_of(app, conn, who.speaker)
        filters = asked_for(turn, request.query)
        made = board.made(turn, filters)
        slow = _slow(request, turn, filters, bool(request.query.get("all")))
        screens = doors.screens_of(conn, who.visitor.person, app.clock.wall())
    return {
        "board": made, "filters": filters, "slow": slow, "charts": _charts(request, filters, made, slow),
        "link": lambda **other: address(request, PAGE, filters.query(**other)), "chat": lambda **asked: address(request, "/chat", asked),
        "whole": address(request, PAGE, filters.query() | {"all": "yes"}), "named": NAMED, "own": OWN, "categories": load()["category"],
        "stream": address(request, f"{PAGE}/stream", filters.query()), "stamp": board_live.stamp(made.glance), "vega": address(request, f"{PAGE}/vega.js"),
        "rate": told, "bar": bar, "percent": percent, "up_to": board.up_to, "day": lambda day: say_day(day, app.clock.now().astimezone(turn.policy.calendar.zone).date()),
        "gaps": EMPTY_ROSTER, "token": form_token(app.keys.cookies, who.visitor.session), "now": clock_words(app.clock.now()),
        "who": "、".join(p.title for p in who.speaker.person.posts if p.role in access.DESKS), "name": who.speaker.person.name,
        "chair": request.app[SESSIONS].chair(request), "today": app.clock.now().astimezone(turn.policy.calendar.zone).date().isoformat(),
        "screen": address(request, SCREEN, {"area": str(filters.area.id)}), "screen_link": address(request, f"{SCREEN}/link"),
        "screen_close": address(request, f"{SCREEN}/close"), "screens": screens,
        "city_only": access.scope(who.speaker.person).city,
    }  # fmt: skip


def _slow(request: web.Request, turn: Turn, filters: Filters, wait: bool) -> Slow | None:
    """What is slow, if it is there already or is to be waited for."""
    kept, who, area = request.app[SLOW], turn.person.id, filters.area.id
    found: Slow | None = kept.get(who, area, turn.now)
    if found is None and wait:
        found = board.slow(turn, area)
        kept.put(who, area, turn.now, found)
    return found


def _charts(request: web.Request, filters: Filters, made: board.Board, slow: Slow | None) -> dict[str, board_charts.Chart]:
    """By name; their pictures are drawn only when somebody asks for them."""
    data = dict(made.charts)
    if slow is not None and slow.spots:
        data["hot_spots"] = slow.chart
    return {name: board_charts.shown(name, each, address(request, f"{PAGE}/chart/{name}.png", filters.query())) for name, each in data.items()}


async def chart(request: web.Request) -> web.Response:
    """One chart as a picture, for whom the browser draws none."""
    who = looking(request)
    request.app[PACE].check("read", who.visitor.session)
    return await board_charts.drawn(request, await asyncio.to_thread(_data, request, who))


def _data(request: web.Request, who: Looking) -> dict[str, Any]:
    app = request.app[APP]
    with app.database.reading() as conn:
        turn = turn_of(app, conn, who.speaker)
        filters = asked_for(turn, request.query)
        if request.match_info["name"] != "hot_spots":
            return dict(board.made(turn, filters).charts)
        slow = _slow(request, turn, filters, True)
        return {"hot_spots": slow.chart} if slow is not None and slow.spots else {}


async def vega(request: web.Request) -> web.Response:
    """The libraries that draw the charts."""
    looking(request)
    return await board_charts.script(request)


async def stream(request: web.Request) -> web.StreamResponse:
    """Tells an open board that its numbers have changed. It ends with the session."""
    who = looking(request)
    request.app[PACE].check("read", who.visitor.session)
    await asyncio.to_thread(_numbers, request)  # refused before anything is sent
    return await board_live.tell(request, who.visitor.session, lambda: _still(request))


def _still(request: web.Request) -> str | None:
    try:
        return _numbers(request)
    except Refusal:  # the session has ended, or the area is no longer theirs
        return None


def _numbers(request: web.Request) -> str:
    app, who = request.app[APP], looking(request)
    with app.database.reading() as conn:
        turn = turn_of(app, conn, who.speaker)
        return board_live.numbers(board.glance(turn, asked_for(turn, request.query)))


# ---- how it is said ------------------------------------------------------------------------------------------------------


def told(one: Rate) -> str:
    """91%（10/11）; 没有数据 where there is none."""
    return NO_DATA if one.value is None else rate(one)


def percent(one: Rate) -> str:
    """The same without its two numbers, where there is little room."""
    return NO_DATA if one.value is None else in_percent(one.value)


def bar(one: Rate) -> int:
    """How long its bar is, of 100."""
    return round(100 * (one.value or 0))


def set_up(made: web.Application) -> None:
    """What the pages keep."""
    made[SLOW] = Kept()


def routes() -> Sequence[web.RouteDef]:
    return [web.get(PAGE, page), web.get(f"{PAGE}/stream", stream), web.get(PAGE + "/chart/{name}.png", chart), web.get(f"{PAGE}/vega.js", vega)]
