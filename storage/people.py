"""Queries about people, posts and duty; StoredTown answers casework's questions from the database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, func, or_, select

from casework.case import AreaId, Case, CaseId, CasePost, Person, PersonId, Post, PostId, Spot, Urgency
from casework.errors import Corrupt
from casework.policy import Policy
from storage import cases
from storage import tables as t
from storage.rows import post_from

AREA: Any = t.Area.__table__  # type: ignore[attr-defined]
PLACE: Any = t.Place.__table__  # type: ignore[attr-defined]
PERSON: Any = t.Person.__table__  # type: ignore[attr-defined]
ADDRESS: Any = t.Address.__table__  # type: ignore[attr-defined]
POST: Any = t.Post.__table__  # type: ignore[attr-defined]
HOLDING: Any = t.Holding.__table__  # type: ignore[attr-defined]
ROSTER: Any = t.Roster.__table__  # type: ignore[attr-defined]
EXCEPTION: Any = t.RosterException.__table__  # type: ignore[attr-defined]
LEAVE: Any = t.Leave.__table__  # type: ignore[attr-defined]
PARTS: Any = t.CasePost.__table__  # type: ignore[attr-defined]
CASES: Any = t.Case.__table__  # type: ignore[attr-defined]

OUTBOX: Any = t.Outbox.__table__  # type: ignore[attr-defined]
THREAD: Any = t.Thread.__table__  # type: ignore[attr-defined]

LAST_QUESTION = (
    select(OUTBOX.c.id, OUTBOX.c.channel)
    .where(OUTBOX.c.person_id == bindparam("person"), OUTBOX.c.case_id == bindparam("case"))
    .where(OUTBOX.c.key.like("%checkback.%"), OUTBOX.c.question_id.is_not(None))
    .order_by(OUTBOX.c.id.desc()).limit(1)
)
POSTS = (
    select(POST, PERSON.c.id.label("holder_id"), PERSON.c.name.label("holder_name"))
    .select_from(
        POST.outerjoin(HOLDING, (HOLDING.c.post_id == POST.c.id) & HOLDING.c.until.is_(None)).outerjoin(
            PERSON, PERSON.c.id == HOLDING.c.person_id
        )
    )
    .where(POST.c.ended_at.is_(None))
    .order_by(HOLDING.c.id)
)
POST_BY_ID = POSTS.where(POST.c.id == bindparam("post"))
POSTS_IN = POSTS.where(POST.c.role == bindparam("role"), POST.c.area_id == bindparam("area"))
POSTS_AT = POSTS.where(POST.c.role == bindparam("role"), POST.c.place_id == bindparam("place"))
SPECIALISTS = POSTS.where(POST.c.role == "specialist")
HELD_BY = (  # from the person, never from all posts
    select(POST, PERSON.c.id.label("holder_id"), PERSON.c.name.label("holder_name"))
    .select_from(HOLDING.join(POST, POST.c.id == HOLDING.c.post_id).join(PERSON, PERSON.c.id == HOLDING.c.person_id))
    .where(HOLDING.c.person_id == bindparam("person"), HOLDING.c.until.is_(None), POST.c.ended_at.is_(None))
    .order_by(HOLDING.c.id)
)
PERSON_BY_ID = select(PERSON).where(PERSON.c.id == bindparam("person"))
ADDRESS_BY = select(ADDRESS).where(ADDRESS.c.channel == bindparam("channel"), ADDRESS.c.external_id == bindparam("ext"))
ADDRESSES = select(ADDRESS).where(ADDRESS.c.person_id == bindparam("person")).order_by(ADDRESS.c.seen_at.desc())
AREA_BY_ID = select(AREA).where(AREA.c.id == bindparam("area"))
PLACE_BY_ID = select(PLACE).where(PLACE.c.id == bindparam("place"))
ROSTER_FOR = select(ROSTER, POST.c.off_since).join(POST, POST.c.id == ROSTER.c.post_id).where(
    ROSTER.c.area_id.in_(bindparam("areas", expanding=True)), POST.c.ended_at.is_(None)
)
EXCEPTIONS_FOR = select(EXCEPTION, POST.c.off_since).join(POST, POST.c.id == EXCEPTION.c.post_id).where(
    EXCEPTION.c.area_id.in_(bindparam("areas", expanding=True)), EXCEPTION.c.day.in_(bindparam("days", expanding=True)),
    POST.c.ended_at.is_(None),
)
LEAVES_FOR = select(LEAVE).where(
    LEAVE.c.post_id.in_(bindparam("posts", expanding=True)), LEAVE.c.first <= bindparam("day"),
    LEAVE.c.last >= bindparam("day"),
)
LOAD = (
    select(PARTS.c.post_id, CASES.c.urgency, func.count(), func.max(PARTS.c.since))
    .join(CASES, CASES.c.id == PARTS.c.case_id)
    .where(PARTS.c.post_id.in_(bindparam("posts", expanding=True)), PARTS.c.part == "assignee")
    .where(PARTS.c.until.is_(None), CASES.c.is_open == 1)
    .group_by(PARTS.c.post_id, CASES.c.urgency)
)
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
OFF_FOR = timedelta(hours=12)  # "下班" by the worker's own word ends with the shift
WEIGHTS = {Urgency.EMERGENCY.value: 4, Urgency.URGENT.value: 2, Urgency.NORMAL.value: 1}
DAY_ROLES = ("worker",)  # building and unit leads are auxiliaries: only on night rows or as named substitutes
NIGHT_ROLES = ("worker", "building_lead", "unit_lead", "community_secretary")
NUMBER = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
EPOCH = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who wrote: the address and the person behind it."""

    address_id: str
    channel: str
    external_id: str
    person: Person
    phone_asked: bool
    seen_at: datetime | None


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
    return Person(PersonId(got["id"]), got["name"], got["phone"], Spot(**(got["home"] or {})), posts)


