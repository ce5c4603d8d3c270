"""/find 词, 找 暖气: cases in which all of these words were said, within what the speaker may read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC
from typing import Any, Final

from casework import access
from casework.access import Reading
from casework.case import Case, Spot
from casework.effects import Move, OpenCase, Option
from casework.summary_effects import KeepWords
from handlers.cards import show_card
from handlers.summaries import deeper, steps
from handlers.tellers import without_teller
from handlers.texts import spot_name, text_of
from handlers.turn import Turn, press
from nlp.segment import asked_words, own_words, search_words
from nlp.telephones import hide_phone
from storage import cases
from storage import words as kept

PAGE: Final = 6
LONGEST: Final = 40
MOST: Final = 6  # words that are looked for together


def keep_words(turn: Turn) -> None:
    """At a turn's end: the words that came with a case, so that it is found by them."""
    for effect in [each for each in turn.effects if isinstance(each, OpenCase | Move)]:
        case, before = effect.case, effect.before if isinstance(effect, Move) else None
        said = [effect.words] if effect.words else []
        if before is None or case.summary != before.summary:
            said.append(case.summary)
        if before is None or case.spot != before.spot:
            said.append(spot_name(turn, Spot(case.spot.estate_id, case.spot.building_id)))
        if any(said):
            turn.write(KeepWords(case.id, case.filed_at.astimezone(UTC).date(), searched("\n".join(said))))


def searched(text: str) -> frozenset[str]:
    """The words by which a text is found: telephone numbers are none."""
    return search_words(hide_phone(text))


def find(turn: Turn, rest: str = "") -> None:
    """/find with one or several words, or with a number."""
    if not turn.person.staff:
        turn.say("resident.staff_only")
    elif numbers := steps.numbers(rest):
        found = cases.by_number(turn.conn, numbers[0])
        if found is None:
            turn.say("refusal.not_yours")
        else:
            show_card(turn, found)
    else:
        show(turn, rest[:LONGEST], 0)


def show(turn: Turn, said: str, page: int) -> None:
    """A page of what was found; cut otherwise where what stands in a row finds nothing."""
    used = asked_words(said)[:MOST]
    if not used:
        turn.say("find.too_short")
        return
    found = _found(turn, used, page)
    if not found and (own := own_words(said)[:MOST]) != used:
        found = _found(turn, own, page)
    if not found:
        turn.say("find.nothing", words=said)
        return
    shown = found[:PAGE]
    ways = [Option("case", {"id": c.id, "number": c.number, "up": ""}) for c in shown]
    if len(found) > PAGE:
        ways.append(Option("found", {"words": said, "page": str(page + 1)}, text_of("button.page_next")))
    if page:
        ways.append(Option("found", {"words": said, "page": str(page - 1)}, text_of("button.page_back")))
    turn.ask("find.list", question="summary", awaited=False, options=ways, words=said.strip(), list=deeper.lines(turn, shown))


@press("summary", "found")
def page_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if turn.person.staff:
        show(turn, args["words"], int(args["page"]))
    else:
        turn.say("resident.staff_only")


def _found(turn: Turn, wanted: Sequence[str], page: int) -> list[Case]:
    if not wanted:
        return []
    found = kept.find(turn.conn, access.scope(turn.person), wanted, (), (page * PAGE, PAGE + 1))
    return [case for case in found if _may_find(turn, case, wanted)]


def _may_find(turn: Turn, case: Case, wanted: Collection[str]) -> bool:
    """保密: who may not know whose it is does not find it by what says so."""
    reading = access.scope(turn.person).reads(case, turn.parts(case.id), turn.town.within)
    if case.confidential and reading is Reading.MASKED:
        return set(wanted) <= search_words(without_teller(turn, case, case.summary))
    return reading >= Reading.MASKED
