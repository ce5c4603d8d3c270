"""How those concerned are told: cards to staff, lines to the resident, and a desk's task for who cannot be reached."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final

from casework import dispatch
from casework.access import DESKS, may_hold
from casework.case import WAITING, Case, Part, PersonId, Post, Role, State, Urgency
from casework.deadlines import task_by
from casework.effects import Ask, Assign, Effect, Kind, OpenTask, Option, Say
from casework.lifecycle import Moved
from casework.policy import Policy
from casework.town import Town, holders

UNREACHED_OPTIONS: Final = (Option("phone"), Option("told"), Option("take"))
CARD_OPTIONS: Final[dict[str, tuple[str, ...]]] = {
    "new": ("acknowledge", "phone", "reply", "arrive", "resolve", "return", "past", "more"),
    "deferred": ("phone", "reply", "past", "more"),  # until its day there is nothing to do
    "ended": ("past", "more"),  # a press on an older card is refused kindly
    "safe": ("acknowledge", "phone", "arrive", "safe", "resolve", "return", "past", "more"),
}


def card_options(case: Case, role: Role) -> tuple[str, ...]:
    """The buttons of a card. A desk names somebody instead of returning; a specialist beside the territory neither
    signs for it nor hands it back."""
    if case.ended or case.state is State.DEFERRED:
        return CARD_OPTIONS["ended" if case.ended else "deferred"]
    names = CARD_OPTIONS["safe" if case.emergency else "new"]
    if case.state not in WAITING:  # taken already
        names = tuple(n for n in names if n != "acknowledge")
    if role in DESKS:
        return tuple("assign" if n == "return" else n for n in names)
    return tuple(n for n in names if n not in ("acknowledge", "return")) if role is Role.SPECIALIST else names


def card(
    case: Case, post: Post, key: str, urgency: Urgency | None = None, files: tuple[str, ...] = (), **args: object
) -> Iterator[Ask]:
    """A card to the holder of a post, with the buttons that act on it. No card carries a phone number."""
    if post.holder_id is None:
        return
    yield Ask(
        post.holder_id, key, case.id, kind=Kind.CARD, urgency=urgency or case.urgency, question="card",
        options=tuple(Option(n) for n in card_options(case, post.role)), awaited=False, everywhere=case.emergency,
        args={"post": post.title, **args}, files=files,
    )


def to_resident(case: Case, key: str, kind: Kind = Kind.FACT, **args: object) -> Say:
    return Say(case.resident_id, key, case.id, args, kind, case.urgency)


def people(case: Case, town: Town, *parts: Part) -> tuple[PersonId, ...]:
    """The holders of the parts, each once."""
    posts = (town.post(i) for i in holders(town.parts(case.id), *parts))
    found = dict.fromkeys(p.holder_id for p in posts if p is not None and p.holder_id is not None)
    return tuple(found)


def assignees(case: Case, town: Town) -> tuple[Post, ...]:
    posts = (town.post(i) for i in holders(town.parts(case.id), Part.ASSIGNEE))
    return tuple(p for p in posts if p is not None)


def rungs_told(case: Case, town: Town) -> tuple[Post, ...]:
    """Who has it and every desk it has climbed to, each once."""
    posts = (town.post(i) for i in holders(town.parts(case.id), Part.ASSIGNEE, Part.CLIMBED))
    return tuple({p.holder_id: p for p in posts if p is not None}.values())


def tell_staff(moved: Moved, town: Town, key: str, kind: Kind = Kind.FACT, **args: object) -> Iterator[Say]:
    """A line to everybody who has a part to act in the case, but not to who acted."""
    for person in people(moved.case, town, Part.ASSIGNEE, Part.CLIMBED, Part.JOINED):
        if person != moved.actor.person:
            yield Say(person, key, moved.case.id, args, kind, moved.case.urgency)


def actor_title(moved: Moved, town: Town) -> str:
    """Who acted, with a name."""
    post = town.post(moved.actor.post) if moved.actor.post else None
    return f"{post.title} {post.holder_name}".strip() if post else ""


def give(
    case: Case, post: Post, key: str, town: Town, now: datetime, policy: Policy, files: tuple[str, ...] = ()
) -> Iterator[Effect]:
    """A card; and where no card can go, a person who tells them."""
    yield from card(case, post, key, files=files)
    if not town.reachable(post):
        yield from unreached(case, post, town, now, policy)


def unreached(case: Case, post: Post, town: Town, now: datetime, policy: Policy) -> Iterator[Effect]:
    """Nobody can write to the holder of the post: a person tells them, and the case waits for no machine."""
    owner = teller(dispatch.ladder(case, town, now), (post.holder_id,), town)
    task = unreached_task(case, post)
    yield OpenTask(task, "unreached", owner.id, task_by(case.urgency, now, policy), case.id, post.holder_id, note=post.title)
    if owner.holder_id:
        yield Ask(
            owner.holder_id, "task.unreached", case.id, {"post": post.title}, Kind.CARD, case.urgency,
            question="task.unreached", options=UNREACHED_OPTIONS, awaited=False, task_id=task,
        )


def city_too(case: Case, told: Post, key: str, town: Town) -> Iterator[Effect]:
    """A danger at the city's desk is everybody's who sits there: each has it and may act, whoever sees it first."""
    for post in town.city_posts():
        if post.id != told.id and post.holder_id is not None and may_hold(post, case):
            yield Assign(case.id, post.id, Part.CLIMBED)
            yield from card(case, post, key)


def teller(desks: Sequence[Post], gone: Collection[PersonId | None], town: Town) -> Post:
    """Which of these desks tells them in person: the lowest that can be written to, never whoever cannot."""
    others = [d for d in desks if d.holder_id not in gone]
    return next((d for d in others if town.reachable(d)), others[-1] if others else desks[-1])


def unreached_task(case: Case, post: Post) -> str:
    return f"unreached:{case.id}:{post.id}"


def above_assignee(case: Case, has_it: tuple[Post, ...], town: Town, now: datetime, levels: int) -> Post:
    """The desk one (or two) levels above whoever has it; the highest there is when they have it themselves."""
    ladder = dispatch.ladder(case, town, now)
    held = {p.id for p in has_it}
    higher = [p for i, p in enumerate(ladder) if not any(q.id in held for q in ladder[i:])]
    return higher[min(levels, len(higher)) - 1] if higher else ladder[-1]
