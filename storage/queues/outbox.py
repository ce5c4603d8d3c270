"""Messages out: written in the turn, sent after the commit, in order for each address, emergencies first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, exists, func, or_, select, text, update

from casework.case import Role
from storage import tables as t

OUT: Any = t.Outbox.__table__  # type: ignore[attr-defined]
EARLIER = OUT.alias("earlier")
ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]
CASE: Any = t.Case.__table__  # type: ignore[attr-defined]
QUESTION: Any = t.Question.__table__  # type: ignore[attr-defined]
POST: Any = t.Post.__table__  # type: ignore[attr-defined]
HOLDING: Any = t.Holding.__table__  # type: ignore[attr-defined]
PART: Any = t.CasePost.__table__  # type: ignore[attr-defined]

WAITING = text("outbox.state = 'waiting'")  # word for word what the partial indexes say
EARLIER_WAITING = text("earlier.state = 'waiting'")
HOLDS = timedelta(minutes=2)  # how long a message that cannot be sent keeps those behind it waiting


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One message that is due, with what decides whether it is still true."""

    id: int
    channel: str
    address_id: str
    external_id: str
    person_id: str
    case_id: str | None
    case_number: str | None
    case_state: str | None
    question_id: str | None
    question_closed: bool
    held: bool
    reader_has_part: bool
    newer: bool
    key: str
    kind: str
    urgency: str
    text: str
    buttons: Sequence[Mapping[str, str]]
    files: Sequence[str | Mapping[str, Any]]  # ids, and pictures still to be drawn: {"chart": name, "data": …}
    valid_states: Sequence[str]
    tries: int


def _rank(table: Any) -> Any:
    return case((table.c.urgency == "emergency", 0), else_=1)


_HELD = exists().where(
    EARLIER.c.address_id == OUT.c.address_id,
    EARLIER_WAITING,
    EARLIER.c.id < OUT.c.id,
    _rank(EARLIER) <= _rank(OUT),
    EARLIER.c.retry_at > bindparam("wall"),
    EARLIER.c.failed_at > bindparam("held_since"),
)
_FIRST = (
    select(
        OUT.c.id,
        func.row_number().over(partition_by=OUT.c.address_id, order_by=(_rank(OUT), OUT.c.id)).label("place"),
    )
    .where(
        WAITING,
        OUT.c.due_at <= bindparam("now"),
        or_(OUT.c.retry_at == None, OUT.c.retry_at <= bindparam("wall")),  # noqa: E711
        ~_HELD,
    )
    .subquery("first")
)
_CLOSED = and_(OUT.c.question_id != None, QUESTION.c.closed_at != None)  # noqa: E711
_HAS_PART = exists().where(
    PART.c.case_id == OUT.c.case_id, PART.c.until == None, PART.c.part != "first_owner",  # noqa: E711
    HOLDING.c.post_id == PART.c.post_id, HOLDING.c.person_id == OUT.c.person_id, HOLDING.c.until == None,  # noqa: E711
)
_NEWER = exists().where(
    EARLIER.c.address_id == OUT.c.address_id, EARLIER_WAITING, EARLIER.c.id > OUT.c.id, EARLIER.c.case_id == OUT.c.case_id,
    EARLIER.c.key == OUT.c.key, EARLIER.c.due_at <= bindparam("now"),
)
_COLUMNS = {
    "external_id": ADDRESS.c.external_id,
    "case_number": CASE.c.number,
    "case_state": CASE.c.state,
    "question_closed": case((_CLOSED, 1), else_=0),
    "held": case((OUT.c.due_at > OUT.c.made_at, 1), else_=0),
    "reader_has_part": case((_HAS_PART, 1), else_=0),
    "newer": case((_NEWER, 1), else_=0),
}
DUE = (
    select(*(_COLUMNS[name].label(name) if name in _COLUMNS else OUT.c[name] for name in OutboxRow.__slots__))
    .select_from(_FIRST)
    .join(OUT, OUT.c.id == _FIRST.c.id)
    .join(ADDRESS, ADDRESS.c.id == OUT.c.address_id)
    .outerjoin(CASE, CASE.c.id == OUT.c.case_id)
    .outerjoin(QUESTION, QUESTION.c.id == OUT.c.question_id)
    .where(_FIRST.c.place == 1)
    .order_by(_rank(OUT), OUT.c.id)
    .limit(bindparam("many"))
)
NEXT_DUE = select(func.min(OUT.c.due_at)).where(WAITING, OUT.c.due_at > bindparam("now"))
NEXT_RETRY = select(func.min(OUT.c.retry_at)).where(WAITING, OUT.c.retry_at > bindparam("wall"))
ROLES = (
    select(HOLDING.c.person_id, POST.c.role)
    .join(POST, POST.c.id == HOLDING.c.post_id)
    .where(HOLDING.c.person_id.in_(bindparam("people", expanding=True)), HOLDING.c.until == None)  # noqa: E711
)
_ONE = and_(OUT.c.id == bindparam("row"), WAITING)
SENT = update(OUT).where(_ONE).values(state="sent", sent_at=bindparam("at"), ref=bindparam("platform_ref"))
ENDED = update(OUT).where(_ONE).values(state=bindparam("ended"), why=bindparam("reason"))
AGAIN = (
    update(OUT)
    .where(_ONE)
    .values(
        tries=OUT.c.tries + 1,
        retry_at=bindparam("until"),
        failed_at=func.coalesce(OUT.c.failed_at, bindparam("failed", type_=OUT.c.failed_at.type)),
        why=bindparam("reason"),
    )
)
NOT_YET = update(OUT).where(_ONE).values(retry_at=bindparam("until"), why=bindparam("reason"))


