"""No role reads or does across its border: every chair against every case, every query and every action.

The oracle below is written from DOMAIN.md (Who may see what), apart from casework/access.py.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework import access, actions
from casework.access import Reading, scope
from casework.accused import LEVELS, Accused, body
from casework.actions import Action
from casework.case import Actor, AreaId, Case, CasePost, Part, Person, PersonId, Post, PostId, Role, Who, WorkerKind
from handlers.turn import Heard, Turn
from storage import cases, overview, people
from storage import words as said
from storage.town import StoredTown
from tests.fakes.town import Phone, Town, made, template

CHAIRS = (
    "w-s1c1g1", "w-s1c1g2", "w-s1c2g1", "w-s2c1g1", "b-e01b01-1", "cs-s1c1", "cs-s1c2", "cs-s2c1", "el-e01", "sd-s1",
    "sd-s2", "city-1", "sp-heat", "pm-e01",
)
ACTIONS = [x for x in vars(actions).values() if isinstance(x, type) and issubclass(x, Action) and x is not Action]


@pytest.fixture(scope="module")
def full_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Cases in three communities of two subdistricts: ordinary, climbed, an emergency, one confidential, one ended; and complaints
    about a worker, a company, a secretary."""
    folder = tmp_path_factory.mktemp("borders")
    for town in made(folder, template(folder)):
        for post in CHAIRS:
            town.staff(post)
        with town.database.reading() as conn:
            places = people.PLACE.select().where(people.PLACE.c.kind == "building")
            by_grid = {r.grids[0]: r for r in conn.execute(places)}
        residents = [town.resident("甲"), town.resident("乙"), town.resident("丙")]
        for phone, grid, words in (
            (residents[0], "s1c1g1", "暖气不热"), (residents[1], "s1c1g2", "楼道灯不亮"), (residents[2], "s1c2g1", "下水道堵了"),
            (residents[0], "s2c1g1", "电梯坏了"), (residents[1], "s2c1g1", "家里着火了，快来人"),
        ):
            row = by_grid.get(grid)
            if row is None:
                continue
            with town.database.reading() as conn:
                estate = people.place_row(conn, row.parent_id)
            phone.says(f"{estate.name}{row.name}{words}")
            town.forward(minutes=16)
        residents[2].says("我的诉求")
        residents[2].presses("保密")
        residents[0].says("转人工")
        for words in ("网格员骂人", "物业公司乱收费", "社区书记吃拿卡要"):
            town.resident().says(f"锦绣苑3号楼{words}")
        town.forward(hours=5)
        yield town


def _person(town: Town, post_id: str) -> Person:
    with town.database.reading() as conn:
        post = StoredTown(conn, town.world.policy).post(post_id)  # type: ignore[arg-type]
        assert post is not None
        assert post.holder_id is not None
        found = people.person(conn, post.holder_id)
    assert found is not None
    return found


def _within(town: Town, area: str | None, ancestor: str) -> bool:
    with town.database.reading() as conn:
        return StoredTown(conn, town.world.policy).within(area, ancestor)  # type: ignore[arg-type]


def oracle(town: Town, person: Person, case: Case, parts: tuple[CasePost, ...]) -> tuple[bool, bool]:
    """(may read something of it, may act upon it), from the trade's own words."""
    if person.id != case.resident_id and (
        person.id in case.accused.people or any(p.id in case.accused.posts for p in person.posts)
    ):
        return False, False
    about = set(case.accused.roles)
    held = {p.post_id for p in parts}
    acting = {p.post_id for p in parts if p.part is not Part.FIRST_OWNER}
    reads = acts = person.id == case.resident_id
    for post in person.posts:
        reads = reads or post.id in held
        acts = acts or post.id in acting
        if post.role is Role.WORKER and post.kind is not WorkerKind.AUXILIARY:
            reads = reads or (case.grid_id == post.area_id and not about)
        elif (
            (post.role is Role.SECRETARY and case.community_id == post.area_id and not about & {"secretary", "subdistrict"})
            or (post.role is Role.SUBDISTRICT and _within(town, case.area_id, post.area_id) and "subdistrict" not in about)
            or (post.role is Role.CITY and case.emergency)
        ):
            reads = acts = True
    return reads, acts


def _everybody(town: Town) -> list[Person]:
    with town.database.reading() as conn:
        residents = [p for i in ("r0", "r1", "r2") for p in [people.person(conn, _address(town, i))] if p is not None]
    return [*(_person(town, c) for c in CHAIRS), *residents]


def _address(town: Town, sender: str) -> str:
    with town.database.reading() as conn:
        for address in {p.address for p in town.phones.values() if p.channel == "web"}:
            known = people.speaker(conn, "web", address)
            if known is not None and address.endswith(sender[-1:]):
                return str(known.person.id)
    return sender


