"""What somebody said on the page, as it stands in the page's own thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from storage import tables as t

THREAD: Any = t.Thread.__table__  # type: ignore[attr-defined]
QUESTION: Any = t.Question.__table__  # type: ignore[attr-defined]
ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]
PLACE: Any = t.Place.__table__  # type: ignore[attr-defined]
ABOVE = PLACE.alias("above")

BY_INBOX = select(THREAD.c.n).where(THREAD.c.inbox_id == bindparam("inbox_id"))
APPEND = insert(THREAD)
BEHIND = select(ADDRESS.c.person_id).where(ADDRESS.c.channel == "web", ADDRESS.c.external_id == bindparam("person"))
OPTIONS = select(QUESTION.c.options).where(  # who sits at this page may be staff by now, bound with a code
    QUESTION.c.person_id.in_(BEHIND), QUESTION.c.id == bindparam("question")
)
PLACE_NAME = (
    select(PLACE.c.name, ABOVE.c.name.label("above"))
    .outerjoin(ABOVE, ABOVE.c.id == PLACE.c.parent_id)
    .where(PLACE.c.id == bindparam("place"))
)


def thread_place(conn: Connection, inbox_id: int) -> int | None:
    """Where a message stands in its sender's thread."""
    return conn.execute(BY_INBOX, {"inbox_id": inbox_id}).scalar()


def append_own(conn: Connection, inbox_id: int, message: Mapping[str, Any]) -> int:
    """Put a message of the page into its sender's thread; says where it stands."""
    row = {
        "person_id": message["sender"],  # on the page the sender is the person
        "sender": "me",
        "text": _shown(conn, message),
        "buttons": [],
        "files": [file["file_id"] for file in message["body"].get("files", ()) if file.get("file_id")],
        "inbox_id": inbox_id,
        "at": message["received_at"],
    }
    return conn.execute(APPEND, row).inserted_primary_key[0]  # type: ignore[index]


def _shown(conn: Connection, message: Mapping[str, Any]) -> str:
    """A press is shown as the words on the button, a picked place by its name."""
    if message["kind"] == "button":
        return _label(conn, message["sender"], message["text"])
    if message["kind"] == "place" and not message["text"]:
        found = conn.execute(PLACE_NAME, {"place": message["body"].get("data", {}).get("building")}).one_or_none()
        return f"{found.above or ''}{found.name}" if found else "📍"
    return str(message["text"])


def _label(conn: Connection, person: str, value: str) -> str:
    """The label of "question id . option . MAC"; whether the MAC is right, the turn will say."""
    question, _, rest = value.partition(".")
    index = rest.partition(".")[0]
    options = conn.execute(OPTIONS, {"person": person, "question": question}).scalar() or []
    if index.isascii() and index.isdigit() and int(index) < len(options):
        return str(options[int(index)].get("label") or "…")
    return "…"  # never offered to this person
