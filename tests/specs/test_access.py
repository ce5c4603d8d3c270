"""Who reads, who sees the phone, who acts: a table of chairs, and what nobody ever may."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.access import (
    DESKS,
    STANDING,
    Reading,
    Scope,
    acts_by_part,
    as_desk,
    capacity,
    counts,
    doubtful,
    masked,
    may,
    may_hold,
    may_look,
    may_see_phone,
    may_take_over,
    scope,
    writes_to,
)
from casework.accused import NOBODY, Accused
from casework.case import ENDS, Actor, Part, Role, State, Task, Urgency, Who, WorkerKind
from tests.fakes.cases import FILED, case, cases, part, person, post, within

NONE, FIGURES, MASKED, FULL = Reading
WORKER = post(Role.WORKER)
NEIGHBOUR = post(Role.WORKER, "g2")
HELPER = post(Role.WORKER, name="helper", kind=WorkerKind.AUXILIARY)
LEAD = post(Role.BUILDING_LEAD)
COMPANY = post(Role.SPECIALIST, "city", "company")
SECRETARY, OTHER_SECRETARY = post(Role.SECRETARY, "k1"), post(Role.SECRETARY, "k2")
STREET, OTHER_STREET = post(Role.SUBDISTRICT, "s1"), post(Role.SUBDISTRICT, "s2")
CITY = post(Role.CITY, "city")
RESIDENT = person(name="resident")
EVERY_POST = [
    WORKER, NEIGHBOUR, HELPER, LEAD, COMPANY, SECRETARY, OTHER_SECRETARY, STREET, OTHER_STREET, CITY,
]  # fmt: skip
PARTS = list(Part)


def test_a_scope_says_what_somebody_answers_for():
    whole = scope(person(WORKER, HELPER, LEAD, COMPANY, SECRETARY, STREET, CITY, name="p"))
    assert whole == Scope(
        "p",
        grids=frozenset({"g1"}),
        communities=frozenset({"k1"}),
        subdistricts=frozenset({"s1"}),
        city=True,
        posts=frozenset(p.id for p in (WORKER, HELPER, LEAD, COMPANY, SECRETARY, STREET, CITY)),
        desks=frozenset(p.id for p in (SECRETARY, STREET, CITY)),
    )
    assert scope(person(HELPER, LEAD, COMPANY, name="p")) == Scope(
        "p", posts=frozenset({HELPER.id, LEAD.id, COMPANY.id})
    )
    assert scope(RESIDENT) == Scope("resident")


TOLD_AS = {Role.WORKER: "worker", Role.SECRETARY: "secretary", Role.SUBDISTRICT: "subdistrict", Role.SPECIALIST: "company"}


def about(*posts):
    """A complaint about the holders of these posts; a lead's where there is no word for the role."""
    roles = {TOLD_AS.get(p.role, "lead") for p in posts}
    return case(accused=Accused(tuple(sorted(roles)), tuple(sorted(p.id for p in posts))))


READS = [  # who, without a part, with one, with one in a case whose reporter is hidden
    (WORKER, FULL, FULL, MASKED),
    (NEIGHBOUR, NONE, FULL, MASKED),
    (HELPER, NONE, FULL, MASKED),
    (LEAD, NONE, FULL, MASKED),
    (COMPANY, NONE, FULL, MASKED),
    (SECRETARY, FULL, FULL, FULL),
    (OTHER_SECRETARY, NONE, FULL, FULL),
    (STREET, MASKED, FULL, FULL),
    (OTHER_STREET, NONE, FULL, FULL),
    (CITY, FIGURES, FULL, FULL),
]


@pytest.mark.parametrize(("chair", "without", "with_part", "hidden"), READS)
def test_who_reads(chair, without, with_part, hidden):
    mine = scope(person(chair))
    assert mine.reads(case(), (), within) is without
    for what in PARTS:
        assert mine.reads(case(), (part(chair, what),), within) is with_part
        assert mine.reads(case(confidential=True), (part(chair, what),), within) is hidden
    assert mine.reads(case(), (part(chair, until=FILED),), within) is without  # a part that is over
    assert mine.reads(case(), (part(chair, case_id="c2"),), within) is without  # of another case
    assert mine.reads(about(chair), (part(chair),), within) is NONE


def test_a_hidden_reporter_is_hidden_from_the_grid_and_not_from_the_desk():
    hidden = case(confidential=True)
    assert scope(person(WORKER)).reads(hidden, (), within) is MASKED
    assert scope(person(SECRETARY)).reads(hidden, (), within) is FULL
    assert scope(person(STREET)).reads(hidden, (), within) is MASKED
    assert scope(RESIDENT).reads(hidden, (), within) is FULL


