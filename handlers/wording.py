"""texts.toml: the sentences and words by key."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def load() -> dict[str, Any]:
    """texts.toml, once."""
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))


def text_of(key: str) -> str:
    """The sentence of a key "section.name". A missing key is a bug, found by a house test."""
    section, _, name = key.partition(".")
    found = load()[section][name]
    assert isinstance(found, str)
    return found


def in_english(key: str) -> str | None:
    """The short line for who writes only English, where there is one: of the key, else of all its section."""
    lines = load()["english"]
    found = lines.get(key.replace(".", "_")) or lines.get(key.partition(".")[0])
    return str(found) if found else None


def word(section: str, name: str | None) -> str:
    """A single word of the trade (a state, a category) as readers see it."""
    return str(load()[section].get(name or "", name or ""))
