"""任务台: what is pressed on the page of the desk goes to the same handlers as in the chat, and is answered on the page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from casework.case import Task
from casework.effects import Ask, Option
from handlers import in_hand, route
from handlers.danger import move
from handlers.mending import read_place
from handlers.saying import answered_here, plain_options, put
from handlers.tasklist import card_of
from handlers.tasks import actor_of, held_as, sort_category
from handlers.turn import ANSWERS, PRESSES, Heard, Turn
from handlers.world import World
from storage import cases, people, talk

IN_WORDS: Final = {  # buttons after which something is written: on the page both come at once
    ("task.sort", "fix_place"): "fix.place",
    ("task.sort", "dismiss"): "desk.dismiss",
    ("task.person", "answer"): "task.answer",
    ("task.failed", "answer"): "task.answer",
    ("task.listen", "write_heard"): "task.heard",
    ("task.name_owner", "somebody_else"): "desk.assign",
}
KEEPING: Final = frozenset({"task.keep_answer", "task.keep_words", "task.kept"})  # asked on the page after an answer was sent
UNFIT: Final = frozenset({"task.keep_unfit", "task.keep_no_day"})


@dataclass(frozen=True, slots=True)
class Pressed:
    """One press on the page: a button of a task's card as it was drawn after so many tries, with the words in the form; or
    `button`, the value of a question that is a row already; or `question`, such a row that the words answer."""

    task: str = ""
    tries: int = 0
    option: str = ""
    words: str = ""
    button: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says after it. `taken`: the words of the form have been used; else they stay in it. `asking`: the row of what is
    asked next, whether an answer is kept for the next who asks."""

    said: tuple[str, ...]
    taken: bool = True
    asking: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A task's card as a press gets it: like the row of a question in the chat."""

    name: str
    person_id: str
    case_id: str | None
    task_id: str | None
    options: list[dict[str, Any]]
    args: dict[str, object]
    asked_at: datetime
    id: str = ""
    awaited: bool = False
    closed_at: datetime | None = None
    draft_id: str | None = field(default=None)


def key_of(option: Option) -> str:
    """How a form names a button: what it does, and to what."""
    return ":".join((option.name, *(option.args[k] for k in ("code", "post") if k in option.args)))


def press(conn: Any, world: World, now: datetime, thread: str, pressed: Pressed) -> Told:
    """The turn of one press by whoever sits at this page. Whole or not at all, like any turn."""
    speaker = people.welcome(conn, "web", thread, "", now, world.mint)
    turn = Turn(conn, world, now, speaker, Heard(kind="desk", received_at=now))
    taken, asked = True, [q for q in in_hand.waiting(turn) if q.name not in KEEPING]
    if pressed.question:
        taken = _answered(turn, pressed)
    elif pressed.button:
        turn.heard = replace(turn.heard, kind="button", text=pressed.button)
        route.pressed(turn)
    else:
        taken = _at_task(turn, pressed)
    in_hand.let_go(turn, asked, always=True)
    said = answered_here(turn)
    put(turn)
    return Told(tuple(said), taken, _asking(turn, "" if taken else pressed.question))


def _asking(turn: Turn, again: str) -> str:
    """What was asked just now about keeping an answer; `again`: the words to this one were of no use, it is asked still."""
    asked = talk.open_questions(turn.conn, turn.person.id, awaited=False)
    return next((q.id for q in asked if q.name in KEEPING and (q.asked_at == turn.now or q.id == again)), "")


def _answered(turn: Turn, pressed: Pressed) -> bool:
    """Words to a question that is a row: other question words for an answer, another last day."""
    question = talk.question(turn.conn, pressed.question)
    mine = question is not None and question.person_id == turn.person.id and question.closed_at is None
    if question is None or not mine or question.name not in KEEPING or question.name not in ANSWERS:
        turn.say("resident.late_plain")
        return True
    if not pressed.words:
        turn.say("task.nothing_written")
        return False
    turn.heard = replace(turn.heard, text=pressed.words)
    said = len(turn.words)
    ANSWERS[question.name](turn, question, pressed.words)
    return not any(m.key in UNFIT for m in turn.words[said:])


def _at_task(turn: Turn, pressed: Pressed) -> bool:
    """Whether the words were taken. Somebody else may have been faster, on another page or in the chat: said kindly."""
    task = cases.task(turn.conn, pressed.task)
    if task is None or task.ended_at is not None or held_as(turn, task) is None:
        turn.say("task.gone")
        return True
    ask = card_of(turn, task, turn.person.id)
    at = next((i for i, o in enumerate(ask.options) if key_of(o) == pressed.option), None) if ask is not None else None
    if ask is None or at is None or task.tries != pressed.tries:
        turn.say("task.changed")
        return False
    card = _card(turn, ask)
    in_words = IN_WORDS.get((card.name, ask.options[at].name))
    if in_words is not None:
        return _written(turn, card, in_words, pressed.words)
    if card.name == "task.sort" and ask.options[at].name == "category" and pressed.words:
        return _sorted(turn, task, card, ask.options[at], pressed.words)
    turn.heard = replace(turn.heard, text=str(at + 1))  # as if it were said by its number
    PRESSES[card.name, ask.options[at].name](turn, card, dict(ask.options[at].args))
    return True


def _card(turn: Turn, ask: Ask) -> Card:
    return Card(
        ask.question, ask.to, ask.case_id, ask.task_id, plain_options(turn, ask, turn.now), {"said_as": ask.key, **ask.args}, turn.now
    )


def _written(turn: Turn, card: Card, answers: str, words: str) -> bool:
    """The words that the button asks for came with it."""
    if not words:
        turn.say("task.nothing_written")
        return False
    turn.heard = replace(turn.heard, text=words)
    said = len(turn.words)
    ANSWERS[answers](turn, card, words)
    return not any(m.key in ("worker.place_unread", "worker.assign_unknown") for m in turn.words[said:])


def _sorted(turn: Turn, task: Task, card: Card, option: Option, words: str) -> bool:
    """Category and place in one tap. A place that nobody knows changes nothing yet: it is written again."""
    case = turn.case(str(task.case_id))
    spot = read_place(turn, case, words)
    if not spot.known:
        turn.say("worker.place_unread")
        return False
    sort_category(turn, card, dict(option.args))
    if move(turn, case.id, spot, by=actor_of(turn, task)):
        turn.say("worker.corrected", case.id)
    return True
