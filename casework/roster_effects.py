"""What a turn can change in the duty roster. storage/roster_effects.py writes each; a roster is read anew each turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

from casework.case import AreaId, PostId


@dataclass(frozen=True, slots=True)
class Duty:
    """On or off duty by the worker's own word."""

    post_id: PostId
    on: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class GrantLeave:
    """The post is on leave from `first` to `last`, both included; `substitute` has said yes, or there is none."""

    post: PostId
    first: date
    last: date
    substitute: PostId | None


@dataclass(frozen=True, slots=True)
class EndLeave:
    """The leave that begins on `first` ends early: `back` is the first day at work again; a leave that has not begun by
    then never was."""

    post: PostId
    first: date
    back: date


@dataclass(frozen=True, slots=True)
class ChangeShift:
    """On that day the post has duty in the area at these hours, or has not. The opposite of it, if it stands, is taken
    away instead: what was swapped and swapped back leaves nothing behind."""

    post: PostId
    area: AreaId
    day: date
    starts: time
    ends: time
    kind: Literal["on", "off"]


RosterEffect = Duty | GrantLeave | EndLeave | ChangeShift