def speaker(conn: Connection, channel: str, external_id: str) -> Speaker | None:
    """Who writes from this address, if it is known."""
    row = conn.execute(ADDRESS_BY, {"channel": channel, "ext": external_id}).first()
    if row is None:
        return None
    who = person(conn, row.person_id)
    if who is None:
        raise Corrupt(f"地址 {row.id} 没有对应的人")
    asked = conn.execute(select(PERSON.c.phone_asked).where(PERSON.c.id == who.id)).scalar_one()
    return Speaker(row.id, channel, external_id, who, bool(asked), row.seen_at)


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


def doors(conn: Connection, person_id: str) -> list[Door]:
    """The person's addresses that are not blocked, last used first."""
    rows = conn.execute(ADDRESSES, {"person": person_id})
    return [Door(r.id, r.channel, r.external_id) for r in rows if r.blocked_at is None]


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


def place_row(conn: Connection, place_id: str) -> Any | None:
    """The place's row: name, grids, parent, units."""
    return conn.execute(PLACE_BY_ID, {"place": place_id}).first()


def buildings_of(conn: Connection, estate_id: str, limit: int = 60) -> list[Any]:
    """Buildings of an estate, in the order of their numbers."""
    query = select(PLACE).where(PLACE.c.parent_id == estate_id).order_by(func.length(PLACE.c.name), PLACE.c.name)
    return list(conn.execute(query.limit(limit)))


