"""Who gets a case, who joins, where it climbs: with a small town in memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import checkback
from casework.access import may_hold
from casework.accused import LEVELS, Accused
from casework.actions import Raise
from casework.case import (
    Actor,
    AreaId,
    Case,
    CaseId,
    CasePost,
    Part,
    PersonId,
    Post,
    PostId,
    Role,
    Spot,
    State,
    Urgency,
    Who,
)
from casework.consequences import card_options, consequences
from casework.consequences.telling import above_assignee
from casework.dispatch import (
    CITY,
    ESTATE_LEAD,
    SECRETARY,
    SUBDISTRICT,
    SUBSTITUTE,
    TOP,
    above,
    heir,
    joining,
    new_duty,
    next_rung,
    plan,
    return_to,
    rung,
)
from casework.effects import Ask, Assign
from casework.lifecycle import Moved, step
from tests.fakes.cases import FILED, POLICY, at, case, hours, minutes

DAY, NIGHT, MORNING = at("10-14 10:00"), at("10-14 23:00"), at("10-15 07:00")


def chair(role: Role, area: str, name: str, **more: object) -> Post:
    """A post held by somebody of the same name."""
    return Post(PostId(name), role, AreaId(area), str(more.pop("title", name)), holder_id=PersonId(f"at-{name}"), **more)  # type: ignore[arg-type]


W1, W2 = chair(Role.WORKER, "g1", "w1"), chair(Role.WORKER, "g1", "w2")
LEAD = chair(Role.BUILDING_LEAD, "g1", "b1")
ESTATE = chair(Role.ESTATE_LEAD, "k1", "el")
SEC = chair(Role.SECRETARY, "k1", "cs")
SUB = chair(Role.SUBDISTRICT, "s1", "sd")
TOWN_HALL = chair(Role.CITY, "city", "city1")
HEAT = chair(Role.SPECIALIST, "city", "sp-heat", title="热力公司", categories=("heating",))
WATER = chair(Role.SPECIALIST, "city", "sp-water", title="自来水公司", categories=("water_power_gas", "drainage"))
POWER = chair(Role.SPECIALIST, "city", "sp-power", title="供电所", categories=("water_power_gas",))
GAS = chair(Role.SPECIALIST, "city", "sp-gas", title="燃气公司", categories=("water_power_gas",))
EVERYBODY = (W1, W2, LEAD, ESTATE, SEC, SUB, TOWN_HALL, HEAT, WATER, POWER, GAS)


@dataclass
class Little:
    """One community in memory: who is on duty by day and by night, who is there at all, who can be written to."""

    day: tuple[Post, ...] = (W1,)
    night: tuple[Post, ...] = ()
    there: tuple[Post, ...] = EVERYBODY
    mute: frozenset[str] = frozenset()
    second: Post | None = None
    own: Post | None = None
    held: list[CasePost] = field(default_factory=list)
    returned: tuple[str, ...] = ()

    def _there(self, post: Post) -> Post | None:
        return post if post in self.there else None

    def post(self, post_id: PostId) -> Post | None:
        return next((p for p in self.there if p.id == post_id), None)

    def on_duty(self, grid_id: AreaId, at: datetime) -> tuple[Post, ...]:
        return self.day if 7 <= at.astimezone(POLICY.calendar.zone).hour < 22 else self.night

    def own_worker(self, grid_id: AreaId, at: datetime) -> Post | None:
        return self.own

    def night_rostered(self, area_id: AreaId, at: datetime) -> bool:
        return bool(self.night)

    def awake(self, post: Post, at: datetime) -> bool:
        return post in self.night

    def returned_by(self, case_id: CaseId) -> tuple[PostId, ...]:
        return tuple(PostId(p) for p in self.returned)

    def has_phone(self, case: Case) -> bool:
        return True

    def substitute(self, post_id: PostId, at: datetime) -> Post | None:
        return self.second

    def estate_lead(self, estate_id: str) -> Post | None:
        return self._there(ESTATE)

    def secretary(self, area_id: AreaId | None) -> Post | None:
        return self._there(SEC)

    def subdistrict_duty(self, area_id: AreaId | None, at: datetime) -> Post | None:
        return self._there(SUB)

    def city_desk(self, at: datetime) -> Post:
        return TOWN_HALL

    def city_posts(self) -> tuple[Post, ...]:
        return (TOWN_HALL,)

    def desk(self, area_id: AreaId | None, at: datetime) -> Post:
        return self.secretary(area_id) or self.subdistrict_duty(area_id, at) or TOWN_HALL

    def specialists(self, category: str, area_id: AreaId | None, estate_id: str | None) -> tuple[Post, ...]:
        return tuple(p for p in self.there if category in p.categories)

    def parts(self, case_id: CaseId) -> tuple[CasePost, ...]:
        return tuple(self.held)

    def within(self, area_id: AreaId | None, ancestor: AreaId) -> bool:
        return area_id == ancestor

    def reachable(self, post: Post) -> bool:
        return post.id not in self.mute

    def same_trouble(self, case: Case) -> int:
        return 0

    def gives(self, post: Post, part: Part = Part.ASSIGNEE) -> Little:
        """The same town, with this post having a part in the case."""
        return replace(self, held=[*self.held, CasePost(CaseId("c1"), post.id, part, FILED)])


def without(*gone: Post) -> tuple[Post, ...]:
    return tuple(p for p in EVERYBODY if p not in gone)


URGENT = case(State.ASSIGNED, urgency=Urgency.URGENT, spot=Spot(estate_id="e1", building_id="b1"))
NORMAL = replace(URGENT, urgency=Urgency.NORMAL)
DANGER = replace(URGENT, urgency=Urgency.EMERGENCY, danger="gas")

# ---- the first card ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", [URGENT, NORMAL, DANGER])
def test_by_day_whoever_is_on_duty_first(of: Case) -> None:
    got = plan(of, Little(day=(W2, W1)), POLICY, DAY)
    assert (got.assignee, got.clock_from, got.waits, got.joined) == (W2, DAY, False, (HEAT,))


def test_nobody_on_duty_or_no_grid_is_the_desks() -> None:
    assert plan(URGENT, Little(day=()), POLICY, DAY).assignee == SEC
    assert plan(replace(URGENT, grid_id=None), Little(), POLICY, DAY).assignee == SEC
    assert plan(URGENT, Little(day=(), there=without(SEC)), POLICY, DAY).assignee == SUB


def about(of: Case, role: str) -> Case:
    posts = {"worker": (W1, W2), "lead": (LEAD,), "secretary": (SEC,), "subdistrict": (SUB,)}.get(role, ())
    return replace(of, accused=Accused((role,), tuple(p.id for p in posts), tuple(p.holder_id or "" for p in posts)))


def test_who_is_accused_is_passed_over() -> None:
    """One rung above: worker, lead and company to the secretary, the secretary to the subdistrict, that to the city."""
    town = Little(day=(W1, W2), night=(W1,))
    for role, who in (("worker", SEC), ("lead", SEC), ("company", SEC), ("secretary", SUB), ("subdistrict", TOWN_HALL)):
        for of in (URGENT, NORMAL, DANGER):
            got = plan(about(of, role), town, POLICY, DAY)
            assert (got.assignee, got.joined) == (who, ())
    in_person = replace(URGENT, accused=Accused(("worker",), (W1.id,), (SEC.holder_id,)))  # holds both chairs
    assert plan(in_person, town, POLICY, DAY).assignee == SUB
    own = replace(about(URGENT, "worker"), resident_id=SEC.holder_id)
    assert plan(own, town, POLICY, DAY).assignee == SUB
    assert plan(about(URGENT, "worker"), Little(there=without(SEC)), POLICY, DAY).assignee == SUB


def test_an_urgent_complaint_at_night_waits_for_a_desk_that_is_awake() -> None:
    assert plan(about(URGENT, "worker"), Little(night=(W1,)), POLICY, NIGHT).waits
    assert not plan(about(URGENT, "worker"), Little(night=(SEC,)), POLICY, NIGHT).waits
    assert not plan(about(DANGER, "worker"), Little(), POLICY, NIGHT).waits


@given(st.sampled_from((URGENT, NORMAL, DANGER)), st.sampled_from(tuple(LEVELS)), st.sets(st.sampled_from(EVERYBODY)),
       st.sampled_from(EVERYBODY), st.integers(0, 5), st.sampled_from((DAY, NIGHT)))
def test_nothing_of_a_complaint_comes_to_whom_it_is_about(
    of: Case, role: str, meant: set[Post], has_it: Post, rung_: int, now: datetime
) -> None:
    """Dispatch, climb, return, a new shift, an heir, whoever telephones: each passes them over."""
    meant -= {TOWN_HALL}  # above the city's desk stands nobody
    told = replace(of, rung=rung_, accused=Accused((role,), tuple(p.id for p in meant), tuple(p.holder_id or "" for p in meant)))
    town = Little(day=(W1, W2), night=(W1, SEC), second=W2).gives(has_it)
    found = [
        plan(told, town, POLICY, now).assignee, next_rung(told, town, POLICY, now).post, return_to(told, None, town, POLICY, now),
        new_duty(told, town, POLICY, now), heir(told, W1.id, town, POLICY, now), checkback.telephone_owner(told, town, now),
        above_assignee(told, (), town, now, 1), above_assignee(told, (), town, now, 2),
    ]
    for post in found:
        assert post is None or may_hold(post, told), post


def test_urgent_at_night_goes_to_who_is_rostered() -> None:
    got = plan(URGENT, Little(night=(LEAD,)), POLICY, NIGHT)
    assert (got.assignee, got.clock_from, got.waits) == (LEAD, NIGHT, False)


def test_urgent_at_night_with_nobody_starts_at_seven() -> None:
    got = plan(URGENT, Little(), POLICY, NIGHT)
    assert (got.assignee, got.clock_from, got.waits) == (W1, MORNING, True)


def test_normal_at_night_waits_though_somebody_is_rostered_and_keeps_its_clock() -> None:
    got = plan(NORMAL, Little(night=(LEAD,)), POLICY, NIGHT)
    assert (got.assignee, got.clock_from, got.waits) == (W1, NIGHT, True)


def test_an_emergency_at_night_wakes_anybody() -> None:
    assert plan(DANGER, Little(night=(LEAD,)), POLICY, NIGHT).assignee == LEAD
    got = plan(DANGER, Little(), POLICY, NIGHT)
    assert (got.assignee, got.clock_from, got.waits) == (W1, NIGHT, False)


def test_an_emergency_wakes_who_works_in_the_grid_by_day_and_tells_the_desk_that_is_awake() -> None:
    """Only the secretary is rostered for the night: she is told at once as well, and does not stand in for the grid."""
    got = plan(DANGER, Little(night=(SEC,)), POLICY, NIGHT)
    assert (got.assignee, got.beside, got.waits) == (W1, (SEC,), False)
    assert plan(URGENT, Little(night=(SEC,)), POLICY, NIGHT).assignee == SEC
    assert plan(DANGER, Little(night=(SEC, LEAD)), POLICY, NIGHT).beside == ()
    assert plan(DANGER, Little(night=(SEC,)), POLICY, DAY).beside == ()
    assert plan(about(DANGER, "worker"), Little(night=(SEC,)), POLICY, NIGHT).beside == ()


def test_what_is_raised_to_a_danger_at_night_wakes_them_as_well() -> None:
    """The secretary has it in hand, for it was urgent: she keeps it, and the grid's own worker hears of it too."""
    resident = Actor(Who.RESIDENT, URGENT.resident_id)
    for now, woken in ((NIGHT, [W1.id]), (DAY, [])):
        moved = step(URGENT, Raise(danger="trapped"), resident, now, POLICY)
        assert isinstance(moved, Moved)
        effects = list(consequences(moved, Little(night=(SEC,)).gives(SEC), POLICY, now))
        assert [e.post_id for e in effects if isinstance(e, Assign)] == woken
        assert {e.to for e in effects if isinstance(e, Ask)} == {SEC.holder_id, *([W1.holder_id] if woken else [])}