def test_the_town_has_what_the_borders_are_tried_on(full_town: Town) -> None:
    found = full_town.cases()
    assert len(found) >= 4
    assert len({c.community_id for c in found}) >= 2
    assert any(c.emergency for c in found)
    assert any(c.confidential for c in found)
    assert {c.accused.roles for c in found} >= {("worker",), ("company",), ("secretary",)}


def test_reading_and_acting_are_as_the_trade_says(full_town: Town) -> None:
    for person in _everybody(full_town):
        for case in full_town.cases():
            with full_town.database.reading() as conn:
                parts = cases.parts(conn, case.id)
                town = StoredTown(conn, full_town.world.policy)
                actor = access.capacity(person, case, parts, town.within)
                reading = scope(person).reads(case, parts, town.within)
            reads, acts = oracle(full_town, person, case, parts)
            who = (person.name, [p.id for p in person.posts], case.number)
            assert (actor is not None) == acts, who
            assert (reading >= Reading.MASKED) == reads, who


def test_queries_return_nothing_from_outside_the_scope(full_town: Town) -> None:
    """cases.visible takes a Scope; lists by post return only what the post holds; own lists only own cases."""
    since = full_town.now - timedelta(days=30)
    for person in _everybody(full_town):
        with full_town.database.reading() as conn:
            seen = {c.id for c in cases.visible(conn, scope(person), since)}
            held = {c.id for c in cases.held_by(conn, [p.id for p in person.posts])}
            own = {c.id for c in cases.recent_of(conn, person.id, since)} | {c.id for c in cases.open_of(conn, person.id)}
        for case in full_town.cases():
            with full_town.database.reading() as conn:
                parts = cases.parts(conn, case.id)
            reads, acts = oracle(full_town, person, case, parts)
            who = (person.name, [p.id for p in person.posts], case.number)
            if case.id in seen:
                assert reads, who
            if case.id in held:
                assert acts, who
            assert (case.id in own) == (case.resident_id == person.id)


def test_what_supervisors_look_through_is_within_the_scope(full_town: Town) -> None:
    """The lists behind the figures and what is found by words: each case is one that may be read; for a desk, all that it may read."""
    since, until = full_town.now - timedelta(days=30), full_town.now + timedelta(days=1)
    seen = set()
    for person in _everybody(full_town):
        with full_town.database.reading() as conn:
            town = StoredTown(conn, full_town.world.policy)
            city = overview.Stretch(town.area(town.city()), since, until)
            hidden = {c.id for c in overview.spoken_of(conn, since, until) if not access.counts(person, c, town.within)}
            filed = {c.id for c in overview.filed(conn, city, scope(person), hidden, page=(0, 50))}
            found = {c.id for word in ("暖气", "骂人", "电梯") for c in said.find(conn, scope(person), [word], hidden, (0, 50))}
        for case in full_town.cases():
            with full_town.database.reading() as conn:
                parts = cases.parts(conn, case.id)
            reads, _ = oracle(full_town, person, case, parts)
            who = (person.name, [p.id for p in person.posts], case.number)
            assert case.id not in filed | found or reads, who
            if person.posts and person.posts[0].role in access.DESKS and case.resident_id != person.id:
                assert (case.id in filed) == reads, who
            seen |= filed & found
    assert seen


def test_only_the_doubtful_complaints_are_looked_at_and_none_that_is_hidden_is_missed(full_town: Town) -> None:
    """Of an area the few that may be hidden are asked for; each that really is stands among them, now and of those that are open."""
    since, until = full_town.now - timedelta(days=30), full_town.now + timedelta(days=1)
    hidden_somewhere, spared = 0, 0
    for person in _everybody(full_town):
        with full_town.database.reading() as conn:
            town = StoredTown(conn, full_town.world.policy)
            every = overview.spoken_of(conn, since, until)
            for area in {post.area_id for post in person.posts}:
                among = overview.Doubtful(town.area(area), *access.doubtful(person, area, town.within))
                hidden = {c.id for c in every if town.within(c.area_id, area) and not access.counts(person, c, town.within)}
                asked = {c.id for c in overview.spoken_of(conn, since, until, among)}
                asked_open = {c.id for c in overview.open_spoken_of(conn, among)}
                assert hidden <= asked, (person.name, area)
                assert {c.id for c in every if c.id in hidden and not c.ended} <= asked_open, (person.name, area)
                hidden_somewhere += len(hidden)
                spared += len({c.id for c in every if town.within(c.area_id, area)} - asked)
    assert hidden_somewhere
    assert spared


