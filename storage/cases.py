"""Queries about cases. Each has a line that says what it promises; who may see the answer is access.py's to say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select, update
from sqlalchemy import case as when
from sqlalchemy.dialects import postgresql, sqlite

from casework.access import STANDING, Scope
from casework.case import Case, CasePost, Event, Role, Task, Urgency
from storage import tables as t
from storage.rows import case_from, event_from, part_from, task_from

C: Any = t.Case.__table__  # type: ignore[attr-defined]
E: Any = t.Event.__table__  # type: ignore[attr-defined]
P: Any = t.CasePost.__table__  # type: ignore[attr-defined]
K: Any = t.Task.__table__  # type: ignore[attr-defined]
UP: Any = t.TaskClimb.__table__  # type: ignore[attr-defined]
R: Any = t.Remark.__table__  # type: ignore[attr-defined]
A: Any = t.Attachment.__table__  # type: ignore[attr-defined]
HOLDING: Any = t.Holding.__table__  # type: ignore[attr-defined]

BY_ID = select(C).where(C.c.id == bindparam("id"))
BY_NUMBER = select(C).where(C.c.number == bindparam("number"))
OPEN_OF = (
    select(C).where(C.c.resident_id == bindparam("person"), C.c.is_open == 1).order_by(C.c.filed_at.desc(), C.c.id)
)
RECENT_OF = (
    select(C)
    .where(C.c.resident_id == bindparam("person"), or_(C.c.is_open == 1, C.c.ended_at >= bindparam("since")))
    .order_by(C.c.filed_at.desc(), C.c.id)
    .limit(30)
)
ALL_PARTS = select(P).where(P.c.case_id == bindparam("case")).order_by(P.c.id)
PARTS = select(P).where(P.c.case_id == bindparam("case"), P.c.until.is_(None)).order_by(P.c.id)
EVENTS = select(E).where(E.c.case_id == bindparam("case")).order_by(E.c.seq)
LINES = (
    select(E, R.c.text, R.c.internal, R.c.person_id.label("speaker"))
    .select_from(E.outerjoin(R, R.c.id == E.c.remark_id))
    .where(E.c.case_id == bindparam("case"))
    .order_by(E.c.seq)
)
WEIGHT = {Urgency.EMERGENCY.value: 0, Urgency.URGENT.value: 1, Urgency.NORMAL.value: 2}
_HELD_NOW = select(P.c.case_id).where(
    P.c.post_id.in_(bindparam("posts", expanding=True)), P.c.until.is_(None), P.c.part.in_(("assignee", "climbed", "joined"))
)
HELD = select(C).where(C.c.id.in_(_HELD_NOW), C.c.is_open == 1)  # no DISTINCT: PostgreSQL cannot compare JSON
PARTS_OF = (
    select(P.c.case_id, P.c.post_id, func.max(when((P.c.part == "assignee", 1), else_=0)).label("acts"))
    .join(C, C.c.id == P.c.case_id)
    .where(P.c.post_id.in_(bindparam("posts", expanding=True)), P.c.until.is_(None), C.c.is_open == 1)
    .group_by(P.c.case_id, P.c.post_id)
    .order_by(P.c.case_id)
)
ACTING_NOW = (  # from the open cases to who has them: one in fifty is open
    select(HOLDING.c.person_id)
    .join(P, P.c.post_id == HOLDING.c.post_id)
    .join(C, C.c.id == P.c.case_id)
    .where(HOLDING.c.until.is_(None), P.c.until.is_(None), P.c.part == "assignee", C.c.is_open == 1)
    .distinct()
)
OPEN_PLACES = select(C.c.id, C.c.building_id, C.c.place_id, C.c.estate_id, C.c.area_id).where(C.c.is_open == 1)
PAST_THERE = (
    select(func.count())
    .select_from(C)
    .where(C.c.building_id == bindparam("building"), C.c.category == bindparam("category"), C.c.id != bindparam("id"))
    .where(C.c.filed_at >= bindparam("since"), C.c.accused_level == 0, C.c.ended_at.is_not(None))
)
_CLIMBED_TO = select(UP.c.task_id).where(UP.c.post_id.in_(bindparam("posts", expanding=True)))
OWNED = select(K).where(K.c.owner_post.in_(bindparam("posts", expanding=True)), K.c.ended_at.is_(None)).order_by(K.c.due_at)
CLIMBED = select(K).where(K.c.id.in_(_CLIMBED_TO), K.c.ended_at.is_(None))
CLIMBS = select(UP.c.task_id, UP.c.post_id).where(UP.c.task_id.in_(bindparam("tasks", expanding=True))).order_by(UP.c.id)
TASK = select(K).where(K.c.id == bindparam("id"))
TASKS_ABOUT = select(K).where(K.c.case_id == bindparam("case"))


@dataclass(frozen=True, slots=True)
class Line:
    """One event of a case with the words that came with it."""

    event: Event
    words: str
    internal: bool


def by_id(conn: Connection, case_id: str) -> Case | None:
    """The case, whoever asks: for acting on it, after access.capacity said yes."""
    row = conn.execute(BY_ID, {"id": case_id}).first()
    return case_from(row) if row else None


def by_number(conn: Connection, number: str) -> Case | None:
    """The case with this spoken number, whoever asks; a number is never an access right."""
    row = conn.execute(BY_NUMBER, {"number": number}).first()
    return case_from(row) if row else None


def open_of(conn: Connection, person_id: str) -> list[Case]:
    """The resident's own open cases, newest first."""
    return [case_from(r) for r in conn.execute(OPEN_OF, {"person": person_id})]


