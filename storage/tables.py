"""Every table. Rows are read and written by Core statements on these models; no ORM sessions (MEASURED.md section 1).

Rows about a case carry `community_id`, the natural shard key. Times are aware UTC. States are kept as text.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Index, UniqueConstraint, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class Utc(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out: SQLite forgets the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive time has no place in the database")
        return value and value.astimezone(UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """The same in one step: a case has two dozen moments."""
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)

        def written(value: datetime | None) -> str | None:
            at = value if value is None or value.tzinfo is UTC else self.process_bind_param(value, dialect)
            return None if at is None else at.isoformat(" ", "microseconds")[:26]  # without +00:00

        return written

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and (value if value.tzinfo else value.replace(tzinfo=UTC))

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """The same in one step: a case has two dozen moments, and lists have hundreds of cases. PostgreSQL's are aware as they come."""
        read: Callable[[Any], Any] | None = self.impl_instance.dialect_impl(dialect).result_processor(dialect, coltype)
        if read is None:
            return None if dialect.name == "postgresql" else super().result_processor(dialect, coltype)
        return lambda value: None if value is None else read(value).replace(tzinfo=UTC)


def _at(**kw: Any) -> Any:
    return Field(sa_type=Utc, **kw)


def _json(**kw: Any) -> Any:
    return Field(sa_type=JSON, **kw)


def _where(condition: str) -> dict[str, Any]:
    """A partial index on both databases: with one of the two missing, that engine silently gets a full one."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


LATE = "is_open = 1 AND (solve_missed_at IS NOT NULL OR (acknowledged_at IS NULL AND rung > 0))"
UNACKNOWLEDGED = "is_open = 1 AND acknowledged_at IS NULL"
"""Conditions that stand in an index and, word for word, in what asks by it."""


# ---- the organisation -------------------------------------------------------------------------------------------


class Area(SQLModel, table=True):
    """city > subdistrict > community > grid: duty, access and figures hang on these. `path` = /city/…/grid/."""

    __tablename__ = "area"
    id: str = Field(primary_key=True)
    kind: str
    name: str
    parent_id: str | None = Field(default=None, foreign_key="area.id", index=True)
    path: str = Field(index=True)
    aliases: list[str] = _json(default_factory=list)
    ended_at: datetime | None = _at(default=None)  # cases of the past still lie here


class Place(SQLModel, table=True):
    """estate > building, roads, landmarks: what people say. `grids`: one for a building, perhaps several else."""

    __tablename__ = "place"
    id: str = Field(primary_key=True)
    kind: str
    name: str
    aliases: list[str] = _json(default_factory=list)
    parent_id: str | None = Field(default=None, foreign_key="place.id", index=True)
    grids: list[str] = _json(default_factory=list)
    units: int | None = None
    lat: float | None = None
    lon: float | None = None
    ended_at: datetime | None = _at(default=None)


class Person(SQLModel, table=True):
    __tablename__ = "person"
    id: str = Field(primary_key=True)
    name: str = ""
    phone: str | None = Field(default=None, index=True)
    language: str = "zh"
    home: dict[str, Any] = _json(default_factory=dict)  # Spot without coordinates
    phone_asked: bool = False
    merged_into: str | None = None
    org_id: str | None = Field(default=None, unique=True)  # the organisation's own id of a staff member
    left_at: datetime | None = _at(default=None)  # no longer of the staff; comes back under the same org_id
    created_at: datetime = _at()


class Address(SQLModel, table=True):
    """A way to reach a person: (channel, external id)."""

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)
    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    channel: str
    external_id: str  # in a group: chat:user
    group_id: str | None = Field(default=None, index=True)  # the group in which the person is heard; None: a way to them alone
    reach_until: datetime | None = _at(default=None)
    reach_left: int | None = None
    seen_at: datetime | None = _at(default=None)
    blocked_at: datetime | None = _at(default=None)


class Post(SQLModel, table=True):
    __tablename__ = "post"
    __table_args__ = (Index("post_role", "role", "area_id"),)
    id: str = Field(primary_key=True)
    role: str
    kind: str | None = None
    area_id: str = Field(foreign_key="area.id", index=True)
    place_id: str | None = Field(default=None, index=True)
    categories: list[str] = _json(default_factory=list)
    title: str = ""
    phone: str | None = None
    off_since: datetime | None = _at(default=None)  # off duty by the worker's own word
    ended_at: datetime | None = _at(default=None)


class Holding(SQLModel, table=True):
    """Who sits in a post, since when, until when."""

    __tablename__ = "holding"
    __table_args__ = (
        Index("holding_now", "post_id", **_where("until IS NULL")),
        Index("holding_person", "person_id", **_where("until IS NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    post_id: str = Field(foreign_key="post.id")
    person_id: str = Field(foreign_key="person.id")
    since: datetime = _at()
    until: datetime | None = _at(default=None)


class Roster(SQLModel, table=True):
    """A weekly row: post covers area on weekdays (1 = Monday) from–until, which may pass midnight."""

    __tablename__ = "roster"
    id: int | None = Field(default=None, primary_key=True)
    post_id: str = Field(foreign_key="post.id", index=True)
    area_id: str = Field(foreign_key="area.id", index=True)
    weekdays: str
    starts: time
    ends: time
    duty: str  # day | night


class RosterException(SQLModel, table=True):
    __tablename__ = "roster_exception"
    id: int | None = Field(default=None, primary_key=True)
    day: date
    post_id: str = Field(foreign_key="post.id", index=True)
    area_id: str = Field(foreign_key="area.id")
    starts: time
    ends: time
    kind: str  # on | off


class Leave(SQLModel, table=True):
    __tablename__ = "leave"
    id: int | None = Field(default=None, primary_key=True)
    post_id: str = Field(foreign_key="post.id", index=True)
    first: date
    last: date
    substitute_id: str | None = None


class Workday(SQLModel, table=True):
    """The installation's own days off and days worked, over the public holidays."""

    __tablename__ = "workday"
    day: date = Field(primary_key=True)
    kind: str  # off | work
    name: str = ""