def test_nobody_has_duty_by_day_either_and_the_grids_own_worker_is_woken() -> None:
    assert plan(DANGER, Little(day=(), own=W2), POLICY, NIGHT).assignee == W2
    assert plan(DANGER, Little(day=(SEC,), night=(SEC,), own=W2), POLICY, NIGHT).beside == (SEC,)
    assert plan(DANGER, Little(day=()), POLICY, NIGHT).assignee == SEC
    assert plan(replace(DANGER, grid_id=None), Little(own=W2), POLICY, NIGHT).assignee == SEC


# ---- who joins --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("topic", "summary", "who"), [
    ("no_water", "", (WATER,)), ("water", "", (WATER,)), ("no_power", "", (POWER,)), ("power", "", (POWER,)),
    ("no_gas", "", (GAS,)), ("gas", "", (GAS,)), ("gas_smell", "", (GAS,)), ("broadband", "网断了", ()),
    (None, "水管爆了", (WATER,)), (None, "电表跳闸", (POWER,)), (None, "天然气打不着火", (GAS,)),
    (None, "停水又停电", (WATER, POWER)), (None, "坏了", (WATER, POWER, GAS)),
])
def test_a_burst_pipe_does_not_call_the_gas_company(topic: str | None, summary: str, who: tuple[Post, ...]) -> None:
    of = replace(URGENT, category="water_power_gas", topic=topic, summary=summary)
    assert joining(of, Little()) == who


