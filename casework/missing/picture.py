"""The organisation as it stands, as values, and what is found in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from casework.case import AreaId, PersonId, Post, PostId
from casework.groups import Group
from casework.roster import Leave, Roster

NOTHING = Roster()


class What(StrEnum):
    """Kinds of what is missing, in the order in which they are told."""

    GAP = "gap"  # in the next days nobody is on duty
    WEEKLY_GAP = "weekly_gap"  # by the weekly pattern nobody ever is
    VACANT = "vacant"  # nobody holds the post
    NO_POST = "no_post"  # an area without the post that should answer for it
    NOT_IN = "not_in"  # has never come in by any channel
    BLOCKED = "blocked"  # has shut every door
    SILENT = "silent"  # gets cards and does nothing
    PAGE_ONLY = "page_only"  # sees them only when the page is opened
    NO_GRID = "no_grid"  # a building in no grid
    NO_BUILDINGS = "no_buildings"  # an estate without buildings
    NO_LEAD = "no_lead"  # an estate or a building without its lead
    NO_SPECIALIST = "no_specialist"  # nobody to join for heating, water, property
    TWO_WAYS = "two_ways"  # one name, several places
    YEAR = "year"  # a year whose holidays nobody knows yet
    ANSWER = "answer"  # a prepared answer that ends soon, or has ended


@dataclass(frozen=True, slots=True)
class Area:
    id: AreaId
    kind: str
    name: str
    parent: AreaId | None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """A place: `parent` of a building is its estate; `grids` as written, ended ones too."""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    grids: tuple[AreaId, ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """An address of somebody: whether it is blocked, and when they last wrote, pressed or looked at the page."""

    channel: str
    blocked: bool
    seen: datetime | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is missing. `area` is the smallest that it concerns; `facts` fill its sentence (texts.toml, [missing])."""

    what: What
    area: AreaId
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """Only what has not ended. `posts` with their present holders; `doors` and `cards` of those who are on the roster or a desk.

    `rosters` by area: shifts, and exceptions of the days looked at; `leaves` of the same days. `cards`: the oldest card that
    somebody got and neither wrote nor pressed nor looked at the page since. `answers`: topic and last valid day. `groups`: the robots
    that call who has only the page.
    """

    areas: Mapping[AreaId, Area]
    places: Mapping[str, Ground] = field(default_factory=dict)
    posts: Mapping[PostId, Post] = field(default_factory=dict)
    rosters: Mapping[AreaId, Roster] = field(default_factory=dict)
    leaves: tuple[Leave, ...] = ()
    resting: Mapping[PostId, datetime] = field(default_factory=dict)
    doors: Mapping[PersonId, tuple[Door, ...]] = field(default_factory=dict)
    cards: Mapping[PersonId, datetime] = field(default_factory=dict)
    answers: tuple[tuple[str, date], ...] = ()
    groups: tuple[Group, ...] = ()

    @cached_property
    def city(self) -> AreaId:
        return next(area.id for area in self.areas.values() if area.kind == "city")

    def of_kind(self, kind: str) -> list[Area]:
        return [area for area in self.areas.values() if area.kind == kind]

    def up(self, area_id: AreaId | None) -> Iterator[Area]:
        """The area and those that hold it, smallest first."""
        while area_id is not None and area_id in self.areas:
            yield self.areas[area_id]
            area_id = self.areas[area_id].parent

    def within(self, area_id: AreaId | None, ancestor: AreaId) -> bool:
        return any(area.id == ancestor for area in self.up(area_id))

    def above(self, area_id: AreaId, kind: str) -> AreaId | None:
        """The area of this kind that holds the area, itself included."""
        return next((area.id for area in self.up(area_id) if area.kind == kind), None)

    def common(self, areas: Iterable[AreaId]) -> AreaId:
        """The smallest area that holds all of these; the city for none."""
        ways = [[area.id for area in self.up(each)] for each in areas]
        return next((a for a in (ways[0] if ways else ()) if all(a in way for way in ways)), self.city)

    def grids_of(self, place: Ground) -> list[AreaId]:
        """The grids a place lies in, ended ones left out; an estate's by its own row."""
        return [grid for grid in place.grids if grid in self.areas]

    def full_name(self, place: Ground) -> str:
        """锦绣苑3号楼: a building is named with its estate."""
        estate = self.places.get(place.parent or "") if place.kind == "building" else None
        return (estate.name if estate else "") + place.name

    def roster_of(self, grid: AreaId) -> Roster:
        """What is known of a grid: its own rows and its community's, as a dispatch reads them."""
        areas = [grid, *([c] if (c := self.above(grid, "community")) else [])]
        known = [self.rosters.get(area, NOTHING) for area in areas]
        shifts = [shift for roster in known for shift in roster.shifts]
        changes = [change for roster in known for change in roster.changes]
        posts = {shift.post for shift in shifts} | {change.post for change in changes}
        leaves = self._with_substitutes(posts)
        posts |= {leave.substitute for leave in leaves if leave.substitute is not None}
        return Roster(shifts, changes, leaves, {p: self.resting[p] for p in posts if p in self.resting})

    def _with_substitutes(self, posts: Set[PostId]) -> list[Leave]:
        """The leave of these posts, and that of whoever stands in for them: without a row here they may be away too."""
        found: dict[Leave, None] = {}
        asked: set[PostId] = set()
        while more := posts - asked:
            leaves = [leave for post in sorted(more) for leave in self._leaves_by_post.get(post, ())]
            found.update(dict.fromkeys(leaves))
            asked |= more
            posts = {leave.substitute for leave in leaves if leave.substitute is not None}
        return list(found)

    @cached_property
    def _leaves_by_post(self) -> Mapping[PostId, list[Leave]]:
        found: dict[PostId, list[Leave]] = {}
        for leave in self.leaves:
            found.setdefault(leave.post, []).append(leave)
        return found
