"""BEHAVIOUR's limits on how many messages anybody gets, counted from the rows that went out; `broken` names each that was passed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from sqlalchemy import func, select

from casework.case import Case, Urgency
from casework.hours import AWAKE
from storage import cases, people
from storage.queues import outbox
from tests.stories.winter.counting import CLIMB, TASK, Sent, sent
from tests.stories.winter.week import STAFF, THREAD, Week

# What a resident hears unasked about a case, and the step that each is due to: at most once a step.
DUE_TO: Mapping[str, str] = {
    "resident.acknowledged": "acknowledge", "checkback.solved": "resolve", "checkback.solved_behalf": "resolve",
    "checkback.remind": "remind", "resident.promised": "promise", "resident.extended": "extend", "resident.climbed": "climb", "resident.nobody_yet": "climb",
    "resident.solve_missed": "miss_solve", "resident.dismissed": "dismiss", "resident.redirected": "redirect",
    "resident.times_offered": "offer_times", "resident.appointment_soon": "remind_appointment",
    "resident.appointment_missed": "miss_appointment", "resident.passed_on": "pass_on", "resident.staff_words": "contact",
    "resident.safe": "declare_safe", "resident.closed_unanswered": "close_unanswered", "worker.defer_question": "note",
}
ONCE = ("resident.solve_missed", "resident.climbed", "resident.nobody_yet")  # however long it takes: these a day at most, and the week had none longer
SMOOTH = frozenset({"register", "dispatch", "acknowledge", "arrive", "resolve", "reply", "grade"})
FIVE = ("resident.receipt", "resident.acknowledged", "checkback.solved", "checkback.satisfied", "resident.thanks_")
ASKED_ABOUT = ("resident.question_overdue", "resident.human_overdue", "resident.desk_says", "resident.desk_answered", "intake.", "resident.receipt", "resident.ask_phone_push")  # owed to words of before
CARDS = ("card.new", "card.danger", "card.complaint", "card.handed_over")
ONE_EACH = ("staff.soon", "staff.solve_missed", "staff.arrival_missed")
# What the lowest desk above hears of a case that is in somebody's hands below.
UPWARD = ("staff.objected", "staff.solve_missed", "staff.arrival_missed", "staff.appointment_missed", "staff.dissatisfied", "task.extend",
          "worker.defer_yes", "worker.defer_no")


def broken(week: Week) -> list[str]:
    """Every limit that the week passed, in words; none is the promise."""
    found, known = sent(week), {c.id: c for c in week.town.cases()}
    return [
        *_one_a_turn(week), *_residents(week, found, known), *_smooth(week, found, known), *_workers(week, found, known), *_above(week, found, known),
        *_twice(found), *_quiet(found, known), *_thread(week),
    ]


def _one_a_turn(week: Week) -> Iterator[str]:
    """A resident's message gets one answer at most."""
    staff = {s.to for s in sent(week) if s.role not in ("resident", "group robot")}
    for turned in week.town.turned:
        if turned.sender not in staff and turned.to.get(turned.sender, 0) > 1:
            yield f"{turned.sender} wrote {turned.text!r} and got {turned.to[turned.sender]} messages"


def _residents(week: Week, found: list[Sent], known: Mapping[str, Case]) -> Iterator[str]:
    told = Counter((m.name, m.case_id, key) for m in found if m.role == "resident" and m.kind != "answer" for key in m.keys)
    for (name, case_id, key), count in told.items():
        if key.startswith(ASKED_ABOUT):
            continue
        if key not in DUE_TO or case_id is None:
            yield f"{name} got {key} unasked"
            continue
        events = Counter(week.events(known[case_id].number))
        most = 1 if key in ONCE else events[DUE_TO[key]]
        if DUE_TO[key] == "note":
            most = 1
        if count > most:
            yield f"{name} got {key} {count} times about {known[case_id].number}, for {most} {DUE_TO[key]}"


def _smooth(week: Week, found: list[Sent], known: Mapping[str, Case]) -> Iterator[str]:
    """Five at most where all went well; a word about the telephone number is an answer to the resident's own."""
    smooth = [c for c in known.values() if c.answer is not None and set(week.events(c.number)) <= SMOOTH]
    assert len(smooth) > 4, "nothing went well in this week"
    for case in smooth:
        of = [m for m in found if m.to == case.resident_id and m.case_id == case.id and not (
            m.kind == "answer" and not any(key.startswith(FIVE) for key in m.keys))]
        events = Counter(week.events(case.number))
        if events["resolve"] == 1 and len(of) > 5:
            yield f"{case.number}: {[m.keys for m in of]}"