def test_one_trade_alone_joins_whatever_was_said() -> None:
    assert joining(replace(URGENT, category="drainage", topic="sewer"), Little()) == (WATER,)
    assert joining(URGENT, Little()) == (HEAT,)
    assert joining(replace(URGENT, category="noise_neighbours"), Little()) == ()


# ---- the rungs --------------------------------------------------------------------------------------------------


def test_what_stands_on_each_rung() -> None:
    town = Little(second=W2).gives(W1)
    assert [rung(URGENT, n, town, DAY) for n in range(7)] == [W1, W2, ESTATE, SEC, SUB, TOWN_HALL, TOWN_HALL]
    assert rung(URGENT, SUBSTITUTE, Little(second=W2), DAY) is None  # nobody has it
    assert rung(replace(URGENT, spot=Spot()), ESTATE_LEAD, town, DAY) is None


def test_the_climb_by_day() -> None:
    town, got = Little(second=W2).gives(W1), []
    for number in (0, 1, 2, 3, 4, 5):
        step = next_rung(replace(URGENT, rung=number), town, POLICY, DAY)
        got.append((step.number, step.post, step.skipped))
        town = town.gives(step.post, Part.CLIMBED)
    assert got == [
        (SUBSTITUTE, W2, ()), (ESTATE_LEAD, ESTATE, ()), (SECRETARY, SEC, ()), (SUBDISTRICT, SUB, ()), (CITY, TOWN_HALL, ()),
        (TOP, TOWN_HALL, ()),
    ]


