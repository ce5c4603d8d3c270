"""The organisation as it stands: what people name, working days, duty times, prepared answers, and the whole of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import Connection, func, select

from casework.organisation import (
    AnswerRow,
    AreaRow,
    ExceptionRow,
    LeaveRow,
    Organisation,
    PersonRow,
    PlaceRow,
    PostRow,
    RosterRow,
    WorkdayRow,
)
from storage import tables as t
from storage.settings import setting

AREA: Any = t.Area.__table__  # type: ignore[attr-defined]
PLACE: Any = t.Place.__table__  # type: ignore[attr-defined]
PERSON: Any = t.Person.__table__  # type: ignore[attr-defined]
POST: Any = t.Post.__table__  # type: ignore[attr-defined]
HOLDING: Any = t.Holding.__table__  # type: ignore[attr-defined]
ROSTER: Any = t.Roster.__table__  # type: ignore[attr-defined]
EXCEPTION: Any = t.RosterException.__table__  # type: ignore[attr-defined]
LEAVE: Any = t.Leave.__table__  # type: ignore[attr-defined]
WORKDAY: Any = t.Workday.__table__  # type: ignore[attr-defined]
ANSWER: Any = t.Answer.__table__  # type: ignore[attr-defined]

REVISION = "organisation_revision"  # the running program looks at it and reads the organisation anew

AREAS = select(func.count()).select_from(AREA)
# Communities and grids are areas, and places too when somebody names one.
PLACES = select(PLACE.c.id, PLACE.c.kind, PLACE.c.name, PLACE.c.aliases, PLACE.c.parent_id).where(PLACE.c.ended_at.is_(None))
NAMED_AREAS = select(AREA.c.id, AREA.c.kind, AREA.c.name, AREA.c.aliases).where(
    AREA.c.kind.in_(("community", "grid")), AREA.c.ended_at.is_(None)
)
SHIFT_TIMES = select(ROSTER.c.starts).union(select(ROSTER.c.ends))
WORKDAYS = select(WORKDAY.c.day, WORKDAY.c.kind)
ANSWERS = select(ANSWER).order_by(ANSWER.c.id)
ALL_AREAS = select(AREA).where(AREA.c.ended_at.is_(None)).order_by(func.length(AREA.c.path), AREA.c.path)
ALL_PLACES = select(PLACE).where(PLACE.c.ended_at.is_(None)).order_by(PLACE.c.parent_id, PLACE.c.id)
ALL_STAFF = select(PERSON.c.org_id, PERSON.c.name, PERSON.c.phone).where(
    PERSON.c.org_id.is_not(None), PERSON.c.left_at.is_(None)
).order_by(PERSON.c.org_id)  # fmt: skip
FORMER_STAFF = select(PERSON.c.org_id, PERSON.c.name, PERSON.c.phone).where(
    PERSON.c.org_id.is_not(None), PERSON.c.left_at.is_not(None)
)  # fmt: skip
ALL_POSTS = select(POST).where(POST.c.ended_at.is_(None)).order_by(POST.c.id)
HOLDERS = (
    select(HOLDING.c.post_id, PERSON.c.org_id)
    .join(PERSON, PERSON.c.id == HOLDING.c.person_id)
    .where(HOLDING.c.until.is_(None), PERSON.c.org_id.is_not(None))
    .order_by(HOLDING.c.id.desc())
)
WHOLE_ROSTER = select(ROSTER).order_by(ROSTER.c.id)
ALL_EXCEPTIONS = select(EXCEPTION).order_by(EXCEPTION.c.id)
ALL_LEAVE = select(LEAVE).order_by(LEAVE.c.id)
ALL_WORKDAYS = select(WORKDAY).order_by(WORKDAY.c.day)


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """What people may name as the place of a trouble."""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...]
    parent_id: str | None


def revision(conn: Connection) -> str | None:
    """Changes whenever the organisation does; None before the first load."""
    return setting(conn, REVISION)


def former_staff(conn: Connection) -> list[PersonRow]:
    """Who was of the staff and has left."""
    return [PersonRow(id=r.org_id, name=r.name, phone=r.phone or "") for r in conn.execute(FORMER_STAFF)]


def is_empty(conn: Connection) -> bool:
    """Whether no organisation has been loaded yet."""
    return conn.execute(AREAS).scalar_one() == 0


def named_places(conn: Connection) -> list[NamedPlace]:
    """Everything that people name as a place: estates, buildings, roads, landmarks, communities, grids."""
    places = [NamedPlace(p.id, p.kind, p.name, tuple(p.aliases), p.parent_id) for p in conn.execute(PLACES)]
    return places + [NamedPlace(a.id, a.kind, a.name, tuple(a.aliases), None) for a in conn.execute(NAMED_AREAS)]


def workdays(conn: Connection) -> dict[date, str]:
    """The organisation's own days: off though the calendar works, or work though it is free."""
    return {row.day: row.kind for row in conn.execute(WORKDAYS)}


