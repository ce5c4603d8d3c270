"""What every action of casework/actions.py has in common."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """Base: the words that came with it are kept as a remark, apart from the event."""

    words: str = ""
    files: tuple[str, ...] = ()
