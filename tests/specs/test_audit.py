"""The audit finds each broken promise, and nothing in a town that keeps them."""

from dataclasses import replace

import pytest
from hypothesis import given

from casework import deadlines, history
from casework.audit import SOLVED_QUESTION, OpenQuestion, OpenTimer, Snapshot, faults
from casework.case import ENDS, Answer, CasePost, Event, Part, PostId, Role, Spot, State, Task, Timer, Urgency, Who
from casework.incidents import same_trouble
from tests.fakes.cases import FILED, POLICY, at, case, cases, part, post

NOW = at("10-20 12:00")
WORKER = post(Role.WORKER)
SECRETARY = post(Role.SECRETARY, "k1")
OWNER, ASSIGNEE = part(WORKER, Part.FIRST_OWNER), part(WORKER)
DONE = at("10-14 12:00")


def event(seq, before, after, kind="any", who=Who.STAFF, by="worker", when=FILED):
    was = before.state if before else None
    return Event(after.id, seq, when, kind, who, by, None, was, after.state, history.changes(before, after))


def shot(of, *events, parts=(OWNER, ASSIGNEE), tasks=(), questions=(), timers=None):
    """One case that keeps every promise, but for what a test changes."""
    ticking = deadlines.timers(of, POLICY) if timers is None else timers
    told = events or (event(1, None, of, "register", Who.RESIDENT, "resident"),)
    return Snapshot(
        (of,), told, tuple(parts), tuple(OpenTimer(of.id, t) for t in ticking), tuple(tasks),
        tuple(OpenQuestion(of.id, q) for q in questions), POLICY, NOW,
    )  # fmt: skip


def ended(state, kind, who=Who.RESIDENT, by="somebody", tasks=(), **changes):
    """A case that was registered and then came to an end by one step."""
    begun = case()
    end = replace(begun, state=state, ended_at=DONE, rev=2, **changes)
    told = event(1, None, begun, "register"), event(2, begun, end, kind, who, by, DONE)
    return shot(end, *told, parts=(), tasks=tasks)


def task(kind="telephone", ended_at=None, outcome=None):
    return Task("t", kind, SECRETARY.id, FILED, FILED, "c1", ended_at=ended_at, outcome=outcome)


def found(snapshot):
    return [f.removeprefix("26-000001: ") for f in faults(snapshot)]


# ---- somebody has it


def test_a_case_that_keeps_its_promises():
    assert faults(shot(case())) == ()
    assert faults(replace(shot(case()), cases=(), events=(), case_posts=(), timers=())) == ()


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((ASSIGNEE,), ["0 first owners, must be 1"]),
        ((ASSIGNEE, OWNER, part(SECRETARY, Part.FIRST_OWNER)), ["2 first owners, must be 1"]),
        ((ASSIGNEE, replace(OWNER, until=NOW)), ["0 first owners, must be 1"]),
        ((OWNER,), ["open, and nobody must act"]),
        ((OWNER, part(WORKER, Part.JOINED)), ["open, and nobody must act"]),
        ((OWNER, replace(ASSIGNEE, until=NOW)), ["open, and nobody must act"]),
        ((OWNER, part(SECRETARY, Part.CLIMBED)), []),
        ((OWNER, ASSIGNEE, CasePost("c2", WORKER.id, Part.FIRST_OWNER, FILED)), []),
    ],
)
def test_who_has_it(parts, said):
    assert found(shot(case(), parts=parts)) == said


def test_an_open_task_is_somebody_who_must_act():
    assert found(shot(case(), parts=(OWNER,), tasks=(task("sort"),))) == []
    assert found(shot(case(), parts=(OWNER,), tasks=(task("sort", ended_at=NOW),))) == ["open, and nobody must act"]


def test_resolved_means_that_the_resident_is_being_asked():
    done = case(State.RESOLVED, resolved_at=DONE)
    lost = ["resolved, and the resident is not being asked"]
    assert found(shot(done)) == lost
    assert found(shot(done, questions=("worker.promise_day",))) == lost
    assert found(shot(done, tasks=(task("sort"),))) == lost
    assert found(shot(done, tasks=(task(ended_at=NOW),))) == lost
    assert found(shot(done, questions=(SOLVED_QUESTION,))) == []
    assert found(shot(done, tasks=(task(),))) == []


# ---- it ticks


