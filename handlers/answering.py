"""Answers to what intake asked, by button or in words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from casework import intake as steps
from casework.case import Spot
from casework.effects import CloseQuestions, Draft
from handlers import asking, mending
from handlers.asking import ESTATE, NEAREST, WHICH
from handlers.filing import SPLIT, joined
from handlers.intake import CHOSEN, drafted, go_on, more, nothing_new
from handlers.meaning import aside, meaning, more_exact, spot_in, spot_of
from handlers.texts import word
from handlers.turn import Turn, answer, press
from nlp import numbers
from nlp.replies import read_yes_no
from storage import people, talk

# ---- answers by button ------------------------------------------------------------------------------------------


def _draft(turn: Turn, question: Any) -> Draft | None:
    found = talk.draft(turn.conn, question.draft_id) if question.draft_id else None
    if found is None:
        turn.say("resident.late_plain")
        return None
    return replace(found, touched_at=turn.now)


def _go_on(turn: Turn, draft: Draft) -> None:
    """After a button; what the words of the draft left open (the number of a building) is heeded again."""
    if not draft.spot.known and not draft.behalf and draft.category not in (None, "roads_parking", "public_services"):
        draft = replace(draft, spot=turn.person.home)
    got = nothing_new()
    if not draft.spot.known:
        got = replace(got, where=replace(meaning(turn, draft.text, use_home=not draft.behalf).where, outside=None))
    go_on(turn, draft, got)


@press("intake.guess", "category")
@press("intake.category", "category")
def category_chosen(turn: Turn, question: Any, args: dict[str, str]) -> None:
    draft = _draft(turn, question)
    if draft is not None:
        topic, urgency = mending.read_as(turn, draft.text, args["code"])
        _go_on(turn, replace(
            draft, category=args["code"], topic=topic, urgency=urgency, confidence=1.0, asked=(*draft.asked, CHOSEN)))


@press("intake.guess", "yes")
def guess_right(turn: Turn, question: Any, args: dict[str, str]) -> None:
    draft = _draft(turn, question)
    if draft is not None:
        _go_on(turn, replace(draft, confidence=1.0, asked=(*draft.asked, CHOSEN)))


@press("intake.guess", "no", "neither")
def guess_wrong(turn: Turn, question: Any, args: dict[str, str]) -> None:
    draft = _draft(turn, question)
    if draft is not None:
        asking.ask_missing(turn, replace(draft, category=None, topic=None), steps.CATEGORY)


@press("intake.building", "place")
@press("intake.which_place", "place")
@press("intake.estate", "place")
def place_chosen(turn: Turn, question: Any, args: dict[str, str]) -> None:
    draft = _draft(turn, question)
    if draft is not None:
        here(turn, draft, spot_at(turn, args["id"]))


def here(turn: Turn, draft: Draft, spot: Spot) -> None:
    """A picked place; a number said before ("3号楼") completes a picked estate."""
    if spot.estate_id and not spot.building_id:
        before = spot_in(turn, draft.text, Spot(spot.estate_id))
        spot = before if before.estate_id == spot.estate_id else spot
    elif spot.building_id and spot.building_id != draft.spot.building_id:
        before = spot_in(turn, draft.text, spot)
        spot = replace(spot, unit=before.unit, room=before.room)
    _go_on(turn, replace(draft, spot=more_exact(replace(draft.spot, words=""), spot)))


def spot_at(turn: Turn, place_id: str) -> Spot:
    """The spot of a place that was picked by its id."""
    row = people.place_row(turn.conn, place_id)
    if row is None:
        return Spot()
    if row.kind == "building":
        return Spot(row.parent_id, row.id)
    return Spot(estate_id=row.id) if row.kind == "estate" else Spot(place_id=row.id)


@press("intake.building", "none_of_these")
@press("intake.which_place", "none_of_these")
@press("intake.estate", "none_of_these")
def none_of_these(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The words stay, and the case goes to the desk of the smallest known area."""
    draft = _draft(turn, question)
    if draft is not None:
        marks = (steps.BUILDING, steps.PLACE, ESTATE, WHICH, NEAREST)
        _go_on(turn, replace(draft, asked=(*draft.asked, *marks)))


