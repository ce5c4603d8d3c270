"""The nouns of the trade. Everything here is a frozen value; storage/tables.py is how it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from casework.accused import NOBODY, Accused

CaseId = NewType("CaseId", str)
PersonId = NewType("PersonId", str)
PostId = NewType("PostId", str)
AreaId = NewType("AreaId", str)


class State(StrEnum):
    """Where a case stands. DESIGN section 3 draws the ways between them; lifecycle.MOVES is the law."""

    REGISTERED = "registered"  # 受理: taken, nobody on it yet
    ASSIGNED = "assigned"  # 派单: a card is with somebody
    ACKNOWLEDGED = "acknowledged"  # 签收
    IN_PROGRESS = "in_progress"  # 办理: contacted, on the spot, coordinating
    RETURNED = "returned"  # 退单 for the third time: a supervisor names the owner
    DEFERRED = "deferred"  # 挂账: not this year, honestly, with the resident's yes
    RESOLVED = "resolved"  # 办结: the worker says so; the resident has not
    REOPENED = "reopened"  # 未解决: back with whoever had it, with new limits
    CONFIRMED = "confirmed"  # 居民确认
    WITHDRAWN = "withdrawn"  # 居民撤回
    CLOSED_UNANSWERED = "closed_unanswered"  # 未评价结案, only after a failed telephone task
    DISMISSED = "dismissed"  # 非诉求, by a named person with a reason


ENDS = frozenset({State.CONFIRMED, State.WITHDRAWN, State.CLOSED_UNANSWERED, State.DISMISSED})
HOTLINE = "hotline"  # the origin of what another register brought in (casework/records.py)
WAITING = frozenset({State.REGISTERED, State.ASSIGNED, State.REOPENED})  # nobody has acknowledged
WORKING = frozenset({State.ACKNOWLEDGED, State.IN_PROGRESS})


class Urgency(StrEnum):
    """How fast. The limits of each stand in Policy."""

    EMERGENCY = "emergency"  # 突发: danger to life now
    URGENT = "urgent"  # 水电气热 and the like
    NORMAL = "normal"


URGENCY_ORDER = {Urgency.EMERGENCY: 0, Urgency.URGENT: 1, Urgency.NORMAL: 2}


class Role(StrEnum):
    """What a post is for."""

    RESIDENT = "resident"
    WORKER = "worker"  # 网格员
    BUILDING_LEAD = "building_lead"  # 楼栋长
    UNIT_LEAD = "unit_lead"  # 单元长
    ESTATE_LEAD = "estate_lead"
    SECRETARY = "community_secretary"  # 社区书记; the desk (受理员) by default
    SUBDISTRICT = "subdistrict"  # 街道值班
    CITY = "city"
    SPECIALIST = "specialist"  # heating company, property company, water works …


class WorkerKind(StrEnum):
    """The three kinds of grid worker."""

    FULL_TIME = "full_time"  # 专职
    PART_TIME = "part_time"  # 兼职
    AUXILIARY = "auxiliary"  # 辅助: only on night rows or as a named substitute


class Part(StrEnum):
    """What a post has to do with a case (table case_post)."""

    FIRST_OWNER = "first_owner"  # 首接负责: stays responsible whoever joins
    ASSIGNEE = "assignee"  # whose turn it is
    JOINED = "joined"  # a specialist beside the territory
    CLIMBED = "climbed"  # a rung above, told because those below were silent


class Who(StrEnum):
    """In what capacity somebody acts upon a case: the third column of MOVES."""

    RESIDENT = "resident"  # whose case it is
    STAFF = "staff"  # has an open assignee, climbed or joined part
    DESK = "desk"  # secretary or above, for whom the case is in scope
    SYSTEM = "system"  # a limit that passed


class Answer(StrEnum):
    """Is it solved? (check-back, question 1)"""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"


class Satisfaction(StrEnum):
    """Are you satisfied? (check-back, question 2)"""

    SATISFIED = "satisfied"
    MOSTLY = "mostly"
    DISSATISFIED = "dissatisfied"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the trouble is, as far as known. Names are looked up from the ids when shown."""

    estate_id: str | None = None
    building_id: str | None = None
    unit: str | None = None
    room: str | None = None
    place_id: str | None = None  # a road or landmark
    lat: float | None = None  # WGS-84
    lon: float | None = None
    words: str = ""  # as the resident said it, when nothing above says it

    @property
    def known(self) -> bool:
        return bool(self.estate_id or self.building_id or self.place_id or self.words or self.lat is not None)


