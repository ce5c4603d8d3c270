"""Groups of staff with a robot in them: who has nothing that rings is told there that something waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casework.case import AreaId


@dataclass(frozen=True, slots=True)
class Group:
    """A group that can be written to, and the areas whose posts it serves."""

    channel: str
    name: str
    areas: tuple[AreaId, ...]


def serving(groups: Sequence[Group], chain: Sequence[AreaId]) -> Group | None:
    """The group of the smallest area that has one. `chain`: a post's area and those that hold it, the smallest first."""
    for area in chain:
        for group in groups:
            if area in group.areas:
                return group
    return None
