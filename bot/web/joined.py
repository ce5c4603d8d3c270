"""谁进来了: for secretary, subdistrict and city, who of their staff has come in; a secretary prints cards for the rest."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.invitations import Printer, Printing, bot_name, home, in_turn, prepare_cards
from bot.papers.cards import policy
from bot.web.common import APP, PACE, SESSIONS, Refusal, form_token, plain_form, same
from bot.web.pages import STALE_FORM, clock_words, render
from casework import access
from casework.case import AreaId, Person, Role
from handlers.joined import PAGE
from storage import doors, joined, people
from storage.doors import Visitor
from storage.joined import AreaOf, Count, Held, Member, Standing
from storage.town import StoredTown

log = logging.getLogger(__name__)

CARDS = f"{PAGE}/cards"
NOT_IN = "先要进来，才知道您是谁：扫您的名片，或打开给您的链接，点「进入」，再回到这一页。"
NOT_YOURS = "这一页给社区书记、街道和市级看。"
NO_SUCH = "没有这个地方，或者它不归您管。"
HEADINGS = {
    Standing.OUT: "还没进来",
    Standing.BLOCKED: "进来过，现在收不到",
    Standing.SILENT: "进来了，7 天没有动静",
    Standing.IN: "进来了",
}  # in this order on the page


@dataclass(frozen=True, slots=True)
class Line:
    """A row of figures. `link`: where to see more."""

    name: str
    count: Count
    link: str = ""
    inner: bool = False


@dataclass(frozen=True, slots=True)
class Looking:
    """Somebody who may look, at an area of theirs, and who works there."""

    visitor: Visitor
    person: Person
    area: AreaOf
    areas: Mapping[str, AreaOf]
    members: Sequence[Member]
    own: frozenset[AreaId]


async def page(request: web.Request) -> web.Response:
    """How many have come in; of a community also who has not, by name."""
    return render(request, "joined.html", **await asyncio.to_thread(_shown, request))  # the city's staff are many


def _shown(request: web.Request) -> dict[str, Any]:
    """All that stands on the page."""
    looking, app = _looking(request, request.query.get("area", "")), request.app[APP]
    area, total, chosen = looking.area, joined.count(looking.members), _printable(request, looking)
    others = [a for a in looking.areas.values() if a.id in looking.own and not area.path.startswith(a.path)]
    return {
        "area": area, "total": total, "lines": _lines(request, looking), "names": _names(looking),
        "up": _up(request, looking), "others": [Line(a.name, Count(), _link(request, a)) for a in others],
        "printable": len(chosen), "withheld": total.missing - len(chosen), "cards": _address(request, CARDS),
        "days": app.settings.entry.binding_code.delta.days, "chat": _address(request, "/chat"),
        "token": form_token(app.keys.cookies, looking.visitor.session), "now": clock_words(app.clock.now()),
    }  # fmt: skip


async def cards(request: web.Request) -> web.Response:
    """The printable page with a card for each who is missing in the secretary's own community; earlier ones are void."""
    _looking(request, "")  # who it is, before anything of theirs is read
    told = await plain_form(request)
    looking = await asyncio.to_thread(_looking, request, told.get("area", ""))
    app, visitor = request.app[APP], looking.visitor
    if not same(told.get("token", ""), form_token(app.keys.cookies, visitor.session)):
        raise Refusal(403, "stale_form", STALE_FORM)
    request.app[PACE].check("cards", visitor.person)
    if AreaId(looking.area.id) not in access.scope(looking.person).communities:
        raise Refusal(403, "not_yours", "名片由本社区的书记印。")
    chosen = _printable(request, looking)
    if not chosen:
        raise Refusal(409, "nobody", "这里没有要印名片的人。")
    printing, text = await asyncio.to_thread(_draw, app, chosen, looking)
    void = await app.writer.do(lambda conn: doors.add_cards(conn, printing.rows, app.clock.wall()))
    log.info("%d cards printed for %s by %s, %d void", printing.cards, looking.area.id, visitor.person, void)
    return web.Response(
        text=text, content_type="text/html", charset="utf-8",
        headers={"Content-Security-Policy": f"{policy()}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"},
    )  # fmt: skip


# ---- who may ----------------------------------------------------------------------------------------------------


