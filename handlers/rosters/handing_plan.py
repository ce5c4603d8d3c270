"""交班 as far as it is told: kept in the rows of the questions about it, for nothing is handed over until somebody takes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from casework import access, hours, worklist
from casework import actions as a
from casework.case import Actor, Case, Part, Person, PersonId, Post, PostId, Task, Urgency, Who
from casework.effects import EndTask
from casework.town import holders
from handlers.rosters import colleagues as team
from handlers.texts import place_name, say_time, staff_state, text_of, word
from handlers.turn import Turn
from storage import cases, people, roster, talk

LINES: Final = 15  # cases in one message; the rest by number of them
KINDS: Final = ("handing", "handing_good")  # the secretary's tasks: nobody took it; who answers for it from now on


@dataclass(frozen=True, slots=True)
class Handing:
    """Whose cases, why (shift, leave, good), to whom, which ones; who was asked in vain; who asks (the giver or the secretary)."""

    person: PersonId
    by: PersonId
    why: str = "shift"
    to: PostId | None = None
    cases: tuple[str, ...] = ()
    refused: tuple[PersonId, ...] = ()

    def args(self) -> dict[str, Any]:
        """For the question's row, beside what its text names."""
        return {
            "person": self.person, "asker": self.by, "reason": self.why, "to": self.to, "cases": list(self.cases),
            "refused": list(self.refused),
        }


def handing_of(args: Any) -> Handing:
    """From the question's row."""
    return Handing(args["person"], args["asker"], args["reason"], args["to"], tuple(args["cases"]), tuple(args["refused"]))


def giver(turn: Turn, plan: Handing) -> Person:
    """Whose cases they are."""
    found = people.person(turn.conn, plan.person)
    assert found is not None
    return found


def whose(turn: Turn, plan: Handing, reader: PersonId) -> str:
    """您, or the name: for whoever reads it."""
    return text_of("leave.you") if reader == plan.person else giver(turn, plan).name


def may_still(turn: Turn, plan: Handing) -> bool:
    """Whether it is the speaker's to hand over: their own, or that of somebody they answer for."""
    areas = access.staff_areas(turn.person)
    posts = giver(turn, plan).posts
    return turn.person.id == plan.person or any(turn.town.within(p.area_id, area) for p in posts for area in areas)


def in_hands(turn: Turn, person: Person) -> list[Case]:
    """All open cases whose turn it is at the person's posts, most urgent first: emergencies are read first."""
    found = cases.assigned_to(turn.conn, [p.id for p in person.posts])
    return [each.case for each in worklist.items(found, turn.policy, turn.now)]


def still(turn: Turn, plan: Handing) -> list[Case]:
    """Of those that were offered: what the giver still has."""
    return [c for c in in_hands(turn, giver(turn, plan)) if c.id in plan.cases]


def lines(turn: Turn, found: Sequence[Case]) -> str:
    """A line each, with what is due; of many only how many more."""
    told = [_line(turn, worklist.item(case, turn.policy, turn.now)) for case in found[:LINES]]
    more = text_of("duty.hand_more").format(count=len(found) - LINES) if len(found) > LINES else ""
    return "\n".join(told) + more


NOBODY_NAMED = ""
"""The reader of a list that goes to two: whatever one of them may not see is left out of it."""


def _line(turn: Turn, found: worklist.Item) -> str:
    case = found.case
    due = text_of(f"worker.due_{found.step}").format(at=say_time(found.due, turn.now, turn)) if found.due else ""
    return text_of("duty.hand_line").format(
        mark=word("mark", case.urgency.value), number=case.number, place=place_name(turn, case, NOBODY_NAMED),
        category=word("category", case.category), state=staff_state(case), due=due,
    ).rstrip(" ·")


def why(plan: Handing) -> str:
    """（请假期间）, or nothing for a shift's end."""
    return text_of(f"duty.hand_{plan.why}")


def numbers(found: Iterable[Case]) -> str:
    return "、".join(case.number for case in found)


def most_urgent(found: Iterable[Case]) -> Urgency:
    return min((case.urgency for case in found), key=list(Urgency).index, default=Urgency.NORMAL)


