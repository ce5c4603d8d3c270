"""Who looks at the supervisors' pages: a visitor with a desk, and what they asked for; Refusal for everybody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.web.common import APP, SESSIONS, Refusal
from casework import access
from casework.case import Person
from handlers.summaries import filters
from handlers.summaries.filters import Filters
from handlers.turn import Heard, Turn
from storage import people
from storage.database import Connection
from storage.doors import Visitor
from storage.people import Speaker

NOT_IN = "先要进来，才知道您是谁：在聊天里发「网页」，打开给您的链接，点「进入」，再回到这一页。"
NOT_YOURS = "看板给社区书记、街道和市级用。"


@dataclass(frozen=True, slots=True)
class Looking:
    """Somebody who may look."""

    visitor: Visitor
    speaker: Speaker

    @property
    def person(self) -> Person:
        return self.speaker.person


def looking(request: web.Request, not_yours: str = NOT_YOURS) -> Looking:
    """Who looks; Refusal for whoever has no desk, in these words."""
    app, sessions = request.app[APP], request.app[SESSIONS]
    visitor = sessions.find(request) or (sessions.find(request, "") if sessions.chair(request) else None)
    if visitor is None:
        raise Refusal(401, "no_session", NOT_IN)
    with app.database.reading() as conn:
        speaker = people.speaker(conn, "web", visitor.thread)
    if speaker is None or not access.staff_areas(speaker.person):
        raise Refusal(403, "not_yours", not_yours)
    return Looking(visitor, speaker)


def turn_of(app: Any, conn: Connection, speaker: Speaker) -> Turn:
    """A turn that only looks."""
    return Turn(conn, app.world, app.clock.now(), speaker, Heard(kind="board"))


def asked_for(turn: Turn, query: Mapping[str, str]) -> Filters:
    """What the address asks for; Refusal when the area is not theirs (403) or there is none (404)."""
    try:
        return filters.read(turn, {name: value.replace("\x00", "") for name, value in query.items()})
    except filters.Refused as refused:
        raise Refusal(403 if refused.known else 404, "not_yours" if refused.known else "no_area", refused.say) from None


def address(request: web.Request, path: str, asked: Mapping[str, str] | None = None) -> str:
    """An address of ours that stays in the demonstration's chair."""
    chair = request.app[SESSIONS].chair(request)
    given = {**(asked or {}), **({"chair": chair} if chair else {})}
    return path + (f"?{urlencode(given)}" if given else "")
