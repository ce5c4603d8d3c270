"""Who may read what and do what: the only place that says so.

A resident: own cases. A worker: cases of own grids. A secretary: own community. A subdistrict: own communities,
phones masked. The city: figures, and cases escalated to it (DOMAIN.md, Who may see what). Whoever has an open part
in a case reads it. A complaint about somebody is read and held only above them, and never by whom it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from casework.case import (
    Actor,
    AreaId,
    Case,
    CasePost,
    Part,
    Person,
    PersonId,
    Post,
    PostId,
    Role,
    Task,
    Who,
    WorkerKind,
)

Within = Callable[[AreaId | None, AreaId], bool]  # Town.within: is the area the ancestor, or in it

DESKS: Final = frozenset({Role.SECRETARY, Role.SUBDISTRICT, Role.CITY})
ACTING: Final = (Part.ASSIGNEE, Part.CLIMBED, Part.JOINED)  # a first owner who passed it on answers for it, no more


STANDING: Final = {Role.SECRETARY: 2, Role.SUBDISTRICT: 3, Role.CITY: 4}  # everybody else: 1; see Accused.level


class Reading(IntEnum):
    """How much of a case may be read; more includes less."""

    NONE = 0
    FIGURES = 1  # counted, not read
    MASKED = 2  # the case, but not who reported it
    FULL = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """The areas and posts that a person answers for: every query that returns cases takes one."""

    own_person: PersonId
    grids: frozenset[AreaId] = frozenset()
    communities: frozenset[AreaId] = frozenset()
    subdistricts: frozenset[AreaId] = frozenset()
    city: bool = False
    posts: frozenset[PostId] = frozenset()
    desks: frozenset[PostId] = frozenset()  # those of the posts that belong to a secretary or above

    def reads(self, case: Case, parts: Iterable[CasePost], within: Within) -> Reading:
        """How much of the case this person may read. `parts`: of the case, open or not."""
        if case.resident_id == self.own_person:
            return Reading.FULL
        if self.spoken_of(case):
            return Reading.NONE
        held = self.posts & _open_posts(case, parts)
        most = Reading.FULL if held else self._by_area(case, within)
        if case.confidential and most is Reading.FULL and not self._sees_reporter(case, held):
            return Reading.MASKED
        return most

    def spoken_of(self, case: Case) -> bool:
        """Whether the complaint is about this person, or about a post of theirs."""
        return self.own_person in case.accused.people or not self.posts.isdisjoint(case.accused.posts)

    def _by_area(self, case: Case, within: Within) -> Reading:
        """A complaint about somebody is not read beside or below them."""
        about = case.accused.level
        if not about and case.grid_id in self.grids:
            return Reading.FULL
        if about < STANDING[Role.SECRETARY] and case.community_id in self.communities:
            return Reading.FULL
        if about < STANDING[Role.SUBDISTRICT] and any(within(case.area_id, area) for area in self.subdistricts):
            return Reading.MASKED
        if self.city:
            return Reading.MASKED if case.emergency else Reading.FIGURES
        return Reading.NONE

    def _sees_reporter(self, case: Case, held: frozenset[PostId]) -> bool:
        """保密: the reporter is shown to a desk that has the case, not to worker and company."""
        return bool(held & self.desks) or case.community_id in self.communities


def scope(person: Person) -> Scope:
    """What the person answers for by the posts held now. Leads, specialists and auxiliaries have no area: they read
    only the cases in which they have an open part."""
    posts = person.posts
    return Scope(
        person.id,
        grids=_areas(p for p in posts if p.role is Role.WORKER and p.kind is not WorkerKind.AUXILIARY),
        communities=_areas(p for p in posts if p.role is Role.SECRETARY),
        subdistricts=_areas(p for p in posts if p.role is Role.SUBDISTRICT),
        city=any(p.role is Role.CITY for p in posts),
        posts=frozenset(p.id for p in posts),
        desks=frozenset(p.id for p in posts if p.role in DESKS),
    )


def keeps_answers(person: Person) -> frozenset[PostId]:
    """The desks in whose name the person may put an answer among the prepared ones, and take it away."""
    return scope(person).desks


def may_print(case: Case) -> bool:
    """Whether a report may list the case: one about somebody never, for they may sit at the table on which it lies."""
    return not case.accused.level


def _areas(posts: Iterable[Post]) -> frozenset[AreaId]:
    return frozenset(p.area_id for p in posts)


def _open_posts(case: Case, parts: Iterable[CasePost], *wanted: Part) -> frozenset[PostId]:
    """Posts with an open part in the case; with `wanted`, one of these."""
    return frozenset(
        p.post_id for p in parts if p.case_id == case.id and p.until is None and (not wanted or p.part in wanted)
    )


# ---- the staff and their roster ----------------------------------------------------------------------------------


def roster_areas(person: Person, community_of: Callable[[AreaId], AreaId | None]) -> frozenset[AreaId]:
    """The areas of which the person may know who is on duty, by name: workers and leads in their own community, desks in
    what they answer for. Residents and companies are told who has their own case, no more."""
    own = (community_of(p.area_id) or p.area_id for p in person.posts if p.role is Role.WORKER or p.kind is not None)
    return staff_areas(person) | frozenset(own)


def staff_areas(person: Person) -> frozenset[AreaId]:
    """The areas whose staff the person looks after: a secretary's community, and what lies under a desk above. Who has come in there is
    theirs to see, its roster theirs to change."""
    return _areas(p for p in person.posts if p.role in DESKS)


def may_look(person: Person, area: AreaId, within: Within) -> bool:
    """Whether the figures of an area are the person's to see: what lies under a desk of theirs."""
    return any(within(area, own) for own in staff_areas(person))


