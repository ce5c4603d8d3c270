"""Verbs of the desk's tasks: see effects.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from casework.case import CaseId, PersonId, PostId


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Something a person has to do; `owner` is a post. Told to its holder by a Say or Ask beside it."""

    id: str
    kind: str
    owner: PostId
    due_at: datetime
    case_id: CaseId | None = None
    person_id: PersonId | None = None
    inbox_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class NoteTry:
    """One try of a task (a telephone call nobody answered). The next is due at `due_at`."""

    task_id: str
    at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class MoveTask:
    """Another post has the task now."""

    task_id: str
    owner: PostId


@dataclass(frozen=True, slots=True)
class TaskAgain:
    """An overdue task is looked at again then."""

    task_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EndTask:
    """A task ends with an outcome."""

    task_id: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ReopenTask:
    """A task that was ended by mistake is open again, due when it was. `forget`: a try was none."""

    task_id: str
    due_at: datetime
    forget: bool = False


@dataclass(frozen=True, slots=True)
class EndTasksOf:
    """Tasks of a kind about a case that nobody needs any more (the resident answered)."""

    case_id: CaseId
    kind: str
    outcome: str