def test_timers_are_exactly_those_that_are_wanted():
    wanted = sorted(deadlines.timers(case(), POLICY), key=lambda t: t.due_at)
    assert found(shot(case(), timers=wanted[1:])) == ["timer climb 2026-10-14T04:00:00+00:00 is missing"]
    more = Timer("remind", NOW)
    assert found(shot(case(), timers=[*wanted, more])) == ["timer remind 2026-10-20T04:00:00+00:00 ticks for nothing"]
    late = [replace(wanted[0], due_at=NOW), *wanted[1:]]
    assert len(found(shot(case(), timers=late))) == 2
    assert found(shot(case(), timers=[*wanted, wanted[0]])) == ["a timer twice"]


def test_an_open_case_without_any_timer_is_said(monkeypatch):
    monkeypatch.setitem(deadlines.BY_STATE, State.ASSIGNED, lambda of, policy: iter(()))
    assert found(shot(case())) == ["open, and nothing ticks"]


def test_an_ended_case_does_not_tick():
    good = ended(State.WITHDRAWN, "withdraw")
    more = replace(good, timers=(OpenTimer("c1", Timer("solve", NOW)),))
    assert found(more) == ["timer solve 2026-10-20T04:00:00+00:00 ticks for nothing"]


# ---- how it ended

TELEPHONED = (task(ended_at=DONE, outcome="no_answer"),)
GOOD_ENDS = [
    ended(State.CONFIRMED, "reply"),
    ended(State.CONFIRMED, "reply", Who.DESK),  # heard over the telephone
    ended(State.WITHDRAWN, "withdraw"),
    ended(State.WITHDRAWN, "withdraw", urgency=Urgency.EMERGENCY, safe_at=FILED),
    ended(State.CONFIRMED, "reply", urgency=Urgency.EMERGENCY),
    ended(State.CLOSED_UNANSWERED, "close_unanswered", Who.DESK, tasks=TELEPHONED, end_reason="no_answer"),
    ended(State.DISMISSED, "dismiss", Who.DESK, end_reason="一句问候"),
]


@pytest.mark.parametrize("good", GOOD_ENDS)
def test_good_ends(good):
    assert faults(good) == ()


NO_WORD = "confirmed without the resident's word"
NO_CALL = "closed unanswered without a telephone task that ended with an outcome"
DANGER = "a danger ended before a staff member said 已无危险"
CLOSED = (State.CLOSED_UNANSWERED, "close_unanswered", Who.DESK, "desk")
BAD_ENDS = [
    (ended(State.CONFIRMED, "resolve", Who.STAFF), NO_WORD),
    (ended(State.CONFIRMED, "reply", Who.STAFF), NO_WORD),
    (ended(State.CONFIRMED, "reply", Who.SYSTEM), NO_WORD),
    (ended(State.CONFIRMED, "reply", by=None), NO_WORD),
    (ended(State.WITHDRAWN, "withdraw", Who.DESK), "withdrawn, and not by the resident"),
    (ended(State.WITHDRAWN, "withdraw", urgency=Urgency.EMERGENCY), DANGER),
    (ended(*CLOSED, end_reason="x"), NO_CALL),
    (ended(*CLOSED, (task(),), end_reason="x"), NO_CALL),
    (ended(*CLOSED, (task(ended_at=DONE),), end_reason="x"), NO_CALL),
    (ended(*CLOSED, (task("sort", DONE, "done"),), end_reason="x"), NO_CALL),
    (ended(State.CLOSED_UNANSWERED, "any", Who.DESK, "desk", TELEPHONED, end_reason="x"), NO_CALL),
    (ended(*CLOSED, TELEPHONED), "closed_unanswered without a reason"),
    (ended(State.DISMISSED, "dismiss", Who.SYSTEM, end_reason="x"), "dismissed by nobody that is named"),
    (ended(State.DISMISSED, "dismiss", Who.DESK, None, end_reason="x"), "dismissed by nobody that is named"),
    (ended(State.DISMISSED, "dismiss", Who.DESK, end_reason=" "), "dismissed without a reason"),
    (ended(State.DISMISSED, "dismiss", Who.DESK, end_reason="x", urgency=Urgency.EMERGENCY), DANGER),
]


@pytest.mark.parametrize(("bad", "said"), BAD_ENDS)
def test_bad_ends(bad, said):
    assert found(bad) == [said]


def test_the_end_has_its_time_and_only_the_end():
    assert found(shot(case(ended_at=DONE))) == [f"assigned, but ended_at is {DONE}"]
    begun = case()
    end = replace(begun, state=State.WITHDRAWN, rev=2)
    told = event(1, None, begun), event(2, begun, end, "withdraw", Who.RESIDENT)
    assert found(shot(end, *told, parts=())) == ["withdrawn, but ended_at is None"]


