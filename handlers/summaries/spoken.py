"""The commands of supervisors, and the same things said in plain words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from casework import access
from handlers.summaries import coverage, deeper, find, hot, late, looking, merging, notice, rates, staff, steps, summary
from handlers.texts import local
from handlers.turn import Turn
from nlp.asked import asks_for_figures, may_ask, no_such_place, read_said

Command = Callable[[Turn, str], None]
COMMANDS: Final[dict[str, Command]] = {
    "/summary": summary.summary, "/overdue": late.overdue, "/hot": hot.hot_spots, "/rates": rates.rates, "/staff": staff.staff,
    "/coverage": coverage.coverage,
    "/supervise": steps.supervise, "/assign": steps.assign,
    "/find": find.find, "/notice": notice.notice, "/merge": merging.merge,
}
deeper.LEVELS["staff"] = deeper.KEYS["staff"] = staff.show


def spoken(turn: Turn, text: str) -> bool:
    """谁超期了, 本周汇总, 上个月供暖 …; nothing that somebody who is no supervisor may mean otherwise."""
    at_desk = bool(access.staff_areas(turn.person))
    if at_desk and notice.stop_said(turn, text):
        return True
    said = read_said(text)
    if said is not None and said[0] in COMMANDS and (at_desk or (turn.person.staff and said[0] in PRIVATE)):
        COMMANDS[said[0]](turn, said[1])
        return True
    if not (at_desk or WORDED in text) or len(text) > LONGEST:
        return False
    if not may_ask(text, local(turn).date()):
        return False
    asked = looking.heard(turn, text)
    named = asked.period is not None and (asks_for_figures(text) or no_such_place(asked))
    if not asked.plain and not (at_desk and named):
        return False
    summary.summary(turn, text)
    return True


PRIVATE: Final = ("/find", "/overdue", "/rates", "/hot")
WORDED: Final = "汇总"
LONGEST: Final = 40
