"""What may stand in a document: without the characters that XML does not know, and never a formula where words are meant."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?%?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST = 32_000
"""Characters of a cell; Excel takes 32,767."""


def clean(text: str) -> str:
    """Without control characters and halves of surrogate pairs."""
    return _CONTROL.sub("", text)


def harmless(text: str) -> str:
    """For a cell: what a spreadsheet could take for a formula begins with an apostrophe, also when it is saved as CSV and opened again."""
    plain = clean(text)[:LONGEST]
    suspect = plain.lstrip().startswith(_FORMULA) and not _NUMBER.fullmatch(plain)
    return f"'{plain}" if suspect else plain