def _looking(request: web.Request, asked: str) -> Looking:
    """Who looks, and at what: the area asked for, else their own. Refusal when it is not theirs to see."""
    app, sessions = request.app[APP], request.app[SESSIONS]
    visitor = sessions.find(request) or (sessions.find(request, "") if sessions.chair(request) else None)
    if visitor is None:
        raise Refusal(401, "no_session", NOT_IN)
    request.app[PACE].check("read", visitor.session)
    with app.database.reading() as conn:
        person = people.person(conn, visitor.person)
        own = access.staff_areas(person) if person else frozenset()
        if person is None or not own:
            raise Refusal(403, "not_yours", NOT_YOURS)
        areas = joined.areas(conn)
        area = _area(areas, own, asked)
        return Looking(visitor, person, area, areas, joined.members(conn, area.path, app.clock.now()), own)


def _area(areas: Mapping[str, AreaOf], own: frozenset[AreaId], asked: str) -> AreaOf:
    """The area asked for, if it lies in an own one and is large enough to be looked at."""
    mine = [area for area in areas.values() if area.id in own]
    area = areas.get(asked) if asked else next(iter(mine), None)
    if area is None or area.kind == "grid" or not any(area.path.startswith(each.path) for each in mine):
        raise Refusal(404, "no_such_area", NO_SUCH)
    return area


def _printable(request: web.Request, looking: Looking) -> list[Member]:
    """Who is missing and gets a card from this person; nobody unless it is a secretary's own community."""
    if AreaId(looking.area.id) not in access.scope(looking.person).communities:
        return []
    app = request.app[APP]
    with app.database.reading() as conn:
        within = StoredTown(conn, app.world.policy).within
        return [
            m for m in looking.members
            if m.standing is Standing.OUT
            and access.may_let_in(looking.person, ((Role(p.role), AreaId(p.area_id)) for p in m.posts), within)
        ]  # fmt: skip


def _draw(app: Any, chosen: Sequence[Member], looking: Looking) -> tuple[Printing, str]:
    """The page, whole; some milliseconds a card, so not on the loop."""
    with app.database.reading() as conn:
        printer = Printer(app.settings, app.keys, app.clock, app.public_url, bot_name(conn, app.settings))
    printing = prepare_cards(printer, chosen, looking.areas, looking.area.path)
    return printing, "".join(printing.html())


# ---- what is shown ----------------------------------------------------------------------------------------------


def _lines(request: web.Request, looking: Looking) -> list[Line]:
    """What lies in the area, down to the communities, each with its figures."""
    path = looking.area.path
    inside = [a for a in looking.areas.values() if a.path.startswith(path) and a.id != looking.area.id and a.kind != "grid"]
    found = []
    for area in inside:
        there = [m for m in looking.members if m.posts_in(area.path)]
        inner = looking.area.kind == "city" and area.kind == "community"
        found.append(Line(area.name, joined.count(there), _link(request, area), inner))
    return found


def _names(looking: Looking) -> list[tuple[str, list[tuple[str, str]]]]:
    """Who is named, under the heading of how far they have come, by grid and name."""
    area = looking.area
    named = sorted(looking.members if area.kind == "community" else _above(looking), key=lambda m: in_turn(m, area.path))
    found = [(HEADINGS[s], [_person_line(m, area) for m in named if m.standing is s]) for s in HEADINGS]
    return [(heading, people) for heading, people in found if people]


def _above(looking: Looking) -> list[Member]:
    """The area's own staff, who belong to nothing smaller: they are named where the rest is only counted."""
    def here(post: Held) -> bool:
        return home(post, looking.areas).id == looking.area.id

    return [m for m in looking.members if any(here(p) for p in m.posts_in(looking.area.path))]


def _person_line(member: Member, area: AreaOf) -> tuple[str, str]:
    """A name, and what they do where; the name of the place that the page is about is not said again."""
    posts = [f"{post.place or post.area.removeprefix(area.name)} {post.title}" for post in member.posts_in(area.path)]
    return member.name, "、".join(dict.fromkeys(post.strip() for post in posts))


def _up(request: web.Request, looking: Looking) -> Line | None:
    """The area around this one, if it is theirs to see too."""
    parent = looking.area.path.strip("/").split("/")[-2:-1]
    area = looking.areas.get(parent[0]) if parent else None
    mine = area and any(area.path.startswith(looking.areas[o].path) for o in looking.own if o in looking.areas)
    return Line(area.name, Count(), _link(request, area)) if area and mine else None


def _link(request: web.Request, area: AreaOf) -> str:
    return _address(request, PAGE, area=area.id)


def _address(request: web.Request, path: str, **asked: str) -> str:
    """An address of ours that stays in the demonstration's chair."""
    chair = request.app[SESSIONS].chair(request)
    given = asked | ({"chair": chair} if chair else {})
    return path + (f"?{urlencode(given)}" if given else "")


def routes() -> list[web.RouteDef]:
    return [web.get(PAGE, page), web.post(CARDS, cards)]
