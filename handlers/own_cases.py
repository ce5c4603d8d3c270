"""A resident's own cases, at any time: how they stand, nudge, withdraw, add, take back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from casework import access, lifecycle, takeback
from casework import actions as a
from casework.case import Actor, Case, Event, Part, Post, State, Who
from casework.effects import Option
from handlers import past
from handlers.tellers import for_staff
from handlers.texts import Facts, place_name, post_name, say_time, text_of, who_has, word
from handlers.turn import Turn, answer, press
from handlers.undoing import done
from storage import cases, talk

NUMBER = re.compile(r"\d{2}-\d{6}")


def by_number(turn: Turn, number: str) -> None:
    """One of the sender's own cases; a number is never an access right."""
    case = cases.by_number(turn.conn, number)
    if case is None or case.resident_id != turn.person.id:
        turn.say("resident.my_no_such", number=number)
    else:
        show(turn, case)


# ---- my cases ---------------------------------------------------------------------------------------------------


def my(turn: Turn, rest: str = "") -> None:
    """Open cases and those ended within 30 days, withdrawn ones too."""
    found = cases.recent_of(turn.conn, turn.person.id, turn.now - turn.policy.ended_shown)
    if not found:
        half_told = talk.draft_of(turn.conn, turn.person.id) is not None
        turn.say("resident.my_draft" if half_told else "resident.my_none")
        return
    if len(found) == 1:
        show(turn, found[0])
        return
    lines = "\n".join(my_line(turn, c) for c in found)
    turn.ask("resident.my_list", question="my", awaited=False, list=lines,
             options=[Option("case", {"id": c.id, "number": c.number}) for c in found[:10]])


def my_line(turn: Turn, case: Case) -> str:
    return text_of("resident.my_line").format(
        mark=word("mark", case.urgency.value), number=case.number, place=place_name(turn, case),
        category=word("category", case.category), state=word("state", case.state.value),
    )


def late(turn: Turn, case: Case) -> None:
    """A button pressed after its time: how it stands now, and what the resident may do instead; never a dead end."""
    if case.resident_id != turn.person.id or turn.person.staff:
        turn.say("resident.late_button", case.id)
        return
    found = takeback.find(cases.events(turn.conn, case.id), turn.person.id, turn.now, turn.policy)
    back = [] if isinstance(found, lifecycle.Refusal) else ["take_back"]
    if case.state is State.RESOLVED:
        options = ["solved", "partly", "not_solved"]
    elif case.ended:
        options = [*back, *(["reopen"] if case.state is not State.WITHDRAWN else [])]
    else:
        options = [*back, "add", "my"]
    turn.ask("resident.late_button", case.id, question="receipt", awaited=False, options=options)


@press("my", "case")
def my_case(turn: Turn, question: Any, args: dict[str, str]) -> None:
    show(turn, turn.case(args["id"]))


def show(turn: Turn, case: Case) -> None:
    """A readable timeline, with what may be done now."""
    actor = turn.actor(case)
    if actor is None:
        turn.say("refusal.not_yours")
        return
    lines = [line for x in cases.lines(turn.conn, case.id) if (line := _event_line(turn, case, x, actor.who))]
    options = _offered(case)
    if case.state is State.RESOLVED and not _may_say(turn, case, actor):
        options = [o for o in options if o == "add"]
    elif case.state is State.RESOLVED:
        options = ["solved", "partly", "not_solved", *[o for o in options if o == "add"]]
    elif case.ended:
        options = ["reopen"] if case.state is not State.WITHDRAWN else []
    due = "" if case.ended or case.state is State.RESOLVED else text_of("resident.timeline_due")
    turn.ask("resident.timeline", case.id, question="receipt", awaited=False, options=options, list="\n".join(lines) + (
        _fill(turn, due, case) if due else ""))


def _may_say(turn: Turn, case: Case, actor: Actor) -> bool:
    """Whether the reader's word ends it: never of whoever did it."""
    return lifecycle.allowed(case, a.Reply, actor.who) and access.may("reply", actor, case, turn.parts(case.id))


