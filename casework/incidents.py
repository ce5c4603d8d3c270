"""群诉: is this the same trouble as those? The cases stay apart; the worker sees "同楼另有3件"."""

from __future__ import annotations

from collections.abc import Iterable

from casework.case import Case


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


def _same(case: Case, other: Case) -> bool:
    if case.topic is None:
        return other.category == case.category
    return other.topic == case.topic
