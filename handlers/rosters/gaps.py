"""空岗: grids with nobody on duty in the next days; one tap for the gap, one for who fills it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from casework import access
from casework.case import AreaId, Post, PostId
from casework.coverage import Gap, Stretch, gaps, stretches
from casework.effects import ChangeShift, Option
from casework.missing.duty import FROM, UNTIL
from casework.roster import Duty, Roster, counts
from casework.shifts import busy
from handlers.missing import say_gap
from handlers.rosters import colleagues as team
from handlers.rosters.duty import hand_over
from handlers.rosters.who_is_on import grids_in, staff_only
from handlers.texts import local, post_name, say_day, text_of
from handlers.turn import Turn, press
from storage import roster

AHEAD: Final = 7  # days

SHOWN: Final = 10


# ---- the list ----------------------------------------------------------------------------------------------------


def show(turn: Turn, rest: str = "") -> None:
    """空岗: what is empty, a line and a button each; and what happens meanwhile."""
    if staff_only(turn):
        return
    areas = access.staff_areas(turn.person)
    if not areas:
        turn.say("gaps.only_desks")
        return
    cells = empty_cells(turn, [AreaId(g.id) for g in grids_in(turn, areas)])
    if not cells:
        turn.say("gaps.none")
        return
    lines = "\n".join(said(turn, c) for c in cells[:SHOWN])
    more = text_of("gaps.more").format(count=len(cells) - SHOWN) if len(cells) > SHOWN else ""
    options = [Option("mend", {**told(c), "name": _short(turn, c)}) for c in cells[:SHOWN]]
    turn.ask("gaps.list", question="gaps", awaited=False, options=options, list=lines, more=more)


def empty_cells(turn: Turn, grids: Iterable[AreaId]) -> list[Stretch]:
    """The gaps of these grids that are not over, days of the same hours together; soonest first."""
    now = local(turn)
    above = {g: turn.town.ancestor(g, "community") for g in grids}
    days = [now.date() + timedelta(days=n) for n in range(-1, AHEAD + 1)]
    areas = sorted({a for pair in above.items() for a in pair if a is not None})
    known = roster.roster(turn.conn, areas, days)
    found: list[Gap] = []
    for grid, community in above.items():
        rows = known.only(grid, *([community] if community else []))
        found += gaps(rows, grid, now.date(), AHEAD, turn.policy.calendar.zone, FROM, UNTIL, _may(turn))
    cells = stretches(g for g in found if g.end > now)
    return sorted(cells, key=lambda c: (c.days[0], c.starts, c.area))


def _may(turn: Turn) -> Any:
    """Whether somebody sits in the post and cases reach it on such a row."""

    def may(post_id: PostId, duty: Duty) -> bool:
        post = turn.town.post(post_id)
        return post is not None and post.holder_id is not None and counts(post, duty)

    return may


# ---- the two taps ------------------------------------------------------------------------------------------------


@press("gaps", "mend")
def mend(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Who could be there: workers of the community who are free then, the least loaded first."""
    cell = heard(args)
    if not _answers_for(turn, cell):
        turn.say("refusal.not_yours")
        return
    free, there = _candidates(turn, cell)
    is_free = team.choices(turn, free)
    options = is_free or team.choices(turn, there)
    if not options:
        turn.say("gaps.nobody", what=said(turn, cell))
        return
    key = "gaps.who" if is_free else "gaps.who_beside"
    filled = [Option("fill", {**o.args, **args}, o.label) for o in options]
    turn.ask(key, question="gaps.who", awaited=False, options=filled, what=said(turn, cell))


def _candidates(turn: Turn, cell: Stretch) -> tuple[list[Post], list[Post]]:
    """(who is free on all of these days, all who are there, with another grid then or not): nobody on leave."""
    community = turn.town.ancestor(cell.area, "community")
    staff = turn.town.staff_in(community) if community else []
    workers = turn.town.least_loaded([p for p in staff if p.holder_id is not None and counts(p, "day")])
    days = sorted({d + timedelta(days=n) for d in cell.days for n in (-1, 0)})
    rows = roster.of_posts(turn.conn, [p.id for p in workers], days)
    there = [p for p in workers if not _away(rows, p, cell)]
    free = [p for p in there if not any(busy(rows, p.id, *_bounds(turn, cell, d)) for d in cell.days)]
    return free, there


