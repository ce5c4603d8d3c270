"""A change of mind: the place or kind of a case just told (不是，我说的是5号楼), an answer just given (不对，还没好), a withdrawal."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from casework import takeback
from casework.case import Answer, Case, Spot, State
from casework.lifecycle import Refusal
from handlers import additions, checkback
from handlers.meaning import is_only_place, meaning, place_like, read_answer, spot_in, spot_of
from handlers.mending import ask_category, mend_category
from handlers.texts import word
from handlers.turn import Turn, press
from handlers.undoing import undo
from nlp.corrections import CORRECTION, corrected
from nlp.understand import Understanding
from storage import cases, talk

MORE = re.compile(r"还有|另外|而且|再就是|又")
ROOM = re.compile(r"是?(\d{3,4})室?")
KIND = re.compile(r"类别|分类|类型")
GO_ON = re.compile(r"还是(?:要|得|给我|帮我|继续)?[办修来报]|别撤|不撤|没想撤|不是要撤|继续办")


def changed_mind(turn: Turn, text: str) -> bool:
    """The words take something just said back, or mend it."""
    if _another_answer(turn, text):
        return True
    mine = cases.open_of(turn.conn, turn.person.id)
    case = additions.in_focus(turn, mine) or (mine[0] if len(mine) == 1 else None)
    if case is None:
        return _asks_which(turn, text, mine)
    if case.emergency or case.state is State.RESOLVED:
        return False
    return CORRECTION.search(text) is not None and MORE.search(text) is None and _mended(turn, case, text)


def _asks_which(turn: Turn, text: str, mine: list[Case]) -> bool:
    """Several cases may be meant, and none was just talked of."""
    if not CORRECTION.search(text) or MORE.search(text):
        return False
    meant, denied = corrected(text)
    fit = [c for c in mine if not c.emergency and c.state is not State.RESOLVED]
    fit = [c for c in fit if (s := _named(turn, meant, c, meaning(turn, meant, use_home=False))) is not None and moved(s, c)]
    if len(fit) < 2 or not denied:
        return False
    turn.ask("resident.which", question="corrected.which", options=additions.case_options(fit), words=text)
    return True


@press("corrected.which", "case")
def which(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _mended(turn, turn.case(args["id"]), str(question.args.get("words") or ""))


def room_alone(turn: Turn, text: str) -> bool:
    """501, right after a case that has a building and no room yet."""
    case = additions.in_focus(turn, cases.open_of(turn.conn, turn.person.id))
    room = ROOM.fullmatch(text.strip())
    if case is None or room is None or case.spot.building_id is None or case.spot.room or case.state is State.RESOLVED:
        return False
    additions.add(turn, case, text, "resident.added", replace(case.spot, room=room[1]))
    return True


# ---- place and kind -----------------------------------------------------------------------------------------------


def _mended(turn: Turn, case: Case, text: str) -> bool:
    """Place and category are mended; the wrong one named alone is asked about."""
    meant, denied = corrected(text)
    got = meaning(turn, meant, use_home=False)
    spot = _named(turn, meant, case, got)
    place = spot is not None and moved(spot, case)
    kind = got.category not in ("other", case.category) and got.topic is not None
    if kind:
        there = additions.mended_spot(turn, case, spot) if place and spot is not None else None
        mend_category(turn, case, got.category, text, there)
    elif place and spot is not None:
        additions.mend(turn, case, spot, text)
    return place or kind or _asks_what_else(turn, case, text, meant, denied)


def _named(turn: Turn, meant: str, case: Case, got: Understanding) -> Spot | None:
    room = ROOM.fullmatch(meant)
    if room is not None and case.spot.room:
        return Spot(case.spot.estate_id, case.spot.building_id, case.spot.unit, room[1])
    spot = spot_in(turn, meant, case.spot) if case.spot.estate_id else spot_of(got.where)
    return spot if spot.estate_id or spot.building_id or spot.place_id else None


def moved(spot: Spot, case: Case) -> bool:
    """Something that is named is not what the case says."""
    names = ("estate_id", "building_id", "place_id", "unit", "room")
    return any(getattr(spot, n) not in (None, "", getattr(case.spot, n)) for n in names)


def _asks_what_else(turn: Turn, case: Case, text: str, meant: str, denied: str) -> bool:
    """不是供暖: what is it then, the likeliest first. 不是锦绣苑，是惠民小区: which, if nobody knows that name."""
    name = word("category", case.category)
    of_it = denied and (name in denied or meaning(turn, denied, use_home=False).category == case.category)
    if KIND.search(text) or (of_it and not meant):
        ask_category(turn, case)
    elif denied and (not meant or place_like(meant)) and _place_of(turn, denied, case):
        turn.ask("worker.place_ask", case.id, question="fix.place")
    else:
        return False
    turn.focus(case.id)
    return True


def _place_of(turn: Turn, denied: str, case: Case) -> bool:
    """What is denied is where the case is said to be."""
    spot = spot_in(turn, denied, Spot(case.spot.estate_id)) if case.spot.estate_id else Spot()
    named = bool(spot.building_id or spot.unit or meaning(turn, denied, use_home=False).places)
    return named and is_only_place(denied, meaning(turn, denied, use_home=False))


# ---- an answer, a withdrawal --------------------------------------------------------------------------------------


def _another_answer(turn: Turn, text: str) -> bool:
    """不对，还没好, right after 已解决; 还是要办, right after a withdrawal: as if 点错了 had been pressed first."""
    assert turn.speaker is not None
    talked = talk.conversation(turn.conn, turn.speaker.address_id)
    if talked is None or talked.focus_case is None or len(text) > 30 or MORE.search(text):
        return False
    case = turn.case(talked.focus_case)
    found = takeback.find(cases.events(turn.conn, case.id), turn.person.id, turn.now, turn.policy)
    if isinstance(found, Refusal):
        return False
    if found.step.kind == "withdraw" and GO_ON.search(text):
        undo(turn, case.id)
        return True
    meant = corrected(text)[0]
    read = read_answer(turn, meant)
    if found.step.kind != "reply" or read.answer in ("unclear", case.answer) or not checkback.speaks_of(turn, case, read, meant):
        return False
    if found.action.earlier is None or found.action.earlier.state is not State.RESOLVED:
        return False
    if turn.act(case.id, found.action) is None:
        return False
    turn.words = [w for w in turn.words if w.key != "checkback.again"]
    checkback.reply(turn, case.id, Answer(read.answer), text, read)
    return True


