"""What ticks for a case as it stands: exact times, and that every open case ticks."""

from dataclasses import replace

import pytest
from hypothesis import given

from casework.case import ENDS, State, Timer, Urgency
from casework.deadlines import BY_STATE, due, soon, timers
from casework.policy import DEFAULT_LIMITS, Limits, Policy, clock
from tests.fakes.cases import FILED, POLICY, at, case, cases, hours, minutes

E, U, N = Urgency.EMERGENCY, Urgency.URGENT, Urgency.NORMAL
S = State


def ticking(of, policy=POLICY):
    return {t.kind: t.due_at for t in timers(of, policy)}


def test_the_three_limits_of_each_urgency():
    normal, urgent, danger = (due(case(urgency=u), POLICY) for u in (N, U, E))
    assert (normal.acknowledge, normal.arrive, normal.solve) == (
        at("10-14 12:00"),
        at("10-15 10:00"),
        at("10-21 18:00"),
    )
    assert (urgent.acknowledge, urgent.arrive, urgent.solve) == (
        at("10-14 10:30"),
        at("10-14 12:00"),
        at("10-15 10:00"),
    )
    assert (danger.acknowledge, danger.arrive, danger.solve) == (
        at("10-14 10:10"),
        at("10-14 10:30"),
        at("10-14 12:00"),
    )


def test_the_first_two_clocks_may_start_later_than_the_filing():
    night = due(case(urgency=U, filed_at=at("10-14 23:00"), clock_from=at("10-15 07:00")), POLICY)
    assert (night.acknowledge, night.arrive) == (at("10-15 07:30"), at("10-15 09:00"))
    assert night.solve == at("10-15 23:00")


def test_a_category_may_have_its_own_limits():
    own = Limits(clock(minutes=1), clock(minutes=2), clock(minutes=3), clock(minutes=4))
    policy = replace(POLICY, category_limits={("heating", N): own})
    found = due(case(), policy)
    assert [found.acknowledge, found.arrive, found.solve] == [FILED + minutes(n) for n in (1, 2, 3)]
    assert due(case(category="lift"), policy).solve == at("10-21 18:00")
    assert ticking(case(climbed_at=FILED, rung=1), policy)["climb"] == FILED + minutes(4)


SOLVE = [
    ({"promise_at": at("10-16 12:00")}, at("10-16 12:00")),
    ({"extended": True}, at("10-29 18:00")),  # 15 days from the filing
    ({"extended": True, "promise_at": at("10-16 12:00")}, at("10-16 12:00")),
    ({"reopens": 1, "solve_from": at("10-20 10:00")}, at("10-22 10:00")),  # 48 h
    ({"reopens": 1, "solve_from": at("10-20 10:00"), "urgency": U}, at("10-22 10:00")),
    ({"reopens": 1, "solve_from": at("10-20 10:00"), "urgency": E}, at("10-20 12:00")),  # danger: its own 2 h
    ({"reopens": 1, "solve_from": at("10-20 10:00"), "extended": True}, at("10-29 18:00")),
    ({"reopens": 1, "solve_from": at("10-28 10:00"), "extended": True}, at("10-30 10:00")),
    ({"solve_from": at("10-20 10:00")}, at("10-27 18:00")),  # partly solved: the limit runs anew
    ({"state": S.DEFERRED, "promise_at": at("10-16 12:00")}, None),  # only deferring stops the clock
    ({"state": S.RESOLVED}, at("10-21 18:00")),
]


@pytest.mark.parametrize(("changes", "limit"), SOLVE)
def test_the_limit_for_solving(changes, limit):
    assert due(case(**changes), POLICY).solve == limit


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({}, at("10-21 14:00")),  # 4 h are less than a fifth of 7 days
        ({"urgency": U}, at("10-15 06:00")),  # 4 h are less than a fifth of 24 h (4.8 h)
        ({"urgency": E}, at("10-14 11:36")),  # a fifth of 2 h
        ({"promise_at": at("10-14 20:00")}, at("10-14 18:00")),
        ({"promise_at": at("10-15 06:00")}, at("10-15 02:00")),  # a fifth of 20 h is 4 h
        ({"promise_at": at("10-14 09:00")}, at("10-14 09:00")),  # before the filing: no length, no warning ahead
        ({"reopens": 1, "solve_from": at("10-20 10:00")}, at("10-22 06:00")),
        ({"state": S.DEFERRED}, None),
    ],
)
def test_soon_due(changes, warned):
    assert soon(case(**changes), POLICY) == warned


