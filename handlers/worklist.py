"""我的工单: what somebody has in hand, most urgent first, to be worked through with one thumb. Pages, filters by building and
state; a card is opened with a tap, and after each step the next one is offered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from casework import worklist
from casework.case import Case
from casework.effects import Option
from casework.worklist import Item, Standing, Step
from handlers.texts import place_name, say_time, staff_state, text_of, word
from handlers.turn import Turn, press
from storage import cases, people, talk

PAGE: Final = 6  # cards on one screen of a phone, with their buttons
BUILDINGS: Final = 10
FILTERS: Final = (Standing.UNTAKEN, Standing.IN_HAND, Standing.TODAY, Standing.OVERDUE)
LASTS: Final = timedelta(hours=2)  # so long the filter of the last list holds for 下一件


@dataclass(frozen=True, slots=True)
class View:
    """Which part of the list is looked at."""

    page: int = 0
    building: str = ""
    standing: str = ""

    def args(self) -> dict[str, Any]:
        """For the question's row."""
        return {"page": self.page, "building": self.building, "standing": self.standing}

    def shows(self, found: Item) -> bool:
        """Whether a case is in this part."""
        here = not self.building or found.case.spot.building_id == self.building
        return here and (not self.standing or self.standing in found.standings)


def view_of(args: Any) -> View:
    """From the question's row."""
    return View(int(args.get("page") or 0), str(args.get("building") or ""), str(args.get("standing") or ""))


def cards(turn: Turn, rest: str = "") -> None:
    """The whole list, from the top."""
    show(turn, View())


