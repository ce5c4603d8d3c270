"""回访: the two questions, reminders, the telephone task, and what the resident's answer sets going."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from casework import actions as a
from casework import checkback, dispatch
from casework.case import Answer, Case, Part, PersonId, Post, Satisfaction, State, Who
from casework.consequences.hands import in_good_hands
from casework.consequences.rules import follows
from casework.consequences.telling import above_assignee, assignees, card, give, tell_staff, to_resident
from casework.effects import Ask, Assign, CloseQuestions, Effect, EndTasksOf, Kind, OpenTask, Option, Say
from casework.lifecycle import Moved
from casework.policy import Policy
from casework.town import Town

SOLVED_OPTIONS: Final = (Option("solved"), Option("partly"), Option("not_solved"))
SATISFIED_OPTIONS: Final = (Option("satisfied"), Option("mostly"), Option("dissatisfied"), Option("take_back"))
TASK_OPTIONS: Final = {
    "telephone": ("phone", "solved", "partly", "not_solved", "no_answer", "wrong_number", "declined"),
    "visit": ("solved", "partly", "not_solved", "not_home", "declined"),
}


def day_option(day: date) -> Option:
    """A day on a button: the day itself, for it may be pressed on another."""
    return Option("day", {"date": day.isoformat()})


def ask_solved(case: Case, key: str, kind: Kind, files: tuple[str, ...] = (), **args: object) -> Ask:
    """Question 1. It never expires; a reminder replaces it."""
    return Ask(
        case.resident_id, key, case.id, args, kind, case.urgency, (State.RESOLVED.value,), files,
        question="checkback.solved", options=SOLVED_OPTIONS,
    )


@follows(a.Resolve)
def ask_the_resident(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """办结 is the worker's word only: the resident is asked at once, and sees the after-photo. Who was served through
    somebody else is telephoned; whoever filed it may answer in their place meanwhile."""
    case = moved.case
    yield CloseQuestions(case_id=case.id)
    yield EndTasksOf(case.id, "extend", "resolved")
    if moved.before.acknowledged_at is None:
        yield from in_good_hands(moved, town)
    key = "checkback.solved_behalf" if case.by_telephone else "checkback.solved"
    own = case.resident_id == moved.actor.person  # their own matter, or filed by them for somebody else: another asks
    if case.by_telephone or own:
        yield from send_a_person(case, "telephone" if town.has_phone(case) else "visit", town, policy, now)
    if not own:
        yield ask_solved(case, key, Kind.QUESTION, moved.action.files, words=moved.action.words)
    yield from tell_staff(moved, town, "staff.resolved", Kind.PROMPT)


@follows(a.Remind)
def remind(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    yield ask_solved(moved.case, "checkback.remind", Kind.PROMPT)


@follows(a.Telephone)
def telephone(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """One telephone task for a person, who asks the same two questions; without a phone a person goes and knocks."""
    assert isinstance(moved.action, a.Telephone)
    if not moved.action.again:
        kind = "telephone" if town.has_phone(moved.case) else "visit"
        yield from send_a_person(moved.case, kind, town, policy, now)


def send_a_person(case: Case, kind: str, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """A task of the desk: to telephone, or to visit."""
    owner = checkback.telephone_owner(case, town, now)
    task = f"{kind}:{case.id}:{case.rev}"
    yield OpenTask(task, kind, owner.id, checkback.telephone_due(now, policy), case.id, case.resident_id)
    if owner.holder_id:
        yield task_card(case, kind, owner.holder_id, task)


def task_card(case: Case, kind: str, to: PersonId, task: str) -> Ask:
    """The card of such a task: the phone shown on request, the answers, and "nobody answered"."""
    return Ask(
        to, f"task.{kind}", case.id, {}, Kind.CARD, case.urgency, question=f"task.{kind}",
        options=tuple(Option(n) for n in TASK_OPTIONS[kind]), awaited=False, task_id=task,
    )


@follows(a.Reply)
def heard(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """The resident's word: solved ends it, partly asks the worker for a date, not solved reopens it one level higher
    each time."""
    case = moved.case
    assert isinstance(moved.action, a.Reply)
    said = moved.action.answer
    yield CloseQuestions(question="checkback.solved", case_id=case.id)
    for kind in TASK_OPTIONS if said is not Answer.SOLVED else ("*",):
        yield EndTasksOf(case.id, kind, said.value)
    if said is Answer.NOT_SOLVED:
        yield from back_to_work(moved, town, policy, now)
        return
    if said is Answer.PARTLY:
        yield from _ask_new_date(moved, town, policy, now)
    else:
        yield from tell_staff(moved, town, "staff.confirmed")
        yield CloseQuestions(case_id=case.id)
    if moved.actor.who is Who.RESIDENT:
        yield Ask(
            case.resident_id, "checkback.satisfied", case.id, {"answer": said.value}, Kind.ANSWER,
            question="checkback.satisfied", options=SATISFIED_OPTIONS,
        )


def _next_days(now: datetime, policy: Policy) -> tuple[Option, ...]:
    today = now.astimezone(policy.calendar.zone).date()
    return tuple(day_option(today + timedelta(days=days)) for days in (1, 2, 3))


def _ask_new_date(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    for post in assignees(moved.case, town):
        if post.holder_id:
            yield Ask(
                post.holder_id, "staff.partly", moved.case.id, {"words": moved.action.words and f"「{moved.action.words}」"}, Kind.CARD,
                moved.case.urgency, question="worker.promise_day", options=_next_days(now, policy),
            )


@follows(a.Reopen)
def back_to_work(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """未解决: back with the resident's words; the second time one level up as well, the third time 督办."""
    case = moved.case
    if moved.before.ended:
        yield CloseQuestions(case_id=case.id)
    has_it = assignees(case, town)
    if isinstance(moved.action, a.Reopen) and moved.action.objects_to is not None:
        yield from _objected(moved, moved.action.objects_to, has_it, town, policy, now)
        return
    for post in has_it:
        yield from give(case, post, "card.reopened", town, now, policy, moved.action.files)
    level = checkback.level_after(case)
    if level != "again":
        above = above_assignee(case, has_it, town, now, 2 if level == "supervise" else 1)
        yield Assign(case.id, above.id, Part.CLIMBED)
        yield from card(case, above, f"card.reopened_{level}", files=moved.action.files)
    if moved.actor.who is Who.RESIDENT:
        yield with_undo(moved, "resident.reopened")
    else:
        yield to_resident(case, "resident.reopened", Kind.ANSWER)


