"""Files that a platform still holds: which are due, what became of them. Times here are by the wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from storage.tables import Attachment

_T = Attachment.__table__  # type: ignore[attr-defined]

TRIES = 10  # after so many a row is given up: `tries` = TRIES, `sha256` null, `remote` kept for whoever looks into it


@dataclass(frozen=True, slots=True)
class Due:
    """A file to fetch now; `tries` is how often it has failed."""

    id: str
    channel: str
    remote: str
    kind: str
    tries: int


def due(conn: Connection, now: datetime, limit: int = 20) -> list[Due]:
    """The files to fetch now, oldest first; given up and kept ones never."""
    rows = conn.execute(
        select(_T.c.id, _T.c.channel, _T.c.remote, _T.c.kind, _T.c.tries)
        .where(_T.c.sha256.is_(None), _T.c.remote.is_not(None), _T.c.channel.is_not(None), _T.c.tries < TRIES)
        .where(or_(_T.c.retry_at.is_(None), _T.c.retry_at <= now))
        .order_by(_T.c.at)
        .limit(limit)
    )
    return [Due(*row) for row in rows]


def still_remote(conn: Connection, file_id: str) -> Due | None:
    """The file, if it is not fetched yet and not given up."""
    row = conn.execute(
        select(_T.c.id, _T.c.channel, _T.c.remote, _T.c.kind, _T.c.tries).where(
            _T.c.id == file_id, _T.c.sha256.is_(None), _T.c.remote.is_not(None), _T.c.tries < TRIES
        )
    ).one_or_none()
    return row and Due(*row)


def kept(conn: Connection, file_id: str, sha256: str, mime: str, size: int) -> None:
    """The bytes are on disk: the row says which."""
    conn.execute(
        update(_T).where(_T.c.id == file_id).values(sha256=sha256, mime=mime, size=size, remote=None, retry_at=None)
    )


def failed(conn: Connection, file_id: str, retry_at: datetime) -> None:
    """One more try was in vain; the next not before `retry_at`."""
    conn.execute(update(_T).where(_T.c.id == file_id).values(tries=_T.c.tries + 1, retry_at=retry_at))


def gave_up(conn: Connection, file_id: str) -> None:
    """This file will never come (too old, too big, refused): it is not asked for again."""
    conn.execute(update(_T).where(_T.c.id == file_id).values(tries=TRIES, retry_at=None))
