"""谁进来了: how many of the staff have come in, and where their names and cards are."""

from __future__ import annotations

from casework import access
from handlers.texts import text_of
from handlers.turn import Turn
from storage import joined as stored

PAGE = "/staff/joined"


def joined(turn: Turn, rest: str = "") -> None:
    """The figures of the speaker's own areas, and the page; nothing for whoever has none."""
    if not turn.person.staff:
        turn.say("resident.unknown_command")
        return
    mine = access.staff_areas(turn.person)
    if not mine:
        turn.say("worker.joined_not_yours")
        return
    found = [area for area in stored.areas(turn.conn).values() if area.id in mine]
    lines = "\n".join(_line(turn, area) for area in found)
    turn.say("worker.joined", list=lines, link=f"{turn.world.public_url}{PAGE}")


def _line(turn: Turn, area: stored.AreaOf) -> str:
    """锦绣社区：182 人，进来了 3 人 …, and who of these is not reached."""
    count = stored.counted(turn.conn, area.path, turn.now)
    told = text_of("worker.joined_line").format(
        area=area.name, total=count.total, count=count.joined, missing=count.missing
    )
    lost = text_of("worker.joined_lost").format(blocked=count.blocked, silent=count.silent)
    return told + (lost if count.blocked or count.silent else "")
