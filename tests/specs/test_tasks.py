"""How a task of the desk climbs, without a database: when, and to whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from casework import tasks
from casework.accused import Accused
from casework.case import AreaId, Case, PersonId, Post, PostId, Role, Task, Urgency
from casework.policy import Policy
from tests.fakes.cases import case

POLICY = Policy()
TEN = datetime(2026, 12, 1, 2, tzinfo=UTC)  # Tuesday, 10:00 in the town
ELEVEN_AT_NIGHT = datetime(2026, 12, 1, 15, tzinfo=UTC)
TASK = Task("t", "sort", PostId("cs"), TEN, TEN)


def post(id: str, role: Role, holder: str | None) -> Post:
    return Post(PostId(id), role, AreaId("a"), id, holder_id=PersonId(holder) if holder else None)


SECRETARY, CITY = post("cs", Role.SECRETARY, "s"), post("city", Role.CITY, "c")


class Town:
    """Only what climbing asks about."""

    def __init__(self, subdistrict: Post | None = None, city: Post = CITY) -> None:
        self.subdistrict, self.city = subdistrict, city

    def post(self, post_id: PostId) -> Post | None:
        return {p.id: p for p in (SECRETARY, self.subdistrict, self.city) if p is not None}.get(post_id)

    def subdistrict_duty(self, area: AreaId | None, at: datetime) -> Post | None:
        return self.subdistrict

    def city_desk(self, at: datetime) -> Post:
        return self.city


def above(task: Task, town: Town, owner: Post = SECRETARY, case: Case | None = None) -> str | None:
    found = tasks.desk_above(task, owner, case, town, TEN)  # type: ignore[arg-type]
    return found.id if found is not None else None


SUBDISTRICT = post("sd", Role.SUBDISTRICT, "d")


@pytest.mark.parametrize(("climbed", "town", "expected"), [
    ((), Town(SUBDISTRICT), "sd"),
    (("sd",), Town(SUBDISTRICT), "city"),
    (("sd", "city"), Town(SUBDISTRICT), None),
    ((), Town(None), "city"),  # no such desk
    ((), Town(post("sd", Role.SUBDISTRICT, None)), "city"),  # nobody sits there
    ((), Town(post("sd", Role.SUBDISTRICT, "s")), "city"),  # the secretary sits there too
    (("sd", "city"), Town(SUBDISTRICT, post("city-2", Role.CITY, "e")), "city-2"),  # who has the chair the next day
])  # fmt: skip
def test_it_climbs_to_the_next_desk_that_somebody_else_sits_at(climbed, town, expected):
    assert above(replace(TASK, climbed=tuple(PostId(c) for c in climbed)), town) == expected


def test_never_to_whom_it_is_about():
    assert above(replace(TASK, kind="undelivered", person_id=PersonId("d")), Town(SUBDISTRICT)) == "city"


@pytest.mark.parametrize(("kind", "expected"), [("telephone", "city"), ("visit", "city"), ("sort", "sd")])
def test_a_call_never_goes_to_who_said_done(kind: str, expected: str):
    assert above(replace(TASK, kind=kind), Town(SUBDISTRICT), case=case(resolved_by=PersonId("d"))) == expected


def test_a_complaint_never_climbs_to_whom_it_is_about():
    about = case(accused=Accused(("subdistrict",), ("sd",), ("d",)))
    assert above(TASK, Town(SUBDISTRICT), case=about) == "city"


def test_the_top_is_the_city():
    town = Town(SUBDISTRICT)
    assert not tasks.at_the_top(replace(TASK, climbed=(PostId("sd"),)), None, town)  # type: ignore[arg-type]
    assert tasks.at_the_top(TASK, CITY, town)  # type: ignore[arg-type]


@pytest.mark.parametrize(("urgency", "late", "climbs"), [
    (Urgency.NORMAL, timedelta(0), False), (Urgency.NORMAL, timedelta(hours=3, minutes=59), False),
    (Urgency.NORMAL, timedelta(hours=4), True), (Urgency.URGENT, timedelta(0), True), (Urgency.EMERGENCY, timedelta(0), True),
])  # fmt: skip
def test_what_is_urgent_climbs_at_once_the_rest_after_its_limit_again(urgency: Urgency, late: timedelta, climbs: bool):
    assert tasks.climbs(TASK, urgency, TEN + late, POLICY) is climbs


def test_at_night_only_an_emergency_goes_on():
    seven = datetime(2026, 12, 1, 23, tzinfo=UTC)
    assert tasks.looked_at_again(Urgency.URGENT, ELEVEN_AT_NIGHT, POLICY) == seven
    assert tasks.looked_at_again(Urgency.EMERGENCY, ELEVEN_AT_NIGHT, POLICY) == ELEVEN_AT_NIGHT + POLICY.limits[
        Urgency.EMERGENCY].next_acknowledge.amount
    assert tasks.looked_at_again(Urgency.NORMAL, ELEVEN_AT_NIGHT, POLICY) > seven
