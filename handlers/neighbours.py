"""告诉同楼的人: one message to every resident who has an open case in the building, each in their own conversation. Nobody
learns of the others; it counts as contact for each case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from casework import actions as a
from casework.case import Case, PersonId
from casework.effects import Kind, Option, Say
from handlers.cards import about_another
from handlers.texts import place_name, post_name, text_of, word
from handlers.together import against, beside, own_open
from handlers.turn import Turn, answer, press
from nlp.shortwords import read_worker_words
from storage import people, talk

LONGEST = 500  # characters of one such message


@press("card", "tell_building")
def tell_building(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """What is to be said to them?"""
    case = turn.case(question.case_id)
    if not _mine(turn, case):
        turn.say("refusal.not_yours")
    elif case.spot.building_id is None:
        turn.say("worker.building_unknown", case.id)
    else:
        turn.ask("worker.building_ask", case.id, question="building.words", what=_what(turn, case, False))


def _mine(turn: Turn, case: Case) -> bool:
    return case.id in {c.id for c in own_open(turn)}


@answer("building.words")
def words_told(turn: Turn, question: Any, text: str) -> bool:
    """Shown once more before it goes out: with how many will read it."""
    if about_another(turn, question) or read_worker_words(text) is not None:
        return False
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    _preview(turn, question.case_id, text.strip()[:LONGEST], list(turn.heard.files), wide=False)
    return True


def _preview(turn: Turn, case_id: str, words: str, files: list[str], wide: bool) -> None:
    case = turn.case(case_id)
    if not _mine(turn, case):
        turn.say("refusal.not_yours")
        return
    count, all_of_them = len(_residents(turn, _heard_by(turn, case, wide))), len(_residents(turn, _heard_by(turn, case, True)))
    if not count:
        turn.say("worker.building_nobody", case.id)
        return
    wider = [Option("widen", {"count": str(all_of_them)})] if all_of_them > count else []
    turn.ask(
        "worker.building_preview", case.id, question="building.send", words=words, files=files, wide=wide, count=count,
        what=_what(turn, case, wide), post=_post(turn, case), options=(Option("send"), *wider, Option("rewrite"), Option("cancel")),
    )


def _what(turn: Turn, case: Case, wide: bool) -> str:
    """锦绣苑3号楼，供暖."""
    whole = place_name(turn, _at_the_building(case))
    return whole if wide else f"{whole}，{word('category', case.category)}"


def _at_the_building(case: Case) -> Case:
    return replace(case, spot=replace(case.spot, unit=None, room=None))


def _post(turn: Turn, case: Case) -> str:
    actor = turn.actor(case)
    post = turn.town.post(actor.post) if actor is not None and actor.post is not None else None
    return post_name(post) if post is not None else ""


def _heard_by(turn: Turn, case: Case, wide: bool) -> list[Case]:
    """The cases whose residents hear it: this one, and the others of the trouble (`wide`: of the building) in the same hands."""
    if not wide:
        return [case, *beside(turn, case)]
    return [case, *(c for c in own_open(turn) if c.spot.building_id == case.spot.building_id and c.id != case.id)]


def _residents(turn: Turn, found: Sequence[Case]) -> dict[PersonId, Case]:
    """Each resident once, with the case that is named to them; not whoever speaks."""
    named: dict[PersonId, Case] = {}
    for case in found:
        if case.resident_id != turn.person.id:
            named.setdefault(case.resident_id, case)
    return named


@press("building.send", "widen")
def widen(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _preview(turn, question.case_id, str(question.args["words"]), list(question.args["files"]), wide=True)


@press("building.send", "rewrite")
def rewrite(turn: Turn, question: Any, args: dict[str, str]) -> None:
    tell_building(turn, question, args)


@press("building.send", "cancel")
def cancel(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.say("worker.building_cancelled")


@press("building.send", "send")
def send(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """To each in their own conversation. Whom nothing reaches is named, and was not contacted."""
    case = turn.case(question.case_id)
    if not _mine(turn, case):
        turn.say("refusal.not_yours")
        return
    words, files = str(question.args["words"]), tuple(question.args["files"])
    found = [c for c in _heard_by(turn, case, bool(question.args["wide"])) if c.resident_id != turn.person.id]
    reached = [c for c in found if people.doors(turn.conn, c.resident_id)]
    noted = {c.id: _note(turn, c, words, files) for c in reached}
    named = _residents(turn, reached)
    for resident, of in named.items():
        turn.write(Say(resident, "resident.staff_words", of.id, {"post": _post(turn, of), "words": words},
                       Kind.FACT, of.urgency, files=noted[of.id]))
    lost = "、".join(c.number for c in found if c not in reached)
    turn.say("worker.building_sent", count=len(named), lost=text_of("worker.building_lost").format(list=lost) if lost else "")
    turn.focus(case.id)


def _note(turn: Turn, case: Case, words: str, files: tuple[str, ...]) -> tuple[str, ...]:
    """Contact, where the case stands so that it counts; else the words are kept with it. The files as they are kept with it."""
    copies = talk.copy_files(turn.conn, files, turn.world.mint) if files else ()
    contact = a.Contact(words=words, files=copies)
    turn.act(case.id, contact if against(turn, case, contact) is None else a.AddWords(words=words, files=copies))
    return copies
