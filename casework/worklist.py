"""What somebody has in hand, in the order in which it is to be done: where each case stands, and what is due next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from casework import deadlines
from casework.case import URGENCY_ORDER, WAITING, WORKING, Case
from casework.policy import Policy


class Standing(StrEnum):
    """Where a case stands with whoever has it; one that is late may also be one that nobody has acknowledged."""

    OVERDUE = "overdue"  # 超期: the limit for solving, or the promised day, has passed
    UNTAKEN = "untaken"  # 等接单
    TODAY = "today"  # 今天到期
    IN_HAND = "in_hand"  # 在办
    WAITING = "waiting"  # for others: the resident's word, a supervisor's, a day far off


class Step(StrEnum):
    """What is due next."""

    ACKNOWLEDGE = "acknowledge"
    ARRIVE = "arrive"
    SOLVE = "solve"
    NOTHING = "nothing"


UNFINISHED: Final = (Standing.OVERDUE, Standing.UNTAKEN, Standing.TODAY)  # what a digest tells of, each case once


@dataclass(frozen=True, slots=True)
class Item:
    """A case of the list. `due` is None where nothing of it is due from whoever has it."""

    case: Case
    standings: frozenset[Standing]
    step: Step
    due: datetime | None

    @property
    def waits(self) -> bool:
        """Nothing is to be done by whoever has it."""
        return Standing.WAITING in self.standings


def items(cases: Iterable[Case], policy: Policy, now: datetime) -> list[Item]:
    """The list, most urgent first; of what is equally urgent what falls due first. What waits for others comes last."""
    return sorted((item(case, policy, now) for case in cases), key=order)


def item(case: Case, policy: Policy, now: datetime) -> Item:
    """Where one case stands."""
    if case.state not in WAITING and case.state not in WORKING:
        return Item(case, frozenset({Standing.WAITING}), Step.NOTHING, None)
    limits = deadlines.due(case, policy)
    found = {Standing.IN_HAND if case.state in WORKING else Standing.UNTAKEN}
    if limits.solve is not None and limits.solve <= now:
        found.add(Standing.OVERDUE)
    elif limits.solve is not None and _day(limits.solve, policy) == _day(now, policy):
        found.add(Standing.TODAY)
    step, due = _next(case, limits, policy)
    return Item(case, frozenset(found), step, due)


def _next(case: Case, limits: deadlines.Due, policy: Policy) -> tuple[Step, datetime | None]:
    """A new owner has a limit of the own to acknowledge; an arrival that was missed has been told, and is due no more."""
    if case.state in WAITING:
        again = case.rung == 0 and case.climbed_at is not None
        return Step.ACKNOWLEDGE, deadlines.next_climb(case, policy) if again else limits.acknowledge
    awaited = case.arrived_at is None and (case.arrival_missed_at is None or case.appointment_at is not None)
    if awaited and (limits.solve is None or limits.arrive < limits.solve):
        return Step.ARRIVE, limits.arrive
    return Step.SOLVE, limits.solve


def _day(at: datetime, policy: Policy) -> object:
    return at.astimezone(policy.calendar.zone).date()


def order(found: Item) -> tuple[object, ...]:
    """What is most urgent has the smallest."""
    case = found.case
    due = (found.due or case.filed_at).timestamp()
    return found.waits, URGENCY_ORDER[case.urgency], Standing.OVERDUE not in found.standings, due, case.filed_at, case.id


def after(found: Sequence[Item], case: Case, policy: Policy, now: datetime) -> Item | None:
    """The card to offer next: what nobody has acknowledged goes first, for a step moves the card just dealt with down the
    list; then the first behind this one with something to do, then the first of all."""
    here = order(item(case, policy, now))
    others = [each for each in found if each.case.id != case.id and not each.waits]
    untaken = [each for each in others if Standing.UNTAKEN in each.standings]
    behind = [each for each in others if order(each) > here]
    return next(iter((*(each for each in behind if each in untaken), *untaken, *behind, *others)), None)


def unfinished(found: Iterable[Item]) -> dict[Standing, list[Case]]:
    """What a digest tells of: each case once, by the worst that can be said of it."""
    told: dict[Standing, list[Case]] = {standing: [] for standing in UNFINISHED}
    for each in found:
        worst = next((s for s in UNFINISHED if s in each.standings), None)
        if worst is not None:
            told[worst].append(each.case)
    return {standing: cases for standing, cases in told.items() if cases}