def _fill(turn: Turn, text: str, case: Case) -> str:
    from casework.effects import Say

    return text.format_map(Facts(turn, Say(turn.person.id, "", case.id)))


RESIDENT_OPTIONS: tuple[tuple[str, type[a.Action]], ...] = (
    ("add", a.AddWords), ("nudge", a.Nudge), ("withdraw", a.Withdraw), ("hide", a.Hide), ("unhide", a.Unhide),
    ("nobody_meant", a.NobodyMeant), ("fix_category", a.Correct), ("fix_place", a.Correct), ("change_time", a.CallOff),
    ("call_off", a.CallOff),
)


def _offered(case: Case) -> list[str]:
    """What may be done now; of 保密 the way in or the way out."""
    never = {"hide" if case.confidential else "unhide", "" if case.accused else "nobody_meant"}
    never |= set() if case.appointment_at else {"change_time", "call_off"}
    if case.emergency and case.safe_at is None:
        never, first = never | {"withdraw"}, ["no_danger"]
    else:
        first = []
    return first + [o for o, act in RESIDENT_OPTIONS if o not in never and lifecycle.allowed(case, act, Who.RESIDENT)]


def _event_line(turn: Turn, case: Case, line: cases.Line, who: Who) -> str:
    """One line of the timeline: when, what, the words that came with it; internal notes are for staff."""
    event = line.event
    text = text_of(f"event.{past.kind_of(event)}")
    photo_of_staff = event.kind == "add_words" and event.who is not Who.RESIDENT and not line.words
    if not text or ((line.internal or photo_of_staff) and who is Who.RESIDENT):
        return ""
    post = turn.town.post(event.post) if event.post else _given_to(turn, event)
    named = {
        "post": post_name(post) if post else who_has(turn, case), "answer": word("button", str(event.changes.get("answer"))),
        "satisfaction": word("button", str(event.changes.get("satisfaction"))),
        "promise": _time(turn, event.changes.get("promise_at")), "at": _time(turn, event.changes.get("appointment_at")),
    }
    words = line.words if who is Who.RESIDENT else for_staff(turn, case, line.words, turn.person.id)
    said = f"：{words}" if words and event.kind != "register" else ""
    return f"· {say_time(event.at, turn.now, turn)} {text.format_map(named)}{said}"


def _given_to(turn: Turn, event: Event) -> Post | None:
    """Who got the case in that step."""
    parts = cases.all_parts(turn.conn, event.case_id)
    given = [p.post_id for p in parts if p.since == event.at and p.part is Part.ASSIGNEE]
    return turn.town.post(given[0]) if given else None


def _time(turn: Turn, value: object) -> str:
    return say_time(datetime.fromisoformat(value), turn.now, turn) if isinstance(value, str) else ""


# ---- nudge, withdraw, add ---------------------------------------------------------------------------------------


def one_of_mine(turn: Turn, key: str, do: Callable[[Turn, str], None], question: str) -> None:
    """The only open case, or: which one?"""
    mine = cases.open_of(turn.conn, turn.person.id)
    if not mine:
        turn.say("resident.my_none")
    elif len(mine) == 1:
        do(turn, mine[0].id)
    else:
        options = [Option("case", {"id": c.id, "number": f"{c.number} {word('category', c.category)}"}) for c in mine]
        turn.ask(key, question=question, options=options)


def nudge(turn: Turn, rest: str = "") -> None:
    """催办."""
    one_of_mine(turn, "resident.nudge_which", nudge_case, "nudge")


def nudge_case(turn: Turn, case_id: str) -> None:
    moved = turn.act(case_id, a.Nudge())
    if moved is None:
        return
    turn.focus(case_id)
    if moved.case.nudges % turn.policy.nudges_to_climb == 0 and lifecycle.allowed(moved.case, a.Climb, Who.RESIDENT):
        climb(turn, case_id)
        turn.say("resident.nudged_climbed", case_id)
    else:
        turn.say("resident.nudged", case_id)


