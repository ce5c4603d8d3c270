"""Queries about people, their addresses and posts, and about places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from casework.case import Case, Person, PersonId, Spot
from casework.errors import Corrupt
from storage import tables as t
from storage.rows import post_from

AREA: Any = t.Area.__table__  # type: ignore[attr-defined]
PLACE: Any = t.Place.__table__  # type: ignore[attr-defined]
PERSON: Any = t.Person.__table__  # type: ignore[attr-defined]
ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]
POST: Any = t.Post.__table__  # type: ignore[attr-defined]
HOLDING: Any = t.Holding.__table__  # type: ignore[attr-defined]

OUTBOX: Any = t.Outbox.__table__  # type: ignore[attr-defined]
THREAD: Any = t.Thread.__table__  # type: ignore[attr-defined]

LAST_QUESTION = (
    select(OUTBOX.c.id, OUTBOX.c.channel)
    .where(OUTBOX.c.person_id == bindparam("person"), OUTBOX.c.case_id == bindparam("case"))
    .where(OUTBOX.c.key.like("%checkback.%"), OUTBOX.c.question_id.is_not(None))
    .order_by(OUTBOX.c.id.desc()).limit(1)
)
HELD_BY = (  # from the person, never from all posts
    select(POST, PERSON.c.id.label("holder_id"), PERSON.c.name.label("holder_name"))
    .select_from(HOLDING.join(POST, POST.c.id == HOLDING.c.post_id).join(PERSON, PERSON.c.id == HOLDING.c.person_id))
    .where(HOLDING.c.person_id == bindparam("person"), HOLDING.c.until.is_(None), POST.c.ended_at.is_(None))
    .order_by(HOLDING.c.id)
)
PERSON_BY_ID = select(PERSON).where(PERSON.c.id == bindparam("person"))
ADDRESS_BY = select(ADDRESS).where(ADDRESS.c.channel == bindparam("channel"), ADDRESS.c.external_id == bindparam("ext"))
LAST_HEARD = select(func.max(ADDRESS.c.seen_at)).where(ADDRESS.c.person_id == bindparam("person"))
ADDRESSES = select(ADDRESS).where(ADDRESS.c.person_id == bindparam("person")).order_by(ADDRESS.c.seen_at.desc())
AREA_BY_ID = select(AREA).where(AREA.c.id == bindparam("area"))
PLACE_BY_ID = select(PLACE).where(PLACE.c.id == bindparam("place"))
AREAS_WITHIN = select(AREA.c.id).where(AREA.c.path.like(bindparam("path")))
STAFF_BY_ORG = select(PERSON.c.id, PERSON.c.name).where(PERSON.c.org_id == bindparam("org"))
STAFF = (
    select(POST.c.id, POST.c.title, AREA.c.name.label("area"), PERSON.c.id.label("person_id"), PERSON.c.name)
    .select_from(
        POST.join(AREA, AREA.c.id == POST.c.area_id)
        .outerjoin(HOLDING, (HOLDING.c.post_id == POST.c.id) & HOLDING.c.until.is_(None))
        .outerjoin(PERSON, PERSON.c.id == HOLDING.c.person_id)
    )
    .where(POST.c.ended_at.is_(None))
    .order_by(POST.c.id, HOLDING.c.id)
)


PAGE = "web"  # the channel that reaches people when they come back


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who wrote: the address and the person behind it."""

    address_id: str
    channel: str
    external_id: str
    person: Person
    phone_asked: bool
    seen_at: datetime | None
    group_id: str | None = None  # the group in which this is said


@dataclass(frozen=True, slots=True)
class Door:
    """An address that may be written to."""

    id: str
    channel: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Staff:
    """A post and who holds it now; `person_id` is None for one that nobody holds."""

    post_id: str
    title: str
    area: str
    person_id: str | None
    name: str


def person(conn: Connection, person_id: str) -> Person | None:
    """The person with the posts they hold now."""
    row = conn.execute(PERSON_BY_ID, {"person": person_id}).first()
    if row is None:
        return None
    got = row._mapping
    posts = tuple(post_from(r) for r in conn.execute(HELD_BY, {"person": person_id}))
    return Person(PersonId(got["id"]), got["name"], got["phone"], Spot(**(got["home"] or {})), posts, got["language"])


def speaker(conn: Connection, channel: str, external_id: str) -> Speaker | None:
    """Who writes from this address, if it is known."""
    row = conn.execute(ADDRESS_BY, {"channel": channel, "ext": external_id}).first()
    if row is None:
        return None
    who = person(conn, row.person_id)
    if who is None:
        raise Corrupt(f"地址 {row.id} 没有对应的人")
    asked = conn.execute(select(PERSON.c.phone_asked).where(PERSON.c.id == who.id)).scalar_one()
    return Speaker(row.id, channel, external_id, who, bool(asked), row.seen_at, row.group_id)


def welcome(conn: Connection, channel: str, external_id: str, name: str, now: datetime, mint: Any) -> Speaker:
    """The speaker, made a person of when seen for the first time."""
    known = speaker(conn, channel, external_id)
    if known is not None:
        conn.execute(ADDRESS.update().where(ADDRESS.c.id == known.address_id).values(seen_at=now, blocked_at=None))
        return known
    person_id, address_id = mint(), mint()
    conn.execute(PERSON.insert().values(id=person_id, name=name[:40], home={}, created_at=now, language="zh",
                                        phone_asked=False))
    conn.execute(ADDRESS.insert().values(id=address_id, person_id=person_id, channel=channel, external_id=external_id,
                                         seen_at=now))
    return Speaker(address_id, channel, external_id, Person(PersonId(person_id), name[:40]), False, now)


