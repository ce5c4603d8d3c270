"""The rows of an organisation, one dataclass a sheet. `row` is the line in the file (0: not from a file) and does not count when
two rows are compared: the same row in another line is the same row. References are ids (`id` of an area, place, person, post)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

AreaKind = Literal["city", "subdistrict", "community", "grid"]
PlaceKind = Literal["estate", "building", "road", "landmark"]
Role = Literal[
    "worker", "building_lead", "unit_lead", "estate_lead", "community_secretary", "subdistrict", "city", "specialist"
]
PostKind = Literal["", "full_time", "part_time", "auxiliary"]
Duty = Literal["day", "night"]

AREA_KINDS = ("city", "subdistrict", "community", "grid")  # each lies in one of the kind before it
PLACE_KINDS = ("estate", "building", "road", "landmark")
ROLES = (
    "worker",
    "building_lead",
    "unit_lead",
    "estate_lead",
    "community_secretary",
    "subdistrict",
    "city",
    "specialist",
)
POST_KINDS = ("full_time", "part_time", "auxiliary")
CATEGORIES = (
    "roads_parking",
    "drainage",
    "building_facilities",
    "property_service",
    "sanitation",
    "safety_order",
    "heating",
    "water_power_gas",
    "noise_neighbours",
    "public_services",
)


@dataclass(frozen=True, kw_only=True)
class Row:
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, kw_only=True)
class AreaRow(Row):
    """A city, subdistrict, community or grid; `parent` is the area it lies in (empty for the city)."""

    id: str
    kind: AreaKind
    name: str
    parent: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PlaceRow(Row):
    """Something people name. A building has its estate as `parent` and exactly one grid; estates and roads may lie in several.
    Coordinates are WGS-84 degrees; `units` is the number of a building's units (单元)."""

    id: str
    kind: PlaceKind
    name: str
    aliases: tuple[str, ...] = ()
    parent: str = ""
    grids: tuple[str, ...] = ()
    units: int | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, kw_only=True)
class PersonRow(Row):
    id: str
    name: str
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class PostRow(Row):
    """A post owns cases; the person in it comes and goes (`person` empty: vacant). `kind` is set for workers and leads only.
    `categories` are what a specialist is joined for; `phone` is the post's own, for a specialist without a chat."""

    id: str
    role: Role
    kind: PostKind = ""
    area: str
    place: str = ""
    categories: tuple[str, ...] = ()
    title: str = ""
    person: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class RosterRow(Row):
    """The weekly pattern: `post` has duty for the area `grid` on these ISO weekdays (1 = Monday). `until` not later than `start`
    means on the following day; both 00:00 is the whole day. A night belongs to the weekday on which it begins."""

    post: str
    grid: str
    weekdays: tuple[int, ...]
    start: time
    until: time
    duty: Duty


@dataclass(frozen=True, kw_only=True)
class ExceptionRow(Row):
    """One date on which the weekly pattern does not hold: `off` takes the post off duty there (without hours: all day), `on` adds it."""

    day: date
    post: str
    grid: str
    start: time | None = None
    until: time | None = None
    kind: Literal["off", "on"]


@dataclass(frozen=True, kw_only=True)
class LeaveRow(Row):
    """A leave from `first` to `last`, both included; `substitute` is the post that stands in."""

    post: str
    first: date
    last: date
    substitute: str = ""


@dataclass(frozen=True, kw_only=True)
class WorkdayRow(Row):
    """A day of the installation's own: off though the calendar works, or worked though it is free."""

    day: date
    kind: Literal["off", "work"]
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerRow(Row):
    """A prepared answer to a common question: see nlp.answers.Answer."""

    topic: str
    any_of: tuple[str, ...]
    with_any: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    text: str
    source: str
    valid_until: date


@dataclass(frozen=True)
class Organisation:
    """The whole organisation as read; each tuple in the order of its sheet."""

    areas: tuple[AreaRow, ...] = ()
    places: tuple[PlaceRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    posts: tuple[PostRow, ...] = ()
    roster: tuple[RosterRow, ...] = ()
    exceptions: tuple[ExceptionRow, ...] = ()
    leave: tuple[LeaveRow, ...] = ()
    workdays: tuple[WorkdayRow, ...] = ()
    answers: tuple[AnswerRow, ...] = ()
