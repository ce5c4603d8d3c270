"""How much of the duty was covered in a report's days: of all of it, of the areas below, and which grids have hours without anybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.papers.pack import GridLine, Stretch
from casework.case import AreaId
from casework.coverage import Covered
from casework.missing.duty import shares
from casework.policy import Policy
from storage import missing, packs
from storage.database import Connection


@dataclass(frozen=True, slots=True)
class Duty:
    """By grid; `first` is the first day of which a roster is kept."""

    first: date | None = None
    grids: Mapping[AreaId, Covered] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)

    def within(self, area: str) -> Covered | None:
        """Of an area; None where nothing is known."""
        inside = [told for grid, told in self.grids.items() if f"/{area}/" in self.paths.get(grid, "")]
        return sum(inside, Covered()) if inside else None


def duty(conn: Connection, policy: Policy, area_id: str, stretch: Stretch, today: date) -> Duty:
    """Of the days of the stretch that are over or begun, since the first post was filled."""
    since = missing.staffed_since(conn)
    if since is None:
        return Duty()
    first = max(stretch.first, since.astimezone(policy.calendar.zone).date())
    days = (min(stretch.last, today) - first) // timedelta(days=1) + 1
    if days <= 0:
        return Duty()
    found = shares(missing.duty(conn, first, days), AreaId(area_id), first, days, policy.calendar)
    return Duty(first, found, packs.paths(conn))


def gaps(told: Duty, row: Any, names: Mapping[str, str]) -> list[GridLine]:
    """The grids that had hours by day without anybody, in their own order."""
    short = {grid: names[grid].removeprefix(row.name) or names[grid] for grid in told.grids}
    return [GridLine(short[grid], each) for grid, each in sorted(told.grids.items()) if each.day.good < each.day.of]
