"""Organisations of any shape, for properties: every reference holds, names are what a clerk may write, twins included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from bot.organisation import cells
from casework.organisation import (
    POST_KINDS,
    AnswerRow,
    AreaRow,
    ExceptionRow,
    LeaveRow,
    Organisation,
    PersonRow,
    PlaceRow,
    PostRow,
    RosterRow,
    WorkdayRow,
)

TODAY = date(2026, 11, 25)
LETTERS = "锦绣平安社区第网格苑王强李梅号楼东西路123Ab =+-@/·'\"()（）？!#"
PLAIN = ("=", "+", "-", "@")  # with which no name begins
NAMES = st.text(LETTERS, min_size=1, max_size=8).map(lambda s: cells.BLANKS.sub("", cells.text(s))).filter(
    lambda s: bool(s) and not s.startswith(PLAIN)
)
WORDS = NAMES.filter(lambda s: len(s) < 6)
ALIASES = st.lists(WORDS, max_size=2, unique=True).map(tuple)
HOURS = st.times().map(lambda t: t.replace(second=0, microsecond=0))
DAYS = st.integers(0, 300).map(lambda n: TODAY + timedelta(days=n))
PHONES = st.integers(13000000000, 19999999999).map(str)
TEXTS = st.text(LETTERS + "，。\n", min_size=1, max_size=40).map(cells.lines).filter(bool)
ROLES = (("worker", "grid"), ("community_secretary", "community"), ("subdistrict", "subdistrict"), ("city", "city"))


@st.composite
def organisations(draw: Any) -> Organisation:
    """A small town; ids are short and unlike any name."""
    areas = [AreaRow(id="a0", kind="city", name=draw(NAMES), aliases=draw(ALIASES))]
    for kind, above in (("subdistrict", "city"), ("community", "subdistrict"), ("grid", "community")):
        parents = [a.id for a in areas if a.kind == above]
        for n in range(draw(st.integers(1, 3))):
            parent = draw(st.sampled_from(parents))
            areas.append(AreaRow(id=f"a{kind}{n}", kind=kind, name=draw(NAMES), parent=parent, aliases=draw(ALIASES)))  # type: ignore[arg-type]
    grids = [a.id for a in areas if a.kind == "grid"]
    places = _places(draw, grids)
    phones = draw(st.lists(PHONES, max_size=6, unique=True))
    people = [PersonRow(id=f"n{n}", name=draw(NAMES), phone=phone) for n, phone in enumerate(phones)]
    people += [PersonRow(id=f"m{n}", name=name) for n, name in enumerate(draw(st.lists(NAMES, max_size=2, unique=True)))]
    posts = _posts(draw, areas, places, people)
    return Organisation(
        areas=tuple(areas), places=tuple(places), people=tuple(people), posts=tuple(posts),
        **_rosters(draw, [a.id for a in areas], [p.id for p in posts]),
        workdays=tuple(WorkdayRow(day=d, kind=draw(st.sampled_from(("off", "work"))), name=draw(st.just("") | WORDS))
                       for d in draw(st.lists(DAYS, max_size=2, unique=True))),
        answers=tuple(AnswerRow(topic=draw(WORDS), any_of=(draw(WORDS),), with_any=draw(ALIASES), text=draw(TEXTS),
                                source=draw(WORDS), valid_until=draw(DAYS)) for _ in range(draw(st.integers(0, 2)))),
    )  # fmt: skip


def _places(draw: Any, grids: list[str]) -> list[PlaceRow]:
    places = []
    for n in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(("estate", "road", "landmark")))
        lies = tuple(draw(st.lists(st.sampled_from(grids), max_size=3, unique=True)))
        lat = draw(st.none() | st.floats(20, 50).map(lambda x: round(x, 5)))
        places.append(
            PlaceRow(id=f"e{n}", kind=kind, name=draw(NAMES), aliases=draw(ALIASES), grids=lies, lat=lat,
                     lon=None if lat is None else 113.25)
        )  # fmt: skip
    for estate in [p.id for p in places if p.kind == "estate"]:
        for n, name in enumerate(draw(st.lists(NAMES, max_size=3, unique=True))):
            places.append(
                PlaceRow(id=f"{estate}b{n}", kind="building", name=name, parent=estate, grids=(draw(st.sampled_from(grids)),),
                         units=draw(st.none() | st.integers(1, 9)))
            )  # fmt: skip
    return places


def _posts(draw: Any, areas: list[AreaRow], places: list[PlaceRow], people: list[PersonRow]) -> list[PostRow]:
    posts, holders = [], st.just("") | st.sampled_from([p.id for p in people]) if people else st.just("")
    for n in range(draw(st.integers(0, 6))):
        role, level = draw(st.sampled_from(ROLES))
        area = draw(st.sampled_from([a.id for a in areas if a.kind == level]))
        kind = draw(st.sampled_from(POST_KINDS[1:])) if role == "worker" else ""
        posts.append(
            PostRow(id=f"g{n}", role=role, kind=kind, area=area, title=draw(st.just("") | NAMES), person=draw(holders))
        )
    for n, place in enumerate(p for p in places if p.kind == "building"):
        posts.append(
            PostRow(id=f"u{n}", role="unit_lead", kind="auxiliary", area=place.grids[0], place=place.id,
                    title=draw(st.sampled_from(("1单元长", "2单元长"))), person=draw(holders))
        )  # fmt: skip
    if draw(st.booleans()):
        posts.append(PostRow(id="h", role="specialist", area="a0", categories=("heating", "drainage"), title="热力公司", phone="12345"))
    return posts


def _rosters(draw: Any, areas: list[str], posts: list[str]) -> dict[str, tuple[Any, ...]]:
    if not posts:
        return {}
    which, where = st.sampled_from(posts), st.sampled_from(areas)
    roster = [
        RosterRow(post=draw(which), grid=draw(where), weekdays=tuple(sorted(draw(st.sets(st.integers(1, 7), min_size=1)))),
                  start=start, until=draw(HOURS.filter(lambda t, s=start: t != s or s == time(0))),
                  duty=draw(st.sampled_from(("day", "night"))))
        for start in draw(st.lists(HOURS, max_size=4))
    ]  # fmt: skip
    exceptions = [
        ExceptionRow(day=draw(DAYS), post=draw(which), grid=draw(where), start=hours and hours[0], until=hours and hours[1], kind=kind)
        for kind, hours in draw(st.lists(st.tuples(st.just("off"), st.none()) | st.tuples(
            st.sampled_from(("on", "off")), st.tuples(HOURS, HOURS)), max_size=3))
    ]  # fmt: skip
    leave = []
    for first in draw(st.lists(DAYS, max_size=3)):
        post, other = draw(which), draw(st.just("") | which)
        leave.append(LeaveRow(post=post, first=first, last=first + timedelta(days=2), substitute="" if other == post else other))
    return {"roster": tuple(roster), "exceptions": tuple(exceptions), "leave": tuple(leave)}


SMALL = {
    "areas": "id,kind,name,parent,aliases\nc,city,新区,,\ns1,subdistrict,东街道,c,\ns1c1,community,东社区,s1,\n"
    "s1c1g1,grid,东社区第1网格,s1c1,\ns1c1g2,grid,东社区第2网格,s1c1,\n",
    "places": "id,kind,name,aliases,parent,grids,units,lat,lon\ne,estate,锦绣苑,锦绣小区,,s1c1g1;s1c1g2,,,\n"
    "b1,building,1号楼,,e,s1c1g1,3,40.1,113.3\nb2,building,2号楼,,e,s1c1g2,4,,\n",
    "people": "id,name,phone\nn1,王一,19900000001\nn2,李二,19900000002\nn3,赵三,19900000003\nn4,周四,19900000004\nn5,吴五,19900000005\n",
    "posts": "id,role,kind,area,place,categories,title,person,phone\nw-s1c1g1,worker,full_time,s1c1g1,,,专职网格员,n1,\n"
    "w-s1c1g2,worker,full_time,s1c1g2,,,专职网格员,n2,\ncs-s1c1,community_secretary,,s1c1,,,社区书记,n3,\n"
    "sd-s1,subdistrict,,s1,,,街道值班室,n4,\ncity-1,city,,c,,,新区值班员,n5,\nh,specialist,,c,,heating,热力公司,,0352-0000001\n",
    "roster": "post,grid,weekdays,from,until,duty\nw-s1c1g1,s1c1g1,1234567,07:00,22:00,day\nw-s1c1g2,s1c1g2,1234567,07:00,22:00,day\n",
}


def small(folder: Path) -> Path:
    """A folder with a town of two grids, in which every role has somebody."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in SMALL.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


