"""What an overview at eight or five tells of cases: plain lines, the worst first, eight at most in a message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from casework import access, deadlines, worklist
from casework.access import Reading
from casework.case import URGENCY_ORDER, WAITING, Case, Person, Post
from handlers.texts import place_name, say_length, say_time, text_of, word
from handlers.turn import Turn
from storage import cases

MOST: Final = 8


@dataclass
class Room:
    """How many lines a message still has room for; the counts are said all the same."""

    left: int = MOST


def section(turn: Turn, reader: str, key: str, found: Sequence[Case], room: Room) -> Iterator[str]:
    """How many there are, and a line for each as far as there is room."""
    if not found:
        return
    yield text_of(key).format(count=len(found))
    shown = found[: room.left]
    yield from (line(turn, reader, case) for case in shown)
    room.left -= len(shown)
    if len(found) > len(shown):
        yield text_of("digest.rest").format(count=len(found) - len(shown))


def line(turn: Turn, reader: str, case: Case) -> str:
    """🚨26-000015 锦绣苑9号楼 安全秩序，过了 2天."""
    return text_of("digest.line").format(
        mark=word("mark", case.urgency.value), number=case.number, place=place_name(turn, case, reader),
        category=word("category", case.category), when=_when(turn, case),
    )


def _when(turn: Turn, case: Case) -> str:
    """How late it is; else since when it waits for somebody, or until when it is to be done."""
    found = worklist.item(case, turn.policy, turn.now)
    filed = say_time(case.filed_at, turn.now, turn)
    solve = deadlines.due(case, turn.policy).solve
    if solve is not None and solve <= turn.now and not found.waits:
        return text_of("digest.late").format(late=say_length(turn.now - solve), filed=filed)
    if case.state in WAITING and (found.due is None or found.due <= turn.now or case.rung):
        return text_of("digest.unheard").format(filed=filed)
    if case.state in WAITING and found.due is not None:
        return text_of("worker.due_acknowledge").format(at=say_time(found.due, turn.now, turn))
    return text_of("worker.due_solve").format(at=say_time(solve, turn.now, turn)) if solve is not None else ""


def worst_first(found: Sequence[Case]) -> list[Case]:
    return sorted(found, key=lambda c: (URGENCY_ORDER[c.urgency], c.filed_at, c.id))


def late_under(turn: Turn, who: Person, post: Post, late: Sequence[Case]) -> list[Case]:
    """Of the cases that are late those under the desk that the person may read, by its area or because they hold them."""
    scope, within = access.scope(who), turn.town.within
    held = {c.id for c in cases.held_by(turn.conn, [post.id], who.id)}
    found = [c for c in late if within(c.area_id, post.area_id) and not scope.spoken_of(c)]
    return worst_first([c for c in found if c.id in held or scope.reads(c, (), within) >= Reading.MASKED])


def nobodys(turn: Turn, who: Person, but: Sequence[Case] = ()) -> list[Case]:
    """What lies with the person, by climbing or from the beginning, and nobody has taken; without those told already."""
    told = {c.id for c in but}
    found = cases.held_by(turn.conn, [p.id for p in who.posts], who.id)
    return worst_first([c for c in found if c.state in WAITING and c.id not in told])
