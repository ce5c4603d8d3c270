"""An organisation was brought in: open cases and tasks follow it, and those concerned hear of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from casework import access, dispatch
from casework import actions as a
from casework.case import SYSTEM, AreaId, Case, PersonId, Post, PostId
from casework.consequences import telling
from casework.effects import MoveTask
from casework.organisation import PostRow
from casework.reorganising import Difference
from handlers.saying import put
from handlers.texts import local, post_name, say_day, say_days, text_of, word
from handlers.turn import Heard, Turn
from handlers.world import World
from storage import cases, figures, people


@dataclass(frozen=True, slots=True)
class Followed:
    """A case or task that changed hands or grids: its number (a task's kind), from whom, to whom. `was` is empty for a case that
    lies elsewhere now and stays with whoever has it."""

    what: str
    was: str
    now: str

    def sentence(self) -> str:
        """As a clerk reads it."""
        return f"{self.what}：{self.was} → {self.now}" if self.was else f"{self.what} → {self.now}"


def follow(conn: Any, world: World, now: datetime, diff: Difference) -> list[Followed]:
    """To be called in the transaction in which the organisation was written. Cases at places that lie elsewhere now go first, so
    that whoever inherits is of the right grid."""
    turn = Turn(conn, world, now, None, Heard(kind="timer"))
    had = Counter(post for _, post, acts in cases.parts_of(conn, (*diff.gone, *diff.taken_over)) if acts)
    found = [*_relocated(turn, diff), *_inherited(turn, diff), *_not_to_whom_it_is_about(turn, diff), *_tasks(turn, diff)]
    _tell_who_left(turn, diff, had)
    _tell_who_came(turn, diff)
    _tell_of_leave(turn, diff)
    _tell_of_shifts(turn, diff)
    put(turn)
    if any("parent" in change.columns for change in diff["areas"].changed):  # what ended cases count for lies elsewhere now
        figures.rebuild(conn, turn.policy)
    else:
        turn.writer.ledger.write()
    return found


# ---- where it lies ---------------------------------------------------------------------------------------------------


def _relocated(turn: Turn, diff: Difference) -> list[Followed]:
    if not diff.redrawn:
        return []
    places = {row.id for row in diff["places"].ended} | {c.after.id for c in diff["places"].changed}
    areas = {row.id for row in diff["areas"].ended} | {c.after.id for c in diff["areas"].changed if "parent" in c.columns}
    found = []
    for case_id in cases.lying_at(turn.conn, places, _with_those_inside(turn, areas)):
        case = turn.case(case_id)
        area, grid, community = _territory(turn, case)
        if (area, grid, community) != (case.area_id, case.grid_id, case.community_id):
            turn.act(case_id, a.Relocate(area_id=area, grid_id=grid, community_id=community), SYSTEM)
            found.append(Followed(case.number, "", people.area_name(turn.conn, area)))
    return found


def _with_those_inside(turn: Turn, areas: set[str]) -> set[str]:
    return areas | set(people.areas_within(turn.conn, sorted(areas)))


def _territory(turn: Turn, case: Case) -> tuple[AreaId, AreaId | None, AreaId | None]:
    """Where the case lies now: by its place, else where it lay as far as that still stands."""
    found = turn.town.territory(case.spot)
    if found.grid_id is not None or found.community_id is not None:
        return found.area_id, found.grid_id, found.community_id
    area: str | None = case.area_id
    while area is not None and turn.town.area(area).ended_at is not None:
        area = turn.town.area(area).parent_id
    standing = AreaId(area or turn.town.city())
    return standing, turn.town.ancestor(standing, "grid"), turn.town.ancestor(standing, "community")


# ---- who has it ------------------------------------------------------------------------------------------------------


def _inherited(turn: Turn, diff: Difference) -> list[Followed]:
    titles = {row.id: row for row in diff["posts"].ended} | {c.before.id: c.before for c in diff["posts"].changed}
    found = []
    for case_id, gone, acts in cases.parts_of(turn.conn, (*diff.gone, *diff.transferred)):
        case = turn.case(case_id)
        if gone not in diff.gone and _answers_for(turn, gone, case):
            continue
        heir = dispatch.heir(case, PostId(gone), turn.town, turn.policy, turn.now)
        turn.act(case_id, a.Inherit(gone=PostId(gone), to=heir.id, acts=acts), SYSTEM)
        found.append(Followed(case.number, _called(turn, titles[gone]), post_name(heir)))
    return found


def _not_to_whom_it_is_about(turn: Turn, diff: Difference) -> list[Followed]:
    """Who took a post over may be spoken of in what it has: that goes to those above."""
    found = []
    for case_id, post_id, acts in cases.parts_of(turn.conn, diff.taken_over):
        case, post = turn.case(case_id), turn.town.post(PostId(post_id))
        if post is not None and not access.may_hold(post, case):
            heir = dispatch.above(case, turn.town, turn.now, frozenset({post.id}))
            turn.act(case_id, a.Inherit(gone=post.id, to=heir.id, acts=acts), SYSTEM)
            for task in cases.tasks_about(turn.conn, case_id):
                if task.ended_at is None and task.owner_post == post.id:
                    turn.write(MoveTask(task.id, heir.id))
            found.append(Followed(case.number, post_name(post), post_name(heir)))
    return found


def _answers_for(turn: Turn, post_id: str, case: Case) -> bool:
    """Whether a post that moved still lies in the case's community (or above it)."""
    post = turn.town.post(PostId(post_id))
    return post is not None and (
        turn.town.within(case.area_id, post.area_id)
        or turn.town.ancestor(post.area_id, "community") == case.community_id
    )


def _called(turn: Turn, row: PostRow) -> str:
    holder = people.staff_name(turn.conn, row.person) if row.person else ""
    return f"{people.area_name(turn.conn, row.area)}{row.title} {holder}".strip()


def _tasks(turn: Turn, diff: Difference) -> list[Followed]:
    areas = {row.id: row.area for row in diff["posts"].ended} | {c.before.id: c.after.area for c in diff["posts"].changed}
    found = []
    for task in cases.tasks_of(turn.conn, diff.gone):
        if task.case_id is not None:
            desk = dispatch.above(turn.case(task.case_id), turn.town, turn.now, frozenset({task.owner_post}))
        else:
            desk = turn.town.desk(AreaId(areas[task.owner_post]), turn.now)
            desk = turn.town.city_desk(turn.now) if desk.id == task.owner_post else desk
        turn.write(MoveTask(task.id, desk.id))
        found.append(Followed(f"任务（{word('task_kind', task.kind)}）", "", post_name(desk)))
    return found


# ---- who hears of it -------------------------------------------------------------------------------------------------


def _tell_who_left(turn: Turn, diff: Difference, had: Counter[str]) -> None:
    """Whoever no longer has a post hears it once, with thanks. `had`: the open cases of each post before."""
    left: dict[str, list[PostRow]] = {}
    for row in (*diff["posts"].ended, *(c.before for c in diff["posts"].changed if "person" in c.columns)):
        if row.person:
            left.setdefault(row.person, []).append(row)
    for org_id, rows in left.items():
        person = people.staff_id(turn.conn, org_id)
        if person is not None and people.doors(turn.conn, person):
            count = sum(had[row.id] for row in rows)
            posts = "、".join(f"{people.area_name(turn.conn, row.area)}{row.title}" for row in rows[:5])
            turn.tell(PersonId(person), "staff.post_ended", posts=posts, count=count)


def _tell_who_came(turn: Turn, diff: Difference) -> None:
    """A new holder hears what waits."""
    for post_id in diff.taken_over:
        post = turn.town.post(PostId(post_id))
        if post is not None and post.holder_id is not None:
            held, tasks = cases.held_by(turn.conn, [post_id]), cases.tasks_of(turn.conn, [post_id])
            turn.tell(post.holder_id, "staff.post_taken", post=post.title, count=len(held), tasks=len(tasks))
            if held and not turn.town.reachable(post):
                _newcomer(turn, post, held)


def _tell_of_leave(turn: Turn, diff: Difference) -> None:
    """Leave that a clerk entered, or took away: granted in the chat or not, whom it concerns hears of it."""
    said = (("staff.leave_noted", "staff.stand_in", diff["leave"].added), ("staff.leave_gone", "staff.stand_in_over", diff["leave"].ended))
    for own, others, rows in said:
        for row in rows:
            post, other = turn.town.post(PostId(row.post)), turn.town.post(PostId(row.substitute)) if row.substitute else None
            days = say_days(row.first, row.last, local(turn).date(), near=False)
            if post is not None and post.holder_id is not None:
                turn.tell(post.holder_id, own, days=days, who=post_name(other) if other else text_of("leave.nobody"))
                if other is not None and other.holder_id is not None:
                    turn.tell(other.holder_id, others, days=days, name=post.holder_name)


def _tell_of_shifts(turn: Turn, diff: Difference) -> None:
    """Dated duty that a clerk entered or took away, a swap agreed in the chat among it: whom it concerns hears of it once."""
    days: dict[PersonId, set[date]] = {}
    for row in (*diff["exceptions"].added, *diff["exceptions"].ended):
        post = turn.town.post(PostId(row.post))
        if post is not None and post.holder_id is not None:
            days.setdefault(post.holder_id, set()).add(row.day)
    for person, changed in days.items():
        named = "、".join(say_day(day, local(turn).date(), near=False) for day in sorted(changed)[:5])
        turn.tell(person, "staff.shifts_changed", days=named + ("……" if len(changed) > 5 else ""))


def _newcomer(turn: Turn, post: Post, held: list[Case]) -> None:
    """Who took over has no chat yet: a desk looks after the cases meanwhile, and tells them of what cannot wait."""
    desk = turn.town.desk(post.area_id, turn.now)
    if desk.id == post.id or not turn.town.reachable(desk):
        desk = turn.town.subdistrict_duty(post.area_id, turn.now) or turn.town.city_desk(turn.now)
    if desk.holder_id is not None:
        turn.tell(desk.holder_id, "staff.newcomer", post=post_name(post), count=len(held))
    for case in held:
        if case.emergency or case.acknowledged_at is None:
            for effect in telling.unreached(case, post, turn.town, turn.now, turn.policy):
                turn.write(effect)
