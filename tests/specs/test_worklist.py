"""The order of the list: what is most urgent first, what is late before what is not, what waits for others last."""

from dataclasses import replace
from datetime import timedelta

import pytest

from casework import deadlines, worklist
from casework.case import CaseId, State, Urgency
from casework.worklist import Standing, Step
from tests.fakes.cases import FILED, POLICY, at, case

HOUR = timedelta(hours=1)


def named(name: str, state: State = State.ASSIGNED, **changes: object):
    return replace(case(state, **changes), id=CaseId(name))


def test_most_urgent_first_then_late_then_what_falls_due_first_and_what_waits_last():
    now = at("10-22 10:00")
    late = named("late", State.IN_PROGRESS, arrived_at=FILED, acknowledged_at=FILED)
    today = named("today", State.IN_PROGRESS, arrived_at=FILED, acknowledged_at=FILED, filed_at=at("10-15 09:00"))
    urgent = named("urgent", urgency=Urgency.URGENT, filed_at=now, clock_from=now)
    danger = named("danger", urgency=Urgency.EMERGENCY, filed_at=now, clock_from=now)
    done = named("done", State.RESOLVED, urgency=Urgency.URGENT, resolved_at=FILED)
    found = worklist.items([done, today, late, urgent, danger], POLICY, now)
    assert [each.case.id for each in found] == ["danger", "urgent", "late", "today", "done"]
    assert found[-1].waits


@pytest.mark.parametrize(
    ("state", "now", "standings", "step"),
    [
        (State.ASSIGNED, "10-14 10:30", {Standing.UNTAKEN}, Step.ACKNOWLEDGE),
        (State.REOPENED, "10-14 10:30", {Standing.UNTAKEN}, Step.ACKNOWLEDGE),
        (State.ACKNOWLEDGED, "10-14 10:30", {Standing.IN_HAND}, Step.ARRIVE),
        (State.ACKNOWLEDGED, "10-21 10:00", {Standing.IN_HAND, Standing.TODAY}, Step.ARRIVE),
        (State.ASSIGNED, "10-21 18:00", {Standing.UNTAKEN, Standing.OVERDUE}, Step.ACKNOWLEDGE),
        (State.RESOLVED, "10-21 18:00", {Standing.WAITING}, Step.NOTHING),
        (State.DEFERRED, "10-21 18:00", {Standing.WAITING}, Step.NOTHING),
        (State.RETURNED, "10-21 18:00", {Standing.WAITING}, Step.NOTHING),
    ],
)
def test_where_a_case_stands(state: State, now: str, standings: set[Standing], step: Step):
    found = worklist.item(case(state), POLICY, at(now))
    assert (found.standings, found.step) == (standings, step)


def test_who_was_there_owes_the_solving():
    found = worklist.item(case(State.IN_PROGRESS, arrived_at=FILED), POLICY, FILED + HOUR)
    assert (found.step, found.due) == (Step.SOLVE, deadlines.due(case(), POLICY).solve)


def test_a_new_owner_has_a_limit_of_their_own():
    later = FILED + timedelta(days=1)
    found = worklist.item(case(climbed_at=later, rung=0, returns=1), POLICY, later)
    assert found.due == deadlines.next_climb(case(climbed_at=later, rung=0), POLICY)
    assert found.due > deadlines.due(case(), POLICY).acknowledge


def test_the_next_is_the_one_behind_then_the_first_and_never_one_that_waits():
    cases = [named(n, filed_at=FILED + i * HOUR, clock_from=FILED + i * HOUR) for i, n in enumerate("abc")]
    found = worklist.items([*cases, named("done", State.RESOLVED, resolved_at=FILED)], POLICY, FILED + 4 * HOUR)
    following = [worklist.after(found, each, POLICY, FILED + 4 * HOUR) for each in cases]
    assert [each.case.id for each in following if each] == ["b", "c", "a"]
    assert worklist.after(found[:1], cases[0], POLICY, FILED) is None


def test_what_nobody_has_acknowledged_is_offered_first():
    mine = named("mine", State.ACKNOWLEDGED, urgency=Urgency.URGENT)
    untaken, taken = named("untaken"), named("taken", State.ACKNOWLEDGED, filed_at=FILED + HOUR, clock_from=FILED + HOUR)
    found = worklist.items([mine, taken, untaken], POLICY, FILED + HOUR)
    assert worklist.after(found, taken, POLICY, FILED + HOUR).case.id == "untaken"
    assert worklist.after(found, untaken, POLICY, FILED + HOUR).case.id == "taken"


def test_a_digest_tells_of_each_case_once_by_the_worst():
    now = at("10-21 18:00")
    found = worklist.items([named("a"), named("b", filed_at=now, clock_from=now), named("c", State.ACKNOWLEDGED, filed_at=now)], POLICY, now)
    told = worklist.unfinished(found)
    assert {s: [c.id for c in of] for s, of in told.items()} == {Standing.OVERDUE: ["a"], Standing.UNTAKEN: ["b"]}