class Answer(SQLModel, table=True):
    """nlp.answers.Answer: a prepared answer to a common question, from the organisation's workbook."""

    __tablename__ = "answer"
    id: int | None = Field(default=None, primary_key=True)
    topic: str
    any_of: list[str] = _json(default_factory=list)
    with_any: list[str] = _json(default_factory=list)
    none_of: list[str] = _json(default_factory=list)
    text: str
    source: str
    valid_until: date


class DeskAnswer(SQLModel, table=True):
    """An answer that a desk put among the prepared ones, with who did; given to those of `area_id`, else to all. Loading the
    organisation leaves it alone."""

    __tablename__ = "desk_answer"
    id: str = Field(primary_key=True)
    topic: str
    any_of: list[str] = _json(default_factory=list)
    with_any: list[str] = _json(default_factory=list)
    text: str
    source: str
    valid_until: date
    area_id: str | None = Field(default=None, foreign_key="area.id")
    question: str
    added_by: str = Field(foreign_key="person.id")
    added_post: str = Field(foreign_key="post.id")
    added_at: datetime = _at()
    ended_by: str | None = None
    ended_at: datetime | None = _at(default=None)


class Setting(SQLModel, table=True):
    """Facts about this database: demo or live, clock offset, revision of the organisation, key check."""

    __tablename__ = "setting"
    name: str = Field(primary_key=True)
    value: str


class Counter(SQLModel, table=True):
    __tablename__ = "counter"
    name: str = Field(primary_key=True)
    value: int


# ---- cases ------------------------------------------------------------------------------------------------------


