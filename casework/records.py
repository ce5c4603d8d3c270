"""The past brought in: what a hotline's register tells of a matter that was over there, as a case that has ended.

Nothing ticks for such a case, nobody is asked or told anything about it, and it counts in the figures of the day of its filing. Where
the register is silent the case is silent: without a time of answering it says nothing of 响应率, without an answer nothing of 解决率.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from casework import history
from casework.accused import NOBODY, Accused
from casework.case import (
    HOTLINE,
    Answer,
    AreaId,
    Case,
    CaseId,
    Event,
    PersonId,
    Satisfaction,
    Spot,
    State,
    Urgency,
    Who,
)

BROUGHT_IN: Final = "bring_in"
"""The event by which a record came in, or came in anew."""
CHANNEL: Final = "phone"
WHY: Final[Mapping[str, str]] = {
    "not_solved": "历史记录：回访时说没有解决",
    "partly": "历史记录：回访时说解决了一部分",
    "unfinished": "历史记录：表里还没有办结",
    "unanswered": "历史记录：表里没有回访结果",
    "dismissed": "历史记录：表里写明不是诉求",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went, as far as the register says. Times are aware; an answer without a time of its own was given when it ended."""

    acknowledged_at: datetime | None = None
    ended_at: datetime | None = None
    answer: Answer | None = None
    answered_at: datetime | None = None
    satisfaction: Satisfaction | None = None
    withdrawn: bool = False
    dismissed: bool = False
    struck_out: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """One record, understood: what the matter was, where, and how it went."""

    filed_at: datetime
    summary: str
    category: str
    topic: str | None
    also: tuple[str, ...]
    urgency: Urgency
    danger: str | None
    confidence: float
    spot: Spot
    area_id: AreaId
    community_id: AreaId | None
    grid_id: AreaId | None
    resident_id: PersonId
    outcome: Outcome = Outcome()
    accused: Accused = NOBODY
    confidential: bool = False


def state_of(outcome: Outcome) -> tuple[State, str | None]:
    """In which of the ends a record belongs, and why. Only the resident's 已解决 confirms; what the register leaves open ended there."""
    if outcome.withdrawn:
        return State.WITHDRAWN, None
    if outcome.dismissed:
        return State.DISMISSED, WHY["dismissed"]
    if outcome.answer is Answer.SOLVED:
        return State.CONFIRMED, None
    if outcome.answer is not None:
        return State.CLOSED_UNANSWERED, WHY[outcome.answer.value]
    return State.CLOSED_UNANSWERED, WHY["unfinished" if outcome.ended_at is None else "unanswered"]


def case_of(past: Past, id: CaseId, number: str, rev: int = 1) -> Case:
    """The record as a case that has ended; when it ended nobody wrote down, it ended with its filing."""
    outcome = past.outcome
    state, why = state_of(outcome)
    ended = outcome.ended_at or outcome.answered_at or outcome.acknowledged_at or past.filed_at
    answered = (outcome.answered_at or outcome.ended_at) if outcome.answer is not None else None
    return Case(
        id=id, number=number, state=state, category=past.category, urgency=past.urgency, resident_id=past.resident_id,
        filed_at=past.filed_at, clock_from=past.filed_at, summary=past.summary, community_id=past.community_id,
        grid_id=past.grid_id, area_id=past.area_id, topic=past.topic, also=past.also, danger=past.danger, spot=past.spot,
        channel=CHANNEL, origin=HOTLINE, confidential=past.confidential, accused=past.accused, confidence=past.confidence,
        acknowledged_at=outcome.acknowledged_at, resolved_at=outcome.ended_at, answer=outcome.answer, answered_at=answered,
        satisfaction=outcome.satisfaction, ended_at=ended, end_reason=why, struck_out=outcome.struck_out, rev=rev,
    )  # fmt: skip


def again(before: Case, past: Past) -> Case | None:
    """The case as the record tells it now; None when it tells nothing new."""
    after = case_of(past, before.id, before.number, before.rev)
    return None if after == before else replace(after, rev=before.rev + 1)


def event(before: Case | None, after: Case, now: datetime) -> Event:
    """What happened to the case: it came in, or came in anew. Nobody of the town did it."""
    was = before.state if before is not None else None
    return Event(after.id, after.rev, now, BROUGHT_IN, Who.SYSTEM, None, None, was, after.state, history.changes(before, after))
