"""群诉: is this the same trouble as those? The cases stay apart; the worker sees "同楼另有3件"."""

from __future__ import annotations

from collections.abc import Iterable

from casework.case import Case, State


def same_trouble(case: Case, others: Iterable[Case]) -> tuple[Case, ...]:
    """Those of the others that are open, in the same building, and about the same: the topic, or, where this case's
    topic is unknown, the category."""
    building = case.spot.building_id
    if building is None:
        return ()
    return tuple(
        other
        for other in others
        if other.id != case.id and not other.ended and other.spot.building_id == building and _same(case, other)
    )


def against_merging(case: Case, into: Case) -> str | None:
    """Why the one case may not go with the other: the name of a sentence. Complaints about somebody stay apart, and no danger is
    hidden behind what can wait."""
    if case.id == into.id or into.merged_into == case.id:
        return "itself"
    if case.merged_into == into.id:
        return "already"
    if case.ended or into.ended:
        return "ended"
    if into.state in (State.RESOLVED, State.DEFERRED) or case.state in (State.RESOLVED, State.DEFERRED):
        return "not_in_hand"
    if case.accused or into.accused:
        return "complaint"
    return "danger" if case.emergency and not into.emergency else None


def _same(case: Case, other: Case) -> bool:
    if case.topic is None:
        return other.category == case.category
    return other.topic == case.topic
