"""What the quiet hours held is looked at again when it goes out: is it still so? (docs/decisions/0031)

A held line that tells how a case stood is true only while the case stands so; the step that changed it has told, or tells
in the same minute, how it stands now. So nothing is lost: the newer line replaces the older. Words of people (what a worker
wrote, why something is put off) are never in here: they go out as they were said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from casework.case import WAITING, WORKING, State

UNFINISHED: Final = WAITING | WORKING | {State.RETURNED}
NOT_ENDED: Final = UNFINISHED | {State.RESOLVED, State.DEFERRED}


@dataclass(frozen=True, slots=True)
class Line:
    """While a held line is true: in which states, and whether its reader must have a part in the case (True), or none (False)."""

    states: frozenset[State]
    has_it: bool | None = None


LINES: Final[Mapping[str, Line]] = {
    "resident.acknowledged": Line(WORKING),
    "resident.passed_on": Line(WORKING),
    "resident.climbed": Line(WAITING),
    "resident.nobody_yet": Line(WAITING),
    "resident.solve_missed": Line(UNFINISHED),
    "staff.taken": Line(WORKING),
    "staff.silent": Line(WAITING, has_it=True),
    "staff.arrival_missed": Line(UNFINISHED),
    "staff.solve_missed": Line(UNFINISHED),
    "staff.soon": Line(UNFINISHED, has_it=True),
    "staff.passed_on": Line(NOT_ENDED, has_it=False),
    "card.new": Line(NOT_ENDED, has_it=True),
    "card.handed_over": Line(NOT_ENDED, has_it=True),
    "card.climbed": Line(WAITING, has_it=True),
    "card.nudged": Line(UNFINISHED, has_it=True),
}


def untrue(key: str, state: State | None, has_it: bool, newer: bool) -> str | None:
    """Why a held line is not to be said any more, by name; None where it is. `newer`: the same line waits once more, told later."""
    line = LINES.get(key)
    if line is None or state is None:
        return None
    if newer:
        return "told_anew"
    if state not in line.states:
        return f"case_{state}"
    if line.has_it is not None and line.has_it is not has_it:
        return "has_it_again" if has_it else "has_it_no_more"
    return None
