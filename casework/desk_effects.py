"""What a turn does about the desk's tasks and its doors, beside opening and ending them. storage/desk_effects.py writes each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casework.case import PostId


@dataclass(frozen=True, slots=True)
class ClimbTask:
    """Nobody did it in time: this desk above has the task as well from now on."""

    task_id: str
    post: PostId


@dataclass(frozen=True, slots=True)
class SendAgain:
    """A message that never went out goes out once more, by this address; the old row says so."""

    outbox_id: int
    address_id: str
    channel: str


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """A one-time link was told to its person: `row` is what is kept of it, a keyed hash and how long it is good."""

    row: Mapping[str, object]


DeskEffect = ClimbTask | SendAgain | OpenDoor