def test_what_speaks_of_a_reader_is_found_however_high_the_reader_has_come(full_town: Town) -> None:
    since, until = full_town.now - timedelta(days=30), full_town.now + timedelta(days=1)
    with full_town.database.reading() as conn:
        town = StoredTown(conn, full_town.world.policy)
        every = overview.spoken_of(conn, since, until)
        whom = {who for case in every for who in (*case.accused.posts, *case.accused.people)}
        assert whom
        for who in whom:
            among = overview.Doubtful(town.area(town.city()), access.STANDING[Role.CITY], frozenset({who}))
            theirs = {c.id for c in every if who in (*c.accused.posts, *c.accused.people)}
            assert {c.id for c in overview.spoken_of(conn, since, until, among)} == theirs
            assert overview.spoken_of(conn, until, until, among) == []


@pytest.mark.parametrize("action", ACTIONS, ids=lambda a: a.__name__)
def test_nobody_acts_across_the_border(full_town: Town, action: type[Action]) -> None:
    """Every action by every outsider is refused, writes nothing, and tells nothing of the case."""
    for person in _everybody(full_town):
        for case in full_town.cases():
            with full_town.database.writing() as conn:
                parts = cases.parts(conn, case.id)
                if oracle(full_town, person, case, parts)[1]:
                    continue
                turn = _turn(full_town, conn, person)
                assert turn.act(case.id, action()) is None
                assert not [e for e in turn.effects if type(e).__name__ not in ("Say",)]
                assert all(s.case_id is None for s in turn.words), "a refusal to a stranger names no case"
                assert cases.by_id(conn, case.id) == case


POSTS = st.lists(
    st.tuples(st.sampled_from(Role), st.sampled_from((None, *WorkerKind)), st.integers(0, 10_000)), min_size=1, max_size=3)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=POSTS, action=st.sampled_from(ACTIONS), which=st.integers(0, 20))
def test_whatever_posts_somebody_holds_anywhere(
    full_town: Town, drawn: list[tuple[Role, WorkerKind | None, int]], action: type[Action], which: int
) -> None:
    """Any roles in any areas of the town, several at once: reading, acting, lists and steps end at the border."""
    found = full_town.cases()
    case = found[which % len(found)]
    with full_town.database.writing() as conn:
        areas = [row.id for row in conn.execute(people.AREA.select().order_by(people.AREA.c.id))]
        posts = tuple(
            Post(PostId(f"drawn-{i}"), role, AreaId(areas[at % len(areas)]), "", kind)
            for i, (role, kind, at) in enumerate(drawn)
        )
        person = Person(PersonId("drawn"), posts=posts)
        parts, town = cases.parts(conn, case.id), StoredTown(conn, full_town.world.policy)
        reads, acts = oracle(full_town, person, case, parts)
        assert (access.capacity(person, case, parts, town.within) is not None) == acts
        assert (scope(person).reads(case, parts, town.within) >= Reading.MASKED) == reads
        seen = cases.visible(conn, scope(person), full_town.now - timedelta(days=30))
        assert case.id not in {c.id for c in seen} or reads
        if not acts:
            turn = _turn(full_town, conn, person)
            assert turn.act(case.id, action()) is None
            assert cases.by_id(conn, case.id) == case


ABOUT = st.builds(
    Accused, st.lists(st.sampled_from(sorted(LEVELS)), min_size=1, max_size=3, unique=True).map(tuple),
    st.lists(st.sampled_from((*CHAIRS, "drawn-0", "drawn-1")), max_size=3, unique=True).map(tuple),
    st.lists(st.just("drawn"), max_size=1).map(tuple),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=POSTS, about=ABOUT, action=st.sampled_from(ACTIONS), which=st.integers(0, 20), part=st.none() | st.sampled_from(Part))
def test_whoever_is_accused_has_no_way_in(
    full_town: Town, drawn: list[tuple[Role, WorkerKind | None, int]], about: Accused, action: type[Action], which: int,
    part: Part | None,
) -> None:
    """Any case made a complaint about anybody, and any posts in any areas, even with a part in it: whom it is about reads nothing, is
    listed nothing, does nothing; nor do those beside and below them, but by a part."""
    found = full_town.cases()
    case = replace(found[which % len(found)], accused=about)
    with full_town.database.writing() as conn:
        point = conn.begin_nested()
        row = {"accused": body(about), "accused_level": about.level}
        conn.execute(cases.C.update().where(cases.C.c.id == case.id).values(**row))
        areas = [r.id for r in conn.execute(people.AREA.select().order_by(people.AREA.c.id))]
        posts = tuple(
            Post(PostId(f"drawn-{i}"), role, AreaId(areas[at % len(areas)]), "", kind)
            for i, (role, kind, at) in enumerate(drawn)
        )
        person = Person(PersonId("drawn"), posts=posts)
        if part not in (None, Part.FIRST_OWNER):
            _hold(conn, case, posts[0])
        town, parts = StoredTown(conn, full_town.world.policy), cases.parts(conn, case.id)
        reads, acts = oracle(full_town, person, case, parts)
        assert (access.capacity(person, case, parts, town.within) is not None) == acts
        assert (scope(person).reads(case, parts, town.within) >= Reading.MASKED) == reads
        seen = {c.id for c in cases.visible(conn, scope(person), full_town.now - timedelta(days=30))}
        held = {c.id for c in cases.held_by(conn, [p.id for p in posts], person.id)}
        assert case.id not in seen | held or reads
        if not acts:
            turn = _turn(full_town, conn, person)
            meant = scope(person).spoken_of(case)  # then no capacity helps, not even one that was given before
            assert turn.act(case.id, action(), Actor(Who.DESK, person.id, posts[0].id) if meant else None) is None
            assert all(s.case_id is None for s in turn.words)
            assert cases.by_id(conn, case.id) == case
        point.rollback()


