"""/merge 26-000124 26-000123: the same trouble told twice goes through the same hands. What is done about the one is done about the
other; both residents are told and asked, each about their own."""

from __future__ import annotations

from typing import Any, Final

from casework import access, incidents, lifecycle, takeback
from casework import actions as a
from casework.actions import NO_POST
from casework.case import Actor, Case, Part, Post, Who
from casework.effects import Option
from casework.lifecycle import Moved, Refusal
from casework.town import holders
from handlers.summaries import looking, steps
from handlers.texts import place_name, text_of, who_has, word
from handlers.turn import Turn, press
from storage import cases, overview

FOLLOWED: Final = (a.Acknowledge, a.Arrive, a.Promise, a.Resolve)


def merge(turn: Turn, rest: str = "") -> None:
    """/merge N M: N goes with M. Shown once more before it is done."""
    if not looking.may_ask(turn):
        return
    told = steps.numbers(rest)
    if len(told) != 2:
        turn.say("merging.two_numbers")
        return
    one, main = (steps.at_desk(turn, number) for number in told)
    if one is None or main is None:
        return
    case, asked = turn.case(one), turn.case(main)
    into = _main(turn, asked)
    if _told_already(turn, case, asked, into):
        return
    why = incidents.against_merging(case, into)
    if why is not None:
        turn.say(f"merging.{why}", case.id, other=into.number)
        return
    turn.ask("merging.sure", case.id, question="merging", options=[Option("merge", {"into": into.id}), Option("apart_no")],
             other=_line(turn, into), why=_why(turn, case, asked, into))


def _told_already(turn: Turn, case: Case, asked: Case, into: Case) -> bool:
    """Whether they are one already: then it is said which goes with which, and they can be parted."""
    if case.merged_into is not None and _main(turn, case).id == into.id:
        merged_ = case
    elif case.id == into.id != asked.id:
        merged_ = asked
    else:
        return False
    if merged_.ended:
        return False
    why = _why(turn, case, asked, into) if merged_.id == case.id else ""
    turn.ask("merging.already", merged_.id, question="merging", awaited=False, options=[Option("apart")], other=into.number, why=why)
    return True


def _why(turn: Turn, case: Case, asked: Case, into: Case) -> str:
    """What the numbers that were asked do not say: that the second goes with another itself, and that the first did until now."""
    lines = []
    if asked.id not in (into.id, case.id):
        lines.append(text_of("merging.asked_merged").format(asked=asked.number, other=into.number))
    if case.merged_into is not None and case.merged_into != into.id and _main(turn, case).id != into.id:
        lines.append(text_of("merging.until_now").format(asked=case.number, other=turn.case(case.merged_into).number))
    return "".join(f"\n{line}" for line in lines)


def _main(turn: Turn, case: Case) -> Case:
    """Where a merged case goes itself."""
    seen = {case.id}
    while case.merged_into is not None and case.merged_into not in seen:
        case = turn.case(case.merged_into)
        seen.add(case.id)
    return case


def _line(turn: Turn, case: Case) -> str:
    return f"{case.number}（{place_name(turn, case, turn.person.id)}，{word('category', case.category)}）"


@press("merging", "apart_no")
def left_apart(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.say("merging.left_apart")


@press("merging", "merge")
def merged(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Done: in the same hands from now on, and as far as the other has come."""
    case, into = turn.case(question.case_id), turn.case(args["into"])
    why = incidents.against_merging(case, into)
    desk = access.as_desk(turn.person, into, turn.parts(into.id), turn.town.within)
    actor = access.as_desk(turn.person, case, turn.parts(case.id), turn.town.within)
    if desk is not None and actor is not None and _told_already(turn, case, into, _main(turn, into)):
        return
    if why is not None:
        turn.say(f"merging.{why}", case.id, other=into.number)
        return
    if desk is None or actor is None:
        turn.say("refusal.not_yours")
        return
    if turn.act(case.id, a.Merge(into=into.id), actor) is None:
        return
    post = _assignee(turn, into)
    if post is not None:
        _into_hands(turn, case, post, actor)
        if into.acknowledged_at is not None and into.acknowledged_by is not None:
            _step(turn, turn.case(case.id), a.Acknowledge(), Actor(Who.STAFF, into.acknowledged_by, post.id))
        if post.holder_id is not None and post.holder_id != turn.person.id:
            turn.tell(post.holder_id, "merging.told", case.id, other=into.number)
    turn.ask("merging.done", case.id, question="merging", awaited=False, options=[Option("apart")], other=into.number)


@press("merging", "apart")
def apart(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Two troubles after all: each goes its own way again, with whoever has it."""
    case = turn.case(question.case_id)
    actor = access.as_desk(turn.person, case, turn.parts(case.id), turn.town.within)
    if actor is None or case.merged_into is None:
        turn.say("refusal.not_yours" if actor is None else "merging.apart_already", case.id if actor else None)
    elif turn.act(case.id, a.Merge(), actor) is not None:
        turn.say("merging.apart", case.id, who=who_has(turn, turn.case(case.id)))


# ---- what is done about the one is done about the other ---------------------------------------------------------------


def follow(turn: Turn, moved: Moved) -> None:
    """After a step of a case: the same for those that were merged into it."""
    if isinstance(moved.action, a.TakeBack):
        _take_back(turn, moved)
        return
    if not isinstance(moved.action, FOLLOWED) or moved.actor.who is Who.SYSTEM or moved.actor.post is None:
        return
    post = turn.town.post(moved.actor.post)
    for case in overview.merged(turn.conn, moved.case.id) if post is not None else ():
        assert post is not None
        if access.may_hold(post, case):
            _into_hands(turn, case, post, moved.actor)
            _step(turn, turn.case(case.id), moved.action, moved.actor)


def _take_back(turn: Turn, moved: Moved) -> None:
    """点错了: what was done about them with the same press was not meant either."""
    assert isinstance(moved.action, a.TakeBack)
    taken = moved.action.taken
    if taken is None or taken.by is None or taken.kind not in {lifecycle.kind_of(step) for step in FOLLOWED}:
        return
    for case in overview.merged(turn.conn, moved.case.id):
        found = takeback.find(cases.events(turn.conn, case.id), taken.by, turn.now, turn.policy)
        if not isinstance(found, Refusal) and (found.step.kind, found.step.at) == (taken.kind, taken.at):
            turn.act(case.id, found.action, Actor(taken.who, taken.by, taken.post))


def _assignee(turn: Turn, case: Case) -> Post | None:
    posts = holders(turn.parts(case.id), Part.ASSIGNEE)
    return turn.town.post(posts[0]) if posts else None


def _into_hands(turn: Turn, case: Case, post: Post, by: Actor) -> None:
    """Whoever has the main case has this one too; the first owner stays."""
    now = _assignee(turn, case)
    if access.may_hold(post, case) and (now is None or now.id != post.id):
        turn.act(case.id, a.PassOn(giver=now.id if now is not None else NO_POST, to=post.id), by)


def _step(turn: Turn, case: Case, action: a.Action, by: Actor) -> None:
    """Where the case stands so that it can be taken; else it stays, and whoever has it sees it in the list."""
    done = lifecycle.step(case, action, by, turn.now, turn.policy)
    if isinstance(done, Moved) and access.may(lifecycle.kind_of(action), by, case, turn.parts(case.id)):
        turn.act(case.id, action, by)
