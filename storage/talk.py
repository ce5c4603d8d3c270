"""Queries on the conversation: open questions, drafts, focus, codes; and the outbox row that a turn writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text

from casework.effects import Draft
from storage import tables as t
from storage.rows import draft_from

QUESTION: Any = t.Question.__table__  # type: ignore[attr-defined]
DRAFT: Any = t.Draft.__table__  # type: ignore[attr-defined]
TALK: Any = t.Conversation.__table__  # type: ignore[attr-defined]
OUTBOX: Any = t.Outbox.__table__  # type: ignore[attr-defined]
LINK: Any = t.Link.__table__  # type: ignore[attr-defined]
WRONG: Any = t.WrongCode.__table__  # type: ignore[attr-defined]
FILE: Any = t.Attachment.__table__  # type: ignore[attr-defined]
SETTING: Any = t.Setting.__table__  # type: ignore[attr-defined]

SHOWN = (
    select(OUTBOX.c.buttons).where(OUTBOX.c.person_id == bindparam("person"), OUTBOX.c.state == "sent")
    .order_by(OUTBOX.c.id.desc()).limit(20)
)
QUESTION_BY_ID = select(QUESTION).where(QUESTION.c.id == bindparam("id"))
OPEN_QUESTIONS = (
    select(QUESTION)
    .where(QUESTION.c.person_id == bindparam("person"), QUESTION.c.closed_at.is_(None))
    .order_by(QUESTION.c.asked_at.desc(), QUESTION.c.id.desc())
)
LAST_OF_TASK = (
    select(QUESTION)
    .where(QUESTION.c.task_id == bindparam("task"))
    .order_by(QUESTION.c.asked_at.desc(), QUESTION.c.id.desc()).limit(1)
)
DRAFT_OF = select(DRAFT).where(DRAFT.c.person_id == bindparam("person")).order_by(DRAFT.c.opened_at.desc()).limit(1)
DRAFT_BY_ID = select(DRAFT).where(DRAFT.c.id == bindparam("id"))
TALK_AT = select(TALK).where(TALK.c.address_id == bindparam("address"))
CODE = select(LINK).where(LINK.c.mac == bindparam("mac"), LINK.c.kind == "bind")
WRONG_SINCE = (
    select(func.count()).select_from(WRONG)
    .where(WRONG.c.address_id == bindparam("address"), WRONG.c.at > bindparam("since"))
)
DEAD_LETTERS = (
    select(OUTBOX)
    .where(OUTBOX.c.person_id == bindparam("person"), OUTBOX.c.id >= bindparam("first"), OUTBOX.c.state == "dead")
    .where(OUTBOX.c.kind.not_in(("prompt", "digest")), OUTBOX.c.key.not_like("task.%"), OUTBOX.c.key.not_like("group%"))
    .order_by(OUTBOX.c.id)
)
CARD_SENT = select(OUTBOX.c.case_id).where(
    OUTBOX.c.address_id == bindparam("address"), OUTBOX.c.ref == bindparam("ref")
)
WAITING_LIKE = (
    select(OUTBOX).where(OUTBOX.c.person_id == bindparam("person"), text("outbox.state = 'waiting'"))
    .where(OUTBOX.c.key == bindparam("key"), OUTBOX.c.due_at > bindparam("now")).order_by(OUTBOX.c.id)
)
LATELY_ADDED = (
    select(OUTBOX.c.id, OUTBOX.c.state, OUTBOX.c.text, OUTBOX.c.made_at, OUTBOX.c.due_at)
    .where(OUTBOX.c.person_id == bindparam("person"), OUTBOX.c.case_id == bindparam("case"))
    .where(OUTBOX.c.made_at > bindparam("since"), OUTBOX.c.key == "card.added").order_by(OUTBOX.c.id)
)
SAID = select(OUTBOX.c.key).where(OUTBOX.c.person_id == bindparam("person"), OUTBOX.c.made_at > bindparam("since"))


def question(conn: Connection, question_id: str) -> Any | None:
    """The question's row, open or closed."""
    return conn.execute(QUESTION_BY_ID, {"id": question_id}).first()


def open_questions(conn: Connection, person_id: str, awaited: bool = True) -> list[Any]:
    """The person's open questions, newest first; by default only those that free text may answer."""
    rows = conn.execute(OPEN_QUESTIONS, {"person": person_id}).all()
    return [r for r in rows if r.awaited] if awaited else list(rows)


def shown_buttons(conn: Connection, person_id: str) -> list[list[str]]:
    """The values of the buttons of the person's last messages, newest first, in the order in which they are shown."""
    return [[str(b["value"]) for b in r.buttons] for r in conn.execute(SHOWN, {"person": person_id}) if r.buttons]


def last_of_task(conn: Connection, task_id: str) -> Any | None:
    """What was asked last about this task, open or closed: its arguments tell what the task is about."""
    return conn.execute(LAST_OF_TASK, {"task": task_id}).first()


def insert_question(conn: Connection, **values: Any) -> None:
    """One open question more."""
    conn.execute(QUESTION.insert().values(**values))