def writes_to(person: Person, area: AreaId, within: Within) -> Post | None:
    """The desk in whose name the person may write to the residents of an area, the nearest one first."""
    for role in (Role.SECRETARY, Role.SUBDISTRICT, Role.CITY):
        for post in person.posts:
            if post.role is role and within(area, post.area_id):
                return post
    return None


def counts(person: Person, case: Case, within: Within) -> bool:
    """Whether a case is in figures shown to the person: a complaint about somebody only where a desk of theirs stands above it."""
    about = case.accused.level
    above = (p for p in person.posts if STANDING.get(p.role, 0) > about and within(case.area_id, p.area_id))
    return not about or (not scope(person).spoken_of(case) and any(above))


def doubtful(person: Person, area: AreaId, within: Within) -> tuple[int, frozenset[str]]:
    """Which complaints in an area may not count for the person: those of this level and above, and those about one of these posts or
    about the person. Of all others `counts` is true: a desk of theirs that holds the area stands above."""
    standing = max((STANDING.get(p.role, 0) for p in person.posts if within(area, p.area_id)), default=0)
    return standing, frozenset({*scope(person).posts, person.id})


def may_let_in(person: Person, posts: Iterable[tuple[Role, AreaId]], within: Within) -> bool:
    """Whether the person may hand out the key to come in to somebody with these posts: a secretary, in the own community.

    A key opens everything that its holder has. So all of the posts have to lie in the community and none may be a
    desk: nobody makes themselves a key to more than they answer for.
    """
    mine, held = scope(person).communities, tuple(posts)
    return bool(held) and all(
        role not in DESKS and any(within(area, community) for community in mine) for role, area in held
    )


# ---- the desk's tasks --------------------------------------------------------------------------------------------


def task_post(person: Person, task: Task) -> PostId | None:
    """The person's post that has the task: its owner, or a desk above to which it has climbed; None: it is none of theirs.
    Whoever has a task reads what it is about."""
    mine = {p.id for p in person.posts}
    return next((post for post in (task.owner_post, *task.climbed) if post in mine), None)


def may_read(
    person: Person, case: Case, parts: Iterable[CasePost], tasks: Iterable[Task], within: Within
) -> bool:
    """Whether the person may read what happened to a case: more than its figures, or a task about it is theirs."""
    mine = scope(person)
    if mine.spoken_of(case) and case.resident_id != person.id:
        return False
    tasked = any(task_post(person, t) is not None for t in tasks if t.case_id == case.id and t.ended_at is None)
    return tasked or mine.reads(case, parts, within) >= Reading.MASKED


# ---- the phone ---------------------------------------------------------------------------------------------------


def may_see_phone(
    person: Person,
    case: Case,
    parts: Iterable[CasePost],
    tasks: Iterable[Task] = (),
) -> bool:
    """The resident's phone: while the case is open, to whoever has an open part or task on it. 保密 keeps it from
    worker and company. Looking is logged (LogView)."""
    mine = scope(person)
    if case.ended or mine.spoken_of(case):
        return False
    about = [t for t in tasks if t.case_id == case.id and t.ended_at is None]
    on_it = _open_posts(case, parts) | {post for t in about for post in (t.owner_post, *t.climbed)}
    return bool((mine.desks if case.confidential else mine.posts) & on_it)