def last_heard(conn: Connection, person_id: str) -> datetime | None:
    """When the person was last heard of, by whatever door."""
    return conn.execute(LAST_HEARD, {"person": person_id}).scalar()


def doors(conn: Connection, person_id: str) -> list[Door]:
    """The person's own addresses that are not blocked, last used first; never a group."""
    rows = conn.execute(ADDRESSES, {"person": person_id})
    return [Door(r.id, r.channel, r.external_id) for r in rows if r.blocked_at is None and r.group_id is None]


def group_door(conn: Connection, person_id: str) -> Door | None:
    """The group in which the person spoke last, if Jiesu is still in it."""
    rows = conn.execute(ADDRESSES, {"person": person_id})
    return next((Door(r.id, r.channel, r.external_id) for r in rows if r.blocked_at is None and r.group_id is not None), None)


def group_of(conn: Connection, address_id: str) -> str | None:
    """The group that an address is in."""
    return conn.execute(select(ADDRESS.c.group_id).where(ADDRESS.c.id == address_id)).scalar()


def heard_in_group(conn: Connection, channel: str, user: str, group: str, name: str, now: datetime, mint: Any) -> Speaker:
    """Who speaks in a group: the same person as alone. Whoever never wrote alone has an address there that is closed until they do:
    platforms let nobody write first."""
    alone = speaker(conn, channel, user)
    if alone is None:
        alone = welcome(conn, channel, user, name, now, mint)
        conn.execute(ADDRESS.update().where(ADDRESS.c.id == alone.address_id).values(blocked_at=now))
    own = {"person_id": alone.person.id, "seen_at": now, "blocked_at": None}
    external = f"{group}:{user}"
    done = conn.execute(ADDRESS.update().where(ADDRESS.c.channel == channel, ADDRESS.c.external_id == external).values(**own))
    if done.rowcount == 0:
        conn.execute(ADDRESS.insert().values(id=mint(), channel=channel, external_id=external, group_id=group, **own))
    found = speaker(conn, channel, external)
    assert found is not None
    return found


def last_seen(conn: Connection, person_id: str) -> Speaker | None:
    """The person as they spoke last, from whichever address of their own, blocked or not."""
    row = next((r for r in conn.execute(ADDRESSES, {"person": person_id}) if r.group_id is None), None)
    return speaker(conn, row.channel, row.external_id) if row is not None else None


def staff_named(conn: Connection, words: str) -> list[Staff]:
    """Posts that are meant by these words, with their holders: by number of post or person, else by title or name, else
    by a part of these. For a command of the administrator, whoever that is."""
    exact = POST.c.id == words, PERSON.c.org_id == words
    called = POST.c.title == words, PERSON.c.name == words
    partly = POST.c.title.contains(words, autoescape=True), PERSON.c.name.contains(words, autoescape=True)
    for by in (exact, called, partly) if words else ():
        rows = conn.execute(STAFF.where(or_(*by))).all()
        if rows:
            return [Staff(r.id, r.title, r.area, r.person_id, r.name or "") for r in rows]
    return []


def area_name(conn: Connection, area_id: str) -> str:
    """The area's name as people say it."""
    row = conn.execute(AREA_BY_ID, {"area": area_id}).first()
    return row.name if row else area_id


def areas_within(conn: Connection, areas: Sequence[str]) -> list[str]:
    """These areas and all that lie in them, ended ones too."""
    return [id for area in areas for id in conn.execute(AREAS_WITHIN, {"path": f"%/{area}/%"}).scalars()]


def staff_id(conn: Connection, org_id: str) -> str | None:
    """Our id of a staff member, also of one who has left."""
    found = conn.execute(STAFF_BY_ORG, {"org": org_id}).first()
    return found.id if found else None


def staff_name(conn: Connection, org_id: str) -> str:
    """The name of a staff member, also of one who has left."""
    found = conn.execute(STAFF_BY_ORG, {"org": org_id}).first()
    return found.name if found else ""


def place_row(conn: Connection, place_id: str) -> Any | None:
    """The place's row: name, grids, parent, units."""
    return conn.execute(PLACE_BY_ID, {"place": place_id}).first()


def buildings_of(conn: Connection, estate_id: str, limit: int = 60) -> list[Any]:
    """Buildings of an estate, in the order of their numbers."""
    query = select(PLACE).where(PLACE.c.parent_id == estate_id, PLACE.c.ended_at.is_(None)).order_by(
        func.length(PLACE.c.name), PLACE.c.name
    )
    return list(conn.execute(query.limit(limit)))


def nearest_building(conn: Connection, lat: float, lon: float) -> Any | None:
    """The building nearest to a WGS-84 point within about 300 m, or None."""
    near = select(PLACE).where(
        PLACE.c.kind == "building", PLACE.c.lat.between(lat - 0.003, lat + 0.003),
        PLACE.c.lon.between(lon - 0.004, lon + 0.004), PLACE.c.ended_at.is_(None),
    )
    rows = list(conn.execute(near))
    return min(rows, key=lambda r: (r.lat - lat) ** 2 + ((r.lon - lon) * 0.76) ** 2, default=None)


def unfetched(conn: Connection, case: Case) -> bool:
    """Whether the last check-back question lies on a page that nobody has opened since."""
    last = conn.execute(LAST_QUESTION, {"person": case.resident_id, "case": case.id}).first()
    if last is None or last.channel != "web":
        return False
    row = conn.execute(select(THREAD.c.fetched_at).where(THREAD.c.outbox_id == last.id)).first()
    return row is not None and row.fetched_at is None
