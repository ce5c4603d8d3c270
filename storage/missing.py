"""The organisation read whole, for what it lacks, and what falls due today: a handful of statements, not one for each grid."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, text

from casework.access import DESKS
from casework.case import WAITING, WORKING, AreaId, Case, PersonId, Post, PostId, State
from casework.missing import Area, Door, Ground, Picture
from casework.roster import Change, Leave, Roster, Shift
from storage import cases, town
from storage import tables as t
from storage.answers import in_use
from storage.roster import EXCEPTION, LEAVE, ROSTER
from storage.rows import case_from, post_from

AREA: Any = t.Area.__table__  # type: ignore[attr-defined]
PLACE: Any = t.Place.__table__  # type: ignore[attr-defined]
PERSON: Any = t.Person.__table__  # type: ignore[attr-defined]
POST: Any = t.Post.__table__  # type: ignore[attr-defined]
HOLDING: Any = t.Holding.__table__  # type: ignore[attr-defined]
ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]
OUTBOX: Any = t.Outbox.__table__  # type: ignore[attr-defined]
ANSWER: Any = t.Answer.__table__  # type: ignore[attr-defined]

UNFINISHED = WAITING | WORKING | {State.RETURNED}
AREAS = select(AREA.c.id, AREA.c.kind, AREA.c.name, AREA.c.parent_id, AREA.c.aliases).where(AREA.c.ended_at.is_(None)).order_by(
    AREA.c.path
)
PLACES = (
    select(PLACE.c.id, PLACE.c.kind, PLACE.c.name, PLACE.c.aliases, PLACE.c.parent_id, PLACE.c.grids)
    .where(PLACE.c.ended_at.is_(None))
    .order_by(PLACE.c.id)
)
SHIFTS = (
    select(ROSTER, POST.c.off_since)
    .join(POST, POST.c.id == ROSTER.c.post_id)
    .where(POST.c.ended_at.is_(None))
    .order_by(ROSTER.c.id)
)
CHANGES = (
    select(EXCEPTION, POST.c.off_since)
    .join(POST, POST.c.id == EXCEPTION.c.post_id)
    .where(POST.c.ended_at.is_(None), EXCEPTION.c.day.between(bindparam("first"), bindparam("last")))
    .order_by(EXCEPTION.c.id)
)
LEAVES = (
    select(LEAVE).where(LEAVE.c.first <= bindparam("last"), LEAVE.c.last >= bindparam("first")).order_by(LEAVE.c.id)
)
_ROSTERED = (
    select(ROSTER.c.post_id)
    .union(
        select(EXCEPTION.c.post_id).where(EXCEPTION.c.day.between(bindparam("first"), bindparam("last"))),
        select(LEAVE.c.substitute_id).where(
            LEAVE.c.first <= bindparam("last"), LEAVE.c.last >= bindparam("first"), LEAVE.c.substitute_id.is_not(None)
        ),
    )
    .scalar_subquery()
)
ON_DUTY = town.POSTS.where(
    POST.c.id.in_(
        select(ROSTER.c.post_id).union(
            select(EXCEPTION.c.post_id), select(LEAVE.c.substitute_id).where(LEAVE.c.substitute_id.is_not(None))
        )
    )
)
CARDED = (  # whom cards are meant for: casework.missing.staff.rostered says the same of a Picture
    select(HOLDING.c.person_id)
    .join(POST, POST.c.id == HOLDING.c.post_id)
    .where(HOLDING.c.until.is_(None), POST.c.ended_at.is_(None))
    .where(or_(POST.c.role.in_([str(role) for role in sorted(DESKS)]), POST.c.id.in_(_ROSTERED)))
    .distinct()
)
DOORS = select(ADDRESS.c.person_id, ADDRESS.c.channel, ADDRESS.c.blocked_at, ADDRESS.c.seen_at).where(
    ADDRESS.c.person_id.in_(bindparam("people", expanding=True)), ADDRESS.c.group_id.is_(None)
)
_SEEN = (
    select(ADDRESS.c.person_id, func.max(ADDRESS.c.seen_at).label("at"))
    .where(ADDRESS.c.person_id.in_(bindparam("people", expanding=True)))
    .group_by(ADDRESS.c.person_id)
    .subquery("seen")
)
UNHEEDED = (
    select(OUTBOX.c.person_id, func.min(OUTBOX.c.sent_at))
    .join(_SEEN, _SEEN.c.person_id == OUTBOX.c.person_id)
    .where(OUTBOX.c.person_id.in_(bindparam("people", expanding=True)), OUTBOX.c.kind == "card", OUTBOX.c.state == "sent")
    .where(or_(_SEEN.c.at.is_(None), OUTBOX.c.sent_at > _SEEN.c.at))
    .group_by(OUTBOX.c.person_id)
)
ANSWERS = select(ANSWER.c.topic, ANSWER.c.valid_until).order_by(ANSWER.c.id)
OPEN_IN_COMMUNITIES = select(cases.C).where(cases.C.c.is_open == 1, cases.C.c.community_id.is_not(None))
LATE = select(cases.C).where(text(t.LATE), cases.C.c.solve_missed_at.is_not(None))
DESK_HOLDERS = (
    select(HOLDING.c.person_id).join(POST, POST.c.id == HOLDING.c.post_id)
    .where(HOLDING.c.until.is_(None), POST.c.ended_at.is_(None), POST.c.role == bindparam("role"))
)
TASKS_DUE = (
    select(cases.K.c.owner_post, func.count())
    .where(cases.K.c.ended_at.is_(None), cases.K.c.due_at < bindparam("until"))
    .group_by(cases.K.c.owner_post)
)
CLIMBED_DUE = (
    select(cases.UP.c.post_id, func.count())
    .join(cases.K, cases.K.c.id == cases.UP.c.task_id)
    .where(cases.K.c.ended_at.is_(None), cases.K.c.due_at < bindparam("until"))
    .group_by(cases.UP.c.post_id)
)
NOT_TOLD = (
    select(cases.K.c.owner_post, cases.K.c.person_id, PERSON.c.name, cases.C.c.number)
    .outerjoin(PERSON, PERSON.c.id == cases.K.c.person_id)
    .outerjoin(cases.C, cases.C.c.id == cases.K.c.case_id)
    .where(cases.K.c.ended_at.is_(None), cases.K.c.kind.in_(("unreached", "undelivered")))
    .order_by(cases.K.c.due_at)
)


def duty(conn: Connection, first: date, days: int) -> Picture:
    """Of the organisation only what duty needs: areas, posts, rosters and leave of `days` days from `first` on."""
    span = {"first": first - timedelta(days=1), "last": first + timedelta(days=days)}
    shifts, changes, _ = _rows(conn, span)
    return Picture(
        areas={a.id: Area(a.id, a.kind, a.name, a.parent_id, tuple(a.aliases)) for a in conn.execute(AREAS)},
        posts=_posts(conn, ON_DUTY),
        rosters={area: Roster(shifts[area], changes[area]) for area in {*shifts, *changes}},
        leaves=tuple(Leave(r.post_id, r.first, r.last, r.substitute_id) for r in conn.execute(LEAVES, span)),
    )


def staffed_since(conn: Connection) -> datetime | None:
    """When the first post was filled: of the days before that nothing is known of duty."""
    return conn.execute(select(func.min(HOLDING.c.since))).scalar()


def picture(conn: Connection, first: date, days: int) -> Picture:
    """The organisation as it stands, with exceptions and leave of `days` days from `first` on and the day before them.
    What has ended is left out."""
    span = {"first": first - timedelta(days=1), "last": first + timedelta(days=days)}
    shifts, changes, resting = _rows(conn, span)
    people = sorted(conn.execute(CARDED, span).scalars())
    return Picture(
        areas={a.id: Area(a.id, a.kind, a.name, a.parent_id, tuple(a.aliases)) for a in conn.execute(AREAS)},
        places={p.id: _ground(p) for p in conn.execute(PLACES)},
        posts=_posts(conn),
        rosters={area: Roster(shifts[area], changes[area]) for area in {*shifts, *changes}},
        leaves=tuple(Leave(r.post_id, r.first, r.last, r.substitute_id) for r in conn.execute(LEAVES, span)),
        resting=resting,
        doors=_doors(conn, people),
        cards={row[0]: row[1] for row in conn.execute(UNHEEDED, {"people": people})},
        answers=tuple((row.topic, row.valid_until) for row in (*conn.execute(ANSWERS), *in_use(conn))),
    )


def _rows(
    conn: Connection, span: dict[str, date]
) -> tuple[dict[AreaId, list[Shift]], dict[AreaId, list[Change]], dict[PostId, datetime]]:
    shifts: dict[AreaId, list[Shift]] = defaultdict(list)
    changes: dict[AreaId, list[Change]] = defaultdict(list)
    resting: dict[PostId, datetime] = {}
    for r in conn.execute(SHIFTS):
        shifts[r.area_id].append(Shift(r.post_id, r.area_id, r.weekdays, r.starts, r.ends, r.duty))
        if r.off_since is not None:
            resting[r.post_id] = r.off_since
    for r in conn.execute(CHANGES, span):
        changes[r.area_id].append(Change(r.day, r.post_id, r.area_id, r.starts, r.ends, r.kind))
        if r.off_since is not None:
            resting[r.post_id] = r.off_since
    return shifts, changes, resting


def _ground(row: Any) -> Ground:
    return Ground(row.id, row.kind, row.name, tuple(row.aliases), row.parent_id, tuple(row.grids))


def _posts(conn: Connection, asked: Any = town.POSTS) -> dict[PostId, Post]:
    """By their ids in order; of several holders the first, as everywhere."""
    found: dict[PostId, Post] = {}
    for row in conn.execute(asked):
        post = post_from(row)
        found.setdefault(post.id, post)
    return dict(sorted(found.items()))


def _doors(conn: Connection, people: Sequence[str]) -> dict[PersonId, tuple[Door, ...]]:
    found: dict[PersonId, list[Door]] = defaultdict(list)
    for row in conn.execute(DOORS, {"people": people}):
        found[row.person_id].append(Door(row.channel, row.blocked_at is not None, row.seen_at))
    return {person: tuple(doors) for person, doors in found.items()}


def open_in_communities(conn: Connection) -> list[Case]:
    """Every open case that lies in a community, for counting what falls due; who may read one is access.py's to say."""
    return [case_from(row) for row in conn.execute(OPEN_IN_COMMUNITIES)]


