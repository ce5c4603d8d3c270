"""已无危险: said of a danger by who was there, or who asked by telephone; nobody else."""

from __future__ import annotations

from typing import Any

from casework import actions as a
from handlers.turn import Turn, press
from handlers.undoing import done


@press("card", "safe")
def safe(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """已无危险: said of a danger by who was there; who was not is asked whence they know it."""
    case = turn.case(question.case_id)
    if not turn.may(case.id, a.DeclareSafe):
        return
    if case.arrived_at is not None:
        _safe(turn, case.id, a.DeclareSafe())
    else:
        turn.ask("worker.safe_how", case.id, options=("safe_seen", "safe_telephone", "safe_unknown"))


@press("worker.safe_how", "safe_seen")
def safe_seen(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """On the spot: that is noted as well, with the hour."""
    case = turn.case(question.case_id)
    if case.arrived_at is not None or turn.act(case.id, a.Arrive()):
        _safe(turn, case.id, a.DeclareSafe())


@press("worker.safe_how", "safe_telephone")
def safe_telephone(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _safe(turn, question.case_id, a.DeclareSafe(by_telephone=True))


@press("worker.safe_how", "safe_unknown")
def safe_unknown(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.say("worker.safe_first", question.case_id)


def _safe(turn: Turn, case_id: str, step: a.DeclareSafe) -> None:
    if turn.act(case_id, step):
        done(turn, "worker.safe", case_id)
        turn.focus(case_id)