def test_empty_and_unreachable_rungs_are_skipped_and_named() -> None:
    town = Little(there=without(ESTATE), mute=frozenset({SEC.id})).gives(W1)
    step = next_rung(URGENT, town, POLICY, DAY)
    assert (step.number, step.post, step.skipped) == (SUBDISTRICT, SUB, (SUBSTITUTE, ESTATE_LEAD, SECRETARY))


def test_nobody_at_all_is_the_citys() -> None:
    town = Little(mute=frozenset(p.id for p in EVERYBODY)).gives(W1)
    step = next_rung(URGENT, town, POLICY, DAY)
    assert (step.number, step.post, step.skipped) == (CITY, TOWN_HALL, (1, 2, 3, 4))


def test_who_has_it_already_is_passed_over_and_not_called_empty() -> None:
    town = Little().gives(SEC).gives(ESTATE, Part.CLIMBED)
    step = next_rung(URGENT, town, POLICY, DAY)
    assert (step.number, step.skipped) == (SUBDISTRICT, ())  # what a secretary has never climbs downward


def test_one_person_in_two_chairs_is_told_once() -> None:
    both = replace(ESTATE, holder_id=W1.holder_id)
    town = Little(there=(*without(ESTATE), both)).gives(W1)
    town.estate_lead = lambda estate_id: both  # type: ignore[method-assign]
    assert next_rung(URGENT, town, POLICY, DAY).post == SEC


