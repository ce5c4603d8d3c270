"""What the week came to: who got how many messages, how cases ended, what climbed; and BEHAVIOUR's limits, counted from the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import select

from storage import cases, people
from storage import tables as t
from storage.queues import outbox
from tests.stories.winter.week import STAFF, ZONE, Week

TASK: Any = t.Task.__table__  # type: ignore[attr-defined]
CLIMB: Any = t.TaskClimb.__table__  # type: ignore[attr-defined]
TITLES = {"w-": "worker", "cs": "secretary", "sd": "subdistrict", "ci": "city"}
ROLES = ("resident", "worker", "secretary", "subdistrict", "city", "group robot")


@dataclass(frozen=True)
class Sent:
    """One message that went out."""

    to: str
    name: str
    role: str
    kind: str
    keys: tuple[str, ...]
    urgency: str
    case_id: str | None
    at: datetime


def sent(week: Week) -> list[Sent]:
    """Every outbox row that reached a phone, a page or a group, in order."""
    with week.town.database.reading() as conn:
        names = {r.id: r.name for r in conn.execute(select(people.PERSON))}
        posts = {r.person_id: r.post_id for r in conn.execute(select(people.HOLDING).where(people.HOLDING.c.post_id.in_(STAFF.values())))}
        rows = conn.execute(select(outbox.OUT).where(outbox.OUT.c.state == "sent").order_by(outbox.OUT.c.id)).all()
    return [
        Sent(r.person_id, names[r.person_id], _role(r, posts), r.kind, tuple(r.key.split("+")), r.urgency, r.case_id, r.sent_at.astimezone(ZONE))
        for r in rows
    ]


def _role(row: Any, posts: dict[str, str]) -> str:
    if row.key.startswith("group:"):
        return "group robot"
    return TITLES[posts[row.person_id][:2]] if row.person_id in posts else "resident"


# ---- the table -----------------------------------------------------------------------------------------------------


def table(week: Week) -> str:
    """The week in one page."""
    with week.town.database.reading() as conn:
        events = [e for c in week.town.cases() for e in cases.events(conn, c.id)]
        tasks = conn.execute(select(TASK)).all()
        climbed = len(conn.execute(select(CLIMB)).all())
    ends = Counter(str(c.state) for c in week.town.cases())
    rungs = Counter(str(e.changes.get("rung")) for e in events if e.kind == "climb")
    outcomes = Counter((row.kind, row.outcome or "open") for row in tasks)
    return "\n".join([
        f"{'messages':<14}{'people':>7}{'all':>6}{'asked':>7}{'min':>5}{'med':>6}{'max':>5}   unasked: min/med/max",
        *_messages(week), "", f"cases {sum(ends.values())}: " + _said(ends),
        f"climbs: cases {sum(rungs.values())} (to rung " + _said(rungs) + f"), tasks {climbed}",
        "tasks: " + ", ".join(f"{kind} {outcome} {count}" for (kind, outcome), count in sorted(outcomes.items())),
    ])


def _messages(week: Week) -> Iterator[str]:
    """Asked: what answers somebody who has just written. Residents without a message count as well."""
    found = sent(week)
    for role in ROLES:
        of = [m for m in found if m.role == role]
        if not of:
            continue
        everybody = {m.to for m in of}
        every, unasked = Counter(m.to for m in of), Counter(m.to for m in of if m.kind != "answer")
        counts, alone = sorted(every[p] for p in everybody), sorted(unasked[p] for p in everybody)
        yield (f"{role:<14}{len(everybody):>7}{len(of):>6}{sum(m.kind == 'answer' for m in of):>7}{counts[0]:>5}{median(counts):>6g}{counts[-1]:>5}"
               f"   {alone[0]}/{median(alone):g}/{alone[-1]}")


def _said(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counted.items()))


