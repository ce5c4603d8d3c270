"""All of it together: one look at a town, narrowed to one of its areas when asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from casework.case import AreaId
from casework.coverage import Gap
from casework.groups import Group
from casework.missing import duty, ground, staff
from casework.missing.duty import Holes
from casework.missing.picture import Finding, Picture, What
from casework.policy import Calendar

ORDER = {what: place for place, what in enumerate(What)}


@dataclass(frozen=True)
class Survey:
    """What was found at `local`, by the town's clock, kind after kind in the order of What, area after area. `area`: the part of the town that was asked for;
    `called`: who has only the page and is called by a group's robot, each with the area of their post."""

    local: datetime
    area: AreaId
    picture: Picture
    holes: Holes
    findings: tuple[Finding, ...]
    called: tuple[tuple[AreaId, Group], ...] = ()

    def within(self, area: AreaId) -> Survey:
        """Only what lies in this area."""
        inside = tuple(found for found in self.findings if self.picture.within(found.area, area))
        called = tuple(each for each in self.called if self.picture.within(each[0], area))
        return replace(self, area=area, findings=inside, called=called)

    def without(self, kind: What) -> Survey:
        return replace(self, findings=tuple(found for found in self.findings if found.what is not kind))

    def of(self, *kinds: What) -> list[Finding]:
        return [found for found in self.findings if found.what in kinds]

    def counts(self) -> Counter[What]:
        return Counter(found.what for found in self.findings)

    def robots(self) -> Counter[str]:
        """How many people each group's robot calls."""
        return Counter(group.name for _, group in self.called)

    @cached_property
    def by_community(self) -> dict[AreaId | None, list[Finding]]:
        """The findings of each community; under None those that lie in none."""
        found: dict[AreaId | None, list[Finding]] = defaultdict(list)
        for each in self.findings:
            found[self.picture.above(each.area, "community")].append(each)
        return found

    def gaps_on(self, day: date) -> dict[AreaId | None, list[Gap]]:
        """What still lies ahead of that day's hours without anybody, by community."""
        found: dict[AreaId | None, list[Gap]] = defaultdict(list)
        for gap in self.holes.ahead:
            if gap.start.date() == day:
                found[self.picture.above(gap.area, "community")].append(gap)
        return found


def survey_of(
    picture: Picture, now: datetime, calendar: Calendar, shared: Iterable[tuple[str, tuple[str, ...]]], push: bool
) -> Survey:
    """Everything that is missing at this moment. `shared`: words that name several places; `push`: a channel rings."""
    local = now.astimezone(calendar.zone)
    today = local.date()
    place = {area: at for at, area in enumerate(picture.areas)}
    holes = duty.holes(picture, now, calendar.zone)
    found: Sequence[Finding] = [
        *duty.findings(holes),
        *staff.empty_chairs(picture),
        *staff.unheard(picture, local, push),
        *ground.places(picture),
        *ground.specialists(picture),
        *ground.two_ways(picture, shared),
        *ground.years(picture, today, calendar.known),
        *ground.answers(picture, today),
    ]
    findings = tuple(sorted(found, key=lambda each: (ORDER[each.what], place[each.area])))
    return Survey(local, picture.city, picture, holes, findings, tuple(staff.called(picture, local)))
