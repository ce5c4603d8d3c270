"""The law: every row of MOVES, every refusal at its boundary, what each step changes. What is not in the table is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from casework import actions as a
from casework import history
from casework.accused import NOBODY, Accused
from casework.case import ENDS, Actor, Answer, CaseId, PersonId, PostId, Satisfaction, Spot, State, Urgency, Who
from casework.lifecycle import MOVES, Moved, Refusal, allowed, kind_of, register, step
from tests.fakes.cases import FILED, POLICY, at, case

S = State
R, F, D, T = Who.RESIDENT, Who.STAFF, Who.DESK, Who.SYSTEM
NOW = at("10-14 11:00")
SECOND = timedelta(seconds=1)
WAITING, ON_CARD = (S.REGISTERED, S.ASSIGNED, S.REOPENED), (S.ASSIGNED, S.REOPENED, S.ACKNOWLEDGED, S.IN_PROGRESS)
WORKING = (S.ACKNOWLEDGED, S.IN_PROGRESS)
IN_HAND = (*WAITING, *WORKING, S.RETURNED)
OPEN = (*IN_HAND, S.DEFERRED, S.RESOLVED)
ENDED = (S.CONFIRMED, S.WITHDRAWN, S.CLOSED_UNANSWERED, S.DISMISSED)
ALL = (*OPEN, *ENDED)

# action -> (states, who, state after; None: stays). Written by hand beside MOVES: a change of the law is made twice.
LAW: dict[type[a.Action], list[tuple[tuple[State, ...], str, State | None]]] = {
    a.Dispatch: [((S.REGISTERED,), "DT", S.ASSIGNED)],
    a.Acknowledge: [((S.ASSIGNED, S.REOPENED), "FD", S.ACKNOWLEDGED)],
    a.Contact: [(ON_CARD, "FD", S.IN_PROGRESS)],
    a.Arrive: [(ON_CARD, "FD", S.IN_PROGRESS)],
    a.Coordinate: [(ON_CARD, "FD", S.IN_PROGRESS)],
    a.Promise: [(ON_CARD, "FD", S.IN_PROGRESS)],
    a.Resolve: [(ON_CARD, "FD", S.RESOLVED)],
    a.Return: [(ON_CARD, "F", S.ASSIGNED)],
    a.NameOwner: [(IN_HAND, "D", S.ASSIGNED)],
    a.Extend: [(ON_CARD, "D", None)],
    a.Defer: [(ON_CARD, "R", S.DEFERRED)],
    a.Resume: [((S.DEFERRED,), "DT", S.ASSIGNED)],
    a.Nudge: [((*IN_HAND, S.DEFERRED), "R", None)],
    a.AddWords: [(ALL, "RFD", None)],
    a.Withdraw: [(OPEN, "R", S.WITHDRAWN)],
    a.Reply: [(OPEN, "RD", S.CONFIRMED), ((S.CLOSED_UNANSWERED,), "R", S.CONFIRMED)],
    a.Grade: [((S.CONFIRMED, S.IN_PROGRESS, S.ASSIGNED, S.ACKNOWLEDGED), "RD", None)],
    a.Reopen: [(ENDED, "R", S.REOPENED)],
    a.Hide: [(OPEN, "R", None)],
    a.Raise: [(OPEN, "RFD", None)],
    a.DeclareSafe: [(OPEN, "FD", None)],
    a.TryCall: [((S.RESOLVED,), "D", None)],
    a.CloseUnanswered: [((S.RESOLVED,), "D", S.CLOSED_UNANSWERED)],
    a.Dismiss: [(IN_HAND, "D", S.DISMISSED)],
    a.TakeBack: [(ALL, "RFD", None)],
    a.Correct: [((*IN_HAND, S.DEFERRED), "RFD", None)],
    a.Supervise: [(OPEN, "DT", None)],
    a.Redirect: [(OPEN, "D", None)],
    a.Merge: [(OPEN, "D", None)],
    a.StrikeOut: [(ALL, "D", None)],
    a.Climb: [((*WAITING, *WORKING), "RT", None)],
    a.Unhide: [(OPEN, "R", None)],
    a.NobodyMeant: [((S.ASSIGNED, S.REOPENED, S.ACKNOWLEDGED, S.IN_PROGRESS), "R", S.ASSIGNED)],
    a.HandOver: [((S.ASSIGNED, S.REOPENED), "FDT", None)],
    a.PassOn: [(OPEN, "FD", None)],
    a.Inherit: [(OPEN, "T", None)],
    a.Relocate: [(OPEN, "T", None)],
    a.MissArrival: [((*WAITING, *WORKING), "T", None)],
    a.MissSolve: [(IN_HAND, "T", None)],
    a.WarnSoon: [(IN_HAND, "T", None)],
    a.MissPromise: [(WORKING, "T", None)],
    a.PressOwner: [((S.RETURNED,), "T", None)],
    a.Remind: [((S.RESOLVED,), "T", None)],
    a.Telephone: [((S.RESOLVED,), "T", None)],
    a.TellUnheard: [(WAITING, "T", None)],
    a.TellDeferred: [((S.DEFERRED,), "T", None)],
    a.WishTime: [(ON_CARD, "R", None)],
    a.OfferTimes: [(ON_CARD, "FD", S.IN_PROGRESS)],
    a.Agree: [(ON_CARD, "R", None)],
    a.CallOff: [(IN_HAND, "RFD", None)],
    a.RemindAppointment: [(IN_HAND, "T", None)],
    a.MissAppointment: [(IN_HAND, "T", None)],
}
BY = {"R": R, "F": F, "D": D, "T": T}
GOOD: dict[type[a.Action], a.Action] = {  # nothing speaks against these
    a.DeclareSafe: a.DeclareSafe(by_telephone=True),
    a.Resolve: a.Resolve(words="换了阀门"),
    a.Return: a.Return(reason="no_access"),
    a.NameOwner: a.NameOwner(post=PostId("p2")),
    a.Promise: a.Promise(by=NOW + timedelta(hours=1)),
    a.Defer: a.Defer(until=NOW + timedelta(days=100), why="明年一起换"),
    a.CloseUnanswered: a.CloseUnanswered(reason="no_answer"),
    a.Dismiss: a.Dismiss(reason="广告"),
    a.TakeBack: a.TakeBack(earlier=case(S.ASSIGNED)),
    a.Reply: a.Reply(answer=Answer.SOLVED),
    a.OfferTimes: a.OfferTimes(times=(NOW + timedelta(hours=1),)),
    a.Agree: a.Agree(at=NOW + timedelta(hours=1)),
}
ACTIONS = sorted(LAW, key=lambda c: c.__name__)


def actor(who: Who, person: str = "somebody", post: str | None = "p1") -> Actor:
    return Actor(who, PersonId(person), PostId(post) if post else None)


ABOUT = Accused(("worker",), ("p9",), ("else",))


def ready(state: State, **more: object):  # type: ignore[no-untyped-def]
    """A case in that state for which nothing speaks against any step."""
    meets = {"appointment_at": NOW + timedelta(hours=5)} if state in IN_HAND else {}
    plain = {**meets, "urgency": Urgency.URGENT, "telephone_since": FILED, "answer": Answer.SOLVED, "resolved_by": PersonId("worker"),
             "accused": ABOUT}
    ended = {"ended_at": FILED} if state in ENDS else {}
    return case(state, **{**plain, **ended, **more})


def took(of, action: a.Action, who: Who = F, now=NOW, **more: object) -> Moved:  # type: ignore[no-untyped-def]
    got = step(of, action, actor(who), now, POLICY)
    assert isinstance(got, Moved), got
    return got


def refused(of, action: a.Action, who: Who, now=NOW) -> Refusal:  # type: ignore[no-untyped-def]
    got = step(of, action, actor(who), now, POLICY)
    assert isinstance(got, Refusal), got
    return got


# ---- the table --------------------------------------------------------------------------------------------------


def test_every_action_is_in_the_law() -> None:
    actions = {x for x in vars(a).values() if isinstance(x, type) and issubclass(x, a.Action) and x is not a.Action}
    assert set(LAW) == actions
    assert {action for _, action in MOVES} == set(LAW)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda c: c.__name__)
def test_the_table_is_the_law(action: type[a.Action]) -> None:
    law = {(s, BY[w]): to for states, who, to in LAW[action] for s in states for w in who}
    table = {(s, w): to for (s, act), row in MOVES.items() if act is action for w, to in row.items()}
    assert table == law


@pytest.mark.parametrize("action", ACTIONS, ids=lambda c: c.__name__)
@pytest.mark.parametrize("state", ALL)
@pytest.mark.parametrize("who", list(Who))
def test_who_may_and_who_may_not(action: type[a.Action], state: State, who: Who) -> None:
    here = ready(state)
    lawful = {(s, BY[w]) for states, by, _ in LAW[action] for s in states for w in by}
    assert allowed(here, action, who) is ((state, who) in lawful)
    got = step(here, GOOD.get(action, action()), actor(who), NOW, POLICY)
    if (state, who) not in lawful:
        known = any(s is state for s, _ in lawful)
        assert got == Refusal("ended" if state in ENDS else "not_yours" if known else "not_now", {})
    elif not (action is a.Reply and who is D and state is not S.RESOLVED):  # over the telephone: only when asked
        assert isinstance(got, Moved)


def test_ends_only_by_the_permitted_actions() -> None:
    ends = {(action, to) for (_, action), row in MOVES.items() for to in row.values() if to in ENDS}
    assert ends == {
        (a.Withdraw, S.WITHDRAWN), (a.Reply, S.CONFIRMED), (a.CloseUnanswered, S.CLOSED_UNANSWERED), (a.Dismiss, S.DISMISSED),
    }


def test_the_system_ends_nothing() -> None:
    assert not any(row.get(T) in ENDS for row in MOVES.values())


def test_an_event_says_who_when_what_and_rebuilds_the_case() -> None:
    before = ready(S.ASSIGNED)
    moved = took(before, a.Acknowledge())
    event = moved.event
    assert (event.kind, event.who, event.by, event.post, event.at) == ("acknowledge", F, "somebody", "p1", NOW)
    assert (event.was, event.now, event.seq, event.case_id) == (S.ASSIGNED, S.ACKNOWLEDGED, 2, "c1")
    assert moved.case.rev == before.rev + 1
    assert history.case_of([register(before, actor(R)), event]) == moved.case


def test_kinds_are_snake_case() -> None:
    assert kind_of(a.CloseUnanswered) == "close_unanswered"
    assert kind_of(a.TryCall()) == "try_call"
    assert kind_of(a.Reply) == "reply"


def test_register_holds_what_the_case_is_rebuilt_from() -> None:
    registered = case(S.REGISTERED)
    event = register(registered, actor(R))
    assert (event.kind, event.was, event.now, event.at, event.seq) == ("register", None, S.REGISTERED, FILED, 1)
    assert history.case_of([event]) == registered


# ---- reasons against --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["", "  "])
def test_done_needs_a_note(words: str) -> None:
    assert refused(ready(S.ACKNOWLEDGED), a.Resolve(words=words), F).code == "note_required"


@pytest.mark.parametrize("reason", ["", "because", "NOT_MY_GRID"])
def test_a_return_needs_a_reason_of_the_list(reason: str) -> None:
    assert refused(ready(S.ASSIGNED), a.Return(reason=reason), F).code == "reason_required"


@pytest.mark.parametrize("reason", a.RETURN_REASONS)
def test_each_reason_of_the_list_will_do(reason: str) -> None:
    assert took(ready(S.ASSIGNED), a.Return(reason=reason)).case.returns == 1


def test_a_normal_nudge_counts_four_hours_from_the_filing_or_the_last() -> None:
    normal, four = ready(S.ASSIGNED, urgency=Urgency.NORMAL), timedelta(hours=4)
    early = refused(normal, a.Nudge(), R, FILED + four - SECOND)
    assert early == Refusal("nudge_later", {"again": FILED + four})
    nudged = took(normal, a.Nudge(), R, FILED + four).case
    assert (nudged.nudges, nudged.nudged_at) == (1, FILED + four)
    assert refused(nudged, a.Nudge(), R, FILED + 2 * four - SECOND).code == "nudge_later"
    assert took(nudged, a.Nudge(), R, FILED + 2 * four).case.nudges == 2


@pytest.mark.parametrize("urgency", [Urgency.URGENT, Urgency.EMERGENCY])
def test_an_urgent_case_is_nudged_at_any_time(urgency: Urgency) -> None:
    took(ready(S.ASSIGNED, urgency=urgency), a.Nudge(), R, FILED)


DANGER = {"urgency": Urgency.EMERGENCY, "danger": "gas"}


@pytest.mark.parametrize(("action", "who"), [
    (a.Withdraw(), R), (a.Dismiss(reason="没事"), D), (a.Reply(answer=Answer.SOLVED), R),
    (a.Defer(until=NOW + timedelta(days=9), why="以后"), R),
])
def test_a_danger_stands_until_somebody_says_safe(action: a.Action, who: Who) -> None:
    danger = ready(S.ACKNOWLEDGED, **DANGER)
    assert refused(danger, action, who).code == "danger_stands"
    assert refused(danger, a.DeclareSafe(), F).code == "not_there"
    took(took(danger, a.DeclareSafe(by_telephone=True)).case, action, who)
    took(took(took(danger, a.Arrive()).case, a.DeclareSafe()).case, action, who)


def test_a_danger_that_was_said_to_be_done_may_be_confirmed() -> None:
    assert took(ready(S.RESOLVED, **DANGER), a.Reply(answer=Answer.SOLVED), R).case.state is S.CONFIRMED


@pytest.mark.parametrize("reason", ["", " "])
def test_a_dismissal_needs_a_reason(reason: str) -> None:
    assert refused(ready(S.ASSIGNED), a.Dismiss(reason=reason), D).code == "reason_required"


def test_telephoned_first_and_with_a_reason() -> None:
    assert refused(ready(S.RESOLVED, telephone_since=None), a.CloseUnanswered(reason="no_answer"), D).code == "telephone_first"
    assert refused(ready(S.RESOLVED), a.CloseUnanswered(reason=" "), D).code == "reason_required"
    ended = took(ready(S.RESOLVED), a.CloseUnanswered(reason="no_answer"), D).case
    assert (ended.ended_at, ended.end_reason, ended.answer) == (NOW, "no_answer", Answer.SOLVED)


@pytest.mark.parametrize(("state", "action"), [
    (S.CONFIRMED, a.Reopen()), (S.WITHDRAWN, a.Reopen()), (S.DISMISSED, a.Reopen()), (S.CLOSED_UNANSWERED, a.Reopen()),
    (S.CLOSED_UNANSWERED, a.Reply(answer=Answer.NOT_SOLVED)),
])
def test_the_residents_word_counts_for_fifteen_days(state: State, action: a.Action) -> None:
    ended = ready(state, answer=None)
    last = FILED + timedelta(days=15)
    assert took(ended, action, R, last).case.state is S.REOPENED
    assert refused(ended, action, R, last + SECOND).code == "too_late"


def test_over_the_telephone_only_what_was_asked_and_not_by_who_said_done() -> None:
    reply = a.Reply(answer=Answer.SOLVED)
    assert took(ready(S.RESOLVED), reply, D).case.state is S.CONFIRMED
    assert refused(ready(S.IN_PROGRESS), reply, D).code == "not_yours"
    assert refused(ready(S.RESOLVED, resolved_by=PersonId("somebody")), reply, D).code == "not_yours"


@pytest.mark.parametrize("answer", [Answer.PARTLY, Answer.NOT_SOLVED])
def test_before_it_is_said_to_be_done_only_solved_is_an_answer(answer: Answer) -> None:
    assert refused(ready(S.IN_PROGRESS), a.Reply(answer=answer), R).code == "not_now"


def test_nothing_to_take_back() -> None:
    assert refused(ready(S.RESOLVED), a.TakeBack(), F).code == "too_late"
    earlier = case(S.ASSIGNED, rev=1)
    moved = took(ready(S.RESOLVED, rev=4), a.TakeBack(earlier=earlier))
    assert moved.case == replace(earlier, rev=5)


def test_a_promise_lies_ahead_and_inside_the_limit() -> None:
    normal = case(S.ACKNOWLEDGED)
    last = at("10-21 18:00")  # seven days, closing time
    for by in (None, NOW - SECOND, NOW):
        assert refused(normal, a.Promise(by=by), F).code == "promise_past"
    assert took(normal, a.Promise(by=NOW + SECOND)).case.promise_at == NOW + SECOND
    assert took(normal, a.Promise(by=last)).case.promise_at == last
    assert refused(normal, a.Promise(by=last + SECOND), F) == Refusal("promise_late", {"last": last})


def test_another_promise_is_measured_by_the_limit_not_by_the_first() -> None:
    promised = took(case(S.ACKNOWLEDGED), a.Promise(by=at("10-15 18:00"))).case
    assert took(promised, a.Promise(by=at("10-21 18:00"))).case.promise_at == at("10-21 18:00")


@pytest.mark.parametrize("more", [{"answer": Answer.PARTLY}, {"reopens": 1}])
def test_after_partly_or_a_reopening_a_new_date_may_lie_fifteen_days_ahead(more: dict[str, object]) -> None:
    open_again = case(S.IN_PROGRESS, solve_from=NOW, **more)
    last = at("10-29 18:00")
    assert took(open_again, a.Promise(by=last)).case.promise_at == last
    assert refused(open_again, a.Promise(by=last + SECOND), F).args == {"last": last}


def test_a_limit_that_is_over_may_be_promised_anew() -> None:
    late = at("10-22 10:00")
    took(case(S.ACKNOWLEDGED), a.Promise(by=at("11-06 18:00")), F, late)


def test_extended_once() -> None:
    extended = took(ready(S.ASSIGNED, soon_told_at=FILED, promise_at=FILED), a.Extend(), D).case
    assert (extended.extended, extended.soon_told_at, extended.promise_at) == (True, None, None)
    assert refused(extended, a.Extend(), D).code == "extended_already"


def test_deferred_within_nine_months_with_a_reason() -> None:
    longest = NOW + timedelta(days=275)
    for until, why in ((None, "x"), (NOW, "x"), (longest + SECOND, "x"), (longest, " "), (longest, "")):
        assert refused(ready(S.ASSIGNED), a.Defer(until=until, why=why), R).code == "defer_bounds"
    deferred = took(ready(S.ASSIGNED), a.Defer(until=longest, why="换管"), R).case
    assert (deferred.defer_until, deferred.defer_why, deferred.defer_told_at) == (longest, "换管", NOW)
    took(ready(S.ASSIGNED), a.Defer(until=NOW + SECOND, why="x"), R)


@pytest.mark.parametrize(("answer", "fine"), [(Answer.SOLVED, True), (Answer.PARTLY, True), (Answer.NOT_SOLVED, False), (None, False)])
def test_a_satisfaction_only_beside_an_answer(answer: Answer | None, fine: bool) -> None:
    got = step(ready(S.CONFIRMED, answer=answer), a.Grade(satisfaction=Satisfaction.MOSTLY), actor(R), NOW, POLICY)
    assert isinstance(got, Moved) is fine
    if isinstance(got, Moved):
        assert got.case.satisfaction is Satisfaction.MOSTLY


# ---- what a step changes ----------------------------------------------------------------------------------------


def test_dispatch_sets_the_clocks() -> None:
    morning = at("10-15 07:00")
    sent = took(ready(S.REGISTERED, rung=3, climbed_at=FILED), a.Dispatch(clock_from=morning), T).case
    assert (sent.clock_from, sent.rung, sent.climbed_at, sent.handover_at) == (morning, 0, None, at("10-15 22:00"))
    assert took(ready(S.REGISTERED), a.Dispatch(), T).case.clock_from == FILED
    assert took(ready(S.REGISTERED), a.Dispatch(), T).case.handover_at == at("10-14 22:00")


def test_acknowledged_is_kept_from_the_first() -> None:
    first = took(ready(S.ASSIGNED), a.Acknowledge()).case
    assert (first.acknowledged_at, first.acknowledged_by) == (NOW, "somebody")
    later = took(first, a.Arrive(), D, NOW + SECOND).case
    assert (later.acknowledged_at, later.arrived_at) == (NOW, NOW + SECOND)
    assert took(later, a.Arrive(), F, NOW + 2 * SECOND).case.arrived_at == NOW + SECOND


@pytest.mark.parametrize(("action", "field"), [(a.Contact(), "contacted_at"), (a.Arrive(), "arrived_at")])
def test_contact_and_arrival_count_as_acknowledged(action: a.Action, field: str) -> None:
    moved = took(ready(S.ASSIGNED), action).case
    assert (getattr(moved, field), moved.acknowledged_at, moved.acknowledged_by) == (NOW, NOW, "somebody")
    assert getattr(took(moved, action, F, NOW + SECOND).case, field) == NOW


def test_coordinating() -> None:
    moved = took(ready(S.ASSIGNED), a.Coordinate(words="请热力公司")).case
    assert (moved.coordinating, moved.acknowledged_at) == (True, NOW)


def test_a_promise_clears_what_was_said_of_the_old_limit() -> None:
    told = {"soon_told_at": FILED, "solve_missed_at": FILED, "promise_due": FILED}
    moved = took(ready(S.ASSIGNED, **told), a.Promise(by=NOW + timedelta(hours=2))).case
    assert (moved.soon_told_at, moved.solve_missed_at, moved.promise_due, moved.acknowledged_at) == (None, None, None, NOW)


def test_done_begins_a_new_check_back() -> None:
    old = {"reminders": 2, "telephone_since": FILED, "promise_due": FILED, "answer": Answer.PARTLY, "answered_at": FILED,
           "satisfaction": Satisfaction.MOSTLY}
    done = took(ready(S.IN_PROGRESS, **old), a.Resolve(words="好了")).case
    assert (done.resolved_at, done.resolved_by, done.reminders, done.telephone_since) == (NOW, "somebody", 0, None)
    assert (done.promise_due, done.answer, done.answered_at, done.satisfaction) == (None, None, None, None)


def test_two_returns_wander_the_third_stops() -> None:
    now = ready(S.ACKNOWLEDGED, acknowledged_at=FILED, acknowledged_by=PersonId("x"), rung=2)
    for count, state in ((1, S.ASSIGNED), (2, S.ASSIGNED), (3, S.RETURNED)):
        back = took(replace(now, returns=count - 1), a.Return(reason="no_access")).case
        assert (back.state, back.returns, back.returned_at, back.rung, back.climbed_at) == (state, count, NOW, 0, NOW)
        assert (back.acknowledged_at, back.acknowledged_by, back.clock_from) == (None, None, FILED)
        assert back.handover_at == at("10-14 22:00")


def test_named_or_elsewhere_it_must_be_acknowledged_anew() -> None:
    held = ready(S.ACKNOWLEDGED, acknowledged_at=FILED, acknowledged_by=PersonId("x"), rung=2)
    elsewhere = a.Correct(spot=Spot(building_id="b9"), area_id="g9", grid_id="g9", community_id="k9")  # type: ignore[arg-type]
    for action, who in ((a.NameOwner(post=PostId("p2")), D), (elsewhere, F)):
        moved = took(held, action, who).case
        assert (moved.state, moved.acknowledged_at, moved.acknowledged_by) == (S.ASSIGNED, None, None)
        assert (moved.rung, moved.climbed_at, moved.clock_from) == (0, NOW, FILED)
    assert (moved.grid_id, moved.area_id, moved.community_id, moved.spot.building_id) == ("g9", "g9", "k9", "b9")


def test_a_place_within_the_same_grid_changes_no_hands() -> None:
    held = ready(S.ACKNOWLEDGED, acknowledged_at=FILED)
    same = a.Correct(spot=Spot(building_id="b2"), area_id=held.area_id, grid_id=held.grid_id, community_id=held.community_id)
    moved = took(held, same).case
    assert (moved.state, moved.acknowledged_at, moved.spot.building_id) == (S.ACKNOWLEDGED, FILED, "b2")


def test_a_category_is_corrected() -> None:
    before = ready(S.ASSIGNED, topic="no_heat", soon_told_at=FILED)
    moved = took(before, a.Correct(category="sanitation", urgency=Urgency.NORMAL)).case
    assert (moved.category, moved.topic, moved.urgency, moved.soon_told_at) == ("sanitation", None, Urgency.NORMAL, None)
    kept = took(before, a.Correct()).case
    assert (kept.category, kept.topic, kept.urgency) == ("heating", "no_heat", Urgency.URGENT)


def test_the_deferred_day() -> None:
    deferred = ready(S.DEFERRED, defer_until=NOW, defer_why="x", promise_at=FILED, solve_missed_at=FILED)
    back = took(deferred, a.Resume(), T).case
    assert (back.solve_from, back.clock_from, back.defer_until, back.defer_why) == (NOW, NOW, None, None)
    assert (back.promise_at, back.solve_missed_at) == (None, None)


def test_the_three_answers() -> None:
    done = ready(S.RESOLVED, promise_due=FILED, satisfaction=Satisfaction.MOSTLY, solve_missed_at=FILED, promise_at=FILED)
    solved = took(done, a.Reply(answer=Answer.SOLVED), R).case
    assert (solved.state, solved.ended_at, solved.answer, solved.answered_at) == (S.CONFIRMED, NOW, Answer.SOLVED, NOW)
    assert (solved.promise_due, solved.satisfaction) == (None, None)
    partly = took(done, a.Reply(answer=Answer.PARTLY), R).case
    assert (partly.state, partly.promise_due, partly.reopens) == (S.IN_PROGRESS, NOW + timedelta(minutes=30), 0)
    assert (partly.promise_at, partly.solve_from, partly.solve_missed_at, partly.acknowledged_at) == (None, NOW, None, NOW)
    again = took(done, a.Reply(answer=Answer.NOT_SOLVED), R).case
    assert (again.state, again.reopens, again.clock_from, again.solve_from) == (S.REOPENED, 1, NOW, NOW)
    assert (again.acknowledged_at, again.ended_at, again.promise_at, again.supervised) == (None, None, None, False)


@pytest.mark.parametrize(("before", "supervised"), [(0, False), (1, False), (2, True), (3, True)])
def test_the_third_reopening_is_supervised(before: int, supervised: bool) -> None:
    again = took(ready(S.RESOLVED, reopens=before), a.Reply(answer=Answer.NOT_SOLVED), R).case
    assert (again.reopens, again.supervised) == (before + 1, supervised)


def test_reopening_starts_all_clocks_but_the_filing() -> None:
    fields = ("acknowledged_at", "contacted_at", "arrived_at", "arrival_missed_at", "solve_missed_at", "soon_told_at", "climbed_at")
    old = ready(S.CONFIRMED, rung=4, acknowledged_by=PersonId("x"), end_reason="x", **dict.fromkeys(fields, FILED))
    again = took(old, a.Reopen(), R).case
    assert [getattr(again, f) for f in fields] == [None] * len(fields)
    assert (again.rung, again.acknowledged_by, again.ended_at, again.end_reason) == (0, None, None, None)
    assert (again.filed_at, again.clock_from, again.handover_at) == (FILED, NOW, at("10-14 22:00"))


@pytest.mark.parametrize(("state", "after"), [(S.RESOLVED, S.REOPENED), (S.DEFERRED, S.REOPENED), (S.ACKNOWLEDGED, S.ASSIGNED)])
def test_danger_raises_a_case(state: State, after: State) -> None:
    raised = took(ready(state, safe_at=FILED, unheard_told_at=FILED, promise_at=FILED), a.Raise(danger="gas"), R).case
    assert (raised.state, raised.urgency, raised.danger, raised.clock_from) == (after, Urgency.EMERGENCY, "gas", NOW)
    assert (raised.safe_at, raised.unheard_told_at, raised.promise_at, raised.solve_from) == (None, None, None, NOW)


def test_a_climb_is_told_to_the_resident_daily_at_most() -> None:
    first = took(ready(S.ASSIGNED), a.Climb(rung=3), T).case
    assert (first.rung, first.climbed_at, first.climb_told_at) == (3, NOW, NOW)
    day = timedelta(days=1)
    soon = took(first, a.Climb(rung=4), T, NOW + day - SECOND).case
    assert (soon.climbed_at, soon.climb_told_at) == (NOW + day - SECOND, NOW)
    assert took(first, a.Climb(rung=5), T, NOW + day).case.climb_told_at == NOW + day


@pytest.mark.parametrize(("state", "action", "who", "field"), [
    (S.ASSIGNED, a.MissArrival(), T, "arrival_missed_at"), (S.ASSIGNED, a.MissSolve(), T, "solve_missed_at"),
    (S.ASSIGNED, a.WarnSoon(), T, "soon_told_at"), (S.RETURNED, a.PressOwner(), T, "returned_at"),
    (S.RESOLVED, a.Telephone(), T, "telephone_since"), (S.ASSIGNED, a.TellUnheard(), T, "unheard_told_at"),
    (S.DEFERRED, a.TellDeferred(), T, "defer_told_at"), (S.ASSIGNED, a.DeclareSafe(by_telephone=True), F, "safe_at"),
    (S.ASSIGNED, a.Withdraw(), R, "ended_at"), (S.ASSIGNED, a.Dismiss(reason="x"), D, "ended_at"),
])
def test_when_it_happened_is_noted(state: State, action: a.Action, who: Who, field: str) -> None:
    assert getattr(took(ready(state), action, who).case, field) == NOW


@pytest.mark.parametrize(("action", "who", "field", "value"), [
    (a.Hide(), R, "confidential", True), (a.Supervise(), D, "supervised", True), (a.StrikeOut(), D, "struck_out", True),
    (a.Redirect(to="12345"), D, "redirected_to", "12345"), (a.Merge(into=CaseId("c2")), D, "merged_into", "c2"),
    (a.Remind(), T, "reminders", 1), (a.HandOver(), T, "handover_at", at("10-14 22:00")),
])
def test_flags_and_counts(action: a.Action, who: Who, field: str, value: object) -> None:
    state = S.RESOLVED if isinstance(action, a.Remind) else S.ASSIGNED
    moved = took(ready(state), action, who).case
    assert getattr(moved, field) == value
    assert moved.state is state


def test_hidden_and_known_again() -> None:
    hidden = took(ready(S.ASSIGNED), a.Hide(), R).case
    assert hidden.confidential
    assert not took(hidden, a.Unhide(), R).case.confidential


def test_a_complaint_is_not_given_to_whom_it_is_about() -> None:
    assert refused(ready(S.ASSIGNED), a.NameOwner(post=PostId("p9")), D).code == "spoken_of"


def test_nobody_was_meant() -> None:
    moved = took(ready(S.IN_PROGRESS, acknowledged_at=FILED), a.NobodyMeant(), R)
    assert (moved.case.accused, moved.case.state, moved.case.acknowledged_at) == (NOBODY, S.ASSIGNED, None)
    assert refused(ready(S.ASSIGNED, accused=NOBODY), a.NobodyMeant(), R).code == "not_now"


def test_a_place_that_is_mended_takes_nobody_out() -> None:
    more = Accused(("worker",), ("p8",), ("third",))
    moved = took(ready(S.ASSIGNED), a.Correct(spot=Spot("e2"), accused=more), R).case
    assert moved.accused == Accused(("worker",), ("p8", "p9"), ("else", "third"))


def test_a_promise_that_was_not_named_is_told_once() -> None:
    assert took(ready(S.IN_PROGRESS, promise_due=FILED), a.MissPromise(), T).case.promise_due is None


def test_the_shift_ends_at_the_next_change() -> None:
    for now, end in (("10-14 21:59", "10-14 22:00"), ("10-14 22:00", "10-15 07:00"), ("10-15 06:59", "10-15 07:00"), ("10-15 07:00", "10-15 22:00")):
        assert took(ready(S.ASSIGNED), a.HandOver(), T, at(now)).case.handover_at == at(end)
