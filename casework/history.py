"""Events and the case they tell: what a step changed, as JSON-friendly values, and the way back.

The first event of a case holds the fields that are not as every new case has them, later ones only what changed (`rev`
never: it is the event's own number). So the events rebuild the case (DESIGN section 3), and a press can be taken back.
Beside the fields an event notes what the step named (a return's reason) and in whose hands the case was before, under
names that no field has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, replace
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any, Final

from casework import accused
from casework.accused import Accused
from casework.case import Answer, Case, CasePost, Event, Part, PostId, Satisfaction, Spot, State, Urgency

FIELDS: Final = tuple(f.name for f in fields(Case) if f.name != "rev")
_TOLD: Final = attrgetter(*FIELDS)  # all at once: there are six dozen of them
TIMES: Final = frozenset(f.name for f in fields(Case) if str(f.type).startswith("datetime"))
PLACE: Final = tuple(f.name for f in fields(Spot))
PLAIN: Final = frozenset({type(None), str, bool, int, float})  # as JSON has them
NEW: Final[Mapping[str, object]] = {
    f.name: f.default_factory() if f.default_factory is not MISSING else f.default
    for f in fields(Case)
    if f.name != "rev" and (f.default is not MISSING or f.default_factory is not MISSING)
}
"""How each field is before anything was said of it. It is part of what is kept, so it never changes (decision 0034)."""
_NEW: Final = tuple(NEW.get(name, MISSING) for name in FIELDS)
ENUMS: Final[Mapping[str, type[StrEnum]]] = {
    "state": State,
    "urgency": Urgency,
    "answer": Answer,
    "satisfaction": Satisfaction,
}


def encode(value: object) -> object:
    """A field's value as JSON can hold it: times in ISO 8601, enums by value, tuples as lists, a Spot as a table."""
    if type(value) in PLAIN:  # most fields of most cases
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [encode(part) for part in value]
    if isinstance(value, Spot):
        return {name: getattr(value, name) for name in PLACE}
    if isinstance(value, Accused):
        return accused.body(value)
    return value


def decode(field: str, value: Any) -> object:
    """The way back, for a field of Case."""
    if value is None:
        return None
    if field in TIMES:
        return datetime.fromisoformat(value)
    if field in ENUMS:
        return ENUMS[field](value)
    if field == "also":
        return tuple(value)
    if field == "spot":
        return Spot(**value)
    if field == "accused":
        return accused.from_body(value)
    return value


def values(case: Case) -> dict[str, object]:
    """All fields of a case but `rev`, as they are."""
    return dict(zip(FIELDS, _TOLD(case), strict=True))


def changes(before: Case | None, after: Case) -> dict[str, object]:
    """What an event keeps, encoded: the fields that differ, from those of every new case when there is none before."""
    was = _NEW if before is None else _TOLD(before)
    differ = ((name, value) for name, value, old in zip(FIELDS, _TOLD(after), was, strict=True) if value != old)
    return {name: value if type(value) in PLAIN else encode(value) for name, value in differ}


def rebuild(events: Iterable[Event]) -> dict[str, object]:
    """The fields of the case as its events, in order, tell them; of which they say nothing, as of every new case. A field that
    Case no longer has is left out."""
    told: dict[str, object] = {}
    for event in events:
        told |= {name: decode(name, value) for name, value in event.changes.items() if name in FIELDS}
    return {**NEW, **told} if told else told


def case_of(events: Iterable[Event]) -> Case:
    """The case after these events (at least the first one), `rev` being the last event's number."""
    told = tuple(events)
    made: dict[str, Any] = {**rebuild(told), "rev": told[-1].seq}
    return Case(**made)


# ---- what an event notes beside the fields -----------------------------------------------------------------------

HANDS: Final = "hands"
TAKES_BACK: Final = "takes_back"
PROPOSED_BY: Final = "proposed_by"
NAMED: Final[Mapping[str, str]] = {
    "reason": "reason", "outcome": "outcome", "proposed_by": PROPOSED_BY, "seqs": TAKES_BACK,
}  # of an action: noted as


def noted(event: Event, action: object, hands: Iterable[CasePost]) -> Event:
    """The event with what its action named, and with who had the case before it."""
    named = {key: encode(value) for name, key in NAMED.items() if (value := getattr(action, name, None))}
    held: dict[str, list[str]] = {}
    for part in hands:
        held.setdefault(part.part.value, []).append(part.post_id)
    return replace(event, changes={**event.changes, **named, HANDS: held})


def hands_before(event: Event) -> tuple[tuple[Part, PostId], ...] | None:
    """In whose hands the case was before the event; None where that was not noted."""
    held = event.changes.get(HANDS)
    if not isinstance(held, dict):
        return None
    return tuple((Part(part), PostId(post)) for part, posts in held.items() for post in posts)


def standing(events: Iterable[Event]) -> list[Event]:
    """The events that still stand: without those taken back, and without the taking back itself."""
    stands: list[Event] = []
    for event in events:
        gone = event.changes.get(TAKES_BACK)
        if isinstance(gone, list):
            stands = [e for e in stands if e.seq not in gone]
        else:
            stands.append(event)
    return stands
