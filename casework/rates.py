"""三率: response, resolution and satisfaction rate and their composite, each defined once (DOMAIN.md, The three rates).

A case counts in the period of its filing: whoever calls chooses the cases. What is not yet known is None, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from casework.case import HOTLINE, Answer, Case, Satisfaction, State
from casework.deadlines import due
from casework.policy import Policy

WEIGHT_OF: Final[Mapping[Satisfaction, float]] = {
    Satisfaction.SATISFIED: 1.0,
    Satisfaction.MOSTLY: 0.9,
    Satisfaction.DISSATISFIED: 0.0,
}


@dataclass(frozen=True, slots=True)
class Weights:
    """What each rate weighs in the composite; together 1."""

    response: float = 0.1
    resolution: float = 0.5
    satisfaction: float = 0.4


@dataclass(frozen=True, slots=True)
class Rate:
    """`good` of `of`: shown beside the percentage, so that 1 of 1 is not taken for 100 of 100."""

    good: float
    of: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None when there is nothing to count."""
        return self.good / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Rates:
    response: Rate
    resolution: Rate
    satisfaction: Rate
    composite: float | None
    unanswered: int  # closed without an answer: beside the resolution rate, never inside it


def response(cases: Iterable[Case], policy: Policy, now: datetime) -> Rate:
    """响应率: contacted or acknowledged within the limit / cases whose limit has passed or that were acknowledged.
    A case that ended before its limit with nobody needed counts neither way; nor does one that was brought in from a register
    which does not say when somebody answered."""
    good = of = 0
    for case in cases:
        if case.origin == HOTLINE and responded_at(case) is None and case.climbed_at is None:
            continue
        limit, answered = due(case, policy).acknowledge, responded_at(case)
        if answered is not None or min(now, case.ended_at or now) > limit:
            of += 1
            good += answered is not None and answered <= limit
    return Rate(good, of)


def responded_at(case: Case) -> datetime | None:
    """The first contact or acknowledgement of the present opening."""
    return min((at for at in (case.contacted_at, case.acknowledged_at) if at is not None), default=None)


def resolution(cases: Iterable[Case]) -> Rate:
    """解决率: 已解决 / valid answers; 部分解决 counts as not solved."""
    answers = [case.answer for case in cases if case.answer is not None]
    return Rate(answers.count(Answer.SOLVED), len(answers))


def satisfaction(cases: Iterable[Case]) -> Rate:
    """满意率: (满意 + 0.9 x 基本满意) / valid answers. A grade counts only beside an answer to the first question."""
    grades = [case.satisfaction for case in cases if case.satisfaction is not None and case.answer is not None]
    return Rate(sum(WEIGHT_OF[grade] for grade in grades), len(grades))


def composite(one: Rate, two: Rate, three: Rate, weights: Weights) -> float | None:
    """综合: the weighted sum of response, resolution and satisfaction; None while one of them is unknown."""
    if one.value is None or two.value is None or three.value is None:
        return None
    return weights.response * one.value + weights.resolution * two.value + weights.satisfaction * three.value


def unanswered(cases: Iterable[Case]) -> int:
    """未评价结案, for which no answer has come since."""
    return sum(case.state is State.CLOSED_UNANSWERED and case.answer is None for case in cases)


def reopen_rate(counters: Mapping[str, int]) -> Rate:
    """重办率: cases that the resident had reopened / all cases filed, the open ones too, but those that another register brought in: it
    does not say what was done again. It stands beside the three."""
    return Rate(counters.get("reopened", 0), counters.get("filed", 0) - counters.get("from_hotline", 0))


def rates(
    cases: Iterable[Case],
    policy: Policy,
    now: datetime,
    *,
    with_struck_out: bool = False,
    weights: Weights = Weights(),
) -> Rates:
    """All of them over the same cases, without the struck-out (剔除) ones unless asked: figures show both."""
    counted = [case for case in cases if with_struck_out or not case.struck_out]
    one, two, three = response(counted, policy, now), resolution(counted), satisfaction(counted)
    return Rates(one, two, three, composite(one, two, three, weights), unanswered(counted))


def rates_of(counters: Mapping[str, int], weights: Weights = Weights()) -> Rates:
    """The same read off summed counters (casework.figures.COUNTERS): whoever sums chooses the cases."""
    grades = {Satisfaction.SATISFIED: "satisfied", Satisfaction.MOSTLY: "mostly"}
    good = sum(WEIGHT_OF[grade] * counters.get(name, 0) for grade, name in grades.items())
    one = Rate(counters.get("response_good", 0), counters.get("response_of", 0))
    two = Rate(counters.get("solved", 0), counters.get("answers", 0))
    three = Rate(good, counters.get("graded", 0))
    return Rates(one, two, three, composite(one, two, three, weights), counters.get("unanswered", 0))