def show(turn: Turn, view: View) -> None:
    """A page of the list: a line and a button for each card; then the ways to see less, or more."""
    every = held(turn)
    found = [each for each in every if view.shows(each)]
    if not every:
        turn.say("worker.none")
        return
    if not found:  # what was looked at is done: the rest of it
        turn.say("worker.none_such")
        found, view = every, View()
    view = replace(view, page=min(view.page, (len(found) - 1) // PAGE))
    here = found[view.page * PAGE : (view.page + 1) * PAGE]
    options = [Option("case", {"id": each.case.id, "number": each.case.number}) for each in here]
    turn.ask(
        "worker.list", question="cards", awaited=False, options=[*options, *_ways(every, found, view)],
        list="\n".join(_line(turn, each) for each in here), what=_heading(turn, every, found, view), **view.args(),
    )


def held(turn: Turn) -> list[Item]:
    """What the speaker has in hand, most urgent first."""
    return worklist.items(cases.held_by(turn.conn, [p.id for p in turn.person.posts], turn.person.id), turn.policy, turn.now)


def _heading(turn: Turn, every: Sequence[Item], found: Sequence[Item], view: View) -> str:
    """Which of them, and how many: nothing is said where all of them stand on one page."""
    parts = [_full(turn, view.building)] if view.building else []
    parts += [word("standing", view.standing)] if view.standing else []
    pages = (len(found) - 1) // PAGE + 1
    if parts:
        parts = [text_of("worker.list_of").format(what="，".join(parts), count=len(found), total=len(every))]
    if pages > 1:
        parts.append(text_of("worker.list_page").format(page=view.page + 1, pages=pages, count=len(found)))
    return "".join(parts)


def _line(turn: Turn, found: Item) -> str:
    """锦绣苑3号楼 供暖 · 等接单 · 今天10:30前接单."""
    case = found.case
    due = text_of(f"worker.due_{found.step}") if found.due is not None else ""
    late = Standing.OVERDUE in found.standings or (found.due is not None and found.due <= turn.now)
    key = "worker.line_late" if late and found.step is not Step.NOTHING else "worker.line"
    return text_of(key).format(
        mark=word("mark", case.urgency.value), number=case.number, place=place_name(turn, case, turn.person.id),
        category=word("category", case.category), state=staff_state(case),
        due=due.format(at=say_time(found.due, turn.now, turn)) if found.due is not None else "",
    ).rstrip(" ·")


def _ways(every: Sequence[Item], found: Sequence[Item], view: View) -> list[Option]:
    """The buttons below the cards. A filter that would show nothing, or all of it, is not offered."""
    ways = []
    if (view.page + 1) * PAGE < len(found):
        ways.append(Option("page", {**_told(view), "page": str(view.page + 1)}, text_of("button.page_next")))
    if view.page:
        ways.append(Option("page", {**_told(view), "page": str(view.page - 1)}, text_of("button.page_back")))
    if len(found) > 1 and not view.standing:
        for standing in FILTERS:
            count = sum(standing in each.standings for each in found)
            if 0 < count < len(found):
                name = f"{word('standing', standing)} {count}"
                ways.append(Option("standing", {**_told(view), "page": "0", "standing": standing.value, "name": name}))
    if not view.building and len({each.case.spot.building_id for each in found}) > 1:
        ways.append(Option("by_building", _told(view)))
    if view.building or view.standing:
        ways.append(Option("everything"))
    return ways


def _told(view: View) -> dict[str, str]:
    return {name: str(value) for name, value in view.args().items()}


@press("cards", "page", "standing")
@press("cards.building", "building")
def part(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Another part of the list."""
    show(turn, view_of(args))


@press("cards", "everything")
@press("cards.building", "everything")
@press("workday", "cards")
@press("folded", "everything")
def everything(turn: Turn, question: Any, args: dict[str, str]) -> None:
    show(turn, View())


@press("cards", "by_building")
def by_building(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Which building? Those with most first."""
    view = view_of(args)
    counts = Counter(e.case.spot.building_id for e in held(turn) if view.shows(e) and e.case.spot.building_id)
    if not counts:
        show(turn, view)
        return
    options = [
        Option("building", {**_told(replace(view, page=0, building=building)), "name": f"{_full(turn, building)} {count}"})
        for building, count in counts.most_common(BUILDINGS)
    ]
    turn.ask("worker.which_building", question="cards.building", awaited=False, options=[*options, Option("everything")])


def _full(turn: Turn, building: str) -> str:
    """锦绣苑3号楼."""
    row = people.place_row(turn.conn, building)
    estate = people.place_row(turn.conn, row.parent_id) if row is not None and row.parent_id else None
    return f"{estate.name if estate is not None else ''}{row.name if row is not None else ''}"


# ---- one after the other ------------------------------------------------------------------------------------------


def next_option(turn: Turn, case: Case) -> list[Option]:
    """The button with the next card of the part that is being looked at, if there is one."""
    found = _next_after(turn, case)
    if found is None:
        return []
    name = f"{word('mark', found.urgency.value)}{found.number} {word('category', found.category)}"
    return [Option("next", {"id": found.id, "name": name})]


def _next_after(turn: Turn, case: Case) -> Case | None:
    view, every = _looked_at(turn), held(turn)
    part_ = [each for each in every if view.shows(each)]
    found = worklist.after(part_, case, turn.policy, turn.now) or worklist.after(every, case, turn.policy, turn.now)
    return found.case if found is not None else None


def _looked_at(turn: Turn) -> View:
    """The part of the list that the speaker opened last, while that is not long ago."""
    for question in talk.open_questions(turn.conn, turn.person.id, awaited=False):
        if question.name == "cards" and turn.now <= question.asked_at + LASTS:
            return view_of(question.args)
    return View()


@press("undo", "next")
def next_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    from handlers.cards import show_card

    show_card(turn, turn.case(args["id"]))


def next_said(turn: Turn, rest: str = "") -> None:
    """下一件, in words: behind the card in hand, else the first."""
    from handlers.cards import show_card
    from handlers.worker import touched

    case = touched(turn)
    first = next((each.case for each in held(turn) if not each.waits), None)
    found = _next_after(turn, case) if case is not None else first
    if found is None:
        turn.say("worker.none" if case is None or not held(turn) else "worker.no_next")
    else:
        show_card(turn, found)
