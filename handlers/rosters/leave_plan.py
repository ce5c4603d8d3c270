"""A leave as far as it is told: kept in the rows of the questions about it, for a leave is none until the substitute agrees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.case import PersonId, Post, PostId, Task
from casework.effects import EndTask
from casework.roster import Leave
from handlers.rosters.duty import own_posts
from handlers.texts import local, say_days, text_of
from handlers.turn import Turn
from storage import cases, people, roster, talk


@dataclass(frozen=True, slots=True)
class Plan:
    """A leave as far as it is told. `person`: whose; `by`: who asks for it, the person or the secretary."""

    person: PersonId
    by: PersonId
    posts: tuple[PostId, ...]
    first: date | None = None
    last: date | None = None
    substitute: PostId | None = None
    refused: tuple[PersonId, ...] = ()

    @property
    def days(self) -> tuple[date, date]:
        assert self.first is not None
        assert self.last is not None
        return self.first, self.last

    def args(self) -> dict[str, Any]:
        """For the question's row."""
        return {
            "person": self.person, "by": self.by, "posts": list(self.posts), "refused": list(self.refused),
            "first": self.first and self.first.isoformat(), "last": self.last and self.last.isoformat(),
            "substitute": self.substitute,
        }  # fmt: skip


def plan_of(args: Any) -> Plan:
    """From the question's row."""
    first, last = (args[k] and date.fromisoformat(args[k]) for k in ("first", "last"))
    return Plan(
        args["person"], args["by"], tuple(args["posts"]), first, last, args["substitute"], tuple(args["refused"])
    )


def pending(turn: Turn, person: PersonId, posts: Sequence[Post]) -> list[Task]:
    """Leave that the person has asked for and that nobody has decided yet."""
    desks = {turn.town.desk(p.area_id, turn.now).id for p in posts}
    return [t for t in cases.tasks_of(turn.conn, sorted(desks)) if t.kind == "leave" and t.person_id == person]


def end_pending(turn: Turn, person: PersonId, outcome: str) -> list[Task]:
    """A new request takes the place of one that nobody has answered."""
    found = people.person(turn.conn, person)
    ended = pending(turn, person, own_posts(found)) if found else []
    for task in ended:
        asked = talk.last_of_task(turn.conn, task.id)
        if asked is not None and asked.name == "leave.consent" and asked.closed_at is None:  # whoever was asked hears of it
            plan = plan_of(asked.args)
            turn.tell(asked.person_id, "leave.not_needed", name=found.name if found else "", days=spoken_days(turn, *plan.days))
        turn.write(EndTask(task.id, outcome))
    return ended


def overlapping(turn: Turn, plan: Plan) -> Leave | None:
    """Leave that the person has already, on one of these days."""
    first, last = plan.days
    found = roster.leaves_to_come(turn.conn, plan.posts, first)
    return next((leave for leave in found if leave.first <= last), None)


def posts_of(turn: Turn, plan: Plan) -> list[Post]:
    """Whose leave it is, as posts that the person still holds."""
    return [p for i in plan.posts if (p := turn.town.post(i)) is not None and p.holder_id == plan.person]


def desk_of(turn: Turn, plan: Plan) -> Post:
    """Who decides when the substitute does not answer; the city when the posts are no more."""
    posts = posts_of(turn, plan)
    return turn.town.desk(posts[0].area_id if posts else None, turn.now)


def name_of(turn: Turn, plan: Plan) -> str:
    """The name of who goes on leave."""
    found = people.person(turn.conn, plan.person)
    return found.name if found else ""


def whose(turn: Turn, plan: Plan) -> str:
    """您 or the name: for whoever speaks."""
    return text_of("leave.you") if plan.person == turn.person.id else name_of(turn, plan)


def spoken_days(turn: Turn, first: date, last: date, near: bool = True) -> str:
    """12月3日（周四）到12月5日（周六）."""
    return say_days(first, last, local(turn).date(), near)
