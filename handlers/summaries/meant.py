"""Words that may be a question for figures, said by somebody who was asked to write: 今天停电, 上个月供暖. Whose words go where they were
asked for is not answered with figures; where that cannot be known, one press tells."""

from __future__ import annotations

from typing import Any, Final

from casework.effects import Ask
from handlers.asking import ON_CARD, relaying_since, still_awaited
from handlers.turn import Turn, press
from nlp.asked import Asked, asks_for_figures
from storage import talk

SHOWN_FIRST: Final = ("notice.words", "worker.file_words", "resident.file_what")
"""What is written here is shown once more before it does anything, as is what is told of a new case."""
AT_ONCE: Final = (*ON_CARD, "task.answer", "task.heard")
ASKED: Final = "summary.meant"


def are_words(turn: Turn, text: str, asked: Asked) -> bool:
    """Whether they are what was to be written, and no question: a day that lies ahead has no figures."""
    waiting = _waiting(turn)
    if asks_for_figures(text) or not waiting:
        return False
    return asked.period == "future" or waiting == "shown" or bool(turn.heard.files)


def waits(turn: Turn) -> bool:
    """Whether the speaker was asked for words that do something at once."""
    return _waiting(turn) == "at_once"


def may_be_words(turn: Turn, text: str) -> bool:
    """Whether they may be either; then it was asked which."""
    if asks_for_figures(text) or not waits(turn):
        return False
    relayed = relaying_since(turn) is not None
    key = "summary.to_resident_or_figures" if relayed else "summary.words_or_figures"
    turn.ask(key, question=ASKED, options=("words", "figures"), awaited=False, words=text)
    return True


def was_asked(turn: Turn) -> bool:
    """Whether this turn asks which is meant."""
    return any(isinstance(effect, Ask) and effect.question == ASKED for effect in turn.effects)


def _waiting(turn: Turn) -> str:
    """What the speaker was asked to write: something that is `shown` first, something that is done `at_once`, or nothing."""
    if relaying_since(turn) is not None:
        return "at_once"
    for question in talk.open_questions(turn.conn, turn.person.id):
        if not still_awaited(turn, question):
            continue
        if question.name in SHOWN_FIRST or question.name.startswith("intake."):
            return "shown"
        if question.name in AT_ONCE:
            return "at_once"
    return ""


@press(ASKED, "figures")
def figures_meant(turn: Turn, question: Any, args: dict[str, str]) -> None:
    from handlers.summaries import summary

    summary.summary(turn, str(question.args["words"]))