def _workers(week: Week, found: list[Sent], known: Mapping[str, Case]) -> Iterator[str]:
    """The card, one soon-due, one overdue; the rest is the answer, or what the resident or a desk did."""
    told = Counter((m.name, m.case_id, key) for m in found if m.role == "worker" for key in m.keys if key in (*CARDS, *ONE_EACH))
    for (name, case_id, key), count in told.items():
        case = known[case_id] if case_id is not None else None
        anew = 0 if case is None or key in CARDS else case.reopens + week.events(case.number).count("promise")
        if key == "staff.soon" and case is not None and case.urgency is Urgency.NORMAL:
            yield f"{name} got {key} about {case.number}, which stands in the digest"
        if count > 1 + anew:  # a new limit makes a new warning
            yield f"{name} got {key} {count} times about {case_id}"
    days = Counter((m.name, m.at.date(), m.keys) for m in found if m.kind == "digest")
    yield from (f"{name} got {keys} {count} times on {day}" for (name, day, keys), count in days.items() if count > 1)


def _above(week: Week, found: list[Sent], known: Mapping[str, Case]) -> Iterator[str]:
    """A desk hears of what reached its rung, of its tasks, and of what the one below it has in hand and misses."""
    with week.town.database.reading() as conn:
        holds = {r.post_id: r.person_id for r in conn.execute(select(people.HOLDING).where(people.HOLDING.c.post_id.in_(STAFF.values())))}
        parts = {(p.post_id, c) for c in known for p in cases.parts(conn, c)}  # type: ignore[arg-type]
        tasks = {(r.owner_post, r.case_id) for r in conn.execute(select(TASK))}
        climbed = {(r.post_id, r.case_id) for r in conn.execute(
            select(CLIMB.c.post_id, TASK.c.case_id).join(TASK, TASK.c.id == CLIMB.c.task_id))}
    desks = {person: post for post, person in holds.items() if post[:2] in ("cs", "sd", "ci")}
    for m in found:
        post = desks.get(m.to)
        if post is None or m.case_id is None or m.kind in ("answer", "digest"):
            continue
        if (post, m.case_id) in parts | tasks | climbed:
            continue
        below = post == "cs-s1c1" or ("cs-s1c1", m.case_id) in parts
        if not (below and m.keys[0] in UPWARD):
            yield f"{m.name} got {m.keys} about {known[m.case_id].number}, which never reached that rung"


def _twice(found: list[Sent]) -> Iterator[str]:
    """The same thing is said to the same person once at a time."""
    told = Counter((m.to, m.case_id, m.keys, m.at) for m in found if m.case_id is not None and m.kind not in ("answer", "prompt"))
    yield from (f"{what} {count} times" for what, count in told.items() if count > 1)


def _quiet(found: list[Sent], known: Mapping[str, Case]) -> Iterator[str]:
    """22:00 to 07:00: only emergencies, answers to somebody who has just written, what becomes of an urgent case told within two hours,
    and the night roster's urgent cards."""
    for m in found:
        if time(7) <= m.at.time() < time(22) or m.urgency == "emergency" or m.kind == "answer":
            continue
        if m.role == "resident" and m.keys[0].startswith("intake."):
            continue  # asked of somebody who has just written
        if m.role == "resident" and m.urgency == "urgent" and m.case_id is not None and m.at - known[m.case_id].filed_at <= AWAKE:
            continue
        if not (m.kind == "card" and m.urgency == "urgent" and m.role != "worker"):
            yield f"{m.name} got {m.keys} at {m.at:%a %H:%M}"


def _thread(week: Week) -> Iterator[str]:
    """The page shows what was sent to it, each once."""
    with week.town.database.reading() as conn:
        rows: Any = conn.execute(select(func.count()).select_from(outbox.OUT).where(outbox.OUT.c.channel == "web", outbox.OUT.c.state == "sent"))
        shown: Any = conn.execute(select(func.count()).select_from(THREAD).where(THREAD.c.outbox_id.is_not(None)))
        counts = rows.scalar_one(), shown.scalar_one()
    if counts[0] != counts[1]:
        yield f"{counts[0]} messages went to pages, {counts[1]} are shown"