class Case(SQLModel, table=True):
    """casework.case.Case, field by field; `is_open` is kept for the indexes."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("case_open_resident", "resident_id", "filed_at", **_where("is_open = 1")),
        Index("case_open_building", "building_id", "filed_at", **_where("is_open = 1")),
        Index("case_open_community", "community_id", **_where("is_open = 1")),
        Index("case_community", "community_id", "filed_at"),
        Index("case_resident", "resident_id", "filed_at"),
        Index("case_building", "building_id", "filed_at"),
        Index("case_spoken_of", "filed_at", **_where("accused_level > 0")),
        Index("case_spoken_of_in", "area_id", "filed_at", "accused_level", **_where("accused_level > 0")),
        Index("case_merged", "merged_into", **_where("merged_into IS NOT NULL")),
        Index("case_late", "filed_at", "area_id", "state", **_where(LATE)),
        Index("case_unacknowledged", "area_id", "state", **_where(UNACKNOWLEDGED)),
        Index("case_ended", "ended_at", "accused_level", "area_id", **_where("ended_at IS NOT NULL")),
        Index("case_open_spoken_of", "accused_level", **_where("accused_level > 0 AND is_open = 1")),
    )
    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    state: str
    is_open: int = 1
    category: str
    topic: str | None = None
    also: list[str] = _json(default_factory=list)
    urgency: str
    danger: str | None = None
    resident_id: str = Field(foreign_key="person.id")
    channel: str
    behalf: bool = False
    by_telephone: bool = False
    confidential: bool = False
    accused: dict[str, Any] = _json(default_factory=dict)  # casework.accused.Accused
    accused_level: int = 0  # kept for the queries: 0 is a complaint about nobody
    confidence: float = 1.0
    summary: str
    community_id: str | None = None
    grid_id: str | None = Field(default=None, index=True)
    area_id: str
    estate_id: str | None = None
    building_id: str | None = None
    unit: str | None = None
    room: str | None = None
    place_id: str | None = None
    lat: float | None = None
    lon: float | None = None
    place_words: str = ""
    filed_at: datetime = _at(index=True)
    clock_from: datetime = _at()
    rung: int = 0
    climbed_at: datetime | None = _at(default=None)
    acknowledged_at: datetime | None = _at(default=None)
    acknowledged_by: str | None = None
    contacted_at: datetime | None = _at(default=None)
    arrived_at: datetime | None = _at(default=None)
    arrival_missed_at: datetime | None = _at(default=None)
    solve_missed_at: datetime | None = _at(default=None)
    solve_from: datetime | None = _at(default=None)
    soon_told_at: datetime | None = _at(default=None)
    promise_at: datetime | None = _at(default=None)
    promise_due: datetime | None = _at(default=None)
    extended: bool = False
    defer_until: datetime | None = _at(default=None)
    defer_why: str | None = None
    defer_told_at: datetime | None = _at(default=None)
    resolved_at: datetime | None = _at(default=None)
    resolved_by: str | None = None
    reminders: int = 0
    telephone_since: datetime | None = _at(default=None)
    answer: str | None = None
    answered_at: datetime | None = _at(default=None)
    satisfaction: str | None = None
    returns: int = 0
    returned_at: datetime | None = _at(default=None)
    reopens: int = 0
    nudges: int = 0
    nudged_at: datetime | None = _at(default=None)
    handover_at: datetime | None = _at(default=None)
    climb_told_at: datetime | None = _at(default=None)
    supervised: bool = False
    unheard_told_at: datetime | None = _at(default=None)
    safe_at: datetime | None = _at(default=None)
    ended_at: datetime | None = _at(default=None)
    end_reason: str | None = None
    redirected_to: str | None = None
    merged_into: str | None = None
    struck_out: bool = False
    origin: str = "resident"
    coordinating: bool = False
    appointment_at: datetime | None = _at(default=None)
    appointment_with: str | None = None
    appointment_told: int = 0
    rev: int = 0


class Event(SQLModel, table=True):
    """One change of one case; append only."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("case_id", "seq"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: str = Field(foreign_key="cases.id")
    community_id: str | None = None
    seq: int
    at: datetime = _at()
    kind: str
    who: str
    by: str | None = None
    post: str | None = None
    was: str | None = None
    now: str
    changes: dict[str, Any] = _json(default_factory=dict)
    remark_id: str | None = None


class Remark(SQLModel, table=True):
    """Raw words about a case, apart from its events, so that words can be erased and history kept."""

    __tablename__ = "remark"
    id: str = Field(primary_key=True)
    case_id: str = Field(foreign_key="cases.id", index=True)
    community_id: str | None = None
    person_id: str | None = None
    internal: bool = False
    text: str
    at: datetime = _at()


class Record(SQLModel, table=True):
    """A record of another register (a hotline's export) and the case that it became: known again by its number there."""

    __tablename__ = "record"
    source: str = Field(primary_key=True)
    key: str = Field(primary_key=True)  # the number there, or a hash of what was told where there is none
    case_id: str = Field(foreign_key="cases.id", unique=True)
    fingerprint: str  # of all that was read: a record that changed comes in anew
    rev: int  # of the case when it last came in: later ones are Jiesu's own
    told: dict[str, Any] = _json(default_factory=dict)  # what the register itself says: number, category, department
    at: datetime = _at()


