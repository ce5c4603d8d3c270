"""约时间: who hears of a wish, an offer, an agreement, and of an appointment that comes near or was missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from casework import actions as a
from casework import visits
from casework.case import Case, Part, Post, Who
from casework.consequences.hands import in_good_hands
from casework.consequences.rules import follows
from casework.consequences.telling import above_assignee, actor_title, assignees, to_resident
from casework.effects import Ask, CloseQuestions, Effect, Kind, Option, Say
from casework.lifecycle import Moved
from casework.policy import Policy
from casework.town import Town, holders

NO_TIME: Final = ("appoint", "reply", "phone", "more")
WITH_TIME: Final = ("arrive", "change_time", "call_off", "more")
FOR_RESIDENT: Final = (Option("change_time"), Option("call_off"))


def comes(case: Case, before: Case, town: Town) -> tuple[Post, ...]:
    """Who comes: whoever offered the time, as long as they have a part in the case; else whoever has it."""
    with_ = case.appointment_with or before.appointment_with
    if with_ in holders(town.parts(case.id), Part.ASSIGNEE, Part.CLIMBED, Part.JOINED):
        post = town.post(with_) if with_ else None
        if post is not None and post.holder_id is not None:
            return (post,)
    return assignees(case, town)


def _cards(moved: Moved, town: Town, key: str, names: tuple[str, ...], **args: object) -> Iterator[Ask]:
    case = moved.case
    for post in comes(case, moved.before, town):
        if post.holder_id is not None and post.holder_id != moved.actor.person:
            yield Ask(
                post.holder_id, key, case.id, args, Kind.CARD, case.urgency, question="card",
                options=tuple(Option(n) for n in names), awaited=False,
            )


@follows(a.WishTime)
def pass_the_wish(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    names = NO_TIME if moved.case.acknowledged_at is not None else ("acknowledge", *NO_TIME)
    yield from _cards(moved, town, "card.wants_time", names)


@follows(a.OfferTimes)
def offer(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """It counts as contact. A later offer takes the place of an earlier one."""
    assert isinstance(moved.action, a.OfferTimes)
    case, post = moved.case, moved.actor.post or ""
    if moved.before.acknowledged_at is None:
        yield to_resident(case, "resident.acknowledged", post=actor_title(moved, town))
        yield from in_good_hands(moved, town)
    yield CloseQuestions(question="appointment.when", case_id=case.id)
    times = tuple(Option("time", {"at": at.isoformat(), "post": post}) for at in moved.action.times)
    later = any(visits.too_late(at, case, policy) for at in moved.action.times)
    yield Ask(
        case.resident_id, "resident.times_offered_later" if later else "resident.times_offered", case.id, {"post": actor_title(moved, town)}, Kind.FACT, case.urgency,
        question="appointment.pick", options=(*times, Option("none_fit")),
    )


@follows(a.Agree)
def agreed(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    case = moved.case
    yield CloseQuestions(question="appointment.pick", case_id=case.id)
    yield CloseQuestions(question="appointment.when", case_id=case.id)
    at: dict[str, object] = {"at": case.appointment_at}
    later = case.promise_at is not None and case.promise_at != moved.before.promise_at  # the limit went with it
    names = "、".join(f"{p.title} {p.holder_name}".strip() for p in comes(case, moved.before, town))
    yield Ask(
        case.resident_id, "resident.appointed_later" if later else "resident.appointed", case.id, {**at, "post": names}, Kind.ANSWER, case.urgency,
        question="appointment", options=FOR_RESIDENT, awaited=False,
    )
    yield from _cards(moved, town, "card.appointed_later" if later else "card.appointed", WITH_TIME, **at)


@follows(a.CallOff)
def called_off(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """Who did not say it hears it; the resident is asked when it suits instead."""
    case, was = moved.case, moved.before.appointment_at
    yield CloseQuestions(question="appointment.pick", case_id=case.id)
    if moved.actor.who is Who.RESIDENT:
        yield from _cards(moved, town, "card.called_off", NO_TIME, at=was)
        return
    yield Ask(
        case.resident_id, "resident.called_off", case.id, {"at": was, "post": actor_title(moved, town)}, Kind.FACT,
        case.urgency, question="appointment.when",
    )
    yield from _cards(moved, town, "staff.called_off", (), at=was)


@follows(a.RemindAppointment)
def near(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    case = moved.case
    at: dict[str, object] = {"at": case.appointment_at}
    if case.appointment_told == 1:
        yield Ask(
            case.resident_id, "resident.appointment_soon", case.id, at, Kind.FACT, case.urgency, question="appointment",
            options=FOR_RESIDENT, awaited=False,
        )
    else:
        yield from _cards(moved, town, "card.appointment_soon", WITH_TIME, **at)


@follows(a.MissAppointment)
def missed(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """Said to the resident without an excuse, to who did not come, and to the desk above."""
    case, was = moved.case, moved.before.appointment_at
    has_it = assignees(case, town)
    above = above_assignee(case, has_it, town, now, 1)
    yield Ask(
        case.resident_id, "resident.appointment_missed", case.id, {"at": was, "post": above.title}, Kind.FACT, case.urgency,
        question="appointment.when",
    )
    yield from _cards(moved, town, "card.appointment_missed", NO_TIME, at=was)
    late = [p.holder_id for p in comes(case, moved.before, town)]
    if above.holder_id is not None and above.holder_id not in late:
        yield Say(above.holder_id, "staff.appointment_missed", case.id, {"at": was}, Kind.FACT, case.urgency)
