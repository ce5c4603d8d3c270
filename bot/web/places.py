"""GET /api/chat/places: estates, buildings, roads and landmarks by a part of their name, for the pickers."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from aiohttp import web

from bot.web.common import APP, PACE, SESSIONS, json_response
from bot.web.saying import clean
from nlp.places import Gazetteer, spelling

MANY = 60
KINDS = ("estate", "building", "road", "landmark")


async def get_places(request: web.Request) -> web.Response:
    """`q`: a part of the name (empty: all estates). `estate`: only this estate's buildings, in order."""
    visitor = request.app[SESSIONS].need(request)
    request.app[PACE].check("read", visitor.session)
    gazetteer = request.app[APP].world.gazetteer
    estate = clean(request.query.get("estate", ""))[:64]
    asked = clean(request.query.get("q", ""))[:60]
    found = _buildings(gazetteer, estate) if estate else _search(gazetteer, asked)
    return json_response({"places": found})


def _buildings(gazetteer: Gazetteer, estate: str) -> list[dict[str, str]]:
    of = [place for place in gazetteer.places.values() if place.kind == "building" and place.parent_id == estate]
    return [_shown(gazetteer, place) for place in sorted(of, key=lambda place: (len(place.name), place.name))]


@lru_cache(maxsize=2)
def _index(gazetteer: Gazetteer) -> list[tuple[tuple[str, ...], Any]]:
    """All spellings of each place, a building's with its estate's in front. Made once per gazetteer."""
    index = []
    for place in gazetteer.places.values():
        above = gazetteer.places.get(place.parent_id or "")
        fronts = (above.name, *above.aliases) if above else ("",)
        if place.kind in KINDS:
            spellings = (spelling(front + name) for front in fronts for name in (place.name, *place.aliases))
            index.append((tuple(dict.fromkeys(spellings)), place))
    return index


def _search(gazetteer: Gazetteer, asked: str) -> list[dict[str, str]]:
    """Names that begin so first, then shorter ones: an estate before its buildings."""
    wanted = spelling(asked)
    hits = []
    for spellings, place in _index(gazetteer):
        fitting = [name for name in spellings if wanted in name]
        if fitting and (wanted or place.kind == "estate"):
            begins = any(name.startswith(wanted) for name in fitting)
            hits.append(((not begins, KINDS.index(place.kind), len(place.name), place.id), place))
    return [_shown(gazetteer, place) for _, place in sorted(hits, key=lambda hit: hit[0])[:MANY]]


def _shown(gazetteer: Gazetteer, place: Any) -> dict[str, str]:
    above = gazetteer.places.get(place.parent_id or "")
    return {"id": place.id, "kind": place.kind, "name": f"{above.name if above else ''}{place.name}"}


def routes() -> list[web.RouteDef]:
    return [web.get("/api/chat/places", get_places)]
