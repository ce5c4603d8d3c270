"""StoredTown answers casework's questions about the organisation from the database."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select

from casework import history
from casework.case import AreaId, Case, CaseId, CasePost, Post, PostId, Spot, Urgency, WorkerKind
from casework.errors import Corrupt
from casework.policy import Policy
from casework.roster import NIGHT_ROLES, Duty, counts
from storage import cases, people, roster
from storage import tables as t
from storage.rows import post_from

AREA: Any = t.Area.__table__  # type: ignore[attr-defined]
PERSON: Any = t.Person.__table__  # type: ignore[attr-defined]
POST: Any = t.Post.__table__  # type: ignore[attr-defined]
HOLDING: Any = t.Holding.__table__  # type: ignore[attr-defined]

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
STAFF_IN = POSTS.where(
    POST.c.role.in_(NIGHT_ROLES),
    POST.c.area_id.in_(select(AREA.c.id).where((AREA.c.id == bindparam("area")) | (AREA.c.parent_id == bindparam("area")))),
)
SPECIALISTS = POSTS.where(POST.c.role == "specialist")
WEIGHTS = {Urgency.EMERGENCY.value: 4, Urgency.URGENT.value: 2, Urgency.NORMAL.value: 1}
NUMBER = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
EPOCH = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))


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
            row = self.conn.execute(people.AREA_BY_ID, {"area": area_id}).first()
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

    def chain(self, area_id: AreaId) -> list[AreaId]:
        """The area and those that hold it, the smallest first."""
        return [AreaId(each) for each in reversed(self.area(area_id).path.split("/")) if each]

    def within(self, area_id: AreaId | None, ancestor: AreaId) -> bool:
        return area_id is not None and f"/{ancestor}/" in self.area(area_id).path

    def city(self) -> AreaId:
        return AreaId(self.conn.execute(select(AREA.c.id).where(AREA.c.kind == "city", AREA.c.ended_at.is_(None))).scalar_one())

    def grids(self, area_id: AreaId) -> list[Any]:
        """The grids that lie in the area (itself, if it is one), in the order of their ids."""
        inside = AREA.c.path.startswith(self.area(area_id).path, autoescape=True)
        rows = select(AREA).where(inside, AREA.c.kind == "grid", AREA.c.ended_at.is_(None)).order_by(AREA.c.id)
        return list(self.conn.execute(rows))

    def territory(self, spot: Spot) -> Territory:
        """Which grid, community and smallest area a spot lies in."""
        for place_id in (spot.building_id, spot.place_id, spot.estate_id):
            row = people.place_row(self.conn, place_id) if place_id else None
            grids = [g for g in row.grids if self.area(g).ended_at is None] if row is not None else []
            if grids:
                return self.common(grids)
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
        found = _unique(post_from(r) for r in self.conn.execute(POSTS_IN, {"role": role, "area": area_id}))
        return [p for p in found if p.holder_id is not None] or (found if role == "city" else [])  # nobody in it: as if it were not

    def staff_in(self, community_id: AreaId) -> list[Post]:
        """Workers, leads and the secretary of a community, by post."""
        return sorted(_unique(post_from(r) for r in self.conn.execute(STAFF_IN, {"area": community_id})), key=lambda p: p.id)

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

    def city_posts(self) -> tuple[Post, ...]:
        """Everybody at the city's desk, by post."""
        return tuple(sorted(self._posts_in("city", self.city()), key=lambda post: post.id))

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
        workers = [p for p, duty in found if p is not None and p.holder_id is not None and counts(p, duty)]
        front = [p for p in workers if p.role != "community_secretary"]
        return (*self.least_loaded(_unique(front)), *_unique(p for p in workers if p not in front))

    def own_worker(self, grid_id: AreaId, at: datetime) -> Post | None:
        day = at.astimezone(self.policy.calendar.zone).date()
        own = [p for p in self._posts_in("worker", grid_id) if p.kind is WorkerKind.FULL_TIME]
        away = {leave.post for leave in roster.leaves_on(self.conn, [p.id for p in own], day)}
        for post in own:
            named = self._stands_in(post.id, day) if post.id in away else post.id
            there = self.post(named) if named is not None else None
            if there is not None and there.holder_id is not None:
                return there
        return None

    def _rostered(self, areas: Sequence[str], at: datetime) -> list[tuple[PostId, Duty]]:
        """(post, duty) of the roster rows that hold at that moment: exceptions, leave and own off-duty heeded."""
        local = at.astimezone(self.policy.calendar.zone)
        days = (local.date(), local.date() - timedelta(days=1))
        return list(roster.roster(self.conn, areas, days).on(local))

    def least_loaded(self, posts: list[Post]) -> list[Post]:
        """Open cases weighted by urgency; then the longest without one."""
        if len(posts) < 2:
            return posts
        load = dict.fromkeys((p.id for p in posts), 0)
        last = dict.fromkeys((p.id for p in posts), EPOCH)
        for post_id, urgency, count, since in roster.load(self.conn, list(load)):
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
        events = history.standing(cases.events(self.conn, case_id))
        return tuple(dict.fromkeys(e.post for e in events if e.kind == "return" and e.post is not None))

    def has_phone(self, case: Case) -> bool:
        """Filed for somebody else, their number stands in the words; what staff filed is not asked of the staff."""
        told = (line.words for line in cases.lines(self.conn, case.id) if line.event.by == case.resident_id)
        if case.behalf and any(NUMBER.search(words) for words in told):
            return True
        own = select(PERSON.c.phone).where(PERSON.c.id == case.resident_id)
        return not case.by_telephone and bool(self.conn.execute(own).scalar())

    def substitute(self, post_id: PostId, at: datetime) -> Post | None:
        if (named := self._stands_in(post_id, at.astimezone(self.policy.calendar.zone).date())) is not None:
            stands_in = self.post(named)
            if stands_in is not None and stands_in.holder_id is not None:
                return stands_in
        post = self.post(post_id)
        if post is None:
            return None
        if self.area(post.area_id).kind != "grid":
            return None
        return next((p for p in self.on_duty(post.area_id, at) if p.id != post_id), None)

    def _stands_in(self, post_id: PostId, day: date) -> PostId | None:
        """Who has been named to stand in for a post on leave; a substitute on leave has a substitute too."""
        asked: set[PostId] = set()
        here: PostId | None = post_id
        while here is not None and here not in asked and (leaves := roster.leaves_on(self.conn, [here], day)):
            asked.add(here)
            here = leaves[0].substitute
        return here if here not in asked and here != post_id else None

    # -- cases and people

    def parts(self, case_id: CaseId) -> tuple[CasePost, ...]:
        return cases.parts(self.conn, case_id)

    def reachable(self, post: Post) -> bool:
        return post.holder_id is not None and bool(people.doors(self.conn, post.holder_id))

    def same_trouble(self, case: Case) -> int:
        return cases.same_trouble(self.conn, case)


def _unique(posts: Any) -> list[Post]:
    return list({p.id: p for p in reversed(list(posts))}.values())[::-1]