def masked(phone: str) -> str:
    """A phone for those who may know that there is one: 138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else "****"


# ---- acting ------------------------------------------------------------------------------------------------------


def capacity(
    person: Person,
    case: Case,
    parts: Iterable[CasePost],
    within: Within,
) -> Actor | None:
    """In what capacity, and for which post, the person acts on the case; None: it is none of theirs.

    A part in the case goes before being its resident: nobody confirms their own work. A desk acts as a desk, with a
    part in the case or because the case is in its scope.
    """
    mine, own = scope(person), case.resident_id == person.id
    if mine.spoken_of(case):
        return Actor(Who.RESIDENT, person.id) if own else None
    post = _acting_post(person, case, tuple(parts))
    if post is not None:
        return Actor(Who.DESK if post.role in DESKS else Who.STAFF, person.id, post.id)
    if own:
        return Actor(Who.RESIDENT, person.id)
    desk = _desk_in_scope(person, case, within)
    return Actor(Who.DESK, person.id, desk.id) if desk is not None else None


def as_desk(person: Person, case: Case, parts: Iterable[CasePost], within: Within) -> Actor | None:
    """The person as a desk for this case, also where they hold another part in it; None: no desk of theirs has it, or
    the case is their own or about them: nobody sits over their own complaint."""
    if case.resident_id == person.id or scope(person).spoken_of(case):
        return None
    held = _open_posts(case, parts)
    part = next((p for p in person.posts if p.role in DESKS and p.id in held), None)
    desk = part or _desk_in_scope(person, case, within)
    return Actor(Who.DESK, person.id, desk.id) if desk is not None else None


def _acting_post(person: Person, case: Case, parts: tuple[CasePost, ...]) -> Post | None:
    """The person's post with a part to act, a desk first, then in the order of ACTING."""
    holding = [p for part in ACTING for p in person.posts if p.id in _open_posts(case, parts, part)]
    return min(holding, key=lambda p: p.role not in DESKS, default=None)


def _desk_in_scope(person: Person, case: Case, within: Within) -> Post | None:
    """The person's desk, the nearest one first, whose own scope lets it read the case."""
    for role in (Role.SECRETARY, Role.SUBDISTRICT, Role.CITY):
        for post in person.posts:
            alone = scope(Person(PersonId(""), posts=(post,)))
            if post.role is role and alone._by_area(case, within) >= Reading.MASKED:
                return post
    return None


def may_hold(post: Post, case: Case) -> bool:
    """Whether the post may be given a part in the case or a task about it. Nobody is given what they filed for themselves: they could
    not say themselves whether it is solved. A complaint about somebody is held above them: not by whom it is about, in another
    chair either, nor by whoever filed it."""
    about, holder = case.accused, post.holder_id
    if holder is not None and holder == case.resident_id and (about or not case.behalf):
        return False
    meant = post.id in about.posts or (holder is not None and holder in about.people)
    return not about or (not meant and STANDING.get(post.role, 1) > about.level)


def acts_by_part(actor: Actor | None, case: Case, parts: Iterable[CasePost]) -> bool:
    """Whether the actor has an open part to act in the case. What is done to several at once (the same step on the cards of
    one outage, one message to a building, handing over) goes no further: not what a desk may merely see."""
    return actor is not None and actor.post in _open_posts(case, parts, *ACTING)


TAKES_OVER: Final = frozenset({Role.WORKER, Role.BUILDING_LEAD, Role.UNIT_LEAD, Role.ESTATE_LEAD, Role.SECRETARY})


def may_take_over(
    case: Case, parts: Iterable[CasePost], giver: Post, receiver: Post, community_of: Callable[[AreaId], AreaId | None]
) -> bool:
    """Whether a colleague may take over a case that somebody hands over: both of one community, somebody sits in the post,
    the giver still has it, and nobody is handed their own complaint or one about them."""
    community = community_of(giver.area_id)
    return (
        receiver.role in TAKES_OVER
        and may_hold(receiver, case)
        and receiver.holder_id is not None
        and receiver.holder_id not in (case.resident_id, giver.holder_id)
        and community is not None
        and community == community_of(receiver.area_id)
        and giver.id in _open_posts(case, parts, Part.ASSIGNEE)
    )


# ---- finer than MOVES --------------------------------------------------------------------------------------------

Rule = Callable[[Actor, Case, tuple[CasePost, ...]], bool]


def _not_merely_joined(actor: Actor, case: Case, parts: tuple[CasePost, ...]) -> bool:
    """The territory has it; a specialist beside it neither signs for it nor hands it back."""
    held = _open_posts(case, parts, Part.ASSIGNEE, Part.CLIMBED)
    return actor.who is not Who.STAFF or actor.post in held


def _not_own_work(actor: Actor, case: Case, parts: tuple[CasePost, ...]) -> bool:
    """Never by the person who said "done"."""
    return actor.person is None or actor.person != case.resolved_by


FINER: Final[Mapping[str, Rule]] = {
    "acknowledge": _not_merely_joined,
    "return": _not_merely_joined,
    "reply": _not_own_work,
    "try_call": _not_own_work,
    "close_unanswered": _not_own_work,
}


def may(action: str, actor: Actor, case: Case, parts: Iterable[CasePost] = ()) -> bool:
    """Whether the actor may do what MOVES allows the capacity. `action`: its name in snake_case, as in an event."""
    rule = FINER.get(action)
    return rule is None or rule(actor, case, tuple(parts))
