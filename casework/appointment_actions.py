"""约时间: what can be done about an appointment. The rules of it stand in casework/appointments.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from casework.action import Action
from casework.case import PostId

NOT_SAID = PostId("")


@dataclass(frozen=True, slots=True)
class WishTime(Action):
    """The resident says when somebody is at home, or asks when somebody comes; the words go to whoever has it."""


@dataclass(frozen=True, slots=True)
class OfferTimes(Action):
    """Whoever comes names up to three times; it counts as contact."""

    times: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Agree(Action):
    """The resident picks one of the times; `post`: who offered it and comes."""

    at: datetime | None = None
    post: PostId = NOT_SAID


@dataclass(frozen=True, slots=True)
class CallOff(Action):
    """One of the two cannot keep it; the words say why, or when instead."""


@dataclass(frozen=True, slots=True)
class RemindAppointment(Action):
    """Its time comes near: first the resident hears it, then who comes."""


@dataclass(frozen=True, slots=True)
class MissAppointment(Action):
    """Its time has passed, and nobody was there."""