def _objected(
    moved: Moved, dismissed_by: PersonId, has_it: tuple[Post, ...], town: Town, policy: Policy, now: datetime
) -> Iterator[Effect]:
    """Back to whoever had it; who dismissed it hears that the resident does not agree, also without a part in it."""
    case = moved.case
    for post in has_it:
        yield from give(case, post, "card.objected", town, now, policy, moved.action.files)
    if dismissed_by not in {post.holder_id for post in has_it}:
        yield Say(dismissed_by, "staff.objected", case.id, {"why": moved.before.end_reason}, Kind.FACT, case.urgency)
    yield with_undo(moved, "resident.objected")


def with_undo(moved: Moved, key: str) -> Ask:
    """What the resident's own word led to; one button takes this very step back."""
    return Ask(
        moved.case.resident_id, key, moved.case.id, {"step": moved.case.rev}, Kind.ANSWER, moved.case.urgency,
        question="undo", options=(Option("take_back"),), awaited=False,
    )


@follows(a.Grade)
def thank(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    assert isinstance(moved.action, a.Grade)
    yield CloseQuestions(question="checkback.satisfied", case_id=moved.case.id)
    if moved.actor.who is Who.RESIDENT:
        above = "_above" if moved.case.accused and moved.action.satisfaction is Satisfaction.DISSATISFIED else ""
        yield to_resident(moved.case, f"resident.thanks_{moved.action.satisfaction.value}{above}", Kind.ANSWER)
    reader = dispatch.desk(moved.case, town, now) if moved.case.accused else town.secretary(moved.case.area_id)
    if moved.action.satisfaction is Satisfaction.DISSATISFIED and reader is not None and reader.holder_id:
        yield Say(reader.holder_id, "staff.dissatisfied", moved.case.id, {"words": moved.action.words})


@follows(a.CloseUnanswered)
def closed_unanswered(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """The only end without the resident's word; said so, and the resident may still answer for 15 days."""
    yield CloseQuestions(question="checkback.solved", case_id=moved.case.id)
    yield EndTasksOf(moved.case.id, "*", moved.case.end_reason or "")
    yield Ask(
        moved.case.resident_id, "resident.closed_unanswered", moved.case.id, question="checkback.solved",
        options=SOLVED_OPTIONS,
    )
