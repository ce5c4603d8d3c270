"""指定人办: who is to do it, by name and grid; anybody of the community may be named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from casework import access, dispatch
from casework import actions as a
from casework.case import Actor, Case, PostId, Task
from casework.consequences import card_options
from casework.consequences.hands import owner_options
from casework.effects import Option
from handlers.cards import not_for_this
from handlers.rosters import colleagues as team
from handlers.tasks import actor_of, by_task, own_task
from handlers.texts import word
from handlers.turn import Turn, answer, press
from handlers.undoing import done
from storage import talk


def as_desk(turn: Turn, case: Case) -> Actor | None:
    """The speaker as a desk for this case; otherwise says no."""
    actor = access.as_desk(turn.person, case, turn.parts(case.id), turn.town.within)
    if actor is None:
        turn.say("refusal.not_yours")
    return actor


@press("card", "assign")
def assign(turn: Turn, question: Any, args: dict[str, str]) -> None:
    case = turn.case(question.case_id)
    actor = as_desk(turn, case)
    if actor is not None and case.ended:
        turn.say("refusal.ended", case.id, state=word("state", case.state.value))
    elif actor is not None:
        options = owner_options(case, turn.town, turn.now, actor.post)
        turn.ask("worker.assign_ask", case.id, question="desk.assign", options=options)


def options_of(turn: Turn, task: Task) -> tuple[Option, ...]:
    """The buttons of 定谁办, on the task's card."""
    own = access.task_post(turn.person, task) if turn.speaker is not None else None
    return owner_options(turn.case(task.case_id), turn.town, turn.now, own or task.owner_post) if task.case_id else ()


@press("desk.assign", "name", "person")
def assigned(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _name(turn, question.case_id, PostId(args["post"]), by_task(turn, question) or as_desk(turn, turn.case(question.case_id)))


@press("task.name_owner", "name", "person")
def owner_named(turn: Turn, question: Any, args: dict[str, str]) -> None:
    task = own_task(turn, question)
    if task is not None and task.case_id is not None:
        _name(turn, task.case_id, PostId(args["post"]), actor_of(turn, task))


def _name(turn: Turn, case_id: str, post_id: PostId, actor: Actor | None) -> None:
    """Whoever names themselves gets the card as the answer."""
    if actor is None or turn.act(case_id, a.NameOwner(post=post_id), actor) is None:
        return
    post = turn.town.post(post_id)
    if post is None or post.holder_id != turn.person.id:
        done(turn, "worker.assigned", case_id)
        return
    turn.ask("card.named", case_id, question="card", awaited=False, options=("take_back", *card_options(turn.case(case_id), post.role)))
    turn.focus(case_id)


# ---- somebody else ------------------------------------------------------------------------------------------------


@press("desk.assign", "somebody_else")
@press("task.name_owner", "somebody_else")
def somebody_else(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _ask_who(turn, question, "worker.assign_other")


def _ask_who(turn: Turn, question: Any, key: str) -> None:
    case = turn.case(question.case_id)
    here = {p.id for p in dispatch.nameable(case, turn.town, turn.now)}
    found = [p for p in _others(turn, case) if p.id not in here and turn.town.reachable(p)]
    options = [Option("person", {"post": p.id}) for p in _each_once(found)][: team.OFFERED]
    turn.ask(key, case.id, question="desk.assign", options=options, task_id=question.task_id)


def _others(turn: Turn, case: Case) -> list[Any]:
    """Whoever works in the community, the likely ones first, and may have the case."""
    if case.community_id is None:
        return []
    found = [p for p in turn.town.staff_in(case.community_id) if p.holder_id not in (None, turn.person.id, case.resident_id)]
    fit = [p for p in found if p.role in access.TAKES_OVER and access.may_hold(p, case)]
    return sorted(fit, key=lambda p: (p.role.value != "worker", p.area_id != case.grid_id))


def _each_once(posts: Iterable[Any]) -> list[Any]:
    return list({p.holder_id: p for p in reversed(list(posts))}.values())[::-1]


@answer("desk.assign")
def told(turn: Turn, question: Any, text: str) -> bool:
    """A name, in words."""
    if not_for_this(turn, question, text):
        return False
    named = team.named_in(text, _others(turn, turn.case(question.case_id)))
    if not named and not team.looks_like_a_name(text):
        return False
    if len(named) != 1:
        _ask_who(turn, question, "worker.assign_unknown")
        return True
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    assigned(turn, question, {"post": named[0].id})
    return True
