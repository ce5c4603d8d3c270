"""保密 and its way back; and "this is no complaint about anybody". Buttons of the receipt and the timeline, or plain words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from casework import actions as a
from casework.case import Part
from casework.effects import KeepDraft
from casework.town import holders
from handlers.filing import joined
from handlers.own_cases import one_of_mine
from handlers.turn import Turn, press
from handlers.undoing import done
from storage import cases, talk


def hide(turn: Turn, rest: str = "") -> None:
    """保密."""
    one_of_mine(turn, "resident.hide_which", hide_case, "hide")


def wished(turn: Turn, text: str) -> None:
    """别说是我说的, 能不能匿名, by itself: of what is half told it is kept, else of a case in hand; otherwise how it is done."""
    from handlers import additions  # which begins cases, which are hidden: a circle

    draft = talk.draft_of(turn.conn, turn.person.id)
    if draft is not None and draft.text:
        turn.write(KeepDraft(replace(draft, text=joined([draft.text, text]))))
        turn.say("resident.will_hide")
        return
    mine = [case for case in cases.open_of(turn.conn, turn.person.id) if not case.confidential]
    spoken_of = additions.in_focus(turn, mine)
    if spoken_of is not None:
        hide_case(turn, spoken_of.id)
    elif mine:
        hide(turn)
    else:
        turn.say("resident.how_to_hide")


@press("receipt", "hide")
def hide_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    hide_case(turn, question.case_id)


@press("hide", "case")
def hide_this(turn: Turn, question: Any, args: dict[str, str]) -> None:
    hide_case(turn, args["id"])


def hide_case(turn: Turn, case_id: str) -> None:
    """What a phone shows already stays there: said, not passed over."""
    before = turn.case(case_id)
    sent = bool(holders(turn.parts(case_id), Part.ASSIGNEE)) and not before.accused
    if turn.act(case_id, a.Hide()):
        done(turn, "resident.hidden_from_now" if sent else "resident.hidden", case_id)


def unhide(turn: Turn, rest: str = "") -> None:
    """取消保密."""
    one_of_mine(turn, "resident.unhide_which", unhide_case, "unhide")


@press("receipt", "unhide")
def unhide_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    unhide_case(turn, question.case_id)


@press("unhide", "case")
def unhide_this(turn: Turn, question: Any, args: dict[str, str]) -> None:
    unhide_case(turn, args["id"])


def unhide_case(turn: Turn, case_id: str) -> None:
    if turn.act(case_id, a.Unhide()):
        done(turn, "resident.unhidden", case_id)


@press("receipt", "nobody_meant")
def nobody_meant(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Asked once more: the words are read by others then."""
    if turn.may(question.case_id, a.NobodyMeant):
        turn.ask("resident.nobody_meant_sure", question.case_id, options=("yes", "no"))


@press("resident.nobody_meant_sure", "yes")
def nobody_meant_yes(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.act(question.case_id, a.NobodyMeant())


@press("resident.nobody_meant_sure", "no")
def nobody_meant_no(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.say("resident.kept_apart", question.case_id)
