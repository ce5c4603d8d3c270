"""/staff: what everybody has in hand and how it was answered, grid by grid. Nobody is ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from casework import figures
from casework.case import WAITING, WORKING, Post, Role, WorkerKind
from handlers.summaries import counted, late, looking
from handlers.summaries.looking import View, look
from handlers.texts import local, text_of
from handlers.turn import Turn
from storage import cases, overview

LATELY: Final = timedelta(days=29)
SHOWN: Final = 30
IN_HAND: Final = WAITING | WORKING


@dataclass(frozen=True, slots=True)
class Load:
    """In hand, how many of them are late; taken on within the last thirty days, how many of them in time."""

    held: int
    late: int
    taken: int
    good: int


def staff(turn: Turn, rest: str = "") -> None:
    """/staff: a community's workers by name; above it the communities."""
    if not looking.may_ask(turn):
        return
    view = looking.view(turn, looking.heard(turn, rest), "staff")
    if view is not None:
        show(turn, view)


def show(turn: Turn, view: View) -> None:
    """The workers of the area of a view, whatever its days."""
    area = turn.town.area(view.area)
    if area.kind in ("city", "subdistrict"):
        rows = overview.below(turn.conn, area)
        options = [look(view.deeper(area=row.id, level="staff"), row.name) for row in rows[:12]]
        turn.ask("summary.staff_where", question="summary", awaited=False, options=[*options, *looking.back(view)], area=area.name)
        return
    community = turn.town.ancestor(area.id, "community") or area.id
    posts = [p for p in turn.town.staff_in(community) if _works(p) and (area.kind == "community" or p.area_id == area.id)]
    loads = _loads(turn, community, posts)
    lines = [_line(turn, post, loads[post.id]) for post in _in_order(turn, posts)[:SHOWN]]
    key = "summary.staff" if lines else "summary.staff_none"
    turn.ask(key, question="summary", awaited=False, options=looking.back(view), area=area.name, list="\n".join(lines))


def _works(post: Post) -> bool:
    return post.role is Role.WORKER and post.kind is not WorkerKind.AUXILIARY and post.holder_id is not None


def _in_order(turn: Turn, posts: Sequence[Post]) -> list[Post]:
    """By grid and name: the order says nothing about anybody."""
    return sorted(posts, key=lambda p: (len(p.area_id), p.area_id, p.holder_name, p.id))


def _loads(turn: Turn, community: str, posts: Sequence[Post]) -> dict[str, Load]:
    today = local(turn).date()
    here = looking.stretch(turn, community, today - LATELY, today)
    without = counted.hidden_now(turn, here.area) | counted.ids(counted.hidden(turn, here.since, here.until, here.area))
    taken, good = Counter[str](), Counter[str]()
    for case in overview.answered(turn.conn, here, without):
        told = figures.counts(case, turn.policy)
        taken[str(case.acknowledged_by)] += 1
        good[str(case.acknowledged_by)] += told.get("response_good", 0)
    found = {}
    for post in posts:
        held = [c for c in cases.held_by(turn.conn, [post.id]) if c.id not in without]
        late_ = len(late.in_order(turn, [case for case in held if case.state in IN_HAND]))  # as /overdue counts them
        found[str(post.id)] = Load(len(held), late_, taken[str(post.holder_id)], good[str(post.holder_id)])
    return found


def _line(turn: Turn, post: Post, load: Load) -> str:
    late = text_of("summary.staff_late").format(count=load.late) if load.late else ""
    taken = text_of("summary.staff_taken").format(taken=load.taken, good=load.good) if load.taken else text_of("summary.staff_untried")
    grid = turn.town.area(post.area_id).name
    return text_of("summary.staff_line").format(grid=grid, name=post.holder_name, count=load.held, late=late, taken=taken)