def nearest_building(conn: Connection, lat: float, lon: float) -> Any | None:
    """The building nearest to a WGS-84 point within about 300 m, or None."""
    near = select(PLACE).where(
        PLACE.c.kind == "building", PLACE.c.lat.between(lat - 0.003, lat + 0.003),
        PLACE.c.lon.between(lon - 0.004, lon + 0.004),
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


@dataclass(frozen=True, slots=True)
class Territory:
    """Where a spot lies: the smallest area known, and the grid and community if it lies in just one."""

    area_id: AreaId
    grid_id: AreaId | None
    community_id: AreaId | None


class StoredTown:
    """casework.town.Town on one connection; what it read it keeps for the turn."""

    def __init__(self, conn: Connection, policy: Policy) -> None:
        self.conn, self.policy = conn, policy
        self._areas: dict[str, Any] = {}
        self._posts: dict[str, Post | None] = {}

    # -- areas

    def area(self, area_id: str) -> Any:
        if area_id not in self._areas:
            row = self.conn.execute(AREA_BY_ID, {"area": area_id}).first()
            if row is None:
                raise Corrupt(f"没有这个区域：{area_id}")
            self._areas[area_id] = row
        return self._areas[area_id]

    def ancestor(self, area_id: str | None, kind: str) -> AreaId | None:
        """The area of this kind that holds the area (itself included)."""
        while area_id is not None:
            row = self.area(area_id)
            if row.kind == kind:
                return AreaId(row.id)
            area_id = row.parent_id
        return None

    def within(self, area_id: AreaId | None, ancestor: AreaId) -> bool:
        return area_id is not None and f"/{ancestor}/" in self.area(area_id).path

    def city(self) -> AreaId:
        return AreaId(self.conn.execute(select(AREA.c.id).where(AREA.c.kind == "city")).scalar_one())

    def territory(self, spot: Spot) -> Territory:
        """Which grid, community and smallest area a spot lies in."""
        for place_id in (spot.building_id, spot.place_id, spot.estate_id):
            row = place_row(self.conn, place_id) if place_id else None
            if row is not None and row.grids:
                return self.common(row.grids)
        return Territory(self.city(), None, None)

    def common(self, grids: Sequence[str]) -> Territory:
        """The smallest area that holds all of these grids."""
        if len(grids) == 1:
            return Territory(AreaId(grids[0]), AreaId(grids[0]), self.ancestor(grids[0], "community"))
        for kind in ("community", "subdistrict", "city"):
            found = {self.ancestor(g, kind) for g in grids}
            if len(found) == 1 and None not in found:
                area = AreaId(str(found.pop()))
                return Territory(area, None, area if kind == "community" else None)
        return Territory(self.city(), None, None)

    # -- posts

    def post(self, post_id: PostId) -> Post | None:
        if post_id not in self._posts:
            row = self.conn.execute(POST_BY_ID, {"post": post_id}).first()
            self._posts[post_id] = post_from(row) if row else None
        return self._posts[post_id]

    def _posts_in(self, role: str, area_id: str | None) -> list[Post]:
        if area_id is None:
            return []
        return _unique(post_from(r) for r in self.conn.execute(POSTS_IN, {"role": role, "area": area_id}))

    def estate_lead(self, estate_id: str) -> Post | None:
        rows = self.conn.execute(POSTS_AT, {"role": "estate_lead", "place": estate_id})
        return next((post_from(r) for r in rows), None)

    def secretary(self, area_id: AreaId | None) -> Post | None:
        return next(iter(self._posts_in("community_secretary", self.ancestor(area_id, "community"))), None)

    def subdistrict_duty(self, area_id: AreaId | None, at: datetime) -> Post | None:
        area = self.ancestor(area_id, "subdistrict")
        posts = self._posts_in("subdistrict", area)
        return self._rostered_of(posts, area, at)

    def city_desk(self, at: datetime) -> Post:
        area = self.city()
        found = self._rostered_of(self._posts_in("city", area), area, at)
        if found is None:
            raise Corrupt("没有城市级值班岗位：请在组织资料里加一个（posts.csv, role=city）")
        return found

    def _rostered_of(self, posts: list[Post], area: AreaId | None, at: datetime) -> Post | None:
        if area is None or not posts:
            return None
        on = {p for p, _ in self._rostered([area], at)}
        return next((p for p in posts if p.id in on), posts[0])

    def desk(self, area_id: AreaId | None, at: datetime) -> Post:
        return self.secretary(area_id) or self.subdistrict_duty(area_id, at) or self.city_desk(at)

    def specialists(self, category: str, area_id: AreaId | None, estate_id: str | None) -> tuple[Post, ...]:
        found = []
        for row in self.conn.execute(SPECIALISTS):
            post = post_from(row)
            here = post.place_id == estate_id if post.place_id else self.within(area_id, post.area_id)
            if category in post.categories and here:
                found.append(post)
        return tuple(_unique(found))

    # -- duty

    def on_duty(self, grid_id: AreaId, at: datetime) -> tuple[Post, ...]:
        areas = [grid_id, *([c] if (c := self.ancestor(grid_id, "community")) else [])]
        rows = self._rostered(areas, at)
        found = [(self.post(PostId(p)), duty) for p, duty in rows]
        workers = [p for p, duty in found if p is not None and p.role in (NIGHT_ROLES if duty == "night" else DAY_ROLES)]
        front = [p for p in workers if p.role != "community_secretary"]
        return (*self._least_loaded(_unique(front)), *_unique(p for p in workers if p not in front))

    def _rostered(self, areas: Sequence[str], at: datetime) -> list[tuple[str, str]]:
        """(post, duty) of the roster rows that hold at that moment: exceptions, leave and own off-duty heeded."""
        local = at.astimezone(self.policy.calendar.zone)
        days = (local.date(), local.date() - timedelta(days=1))
        off, extra = set(), []
        for e in self.conn.execute(EXCEPTIONS_FOR, {"areas": list(areas), "days": list(days)}):
            if not _covers(e.day, e.starts, e.ends, local):
                continue
            if e.kind == "off":
                off.add(e.post_id)
            elif not _resting(e, at):
                extra.append((e.post_id, "day"))
        rows = []
        for r in self.conn.execute(ROSTER_FOR, {"areas": list(areas)}):
            here = any(str(d.isoweekday()) in r.weekdays and _covers(d, r.starts, r.ends, local) for d in days)
            if here and r.post_id not in off and not _resting(r, at):
                rows.append((r.post_id, r.duty))
        return self._with_leave([*extra, *rows], local.date())

    def _with_leave(self, rows: list[tuple[str, str]], day: Any) -> list[tuple[str, str]]:
        if not rows:
            return []
        leaves = {
            lv.post_id: lv.substitute_id
            for lv in self.conn.execute(LEAVES_FOR, {"posts": [p for p, _ in rows], "day": day})
        }
        swapped = [(leaves.get(p, p), "night" if p in leaves else duty) for p, duty in rows]  # any kind may stand in
        return list(dict.fromkeys((p, d) for p, d in swapped if p is not None))

    def _least_loaded(self, posts: list[Post]) -> list[Post]:
        if len(posts) < 2:
            return posts
        load = dict.fromkeys((p.id for p in posts), 0)
        last = dict.fromkeys((p.id for p in posts), EPOCH)
        for post_id, urgency, count, since in self.conn.execute(LOAD, {"posts": list(load)}):
            load[post_id] += WEIGHTS[urgency] * count
            last[post_id] = max(last[post_id], since or EPOCH)
        return sorted(posts, key=lambda p: (load[p.id], last[p.id], p.id))

    def night_rostered(self, area_id: AreaId, at: datetime) -> bool:
        areas = [area_id]
        if self.area(area_id).kind == "grid" and (community := self.ancestor(area_id, "community")):
            areas.append(community)
        return any(duty == "night" for _, duty in self._rostered(areas, at))

    def awake(self, post: Post, at: datetime) -> bool:
        areas = [post.area_id]
        if self.area(post.area_id).kind == "grid" and (community := self.ancestor(post.area_id, "community")):
            areas.append(community)
        return any(p == post.id for p, _ in self._rostered(areas, at))

    def returned_by(self, case_id: CaseId) -> tuple[PostId, ...]:
        events = cases.events(self.conn, case_id)
        return tuple(dict.fromkeys(e.post for e in events if e.kind == "return" and e.post is not None))

    def has_phone(self, case: Case) -> bool:
        """Filed for somebody else, their number stands in the words."""
        if self.conn.execute(select(PERSON.c.phone).where(PERSON.c.id == case.resident_id)).scalar():
            return True
        told = (line.words for line in cases.lines(self.conn, case.id) if line.event.by == case.resident_id)
        return case.behalf and any(NUMBER.search(words) for words in told)

    def substitute(self, post_id: PostId, at: datetime) -> Post | None:
        post = self.post(post_id)
        if post is None:
            return None
        leave = self.conn.execute(LEAVES_FOR, {"posts": [post_id], "day": at.astimezone(
            self.policy.calendar.zone).date()}).first()
        if leave is not None and leave.substitute_id:
            return self.post(PostId(leave.substitute_id))
        if self.area(post.area_id).kind != "grid":
            return None
        return next((p for p in self.on_duty(post.area_id, at) if p.id != post_id), None)

    # -- cases and people

    def parts(self, case_id: CaseId) -> tuple[CasePost, ...]:
        return cases.parts(self.conn, case_id)

    def reachable(self, post: Post) -> bool:
        return post.holder_id is not None and bool(doors(self.conn, post.holder_id))

    def same_trouble(self, case: Case) -> int:
        return cases.same_trouble(self.conn, case)


def _resting(row: Any, at: datetime) -> bool:
    """Off duty by the worker's own word, which ends with the shift."""
    return row.off_since is not None and at < row.off_since + OFF_FOR


def _covers(day: Any, starts: Any, ends: Any, local: datetime) -> bool:
    """Whether the row of that day covers the moment; a row may pass midnight; equal times mean the whole day."""
    begin = datetime.combine(day, starts, local.tzinfo)
    end = datetime.combine(day, ends, local.tzinfo)
    if end <= begin:
        end += timedelta(days=1)
    return begin <= local < end


def _unique(posts: Any) -> list[Post]:
    return list({p.id: p for p in reversed(list(posts))}.values())[::-1]