def answer_question(conn: Connection, question_id: str, option: str, now: datetime) -> None:
    """The question was answered: closed, and with what. Cards stay open, for they are not awaited."""
    conn.execute(
        QUESTION.update().where(QUESTION.c.id == question_id, QUESTION.c.closed_at.is_(None))
        .values(closed_at=now, answered=option)
    )


def wait_no_more(conn: Connection, question_ids: Sequence[str]) -> None:
    """Free text answers these no more; their buttons, if any, stay."""
    conn.execute(QUESTION.update().where(QUESTION.c.id.in_(list(question_ids))).values(awaited=False))


def draft_of(conn: Connection, person_id: str) -> Draft | None:
    """The person's half-told complaint, if any."""
    row = conn.execute(DRAFT_OF, {"person": person_id}).first()
    return draft_from(row) if row else None


def draft(conn: Connection, draft_id: str) -> Draft | None:
    """The draft, unless it became a case meanwhile."""
    row = conn.execute(DRAFT_BY_ID, {"id": draft_id}).first()
    return draft_from(row) if row else None


def conversation(conn: Connection, address_id: str) -> Any | None:
    """What the address talks about: focus case, since when, relay until."""
    return conn.execute(TALK_AT, {"address": address_id}).first()


def lately_added(conn: Connection, person_id: str, case_id: str, since: datetime) -> list[Any]:
    """What was told this person of the resident's additions to the case since then, oldest first; by the person's rows of that case."""
    return list(conn.execute(LATELY_ADDED, {"person": person_id, "case": case_id, "since": since}).all())


def append_outbox(conn: Connection, row_id: int, text: str) -> None:
    """More words for a message that has not gone out."""
    conn.execute(OUTBOX.update().where(OUTBOX.c.id == row_id, OUTBOX.c.state == "waiting").values(text=text))


def insert_outbox(conn: Connection, **values: Any) -> int:
    """One message out, written in the turn; sent after the commit."""
    row = conn.execute(OUTBOX.insert().values(state="waiting", tries=0, **values)).inserted_primary_key
    assert row is not None
    return int(row[0])


def waiting_like(conn: Connection, person_id: str, key: str, now: datetime) -> list[Any]:
    """Messages of this key to the person that have not gone out and are not due yet."""
    return list(conn.execute(WAITING_LIKE, {"person": person_id, "key": key, "now": now}))


def rewrite_waiting(conn: Connection, outbox_id: int, **values: Any) -> None:
    """Another text for a message that has not gone out."""
    conn.execute(OUTBOX.update().where(OUTBOX.c.id == outbox_id, OUTBOX.c.state == "waiting").values(**values))


def code(conn: Connection, mac: str) -> Any | None:
    """The binding code with this keyed hash, used or not."""
    return conn.execute(CODE, {"mac": mac}).first()


def wrong_codes(conn: Connection, address_id: str, now: datetime) -> int:
    """Wrong codes from this address within the hour."""
    return int(conn.execute(WRONG_SINCE, {"address": address_id, "since": now - timedelta(hours=1)}).scalar_one())


def case_of_message(conn: Connection, address_id: str, ref: str) -> str | None:
    """The case that a message we sent there was about (a reply to a card)."""
    row = conn.execute(CARD_SENT, {"address": address_id, "ref": ref}).first()
    return row.case_id if row else None


def keep_remote_file(conn: Connection, **values: Any) -> None:
    """A file that the platform still holds; downloaded after the commit."""
    conn.execute(FILE.insert().values(tries=0, **values))


def copy_files(conn: Connection, ids: Sequence[str], mint: Callable[[], str]) -> tuple[str, ...]:
    """The same files once more, for a second case told in the same message: rows of their own, one content."""
    found = []
    for row in conn.execute(select(FILE).where(FILE.c.id.in_(list(ids))).order_by(FILE.c.id)).all():
        own = {**row._mapping, "id": mint(), "case_id": None, "event_id": None, "community_id": None}
        conn.execute(FILE.insert().values(**own))
        found.append(str(own["id"]))
    return tuple(found)


def said_since(conn: Connection, person_id: str, key: str, since: datetime) -> bool:
    """Whether the sentence of this key went out to the person since then, alone or together with others."""
    found = conn.execute(SAID, {"person": person_id, "since": since})
    return any(key in row.key.split("+") for row in found)


def outbox_row(conn: Connection, outbox_id: int) -> Any | None:
    """What was to be sent."""
    return conn.execute(select(OUTBOX).where(OUTBOX.c.id == outbox_id)).first()


def dead_letters(conn: Connection, person_id: str, case_id: str | None, first: int) -> list[Any]:
    """What never went out to somebody about this case (or about none), from that row on."""
    rows = conn.execute(DEAD_LETTERS, {"person": person_id, "first": first})
    return [row for row in rows if row.case_id == case_id]


def setting(conn: Connection, name: str) -> str | None:
    """A fact about this database."""
    row = conn.execute(select(SETTING.c.value).where(SETTING.c.name == name)).first()
    return row.value if row else None
