"""What a turn learns of a group: Jiesu was added or taken out, or the platform gave it a new id. storage/group_effects.py writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MarkGroup:
    """Whether anything can be said in this group."""

    group_id: str
    blocked: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MoveGroup:
    """The group has another id now."""

    group_id: str
    new_id: str


GroupEffect = MarkGroup | MoveGroup
