"""A complaint about a person or the property company: told from the words, kept apart from what is to be mended, given to those
above. What the words accuse stands in nlp/rules/accused.toml; who may have it, in casework/access.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple

from casework.accused import NOBODY, Accused
from casework.case import AreaId, Case, Spot, Urgency
from casework.effects import Draft
from handlers.meaning import LOOSE, meaning
from handlers.turn import Turn
from nlp import accused as rules
from nlp.accused import Told
from nlp.understand import Understanding
from storage import accused as kept

TOPIC: Final = "conduct"
ABOUT: Final = "about:"  # a mark of a draft: said about this case, so that 来的人 are those who have it
ASKS: Final = frozenset({"status", "nudge", "withdraw"})  # intents that go before a complaint: 我投诉物业那事咋样了


def told(turn: Turn, text: str, area_id: AreaId | None, about_case: bool = False) -> Told:
    """Whom the text accuses; names are those of the staff of that place."""
    book = turn.world.rules.accused if turn.world.rules else rules.shipped()
    names = kept.names_there(turn.town, area_id) if rules.speaks_of_deeds(text, book) else ()
    return rules.accused_of(text, book, names, about_case)


def told_by(turn: Turn, draft: Draft) -> Told:
    return told(turn, draft.text, turn.town.territory(draft.spot).area_id, _about(draft) is not None)


def accused_in(turn: Turn, draft: Draft, area_id: AreaId) -> Accused:
    """Whom the draft's words mean at its place."""
    said = told(turn, draft.text, area_id, _about(draft) is not None)
    found = kept.pinned(turn.town, said.roles, said.names, area_id, draft.spot)
    about = _about(draft)
    return found.also(kept.handlers_of(turn.town, turn.case(about))) if about and "staff" in said.roles else found


def _about(draft: Draft) -> str | None:
    return next((mark.removeprefix(ABOUT) for mark in draft.asked if mark.startswith(ABOUT)), None)


def accused_at(turn: Turn, case: Case, area_id: AreaId, spot: Spot) -> Accused:
    """The same roles at another place, when the place of a complaint is mended."""
    return kept.pinned(turn.town, case.accused.roles, (), area_id, spot) if case.accused else NOBODY


class Kind(NamedTuple):
    """What a text that accuses somebody is filed as."""

    category: str
    topic: str | None
    confidence: float


def kind_of(said: Told, text: str, read: Callable[[str], Understanding], guess_below: float) -> Kind:
    """The kind of the trouble that is told besides, as it is `read`; else a complaint: about the property company alone, or about staff."""
    trouble = _trouble(rules.apart(text, said)[1], read, guess_below)
    return Kind(trouble.category, trouble.topic, trouble.confidence) if trouble is not None else _as_complaint(said)


def _as_complaint(said: Told) -> Kind:
    company_alone = said.roles == ("company",) and not said.names
    return Kind("property_service" if company_alone else "public_services", TOPIC, 1.0)


def sorted_in(turn: Turn, draft: Draft) -> Draft:
    """Nobody is asked "which kind?" about a complaint; told beside a trouble, the draft is of the trouble's kind until it opens."""
    said = told_by(turn, draft)
    if not said:
        return draft
    kind = kind_of(said, draft.text, _read(turn), turn.policy.guess_below)
    if kind.topic == TOPIC:
        return _complaint(turn, draft, said)
    return replace(draft, category=kind.category, topic=kind.topic, confidence=kind.confidence, also=())


def _complaint(turn: Turn, draft: Draft, said: Told) -> Draft:
    kind = _as_complaint(said)
    home = turn.person.home if turn.speaker is not None and not draft.behalf else Spot()
    return replace(
        draft, category=kind.category, topic=kind.topic, confidence=kind.confidence, also=(),
        spot=draft.spot if draft.spot.known else home,
    )


def _read(turn: Turn) -> Callable[[str], Understanding]:
    return lambda text: meaning(turn, text, use_home=False)


def _trouble(rest: str, read: Callable[[str], Understanding], guess_below: float) -> Understanding | None:
    """What else is told: something that is to be mended, whoever is to blame."""
    got = read(rest) if rest else None
    if got is None or (got.urgency != "emergency" and got.confidence < guess_below):
        return None
    return None if got.category in ("other", *LOOSE) else got


def _is_the_danger(turn: Turn, accusing: str, trouble: Understanding) -> bool:
    """Whoever is accused is the danger (网格员打人，快来人): it is one matter, and not theirs to come to."""
    violent = rules.harms(accusing) or meaning(turn, accusing, use_home=False).danger == "violence"
    return trouble.urgency != "emergency" or violent


def parted(turn: Turn, draft: Draft) -> tuple[Draft, Draft | None]:
    """The draft, and the complaint in it when it tells a trouble too: whoever mends the trouble does not read the complaint. The
    photos go with the complaint: shown once, they cannot be taken back."""
    said = told_by(turn, draft)
    accusing, rest = rules.apart(draft.text, said) if said else ("", draft.text)
    trouble = _trouble(rest, _read(turn), turn.policy.guess_below) if said else None
    if trouble is None or (draft.danger is not None and _is_the_danger(turn, accusing, trouble)):
        return draft, None
    about = replace(draft, id=turn.world.mint(), text=accusing, urgency=Urgency.NORMAL, danger=None)
    return replace(draft, text=rest, files=()), _complaint(turn, about, said)