# ---- in somebody's hands


@pytest.mark.parametrize("state", [S.REGISTERED, S.ASSIGNED, S.REOPENED])
def test_nobody_has_acknowledged(state):
    assert ticking(case(state)) == {
        "climb": at("10-14 12:00"),
        "arrive": at("10-15 10:00"),
        "soon": at("10-21 14:00"),
        "solve": at("10-21 18:00"),
    }


@pytest.mark.parametrize("state", [S.ACKNOWLEDGED, S.IN_PROGRESS])
def test_somebody_has_it(state):
    assert ticking(case(state, acknowledged_at=at("10-14 11:00"))) == {
        "arrive": at("10-15 10:00"),
        "soon": at("10-21 14:00"),
        "solve": at("10-21 18:00"),
    }


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        ({"arrived_at": FILED}, {"arrive"}),
        ({"arrival_missed_at": FILED}, {"arrive"}),
        ({"soon_told_at": FILED}, {"soon"}),
        ({"solve_missed_at": FILED}, {"soon"}),
        ({"acknowledged_at": FILED}, {"climb"}),  # 已无危险 said on the card
    ],
)
def test_what_has_happened_ticks_no_more(changes, gone):
    assert set(ticking(case(**changes))) == {"climb", "arrive", "soon", "solve"} - gone


def test_after_the_limit_it_is_told_daily():
    assert ticking(case(solve_missed_at=at("10-22 03:00")))["solve"] == at("10-23 03:00")


@pytest.mark.parametrize(
    ("urgency", "rung", "climbed", "next_at"),
    [
        (N, 0, None, "10-14 12:00"),
        (N, 0, "10-14 11:00", "10-14 13:00"),  # returned: the next one has a rung's limit
        (N, 1, "10-14 17:00", "10-15 09:30"),
        (N, 4, "10-14 12:00", "10-14 14:00"),
        (N, 5, "10-14 12:00", "10-15 12:00"),  # the city desk: daily
        (N, 6, "10-14 12:00", "10-15 12:00"),
        (U, 1, "10-14 22:30", "10-14 23:00"),
        (U, 5, "10-14 22:30", "10-15 22:30"),
        (E, 0, None, "10-14 10:10"),
        (E, 1, "10-14 10:10", "10-14 10:15"),
        (E, 4, "10-14 10:25", "10-14 10:30"),
        (E, 5, "10-14 10:30", "10-14 10:40"),  # and every ten minutes
    ],
)
def test_it_climbs(urgency, rung, climbed, next_at):
    stands = case(urgency=urgency, rung=rung, climbed_at=at(climbed) if climbed else None)
    assert ticking(stands)["climb"] == at(next_at)


def test_all_rungs_hear_of_a_danger_within_half_an_hour():
    stands, rung = case(urgency=E), 0
    while rung < 5:
        rung += 1
        stands = replace(stands, rung=rung, climbed_at=ticking(stands)["climb"])
    assert stands.climbed_at == FILED + minutes(30)


def test_danger_that_nobody_hears():
    assert ticking(case(urgency=E))["unheard"] == FILED + minutes(15)
    assert ticking(case(urgency=E, solve_from=at("10-14 12:00")))["unheard"] == at("10-14 12:15")  # raised later
    for quiet in (
        case(urgency=U),
        case(urgency=E, safe_at=FILED),
        case(urgency=E, unheard_told_at=FILED),
        case(urgency=E, acknowledged_at=FILED),
        case(S.IN_PROGRESS, urgency=E),
    ):
        assert "unheard" not in ticking(quiet)


def test_a_danger_raised_in_work_climbs_until_it_is_acknowledged_again():
    assert ticking(case(S.IN_PROGRESS, urgency=E))["climb"] == FILED + minutes(10)


def test_partly_solved_a_date_must_be_named():
    named_by = at("10-16 12:00")
    assert ticking(case(S.IN_PROGRESS, promise_due=named_by))["promise"] == named_by
    assert "promise" not in ticking(case(S.IN_PROGRESS))
    assert "promise" not in ticking(case(S.ASSIGNED, promise_due=named_by))


