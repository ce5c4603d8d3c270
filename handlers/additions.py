"""Addition or new? More words about an open case, a mended place, "水来了", or the same trouble again after an end."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from casework import actions as a
from casework.case import Case, Spot, State
from casework.effects import CloseQuestions, DropDraft, Option, RememberHome
from handlers import intake
from handlers.danger import move
from handlers.meaning import meaning, more_exact, read_answer, spot_in, spot_of, tells_trouble
from handlers.mending import say_mended
from handlers.own_cases import reopening
from handlers.texts import word
from handlers.turn import Turn, press
from nlp.understand import Understanding
from storage import cases, people, talk

DONE = frozenset(["好了", "好啦", "都好了", "已经好了", "弄好了"])


NO_ANSWER = re.compile(r"(?:对|是|嗯|没坏|不是|\d+ ?分|[一二三四五六七八九十]+分)(?:的|啊|呀|吧|了)?[。.!！~ ]*")  # to nothing that was asked
AGAIN = re.compile(
    r"[\W_]*(?:怎么|咋|唉|哎|这|那|它|现在|[\W_])*(?:又|再次|还是)(?:给|都|开始)?(?:坏|堵|没|停|漏|不热|不亮|不行|不通|这样|那样|老样子|犯|凉|断|脏|吵|响|臭|满|返|冒|掉|灭|黑|卡|冷)(?:上|水|电|气|开|起来|没有?)?(?:了|啦|啊|的)*[\W_]*"
)


def about_open(turn: Turn, text: str, got: Understanding) -> bool:
    """Within a quarter of an hour of the last word on a case and no other category, or same topic and same or no
    place as an open case: it is added there, said so, and one button undoes it."""
    mine = cases.open_of(turn.conn, turn.person.id)
    spot = spot_of(got.where)
    focused = in_focus(turn, mine)
    if focused is not None and focused.spot.estate_id and not spot.known:  # 3号楼 alone, of the estate told before
        spot = spot_in(turn, text, focused.spot)
    if _solved_early(turn, text, got, mine, focused) or _other_place(turn, text, got, focused):
        return True
    remark = got.topic is None and not tells_trouble(got)  # 我这腿脚不好: no matter of its own
    if focused is not None and (remark or got.category in ("other", focused.category)) and same_place(spot, focused):
        add(turn, focused, text, "resident.added", spot)
        return True
    for case in mine:
        if same_place(spot, case) and got.topic is not None and case.topic == got.topic:
            add(turn, case, text, "resident.added_guess", spot)
            return True
    alike = [c for c in mine if got.category == c.category and same_place(spot, c) and None in (got.topic, c.topic)]
    if alike:
        _ask_which(turn, text, got, alike)
    return bool(alike)


def in_focus(turn: Turn, mine: list[Case]) -> Case | None:
    """The open case that was talked of within the last quarter of an hour."""
    assert turn.speaker is not None
    talked = talk.conversation(turn.conn, turn.speaker.address_id)
    if talked is None or talked.focus_case is None or turn.now - talked.focus_at > turn.policy.addition_window:
        return None
    return next((c for c in mine if c.id == talked.focus_case), None)


def same_place(spot: Spot, case: Case) -> bool:
    """Nothing in the named place contradicts the case's."""
    if not spot.known:
        return True
    here = (case.spot.estate_id, case.spot.building_id, case.spot.place_id)
    named = (spot.estate_id, spot.building_id, spot.place_id)
    same = all(n is None or h is None or n == h for n, h in zip(named, here, strict=True))
    return same and (spot.unit in (None, case.spot.unit) or case.spot.unit is None)


