"""What is rising: this period's count against the weeks before, place by place and topic by topic, without crying wolf.

Two Poisson counts are compared exactly: were the rate the same, each of the cases of both periods would lie in the later one with a
chance that is its share of the days (Przyborowski and Wilenski 1940), so the later count is binomial. Of hundreds of places a few look
high by chance; the Benjamini-Hochberg procedure (1995) keeps the share of false ones among those shown at Q.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Generic, TypeVar

Q: Final = 0.1
"""Of those that are shown, so large a share may be chance."""
LEAST: Final = 5
"""Fewer cases are no hot spot, however rare they were before."""

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Hot(Generic[K]):
    """A place or topic that is rising: cases now, what the days before would have led to expect, and how likely so many are by chance."""

    key: K
    now: int
    expected: float
    chance: float


@lru_cache(20_000)  # few counts, again and again
def chance_of(now: int, before: int, share: float) -> float:
    """How likely at least `now` of `now + before` cases fall into a part of the time that is `share` of the whole, by chance alone."""
    whole = now + before
    if now <= 0:
        return 1.0
    if now > whole / 2 or now > share * whole:
        return min(1.0, math.fsum(_likely(count, whole, share) for count in range(now, whole + 1)))
    return max(0.0, 1.0 - math.fsum(_likely(count, whole, share) for count in range(now)))


def _likely(count: int, whole: int, share: float) -> float:
    log = math.lgamma(whole + 1) - math.lgamma(count + 1) - math.lgamma(whole - count + 1)
    return math.exp(log + count * math.log(share) + (whole - count) * math.log1p(-share))


def hot(
    counts: Mapping[K, tuple[int, int]], days_now: int, days_before: int, q: float = Q, least: int = LEAST, looked_at: int = 0
) -> list[Hot[K]]:
    """Those that rise, the surest first. `counts`: (now, before) of every key that was looked at, also of those without a case:
    how many were looked at decides how much is chance. Where keys that do not rise are left out, `looked_at` says how many there were."""
    share = days_now / (days_now + days_before)
    found = [
        Hot(key, now, before * days_now / days_before, chance)
        for key, (now, before) in counts.items()
        if now > share * (now + before) and (chance := chance_of(now, before, share)) <= q  # the others are no rise, or no rare one
    ]
    found.sort(key=lambda one: (one.chance, -one.now))
    kept = 0
    for rank, one in enumerate(found, 1):
        if one.chance <= q * rank / max(looked_at, len(counts)):
            kept = rank
    return [one for one in found[:kept] if one.now >= least]