def test_own_cases_are_read_by_residents_and_others_are_not():
    assert scope(RESIDENT).reads(case(), (), within) is FULL
    assert scope(RESIDENT).reads(case(State.CONFIRMED), (), within) is FULL
    assert scope(person(name="else")).reads(case(), (), within) is NONE
    own = scope(person(WORKER, name="resident"))
    assert own.reads(about(WORKER), (), within) is FULL


def test_the_city_reads_an_emergency():
    assert scope(person(CITY)).reads(case(urgency=Urgency.EMERGENCY), (), within) is MASKED
    assert scope(person(CITY)).reads(case(urgency=Urgency.URGENT), (), within) is FIGURES


def test_a_case_without_a_grid_is_nobodys_by_accident():
    nowhere = case(grid_id=None, community_id=None, area_id="city")
    for chair in (WORKER, HELPER, LEAD, COMPANY, SECRETARY, STREET):
        assert scope(person(chair)).reads(nowhere, (), within) is NONE
    assert scope(person(CITY)).reads(nowhere, (), within) is FIGURES


# ---- the phone


def task(owner, ended=None, case_id="c1"):
    return Task("t", "telephone", owner.id, FILED, FILED, case_id, ended_at=ended)


@pytest.mark.parametrize("chair", EVERY_POST)
def test_the_phone_only_with_a_part_or_task_in_an_open_case(chair):
    who, held = person(chair), (part(chair),)
    assert not may_see_phone(who, case(), ())
    for what in PARTS:
        assert may_see_phone(who, case(), (part(chair, what),))
    assert may_see_phone(who, case(State.RESOLVED), (), (task(chair),))
    assert not may_see_phone(who, case(), (part(chair, until=FILED),))
    assert not may_see_phone(who, case(), (), (task(chair, ended=FILED),))
    assert not may_see_phone(who, case(), (), (task(chair, case_id="c2"),))
    assert not may_see_phone(who, about(chair), held)
    assert may_see_phone(who, case(confidential=True), held) is (chair.role in DESKS)
    for end in ENDS:
        assert not may_see_phone(who, case(end), held, (task(chair),))


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13812345678", "138****5678"), ("+8613812345678", "+86****5678"), ("1234567890", "****"), ("", "****")],
)
def test_a_masked_phone(phone, shown):
    assert masked(phone) == shown


# ---- acting

CAPACITY = [  # who, without a part, with one to act
    (WORKER, None, Who.STAFF),
    (NEIGHBOUR, None, Who.STAFF),
    (HELPER, None, Who.STAFF),
    (LEAD, None, Who.STAFF),
    (COMPANY, None, Who.STAFF),
    (SECRETARY, Who.DESK, Who.DESK),
    (OTHER_SECRETARY, None, Who.DESK),
    (STREET, Who.DESK, Who.DESK),
    (OTHER_STREET, None, Who.DESK),
    (CITY, None, Who.DESK),
]


@pytest.mark.parametrize(("chair", "without", "with_part"), CAPACITY)
def test_in_what_capacity(chair, without, with_part):
    who = person(chair, name="p")
    alone = Actor(without, "p", chair.id) if without else None
    assert capacity(who, case(), (), within) == alone
    for what in (Part.ASSIGNEE, Part.CLIMBED, Part.JOINED):
        assert capacity(who, case(), (part(chair, what),), within) == Actor(with_part, "p", chair.id)
    assert capacity(who, case(), (part(chair, Part.FIRST_OWNER),), within) == alone
    assert capacity(who, case(), (part(chair, until=FILED),), within) == alone
    assert capacity(who, about(chair), (part(chair),), within) is None


def test_the_resident_acts_as_resident_unless_it_is_their_own_work():
    asked = Actor(Who.RESIDENT, "resident")
    assert capacity(RESIDENT, case(), (), within) == asked
    assert capacity(person(SECRETARY, name="resident"), case(), (), within) == asked
    worker = person(WORKER, name="resident")
    assert capacity(worker, case(), (), within) == asked
    assert capacity(worker, case(), (part(WORKER),), within) == Actor(Who.STAFF, "resident", WORKER.id)
    assert capacity(worker, about(WORKER), (part(WORKER),), within) == asked


def test_of_several_chairs_the_one_that_has_the_case():
    many = person(HELPER, WORKER, name="p")
    both = (part(HELPER, Part.JOINED), part(WORKER, Part.ASSIGNEE))
    assert capacity(many, case(), both, within) == Actor(Who.STAFF, "p", WORKER.id)
    climbed = (part(WORKER, Part.ASSIGNEE), part(SECRETARY, Part.CLIMBED))
    assert capacity(person(WORKER, SECRETARY, name="p"), case(), climbed, within) == Actor(Who.DESK, "p", SECRETARY.id)
    assert capacity(person(CITY, STREET, SECRETARY, name="p"), case(), (), within) == Actor(Who.DESK, "p", SECRETARY.id)
    assert capacity(person(CITY, STREET, name="p"), case(), (), within) == Actor(Who.DESK, "p", STREET.id)