# ---- what a clerk does to it ------------------------------------------------------------------------------------------

Change = Callable[[Organisation], Organisation]


def without(post: str) -> Change:
    def change(town: Organisation) -> Organisation:
        return replace(
            town,
            posts=tuple(row for row in town.posts if row.id != post),
            roster=tuple(row for row in town.roster if row.post != post),
            exceptions=tuple(row for row in town.exceptions if row.post != post),
            leave=tuple(row for row in town.leave if post not in (row.post, row.substitute)),
        )

    return change


def posts(change: Callable[[PostRow], PostRow], *ids: str) -> Change:
    return lambda town: replace(town, posts=tuple(change(row) if row.id in ids else row for row in town.posts))


def moved(building: str, grid: str) -> Change:
    return lambda town: replace(
        town, places=tuple(replace(row, grids=(grid,)) if row.id == building else row for row in town.places)
    )


def merged(gone: str, into: str) -> Change:
    """A grid becomes part of another; its worker's post ends."""

    def change(town: Organisation) -> Organisation:
        town = without(f"w-{gone}")(town)
        return replace(
            town,
            areas=tuple(row for row in town.areas if row.id != gone),
            places=tuple(replace(p, grids=tuple(dict.fromkeys(into if g == gone else g for g in p.grids))) for p in town.places),
            posts=tuple(replace(row, area=into) if row.area == gone else row for row in town.posts),
            roster=tuple(replace(row, grid=into) if row.grid == gone else row for row in town.roster),
        )

    return change
