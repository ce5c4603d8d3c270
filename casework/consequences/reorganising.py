"""When the organisation changes: who had a case is gone, or its place lies elsewhere now. No case is left with nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from casework import actions as a
from casework import dispatch
from casework.case import Case, Part, Post, PostId, State
from casework.consequences.hands import relieve
from casework.consequences.rules import follows
from casework.consequences.telling import give
from casework.effects import Assign, Effect, EndTask, Release
from casework.lifecycle import Moved
from casework.policy import Policy
from casework.town import Town, holders


@follows(a.Inherit)
def to_who_stands_in(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """Each part of who is gone passes on; where there is something to do, with a card."""
    action, case = moved.action, moved.case
    assert isinstance(action, a.Inherit)
    heir = town.post(action.to)
    yield EndTask(f"unreached:{case.id}:{action.gone}", "gone")
    parts = [p.part for p in town.parts(case.id) if p.post_id == action.gone and p.until is None]
    if heir is None:
        return
    has = {p.part for p in town.parts(case.id) if p.post_id == heir.id and p.until is None}
    for part in parts:
        yield from _pass_on(case, action.gone, heir, part, part in has)
    if action.acts and case.state is State.ASSIGNED:
        yield from give(case, heir, "card.inherited", town, now, policy)


def _pass_on(case: Case, gone: PostId, heir: Post, part: Part, has_it: bool) -> Iterator[Effect]:
    """A new first owner or assignee releases the one before by itself; a specialist's place is not the heir's."""
    if part in (Part.FIRST_OWNER, Part.ASSIGNEE):
        yield Assign(case.id, heir.id, part)
        return
    yield Release(case.id, gone, part)
    if part is Part.CLIMBED and not has_it:
        yield Assign(case.id, heir.id, part)


@follows(a.Relocate)
def to_the_new_grid(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """Nobody has acknowledged: the new grid's duty has it. The first owner changes when that one acknowledges (hands.py)."""
    case = moved.case
    if case.state is not State.ASSIGNED or case.grid_id == moved.before.grid_id:
        return
    post = dispatch.plan(case, town, policy, now).assignee
    if post.id not in holders(town.parts(case.id), Part.ASSIGNEE):
        yield from relieve(case, post, town)
        yield Assign(case.id, post.id, Part.ASSIGNEE)
        yield from give(case, post, "card.relocated", town, now, policy)