def add(turn: Turn, case: Case, text: str, key: str, spot: Spot | None = None) -> None:
    """Words and photos go to the case; a place told more exactly than before is its place now. The same words again within a quarter
    of an hour are no news to anybody."""
    if _said_already(turn, case, text):
        turn.say("resident.added_same", case.id)
        turn.focus(case.id)
        return
    if spot is not None and spot.known:
        if spot.estate_id and not spot.building_id and not case.spot.building_id:  # 5号楼 told before, the estate now
            spot = more_exact(spot, spot_in(turn, case.summary, Spot(spot.estate_id)))
        exact = more_exact(case.spot, spot)
        if exact != case.spot and not case.ended and case.state is not State.RESOLVED:
            move(turn, case.id, exact)
    turn.act(case.id, a.AddWords(words=text, files=turn.heard.files))
    turn.ask(key, case.id, question="resident.added", options=("not_this",), awaited=False, words=text,
             files=list(turn.heard.files))
    turn.focus(case.id)


def _said_already(turn: Turn, case: Case, text: str) -> bool:
    """The very words stand in the case since a few minutes, and nothing comes with them."""
    since = turn.now - turn.policy.addition_window
    lines = cases.lines(turn.conn, case.id) if text and not turn.heard.files else ()
    return any(x.words == text and x.event.at >= since and x.event.by == turn.person.id for x in lines)


def _ask_which(turn: Turn, text: str, got: Understanding, alike: list[Case]) -> None:
    """Perhaps an open case, perhaps a new one. Unanswered, the words become a case of their own."""
    draft = intake.drafted(turn, text, got)
    intake.keep(turn, draft)
    options = [*case_options(alike), Option("new_case")]
    turn.ask("resident.same" if len(alike) == 1 else "resident.which", alike[0].id, options, "resident.same",
             draft_id=draft.id, words=text, files=list(turn.heard.files))


def case_options(found: list[Case]) -> list[Option]:
    return [Option("case", {"id": c.id, "number": f"{c.number} {word('category', c.category)}"}) for c in found]