def candidates(turn: Turn, plan: Handing) -> list[Post]:
    """Who could take it: on duty when the shift ends, then on duty now, then the rest of the community; nobody on leave."""
    posts = list(giver(turn, plan).posts)
    usual = team.colleagues(turn, posts, (plan.person, *plan.refused))
    away = {leave.post for leave in roster.leaves_on(turn.conn, [p.id for p in usual], turn.now.astimezone(turn.policy.calendar.zone).date())}
    soon = hours.next_shift(turn.now, turn.policy.shifts, turn.policy.calendar)
    first = [p.id for at in (soon, turn.now) for post in posts for p in _on_duty(turn, post, at)]
    found = [p for p in usual if p.id not in away and p.role in access.TAKES_OVER]
    return sorted(found, key=lambda p: first.index(p.id) if p.id in first else len(first))


def _on_duty(turn: Turn, post: Post, at: datetime) -> tuple[Post, ...]:
    return turn.town.on_duty(post.area_id, at) if turn.town.area(post.area_id).kind == "grid" else ()


def desk_of(turn: Turn, plan: Handing) -> Post:
    """Who decides when nobody takes it: the secretary, or who is above when it is the secretary who hands over."""
    posts = giver(turn, plan).posts
    area = posts[0].area_id if posts else None
    desk = turn.town.desk(area, turn.now)
    if desk.holder_id != plan.person:
        return desk
    return turn.town.subdistrict_duty(area, turn.now) or turn.town.city_desk(turn.now)


def pending(turn: Turn, plan: Handing, kind: str = "handing") -> list[Task]:
    """What the giver offered and nobody has answered."""
    return [t for t in cases.tasks_of(turn.conn, [desk_of(turn, plan).id]) if t.kind == kind and t.person_id == plan.person]


def end_pending(turn: Turn, plan: Handing, outcome: str) -> int:
    """A new offer takes the place of one that nobody has answered; who was asked hears of it."""
    found = pending(turn, plan)
    for task in found:
        asked = talk.last_of_task(turn.conn, task.id)
        end(turn, task, handing_of(asked.args) if asked is not None else plan, outcome)
    return len(found)


def end(turn: Turn, task: Task, plan: Handing, outcome: str) -> None:
    """An offer is no more, and whoever was asked in vain hears of it."""
    turn.write(EndTask(task.id, outcome))
    asked = turn.town.post(plan.to) if plan.to is not None else None
    if asked is not None and asked.holder_id is not None:
        turn.tell(asked.holder_id, "duty.hand_not_needed", name=giver(turn, plan).name, count=len(plan.cases))


# ---- moving -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moving:
    """What went over, from which post, and what did not."""

    moved: tuple[tuple[Case, PostId], ...]
    kept: tuple[Case, ...]

    @property
    def cases(self) -> list[Case]:
        return [case for case, _ in self.moved]


def move(turn: Turn, found: Sequence[Case], before: Person, to: Post, tells: bool) -> Moving:
    """Each case by an event of its own, by whoever takes it over (or gives it back)."""
    moved: list[tuple[Case, PostId]] = []
    kept: list[Case] = []
    for case in found:
        post = _holding(turn, case, before)
        may = post is not None and access.may_take_over(case, turn.parts(case.id), post, to, community_of(turn))
        if post is not None and may and pass_on(turn, case, a.PassOn(giver=post.id, to=to.id, tells=tells), to):
            moved.append((case, post.id))
        else:
            kept.append(case)
    return Moving(tuple(moved), tuple(kept))


def pass_on(turn: Turn, case: Case, step: a.PassOn, as_post: Post) -> bool:
    who = Who.DESK if as_post.role in access.DESKS else Who.STAFF
    return turn.act(case.id, step, Actor(who, turn.person.id, as_post.id)) is not None


def community_of(turn: Turn) -> Any:
    return lambda area: turn.town.ancestor(area, "community")


def _holding(turn: Turn, case: Case, person: Person) -> Post | None:
    """The person's post whose turn it is."""
    has_it = holders(turn.parts(case.id), Part.ASSIGNEE)
    return next((p for p in person.posts if p.id in has_it), None)
