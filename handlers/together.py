"""同楼一起: one press takes the same step on the other cards of one outage – same building, same trouble, in the same hands.
Each case has its own event and its own resident is told; what does not go is named in one line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from casework import access, incidents, lifecycle
from casework import actions as a
from casework.actions import Action
from casework.case import Case
from casework.effects import Option
from casework.refusals import Refusal
from handlers.texts import staff_state, text_of, word
from handlers.turn import PRESSES, Turn, press
from handlers.undoing import undo
from handlers.worklist import next_option
from storage import cases, talk

STEPS: dict[str, type[Action]] = {"acknowledge": a.Acknowledge, "arrive": a.Arrive, "resolve": a.Resolve, "promise": a.Promise}


def own_open(turn: Turn) -> list[Case]:
    """The open cases in which the speaker's own posts have a part to act: what is done to several at once goes no further."""
    held = cases.held_by(turn.conn, [p.id for p in turn.person.posts], turn.person.id)
    return [c for c in held if access.acts_by_part(turn.actor(c), c, turn.parts(c.id))]


def beside(turn: Turn, case: Case) -> list[Case]:
    """The others of one outage that are in the speaker's hands."""
    return list(incidents.same_trouble(case, own_open(turn)))


def against(turn: Turn, case: Case, step: Action) -> Refusal | None:
    """What speaks against the step, without a word said."""
    actor = turn.actor(case)
    if actor is None or not access.may(lifecycle.kind_of(step), actor, case, turn.parts(case.id)):
        return Refusal("not_yours", {})
    got = lifecycle.step(case, step, actor, turn.now, turn.policy)
    return got if isinstance(got, Refusal) else None


def together_option(turn: Turn, case: Case, step: Action) -> list[Option]:
    """The button that takes the step on the others too; none where there are no others that it fits."""
    name = lifecycle.kind_of(step)
    if name not in STEPS:
        return []
    fits = [other for other in beside(turn, case) if against(turn, other, step) is None]
    if not fits:
        return []
    by = step.by.isoformat() if isinstance(step, a.Promise) and step.by is not None else ""
    return [Option("same_step", {"step": name, "words": step.words, "by": by, "count": str(len(fits))})]


def _step(args: dict[str, str]) -> Action:
    """The step once more. The photo is not passed on: it may show somebody's home."""
    kind = STEPS[args["step"]]
    if kind is a.Promise:
        return a.Promise(by=datetime.fromisoformat(args["by"]))
    return kind(words=args["words"])


@press("undo", "same_step")
def together(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The same on all others that are still in the speaker's hands. A sentence that others will read is looked at first: it was
    written about one home."""
    case = turn.case(question.case_id)
    count = len([c for c in beside(turn, case) if against(turn, c, _step(args)) is None])
    if not args["words"] or not count:
        _together(turn, question.case_id, args)
        return
    options = [Option("with_words", args), Option("without_words", {**args, "words": text_of("word.same_done")}), Option("not_together")]
    turn.ask("worker.together_preview", case.id, question="together.words", count=count, words=args["words"], options=options)


@press("together.words", "with_words", "without_words")
def words_chosen(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _together(turn, question.case_id, args)


@press("together.words", "not_together")
def only_this_one(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.say("worker.together_not", question.case_id)


def _together(turn: Turn, case_id: str, args: dict[str, str]) -> None:
    """One press, and one receipt."""
    case, step = turn.case(case_id), _step(args)
    done: list[Case] = []
    refused: list[str] = []
    for other in beside(turn, case):
        why = against(turn, other, step)
        if why is None and turn.act(other.id, step) is not None:
            done.append(other)
        elif why is not None:
            refused.append(text_of("worker.together_why").format(number=other.number, why=_why(other, why)))
    if not done:
        turn.say("worker.together_none", case.id)
        return
    not_gone = text_of("worker.together_refused").format(list="、".join(refused)) if refused else ""
    turn.ask(
        "worker.together_done", case.id, question="together", awaited=False, count=len(done), refused=not_gone,
        list="、".join(c.number for c in done), step=word("button", args["step"]),
        options=(Option("take_back", {"ids": ",".join(c.id for c in done)}), *next_option(turn, case)),
    )
    turn.focus(case.id)


def _why(case: Case, why: Refusal) -> str:
    return text_of("worker.together_late") if why.code == "promise_late" else staff_state(case)


@press("together", "take_back")
def not_together(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """点错了 for all that were done with one press, in one line; the first one has its own."""
    talk.answer_question(turn.conn, question.id, "take_back", turn.now)
    for case_id in args["ids"].split(","):
        undo(turn, case_id)
    back = [w for w in turn.words if w.key == "resident.taken_back" and w.to == turn.person.id]
    if len(back) > 1:
        turn.words = [w for w in turn.words if w not in back]
        numbers = "、".join(turn.case(w.case_id).number for w in back if w.case_id)
        turn.say("worker.together_taken_back", count=len(back), list=numbers)


UNDOABLE = ("together", "duty.handed")


def undo_said(turn: Turn) -> bool:
    """点错了, in words, right after something that was done to several at once."""
    assert turn.speaker is not None
    talked = talk.conversation(turn.conn, turn.speaker.address_id)
    for question in talk.open_questions(turn.conn, turn.person.id, awaited=False):
        fresh = turn.now <= question.asked_at + turn.policy.take_back
        newest = talked is None or talked.focus_at is None or question.asked_at >= talked.focus_at
        if question.name in UNDOABLE and fresh and newest:
            option = next(o for o in question.options if o["name"] == "take_back")
            PRESSES[question.name, "take_back"](turn, question, dict(option.get("args") or {}))
            return True
    return False


@press("together", "next")
def next_one(turn: Turn, question: Any, args: dict[str, str]) -> None:
    from handlers.cards import show_card

    show_card(turn, turn.case(args["id"]))