def test_at_night_urgent_climbs_only_among_those_rostered_and_an_emergency_wakes_all() -> None:
    town = Little(night=(LEAD, SUB), second=W2).gives(LEAD)
    step = next_rung(URGENT, town, POLICY, NIGHT)
    assert (step.number, step.skipped) == (SUBDISTRICT, (SUBSTITUTE, ESTATE_LEAD, SECRETARY))
    assert next_rung(DANGER, town, POLICY, NIGHT).post == W2
    assert next_rung(URGENT, replace(town, night=(LEAD, SEC)), POLICY, NIGHT).post == SEC
    assert next_rung(URGENT, replace(town, night=()), POLICY, NIGHT).number == CITY


def test_the_lowest_desk_that_is_not_to_be_avoided() -> None:
    town = Little()
    assert above(URGENT, town, DAY, frozenset()) == SEC
    assert above(URGENT, town, DAY, frozenset({SEC.id})) == SUB
    assert above(URGENT, town, DAY, frozenset({SEC.id, SUB.id})) == TOWN_HALL
    assert above(URGENT, town, DAY, frozenset({SEC.id, SUB.id, TOWN_HALL.id})) == TOWN_HALL
    assert above(URGENT, Little(there=without(SEC)), DAY, frozenset()) == SUB


@pytest.mark.parametrize(("has_it", "levels", "who"), [
    (W1, 1, SEC), (W1, 2, SUB), (SEC, 1, SUB), (SEC, 2, TOWN_HALL), (SUB, 1, TOWN_HALL), (SUB, 2, TOWN_HALL), (TOWN_HALL, 1, TOWN_HALL),
])
def test_one_or_two_levels_above_who_has_it(has_it: Post, levels: int, who: Post) -> None:
    assert above_assignee(URGENT, (has_it,), Little(), DAY, levels) == who


# ---- returns and shifts -----------------------------------------------------------------------------------------


def test_a_return_goes_to_other_duty_then_to_the_secretary() -> None:
    assert return_to(URGENT, W1.id, Little(day=(W1, W2)).gives(W1), POLICY, DAY) == W2
    assert return_to(URGENT, W1.id, Little().gives(W1), POLICY, DAY) == SEC
    assert return_to(replace(URGENT, grid_id=None), SEC.id, Little().gives(SEC), POLICY, DAY) == SUB
    assert return_to(URGENT, None, Little(day=(W1, W2)).gives(W1), POLICY, DAY) == W2


def test_never_to_who_returned_it_before_nor_to_the_same_person_elsewhere() -> None:
    town = Little(day=(W1, W2), returned=("w1",)).gives(W2)
    assert return_to(URGENT, W2.id, town, POLICY, DAY) == SEC
    same = replace(W2, holder_id=W1.holder_id)
    town = Little(day=(W1, same), there=(*without(W2), same)).gives(W1)
    assert return_to(URGENT, W1.id, town, POLICY, DAY) == SEC


def test_a_return_at_night() -> None:
    town = Little(day=(W1, W2), night=(LEAD,)).gives(W1)
    assert return_to(NORMAL, W1.id, town, POLICY, NIGHT) == W2  # waits for the morning's duty
    assert return_to(URGENT, W1.id, town, POLICY, NIGHT) == LEAD
    assert return_to(DANGER, W1.id, town, POLICY, NIGHT) == LEAD


def test_at_a_shifts_end_the_new_duty() -> None:
    town = Little(night=(SEC, LEAD)).gives(W1)
    assert new_duty(URGENT, town, POLICY, NIGHT) == LEAD  # a desk has no shifts
    assert new_duty(NORMAL, town, POLICY, NIGHT) is None  # waits
    assert new_duty(DANGER, town, POLICY, NIGHT) == LEAD
    assert new_duty(NORMAL, Little(day=(W2,)).gives(W1), POLICY, MORNING) == W2


