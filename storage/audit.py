"""What the audit looks at: the whole of a town (or a slice of it) as values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.audit import OpenQuestion, Snapshot
from casework.policy import Policy
from storage import tables as t
from storage.rows import case_from, event_from, part_from, task_from

CASE: Any = t.Case.__table__  # type: ignore[attr-defined]
EVENT: Any = t.Event.__table__  # type: ignore[attr-defined]
PART: Any = t.CasePost.__table__  # type: ignore[attr-defined]
TIMER: Any = t.Timer.__table__  # type: ignore[attr-defined]
TASK: Any = t.Task.__table__  # type: ignore[attr-defined]
QUESTION: Any = t.Question.__table__  # type: ignore[attr-defined]