def _away(rows: Roster, post: Post, cell: Stretch) -> bool:
    return any(leave.post == post.id and leave.first <= d <= leave.last for leave in rows.leaves for d in cell.days)


def _bounds(turn: Turn, cell: Stretch, day: date) -> tuple[datetime, datetime]:
    zone = turn.policy.calendar.zone
    return datetime.combine(day, cell.starts, zone), datetime.combine(day, cell.ends, zone)


@press("gaps.who", "fill")
def fill(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The second tap: written at once, the worker is told, and it can be taken back for ten minutes."""
    cell, post = heard(args), turn.town.post(PostId(args["post"]))
    if not _answers_for(turn, cell) or post is None or post.holder_id is None:
        turn.say("refusal.not_yours")
        return
    if post.id not in {p.id for p in _candidates(turn, cell)[1]}:  # gone on leave between the two taps
        turn.say("gaps.away", who=post_name(post), what=said(turn, cell))
        return
    still = {(c.area, c.starts, c.ends, d) for c in empty_cells(turn, [cell.area]) for d in c.days}
    days = tuple(d for d in cell.days if (cell.area, cell.starts, cell.ends, d) in still)
    if not days:
        turn.say("gaps.filled_already", what=said(turn, cell))
        return
    done = Stretch(cell.area, cell.starts, cell.ends, days)
    for day in days:
        turn.write(ChangeShift(post.id, cell.area, day, cell.starts, cell.ends, "on"))
    turn.tell(post.holder_id, "gaps.told", what=said(turn, done), name=turn.person.name)
    turn.ask("gaps.done", question="gaps.undo", options=[Option("take_back", {**told(done), "post": post.id})],
             what=said(turn, done), who=post_name(post))


@press("gaps.undo", "take_back")
def undo(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """点错了, within ten minutes: as if it had never been."""
    cell, post = heard(args), turn.town.post(PostId(args["post"]))
    if turn.now - question.asked_at > turn.policy.take_back:
        turn.say("resident.nothing_to_take_back")
        return
    if not _answers_for(turn, cell):
        turn.say("refusal.not_yours")
        return
    for day in cell.days:
        turn.write(ChangeShift(PostId(args["post"]), cell.area, day, cell.starts, cell.ends, "off"))
    hand_over(turn, frozenset({PostId(args["post"])}), cell.area)
    if post is not None and post.holder_id is not None:
        turn.tell(post.holder_id, "gaps.untold", what=said(turn, cell))
    turn.say("gaps.undone", what=said(turn, cell))


def _answers_for(turn: Turn, cell: Stretch) -> bool:
    return any(turn.town.within(cell.area, area) for area in access.staff_areas(turn.person))


# ---- words -------------------------------------------------------------------------------------------------------


def said(turn: Turn, cell: Stretch) -> str:
    """锦绣3网格 12月5日（周六）、12月6日（周日）全天."""
    today = local(turn).date()
    days = "、".join(say_day(d, today) for d in cell.days)
    hours = say_gap(cell.starts, cell.ends)
    return f"{team.area_name(turn, cell.area)} {days} {hours}"


def _short(turn: Turn, cell: Stretch) -> str:
    """锦绣3网格 12月5日等2天: for a button."""
    first, more = cell.days[0], len(cell.days)
    return f"{team.area_name(turn, cell.area)} {first.month}月{first.day}日" + (f"等{more}天" if more > 1 else "")


def told(cell: Stretch) -> dict[str, str]:
    """For a question's row."""
    days = ",".join(d.isoformat() for d in cell.days)
    return {"area": cell.area, "starts": cell.starts.isoformat(), "ends": cell.ends.isoformat(), "days": days}


def heard(args: dict[str, str]) -> Stretch:
    """From a question's row."""
    days = tuple(date.fromisoformat(d) for d in args["days"].split(","))
    return Stretch(AreaId(args["area"]), time.fromisoformat(args["starts"]), time.fromisoformat(args["ends"]), days)