def recent_of(conn: Connection, person_id: str, since: datetime) -> list[Case]:
    """The resident's own cases that are open or ended since then (withdrawn ones too), newest first."""
    return [case_from(r) for r in conn.execute(RECENT_OF, {"person": person_id, "since": since})]


def held_by(conn: Connection, posts: Sequence[str], person: str = "") -> list[Case]:
    """Open cases in which one of the posts has an open part to act, most urgent first, then oldest. Those that are about one of
    the posts, or about the `person` who asks, are left out."""
    if not posts:
        return []
    found = [case_from(r) for r in conn.execute(HELD, {"posts": list(posts)})]
    found = [c for c in found if set(posts).isdisjoint(c.accused.posts) and person not in c.accused.people]
    return sorted(found, key=lambda c: (WEIGHT[c.urgency.value], c.filed_at))


def assigned_to(conn: Connection, posts: Sequence[str]) -> list[Case]:
    """Open cases whose assignee is one of the posts, most urgent first, then oldest."""
    acting = {case_id for case_id, _, acts in parts_of(conn, posts) if acts}
    return [case for case in held_by(conn, posts) if case.id in acting]


def acting_now(conn: Connection) -> list[str]:
    """The persons whose turn it is in some open case."""
    return sorted(conn.execute(ACTING_NOW).scalars())


def parts_of(conn: Connection, posts: Sequence[str]) -> list[tuple[str, str, bool]]:
    """Open cases in which one of these posts has an open part: case, post, whether it was theirs to act."""
    found = conn.execute(PARTS_OF, {"posts": list(posts)}) if posts else ()
    return [(r.case_id, r.post_id, bool(r.acts)) for r in found]


def lying_at(conn: Connection, places: Collection[str], areas: Collection[str]) -> list[str]:
    """Open cases at one of these places or in one of these areas."""
    found = conn.execute(OPEN_PLACES)
    return [r.id for r in found if r.area_id in areas or any(id in places for id in (r.building_id, r.place_id, r.estate_id))]


def visible(conn: Connection, scope: Scope, since: datetime, limit: int = 200) -> list[Case]:
    """Cases of the scope's areas and own ones that are open or ended since then; nothing outside it, ever."""
    where = _within(scope)
    query = select(C).where(where, or_(C.c.is_open == 1, C.c.ended_at >= since)).order_by(C.c.filed_at).limit(limit)
    found = [case_from(r) for r in conn.execute(query)]
    return [c for c in found if c.resident_id == scope.own_person or not scope.spoken_of(c)]


def _within(scope: Scope) -> Any:
    """The condition that keeps a query inside a scope; a complaint about somebody stays above them (Scope.reads)."""
    parts = select(P.c.case_id).where(P.c.post_id.in_(list(scope.posts)), P.c.until.is_(None))
    own: list[Any] = [C.c.resident_id == scope.own_person, C.c.id.in_(parts)]
    if scope.grids:
        own.append(and_(C.c.grid_id.in_(list(scope.grids)), C.c.accused_level == 0))
    if scope.communities:
        own.append(and_(C.c.community_id.in_(list(scope.communities)), C.c.accused_level < STANDING[Role.SECRETARY]))
    if scope.subdistricts:
        areas: Any = t.Area.__table__  # type: ignore[attr-defined]
        below = select(areas.c.id).where(or_(*(areas.c.path.like(f"%/{s}/%") for s in scope.subdistricts)))
        own.append(and_(C.c.area_id.in_(below), C.c.accused_level < STANDING[Role.SUBDISTRICT]))
    return or_(*own)


