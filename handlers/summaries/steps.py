"""/supervise N, /assign N: the steps of a card, by number. The same functions as behind the card's buttons."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casework import access
from handlers import naming, supervisor, worker
from handlers.summaries import looking
from handlers.turn import Turn
from storage import cases

NUMBER = re.compile(r"(\d{2})\s*[-–—]\s*([Hh]?)(\d{1,6})(?!\d)")
ALONE = re.compile(r"(?:编号)?\s*([0-9]{1,6})\s*号?")


@dataclass(frozen=True, slots=True)
class ByNumber:
    """Stands for the question of a card: the case that was named by its number."""

    case_id: str


def numbers(text: str) -> list[str]:
    """The numbers that a text names; leading noughts may be left out."""
    return [f"{year}-{series.upper()}{int(count):06d}" for year, series, count in NUMBER.findall(text)]


def number_alone(text: str, year: int) -> str | None:
    """The number that a text is, where nothing else can be meant: 26-1, or 1 of this year's."""
    if told := numbers(text):
        return told[0]
    alone = ALONE.fullmatch(text.strip())
    return f"{year % 100:02d}-{int(alone[1]):06d}" if alone else None


def at_desk(turn: Turn, number: str) -> str | None:
    """The case with this number, if the speaker is a desk for it. A number is never an access right: what is none of theirs and
    what does not exist sound the same."""
    found = cases.by_number(turn.conn, number)
    if found is None or access.as_desk(turn.person, found, turn.parts(found.id), turn.town.within) is None:
        turn.say("refusal.not_yours")
        return None
    return found.id


def _named(turn: Turn, rest: str) -> list[str]:
    """The numbers of the cases that are meant; none where it was said why there is none."""
    if not looking.may_ask(turn):
        return []
    told = list(dict.fromkeys(numbers(rest)))
    if not told and not rest and (card := worker.touched(turn)) is not None:  # the card just touched, or replied to
        told = [card.number]
    if not told:
        turn.say("summary.number_missing")
    return told


def supervise(turn: Turn, rest: str = "") -> None:
    """/supervise 26-000123, 督办 26-000123 26-000124."""
    for number in _named(turn, rest):
        if (case_id := at_desk(turn, number)) is not None:
            supervisor.supervise(turn, ByNumber(case_id), {})


def assign(turn: Turn, rest: str = "") -> None:
    """/assign 26-000123: who of those on duty?"""
    told = _named(turn, rest)
    if len(told) > 1:
        turn.say("summary.one_by_one", number=told[0])
    elif told and (case_id := at_desk(turn, told[0])) is not None:
        naming.assign(turn, ByNumber(case_id), {})
