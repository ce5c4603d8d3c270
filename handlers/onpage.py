"""网页: how somebody who writes in a chat gets to the pages, by a link that is theirs alone, once and for minutes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from casework import access
from casework.effects import OpenDoor
from handlers.joined import PAGE as JOINED
from handlers.supervisor import ORGANISATION
from handlers.texts import text_of
from handlers.turn import Turn

DESK: Final = "/staff/desk"  # 任务台
BOARD: Final = "/staff/board"  # 看板
TO_DESK: Final = "?to=desk"  # where the link leads after [进入]; bot/web/pages.py knows it


def page(turn: Turn, rest: str = "") -> None:
    """A one-time link for staff; on the page itself only where its pages are. Never in a group: it is a key."""
    if not turn.person.staff:
        turn.say("resident.staff_only")
    elif turn.speaker is not None and turn.speaker.channel == "web":
        turn.say("worker.web_here", list=_pages(turn))
    elif turn.heard.chat is not None or turn.world.links is None:
        turn.say("worker.web_in_private")
    else:
        link, row = turn.world.links(turn.person.id)
        turn.write(OpenDoor(row))
        turn.say("worker.web", link=link + (TO_DESK if access.staff_areas(turn.person) else ""), minutes=_minutes(row))


def _minutes(row: Any) -> int:
    begins, ends = row["created_at"], row["expires_at"]
    assert isinstance(begins, datetime)
    assert isinstance(ends, datetime)
    return max(1, round((ends - begins).total_seconds() / 60))


def _pages(turn: Turn) -> str:
    """The pages that are the speaker's to open, a line each."""
    desk, city = bool(access.staff_areas(turn.person)), access.scope(turn.person).city
    theirs = [("desk", DESK, desk), ("board", BOARD, desk), ("joined", JOINED, desk), ("organisation", ORGANISATION, city)]
    lines = [f"{text_of(f'page.{name}')}：{turn.world.public_url}{path}" for name, path, may in theirs if may]
    return "\n".join(lines) or text_of("page.chat")
