"""谁值班, for any grid and hour that the speaker may know of; and how staff ask for it and for leave in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from casework import access
from casework.case import AreaId
from casework.effects import Option
from handlers.texts import local, post_name, text_of
from handlers.turn import Turn, press
from nlp.dates import DAY_WORDS
from nlp.grids import Grid, bare, grids_meant, likely
from nlp.moments import read_moment

SHOWN: Final = 12  # grids in one answer; more are asked for by name


# ---- 谁值班 ------------------------------------------------------------------------------------------------------


def who_is_on(turn: Turn, rest: str = "") -> None:
    """谁值班 [网格] [几点]: names only. Without a grid: the speaker's own."""
    asked = read_moment(rest, local(turn))
    grids = grids_known(turn)
    if not grids:
        turn.say("duty.not_for_you" if turn.person.staff else "resident.who_is_on")
        return
    at = asked.at or local(turn)
    if not bare(asked.rest):
        found = own_grids(turn, grids)
        _tell_or_ask(turn, found, at, asked.at is not None)
        return
    found = grids_meant(asked.rest, grids)
    if not found:
        _ask_which(turn, "duty.no_such_grid", likely(asked.rest, grids), at, words=bare(asked.rest)[:20])
    elif len({g.community for g in found}) > 1:
        _ask_which(turn, "duty.which_grid", found[:SHOWN], at)
    else:
        _tell_or_ask(turn, found, at, asked.at is not None)


def _tell_or_ask(turn: Turn, grids: list[Grid], at: datetime, later: bool) -> None:
    if len(grids) > SHOWN:
        turn.say("duty.name_a_grid")
    for grid in grids if len(grids) <= SHOWN else ():
        _tell(turn, grid.id, at, later)


def _tell(turn: Turn, grid_id: str, at: datetime, later: bool) -> None:
    on = turn.town.on_duty(AreaId(grid_id), at)
    desk = turn.town.desk(AreaId(grid_id), at)
    who = "、".join(post_name(p) for p in on) or text_of("duty.nobody").format(desk=post_name(desk))
    grid = turn.town.area(grid_id).name
    if later:
        turn.say("duty.line_at", grid=grid, who=who, at=at)
    else:
        turn.say("worker.duty_line", grid=grid, who=who)


def _ask_which(turn: Turn, key: str, grids: list[Grid], at: datetime, **args: Any) -> None:
    options = [Option("grid", {"id": g.id, "at": at.isoformat()}, g.names[0]) for g in grids]
    turn.ask(key, options=options, question="duty.which", awaited=False, **args)


@press("duty.which", "grid")
def which_grid(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if args["id"] in {g.id for g in grids_known(turn)}:
        _tell(turn, args["id"], datetime.fromisoformat(args["at"]), True)
    else:
        turn.say("refusal.not_yours")


def grids_known(turn: Turn) -> list[Grid]:
    """The grids of which the speaker may know who is on duty."""
    areas = access.roster_areas(turn.person, lambda area: turn.town.ancestor(area, "community"))
    return grids_in(turn, areas)


def grids_in(turn: Turn, areas: Iterable[AreaId]) -> list[Grid]:
    """The grids of these areas with their names, each once."""
    rows = {row.id: row for area in sorted(areas) for row in turn.town.grids(area)}
    return [_grid(turn, row) for row in rows.values()]


def _grid(turn: Turn, row: Any) -> Grid:
    above = turn.town.area(row.parent_id)
    return Grid(row.id, (row.name, *row.aliases), (above.name, *above.aliases))


def own_grids(turn: Turn, known: list[Grid]) -> list[Grid]:
    """The grids of the speaker's own posts; a desk's are all that it answers for."""
    mine = {p.area_id for p in turn.person.posts} - access.staff_areas(turn.person)
    return [g for g in known if g.id in mine] or known


# ---- words --------------------------------------------------------------------------------------------------------

WHO = re.compile(r"[^，。,；;！!\n]{0,20}(?:谁(?:在|来)?(?:值班|值守|当班)|值班的?是谁)[^，。,；;！!\n]{0,20}")
AROUND = re.compile("谁(?:在|来)?(?:值班|值守|当班)|值班的?是谁")
LEAVE = re.compile(r"(?:我(?:想|要|得|需要)?)?请(?:个|一下)?假(?!条|单|制度|流程|手续|怎么|的)(?P<rest>.{0,80})")
LEAVE_FOR = re.compile(r"(?:给|替|帮)\s*(?P<name>[一-龥·]{2,5}?)\s*请(?:个)?假(?P<rest>.{0,80})")
LEAVE_AT = re.compile(r"(?:我)?(?P<rest>.{1,24}?)(?:想|要)?请(?:个)?假(?P<more>(?:[，,\s].{0,40})?)")


def who_asked(turn: Turn, text: str) -> str | None:
    """What is said around 谁值班, or None when the text is something else: a complaint that nobody is there, a note."""
    if not WHO.fullmatch(text):
        return None
    around = AROUND.sub(" ", text)
    place = bare(read_moment(around, local(turn)).rest)
    asks = not place or "网格" in place or "社区" in place
    if turn.person.staff:
        asks = asks or text.startswith("谁值班") or bool(grids_meant(place, grids_known(turn)))
    return around if asks else None


def leave_asked(text: str) -> tuple[str, str] | None:
    """(whose name, the rest) of a text that asks for leave; an empty name: the speaker's own."""
    if found := LEAVE_FOR.fullmatch(text):
        return found["name"], found["rest"]
    if found := LEAVE.fullmatch(text):
        return "", found["rest"]
    found = LEAVE_AT.fullmatch(text)
    if found and DAY_WORDS.match(found["rest"].strip()):
        return "", f"{found['rest']} {found['more']}"
    return None


def staff_only(turn: Turn) -> bool:
    """Says a kind word to a resident who uses the staff's commands."""
    if not turn.person.staff:
        turn.say("resident.staff_only")
    return not turn.person.staff