@pytest.mark.parametrize(
    ("urgency", "since", "named_by"),
    [
        (N, "10-14 10:00", "10-14 12:00"),
        (N, "10-14 17:00", "10-15 09:30"),  # normal waits
        (U, "10-14 17:00", "10-14 19:00"),
        (U, "10-14 21:59", "10-14 23:59"),
        (U, "10-14 22:00", "10-15 09:00"),
        (E, "10-14 23:00", "10-14 23:10"),
    ],
)
def test_the_third_return_waits_for_a_name(urgency, since, named_by):
    found = ticking(case(S.RETURNED, urgency=urgency, returned_at=at(since)))
    assert found["name_owner"] == at(named_by)
    assert set(found) == {"name_owner", "soon", "solve"}  # a return does not stop the clock


# ---- said to be done, or not this year


@pytest.mark.parametrize(
    ("changes", "kind", "when"),
    [
        ({}, "remind", "10-15 12:00"),
        ({"reminders": 1}, "remind", "10-17 12:00"),
        ({"reminders": 2}, "telephone", "10-17 13:00"),
        ({"reminders": 3}, "telephone", "10-17 13:00"),
        ({"resolved_at": at("10-14 08:59")}, "remind", "10-15 09:00"),  # 09:00-20:00
        ({"resolved_at": at("10-14 19:59")}, "remind", "10-15 19:59"),
        ({"resolved_at": at("10-14 20:00")}, "remind", "10-16 09:00"),
        ({"resolved_at": at("10-14 19:30"), "reminders": 2}, "telephone", "10-18 09:00"),
        ({"resolved_at": at("10-14 20:00"), "reminders": 2}, "telephone", "10-18 10:00"),
        ({"telephone_since": at("10-16 13:00")}, "telephone_late", "10-20 13:00"),  # two working days
        ({"telephone_since": at("10-16 13:00"), "by_telephone": True}, "telephone_late", "10-20 13:00"),
        ({"by_telephone": True}, "telephone", "10-14 12:00"),
        ({"by_telephone": True, "resolved_at": at("10-14 20:00")}, "telephone", "10-15 09:00"),
    ],
)
def test_the_resident_is_asked_again(changes, kind, when):
    assert ticking(case(S.RESOLVED, **{"resolved_at": at("10-14 12:00"), **changes})) == {kind: at(when)}


def test_without_reminders_a_person_telephones_the_next_day():
    done = case(S.RESOLVED, resolved_at=at("10-14 12:00"))
    assert ticking(done, replace(POLICY, reminders=())) == {"telephone": at("10-15 13:00")}


def test_the_telephone_waits_for_the_last_reminder_however_many_there_are():
    done = case(S.RESOLVED, resolved_at=at("10-14 12:00"), reminders=3)
    three = replace(POLICY, reminders=(hours(24), hours(48), hours(96)))
    assert ticking(done, three) == {"telephone": at("10-18 13:00")}
    assert ticking(replace(done, reminders=2), three) == {"remind": at("10-18 12:00")}


def test_deferred():
    told, until = at("10-20 09:00"), at("12-20 09:00")
    month = told + 30 * hours(24)
    assert ticking(case(S.DEFERRED, defer_told_at=told, defer_until=until)) == {
        "deferred_month": month,
        "deferred_until": until,
    }
    assert ticking(case(S.DEFERRED, defer_told_at=told, defer_until=month)) == {"deferred_until": month}
    assert ticking(case(S.DEFERRED, defer_told_at=told)) == {"deferred_month": month}
    assert ticking(case(S.DEFERRED)) == {"deferred_month": FILED + 30 * hours(24)}


# ---- promises


def test_every_state_has_its_row():
    assert set(BY_STATE) == set(State) - ENDS


@given(cases())
def test_an_open_case_ticks_and_an_ended_one_does_not(any_case):
    found = timers(any_case, POLICY)
    assert bool(found) is (any_case.state not in ENDS)
    assert len({t.kind for t in found}) == len(found)
    assert all(isinstance(t, Timer) and t.due_at.tzinfo is not None for t in found)


@given(cases(tuple(set(State) - ENDS)))
def test_the_warning_never_comes_after_the_limit(any_case):
    limit, warned = due(any_case, POLICY).solve, soon(any_case, POLICY)
    assert (limit is None) is (warned is None)
    assert limit is None or warned <= limit


def test_the_defaults_are_those_of_the_trade():
    assert Policy().limits == DEFAULT_LIMITS
    assert DEFAULT_LIMITS[E].next_acknowledge == clock(minutes=5)
