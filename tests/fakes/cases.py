"""Cases, posts and times for the specs of `casework`: plain values, and Hypothesis strategies that make odd ones."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from casework import history
from casework.accused import NOBODY, Accused
from casework.case import (
    Answer,
    AreaId,
    Case,
    CaseId,
    CasePost,
    Part,
    Person,
    PersonId,
    Post,
    PostId,
    Role,
    Satisfaction,
    Spot,
    State,
    Urgency,
)
from casework.policy import Calendar, Policy

ZONE = ZoneInfo("Asia/Shanghai")
# 2026: National Day 1-7 October (Thu-Wed), worked on Saturday 10 October.
CALENDAR = Calendar(
    holidays=frozenset(date(2026, 10, d) for d in (1, 2, 5, 6, 7)),
    workdays=frozenset({date(2026, 10, 10)}),
    known=frozenset({2026}),
)
POLICY = Policy(calendar=CALENDAR)


def at(text: str) -> datetime:
    """'10-14 09:30' in the town, as an aware UTC time of 2026. 10-14 is a Wednesday."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE).astimezone(UTC)


FILED = at("10-14 10:00")


def case(state: State = State.ASSIGNED, **changes: object) -> Case:
    """A normal heating case of grid g1, filed on a Wednesday at 10:00."""
    plain = Case(
        id=CaseId("c1"),
        number="26-000001",
        state=state,
        category="heating",
        urgency=Urgency.NORMAL,
        resident_id=PersonId("resident"),
        filed_at=FILED,
        clock_from=FILED,
        summary="没暖气",
        community_id=AreaId("k1"),
        grid_id=AreaId("g1"),
        area_id=AreaId("g1"),
        rev=1,
    )
    return replace(plain, **changes)


def post(role: Role, area: str = "g1", name: str | None = None, **more: object) -> Post:
    return Post(PostId(name or f"{role.value}-{area}"), role, AreaId(area), role.value, **more)


def person(*posts: Post, name: str = "somebody") -> Person:
    return Person(PersonId(name), name, posts=posts)


def part(of: Post, what: Part = Part.ASSIGNEE, until: datetime | None = None, case_id: str = "c1") -> CasePost:
    return CasePost(CaseId(case_id), of.id, what, FILED, until)


ABOVE = {"g1": ("k1", "s1", "city"), "g2": ("k2", "s2", "city"), "k1": ("s1", "city"), "k2": ("s2", "city")}


def within(area: str | None, ancestor: str) -> bool:
    """Two grids in two communities in two subdistricts."""
    return area is not None and (area == ancestor or ancestor in ABOVE.get(area, ("city",)))


moments = st.integers(0, 60 * 24 * 60).map(lambda m: at("09-20 00:00") + timedelta(minutes=m))
later = st.none() | moments
calendars = st.builds(
    Calendar,
    opens=st.just(time(8, 30)),
    holidays=st.frozensets(st.dates(date(2026, 9, 20), date(2026, 12, 20)), max_size=20),
    workdays=st.frozensets(st.dates(date(2026, 9, 20), date(2026, 12, 20)), max_size=20),
)
spots = st.builds(
    Spot,
    estate_id=st.none() | st.just("e1"),
    building_id=st.none() | st.sampled_from(["b1", "b2"]),
    lat=st.none() | st.floats(30, 40, allow_nan=False),
    words=st.text(max_size=8),
)


@st.composite
def cases(draw: st.DrawFn, states: tuple[State, ...] = tuple(State)) -> Case:
    """Any case, likely or not: every rule must stand on its own feet."""
    times = {name: draw(later) for name in sorted(history.TIMES - {"filed_at", "clock_from"})}
    return case(
        draw(st.sampled_from(states)),
        urgency=draw(st.sampled_from(Urgency)),
        filed_at=draw(moments),
        clock_from=draw(moments),
        topic=draw(st.none() | st.just("no_heat")),
        also=tuple(draw(st.lists(st.sampled_from(["water", "lift"]), max_size=2))),
        spot=draw(spots),
        rung=draw(st.integers(0, 6)),
        reminders=draw(st.integers(0, 4)),
        reopens=draw(st.integers(0, 3)),
        behalf=draw(st.booleans()),
        extended=draw(st.booleans()),
        accused=draw(st.sampled_from((NOBODY, Accused(("worker",), ("w1",), ("p1",)), Accused(("company", "secretary"), ("k1",))))),
        struck_out=draw(st.booleans()),
        answer=draw(st.none() | st.sampled_from(Answer)),
        satisfaction=draw(st.none() | st.sampled_from(Satisfaction)),
        **times,
    )


def hours(n: float) -> timedelta:
    return timedelta(hours=n)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)
