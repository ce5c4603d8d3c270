"""Words about a case in hand that accuse whoever has it: they do not go to that case's card. A complaint of its own is offered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from casework.case import Case
from casework.effects import Draft, DropDraft
from handlers import additions, complaints, intake
from handlers.complaints import ABOUT
from handlers.filing import open_draft
from handlers.meaning import meaning
from handlers.turn import Turn, press
from nlp import accused as rules
from nlp.accused import Told
from storage import cases, talk


def set_apart(turn: Turn, text: str) -> bool:
    """Whether the words accused somebody while a case is open. What else they said goes on its way."""
    mine = cases.open_of(turn.conn, turn.person.id)
    if turn.person.staff or not mine or _half_told(turn):
        return False
    case = additions.in_focus(turn, mine) or mine[0]
    said = complaints.told(turn, text, case.area_id, about_case=True)
    if not said or meaning(turn, text).intent == "status":
        return False
    complaint = _same_complaint(mine, said)
    if complaint is not None:
        additions.add(turn, complaint, text, "resident.added_guess")
        return True
    accusing, rest = rules.apart(text, said)
    files = turn.heard.files
    if rest:
        _go_on_with(turn, rest)
    _offer(turn, case, accusing, files)
    return True


def _half_told(turn: Turn) -> bool:
    draft = talk.draft_of(turn.conn, turn.person.id)
    return draft is not None and bool(draft.text)


def _same_complaint(mine: list[Case], said: Told) -> Case | None:
    """An open complaint about the same people: more about them belongs there, and is read by the same ones. 来的人 may be those who
    look into it."""
    if said.names:
        return None
    return next((c for c in mine if c.accused and set(said.roles) <= set(c.accused.roles)), None)


def _go_on_with(turn: Turn, rest: str) -> None:
    from handlers.route import words  # whose words these are: a circle

    turn.heard = replace(turn.heard, text=rest, files=())
    words(turn)


def _offer(turn: Turn, case: Case, accusing: str, files: tuple[str, ...]) -> None:
    """Asked; unanswered it becomes a case, as everything that is half told. While something else is half told it is one at once."""
    spot = case.spot if case.spot.known else turn.person.home
    draft = Draft(
        turn.world.mint(), turn.person.id, accusing, turn.now, turn.now, turn.speaker.channel if turn.speaker else "web", files=files,
        spot=spot, asked=(f"{ABOUT}{case.id}",),
    )
    draft = complaints.sorted_in(turn, draft)
    if _half_told(turn):
        open_draft(turn, draft)
        return
    intake.keep(turn, draft)
    turn.ask("resident.complaint_apart", case.id, ("complain", "no_complaint"), draft_id=draft.id, words=accusing)


@press("resident.complaint_apart", "complain")
def complain(turn: Turn, question: Any, args: dict[str, str]) -> None:
    draft = talk.draft(turn.conn, question.draft_id)
    if draft is None:
        turn.say("resident.late_plain")
    else:
        intake.go_on(turn, replace(draft, touched_at=turn.now), intake.nothing_new())


@press("resident.complaint_apart", "no_complaint")
def no_complaint(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if talk.draft(turn.conn, question.draft_id) is not None:
        turn.write(DropDraft(question.draft_id))
    turn.say("resident.not_complained")


