"""`classify`: JSON lines in, JSON lines out, one at a time: nothing is kept between two lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from casework.errors import JiesuError
from nlp.places import EMPTY, Gazetteer, Place
from nlp.replies import read_reply
from nlp.rulebook import shipped
from nlp.rulefile import RuleError
from nlp.rulefolder import load_rules
from nlp.rules import Rules
from nlp.understand import Context, Understanding, understand

PLAIN_INTENTS = {"human": "request", "about": "question"}
"""Intents of Jiesu's own that nobody outside knows: what they are to others."""

SHOWN = 20
"""Faults of an organisation that are told."""

Answer = dict[str, object]


def context(organisation: Path | None = None, on: date | None = None, rules: Path | None = None) -> Context:
    """What a message is read with; without a day it is the heating season."""
    return Context(
        gazetteer=gazetteer(organisation) if organisation else EMPTY,
        in_season=on is None or in_season(on),
        rules=rules_of(rules),
    )


def rules_of(folder: Path | None) -> Rules:
    """The rules of a folder, or those that are shipped; JiesuError says all that is wrong with them."""
    if folder is not None and not folder.is_dir():
        raise JiesuError(f"没有这个文件夹：{folder}")
    try:
        return shipped() if folder is None else load_rules(folder)
    except RuleError as error:
        raise JiesuError(str(error)) from None
    except OSError as error:
        raise JiesuError(f"读不了规则文件：{error}") from None


def gazetteer(organisation: Path) -> Gazetteer:
    """The places of an organisation: a workbook, or a folder of CSV files."""
    from bot.checking import cell_fault
    from bot.organisation.read import read_organisation

    found, faults = read_organisation(organisation)
    wrong = [cell_fault(fault) for fault in faults if fault.severity == "error"]
    if wrong:
        raise JiesuError("\n".join(wrong[:SHOWN]))
    return Gazetteer.build(Place(row.id, row.kind, row.name, row.aliases, row.parent or None) for row in found.places)


def in_season(day: date) -> bool:
    """Whether the heating is on that day, by the configured season."""
    from bot.settings import load
    from bot.world import make_policy

    return make_policy(load(None), {}).in_season(day)


def meaning(found: Understanding) -> Answer:
    """What a message means, as it is written out."""
    return {
        "category": found.category,
        "also": list(found.also),
        "topic": found.topic,
        "urgency": found.urgency,
        "intent": PLAIN_INTENTS.get(found.intent, found.intent),
        "places": [
            {"kind": place.kind, "id": place.id, "name": place.name, "at": [place.start, place.end]} for place in found.places
        ],
        "confidence": found.confidence,
        "evidence": [
            {"words": seen.words, "at": [seen.start, seen.end], "weight": seen.weight, "rule": seen.rule}
            for seen in found.evidence
        ],
    }


def by_meaning(context: Context) -> Callable[[str], Answer]:
    """Reads a resident's message."""
    return lambda text: meaning(understand(text, context))


def by_reply(rules: Rules | None) -> Callable[[str], Answer]:
    """Reads an answer to the check-back."""

    def read(text: str) -> Answer:
        reply = read_reply(text, rules.replies if rules else None)
        return {"answer": reply.answer, "satisfaction": reply.satisfaction}

    return read


def classified(lines: Iterable[bytes], answer: Callable[[str], Answer]) -> Iterator[Answer]:
    """One answer a line, in order; empty lines are passed over. A line that cannot be read gives an error object."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        asked = _asked(line, number == 1)
        if isinstance(asked, str):
            yield {"id": None, "error": asked, "line": number}
        else:
            # Half a surrogate pair is no text; one sign takes its place, and positions stay.
            yield {"id": asked["id"], **answer(asked["text"].encode("utf-8", "replace").decode())}


def _no_number(name: str) -> None:
    """NaN and Infinity are no JSON: nobody could read them back."""
    raise ValueError(name)


def _asked(line: bytes, first: bool) -> dict[str, Any] | str:
    """The request of a line, or what is wrong with it."""
    try:
        asked = json.loads(line.decode("utf-8-sig" if first else "utf-8"), parse_constant=_no_number)
    except (UnicodeDecodeError, ValueError, RecursionError):
        return "this is not a JSON line in UTF-8"
    if not isinstance(asked, dict) or asked.get("id") is None or not isinstance(asked.get("text"), str):
        return 'a line is an object {"id": …, "text": "…"}'
    return asked
