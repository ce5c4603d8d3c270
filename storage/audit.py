"""What casework.audit looks at: a town's cases with all that belongs to them, as values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.audit import OpenQuestion, OpenTimer, Snapshot
from casework.case import CaseId, Timer
from casework.policy import Policy
from storage import tables as t
from storage.rows import case_from, event_from, part_from, task_from

CASE: Any = t.Case.__table__  # type: ignore[attr-defined]
EVENT: Any = t.Event.__table__  # type: ignore[attr-defined]
PART: Any = t.CasePost.__table__  # type: ignore[attr-defined]
TIMER: Any = t.Timer.__table__  # type: ignore[attr-defined]
TASK: Any = t.Task.__table__  # type: ignore[attr-defined]
QUESTION: Any = t.Question.__table__  # type: ignore[attr-defined]

TIMERS = select(TIMER).where(TIMER.c.is_open == 1, TIMER.c.case_id.is_not(None))
TASK_TIMERS = select(TIMER.c.task_id).where(TIMER.c.is_open == 1, TIMER.c.task_id.is_not(None))
QUESTIONS = select(QUESTION).where(QUESTION.c.closed_at.is_(None), QUESTION.c.case_id.is_not(None))


def snapshot(conn: Connection, policy: Policy, now: datetime) -> Snapshot:
    """Everything, at this moment. For tests and a nightly look, not for a turn."""
    return Snapshot(
        cases=tuple(case_from(r) for r in conn.execute(select(CASE))),
        events=tuple(event_from(r) for r in conn.execute(select(EVENT))),
        case_posts=tuple(part_from(r) for r in conn.execute(select(PART))),
        timers=tuple(OpenTimer(CaseId(r.case_id), Timer(r.kind, r.due_at)) for r in conn.execute(TIMERS)),
        tasks=tuple(task_from(r) for r in conn.execute(select(TASK))),
        questions=tuple(OpenQuestion(CaseId(r.case_id), r.name) for r in conn.execute(QUESTIONS)),
        policy=policy,
        now=now,
        task_timers=frozenset(conn.execute(TASK_TIMERS).scalars()),
    )
