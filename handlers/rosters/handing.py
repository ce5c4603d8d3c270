"""交班, on the side of who hands over: to whom, one look at the list, one press. At a shift's end, for leave, for good."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from casework.case import PersonId, Post, PostId
from casework.effects import Ask, Kind, Option
from handlers.rosters import colleagues as team
from handlers.rosters.handing_plan import (
    Handing,
    candidates,
    end_pending,
    giver,
    handing_of,
    in_hands,
    lines,
    may_still,
    pending,
    whose,
    why,
)
from handlers.rosters.who_is_on import staff_only
from handlers.texts import post_name, text_of
from handlers.turn import Turn, answer, press
from nlp.replies import read_yes_no
from storage import talk

SPOKEN: Final = re.compile(r"(?:我要)?(?P<good>长期|永久)?(?P<word>交班|移交)(?:给)?(?P<rest>[^，。,.\n]{0,16})")


def asked_in_words(text: str) -> tuple[str, str] | None:
    """(why, the rest) of 交班, 交班给余玉淑, 移交; anything longer is something else."""
    found = SPOKEN.fullmatch(text)
    if found is None:
        return None
    return "good" if found["good"] or found["word"] == "移交" else "shift", found["rest"].strip()


def ask(turn: Turn, rest: str = "", reason: str = "shift") -> None:
    """交班 [给谁]."""
    if staff_only(turn):
        return
    plan = Handing(turn.person.id, turn.person.id, reason)
    named = team.named_in(rest, candidates(turn, plan)) if rest else []
    if not in_hands(turn, turn.person):
        turn.say("duty.hand_none")
    elif len(named) == 1:
        sure(turn, replace(plan, to=named[0].id))
    else:
        ask_who(turn, plan, "duty.hand_who_unknown" if rest else "duty.hand_who")


@press("off", "hand_all")
def after_off(turn: Turn, question: Any, args: dict[str, str]) -> None:
    ask(turn)


@press("leave.granted", "hand_all")
def before_leave(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """To who stands in, if somebody does."""
    plan = Handing(turn.person.id, turn.person.id, "leave", PostId(question.args["to"]) if question.args.get("to") else None)
    if not in_hands(turn, turn.person):
        turn.say("duty.hand_none")
    elif plan.to is not None:
        sure(turn, plan)
    else:
        ask_who(turn, plan, "duty.hand_who")


# ---- to whom ------------------------------------------------------------------------------------------------------


def ask_who(turn: Turn, plan: Handing, key: str, to: PersonId | None = None, **args: object) -> None:
    """The likely ones on buttons; any other by name."""
    options = team.choices(turn, candidates(turn, plan))
    if not options:
        turn.say("duty.hand_nobody") if to is None else turn.tell(to, "duty.hand_nobody")
        return
    for_good = [Option("for_good")] if plan.why == "shift" else []
    count = len(in_hands(turn, giver(turn, plan)))
    turn.write(Ask(
        to or turn.person.id, key, None,
        {"count": count, "why": why(plan), "whose": whose(turn, plan, to or turn.person.id), **plan.args(), **args},
        Kind.FACT if to else Kind.ANSWER, question="duty.hand_who", options=(*options, *for_good),
    ))


@press("duty.hand_who", "for_good")
def for_good(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """For good: the secretary is asked as well, once somebody has taken it."""
    ask_who(turn, replace(handing_of(question.args), why="good"), "duty.hand_who")


@press("duty.hand_who", "colleague")
def who_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    sure(turn, replace(handing_of(question.args), to=PostId(args["post"])))


@answer("duty.hand_who")
def who_told(turn: Turn, question: Any, text: str) -> bool:
    plan = handing_of(question.args)
    named = team.named_in(text, candidates(turn, plan))
    if not named and not team.looks_like_a_name(text):
        return False
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    if len(named) == 1:
        sure(turn, replace(plan, to=named[0].id))
    else:
        ask_who(turn, plan, "duty.hand_who_unknown")
    return True


# ---- one look, one press ------------------------------------------------------------------------------------------


def receiver(turn: Turn, plan: Handing) -> Post | None:
    """Who is to take it, if they can be written to and may."""
    post = turn.town.post(plan.to) if plan.to else None
    known = post is not None and post.id in {p.id for p in candidates(turn, plan)}
    return post if post is not None and known and turn.town.reachable(post) else None


def sure(turn: Turn, plan: Handing) -> None:
    """The list, emergencies first, and who gets it."""
    found, post = in_hands(turn, giver(turn, plan)), receiver(turn, plan)
    if not found or not may_still(turn, plan):
        turn.say("duty.hand_none")
        return
    if post is None:
        ask_who(turn, replace(plan, to=None), "duty.hand_who_unknown")
        return
    plan = replace(plan, cases=tuple(c.id for c in found))
    call = text_of("duty.hand_call") if any(c.emergency for c in found) else ""
    turn.ask(
        "duty.hand_sure", options=("hand_yes", "hand_no"), count=len(found), who=post_name(post), why=why(plan),
        list=lines(turn, found), call=call, **plan.args(),
    )


@press("duty.hand_sure", "hand_yes")
def sure_yes(turn: Turn, question: Any, args: dict[str, str]) -> None:
    from handlers.rosters.handing_receipt import offer

    offer(turn, handing_of(question.args))


@press("duty.hand_sure", "hand_no")
def sure_no(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.say("duty.hand_cancelled")


@answer("duty.hand_sure")
def sure_told(turn: Turn, question: Any, text: str) -> bool:
    yes = read_yes_no(text)
    if yes is None:
        return False
    talk.answer_question(turn.conn, question.id, "hand_yes" if yes else "hand_no", turn.now)
    (sure_yes if yes else sure_no)(turn, question, {})
    return True


@press("duty.handing_out", "hand_no")
def withdraw(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Before anybody has taken it."""
    plan = handing_of(question.args)
    if any(task.tries for task in pending(turn, plan)):
        from handlers.rosters.handing_receipt import tell_desk

        tell_desk(turn, plan, "duty.hand_not_handed")
    done = end_pending(turn, plan, "withdrawn")
    turn.say("duty.hand_withdrawn" if done else "resident.late_plain")

