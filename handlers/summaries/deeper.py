"""Behind the numbers: the areas below, the cases of one, a case, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from casework import access
from casework.case import Case
from casework.effects import Option
from handlers.cards import show_card
from handlers.summaries import closer, counted, coverage, hot, late, looking, most, rates, summary
from handlers.summaries.looking import View, look, view_of
from handlers.texts import place_name, say_time, staff_state, text_of, word
from handlers.turn import Turn, press
from storage import overview

PAGE: Final = 6
AREAS: Final = 12


@press("summary", "look")
def looked(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Any view, from a button."""
    _shown(turn, view_of(args), args, LEVELS[args["level"]])


@press("summary", "late")
def late_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _shown(turn, view_of(args), args, late.show)


@press("summary", "rates")
def rates_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _shown(turn, view_of(args), args, rates.show)


@press("summary", "hot")
def hot_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _shown(turn, view_of(args), args, hot.show)


@press("summary", "coverage")
def coverage_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _shown(turn, view_of(args), args, coverage.show)


@press("summary", "spot")
def spot_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _shown(turn, view_of(args), args, lambda turn, view: cases(turn, replace(view, topic=args["topic"])))


def _shown(turn: Turn, view: View, args: dict[str, str], show: Callable[[Turn, View], None]) -> None:
    """What may be looked at may have changed since the button was made."""
    if looking.may_ask(turn) and looking.may_look(turn, view.area):
        show(turn, view)


@press("summary.area", "area")
def area_chosen(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Of several areas, or of those whose names are like it: the same question, asked about this one."""
    asked = replace(looking.heard(turn, args["text"]), areas=(args["id"],), also=(), rest="")
    if looking.may_ask(turn) and (view := looking.view(turn, asked, args["key"])) is not None:
        KEYS[args["key"]](turn, view)


# ---- the areas below ------------------------------------------------------------------------------------------------------


def parts(turn: Turn, view: View) -> None:
    """A line and a button for each area below in which there is something."""
    here = looking.stretch(turn, view.area, view.first, view.last)
    rows = overview.below(turn.conn, here.area)
    without = counted.ids(counted.hidden(turn, here.since, here.until, here.area))
    found = overview.by_area(turn.conn, here, rows, without, view.only)
    told = [(row, *found[row.id]) for row in rows if found[row.id][0]]
    if not told:
        cases(turn, replace(view, level="cases"))
        return
    lines = [text_of("summary.part").format(area=row.name, filed=filed, open=open_) for row, filed, open_ in told]
    ways = [look(view.deeper(area=row.id, level=_next(row.kind)), f"{row.name} {filed}") for row, filed, _ in told[:AREAS]]
    if not view.estate:
        ways.append(look(view.deeper(level="estates"), text_of("button.estates")))
    ways += [look(view.deeper(level="cases"), text_of("button.these_cases")), *looking.back(view)]
    drawn = [{"name": row.name, "filed": filed, "open": open_} for row, filed, open_ in told]
    chart = ("areas", {"area": here.area.name, "period": view.words, "lines": drawn})
    looking.picture(turn, "summary.picture", chart, ways, title=rates.title(turn, view), lines="\n".join(lines))


def _next(kind: str) -> str:
    return "cases" if kind == "grid" else "parts"


# ---- the cases ---------------------------------------------------------------------------------------------------------------


def cases(turn: Turn, view: View) -> None:
    """A page of the cases that the speaker may read, the newest first."""
    here = looking.stretch(turn, view.area, view.first, view.last)
    without = counted.ids(counted.hidden(turn, here.since, here.until, here.area))
    scope = access.scope(turn.person)
    span = (view.page * PAGE, PAGE + 1)
    found = overview.filed(turn.conn, here, scope, without, view.only, span)
    read = [c for c in found if scope.reads(c, turn.parts(c.id), turn.town.within) >= access.Reading.MASKED]
    title = rates.title(turn, view)
    if not read:
        turn.ask("summary.no_cases", question="summary", awaited=False, options=looking.back(view), title=title)
        return
    shown = read[:PAGE]
    ways = [Option("case", {"id": c.id, "number": c.number, "up": json.dumps(view.args(), ensure_ascii=False)}) for c in shown]
    if len(found) > PAGE:
        ways.append(_page(view, view.page + 1, "button.page_next"))
    if view.page:
        ways.append(_page(view, view.page - 1, "button.page_back"))
    turn.ask("summary.cases", question="summary", awaited=False, options=[*ways, *looking.back(view)], title=title,
             list=lines(turn, shown))


def _page(view: View, page: int, label: str) -> Option:
    return look(replace(view, level="cases", page=page), text_of(label))


def lines(turn: Turn, found: Sequence[Case]) -> str:
    """A line a case: number, place, category, state, when it was filed."""
    return "\n".join(_line(turn, case, case.filed_at) for case in found)


def _line(turn: Turn, case: Case, at: datetime) -> str:
    return text_of("summary.case_line").format(
        mark=word("mark", case.urgency.value), number=case.number, place=place_name(turn, case, turn.person.id),
        category=word("category", case.category), state=staff_state(case), at=say_time(at, turn.now, turn),
    )


@press("summary", "case")
def case_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The card, and the way back to the list."""
    show_card(turn, turn.case(args["id"]))
    if args.get("up"):
        turn.ask("summary.back", question="summary", awaited=False, options=[look(view_of(json.loads(args["up"])), text_of("button.back_to_list"))])


LEVELS: Final[dict[str, Callable[[Turn, View], None]]] = {
    "whole": summary.show, "parts": parts, "cases": cases, "late": late.show, "rates": rates.show, "hot": hot.show,
    "closer": closer.show, "coverage": coverage.show, "estates": most.estates,
}
KEYS: Final[dict[str, Callable[[Turn, View], None]]] = {
    "summary": summary.show, "rates": rates.show, "hot": hot.show, "late": late.show, "closer": closer.show,
    "coverage": coverage.show, "parts": parts, "estates": most.estates,
}