@dataclass(frozen=True, slots=True)
class Case:
    """One request, from the resident's message to the resident's own word. All times are aware. `clock_from`: when the present
    acknowledge and on-the-spot clocks began: the filing, 07:00 for an urgent case without a night roster, or the reopening."""

    id: CaseId
    number: str  # spoken, 26-001234; never an access right
    state: State
    category: str
    urgency: Urgency
    resident_id: PersonId
    filed_at: datetime
    clock_from: datetime
    summary: str  # the resident's words, cut for a card
    community_id: AreaId | None  # the smallest known area's community; None: the city's desk
    grid_id: AreaId | None
    area_id: AreaId  # smallest known area: grid, community, subdistrict or city
    topic: str | None = None
    also: tuple[str, ...] = ()
    danger: str | None = None  # kind of danger, when an emergency
    spot: Spot = field(default_factory=Spot)
    channel: str = "web"
    behalf: bool = False  # filed for somebody else
    by_telephone: bool = False  # 回访 by telephone at once: a number of whom it is about, or filed by staff
    confidential: bool = False
    accused: Accused = NOBODY
    confidence: float = 1.0
    rung: int = 0  # how far it has climbed since clock_from
    climbed_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: PersonId | None = None
    contacted_at: datetime | None = None
    arrived_at: datetime | None = None
    arrival_missed_at: datetime | None = None  # told upward once, or no longer waited for (visits.py)
    solve_missed_at: datetime | None = None
    solve_from: datetime | None = None  # the reopening, when solve runs anew; else the filing
    soon_told_at: datetime | None = None
    promise_at: datetime | None = None
    promise_due: datetime | None = None  # a new date must be named until then (部分解决, 督办)
    extended: bool = False  # 疑难: 15 days
    defer_until: datetime | None = None
    defer_why: str | None = None
    defer_told_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: PersonId | None = None
    reminders: int = 0  # of the present check-back
    telephone_since: datetime | None = None  # the telephone task of the present check-back
    answer: Answer | None = None
    answered_at: datetime | None = None
    satisfaction: Satisfaction | None = None
    returns: int = 0
    returned_at: datetime | None = None  # the third return, or the last reminder of it
    reopens: int = 0
    nudges: int = 0
    nudged_at: datetime | None = None
    handover_at: datetime | None = None  # the shift's end: not acknowledged by then, it goes to the new duty
    climb_told_at: datetime | None = None  # the resident was last told that it climbed
    supervised: bool = False  # 督办
    unheard_told_at: datetime | None = None  # danger with nobody: the resident was told the truth
    safe_at: datetime | None = None  # a staff member's 已无危险
    ended_at: datetime | None = None
    end_reason: str | None = None
    redirected_to: str | None = None
    merged_into: CaseId | None = None
    struck_out: bool = False
    origin: str = "resident"
    coordinating: bool = False
    appointment_at: datetime | None = None  # 约好的时间, as long as it is still to come
    appointment_with: PostId | None = None  # who comes
    appointment_told: int = 0  # reminded so far: 1 the resident, 2 who comes as well
    rev: int = 0

    @property
    def ended(self) -> bool:
        return self.state in ENDS

    @property
    def emergency(self) -> bool:
        return self.urgency is Urgency.EMERGENCY


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one case. `changes` maps a field of Case to its new value: the events rebuild the case. Raw words are
    never in here, only `remark_id`, so that words can be erased and history kept."""

    case_id: CaseId
    seq: int
    at: datetime
    kind: str  # the action's name, snake_case
    who: Who
    by: PersonId | None
    post: PostId | None
    was: State | None
    now: State
    changes: dict[str, object]
    remark_id: str | None = None


@dataclass(frozen=True, slots=True)
class CasePost:
    """Who has to do with a case, since when, until when (None: now)."""

    case_id: CaseId
    post_id: PostId
    part: Part
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A chair of the organisation. A post owns; people come and go."""

    id: PostId
    role: Role
    area_id: AreaId
    title: str
    kind: WorkerKind | None = None
    place_id: str | None = None
    categories: tuple[str, ...] = ()
    holder_id: PersonId | None = None
    holder_name: str = ""
    phone: str | None = None  # of the post itself, for a specialist without a chat


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks with Jiesu. Staff are persons who hold posts."""

    id: PersonId
    name: str = ""
    phone: str | None = None
    home: Spot = field(default_factory=Spot)
    posts: tuple[Post, ...] = ()
    language: str = "zh"

    @property
    def staff(self) -> bool:
        return bool(self.posts)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person in a capacity, perhaps for a post."""

    who: Who
    person: PersonId | None = None
    post: PostId | None = None


SYSTEM = Actor(Who.SYSTEM)


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person has to do. `climbed`: the desks above that have it as well by now, the nearest first."""

    id: str
    kind: str  # sort | telephone | visit | unreached | undelivered | failed | name_owner | human | question | listen | leave …
    owner_post: PostId
    opened_at: datetime
    due_at: datetime
    case_id: CaseId | None = None
    person_id: PersonId | None = None  # whom it is about
    inbox_id: int | None = None
    tries: int = 0
    tried_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str | None = None
    note: str = ""
    climbed: tuple[PostId, ...] = ()


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that must happen at `due_at` unless the case has moved on. Derived, never set by hand."""

    kind: str
    due_at: datetime
