"""World: what every turn of a running town shares. Built by bot, rebuilt when the organisation or the rules change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from casework.groups import Group
from casework.policy import Policy

if TYPE_CHECKING:
    from nlp.answers import Answer
    from nlp.places import Gazetteer
    from nlp.rules import Rules


@dataclass(frozen=True)
class World:
    """`button_key` signs the buttons' values; `mint` makes a UUIDv7 as text; `links` makes a one-time link for a staff
    person: its address, told once, and what is kept of it."""

    policy: Policy
    gazetteer: Gazetteer
    button_key: bytes
    mint: Callable[[], str]
    code_key: bytes = b""
    links: Callable[[str], tuple[str, Mapping[str, Any]]] | None = None
    answers: Sequence[Answer] = ()
    texts: Mapping[str, Any] = field(default_factory=dict)
    public_url: str = ""
    demo: bool = False
    groups: Sequence[Group] = ()  # with a robot in them that tells of cards
    rules: Rules | None = None  # the keyword rules; None: those that are shipped
