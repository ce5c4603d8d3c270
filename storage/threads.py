"""What a page shows: the thread of one address, and the files that may be seen in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, bindparam, cast, func, insert, select, update

from storage import tables as t
from storage.doors import SEEN

THREAD: Any = t.Thread.__table__  # type: ignore[attr-defined]
FILE: Any = t.Attachment.__table__  # type: ignore[attr-defined]

MANY = 200  # messages given at a time

BY_OUTBOX = select(THREAD.c.n).where(THREAD.c.outbox_id == bindparam("outbox"))
APPEND = insert(THREAD)
AFTER = (
    select(THREAD)
    .where(THREAD.c.person_id == bindparam("thread"), THREAD.c.n > bindparam("after"))
    .order_by(THREAD.c.n)
    .limit(bindparam("many"))
)
LATEST = (
    select(THREAD).where(THREAD.c.person_id == bindparam("thread")).order_by(THREAD.c.n.desc()).limit(bindparam("many"))
)
NEWEST = select(func.max(THREAD.c.n)).where(THREAD.c.person_id == bindparam("thread"))
FETCHED = (
    update(THREAD)
    .where(THREAD.c.person_id == bindparam("thread"), THREAD.c.n <= bindparam("upto"), THREAD.c.fetched_at.is_(None))
    .values(fetched_at=bindparam("now"))
)
FILE_BY_ID = select(FILE).where(FILE.c.id == bindparam("file"))
SHOWN = select(THREAD.c.n).where(
    THREAD.c.person_id == bindparam("thread"), cast(THREAD.c.files, String).like(bindparam("like"))
)
OWN = select(FILE.c.id, FILE.c.kind).where(
    FILE.c.id.in_(bindparam("files", expanding=True)), FILE.c.person_id.in_(bindparam("people", expanding=True))
)
ADD_FILE = insert(FILE)
KNOWN_FILES = select(FILE.c.sha256).where(FILE.c.sha256.is_not(None)).distinct()


def append(conn: Connection, thread: str, outbox_id: int, at: datetime, **shown: Any) -> int:
    """Put a message of Jiesu into a thread; its place there. The same outbox row again changes nothing."""
    known = conn.execute(BY_OUTBOX, {"outbox": outbox_id}).scalar()
    if known is not None:
        return int(known)
    row = {"person_id": thread, "sender": "jiesu", "outbox_id": outbox_id, "at": at, "case_number": None} | shown
    return int(conn.execute(APPEND, row).inserted_primary_key[0])  # type: ignore[index]


def after(conn: Connection, thread: str, n: int, many: int = MANY) -> Sequence[Any]:
    """The messages behind place `n`, in order; what is not given yet comes with the next question."""
    return conn.execute(AFTER, {"thread": thread, "after": n, "many": many}).all()


def latest(conn: Connection, thread: str, many: int = MANY) -> Sequence[Any]:
    """The end of the thread, in order."""
    return conn.execute(LATEST, {"thread": thread, "many": many}).all()[::-1]


def newest(conn: Connection, thread: str) -> int:
    """The place of the last message; 0 in an empty thread."""
    return int(conn.execute(NEWEST, {"thread": thread}).scalar() or 0)


def mark_fetched(conn: Connection, thread: str, upto: int, now: datetime) -> None:
    """The page has everything up to this place, and somebody was there to see it."""
    conn.execute(FETCHED, {"thread": thread, "upto": upto, "now": now})
    conn.execute(SEEN, {"person": thread, "now": now})


def add_file(conn: Connection, **values: Any) -> None:
    """A file whose bytes are on disk."""
    conn.execute(ADD_FILE, values)


def file(conn: Connection, file_id: str) -> Any | None:
    """The file's row, whoever asks: for sending it."""
    return conn.execute(FILE_BY_ID, {"file": file_id}).first()


def file_for(conn: Connection, thread: str, person: str, file_id: str) -> Any | None:
    """The file's row if this visitor may see it: their own, or shown to them in their thread."""
    row = file(conn, file_id)
    if row is None or row.person_id in (thread, person):
        return row
    shown = conn.execute(SHOWN, {"thread": thread, "like": f'%"{row.id}"%'}).first()
    return row if shown is not None else None


def own_files(conn: Connection, people: Iterable[str], files: Sequence[str]) -> dict[str, str]:
    """Which of these files one of these people uploaded: id -> kind."""
    if not files:
        return {}
    return {row.id: row.kind for row in conn.execute(OWN, {"files": list(files), "people": list(people)})}


def kept_files(conn: Connection) -> frozenset[str]:
    """The names on disk (sha256) that some row knows."""
    return frozenset(row.sha256 for row in conn.execute(KNOWN_FILES))
