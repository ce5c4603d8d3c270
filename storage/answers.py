"""Answers that desks put among the prepared ones: what is given now, who put it there, and the writing of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from casework.answer_effects import TakeDownAnswer, TakeUpAnswer
from storage import tables as t

ANSWER: Any = t.DeskAnswer.__table__  # type: ignore[attr-defined]
PERSON: Any = t.Person.__table__  # type: ignore[attr-defined]
POST: Any = t.Post.__table__  # type: ignore[attr-defined]

IN_USE = (
    select(ANSWER, PERSON.c.name.label("added_name"), POST.c.title.label("added_title"))
    .select_from(ANSWER.join(PERSON, PERSON.c.id == ANSWER.c.added_by).join(POST, POST.c.id == ANSWER.c.added_post))
    .where(ANSWER.c.ended_at.is_(None))
    .order_by(ANSWER.c.added_at, ANSWER.c.id)
)
STAMP = select(func.count(), func.max(ANSWER.c.added_at), func.max(ANSWER.c.ended_at))


def in_use(conn: Connection) -> list[Any]:
    """Those that are given now, oldest first, each with the name and the post of who put it there."""
    return list(conn.execute(IN_USE))


def given(conn: Connection) -> list[dict[str, Any]]:
    """The same with the fields of nlp.answers.Answer."""
    return [
        {"topic": r.topic, "any_of": tuple(r.any_of), "with_any": tuple(r.with_any), "none_of": (), "text": r.text, "source": r.source,
         "valid_until": r.valid_until, "area": r.area_id or ""} for r in in_use(conn)
    ]  # fmt: skip


def stamp(conn: Connection) -> str:
    """Changes whenever one is put there or taken away."""
    return str(tuple(conn.execute(STAMP).one()))


def write_answer(conn: Connection, effect: TakeUpAnswer | TakeDownAnswer, now: datetime) -> None:
    """One more, or one less."""
    if isinstance(effect, TakeDownAnswer):
        which = update(ANSWER).where(ANSWER.c.id == effect.id, ANSWER.c.ended_at.is_(None))
        conn.execute(which.values(ended_at=now, ended_by=effect.by))
        return
    conn.execute(ANSWER.insert().values(
        id=effect.id, topic=effect.topic, any_of=list(effect.any_of), with_any=list(effect.with_any), text=effect.text, source=effect.source,
        valid_until=effect.valid_until, area_id=effect.area, question=effect.question, added_by=effect.by, added_post=effect.post, added_at=now,
    ))
