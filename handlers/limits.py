"""The limits of a case, as a card says them; and why it was given back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime

from casework import deadlines, history
from casework.case import Case, State
from handlers.turn import Turn
from handlers.wording import text_of, word
from storage import cases


class Limits(ABC):
    """The part of the facts that is about time (handlers/texts.py)."""

    turn: Turn
    read_at: datetime

    @property
    @abstractmethod
    def case(self) -> Case:
        """The case that is spoken of."""

    @abstractmethod
    def _spoken(self, value: object) -> str:
        """A value as one says it."""

    def _ack_by(self) -> str:
        """Until when whoever has it now is to acknowledge: after a return or a naming, the new owner's own limit."""
        return self._spoken(self._ack_at())

    def _ack_at(self) -> datetime:
        case, policy = self.case, self.turn.policy
        if case.rung == 0 and case.climbed_at is not None:
            return deadlines.next_climb(case, policy)
        return deadlines.due(case, policy).acknowledge

    def _ack(self) -> str:
        """今天10:44前接单; a limit that has passed is not said as if it lay ahead."""
        return self._limit("ack", self._ack_at())

    def _limit(self, name: str, at: datetime | None) -> str:
        if at is None:
            return ""
        return text_of(f"card.{name}_by" if at > self.read_at else f"card.{name}_passed").format(at=self._spoken(at))

    def _arrive(self) -> str:
        return self._limit("arrive", deadlines.due(self.case, self.turn.policy).arrive)

    def _solve(self) -> str:
        """明天10:00前办好; of what is deferred, until when."""
        if self.case.state is State.DEFERRED and self.case.defer_until is not None:
            return text_of("card.deferred_until").format(at=self._spoken(self.case.defer_until))
        return self._limit("solve", deadlines.due(self.case, self.turn.policy).solve)

    def _why_returned(self) -> str:
        """For what reason it was given back last, or nothing."""
        reasons = self._reasons()
        return reasons[-1] if reasons else ""

    def _whys_returned(self) -> str:
        """The reasons of all the returns that stand, in their order."""
        return "、".join(dict.fromkeys(self._reasons()))

    def _reasons(self) -> list[str]:
        stands = history.standing(cases.events(self.turn.conn, self.case.id))
        return [word("button", str(e.changes.get("reason"))) for e in stands if e.kind == "return"]

    def _name_limit(self) -> str:
        return self._limit("name", deadlines.name_owner_by(self.case, self.turn.policy))

    def _answer_by(self) -> str:
        """督办: until when an answer is awaited; of whoever has not acknowledged yet, that first."""
        return self._spoken(self.case.promise_due) if self.case.promise_due is not None else self._ack_by()

    def _arrive_by(self) -> str:
        return self._spoken(deadlines.due(self.case, self.turn.policy).arrive)

    def _solve_by(self) -> str:
        return self._spoken(deadlines.due(self.case, self.turn.policy).solve)
