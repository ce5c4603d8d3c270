"""What a turn does for those who look at many cases at once: the words by which a case is found, notices to many residents.
storage/summary_effects.py writes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from casework.case import CaseId, PersonId, PostId


@dataclass(frozen=True, slots=True)
class KeepWords:
    """Words that were said about a case, cut by whoever can: what is known already changes nothing."""

    case_id: CaseId
    day: date  # of its filing
    words: Collection[str]


@dataclass(frozen=True, slots=True)
class OpenNotice:
    """A notice begins: `to` is everybody whom it is for. It goes out from `at` on, so many at a time."""

    id: str
    by: PersonId
    post: PostId
    where: str  # a building or an area
    words: str
    to: Collection[PersonId]
    at: datetime


@dataclass(frozen=True, slots=True)
class NoticeTold:
    """So far has a notice come. `again`: when the next are told; None: that was all."""

    id: str
    sent: Collection[PersonId]
    unreachable: Collection[PersonId]
    again: datetime | None = None


@dataclass(frozen=True, slots=True)
class StopNotice:
    """Nobody else is told; what has not gone out yet does not."""

    id: str


SummaryEffect = KeepWords | OpenNotice | NoticeTold | StopNotice