class CasePost(SQLModel, table=True):
    __tablename__ = "case_post"
    __table_args__ = (
        Index("one_first_owner", "case_id", unique=True, **_where("part = 'first_owner' AND until IS NULL")),
        Index("case_post_case", "case_id"),
        Index("case_post_open", "post_id", **_where("until IS NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    case_id: str = Field(foreign_key="cases.id")
    community_id: str | None = None
    post_id: str = Field(foreign_key="post.id")
    part: str
    since: datetime = _at()
    until: datetime | None = _at(default=None)


class Attachment(SQLModel, table=True):
    """A file, content-addressed under the data folder: file first, row second."""

    __tablename__ = "attachment"
    __table_args__ = (Index("attachment_remote", "at", **_where("sha256 IS NULL AND remote IS NOT NULL")),)
    id: str = Field(primary_key=True)
    sha256: str | None = None
    mime: str | None = None
    size: int | None = None
    kind: str = "photo"
    name: str | None = None  # what it is called when somebody saves it; of files that Jiesu made
    person_id: str = Field(foreign_key="person.id", index=True)
    case_id: str | None = Field(default=None, foreign_key="cases.id", index=True)
    event_id: int | None = None
    community_id: str | None = None
    channel: str | None = None
    remote: str | None = Field(default=None)  # still to be downloaded
    tries: int = 0
    retry_at: datetime | None = _at(default=None)
    at: datetime = _at()


class Timer(SQLModel, table=True):
    """Derived from a case (deadlines.timers), a draft or a task; the truth about what is due."""

    __tablename__ = "timer"
    __table_args__ = (
        Index("timer_due", "due_at", **_where("is_open = 1")),
        Index("timer_case", "case_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    due_at: datetime = _at()
    case_id: str | None = Field(default=None, foreign_key="cases.id")
    draft_id: str | None = Field(default=None, index=True)
    task_id: str | None = Field(default=None, index=True)
    notice_id: str | None = Field(default=None, index=True)
    community_id: str | None = None
    is_open: int = 1
    fired_at: datetime | None = _at(default=None)
    tries: int = 0  # turns that failed
    retry_at: datetime | None = _at(default=None)  # by the wall, after a failure


class Task(SQLModel, table=True):
    __tablename__ = "task"
    __table_args__ = (
        Index("task_open_owner", "owner_post", **_where("ended_at IS NULL")),
        Index("task_case", "case_id"),
    )
    id: str = Field(primary_key=True)
    kind: str
    owner_post: str = Field(foreign_key="post.id")
    case_id: str | None = Field(default=None, foreign_key="cases.id")
    community_id: str | None = None
    person_id: str | None = None
    inbox_id: int | None = None
    opened_at: datetime = _at()
    due_at: datetime = _at()
    tries: int = 0
    tried_at: datetime | None = _at(default=None)
    ended_at: datetime | None = _at(default=None)
    outcome: str | None = None
    note: str = ""


class TaskClimb(SQLModel, table=True):
    """A desk above that has the task as well, since nobody did it in time."""

    __tablename__ = "task_climb"
    __table_args__ = (UniqueConstraint("task_id", "post_id"),)
    id: int | None = Field(default=None, primary_key=True)
    task_id: str = Field(foreign_key="task.id")
    post_id: str = Field(foreign_key="post.id", index=True)
    since: datetime = _at()


# ---- the conversation -------------------------------------------------------------------------------------------


class Draft(SQLModel, table=True):
    """casework.effects.Draft; `body` holds what is known so far."""

    __tablename__ = "draft"
    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    opened_at: datetime = _at()
    touched_at: datetime = _at()
    body: dict[str, Any] = _json(default_factory=dict)
    rev: int = 0


class Question(SQLModel, table=True):
    """Something Jiesu asked. A button names its question and option; action and arguments stay here."""

    __tablename__ = "question"
    __table_args__ = (
        Index("question_open", "person_id", **_where("closed_at IS NULL")),
        Index("question_draft", "draft_id", **_where("draft_id IS NOT NULL")),
        Index("question_task", "task_id", **_where("task_id IS NOT NULL")),
    )
    id: str = Field(primary_key=True)  # short: 12 characters of base32, fits a Telegram button
    person_id: str = Field(foreign_key="person.id")
    name: str
    case_id: str | None = Field(default=None, index=True)
    draft_id: str | None = None
    task_id: str | None = None
    options: list[dict[str, Any]] = _json(default_factory=list)
    args: dict[str, Any] = _json(default_factory=dict)
    awaited: bool = True
    asked_at: datetime = _at()
    closed_at: datetime | None = _at(default=None)
    answered: str | None = None


class Conversation(SQLModel, table=True):
    __tablename__ = "conversation"
    address_id: str = Field(primary_key=True, foreign_key="address.id")
    focus_case: str | None = None
    focus_at: datetime | None = _at(default=None)
    relay_until: datetime | None = _at(default=None)
    rev: int = 0


class Inbox(SQLModel, table=True):
    """Messages in: stored before they are acknowledged, handled once, in order for each address."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "update_key"),
        Index("inbox_waiting", "channel", "sender", **_where("state = 'waiting'")),
    )
    id: int | None = Field(default=None, primary_key=True)
    channel: str
    update_key: str
    sender: str
    kind: str
    text: str = ""
    body: dict[str, Any] = _json(default_factory=dict)  # files, data, name, reply_to, chat
    group_key: str | None = None
    received_at: datetime = _at()  # by the clock that cases live by
    ready_at: datetime = _at()  # by the wall
    state: str = "waiting"  # waiting | done | failed
    tries: int = 0
    error: str | None = None
    person_id: str | None = None


class Outbox(SQLModel, table=True):
    """Messages out: written in the turn, sent after the commit."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_waiting", "due_at", **_where("state = 'waiting'")),
        Index("outbox_address", "address_id", **_where("state = 'waiting'")),
        Index("outbox_ref", "address_id", "ref", **_where("ref IS NOT NULL")),
    )
    id: int | None = Field(default=None, primary_key=True)
    channel: str
    address_id: str = Field(foreign_key="address.id")
    person_id: str = Field(foreign_key="person.id", index=True)
    case_id: str | None = Field(default=None, index=True)
    community_id: str | None = None
    question_id: str | None = None
    key: str
    kind: str  # answer | fact | question | prompt | card | digest
    urgency: str
    text: str
    buttons: list[dict[str, Any]] = _json(default_factory=list)
    files: list[str] = _json(default_factory=list)
    valid_states: list[str] = _json(default_factory=list)
    made_at: datetime = _at()
    due_at: datetime = _at()  # by the clock that cases live by: quiet hours hold it
    retry_at: datetime | None = _at(default=None)  # by the wall
    failed_at: datetime | None = _at(default=None)  # by the wall: the first try that came to nothing
    state: str = "waiting"  # waiting | sent | dropped | dead
    tries: int = 0
    sent_at: datetime | None = _at(default=None)
    ref: str | None = None
    why: str | None = None


class Thread(SQLModel, table=True):
    """What the page shows: `n` is given when a row is appended, on delivery."""

    __tablename__ = "thread"
    __table_args__ = (Index("thread_place", "person_id", "n"),)
    n: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(foreign_key="person.id")
    sender: str  # me | jiesu | person
    text: str
    buttons: list[dict[str, Any]] = _json(default_factory=list)
    files: list[str] = _json(default_factory=list)
    case_number: str | None = None
    outbox_id: int | None = Field(default=None, unique=True)
    inbox_id: int | None = Field(default=None, unique=True)
    at: datetime = _at()
    fetched_at: datetime | None = _at(default=None)


# ---- doors ------------------------------------------------------------------------------------------------------


class WebSession(SQLModel, table=True):
    """Who a cookie is. The cookie holds the signed id; expiry by the wall. With an `area_id` it shows that area's big screen, in the
    name of who opened it, and nothing else."""

    __tablename__ = "web_session"
    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)
    area_id: str | None = None
    created_at: datetime = _at()
    expires_at: datetime = _at()


class Link(SQLModel, table=True):
    """A one-time link or binding code, kept as a keyed hash; used up once."""

    __tablename__ = "link"
    id: str = Field(primary_key=True)
    kind: str  # enter | bind | screen
    mac: str = Field(unique=True)
    person_id: str = Field(foreign_key="person.id")
    created_at: datetime = _at()
    expires_at: datetime = _at()
    reusable: bool = False  # the demonstration's printed links, until stop
    card: str | None = Field(default=None, index=True)  # the printed card it stands on: used up with the card's other ways in
    used_at: datetime | None = _at(default=None)
    area_id: str | None = None  # of a screen


class WrongCode(SQLModel, table=True):
    __tablename__ = "wrong_code"
    id: int | None = Field(default=None, primary_key=True)
    address_id: str = Field(index=True)
    at: datetime = _at()


class ViewLog(SQLModel, table=True):
    __tablename__ = "view_log"
    id: int | None = Field(default=None, primary_key=True)
    person_id: str
    case_id: str = Field(index=True)
    what: str
    at: datetime = _at()


# ---- roll-ups: casework.figures, kept by difference in the turn that changes a case ---------------------------------


class Figure(SQLModel, table=True):
    """The counters of one category in one area and period (d, w or m, by its first day)."""

    __tablename__ = "figure"
    __table_args__ = ({"sqlite_with_rowid": False},)
    area_id: str = Field(primary_key=True)
    span: str = Field(primary_key=True)
    start: date = Field(primary_key=True)
    struck: int = Field(primary_key=True)
    category: str = Field(primary_key=True)
    filed: int = 0
    open: int = 0
    emergency: int = 0
    urgent: int = 0
    by_web: int = 0
    by_telegram: int = 0
    by_wechat: int = 0
    by_phone: int = 0
    by_other: int = 0
    from_resident: int = 0
    from_visit: int = 0
    from_staff: int = 0
    from_hotline: int = 0
    from_other: int = 0
    response_of: int = 0
    response_good: int = 0
    answers: int = 0
    solved: int = 0
    partly: int = 0
    graded: int = 0
    satisfied: int = 0
    mostly: int = 0
    reopened: int = 0
    unanswered: int = 0
    withdrawn: int = 0
    dismissed: int = 0
    coordinating: int = 0


class TopicFigure(SQLModel, table=True):
    """How many cases of a topic were filed in an area and a week or month; an empty topic is one that nobody knows."""

    __tablename__ = "topic_figure"
    __table_args__ = ({"sqlite_with_rowid": False},)
    span: str = Field(primary_key=True)
    start: date = Field(primary_key=True)
    area_id: str = Field(primary_key=True)
    category: str = Field(primary_key=True)
    topic: str = Field(primary_key=True)
    filed: int = 0


class DurationFigure(SQLModel, table=True):
    """How many cases of a month took how long, by bucket (casework.figures.bucket)."""

    __tablename__ = "duration_figure"
    __table_args__ = ({"sqlite_with_rowid": False},)
    area_id: str = Field(primary_key=True)
    measure: str = Field(primary_key=True)
    start: date = Field(primary_key=True)
    bucket: int = Field(primary_key=True)
    cases: int = 0


class SpokenOf(SQLModel, table=True):
    """Which complaints speak of a post or a person (`cases` is 1, or 0 where one no longer does): Case.accused, to be looked up by whom."""

    __tablename__ = "spoken_of"
    __table_args__ = ({"sqlite_with_rowid": False},)
    who: str = Field(primary_key=True)
    case_id: str = Field(primary_key=True)
    cases: int = 0


class WeekFigure(SQLModel, table=True):
    """How many cases were filed on each day of a week (by its Monday): of a grid (topic *), and of a community by topic. So what rises
    is read off whole days without looking at the cases."""

    __tablename__ = "week_figure"
    __table_args__ = ({"sqlite_with_rowid": False},)
    start: date = Field(primary_key=True)
    area_id: str = Field(primary_key=True)
    topic: str = Field(primary_key=True)
    mon: int = 0
    tue: int = 0
    wed: int = 0
    thu: int = 0
    fri: int = 0
    sat: int = 0
    sun: int = 0


# ---- what supervisors ask for ------------------------------------------------------------------------------------------


class CaseWord(SQLModel, table=True):
    """A word that was said about a case; `day` of its filing (an ordinal), so that the newest are found first."""

    __tablename__ = "case_word"
    __table_args__ = ({"sqlite_with_rowid": False},)
    word: str = Field(primary_key=True)
    day: int = Field(primary_key=True)
    case_id: str = Field(primary_key=True, foreign_key="cases.id")


class Notice(SQLModel, table=True):
    """A message to the residents of a building or grid, sent to so many at a time."""

    __tablename__ = "notice"
    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True)  # whose it is
    post_id: str = Field(foreign_key="post.id")
    where_id: str  # a building or an area
    words: str
    made_at: datetime = _at()
    state: str = "running"  # running | done | stopped
    ended_at: datetime | None = _at(default=None)


class NoticeTo(SQLModel, table=True):
    """Whom a notice is for, and what became of it."""

    __tablename__ = "notice_to"
    __table_args__ = ({"sqlite_with_rowid": False},)
    notice_id: str = Field(primary_key=True, foreign_key="notice.id")
    person_id: str = Field(primary_key=True, foreign_key="person.id")
    outcome: str = ""  # sent | unreachable; nothing yet


# ---- reports -----------------------------------------------------------------------------------------------------------


class Pack(SQLModel, table=True):
    """The figures of a made report as they were then: a later one shows what has changed since. Append only."""

    __tablename__ = "pack"
    __table_args__ = (Index("pack_area", "area_id", "first"),)
    id: int | None = Field(default=None, primary_key=True)
    area_id: str = Field(foreign_key="area.id")
    first: date
    last: date
    as_of: datetime = _at()
    figures: dict[str, int] = _json(default_factory=dict)
