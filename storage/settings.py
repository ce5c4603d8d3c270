"""Facts about this database, by name: demo or live, the clock's offset, the organisation's revision."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from storage import tables as t

SETTING: Any = t.Setting.__table__  # type: ignore[attr-defined]

GET = select(SETTING.c.value).where(SETTING.c.name == bindparam("which"))
PUT = update(SETTING).where(SETTING.c.name == bindparam("which")).values(value=bindparam("now"))
ADD = insert(SETTING)


def setting(conn: Connection, name: str) -> str | None:
    """The value under this name; None when there is none."""
    return conn.execute(GET, {"which": name}).scalar()


def put_setting(conn: Connection, name: str, value: str) -> None:
    """Keep this value under this name."""
    if conn.execute(PUT, {"which": name, "now": value}).rowcount == 0:
        conn.execute(ADD, {"name": name, "value": value})
