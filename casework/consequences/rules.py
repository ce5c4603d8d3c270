"""The register: which rule follows from which action."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from casework.actions import Action
from casework.effects import Effect
from casework.lifecycle import Moved
from casework.policy import Policy
from casework.town import Town

Follow = Callable[[Moved, Town, Policy, datetime], Iterator[Effect]]
FOLLOWS: Final[dict[type[Action], Follow]] = {}


def follows(*actions: type[Action]) -> Callable[[Follow], Follow]:
    """What follows from these actions."""

    def register(rule: Follow) -> Follow:
        for action in actions:
            FOLLOWS[action] = rule
        return rule

    return register
