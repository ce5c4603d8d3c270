"""三率, each at its edges."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework import rates
from casework.case import Answer, Satisfaction, State
from casework.figures import counts
from casework.rates import Rate, Weights
from tests.fakes.cases import POLICY, at, case, cases

NOW = at("10-30 12:00")
S = State
SOLVED, PARTLY, NOT_SOLVED = Answer.SOLVED, Answer.PARTLY, Answer.NOT_SOLVED
GOOD, MOSTLY, BAD = Satisfaction.SATISFIED, Satisfaction.MOSTLY, Satisfaction.DISSATISFIED


@pytest.mark.parametrize(
    ("changes", "now", "good", "of"),
    [
        ({}, "10-14 12:00", 0, 0),  # the limit is now: not passed
        ({}, "10-14 12:01", 0, 1),
        ({"acknowledged_at": at("10-14 12:00")}, "10-14 12:00", 1, 1),  # at the limit is within it
        ({"acknowledged_at": at("10-14 12:01")}, "10-30 12:00", 0, 1),
        ({"contacted_at": at("10-14 11:00")}, "10-14 11:00", 1, 1),
        ({"contacted_at": at("10-14 11:00"), "acknowledged_at": at("10-15 11:00")}, "10-30 12:00", 1, 1),
        ({"contacted_at": at("10-15 11:00"), "acknowledged_at": at("10-14 11:00")}, "10-30 12:00", 1, 1),
        ({"state": S.WITHDRAWN, "ended_at": at("10-14 12:00")}, "10-30 12:00", 0, 0),  # nobody was needed
        ({"state": S.WITHDRAWN, "ended_at": at("10-14 12:01")}, "10-30 12:00", 0, 1),
        ({"state": S.WITHDRAWN, "ended_at": at("10-30 12:01")}, "10-14 12:00", 0, 0),
    ],
)
def test_response(changes, now, good, of):
    assert rates.response([case(**changes)], POLICY, at(now)) == Rate(good, of)


def test_resolution_counts_answers_and_nothing_else():
    answered = [case(answer=a) for a in (SOLVED, SOLVED, PARTLY, NOT_SOLVED)]
    silent = [case(S.CLOSED_UNANSWERED), case(S.RESOLVED), case()]
    assert rates.resolution(answered + silent) == Rate(2, 4)


def test_unanswered_stands_beside_it():
    silent = [case(S.CLOSED_UNANSWERED), case(S.CLOSED_UNANSWERED, answer=SOLVED), case(S.RESOLVED), case()]
    assert rates.unanswered(silent) == 1
    assert rates.rates(silent, POLICY, NOW).unanswered == 1


def test_satisfaction():
    graded = [case(answer=SOLVED, satisfaction=g) for g in (GOOD, MOSTLY, BAD)]
    assert rates.satisfaction(graded) == Rate(pytest.approx(1.9), 3)
    assert rates.satisfaction([case(answer=PARTLY, satisfaction=MOSTLY)]).value == 0.9


def test_a_grade_counts_only_beside_an_answer():
    assert rates.satisfaction([case(satisfaction=GOOD), case(answer=SOLVED)]) == Rate(0, 0)


def test_nothing_to_count_is_unknown_and_not_nought():
    assert Rate(0, 0).value is None
    assert Rate(0, 3).value == 0
    assert Rate(1, 4).value == 0.25
    empty = rates.rates([], POLICY, NOW)
    assert (empty.response.value, empty.resolution.value, empty.satisfaction.value) == (None, None, None)
    assert empty.composite is None


def test_the_composite():
    parts = Rate(1, 2), Rate(3, 4), Rate(9, 10)
    assert rates.composite(*parts, Weights()) == pytest.approx(0.1 * 0.5 + 0.5 * 0.75 + 0.4 * 0.9)
    assert rates.composite(*parts, Weights(1.0, 0.0, 0.0)) == 0.5
    for n in range(3):
        known = list(parts)
        known[n] = Rate(0, 0)
        assert rates.composite(*known, Weights()) is None


def test_struck_out_cases_are_left_out_unless_asked():
    both = [
        case(answer=SOLVED, satisfaction=GOOD, acknowledged_at=at("10-14 10:01")),
        case(answer=NOT_SOLVED, satisfaction=BAD, struck_out=True),
    ]
    without, including = rates.rates(both, POLICY, NOW), rates.rates(both, POLICY, NOW, with_struck_out=True)
    assert (without.response, without.resolution, without.satisfaction) == (Rate(1, 1), Rate(1, 1), Rate(1, 1))
    assert (including.response, including.resolution, including.satisfaction) == (Rate(1, 2), Rate(1, 2), Rate(1, 2))
    assert without.composite == pytest.approx(1)
    assert including.composite == pytest.approx(0.5)


def test_the_example_that_is_worked_out_for_supervisors():
    """docs/supervisors.zh-CN.md: ten cases, filed at ten with two hours; by the cases and by their counters."""
    soon, hour, late = at("10-14 10:30"), at("10-14 11:00"), at("10-14 13:00")
    now = at("10-14 13:10")
    ten = [
        *(case(S.CONFIRMED, acknowledged_at=soon, answer=SOLVED, satisfaction=GOOD) for _ in range(4)),
        case(S.CONFIRMED, acknowledged_at=hour, answer=SOLVED, satisfaction=MOSTLY),
        case(S.IN_PROGRESS, acknowledged_at=late, answer=PARTLY, satisfaction=BAD),
        case(S.REOPENED, acknowledged_at=hour, answer=NOT_SOLVED),
        case(S.CLOSED_UNANSWERED, acknowledged_at=hour, ended_at=now),
        case(climbed_at=at("10-14 12:00"), struck_out=True),
        case(filed_at=at("10-14 13:00"), clock_from=at("10-14 13:00")),
    ]
    found = rates.rates(ten, POLICY, now, with_struck_out=True)
    assert found == rates.rates_of(Counter[str]() + sum((Counter(counts(each, POLICY)) for each in ten), Counter[str]()))
    told = (Path(__file__).parents[2] / "docs" / "supervisors.zh-CN.md").read_text("utf-8")
    for rate in (found.response, found.resolution, found.satisfaction):
        assert f"**{rate.value:.1%}（{rate.good:g}/{rate.of}）**" in told
    assert found.composite is not None
    assert f"**{found.composite * 100:.1f} 分**" in told
    without = rates.rates(ten, POLICY, now).response
    assert f"= {without.value:.1%}（{without.good:g}/{without.of}）" in told


@pytest.mark.parametrize(("reopens", "good"), [((0, 0, 0), 0), ((1, 0, 3), 2)])
def test_what_is_done_again_is_counted_once_a_case_and_of_all_that_were_filed(reopens, good):
    summed = sum((Counter(counts(case(reopens=n), POLICY)) for n in reopens), Counter[str]())
    assert rates.reopen_rate(summed) == Rate(good, 3)
    assert rates.reopen_rate({}).value is None


def test_the_weights_are_configuration():
    one = [case(answer=NOT_SOLVED, satisfaction=GOOD, acknowledged_at=at("10-14 10:01"))]
    assert rates.rates(one, POLICY, NOW, weights=Weights(0.5, 0.5, 0.0)).composite == 0.5


@given(st.lists(cases(), max_size=8))
def test_every_rate_lies_between_nought_and_one(some):
    found = rates.rates(iter(some), POLICY, NOW, with_struck_out=True)
    for rate in (found.response, found.resolution, found.satisfaction):
        assert 0 <= rate.good <= rate.of <= len(some)
        assert rate.value is None or 0 <= rate.value <= 1
    assert found.composite is None or 0 <= found.composite <= 1 + 1e-9