def test_an_end_that_was_left_and_come_back_to():
    first = ended(State.CONFIRMED, "reply")
    end = first.cases[0]
    again = replace(end, state=State.REOPENED, ended_at=None, rev=3)
    back = replace(end, rev=4)
    told = (
        *first.events,
        event(3, end, again, "reopen", Who.RESIDENT, "resident", DONE),
        event(4, again, back, "take_back", Who.RESIDENT, "resident", DONE),
    )
    assert faults(shot(back, *told, parts=())) == ()


# ---- it is written down

BEGUN = case()
TAKEN = replace(BEGUN, state=State.ACKNOWLEDGED, acknowledged_at=DONE, answer=Answer.PARTLY, rev=2)
TOLD = (event(1, None, BEGUN), event(2, BEGUN, TAKEN, "acknowledge", when=DONE))


def test_events_tell_the_case_in_whatever_order_they_are_read():
    assert faults(shot(TAKEN, *TOLD)) == ()
    assert faults(shot(TAKEN, *reversed(TOLD))) == ()


@pytest.mark.parametrize(
    ("of", "events", "said"),
    [
        (replace(TAKEN, rev=3), TOLD, ["events [1, 2] for a case at 3"]),
        (replace(TAKEN, rev=1), TOLD, ["events [1, 2] for a case at 1"]),
        (TAKEN, (TOLD[0], replace(TOLD[1], seq=3)), ["events [1, 3] for a case at 2"]),
        (TAKEN, (replace(TOLD[0], seq=0), replace(TOLD[1], seq=1)), ["events [0, 1] for a case at 2"]),
        (replace(TAKEN, rung=1), TOLD, ["rung is 1, its events say 0"]),
        (
            TAKEN,
            (TOLD[0], replace(TOLD[1], was=State.REOPENED)),
            ["event 2 begins at reopened, not where the one before led"],
        ),
        (
            TAKEN,
            (replace(TOLD[0], was=State.ASSIGNED), TOLD[1]),
            ["event 1 begins at assigned, not where the one before led"],
        ),
        (TAKEN, (TOLD[0], replace(TOLD[1], at=at("10-20 12:01"))), ["event 2 lies outside its time"]),
        (TAKEN, (TOLD[0], replace(TOLD[1], at=at("10-14 09:59"))), ["event 2 lies outside its time"]),
        (TAKEN, (TOLD[0], replace(TOLD[1], at=NOW)), []),
    ],
)
def test_what_is_not_written_down(of, events, said):
    assert found(shot(of, *events)) == said


def test_a_case_without_events_is_all_fault():
    assert len(found(replace(shot(case(rev=0)), events=()))) == len(history.FIELDS)


@given(cases(tuple(set(State) - ENDS)))
def test_any_open_case_can_be_kept_well(any_case):
    kept = shot(replace(any_case, ended_at=None), questions=(SOLVED_QUESTION,))
    assert faults(kept) == ()


# ---- 群诉


def test_the_same_trouble():
    here, there = Spot(building_id="b1"), Spot(building_id="b2")
    mine = case(spot=here, topic="no_heat")
    beside = replace(mine, id="c2", category="other")
    others = [
        mine,
        beside,
        replace(beside, id="c3", topic="leak", category="heating"),
        replace(beside, id="c4", spot=there),
        replace(beside, id="c5", state=State.CONFIRMED),
        replace(beside, id="c6", topic=None, category="heating"),
    ]
    assert same_trouble(mine, others) == (beside,)
    vague = replace(mine, topic=None)
    assert [c.id for c in same_trouble(vague, others)] == ["c3", "c6"]
    assert same_trouble(replace(mine, spot=Spot()), [replace(beside, spot=Spot())]) == ()


def test_every_open_task_ticks_and_no_other():
    waiting, done = (Task(id, "sort", PostId("cs"), NOW, NOW, ended_at=end) for id, end in (("a", None), ("b", NOW)))
    shot = Snapshot((), (), (), (), (waiting, done), (), POLICY, NOW)
    assert faults(shot) == ()  # nobody looked
    assert faults(replace(shot, task_timers=frozenset({"a"}))) == ()
    assert faults(replace(shot, task_timers=frozenset())) == ("task a: open, and nothing ticks",)
    assert faults(replace(shot, task_timers=frozenset({"a", "b"}))) == ("task b: ticks for nothing",)
