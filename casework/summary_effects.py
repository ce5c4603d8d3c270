"""What a turn does for those who look at many cases at once: the words by which a case is found. storage/summary_effects.py writes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from casework.case import CaseId


@dataclass(frozen=True, slots=True)
class KeepWords:
    """Words that were said about a case, cut by whoever can: what is known already changes nothing."""

    case_id: CaseId
    day: date  # of its filing
    words: Collection[str]


SummaryEffect = KeepWords
