"""Messages in: stored before they are acknowledged, handled once, in order for each sender."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, select, text, update

from storage import tables as t
from storage.queues.own_words import append_own, thread_place

IN: Any = t.Inbox.__table__  # type: ignore[attr-defined]

ALBUM_PAUSE = timedelta(seconds=1.5)  # after the latest picture of an album …
ALBUM_LONGEST = timedelta(seconds=8)  # … but no longer than this after its first

WAITING = text("inbox.state = 'waiting'")  # word for word what the partial index says


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One stored message, as a turn gets it."""

    id: int
    channel: str
    update_key: str
    sender: str
    kind: str
    text: str
    body: Mapping[str, Any]  # files, data, name, reply_to, chat
    group_key: str | None
    received_at: datetime  # by the clock
    tries: int
    person_id: str | None


@dataclass(frozen=True, slots=True)
class StoredRow:
    """What became of store_incoming. `n`: its place in the page's thread (channel web only)."""

    id: int
    duplicate: bool
    n: int | None = None


_COLUMNS = [IN.c[name] for name in InboxRow.__slots__]
_SAME_ALBUM = and_(
    IN.c.group_key == bindparam("album"), IN.c.channel == bindparam("via"), IN.c.sender == bindparam("who"), WAITING
)

BY_KEY = select(IN.c.id).where(IN.c.channel == bindparam("channel"), IN.c.update_key == bindparam("update_key"))
ADD = insert(IN)
ALBUM_BEGAN = select(func.min(IN.c.received_at)).where(_SAME_ALBUM)
ALBUM_LATER = update(IN).where(_SAME_ALBUM).values(ready_at=bindparam("until"))
ALBUM = select(*_COLUMNS).where(_SAME_ALBUM).order_by(IN.c.id)
_FRONT = select(func.min(IN.c.id)).where(WAITING).group_by(IN.c.channel, IN.c.sender)
READY = (
    select(*_COLUMNS)
    .where(IN.c.id.in_(_FRONT), WAITING, IN.c.ready_at <= bindparam("wall"))
    .order_by(IN.c.id)
    .limit(bindparam("many"))
)
NEXT_READY = select(func.min(IN.c.ready_at)).where(WAITING, IN.c.ready_at > bindparam("wall"))
WAITING_ONE = select(*_COLUMNS).where(IN.c.id == bindparam("row"), WAITING)
DONE = update(IN).where(IN.c.id == bindparam("row"), WAITING).values(state="done")
FAILED = (
    update(IN)
    .where(IN.c.id == bindparam("row"), WAITING)
    .values(state="failed", error=bindparam("why"), tries=bindparam("many"))
)
STALE = select(func.count()).select_from(IN).where(WAITING, IN.c.ready_at < bindparam("wall"))


def store_incoming(
    conn: Connection,
    *,
    channel: str,
    update_key: str,
    sender: str,
    kind: str,
    text: str = "",
    body: Mapping[str, Any] | None = None,
    group_key: str | None = None,
    received_at: datetime,
    ready_at: datetime,
) -> StoredRow:
    """Store a message once: the same (channel, update_key) again changes nothing and is called a duplicate.

    A message of the page also takes its place in the page's thread, in the same transaction. `received_at` is by the
    clock, `ready_at` by the wall; each picture of an album (`group_key`) puts the whole album off a little.
    """
    known = conn.execute(BY_KEY, {"channel": channel, "update_key": update_key}).scalar()
    if known is not None:
        return StoredRow(known, True, thread_place(conn, known) if channel == "web" else None)
    if group_key is not None:
        ready_at = _put_album_off(conn, channel, sender, group_key, received_at, ready_at)
    row = {
        "channel": channel,
        "update_key": update_key,
        "sender": sender,
        "kind": kind,
        "text": text.encode("utf-8", "replace").decode(),  # half a surrogate pair cannot be stored
        "body": dict(body or {}),
        "group_key": group_key,
        "received_at": received_at,
        "ready_at": ready_at,
        "state": "waiting",
        "tries": 0,
    }
    inbox_id = conn.execute(ADD, row).inserted_primary_key[0]  # type: ignore[index]
    return StoredRow(inbox_id, False, append_own(conn, inbox_id, row) if channel == "web" else None)


def _put_album_off(
    conn: Connection, channel: str, sender: str, album: str, received_at: datetime, wall: datetime
) -> datetime:
    """When this album may be handled, now that another picture of it came; its earlier pictures wait as long."""
    which = {"via": channel, "who": sender, "album": album}
    began = conn.execute(ALBUM_BEGAN, which).scalar()
    lasted = received_at - began if began is not None else timedelta(0)
    until = wall + max(min(ALBUM_PAUSE, ALBUM_LONGEST - lasted), timedelta(0))
    if began is not None:
        conn.execute(ALBUM_LATER, which | {"until": until})
    return until


def ready(conn: Connection, wall: datetime, many: int = 200) -> Sequence[InboxRow]:
    """The oldest waiting message of each sender, if it is ready: a younger one never overtakes an older one."""
    return [_row(found) for found in conn.execute(READY, {"wall": wall, "many": many})]


def next_ready(conn: Connection, wall: datetime) -> datetime | None:
    """When the next message that waits for the wall (an album) becomes ready."""
    return conn.execute(NEXT_READY, {"wall": wall}).scalar()


def take(conn: Connection, inbox_id: int) -> list[InboxRow]:
    """The message with all that came in the same album, oldest first; none when it is not waiting any more."""
    found = conn.execute(WAITING_ONE, {"row": inbox_id}).one_or_none()
    if found is None:
        return []
    if found.group_key is None:
        return [_row(found)]
    album = {"via": found.channel, "who": found.sender, "album": found.group_key}
    return [_row(each) for each in conn.execute(ALBUM, album)]


def mark_done(conn: Connection, rows: Sequence[InboxRow]) -> None:
    """These messages have had their turn."""
    conn.execute(DONE, [{"row": row.id} for row in rows])


def mark_failed(conn: Connection, rows: Sequence[InboxRow], why: str, tries: int) -> None:
    """These messages could not be handled; they are kept, with the kind and place of the error."""
    conn.execute(FAILED, [{"row": row.id, "why": why, "many": tries} for row in rows])


def stale(conn: Connection, before: datetime) -> int:
    """How many messages have been ready since `before` (wall) and still wait: in a healthy town none."""
    return conn.execute(STALE, {"wall": before}).scalar_one()


def _row(found: Any) -> InboxRow:
    return InboxRow(*found)
