"""One outage, one line: a limit that passes (or comes near) for several cases of one building and kind in the same minute is told once, with a
button for each. A worker fears nothing so much as a flood."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from casework.case import Case
from casework.effects import Ask, Kind, Option, Say
from handlers.pressed import button_value, short_id
from handlers.texts import Facts, spot_name, text_of
from handlers.turn import Turn
from storage import talk

MANY: Final = {
    "staff.arrival_missed": "staff.arrival_missed_many", "staff.solve_missed": "staff.solve_missed_many", "staff.soon": "staff.soon_many",
}
WAITS: Final = timedelta(minutes=1)  # for the others of the same minute; no emergency waits
BUTTONS: Final = 10


def folds(message: Say | Ask, case: Case | None) -> bool:
    """Whether the line is one of those that come in rows."""
    return message.key in MANY and case is not None and not case.emergency and case.spot.building_id is not None


def into_waiting(turn: Turn, message: Say | Ask, case: Case, due: datetime) -> bool:
    """Added to the line that waits for the same reader, building and kind; False: there is none."""
    for row in talk.waiting_like(turn.conn, message.to, message.key, turn.now):
        ids = _told_of(turn, row)
        first = turn.case(ids[0])
        if (first.spot.building_id, first.category) == (case.spot.building_id, case.category) and case.id not in ids:
            _rewrite(turn, row, message, [*ids, case.id], due)
            return True
    return False


def _told_of(turn: Turn, row: Any) -> list[str]:
    """The cases of which a waiting line speaks."""
    question = talk.question(turn.conn, row.question_id) if row.case_id is None and row.question_id else None
    return [str(id_) for id_ in question.args["ids"]] if question is not None else [row.case_id]


def _rewrite(turn: Turn, row: Any, message: Say | Ask, ids: list[str], due: datetime) -> None:
    found = [turn.case(id_) for id_ in ids]
    options = [Option("case", {"id": c.id, "number": c.number}) for c in found[:BUTTONS]]
    options += [Option("everything")] if len(found) > BUTTONS else []
    place = spot_name(turn, replace(found[0].spot, unit=None, room=None, words=""))
    said = Say(message.to, MANY[message.key], found[0].id, {
        "count": len(found), "numbers": "、".join(c.number for c in found), "building": place,
    }, Kind.FACT)
    id_, labelled = short_id(turn.world), [
        {"name": o.name, "args": dict(o.args), "label": text_of(f"button.{o.name}").format_map(o.args)} for o in options
    ]
    talk.insert_question(
        turn.conn, id=id_, person_id=message.to, name="folded", case_id=None, draft_id=None, task_id=None, options=labelled,
        args={"said_as": said.key, "ids": ids}, awaited=False, asked_at=turn.now,
    )
    talk.rewrite_waiting(
        turn.conn, row.id, text=text_of(said.key).format_map(Facts(turn, said, due)).strip(), question_id=id_, case_id=None, valid_states=[],
        buttons=[{"label": str(o["label"]), "value": button_value(turn.world, id_, i)} for i, o in enumerate(labelled)],
    )
