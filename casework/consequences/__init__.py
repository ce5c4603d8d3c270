"""What follows from each move: who is told and asked, who joins. Read this package to know the trade.

hands.py: into somebody's hands and out of them. asking.py: the check-back. appointing.py: 约时间. speaking.py: what residents
and desks say at any time. undoing.py: 点错了. passing.py: what time does. reorganising.py: when posts end and areas are drawn anew.
telling.py: how people are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from casework.consequences import (  # noqa: F401 (they register)
    appointing,
    asking,
    hands,
    passing,
    reorganising,
    speaking,
    undoing,
)
from casework.consequences.rules import FOLLOWS as FOLLOWS
from casework.consequences.telling import CARD_OPTIONS as CARD_OPTIONS
from casework.consequences.telling import card_options as card_options
from casework.effects import Effect
from casework.lifecycle import Moved
from casework.policy import Policy
from casework.town import Town


def consequences(moved: Moved, town: Town, policy: Policy, now: datetime) -> Iterator[Effect]:
    """All that follows from one step, in the order in which it is to be written."""
    rule = FOLLOWS.get(type(moved.action))
    if rule is not None:
        yield from rule(moved, town, policy, now)
