"""Who is speaking, and which open question does this answer -> which handler.

Order: danger, button, command, an answer to what is awaited, an addition to an open case, a new request.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from casework import intake as intake_steps
from casework.effects import MarkBlocked, MoveAddress, MoveGroup
from handlers import (  # noqa: F401 (they register)
    additions,
    answering,
    appointments,
    care,
    checkback,
    commands,
    danger,
    extending,
    failed,
    giving,
    groups,
    impatience,
    in_hand,
    intake,
    naming,
    neighbours,
    open_danger,
    own_cases,
    parts,
    past,
    promising,
    resident,
    safe,
    supervisor,
    undelivered,
    worker,
)
from handlers.asking import still_awaited
from handlers.meaning import LONGEST, note_language
from handlers.pressed import read_button
from handlers.rosters import handing_desk, leave_consent  # noqa: F401
from handlers.setting_apart import set_apart
from handlers.summaries import meant
from handlers.turn import ANSWERS, PRESSES, Turn, press
from nlp import numbers
from nlp.replies import read_yes_no
from storage import cases, people, talk

WAITED = timedelta(minutes=30)
NUMBERED = re.compile(r"\d{2}-\d{6} ")


def route(turn: Turn) -> None:
    """One message, to the one handler whose it is."""
    heard = turn.heard
    if heard.kind in ("blocked", "unblocked"):
        assert turn.speaker is not None
        turn.write(MarkBlocked(turn.speaker.address_id, heard.kind == "blocked", turn.now))
        return
    if heard.received_at is not None and turn.now - heard.received_at > WAITED:
        turn.say("resident.waited", at=heard.received_at)
    by_kind: dict[str, Callable[[Turn], None]] = {
        "button": pressed, "command": commands.run, "contact": giving.contact, "place": giving.place,
        "edited": giving.edited,
    }
    asked = in_hand.waiting(turn)
    by_kind.get(heard.kind, words)(turn)
    in_hand.let_go(turn, asked)


def words(turn: Turn) -> None:
    """Free text, perhaps with files."""
    text = turn.heard.text.strip()
    if len(text) > LONGEST:
        turn.say("resident.too_long")
    if not text:
        giving.files_only(turn)
        return
    if text not in commands.BY_WORD:  # the same words whoever presses them on the page: they tell no language
        note_language(turn, text)
    if danger.heard(turn, text) or open_danger.said_safe(turn, text) or _by_number(turn, text) or _by_label(turn, text):
        return
    asked = in_hand.waiting(turn)
    if commands.spoken(turn, text):
        in_hand.let_go(turn, asked, always=not meant.was_asked(turn))
        return
    if care.heard(turn, text) or set_apart(turn, text) or impatience.heard(turn, text) or parts.dropped(turn, text) or answered(turn, text):
        return
    if turn.person.staff:
        worker.words(turn, text)
    else:
        resident.words(turn, text)


def answered(turn: Turn, text: str) -> bool:
    """The text is tried against the open questions, newest first. Two check-backs that both fit: which one?"""
    questions = [q for q in talk.open_questions(turn.conn, turn.person.id) if still_awaited(turn, q)]
    for question in questions:
        if question.name == "checkback.solved" and checkback.ambiguous(turn, text, questions):
            return True
        handler = ANSWERS.get(question.name)
        if handler is not None and handler(turn, question, text):
            return True
    return False


@press(meant.ASKED, "words")
def words_meant(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """They were what was to be written."""
    text = str(question.args["words"])
    turn.heard = replace(turn.heard, kind="text", text=text)
    if not answered(turn, text):
        worker.words(turn, text)


def pressed(turn: Turn) -> None:
    """A button. Forged, somebody else's or late ones get a kind sentence and change nothing."""
    read = read_button(turn.world, turn.heard.text.strip())
    question = talk.question(turn.conn, read[0]) if read else None
    if read is None or question is None or read[1] >= len(question.options):
        turn.say(_key(turn, "resident.bad_button"))
        return
    if question.person_id != turn.person.id:
        turn.say(_key(turn, "resident.not_your_button"))
        return
    _press(turn, question, read[1])


