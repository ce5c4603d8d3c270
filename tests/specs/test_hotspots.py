"""Hot spots: exact where it can be counted by hand, silent on noise, found where there is a rise."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.hotspots import LEAST, Q, chance_of, hot


def poisson(rate: float, chance: random.Random) -> int:
    """A Poisson count, by counting exponential waits."""
    count, at = -1, 0.0
    while at < rate:
        at += chance.expovariate(1.0)
        count += 1
    return count


def test_the_chance_is_the_binomial_tail() -> None:
    assert chance_of(3, 0, 0.5) == pytest.approx(1 / 8)
    assert chance_of(1, 4, 0.2) == pytest.approx(1 - 0.8**5)
    assert chance_of(0, 9, 0.2) == 1.0


@given(st.integers(0, 60), st.integers(0, 200), st.floats(0.05, 0.6))
def test_the_tail_agrees_with_adding_up_every_outcome(now: int, before: int, share: float) -> None:
    whole = now + before
    exact = math.fsum(math.comb(whole, n) * share**n * (1 - share) ** (whole - n) for n in range(now, whole + 1))
    assert chance_of(now, before, share) == pytest.approx(exact, abs=1e-9)


def test_ordinary_noise_over_all_grids_raises_hardly_any_alarm() -> None:
    """220 grids with about 3 cases a week, 200 weeks: an alarm in at most every tenth week or so, which is what Q promises."""
    chance = random.Random(7)
    alarmed = 0
    for _ in range(200):
        rates = [chance.uniform(0.5, 6.0) for _ in range(220)]
        counts = {grid: (poisson(rate, chance), poisson(4 * rate, chance)) for grid, rate in enumerate(rates)}
        alarmed += bool(hot(counts, 7, 28))
    assert alarmed <= 200 * Q * 1.5


def test_a_real_rise_is_found_among_noise_and_named_first() -> None:
    chance = random.Random(11)
    found = 0
    for _ in range(50):
        counts = {grid: (poisson(3.0, chance), poisson(12.0, chance)) for grid in range(220)}
        counts[42] = (poisson(20.0, chance), 12)
        found += bool((risen := hot(counts, 7, 28)) and risen[0].key == 42)
    assert found >= 45


def test_few_cases_are_no_hot_spot_however_rare_they_were() -> None:
    assert hot({"a": (LEAST - 1, 0)}, 7, 2800) == []
    assert [one.key for one in hot({"a": (LEAST, 0)}, 7, 2800)] == ["a"]


def test_nothing_to_look_at_is_nothing_hot() -> None:
    assert hot({}, 7, 28) == []
