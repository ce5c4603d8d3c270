"""Every promise of DESIGN section 3, checked: after every turn in tests, nightly in a running town.

A check is one function: it looks at one case and yields a sentence for each promise that it finds broken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeVar

from casework import deadlines, history
from casework.case import HOTLINE, Case, CaseId, CasePost, Event, Part, State, Task, Timer, Who
from casework.policy import Policy
from casework.records import BROUGHT_IN

SOLVED_QUESTION: Final = "checkback.solved"
BY_A_PERSON: Final = ("telephone", "visit")  # the tasks of a check-back that the resident did not answer


@dataclass(frozen=True, slots=True)
class OpenTimer:
    """A row of the timer table that has not fired."""

    case_id: CaseId
    timer: Timer


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A row of the question table that is open, about a case."""

    case_id: CaseId
    question: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows of one moment: `case_posts` and `tasks` with those that are over, events in any order."""

    cases: tuple[Case, ...]
    events: tuple[Event, ...]
    case_posts: tuple[CasePost, ...]
    timers: tuple[OpenTimer, ...]
    tasks: tuple[Task, ...]
    questions: tuple[OpenQuestion, ...]
    policy: Policy
    now: datetime
    task_timers: frozenset[str] | None = None  # the tasks that have an open timer; None: not looked at


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that the snapshot holds about one case."""

    case: Case
    events: tuple[Event, ...]  # in order
    parts: tuple[CasePost, ...]  # open ones
    timers: tuple[Timer, ...]
    tasks: tuple[Task, ...]
    questions: frozenset[str]
    policy: Policy
    now: datetime


def faults(snapshot: Snapshot) -> tuple[str, ...]:
    """Every broken promise, each as a sentence that begins with the case's number. Empty: all is well."""
    of_cases = (
        f"{dossier.case.number}: {fault}"
        for dossier in _dossiers(snapshot)
        for check in CHECKS
        for fault in check(dossier)
    )
    return (*of_cases, *_tasks_tick(snapshot))


def _tasks_tick(shot: Snapshot) -> Iterator[str]:
    """Every open task ticks: it is said when it is late, and climbs. One that has ended does not."""
    if shot.task_timers is None:
        return
    waiting = {task.id for task in shot.tasks if task.ended_at is None}
    yield from (f"task {task}: open, and nothing ticks" for task in sorted(waiting - shot.task_timers))
    yield from (f"task {task}: ticks for nothing" for task in sorted(shot.task_timers - waiting))


def _dossiers(shot: Snapshot) -> Iterator[Dossier]:
    events, parts = _by_case(shot.events), _by_case(p for p in shot.case_posts if p.until is None)
    timers, questions, tasks = _by_case(shot.timers), _by_case(shot.questions), _by_case(shot.tasks)
    for case in shot.cases:
        yield Dossier(
            case,
            tuple(sorted(events[case.id], key=lambda e: e.seq)),
            tuple(parts[case.id]),
            tuple(t.timer for t in timers[case.id]),
            tuple(tasks[case.id]),
            frozenset(q.question for q in questions[case.id]),
            shot.policy,
            shot.now,
        )


class _AboutCase(Protocol):
    @property
    def case_id(self) -> CaseId | None: ...


R = TypeVar("R", bound=_AboutCase)