def _by_number(turn: Turn, text: str) -> bool:
    """"回复1", 选2, 第三个, or a bare number: that button of the newest message that shows any which still wait."""
    found = numbers.read(text)
    if found is None:
        return False
    for shown in talk.shown_buttons(turn.conn, turn.person.id):
        asked = [(q, at) for q, at in (_behind(turn, value) for value in shown) if q is not None]
        if not asked or not still_awaited(turn, asked[0][0]):
            continue
        if found.of_building and asked[0][0].name == intake_steps.BUILDING:
            return _building(turn, asked, found.number)
        if found.number > len(shown):
            return False
        question, at = _behind(turn, shown[found.number - 1])
        if question is None or (found.a_day and not question.name.startswith("intake.")):
            return False
        turn.heard = replace(turn.heard, text=shown[found.number - 1])
        _press(turn, question, at)
        return True
    return False


def _behind(turn: Turn, value: str) -> tuple[Any, int]:
    """The open question behind a button, and which of its options it is."""
    read = read_button(turn.world, value)
    question = talk.question(turn.conn, read[0]) if read else None
    return (question, read[1]) if read and question is not None and question.closed_at is None else (None, 0)


def _building(turn: Turn, asked: list[tuple[Any, int]], number: int) -> bool:
    """几号楼: the number is the building's, on a button or not."""
    label = f"{number}号楼"
    for question, at in asked:
        if str(question.options[at].get("label")) == label:
            _press(turn, question, at)
            return True
    return answering.told(turn, asked[0][0], label)  # a building that is on no button


OPPOSITES = (
    ("yes", "no"), ("withdraw_yes", "withdraw_no"), ("reopen", "new_case"), ("case", "new_case"), ("agree", "disagree"),
)


def _by_label(turn: Turn, text: str) -> bool:
    """The words on a button of an awaited question, written out; or a plain yes or no where it asks for one."""
    bare = text.strip().strip("。.!！ ")
    yes = read_yes_no(bare)
    for question in talk.open_questions(turn.conn, turn.person.id):
        names = [str(o["name"]) for o in question.options]
        said = [i for i, o in enumerate(question.options) if bare and _is_label(bare, o)]
        pair = next((p for p in OPPOSITES if len(names) == 2 and set(p) == set(names)), None)
        if not said and yes is not None and pair is not None and still_awaited(turn, question):
            said = [names.index(pair[0 if yes else 1])]
        if len(said) == 1 and still_awaited(turn, question):
            _press(turn, question, said[0])
            return True
        if question.options:
            return False  # only the newest with buttons: an old one is pressed, not guessed
    return False


def _is_label(said: str, option: Mapping[str, Any]) -> bool:
    """The whole label, in either language; of "26-000001 供暖" the number or the kind will do."""
    label, english = str(option.get("label")), str(option.get("english") or "")
    return said == label or said.casefold() == english.casefold() or (NUMBERED.match(label) is not None and said in label.split(" "))


def _press(turn: Turn, question: Any, index: int) -> None:
    if question.closed_at is not None:
        _late(turn, question)
        return
    option = question.options[index]
    handler = PRESSES.get((question.name, option["name"])) or PRESSES.get(("*", option["name"]))
    if handler is None:
        raise LookupError(f"no handler for {question.name}.{option['name']}")
    if question.awaited:
        talk.answer_question(turn.conn, question.id, option["name"], turn.now)
    handler(turn, question, dict(option.get("args") or {}))


def _late(turn: Turn, question: Any) -> None:
    """Pressed after its time: how things stand now, if that is still theirs to know."""
    case = cases.by_id(turn.conn, question.case_id) if question.case_id else None
    if case is not None and turn.actor(case) is not None:
        own_cases.late(turn, case)
    else:
        turn.say(_key(turn, "resident.late_plain"))


TO_STAFF = {  # they are told where theirs stands; a resident simply writes
    "resident.late_plain": "worker.late_plain", "resident.bad_button": "worker.bad_button",
    "resident.not_your_button": "worker.not_your_button",
}


def _key(turn: Turn, key: str) -> str:
    return TO_STAFF[key] if turn.person.staff else key


def receipt(turn: Turn) -> None:
    """What the outbox learnt: blocked, moved, never to be delivered. Nobody's message is silently gone."""
    data = turn.heard.data
    outcome, address = str(data.get("outcome")), str(data.get("address_id"))
    if outcome == "moved" and data.get("ref"):
        group_id = people.group_of(turn.conn, address)
        turn.write(MoveGroup(group_id, str(data["ref"])) if group_id else MoveAddress(address, str(data["ref"])))
        return
    if outcome == "blocked":
        turn.write(MarkBlocked(address, True, turn.now))
    row = talk.outbox_row(turn.conn, int(data["outbox_id"]))
    if row is not None and not groups.unsent(turn, row):
        undelivered.came_back(turn, row, outcome)