def test_an_emergency_is_the_citys_to_act_on():
    found = capacity(person(CITY, name="p"), case(urgency=Urgency.EMERGENCY), (), within)
    assert found == Actor(Who.DESK, "p", CITY.id)


@pytest.mark.parametrize("chair", EVERY_POST)
def test_as_a_desk_also_beside_another_part(chair):
    who = person(chair, WORKER, name="p")
    desk = Actor(Who.DESK, "p", chair.id)
    in_scope = chair in (SECRETARY, STREET)
    assert as_desk(who, case(), (part(WORKER),), within) == (desk if in_scope else None)
    assert as_desk(who, case(), (part(WORKER), part(chair)), within) == (desk if chair.role in DESKS else None)
    assert as_desk(who, case(), (part(chair, until=FILED),), within) == (desk if in_scope else None)


def test_nobody_sits_over_their_own_complaint():
    assert as_desk(person(SECRETARY, name="resident"), case(), (), within) is None
    assert as_desk(person(SECRETARY, name="resident"), case(), (part(SECRETARY),), within) is None


def test_finer_than_the_table_of_moves():
    held = {what: (part(COMPANY, what),) for what in Part}
    company = Actor(Who.STAFF, "p", COMPANY.id)
    for action in ("acknowledge", "return"):
        assert may(action, company, case(), held[Part.ASSIGNEE])
        assert may(action, company, case(), held[Part.CLIMBED])
        assert not may(action, company, case(), held[Part.JOINED])
        assert may(action, Actor(Who.DESK, "p", SECRETARY.id), case())
    assert may("resolve", company, case(), held[Part.JOINED])
    done = case(State.RESOLVED, resolved_by="p")
    for action in ("reply", "close_unanswered"):
        assert not may(action, Actor(Who.DESK, "p", SECRETARY.id), done)
        assert may(action, Actor(Who.DESK, "q", SECRETARY.id), done)
        assert may(action, Actor(Who.DESK, None), case(State.RESOLVED))


# ---- several at once, and handing over

COMMUNITY = {"g1": "k1", "k1": "k1", "g2": "k2", "k2": "k2"}.get


def sits(role: Role, area: str = "g1", who: str = "somebody", **more):
    return post(role, area, f"{who}-{role.value}-{area}", holder_id=who, **more)


def test_what_is_done_to_several_at_once_needs_a_part_of_ones_own():
    parts = (part(WORKER), part(SECRETARY, Part.FIRST_OWNER))
    assert acts_by_part(Actor(Who.STAFF, "p", WORKER.id), case(), parts)
    assert not acts_by_part(Actor(Who.DESK, "p", SECRETARY.id), case(), parts)  # sees it, and answers for it; has it not
    assert not acts_by_part(Actor(Who.RESIDENT, "p"), case(), parts)
    assert not acts_by_part(None, case(), parts)
    assert not acts_by_part(Actor(Who.STAFF, "p", WORKER.id), case(), (part(WORKER, until=FILED),))


GIVER = sits(Role.WORKER, who="giver")
TAKERS = [
    (sits(Role.WORKER, "g1", "other"), True),
    (sits(Role.SECRETARY, "k1", "other"), True),
    (sits(Role.BUILDING_LEAD, "g1", "other"), True),
    (sits(Role.WORKER, "g2", "other"), False),  # another community
    (sits(Role.SPECIALIST, "g1", "other"), False),
    (sits(Role.SUBDISTRICT, "k1", "other"), False),
    (post(Role.WORKER, "g1", "empty"), False),  # nobody sits there
    (sits(Role.WORKER, "g1", "resident"), False),  # their own complaint
    (sits(Role.SECRETARY, "k1", "giver"), False),  # to oneself
]


@pytest.mark.parametrize(("taker", "may_"), TAKERS, ids=lambda value: str(getattr(value, "id", value)))
def test_who_may_take_over(taker, may_):
    assert may_take_over(case(), (part(GIVER),), GIVER, taker, COMMUNITY) is may_


def test_only_what_the_giver_has_is_taken_over():
    taker = TAKERS[0][0]
    assert not may_take_over(case(), (part(GIVER, Part.FIRST_OWNER),), GIVER, taker, COMMUNITY)
    assert not may_take_over(case(), (part(GIVER, until=FILED),), GIVER, taker, COMMUNITY)


# ---- what nobody ever may

chairs = st.lists(st.sampled_from(EVERY_POST), max_size=4, unique=True)
held = st.lists(st.tuples(st.sampled_from(EVERY_POST), st.sampled_from(Part), st.booleans()), max_size=4)


