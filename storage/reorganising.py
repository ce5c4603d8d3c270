"""A difference into the tables of the organisation, in the transaction of whoever calls: whole or not at all.

What ends is marked, never deleted: cases of the past point at it. Weekly rows, exceptions, leave, own working days and answers
are what they say, so those that end are taken out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from casework.organisation import AREA_KINDS, Organisation, PostRow
from casework.reorganising import Difference, SheetDifference, difference
from storage import tables as t
from storage.organisation import (
    ALL_AREAS,
    ANSWER,
    AREA,
    EXCEPTION,
    HOLDING,
    LEAVE,
    PERSON,
    PLACE,
    POST,
    REVISION,
    ROSTER,
    WORKDAY,
)  # fmt: skip
from storage.settings import put_setting

SESSION: Any = t.WebSession.__table__  # type: ignore[attr-defined]
ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]
LINK: Any = t.Link.__table__  # type: ignore[attr-defined]

PLACE_ORDER = ("estate", "road", "landmark", "building")  # parents before what lies in them
WHOLE_DAY = time(0)  # from midnight to midnight
AREA_IDS, PLACE_IDS, POST_IDS = select(AREA.c.id), select(PLACE.c.id), select(POST.c.id)
STAFF_IDS = select(PERSON.c.org_id, PERSON.c.id).where(PERSON.c.org_id.is_not(None))
# What is set is filled in by _each: each is one statement a set of columns.
_SET_AREA = update(AREA).where(AREA.c.id == bindparam("this"))
_SET_PLACE = update(PLACE).where(PLACE.c.id == bindparam("this"))
_SET_PERSON = update(PERSON).where(PERSON.c.org_id == bindparam("this"))
_SET_POST = update(POST).where(POST.c.id == bindparam("this"))
_LET_GO = update(HOLDING).where(HOLDING.c.post_id == bindparam("this"), HOLDING.c.until.is_(None))
_VOID_LINKS = update(LINK).where(LINK.c.person_id == bindparam("this"), LINK.c.used_at.is_(None))


END_SESSIONS = delete(SESSION).where(
    SESSION.c.person_id.in_(
        select(ADDRESS.c.external_id).where(ADDRESS.c.channel == "web", ADDRESS.c.person_id == bindparam("this"))
    )
)


def load_organisation(conn: Connection, organisation: Organisation, now: datetime, mint: Callable[[], str]) -> None:
    """Write a checked organisation into empty tables."""
    reorganise(conn, difference(Organisation(), organisation), now, mint)


def reorganise(conn: Connection, diff: Difference, now: datetime, mint: Callable[[], str]) -> None:
    """Write what is added, changed and ended. Areas, places and posts keep the organisation's own ids; people get ids of
    ours, for they may leave, come back under the same `org_id`, and be residents too."""
    _areas(conn, diff["areas"], now)
    _places(conn, diff["places"], now)
    people = _people(conn, diff["people"], now, mint)
    _posts(conn, diff["posts"], people, now)
    _rows(conn, diff)
    put_setting(conn, REVISION, mint())


# ---- what has an id --------------------------------------------------------------------------------------------------


def _areas(conn: Connection, part: SheetDifference, now: datetime) -> None:
    standing = {r.id: (r.parent_id, r.path) for r in conn.execute(ALL_AREAS)}
    parents = {id: parent for id, (parent, _) in standing.items()}
    after = sorted((*part.added, *(c.after for c in part.changed)), key=lambda row: AREA_KINDS.index(row.kind))
    parents |= {row.id: row.parent or None for row in after}
    _keep(
        conn, t.Area, _SET_AREA, _ids(conn, AREA_IDS),
        ({"id": row.id, "kind": row.kind, "name": row.name, "parent_id": row.parent or None, "path": _path(row.id, parents),
          "aliases": list(row.aliases), "ended_at": None} for row in after),
    )  # fmt: skip
    written = {row.id for row in after}
    moved = [(id, _path(id, parents)) for id in standing if id not in written]
    _each(conn, _SET_AREA, ({"this": id, "path": path} for id, path in moved if path != standing[id][1]))
    _each(conn, _SET_AREA, ({"this": row.id, "ended_at": now} for row in part.ended))


def _path(id: str, parents: Mapping[str, str | None]) -> str:
    path, above = f"/{id}/", parents.get(id)
    while above:
        path, above = f"/{above}{path}", parents.get(above)
    return path


def _places(conn: Connection, part: SheetDifference, now: datetime) -> None:
    after = sorted((*part.added, *(c.after for c in part.changed)), key=lambda row: PLACE_ORDER.index(row.kind))
    _keep(
        conn, t.Place, _SET_PLACE, _ids(conn, PLACE_IDS),
        ({"id": row.id, "kind": row.kind, "name": row.name, "aliases": list(row.aliases), "parent_id": row.parent or None,
          "grids": list(row.grids), "units": row.units, "lat": row.lat, "lon": row.lon, "ended_at": None} for row in after),
    )  # fmt: skip
    _each(conn, _SET_PLACE, ({"this": row.id, "ended_at": now} for row in part.ended))


def _people(conn: Connection, part: SheetDifference, now: datetime, mint: Callable[[], str]) -> dict[str, str]:
    """Write them; every staff member's own id -> ours."""
    known = {r.org_id: r.id for r in conn.execute(STAFF_IDS)}
    new = [row for row in part.added if row.id not in known]
    again = [row for row in part.added if row.id in known]
    made = {row.id: mint() for row in new}
    _add(
        conn, t.Person,
        ({"id": made[row.id], "name": row.name, "phone": row.phone or None, "language": "zh", "home": {}, "phone_asked": False,
          "org_id": row.id, "created_at": now} for row in new),
    )  # fmt: skip
    after = [*again, *(c.after for c in part.changed)]
    _each(conn, _SET_PERSON, (
        {"this": row.id, "name": row.name, "phone": row.phone or None, "left_at": None} for row in after
    ))  # fmt: skip
    _each(conn, _SET_PERSON, ({"this": row.id, "left_at": now} for row in part.ended))
    gone = [known[row.id] for row in part.ended if row.id in known]
    _void(conn, gone, now)
    if gone:  # who has left is a visitor like any other
        conn.execute(END_SESSIONS, [{"this": id} for id in gone])
    return known | made


