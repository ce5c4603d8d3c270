"""What a turn can do to the answers to common questions, and to the language in which somebody is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from casework.case import AreaId, PersonId, PostId


@dataclass(frozen=True, slots=True)
class TakeUpAnswer:
    """The desk puts its answer among the prepared ones: `by` and `post` stand beside it for good. `area`: whose residents it is
    given to; None: the whole town's."""

    id: str
    topic: str
    any_of: tuple[str, ...]
    with_any: tuple[str, ...]
    text: str
    source: str
    valid_until: date
    area: AreaId | None
    question: str  # as it was asked
    by: PersonId
    post: PostId


@dataclass(frozen=True, slots=True)
class TakeDownAnswer:
    """It is not given any more; the row stays, with who took it down."""

    id: str
    by: PersonId


@dataclass(frozen=True, slots=True)
class KeepLanguage:
    """The language in which the person writes now: zh or en."""

    person_id: PersonId
    language: str