@press("intake.two", "split", "together")
def two(turn: Turn, question: Any, args: dict[str, str]) -> None:
    draft = _draft(turn, question)
    if draft is not None:
        pressed = talk.question(turn.conn, question.id)
        split = pressed is not None and pressed.answered == "split"
        _go_on(turn, replace(draft, confidence=1.0, asked=(*draft.asked, *((SPLIT,) if split else ()))))


# ---- answers in words -------------------------------------------------------------------------------------------


@answer("intake.guess")
def guess_answered(turn: Turn, question: Any, text: str) -> bool:
    named = [code for code in asking.CATEGORIES if word("category", code) in text or text.strip() in word("category", code)]
    if len(named) == 1:
        talk.answer_question(turn.conn, question.id, named[0], turn.now)
        category_chosen(turn, question, {"code": named[0]})
        return True
    yes = False if "都不是" in text else read_yes_no(text)
    if yes is None:
        return told(turn, question, text)
    talk.answer_question(turn.conn, question.id, "yes" if yes else "no", turn.now)
    (guess_right if yes else guess_wrong)(turn, question, {})
    return True


EACH = re.compile("[两二三四]件")


@answer("intake.two")
def two_answered(turn: Turn, question: Any, text: str) -> bool:
    apart = "分开" in text or EACH.search(text) is not None or "都" in text
    yes = read_yes_no(text)
    if yes is None and not apart and "一件" not in text and "一起" not in text:
        return told(turn, question, text)
    split = (yes or apart) and yes is not False
    talk.answer_question(turn.conn, question.id, "split" if split else "together", turn.now)
    two(turn, question, {})
    return True


@answer("intake.category")
@answer("intake.place")
@answer("intake.building")
@answer("intake.which_place")
@answer("intake.estate")
def told(turn: Turn, question: Any, text: str) -> bool:
    """More words for the draft; thanks, a question, "怎么样了" are none."""
    draft = talk.draft(turn.conn, question.draft_id) if question.draft_id else None
    if draft is None:
        return False
    if question.name in (steps.BUILDING, ESTATE):
        text = as_building(text)
    got = meaning(turn, text, use_home=not draft.behalf)
    if aside(got, text):
        return False
    only = [o["args"]["id"] for o in question.options if o["name"] == "place"] if question.name == WHICH else []
    if len(only) == 1 and got.where.building_words and not got.places:  # 3号楼, of the one estate that was offered
        talk.answer_question(turn.conn, question.id, "place", turn.now)
        here(turn, replace(draft, text=joined([draft.text, text]), touched_at=turn.now), spot_at(turn, only[0]))
        return True
    draft = asking.not_asked(turn, draft, question)
    turn.write(CloseQuestions(draft_id=draft.id))
    more(turn, draft, text, question.name if question.name in draft.asked else "")
    return True


SHORT = re.compile(r"(\d{1,3})(?:号|号楼|栋|楼)?[-—－ 、.，,/]+(\d{1,2})(?:单元)?(?:[-—－ 、.，,/]+(\d{2,4})室?)?")


def as_building(text: str) -> str:
    """What is short for a building where one is asked for: 三号, 25, 3-2, 3 2 501."""
    number, parts = numbers.read(text), SHORT.fullmatch(text.strip())
    if number is not None and number.of_building:
        return f"{number.number}号楼"
    if parts is None:
        return text
    return f"{parts[1]}号楼{parts[2]}单元" + (f"{parts[3]}室" if parts[3] else "")


@answer("intake.outside")
def inside_after_all(turn: Turn, question: Any, text: str) -> bool:
    got = meaning(turn, text)
    if got.where.outside or not spot_of(got.where).known or got.category != "other":
        return False
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    story = meaning(turn, str(question.args.get("words") or ""))
    draft = drafted(turn, joined([str(question.args.get("words") or ""), text]), story)
    draft = replace(draft, spot=spot_of(got.where), files=(*(question.args.get("files") or ()), *turn.heard.files))
    go_on(turn, draft, got)
    return True
