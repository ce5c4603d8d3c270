"""回访: the two questions, by button or in the resident's own words. Nothing closes on silence."""

from __future__ import annotations

from typing import Any

from casework import actions as a
from casework.case import Answer, Case, Satisfaction, State
from casework.effects import Option
from handlers.meaning import meaning, read_answer
from handlers.turn import Turn, answer, press
from nlp.replies import Reply
from storage import cases, talk


@press("checkback.solved", "solved", "partly", "not_solved")
def solved_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Question 1, by button."""
    pressed = talk.question(turn.conn, question.id)
    reply(turn, question.case_id, Answer(pressed.answered if pressed else "solved"))


@answer("checkback.solved")
def solved_said(turn: Turn, question: Any, text: str) -> bool:
    """Question 1, in words: "好是好了但是又漏了" is not a yes. What cannot be read is asked, not guessed."""
    read = read_answer(turn, text)
    case = cases.by_id(turn.conn, question.case_id)
    if case is None or not speaks_of(turn, case, read, text):
        return False
    if read.answer == "unclear":
        turn.ask("checkback.unclear", case.id, question="checkback.solved", options=("solved", "partly", "not_solved"))
        return True
    talk.answer_question(turn.conn, question.id, read.answer, turn.now)
    reply(turn, case.id, Answer(read.answer), text, read)
    return True


def speaks_of(turn: Turn, case: Case, read: Reply, text: str) -> bool:
    """A new trouble is no answer: another category, told with more than an answer's words."""
    if read.answer != "unclear":
        got = meaning(turn, text)
        new_place = got.where.building_id not in (None, case.spot.building_id)
        another = got.category not in ("other", case.category) and got.confidence >= turn.policy.guess_below
        return not (new_place or (another and read.answer != "solved"))
    got = meaning(turn, text)
    if got.intent in ("status", "nudge", "withdraw", "human", "question", "about"):
        return False
    return got.category in ("other", case.category) and got.where.building_id in (None, case.spot.building_id)


BARELY = frozenset({"好了", "行了", "可以了"})  # an answer, but of what?


def ambiguous(turn: Turn, text: str, questions: list[Any]) -> bool:
    """"好了" with two cases waiting: which one? The words are kept with the question."""
    waiting = [q for q in questions if q.name == "checkback.solved"]
    unread = read_answer(turn, text).answer == "unclear" and text.strip("。.!！~ ") not in BARELY
    if len({q.case_id for q in waiting}) < 2 or unread or len(text) > 12:
        return False
    found = {q.case_id: turn.case(q.case_id) for q in waiting}
    turn.ask(
        "resident.which", question="checkback.which", words=text,
        options=[Option("case", {"id": c.id, "number": _short(turn, c)}) for c in found.values()],
    )
    return True


def _short(turn: Turn, case: Case) -> str:
    from handlers.texts import word

    return f"{case.number} {word('category', case.category)}"


@press("checkback.which", "case")
def which(turn: Turn, question: Any, args: dict[str, str]) -> None:
    words = str(question.args.get("words") or "")
    read = read_answer(turn, words)
    if read.answer == "unclear":
        turn.ask("checkback.unclear", args["id"], question="checkback.solved", options=("solved", "partly", "not_solved"))
    else:
        reply(turn, args["id"], Answer(read.answer), words, read)


def reply(turn: Turn, case_id: str, said: Answer, words: str = "", read: Reply | None = None) -> None:
    """The resident's word, and the second question answered too if a verdict was spoken with it. Thanks are no verdict: asked."""
    moved = turn.act(case_id, a.Reply(answer=said, words=words, files=turn.heard.files))
    if moved is None:
        return
    turn.focus(case_id)
    if read is not None and read.graded != "none" and said is not Answer.NOT_SOLVED:
        _drop_second(turn, case_id)
        turn.act(case_id, a.Grade(satisfaction=Satisfaction(read.graded)))


def _drop_second(turn: Turn, case_id: str) -> None:
    """A verdict was spoken already: not asked again."""
    turn.words = [w for w in turn.words if not (w.key == "checkback.satisfied" and w.case_id == case_id)]


@press("checkback.satisfied", "satisfied", "mostly", "dissatisfied")
def satisfied_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Question 2, by button."""
    pressed = talk.question(turn.conn, question.id)
    turn.act(question.case_id, a.Grade(satisfaction=Satisfaction(pressed.answered if pressed else "satisfied")))


@answer("checkback.satisfied")
def satisfied_said(turn: Turn, question: Any, text: str) -> bool:
    """Question 2, in words of satisfaction; anything else (谢谢) is not for this question."""
    read = read_answer(turn, text)
    if read.graded == "none":
        return False
    talk.answer_question(turn.conn, question.id, read.graded, turn.now)
    turn.act(question.case_id, a.Grade(satisfaction=Satisfaction(read.graded), words=text))
    return True


@press("resident.solved_ask", "yes")
def early_yes(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """"水来了" before the worker said done: the resident's own word counts."""
    reply(turn, question.case_id, Answer.SOLVED)


@press("resident.solved_ask", "no")
def early_no(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.say("resident.kept_open", question.case_id)


def maybe_solved(turn: Turn, case: Case, text: str) -> bool:
    """Words like "水来了" about a case that is still open: asked, never assumed."""
    from handlers.additions import NO_ANSWER  # which reads answers too: a circle

    if case.ended or case.state is State.RESOLVED or NO_ANSWER.fullmatch(text.strip()) or read_answer(turn, text).answer != "solved" or len(text) > 30:
        return False
    turn.ask("resident.solved_ask", case.id, options=("yes", "no"))
    return True