def climb(turn: Turn, case_id: str) -> None:
    """A third 催办 climbs one rung."""
    from casework.dispatch import next_rung

    case = turn.case(case_id)
    step = next_rung(case, turn.town, turn.policy, turn.now)
    turn.act(case_id, a.Climb(rung=step.number))


@press("nudge", "case")
def nudge_this(turn: Turn, question: Any, args: dict[str, str]) -> None:
    nudge_case(turn, args["id"])


@press("receipt", "nudge")
def nudge_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    nudge_case(turn, question.case_id)


def withdraw(turn: Turn, rest: str = "") -> None:
    """撤回, asked once more."""
    one_of_mine(turn, "resident.withdraw_which", withdraw_ask, "withdraw")


@press("withdraw", "case")
def withdraw_this(turn: Turn, question: Any, args: dict[str, str]) -> None:
    withdraw_ask(turn, args["id"])


@press("receipt", "withdraw")
def withdraw_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    withdraw_ask(turn, question.case_id)


def withdraw_ask(turn: Turn, case_id: str) -> None:
    """Asked once more; a danger that stands cannot be withdrawn, and that is said at once."""
    case = turn.case(case_id)
    actor = turn.actor(case)
    if not turn.may(case_id, a.Withdraw) or actor is None:
        return
    tried = lifecycle.step(case, a.Withdraw(), actor, turn.now, turn.policy)
    if isinstance(tried, lifecycle.Refusal) and tried.code == "danger_stands":
        _tell_safe(turn, case)
    elif isinstance(tried, lifecycle.Refusal):
        turn.refuse(case, tried, actor)
    else:
        turn.ask("resident.withdraw_sure", case_id, options=("withdraw_yes", "withdraw_no"))


@press("receipt", "no_danger")
def no_danger(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Pressed on a danger: whoever was called hears it; of one that is over already, how it stands."""
    case = turn.case(question.case_id)
    if case.emergency and case.safe_at is None and not case.ended and case.resident_id == turn.person.id:
        _tell_safe(turn, case)
    else:
        turn.say("resident.late_button", case.id)


def _tell_safe(turn: Turn, case: Case) -> None:
    from handlers.open_danger import tell_safe  # it moves cases: a circle

    tell_safe(turn, case, word("note", "no_danger"))


@press("resident.withdraw_sure", "withdraw_yes")
def withdraw_yes(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if turn.act(question.case_id, a.Withdraw()):
        done(turn, "resident.withdrawn", question.case_id)


@press("resident.withdraw_sure", "withdraw_no")
def withdraw_no(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.say("resident.kept_open", question.case_id)


@press("receipt", "my")
def my_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    my(turn)


@press("receipt", "add")
def add_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if turn.may(question.case_id, a.AddWords):
        turn.ask("resident.add_ask", question.case_id, question="resident.add")


@answer("resident.add")
def add_words(turn: Turn, question: Any, text: str) -> bool:
    if turn.now > question.asked_at + turn.policy.draft_timeout:
        return False
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    if turn.act(question.case_id, a.AddWords(words=text, files=turn.heard.files)):
        turn.say("resident.added", question.case_id)
        turn.focus(question.case_id)
    return True


@press("receipt", "solved", "partly", "not_solved")
def solved_in_timeline(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The check-back answered from the timeline."""
    from casework.case import Answer
    from handlers.checkback import reply
    from handlers.pressed import read_button

    read = read_button(turn.world, turn.heard.text.strip())
    name = question.options[read[1]]["name"] if read else "solved"
    reply(turn, question.case_id, Answer(name))


@press("receipt", "reopen")
def reopen_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if turn.act(question.case_id, reopening(turn, question.case_id)):
        turn.focus(question.case_id)


def reopening(turn: Turn, case_id: str, words: str = "", files: tuple[str, ...] = ()) -> a.Reopen:
    """又坏了; of a case that somebody dismissed, the objection to them."""
    dismissed = turn.case(case_id).state is State.DISMISSED
    by = [e.by for e in cases.events(turn.conn, case_id) if e.kind == "dismiss"] if dismissed else []
    return a.Reopen(words=words, files=files, objects_to=by[-1] if by else None)