def _by_case(rows: Iterable[R]) -> Mapping[CaseId | None, list[R]]:
    found: dict[CaseId | None, list[R]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


# ---- somebody has it ---------------------------------------------------------------------------------------------


def one_first_owner(file: Dossier) -> Iterator[str]:
    """首接负责: every open case has exactly one open first owner."""
    owners = [p.post_id for p in file.parts if p.part is Part.FIRST_OWNER]
    if not file.case.ended and len(owners) != 1:
        yield f"{len(owners)} first owners, must be 1"


def somebody_must_act(file: Dossier) -> Iterator[str]:
    """An open assignee or climbed part, or an open task."""
    acting = any(p.part in (Part.ASSIGNEE, Part.CLIMBED) for p in file.parts)
    if not file.case.ended and not acting and not _open_tasks(file):
        yield "open, and nobody must act"


def the_resident_is_asked(file: Dossier) -> Iterator[str]:
    """办结 is the worker's word only: the check-back question is open, or a telephone task."""
    asked = SOLVED_QUESTION in file.questions or any(t.kind in BY_A_PERSON for t in _open_tasks(file))
    if file.case.state is State.RESOLVED and not asked:
        yield "resolved, and the resident is not being asked"


def whom_it_is_about_has_no_part(file: Dossier) -> Iterator[str]:
    """A complaint about somebody: neither a part in it nor a task about it is theirs."""
    for post in {p.post_id for p in file.parts} | {t.owner_post for t in _open_tasks(file)}:
        if post in file.case.accused.posts:
            yield f"{post} has to do with a complaint about itself"


def _open_tasks(file: Dossier) -> list[Task]:
    return [t for t in file.tasks if t.ended_at is None]


# ---- it ticks ----------------------------------------------------------------------------------------------------


def it_ticks(file: Dossier) -> Iterator[str]:
    """The open timers are those that deadlines.timers() wants, each once; at least one while the case is open."""
    wanted = deadlines.timers(file.case, file.policy)
    if not file.case.ended and not wanted:
        yield "open, and nothing ticks"
    if len(file.timers) != len(set(file.timers)):
        yield "a timer twice"
    for timer in sorted(wanted - set(file.timers), key=_order):
        yield f"timer {timer.kind} {timer.due_at.isoformat()} is missing"
    for timer in sorted(set(file.timers) - wanted, key=_order):
        yield f"timer {timer.kind} {timer.due_at.isoformat()} ticks for nothing"


def _order(timer: Timer) -> tuple[datetime, str]:
    return timer.due_at, timer.kind


# ---- how it ended ------------------------------------------------------------------------------------------------


def it_ended_well(file: Dossier) -> Iterator[str]:
    """By the resident's word, or unanswered after a telephone task, or dismissed by a named person with a reason; or in another
    register before it was brought in."""
    case = file.case
    if case.ended != (case.ended_at is not None):
        yield f"{case.state.value}, but ended_at is {case.ended_at}"
    if case.ended and not _ended_before(file):
        yield from ENDED_BY[case.state](file)


def _ended_before(file: Dossier) -> bool:
    """It came in with this end: whoever ended it did so elsewhere."""
    return file.case.origin == HOTLINE and any(e.kind == BROUGHT_IN and e.now is file.case.state for e in file.events)


def _confirmed(file: Dossier) -> Iterator[str]:
    """The resident's own answer, or the answer a desk heard over the telephone."""
    if not _done(file, "reply", Who.RESIDENT, Who.DESK):
        yield "confirmed without the resident's word"


def _withdrawn(file: Dossier) -> Iterator[str]:
    if not _done(file, "withdraw", Who.RESIDENT):
        yield "withdrawn, and not by the resident"
    yield from _safe_first(file)


def _closed_unanswered(file: Dossier) -> Iterator[str]:
    telephoned = any(t.kind in BY_A_PERSON and t.ended_at is not None and t.outcome for t in file.tasks)
    if not telephoned or not _done(file, "close_unanswered", Who.DESK):
        yield "closed unanswered without a telephone task that ended with an outcome"
    yield from _reason(file)


def _dismissed(file: Dossier) -> Iterator[str]:
    if not _done(file, "dismiss", Who.DESK):
        yield "dismissed by nobody that is named"
    yield from _reason(file)
    yield from _safe_first(file)


def _done(file: Dossier, kind: str, *by: Who) -> bool:
    """Whether a named person in this capacity took the step that led to the state (which may have been left and
    come back to by 点错了)."""
    return any(e.kind == kind and e.now is file.case.state and e.who in by and e.by is not None for e in file.events)


def _reason(file: Dossier) -> Iterator[str]:
    if not (file.case.end_reason or "").strip():
        yield f"{file.case.state.value} without a reason"


def _safe_first(file: Dossier) -> Iterator[str]:
    if file.case.emergency and file.case.safe_at is None:
        yield "a danger ended before a staff member said 已无危险"


Check = Callable[[Dossier], Iterator[str]]

ENDED_BY: Final[Mapping[State, Check]] = {
    State.CONFIRMED: _confirmed,
    State.WITHDRAWN: _withdrawn,
    State.CLOSED_UNANSWERED: _closed_unanswered,
    State.DISMISSED: _dismissed,
}


# ---- it is written down ------------------------------------------------------------------------------------------


def every_change_is_an_event(file: Dossier) -> Iterator[str]:
    """Events are numbered 1 to n, each begins where the last one led, none lies ahead, and they rebuild the case."""
    numbers = [e.seq for e in file.events]
    if numbers != list(range(1, len(numbers) + 1)) or file.case.rev != len(numbers):
        yield f"events {numbers} for a case at {file.case.rev}"
    for before, event in zip((None, *file.events), file.events, strict=False):
        if event.was is not (before.now if before else None):
            yield f"event {event.seq} begins at {event.was}, not where the one before led"
        if event.at > file.now or (before and event.at < before.at):
            yield f"event {event.seq} lies outside its time"
    yield from _differences(file)


def _differences(file: Dossier) -> Iterator[str]:
    told, kept = history.rebuild(file.events), history.values(file.case)
    for name, value in kept.items():
        if name not in told or told[name] != value:
            yield f"{name} is {value!r}, its events say {told.get(name)!r}"


CHECKS: Final[tuple[Check, ...]] = (
    one_first_owner,
    somebody_must_act,
    the_resident_is_asked,
    whom_it_is_about_has_no_part,
    it_ticks,
    it_ended_well,
    every_change_is_an_event,
)