def parts_of(rows):
    return tuple(part(p, what, FILED if over else None) for p, what, over in rows)


@given(cases(), chairs, held, st.lists(st.sampled_from(EVERY_POST), unique=True), st.booleans())
def test_who_may_act_may_read_and_the_accused_neither(any_case, posts, rows, accused, in_person):
    who, parts = person(*posts), parts_of(rows)
    told = about(*accused).accused if accused else NOBODY
    any_case = replace(any_case, accused=replace(told, people=(who.id,)) if told and in_person else told)
    reading = scope(who).reads(any_case, parts, within)
    actor = capacity(who, any_case, parts, within)
    assert actor is None or reading >= MASKED
    if {p.id for p in posts} & {p.id for p in accused} or (accused and in_person):
        assert reading is NONE
        assert actor is None
        assert as_desk(who, any_case, parts, within) is None
        assert not may_see_phone(who, any_case, parts)


@given(cases(), chairs, st.lists(st.sampled_from(EVERY_POST), min_size=1, unique=True))
def test_a_complaint_is_read_and_held_only_above(any_case, posts, accused):
    """Nobody beside or below whom it is about reads it by their area, or may be given it."""
    told = replace(any_case, accused=about(*accused).accused)
    level = told.accused.level
    if scope(person(*posts)).reads(told, (), within) >= MASKED:
        assert max(STANDING.get(p.role, 1) for p in posts) > level
    for post_ in EVERY_POST:
        assert not may_hold(post_, told) or (STANDING.get(post_.role, 1) > level and post_ not in accused)


def test_who_filed_it_does_not_get_it_but_for_somebody_else():
    chair = replace(SECRETARY, holder_id="resident")
    assert not may_hold(chair, case())
    assert may_hold(chair, replace(case(), behalf=True))
    assert not may_hold(chair, about(WORKER))
    assert may_hold(replace(SECRETARY, holder_id="else"), about(WORKER))
    assert not may_hold(replace(STREET, holder_id="at-worker"), replace(case(), accused=Accused(("worker",), (), ("at-worker",))))


@given(cases(), chairs, held)
def test_who_sees_the_phone_reads_the_case(any_case, posts, rows):
    who, parts = person(*posts), parts_of(rows)
    if may_see_phone(who, any_case, parts):
        assert scope(who).reads(any_case, parts, within) is FULL
        assert not any_case.ended


# ---- figures and notices ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("chair", "area", "looks"), [
    (SECRETARY, "k1", True), (SECRETARY, "g1", True), (SECRETARY, "k2", False), (SECRETARY, "s1", False), (STREET, "k1", True),
    (STREET, "k2", False), (CITY, "g2", True), (WORKER, "g1", False), (COMPANY, "g1", False), (LEAD, "g1", False),
])  # fmt: skip
def test_figures_are_for_the_desks_above(chair, area, looks):
    assert may_look(person(chair), area, within) is looks
    assert (writes_to(person(chair), area, within) == chair) is looks


@pytest.mark.parametrize("roles", [(), ("worker",), ("secretary",), ("subdistrict",)])
@pytest.mark.parametrize("chair", [SECRETARY, STREET, CITY, OTHER_STREET, WORKER])
def test_a_complaint_is_counted_only_above_whom_it_is_about(roles, chair):
    about = case(accused=Accused(roles))
    above = {"k1": 2, "s1": 3, "city": 4}.get(chair.area_id, 0)
    assert counts(person(chair), about, within) is (not roles or above > about.accused.level)


@pytest.mark.parametrize("chair", EVERY_POST)
@pytest.mark.parametrize("area", ["g1", "k1", "s1", "city"])
@pytest.mark.parametrize("roles", [("worker",), ("secretary",), ("subdistrict",)])
def test_what_is_not_doubtful_is_counted(chair, area, roles):
    """Of an area: a complaint below the level, about none of those named, counts for whoever is asked for."""
    asks = person(chair)
    level, about = doubtful(asks, area, within)
    assert about == {asks.id, chair.id}
    spoken = case(accused=Accused(roles))
    if within(spoken.area_id, area) and spoken.accused.level < level:
        assert counts(asks, spoken, within)


def test_the_city_doubts_only_what_is_said_of_itself():
    assert doubtful(person(CITY, name="p"), "s1", within) == (4, frozenset({CITY.id, "p"}))
    assert doubtful(person(SECRETARY, name="p"), "s1", within)[0] == 0


def test_whoever_is_meant_does_not_hear_of_it_from_any_chair():
    both = person(CITY, name="both")
    assert not counts(both, case(accused=Accused(("worker",), (), (both.id,))), within)
    assert not counts(person(STREET), case(accused=Accused(("worker",), (STREET.id,))), within)