@press("resident.added", "not_this")
def not_this(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """这是另一件事: its own case, with the same words and photos."""
    text = str(question.args.get("words") or "")
    files = talk.copy_files(turn.conn, tuple(question.args.get("files") or ()), turn.world.mint)
    turn.heard = replace(turn.heard, files=files)
    turn.write(CloseQuestions(turn.person.id, "resident.added", question.case_id))
    intake.begin(turn, text, meaning(turn, text))


@press("resident.same", "case")
def this_one(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.heard = replace(turn.heard, files=tuple(question.args.get("files") or ()))
    if question.draft_id:
        turn.write(DropDraft(question.draft_id))
    add(turn, turn.case(args["id"]), str(question.args.get("words") or ""), "resident.added")


@press("resident.same", "new_case")
@press("resident.again", "new_case")
def a_new_one(turn: Turn, question: Any, args: dict[str, str]) -> None:
    draft = talk.draft(turn.conn, question.draft_id) if question.draft_id else None
    if draft is None:
        turn.say("resident.late_plain")
    else:
        intake.go_on(turn, replace(draft, touched_at=turn.now), meaning(turn, draft.text))


# ---- the place mended -------------------------------------------------------------------------------------------


def _other_place(turn: Turn, text: str, got: Understanding, case: Case | None) -> bool:
    """A bare other place, right after the case: is it mended? Asked."""
    if case is None or got.category not in ("other", case.category) or case.state is State.RESOLVED:
        return False
    spot = spot_in(turn, text, case.spot) if case.spot.estate_id else spot_of(got.where)
    if not (spot.estate_id or spot.building_id or spot.place_id) or same_place(spot, case):
        return False
    if got.category == "other" and got.intent in ("answer", "addition"):
        turn.ask("resident.moved_ask", case.id, options=("yes", "no"), words=text)
        return True
    return False


def mend(turn: Turn, case: Case, spot: Spot, text: str) -> None:
    """The case is there, not here."""
    if move(turn, case.id, mended_spot(turn, case, spot), text):
        say_mended(turn, case.id)


def mended_spot(turn: Turn, case: Case, spot: Spot) -> Spot:
    """Where the case is now; a home remembered from the wrong words is mended too, where no complaint
    about somebody says so."""
    exact = more_exact(case.spot, _same_number(turn, case, spot))
    if turn.person.home.building_id == case.spot.building_id and exact.building_id and not case.behalf and not case.accused:
        turn.write(RememberHome(turn.person.id, exact))
    return exact


def _same_number(turn: Turn, case: Case, spot: Spot) -> Spot:
    """我说的是平安里: the building keeps its number."""
    row = people.place_row(turn.conn, case.spot.building_id) if case.spot.building_id else None
    if row is None or spot.building_id or spot.estate_id in (None, case.spot.estate_id):
        return spot
    there = spot_in(turn, row.name, Spot(spot.estate_id))
    return replace(spot, building_id=there.building_id, unit=case.spot.unit, room=case.spot.room) if there.building_id else spot


@press("resident.moved_ask", "yes")
def moved_yes(turn: Turn, question: Any, args: dict[str, str]) -> None:
    case, text = turn.case(question.case_id), str(question.args.get("words") or "")
    mend(turn, case, spot_in(turn, text, case.spot), text)


@press("resident.moved_ask", "no")
def moved_no(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Another place, another matter: what is it?"""
    intake.begin(turn, str(question.args.get("words") or ""), meaning(turn, str(question.args.get("words") or "")))


# ---- 水来了, 又坏了 ------------------------------------------------------------------------------------------------


def _solved_early(turn: Turn, text: str, got: Understanding, mine: list[Case], focused: Case | None) -> bool:
    """"水来了" before the worker said done: is it solved? Of several: which?"""
    alone = re.sub(r"[\W_]+", "", text) in DONE
    if NO_ANSWER.fullmatch(text.strip()):
        return False
    if len(text) > 30 or got.danger_maybe or not (alone or read_answer(turn, text).answer == "solved"):
        return False
    spot = spot_of(got.where)
    fit = [c for c in mine if c.state is not State.RESOLVED and same_place(spot, c)]
    same = [c for c in fit if got.category == c.category]
    near = [c for c in fit if focused is not None and c.id == focused.id and got.category == "other"]
    chosen = same or near or (fit if got.category == "other" else [])
    if len(chosen) > 1:
        turn.ask("resident.which", question="resident.solved_which", options=case_options(chosen), words=text)
    elif chosen:
        turn.ask("resident.solved_ask", chosen[0].id, options=("yes", "no"))
    return bool(chosen)


@press("resident.solved_which", "case")
def solved_which(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.ask("resident.solved_ask", args["id"], options=("yes", "no"))


def about_ended(turn: Turn, text: str, got: Understanding) -> bool:
    """The same within 15 days of an end: 又坏了？ Unanswered, it becomes a case of its own."""
    alone = AGAIN.fullmatch(text) is not None  # 又堵了: of what ended last
    if not alone and (got.topic is None or got.intent not in ("request", "addition")):
        return False
    spot = spot_of(got.where)
    recent = cases.recent_of(turn.conn, turn.person.id, turn.now - turn.policy.reopen_window)
    if alone and got.topic is None:
        over = [c for c in recent if c.ended and c.ended_at is not None and got.category in ("other", c.category) and c.state is not State.WITHDRAWN]
        recent = sorted(over, key=lambda c: c.ended_at or c.filed_at)[-1:]
    for case in recent:
        if case.ended and (case.topic == got.topic or (alone and got.topic is None)) and same_place(spot, case):
            draft = intake.drafted(turn, text, got)
            intake.keep(turn, draft)
            turn.ask("resident.again", case.id, ("reopen", "new_case"), draft_id=draft.id, words=text,
                     files=list(turn.heard.files))
            return True
    return False


@press("resident.again", "reopen")
def reopen(turn: Turn, question: Any, args: dict[str, str]) -> None:
    words = str(question.args.get("words") or "")
    if question.draft_id:
        turn.write(DropDraft(question.draft_id))
    if turn.act(question.case_id, reopening(turn, question.case_id, words, tuple(question.args.get("files") or ()))):
        turn.focus(question.case_id)


@press("dismissed", "object")
def objected(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The resident may object to a dismissal."""
    turn.act(question.case_id, reopening(turn, question.case_id))
