"""A wrong category or place is mended by resident, worker or desk; urgency and limits follow, whoever has it is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from casework import actions as a
from casework.case import Case, Spot, Urgency, Who
from casework.effects import EndTasksOf, Option
from handlers.asking import category_options
from handlers.cards import not_for_this
from handlers.danger import move
from handlers.filing import summary
from handlers.meaning import LONGEST, meaning, reading_context, spot_in, spot_of
from handlers.turn import Turn, answer, press
from handlers.undoing import done
from nlp.understand import understand_as
from storage import cases, talk

TELLING = frozenset({"register", "add_words", "correct"})  # events whose words say what the trouble is


def as_category(turn: Turn, case: Case, code: str, more: str = "") -> a.Correct:
    """The case is of this category: topic and urgency are what the rules read in its words for it. A danger stays one."""
    topic, urgency = read_as(turn, "\n".join([*_story(turn, case), more]), code)
    return a.Correct(category=code, topic=topic, urgency=None if case.emergency else urgency)


def read_as(turn: Turn, text: str, code: str) -> tuple[str | None, Urgency]:
    """Topic and urgency of the words, the category being known."""
    topic, urgency = understand_as(text[:LONGEST], code, reading_context(turn))
    return topic, Urgency(urgency)


def _story(turn: Turn, case: Case) -> list[str]:
    lines = cases.lines(turn.conn, case.id)
    told = [x.words for x in lines if x.words and not x.internal and x.event.kind in TELLING]
    return told or [case.summary]


# ---- category -----------------------------------------------------------------------------------------------------


@press("card", "fix_category")
@press("receipt", "fix_category")
def fix_category(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if turn.may(question.case_id, a.Correct):
        ask_category(turn, turn.case(question.case_id))


def ask_category(turn: Turn, case: Case) -> None:
    """What it may be instead comes first, all others behind."""
    turn.ask("worker.category_ask", case.id, question="fix.category", options=other_categories(turn, case))


def other_categories(turn: Turn, case: Case) -> tuple[Option, ...]:
    """All but the present one, the runner-up of the reading first."""
    got = meaning(turn, "\n".join(_story(turn, case)), use_home=False)
    likely = [got.category, got.runner_up, *case.also]
    options = [o for o in category_options() if o.args["code"] != case.category]
    return tuple(sorted(options, key=lambda o: likely.index(o.args["code"]) if o.args["code"] in likely else len(likely)))


@press("fix.category", "category")
def category_fixed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    mend_category(turn, turn.case(question.case_id), args["code"])


@answer("fix.category")
def category_said(turn: Turn, question: Any, text: str) -> bool:
    """The category's name, written out."""
    named = [str(o["args"]["code"]) for o in question.options if text.strip().strip("。.!！") == o["args"]["name"]]
    if len(named) == 1:
        talk.answer_question(turn.conn, question.id, named[0], turn.now)
        mend_category(turn, turn.case(question.case_id), named[0])
    return bool(named)


def mend_category(turn: Turn, case: Case, code: str, words: str = "", there: Spot | None = None) -> None:
    """One tap; what was waiting to be sorted for its category is sorted. `there`: the place was wrong as well."""
    correct = as_category(turn, case, code, words)
    if words:
        correct = replace(correct, words=words, summary=summary(f"{words}（{case.summary}）"), files=turn.heard.files)
    if there is not None:
        where = turn.town.territory(there)
        correct = replace(
            correct, spot=there, area_id=where.area_id, grid_id=where.grid_id, community_id=where.community_id)
    moved = turn.act(case.id, correct)
    if moved is None:
        return
    if moved.case.grid_id is not None:  # else the place is still to be told
        turn.write(EndTasksOf(case.id, "sort", "sorted"))
    say_mended(turn, case.id)


def say_mended(turn: Turn, case_id: str) -> None:
    """What it is now, and by when; the resident hears who is to come when."""
    case = turn.case(case_id)
    actor = turn.actor(case)
    own = actor is None or actor.who is Who.RESIDENT
    waits = case.acknowledged_at is None
    done(turn, ("resident.corrected" if waits else "resident.corrected_on") if own else "worker.corrected", case_id)
    turn.focus(case_id)


# ---- place --------------------------------------------------------------------------------------------------------


@press("card", "fix_place")
@press("receipt", "fix_place")
def fix_place(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if turn.may(question.case_id, a.Correct):
        turn.ask("worker.place_ask", question.case_id, question="fix.place")


@answer("fix.place")
def place_fixed(turn: Turn, question: Any, text: str) -> bool:
    from handlers.tasks import by_task  # it mends categories: a circle

    if not_for_this(turn, question, text):
        return False
    case = turn.case(question.case_id)
    spot = read_place(turn, case, text)
    if not spot.known:
        turn.say("worker.place_unread")
        return True
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    if move(turn, case.id, spot, by=by_task(turn, question)):
        say_mended(turn, case.id)
    return True


def read_place(turn: Turn, case: Case, text: str) -> Spot:
    """The place that the words name; a building alone is one of the estate that is known already."""
    spot = spot_of(meaning(turn, text, use_home=False).where)
    if not spot.building_id and case.spot.estate_id and not spot.estate_id:
        spot = spot_in(turn, text, Spot(case.spot.estate_id))
    return spot