def parts(conn: Connection, case_id: str) -> tuple[CasePost, ...]:
    """Open parts of the case."""
    return tuple(part_from(r) for r in conn.execute(PARTS, {"case": case_id}))


def all_parts(conn: Connection, case_id: str) -> tuple[CasePost, ...]:
    """Who had to do with the case, and when: parts that are over too."""
    return tuple(part_from(r) for r in conn.execute(ALL_PARTS, {"case": case_id}))


def events(conn: Connection, case_id: str) -> list[Event]:
    """All events of the case, in order: they rebuild it."""
    return [event_from(r) for r in conn.execute(EVENTS, {"case": case_id})]


def lines(conn: Connection, case_id: str) -> list[Line]:
    """The case's timeline with the words beside each event."""
    return [
        Line(event_from(r), r._mapping["text"] or "", bool(r._mapping["internal"]))
        for r in conn.execute(LINES, {"case": case_id})
    ]


def past_there(conn: Connection, case: Case, since: datetime) -> int:
    """How many cases of this category the building had since then, and are over: the open ones stand beside it."""
    if case.spot.building_id is None:
        return 0
    args = {"building": case.spot.building_id, "category": case.category, "id": case.id, "since": since}
    return int(conn.execute(PAST_THERE, args).scalar_one())


def photos(conn: Connection, case_id: str, voices: bool = True) -> tuple[str, ...]:
    """Ids of the files of the case, oldest first; without `voices` only what nobody is heard in."""
    query = select(A.c.id).where(A.c.case_id == case_id).order_by(A.c.at)
    return tuple(r[0] for r in conn.execute(query if voices else query.where(A.c.kind == "photo")))


def only_photos(conn: Connection, files: Sequence[str]) -> tuple[str, ...]:
    """Those of the files in which nobody is heard, in the same order."""
    found = set(conn.execute(select(A.c.id).where(A.c.id.in_(list(files)), A.c.kind == "photo")).scalars()) if files else set()
    return tuple(f for f in files if f in found)


def case_of_file(conn: Connection, file_id: str) -> str | None:
    """The case that a file belongs to by now."""
    return conn.execute(select(A.c.case_id).where(A.c.id == file_id)).scalar()


def tasks_of(conn: Connection, posts: Sequence[str], climbed: bool = False) -> list[Task]:
    """Open tasks that the posts own, first due first; with `climbed` also those that have climbed to them."""
    if not posts:
        return []
    rows = {row.id: row for row in conn.execute(OWNED, {"posts": list(posts)})}
    if climbed:
        rows |= {row.id: row for row in conn.execute(CLIMBED, {"posts": list(posts)})}
    return _tasks(conn, sorted(rows.values(), key=lambda row: row.due_at))


def task(conn: Connection, task_id: str) -> Task | None:
    """The task, open or ended."""
    return next(iter(_tasks(conn, conn.execute(TASK, {"id": task_id}).all())), None)


def tasks_about(conn: Connection, case_id: str) -> list[Task]:
    """All tasks about a case, ended ones too."""
    return _tasks(conn, conn.execute(TASKS_ABOUT, {"case": case_id}).all())


def _tasks(conn: Connection, rows: Sequence[Any]) -> list[Task]:
    """These tasks, each with the desks to which it has climbed."""
    up: dict[str, list[str]] = {row.id: [] for row in rows}
    for climb in conn.execute(CLIMBS, {"tasks": list(up)}) if up else ():
        up[climb.task_id].append(climb.post_id)
    return [task_from(row, up[row.id]) for row in rows]


def next_number(conn: Connection, year: int) -> str:
    """The next spoken number, 26-001234: one counter row a year, gaps allowed."""
    name = f"case-{year % 100:02d}"
    counter: Any = t.Counter.__table__  # type: ignore[attr-defined]
    insert = (postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert)(counter)
    conn.execute(insert.values(name=name, value=0).on_conflict_do_nothing())
    conn.execute(update(counter).where(counter.c.name == name).values(value=counter.c.value + 1))
    value = conn.execute(select(counter.c.value).where(counter.c.name == name)).scalar_one()
    return f"{year % 100:02d}-{value:06d}"


def same_trouble(conn: Connection, case: Case) -> int:
    """How many other open cases of the same topic (category, when unknown) stand in the same building; complaints about
    somebody are not counted to anybody."""
    if case.spot.building_id is None:
        return 0
    same = C.c.topic == case.topic if case.topic else and_(C.c.topic.is_(None), C.c.category == case.category)
    query = select(func.count()).select_from(C).where(
        C.c.building_id == case.spot.building_id, C.c.is_open == 1, C.c.id != case.id, C.c.accused_level == 0, same
    )
    return int(conn.execute(query).scalar_one())