def _hold(conn: Any, case: Case, post: Post) -> None:
    """The post gets an open part, as if something had gone wrong."""
    conn.execute(people.POST.insert().values(id=post.id, role=str(post.role), area_id=post.area_id, categories=[], title=""))
    conn.execute(cases.P.insert().values(case_id=case.id, post_id=post.id, part="joined", since=case.filed_at))


# What a person is shown lists of, and what is asked about one case after `actor`, `reads` or `visible` has judged it.
OF_A_PERSON = {"open_of", "recent_of", "held_by", "visible", "tasks_of"}
OF_A_CASE = {
    "by_id", "by_number", "parts", "all_parts", "events", "lines", "past_there", "photos", "task", "tasks_about",
    "same_trouble", "next_number", "only_photos",
}
# What only the system asks when an organisation is brought in; the city's chair is shown numbers and posts of it, no case.
OF_THE_SYSTEM = {"parts_of", "lying_at", "acting_now", "assigned_to", "case_of_file"}  # the last three: digests, handing over, a voice


def test_every_query_about_cases_is_tried_or_judged_before(full_town: Town) -> None:
    """A query that is new has to be put on one of the two lists, and so thought about."""
    known = {
        name for name, value in vars(cases).items()
        if inspect.isfunction(value) and value.__module__ == cases.__name__ and not name.startswith("_")
    }
    assert known == OF_A_PERSON | OF_A_CASE | OF_THE_SYSTEM


def test_tasks_are_listed_to_their_owners_only(full_town: Town) -> None:
    with full_town.database.reading() as conn:
        every = list(conn.execute(cases.K.select().where(cases.K.c.ended_at.is_(None))))
        assert every
        for person in _everybody(full_town):
            mine = {p.id for p in person.posts}
            assert {t.id for t in cases.tasks_of(conn, sorted(mine))} == {r.id for r in every if r.owner_post in mine}


def _turn(town: Town, conn: object, person: Person) -> Turn:
    speaker = people.Speaker("nowhere", "web", "nowhere", person, True, None)
    return Turn(conn, town.world, town.now, speaker, Heard())


def test_staff_capacity_never_becomes_the_residents(full_town: Town) -> None:
    """Nobody on the case speaks as its resident but the resident."""
    for person in _everybody(full_town):
        for case in full_town.cases():
            with full_town.database.reading() as conn:
                parts = cases.parts(conn, case.id)
                town = StoredTown(conn, full_town.world.policy)
                actor = access.capacity(person, case, parts, town.within)
            if actor is not None and actor.who is Who.RESIDENT:
                assert case.resident_id == person.id


def test_the_number_of_a_case_is_no_key_to_it(full_town: Town) -> None:
    """/case N of somebody else's case tells neither place nor words nor category."""
    stranger = full_town.resident("路人")
    for case in full_town.cases():
        stranger.clears()
        stranger.commands(f"/case {case.number}")
        told = " ".join(m.text for m in stranger.shown[stranger.read :])
        assert case.summary not in told
        assert case.number not in told


def test_no_phone_number_stands_in_any_message(full_town: Town) -> None:
    """A resident's phone is never in a card: chat history outlives the case."""
    resident = full_town.resident("有电话的")
    resident.says("锦绣苑3号楼1单元水管没水")
    resident.says("13812345678")
    worker = full_town.staff("w-s1c1g1")
    everything = [m.text for p in full_town.phones.values() for m in p.shown]
    assert not [t for t in everything if re.search(r"1381234\s*5678", t)]
    worker.presses("查看电话")
    assert "13812345678" in worker.shown[-1].text


def test_a_residents_chair_shows_no_staff_phone(full_town: Town) -> None:
    with full_town.database.reading() as conn:
        phones = {p.phone for c in CHAIRS for p in [people.person(conn, _person(full_town, c).id)] if p and p.phone}
    residents: list[Phone] = [p for p in full_town.phones.values() if p.channel == "web"]
    told = " ".join(m.text for p in residents for m in p.shown)
    assert not [p for p in phones if p and p in told]
