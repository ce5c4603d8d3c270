"""What the desk's tasks still need: the tries so far, and second questions that wait for an answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from casework import history
from casework.access import Scope
from casework.case import Event, Task
from storage import cases, talk

SECOND = "task.satisfied"


def tries(conn: Connection, task: Task) -> list[Event]:
    """When it was tried to reach the resident since the task was opened, and by whom."""
    if task.case_id is None:
        return []
    standing = history.standing(cases.events(conn, task.case_id))
    return [e for e in standing if e.kind == "try_call" and e.at >= task.opened_at]


def second_questions(conn: Connection, scope: Scope, since: datetime) -> list[Any]:
    """The second questions of the check-back that this person has begun to ask and not noted an answer to yet."""
    asked = talk.open_questions(conn, scope.own_person, awaited=False)
    return [q for q in asked if q.name == SECOND and q.asked_at >= since]
