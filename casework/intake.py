"""What is still missing before a case can be dispatched, and what to ask next: one thing at a time."""

from __future__ import annotations

from datetime import datetime

from casework.case import Urgency
from casework.effects import Draft
from casework.policy import Policy

GUESS, CATEGORY, PLACE, BUILDING = "intake.guess", "intake.category", "intake.place", "intake.building"


def missing(draft: Draft, policy: Policy, place_settled: bool) -> str | None:
    """The next thing to ask, or None: the case can be opened. Danger waits for nothing; nothing is asked twice.

    `place_settled`: the place lies in one grid, or cannot be made more exact.
    """
    if draft.urgency is Urgency.EMERGENCY:
        return None
    if draft.category is None and CATEGORY not in draft.asked:
        return CATEGORY
    if draft.category is not None and draft.confidence < policy.guess_below and GUESS not in draft.asked:
        return GUESS
    if not draft.spot.known and PLACE not in draft.asked:
        return PLACE
    if draft.spot.known and not place_settled and BUILDING not in draft.asked:
        return BUILDING
    return None


def overdue(draft: Draft, policy: Policy, now: datetime) -> bool:
    """The resident has been silent for ten minutes: a half-told complaint becomes a case all the same."""
    return now >= draft.touched_at + policy.draft_timeout