def _posts(conn: Connection, part: SheetDifference, people: Mapping[str, str], now: datetime) -> None:
    known = _ids(conn, POST_IDS)
    after: list[PostRow] = [*part.added, *(c.after for c in part.changed)]
    _keep(
        conn, t.Post, _SET_POST, known,
        ({"id": row.id, "role": row.role, "kind": row.kind or None, "area_id": row.area, "place_id": row.place or None,
          "categories": list(row.categories), "title": row.title, "phone": row.phone or None, "ended_at": None}
         for row in after),
    )  # fmt: skip
    left = [row.id for row in part.ended] + [c.after.id for c in part.changed if "person" in c.columns]
    left += [row.id for row in part.added if row.id in known]
    _each(conn, _LET_GO, ({"this": id, "until": now} for id in left))
    come = [*part.added, *(c.after for c in part.changed if "person" in c.columns)]
    _add(conn, t.Holding, ({"post_id": r.id, "person_id": people[r.person], "since": now} for r in come if r.person))
    _each(conn, _SET_POST, ({"this": row.id, "ended_at": now, "off_since": None} for row in part.ended))
    _each(conn, _SET_POST, ({"this": c.after.id, "off_since": None} for c in part.changed if "person" in c.columns))
    _void(conn, [people[r.person] for r in come if r.person], now)  # a card opens what its holder has: it was printed for less


def _void(conn: Connection, people: Sequence[str], now: datetime) -> None:
    """Links, codes and printed cards that nobody has used are worth nothing any more."""
    _each(conn, _VOID_LINKS, ({"this": id, "used_at": now, "reusable": False} for id in people))


# ---- what is what it says ---------------------------------------------------------------------------------------------


def _rows(conn: Connection, diff: Difference) -> None:
    for sheet, table, values in (
        ("roster", ROSTER, _roster), ("exceptions", EXCEPTION, _exception), ("leave", LEAVE, _leave),
        ("workdays", WORKDAY, _workday), ("answers", ANSWER, _answer),
    ):  # fmt: skip
        ended = [values(row) for row in diff[sheet].ended]
        if ended:
            _take_out(conn, table, ended)
        if added := [values(row) for row in diff[sheet].added]:
            conn.execute(insert(table), added)


def _take_out(conn: Connection, table: Any, ended: Sequence[dict[str, Any]]) -> None:
    """Deletes one row for each of these: the same row may stand there twice."""
    names = list(ended[0])
    key = [column.name for column in table.primary_key]
    standing: dict[str, list[tuple[Any, ...]]] = {}
    for row in conn.execute(select(table)):
        standing.setdefault(repr([row._mapping[name] for name in names]), []).append(tuple(row._mapping[k] for k in key))
    gone = [found.pop() for row in ended if (found := standing.get(repr([row[name] for name in names])))]
    if gone:
        by = [table.c[k] == bindparam(f"this_{k}") for k in key]
        conn.execute(delete(table).where(*by), [{f"this_{k}": v for k, v in zip(key, id, strict=True)} for id in gone])


def _roster(row: Any) -> dict[str, Any]:
    return {"post_id": row.post, "area_id": row.grid, "weekdays": "".join(map(str, row.weekdays)), "starts": row.start,
            "ends": row.until, "duty": row.duty}  # fmt: skip


def _exception(row: Any) -> dict[str, Any]:
    return {"day": row.day, "post_id": row.post, "area_id": row.grid, "starts": row.start or WHOLE_DAY,
            "ends": row.until or WHOLE_DAY, "kind": row.kind}  # fmt: skip


def _leave(row: Any) -> dict[str, Any]:
    return {"post_id": row.post, "first": row.first, "last": row.last, "substitute_id": row.substitute or None}


def _workday(row: Any) -> dict[str, Any]:
    return {"day": row.day, "kind": row.kind, "name": row.name}


def _answer(row: Any) -> dict[str, Any]:
    return {"topic": row.topic, "any_of": list(row.any_of), "with_any": list(row.with_any), "none_of": list(row.none_of),
            "text": row.text, "source": row.source, "valid_until": row.valid_until}  # fmt: skip


# ---- statements -------------------------------------------------------------------------------------------------------


def _ids(conn: Connection, query: Any) -> set[str]:
    return set(conn.execute(query).scalars())


def _keep(conn: Connection, table: type[Any], change: Any, known: set[str], rows: Iterable[dict[str, Any]]) -> None:
    """Add what is new; write over what is there, ended or not."""
    every = list(rows)
    _add(conn, table, (row for row in every if row["id"] not in known))
    _each(conn, change, (_renamed(row) for row in every if row["id"] in known))


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    return {"this": row["id"], **{name: value for name, value in row.items() if name != "id"}}


def _add(conn: Connection, table: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    if values := list(rows):
        conn.execute(insert(table), values)


def _each(conn: Connection, statement: Any, rows: Iterable[dict[str, Any]]) -> None:
    """One statement for many rows; what is set is what stands in the rows."""
    values = list(rows)
    if values:
        names: dict[str, Any] = {name: bindparam(name) for name in values[0] if name != "this"}
        conn.execute(statement.values(names), values)