def answers(conn: Connection) -> list[dict[str, Any]]:
    """The prepared answers of the workbook, with the fields of nlp.answers.Answer."""
    return [
        {"topic": r.topic, "any_of": tuple(r.any_of), "with_any": tuple(r.with_any), "none_of": tuple(r.none_of), "text": r.text,
         "source": r.source, "valid_until": r.valid_until} for r in conn.execute(ANSWERS)
    ]  # fmt: skip


def shift_times(conn: Connection) -> tuple[time, ...]:
    """When anybody's duty begins or ends by the weekly pattern, from midnight on."""
    return tuple(sorted(row[0] for row in conn.execute(SHIFT_TIMES)))


# ---- the whole of it ------------------------------------------------------------------------------------------------


def stored_organisation(conn: Connection) -> Organisation:
    """The organisation as it stands, in the rows of its workbook: what has ended and who has left is not in it.

    Exceptions and leave of the past are: casework.reorganising.current leaves them out.
    """
    holders = {row.post_id: row.org_id for row in conn.execute(HOLDERS)}
    return Organisation(
        areas=tuple(AreaRow(id=r.id, kind=r.kind, name=r.name, parent=r.parent_id or "", aliases=tuple(r.aliases))
                    for r in conn.execute(ALL_AREAS)),
        places=tuple(_place(r) for r in conn.execute(ALL_PLACES)),
        people=tuple(PersonRow(id=r.org_id, name=r.name, phone=r.phone or "") for r in conn.execute(ALL_STAFF)),
        posts=tuple(_post(r, holders.get(r.id, "")) for r in conn.execute(ALL_POSTS)),
        roster=tuple(RosterRow(post=r.post_id, grid=r.area_id, weekdays=tuple(map(int, r.weekdays)), start=r.starts, until=r.ends,
                               duty=r.duty) for r in conn.execute(WHOLE_ROSTER)),
        exceptions=tuple(ExceptionRow(day=r.day, post=r.post_id, grid=r.area_id, start=r.starts, until=r.ends, kind=r.kind)
                         for r in conn.execute(ALL_EXCEPTIONS)),
        leave=tuple(LeaveRow(post=r.post_id, first=r.first, last=r.last, substitute=r.substitute_id or "")
                    for r in conn.execute(ALL_LEAVE)),
        workdays=tuple(WorkdayRow(day=r.day, kind=r.kind, name=r.name) for r in conn.execute(ALL_WORKDAYS)),
        answers=tuple(AnswerRow(**each) for each in answers(conn)),
    )  # fmt: skip


def _place(r: Any) -> PlaceRow:
    return PlaceRow(
        id=r.id, kind=r.kind, name=r.name, aliases=tuple(r.aliases), parent=r.parent_id or "", grids=tuple(r.grids),
        units=r.units, lat=r.lat, lon=r.lon,
    )  # fmt: skip


def _post(r: Any, person: str) -> PostRow:
    return PostRow(
        id=r.id, role=r.role, kind=r.kind or "", area=r.area_id, place=r.place_id or "", categories=tuple(r.categories),
        title=r.title, person=person, phone=r.phone or "",
    )  # fmt: skip
