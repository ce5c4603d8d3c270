"""What staff write belongs to what they did last: a sentence that was waited for is waited for no more once another card is
touched, another button pressed or a command given. Else a word to oneself would close the case of somebody else."""

from __future__ import annotations

from typing import Any, Final

from casework.effects import Ask, Focus, Move
from handlers.asking import IN_WORDS
from handlers.pressed import read_button
from handlers.turn import Turn
from storage import talk

LOOKS: Final = frozenset({"add_words"})  # a photo before the sentence is no other step


def waiting(turn: Turn) -> list[Any]:
    """What the speaker, being staff, was asked to write before this message."""
    if turn.speaker is None or not turn.person.staff:
        return []
    return [q for q in talk.open_questions(turn.conn, turn.person.id) if q.name in IN_WORDS]


def let_go(turn: Turn, asked: list[Any], always: bool = False) -> None:
    """After the message: whatever it left behind is not waited for any more. Buttons stay; the card is in the list as before."""
    gone = [q.id for q in asked if always or _left(turn, q)]
    if gone:
        talk.wait_no_more(turn.conn, gone)


def _left(turn: Turn, question: Any) -> bool:
    """Whether the speaker has turned to something else than what the question is about."""
    if turn.heard.kind == "button" and _pressed_about(turn) != question.case_id:
        return True
    return turn.heard.kind == "command" or any(_elsewhere(turn, effect, question) for effect in turn.effects)


def _pressed_about(turn: Turn) -> str | None:
    read = read_button(turn.world, turn.heard.text.strip())
    pressed = talk.question(turn.conn, read[0]) if read else None
    return pressed.case_id if pressed is not None else None


def _elsewhere(turn: Turn, effect: object, question: Any) -> bool:
    if isinstance(effect, Move):
        return effect.case.id != question.case_id or effect.event.kind not in LOOKS
    if isinstance(effect, Focus):
        return effect.case_id not in (None, question.case_id)
    asked = isinstance(effect, Ask) and effect.to == turn.person.id and effect.awaited
    return isinstance(effect, Ask) and asked and (effect.question or effect.key, effect.case_id) != (question.name, question.case_id)
