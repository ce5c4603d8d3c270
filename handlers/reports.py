"""A made report, sent to somebody at its desk: two lines and the files. Once for each desk and stretch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from casework import access
from casework.case import AreaId, PersonId
from casework.effects import Effect, Kind, Say
from handlers.saying import put
from handlers.turn import Heard, Turn
from handlers.world import World
from storage import people, threads
from storage.settings import put_setting, setting


def sent(conn: Any, area: str, reader: str) -> str | None:
    """The first day of the stretch whose report this reader got last."""
    return setting(conn, f"pack:{area}:{reader}")


def send(
    conn: Any, world: World, now: datetime, reader: str, area: str, first: str, lines: tuple[str, str], files: Sequence[Mapping[str, Any]]
) -> list[Effect]:
    """The turn of one reader. `first`: the first day of the stretch; `files`: rows for table attachment, without their reader.
    The same report again, or one for somebody who has left the desk, writes nothing."""
    turn = Turn(conn, world, now, None, Heard(kind="timer"))
    who = people.person(conn, reader)
    if who is None or AreaId(area) not in access.staff_areas(who) or sent(conn, area, reader) == first:
        return []
    put_setting(conn, f"pack:{area}:{reader}", first)
    ids = []
    for row in files:
        file_id = f"{world.mint()}.{str(row['name']).rpartition('.')[2]}"
        threads.add_file(conn, **{**row, "id": file_id, "person_id": reader, "at": now})
        ids.append(file_id)
    told = {"first": lines[0], "second": lines[1]}
    turn.write(Say(PersonId(reader), "pack.monthly", None, told, Kind.DIGEST, files=tuple(ids)))
    put(turn)
    return turn.effects
