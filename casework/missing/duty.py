"""Hours by day in which a grid has nobody on duty: in the next days as they stand, and by the weekly pattern alone; how much of
some days its roster covers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from casework.case import AreaId, PostId
from casework.coverage import Covered, Gap, May, Week, covered, gaps, later_than, stretches
from casework.missing.picture import Finding, Picture, What
from casework.policy import Calendar
from casework.roster import Duty, Roster, counts

DAYS: Final = 7
FROM: Final = time(7)  # at night a grid may be without anybody (BEHAVIOUR, Night)
UNTIL: Final = time(22)


@dataclass(frozen=True, slots=True)
class Holes:
    """`ahead`: what still lies ahead of the next seven days. `weekly`: by the pattern alone, in the same days."""

    ahead: tuple[Gap, ...]
    weekly: tuple[Gap, ...]


def holes(picture: Picture, now: datetime, zone: ZoneInfo) -> Holes:
    """Of every grid."""
    may = _may(picture)
    today: date = now.astimezone(zone).date()
    ahead: list[Gap] = []
    weekly: list[Gap] = []
    for grid in picture.of_kind("grid"):
        roster = picture.roster_of(grid.id)
        ahead += later_than(gaps(roster, grid.id, today, DAYS, zone, FROM, UNTIL, may), now)
        weekly += gaps(Roster(roster.shifts), grid.id, today, DAYS, zone, FROM, UNTIL, may)
    return Holes(tuple(ahead), tuple(weekly))


def _may(picture: Picture) -> May:
    """Whoever counts on the roster counts here, if somebody holds the post."""

    def may(post_id: PostId, duty: Duty) -> bool:
        post = picture.posts.get(post_id)
        return post is not None and post.holder_id is not None and counts(post, duty)

    return may


def shares(picture: Picture, area: AreaId, first: date, days: int, calendar: Calendar) -> dict[AreaId, Covered]:
    """How much of these days is covered in each grid of an area, by the roster as it is kept."""
    may = _may(picture)
    inside = [grid.id for grid in picture.of_kind("grid") if picture.within(grid.id, area)]
    known: dict[Week, Covered] = {}
    return {grid: covered(picture.roster_of(grid), grid, first, days, calendar, may, known) for grid in inside}


def findings(found: Holes) -> list[Finding]:
    """Both, grouped as people say them. What is empty every week is not told once more for the next seven days."""
    every_week = {(gap.area, gap.end): gap.start for gap in found.weekly}
    others = [gap for gap in found.ahead if not _known(gap, every_week.get((gap.area, gap.end)))]
    return [*_said(What.GAP, others), *_said(What.WEEKLY_GAP, found.weekly)]


def _known(gap: Gap, weekly: datetime | None) -> bool:
    """Whether the gap is one of every week, perhaps the rest of one that has begun."""
    return weekly is not None and weekly <= gap.start


def _said(what: What, found: Iterable[Gap]) -> list[Finding]:
    """`days`: dates ahead; of every week the ISO weekdays, whatever day it is today."""
    return [
        Finding(what, told.area, {"days": _days(what, told.days), "from": told.starts, "until": told.ends})
        for told in stretches(found)
    ]


def _days(what: What, days: tuple[date, ...]) -> tuple[date, ...] | tuple[int, ...]:
    return days if what is What.GAP else tuple(sorted(day.isoweekday() for day in days))