def late(conn: Connection) -> list[Case]:
    """Every open case whose limit for solving has passed, told as such and not put off since, wherever it lies."""
    found = [case_from(row) for row in conn.execute(LATE)]
    return [case for case in found if case.state in UNFINISHED]


def desk_holders(conn: Connection) -> list[PersonId]:
    """Everybody who sits at a desk."""
    found = {PersonId(person) for role in DESKS for person in conn.execute(DESK_HOLDERS, {"role": role.value}).scalars()}
    return sorted(found)


def tasks_due(conn: Connection, until: datetime) -> dict[PostId, int]:
    """How many open tasks of each post are due before then, late ones too, and those that have climbed to it."""
    found: Counter[PostId] = Counter()
    for query in (TASKS_DUE, CLIMBED_DUE):
        found.update({row[0]: row[1] for row in conn.execute(query, {"until": until})})
    return dict(found)


def not_told(conn: Connection) -> dict[PostId, list[tuple[PersonId, str]]]:
    """Whom nobody has reached yet, by the post that has it to do: each person once, with the name, else the case's number."""
    found: dict[PostId, dict[PersonId, str]] = defaultdict(dict)
    for row in conn.execute(NOT_TOLD):
        found[row.owner_post].setdefault(row.person_id, row.name or row.number or "")
    return {post: list(people.items()) for post, people in found.items()}
