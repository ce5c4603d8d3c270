"""Writes what casework/summary_effects.py names."""

from __future__ import annotations

from sqlalchemy import Connection

from casework.summary_effects import KeepWords, SummaryEffect
from storage import words


def write_summary(conn: Connection, effect: SummaryEffect) -> None:
    """One effect, on behalf of a turn."""
    assert isinstance(effect, KeepWords)
    words.keep(conn, [(effect.case_id, effect.day, word) for word in effect.words])