def due(conn: Connection, now: datetime, wall: datetime, many: int = 200) -> Sequence[OutboxRow]:
    """The next message of each address that has one to send now: emergencies first, then as they were made.

    A message that waits for another try keeps its address for two minutes at most, and never from an emergency.
    """
    asked = {"now": now, "wall": wall, "held_since": wall - HOLDS, "many": many}
    return [OutboxRow(*found) for found in conn.execute(DUE, asked)]


def next_due(conn: Connection, now: datetime) -> datetime | None:
    """When the next message that is held (by the quiet hours, by a burst) is let go, by the clock."""
    return conn.execute(NEXT_DUE, {"now": now}).scalar()


def next_retry(conn: Connection, wall: datetime) -> datetime | None:
    """When the next message that failed is to be tried again, by the wall."""
    return conn.execute(NEXT_RETRY, {"wall": wall}).scalar()


_ROLE_NAMES = {Role.CITY: "city", Role.SUBDISTRICT: "subdistrict", Role.SECRETARY: "secretary"}
_ROLE_ORDER = ("city", "subdistrict", "secretary", "worker")


def roles(conn: Connection, people: Sequence[str]) -> dict[str, str]:
    """As what each of these people is addressed, their highest post counting; who is missing is a resident."""
    best: dict[str, str] = {}
    for person, role in conn.execute(ROLES, {"people": list(people)}) if people else ():
        name = _ROLE_NAMES.get(role, "worker")
        best[person] = min(name, best.get(person, name), key=_ROLE_ORDER.index)
    return best


def mark_sent(conn: Connection, outbox_id: int, at: datetime, ref: str | None) -> None:
    """The platform has it, under the name `ref`; `at` by the clock."""
    conn.execute(SENT, {"row": outbox_id, "at": at, "platform_ref": ref})


def mark_dropped(conn: Connection, outbox_id: int, why: str) -> None:
    """Not sent, for it was no longer true."""
    conn.execute(ENDED, {"row": outbox_id, "ended": "dropped", "reason": why})


def mark_dead(conn: Connection, outbox_id: int, why: str) -> None:
    """It will never go through: a dead letter, which a person gets to see."""
    conn.execute(ENDED, {"row": outbox_id, "ended": "dead", "reason": why})


def try_again(conn: Connection, outbox_id: int, until: datetime, wall: datetime, why: str) -> None:
    """One more try came to nothing; the next is not before `until` (wall)."""
    conn.execute(AGAIN, {"row": outbox_id, "until": until, "failed": wall, "reason": why})


def wait_for_channel(conn: Connection, outbox_id: int, until: datetime) -> None:
    """Its channel is not served now. That is nobody's failure: it waits as long as it takes."""
    conn.execute(NOT_YET, {"row": outbox_id, "until": until, "reason": "no_channel"})