def test_the_same_duty_or_none_or_a_desk_keeps_it() -> None:
    assert new_duty(URGENT, Little(day=(W2, W1)).gives(W1), POLICY, DAY) is None
    assert new_duty(URGENT, Little(day=()).gives(W1), POLICY, DAY) is None
    assert new_duty(URGENT, Little(day=(W2,)).gives(SEC), POLICY, DAY) is None
    assert new_duty(URGENT, Little(day=(W2,)), POLICY, DAY) is None
    assert new_duty(replace(URGENT, grid_id=None), Little(day=(W2,)).gives(W1), POLICY, DAY) is None


def test_not_to_who_returned_it_nor_to_who_cannot_be_reached() -> None:
    of = replace(URGENT, returns=1)
    assert new_duty(of, Little(day=(W2,), returned=("w2",)).gives(W1), POLICY, DAY) is None
    assert new_duty(URGENT, Little(day=(W2,), mute=frozenset({"w2"})).gives(W1), POLICY, DAY) is None


# ---- cards and the telephone ------------------------------------------------------------------------------------


def test_the_buttons_of_a_card() -> None:
    assert card_options(URGENT, Role.WORKER) == ("acknowledge", "phone", "reply", "arrive", "resolve", "return", "past", "more")
    assert "assign" in card_options(URGENT, Role.SECRETARY)
    assert card_options(replace(URGENT, state=State.CONFIRMED), Role.WORKER) == ("past", "more")
    assert "return" not in card_options(URGENT, Role.SUBDISTRICT)
    assert not {"acknowledge", "return"} & set(card_options(URGENT, Role.SPECIALIST))
    assert "safe" in card_options(DANGER, Role.WORKER)


def test_who_telephones_is_never_who_said_done() -> None:
    def by(who: Post) -> Case:
        return replace(URGENT, resolved_by=who.holder_id)

    assert checkback.telephone_owner(by(W1), Little(), DAY) == SEC
    assert checkback.telephone_owner(URGENT, Little(), DAY) == SEC
    assert checkback.telephone_owner(by(SEC), Little(), DAY) == SUB
    assert checkback.telephone_owner(by(SEC), Little(there=without(SUB)), DAY) == TOWN_HALL


def test_tries_and_days() -> None:
    first, second, next_day = at("10-14 11:00"), at("10-14 14:00"), at("10-15 10:00")
    assert not checkback.tries_exhausted([first, second], next_day, POLICY)
    assert not checkback.tries_exhausted([first, second, second], second, POLICY)
    assert checkback.tries_exhausted([first, second, next_day], next_day, POLICY)
    assert checkback.tries_exhausted([first, next_day, next_day], next_day, POLICY)


@pytest.mark.parametrize(("now", "tries", "due"), [
    ("10-14 11:00", 1, "10-14 14:00"), ("10-14 16:59", 1, "10-14 19:59"), ("10-14 17:00", 1, "10-15 09:00"),
    ("10-14 14:00", 2, "10-15 10:00"), ("10-14 12:00", 2, "10-15 09:00"), ("10-14 19:59", 3, "10-15 15:59"),
])
def test_when_it_is_tried_again(now: str, tries: int, due: str) -> None:
    assert checkback.next_try(at(now), tries, POLICY) == at(due)


def test_the_task_is_due_two_working_days_on() -> None:
    assert checkback.telephone_due(at("10-16 11:00"), POLICY) == at("10-20 11:00")


@pytest.mark.parametrize(("reopens", "level"), [(1, "again"), (2, "climb"), (3, "supervise"), (4, "supervise")])
def test_what_a_reopening_asks_for(reopens: int, level: str) -> None:
    assert checkback.level_after(replace(URGENT, reopens=reopens)) == level


def test_times_are_the_towns() -> None:
    assert hours(8) == MORNING - NIGHT
    assert hours(13) + minutes(0) == NIGHT - DAY
