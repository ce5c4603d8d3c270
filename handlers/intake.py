"""From message to case: what is missing is asked one thing at a time; a half-told complaint is never lost."""

from __future__ import annotations

from dataclasses import replace

from casework import intake
from casework.case import Spot, Urgency
from casework.effects import Draft, DropDraft, KeepDraft, KeepPhone
from handlers import asking, complaints
from handlers.asking import CATEGORIES, ESTATE, NEAREST, TWO, WHICH, category_options
from handlers.filing import SPLIT, joined, open_case, open_draft
from handlers.meaning import (
    SURE,
    UNKNOWN,
    WHOLE_ESTATE,
    for_somebody,
    meaning,
    more_exact,
    place_like,
    settled,
    spot_in,
    spot_of,
)
from handlers.turn import Turn
from nlp.corrections import CORRECTION, corrected
from nlp.places import EMPTY
from nlp.shortwords import own_phone, phones
from nlp.understand import Context, Understanding, understand

__all__ = ["begin", "category_options", "go_on", "more", "nothing_new", "open_case", "open_draft"]
CHOSEN = "category"  # the resident chose it: no guess any more
AGAIN = "again"
ASKED_ONCE = frozenset({intake.PLACE, ESTATE, intake.BUILDING, intake.CATEGORY})  # and once more, if it was not answered
DISTINCT = 0.8  # so sure of another trouble it is not taken for more words about the first
PLACE_QUESTIONS = frozenset({intake.PLACE, intake.BUILDING, ESTATE, WHICH})


def begin(turn: Turn, text: str, got: Understanding, behalf: bool = False) -> None:
    """A new request: a draft, opened at once when nothing is missing."""
    go_on(turn, drafted(turn, text, got, behalf), got)


def drafted(turn: Turn, text: str, got: Understanding, behalf: bool = False) -> Draft:
    """The draft of a message, with all that its words told."""
    draft = Draft(
        turn.world.mint(), turn.person.id, joined([text]), turn.now, turn.now,
        turn.speaker.channel if turn.speaker else "web", files=turn.heard.files, behalf=behalf,
    )
    phone = own_phone(text) if not behalf or any(whose == "mine" for _, whose in phones(text)) else None
    if phone is not None and not turn.person.staff and not turn.person.phone:
        turn.write(KeepPhone(turn.person.id, phone))
        turn.refresh()
    return _learnt(turn, draft, got)


def more(turn: Turn, draft: Draft, text: str, asked: str = "") -> None:
    """More words for a draft: the place in pieces, a change of mind, the rest of the story."""
    behalf = draft.behalf or (for_somebody(text) and not draft.spot.building_id)
    if behalf and not draft.behalf and draft.spot == turn.person.home:
        draft = replace(draft, spot=Spot())
    home = draft.spot if draft.spot.estate_id else Spot() if behalf else turn.person.home
    story = joined([draft.text, text])
    said, whole = meaning(turn, text, home=home), meaning(turn, story, home=home)
    nearest = _nearly_named(turn, said, text) if asked in PLACE_QUESTIONS and not draft.spot.known else ()
    if nearest:
        said = replace(said, where=replace(said.where, ambiguous=nearest))
    draft = replace(draft, text=story, touched_at=turn.now, files=(*draft.files, *turn.heard.files), behalf=behalf)
    draft = replace(draft, spot=more_exact(draft.spot, _piece(turn, draft, said, whole, text, asked)))
    if _untold(draft, said, text, asked):
        draft = replace(draft, asked=(*(x for x in draft.asked if x not in ASKED_ONCE), AGAIN))
    another = _another_trouble(draft, said, text, asked)
    told = _kept(replace(whole, also=(said.category, *draft.also)), draft) if another else whole if draft.category is None or said.category != "other" else _kept(whole, draft)
    if CORRECTION.search(text):
        meant = meaning(turn, corrected(text)[0], home=home)
        told = meant if meant.category != "other" else told
    place = said.where if draft.spot.known or said.where.ambiguous else replace(whole.where, outside=said.where.outside)
    said = replace(said, two_troubles=whole.two_troubles or another, where=place)
    go_on(turn, _learnt(turn, draft, told, keep_spot=True), said)


def _nearly_named(turn: Turn, said: Understanding, text: str) -> tuple[str, ...]:
    """锦锈苑, in answer to where it is: the estates whose name is nearest, to be asked about."""
    if said.places or said.where.building_words or said.category != "other" or len(text.strip()) > 8 or UNKNOWN.search(text):
        return ()
    return tuple(meaning(turn, f"{text.strip()}1号楼", home=Spot()).where.ambiguous[:4])


def _another_trouble(draft: Draft, said: Understanding, text: str, asked: str) -> bool:
    """没水, while a cold home is half told: two matters, and neither is taken for the other."""
    known = draft.category not in (None, "other") and draft.topic is not None and draft.confidence >= SURE
    if not known or asked in (intake.CATEGORY, intake.GUESS) or CORRECTION.search(text) or said.intent == "question":
        return False
    return said.category not in ("other", draft.category) and said.topic is not None and said.confidence >= DISTINCT


def _untold(draft: Draft, said: Understanding, text: str, asked: str) -> bool:
    """What came was not the place that was asked for: asked once more, unless nobody knows it."""
    if AGAIN in draft.asked or UNKNOWN.search(text) or WHOLE_ESTATE.search(text):
        return False
    if asked == intake.CATEGORY:
        return said.intent == "answer" and draft.category in (None, "other")
    if said.where.building_words:
        return asked == ESTATE and not draft.spot.known
    if asked == intake.BUILDING:
        return not (draft.spot.building_id or draft.spot.words or draft.spot.place_id)
    return asked in (intake.PLACE, ESTATE) and not draft.spot.known


def _kept(got: Understanding, draft: Draft) -> Understanding:
    """The words told only the place: the category known so far stays."""
    category = draft.category or got.category
    topic = got.topic if category == got.category else draft.topic
    sure = max(draft.confidence, got.confidence) if category == got.category else draft.confidence  # how sure of what it was taken for
    return replace(got, category=category, topic=topic, confidence=sure)


def _piece(turn: Turn, draft: Draft, said: Understanding, whole: Understanding, text: str, asked: str) -> Spot:
    """What the new words say of the place, completed by the earlier ones ("3号楼" … "锦绣苑")."""
    spot, both = spot_of(said.where), spot_of(whole.where)
    if CORRECTION.search(draft.text):  # what was said last is what is meant
        both = spot_in(turn, "\n".join(reversed(draft.text.split("\n"))), Spot(both.estate_id))
    if spot.estate_id and not spot.building_id and not spot.words and both.estate_id == spot.estate_id:
        return replace(both, place_id=spot.place_id or both.place_id) if not CORRECTION.search(text) else spot
    if spot.known or spot.unit or spot.room or said.category != "other":
        return spot
    if asked not in PLACE_QUESTIONS and not text.startswith(("在", "就在")):
        return spot
    return Spot(words=text[:60]) if place_like(text) and not said.where.building_words and not said.where.ambiguous else spot


def _learnt(turn: Turn, draft: Draft, got: Understanding, keep_spot: bool = False) -> Draft:
    """Write down what the words told."""
    category = got.category if got.category != "other" else draft.category
    spot = draft.spot if keep_spot else spot_of(got.where)
    if not spot.known and not draft.behalf and turn.person.home.known and _at_home(got) and not got.where.outside:
        home = turn.person.home
        spot = replace(home, unit=spot.unit or home.unit, room=spot.room or home.room)
    if draft.category is not None and CHOSEN in draft.asked:
        category = draft.category
    said = category == got.category or category is None  # else the words told no kind: the guess of before is no surer for it
    return complaints.sorted_in(turn, replace(
        draft, category=category, topic=got.topic if category == got.category else draft.topic,
        also=draft.also if SPLIT in draft.asked else tuple(c for c in got.also if c != category), confidence=max(got.confidence, draft.confidence) if said else draft.confidence,
        urgency=Urgency(got.urgency) if got.urgency != "emergency" else draft.urgency, spot=spot,
    ))


def _at_home(got: Understanding) -> bool:
    """Without a place, most troubles are where one lives; what happens on a road needs to be asked."""
    return got.category in CATEGORIES and got.category not in ("roads_parking", "public_services")


def go_on(turn: Turn, draft: Draft, got: Understanding) -> None:
    """Ask the next thing, or open the case."""
    place = got.where
    if place.outside and not draft.spot.building_id:
        _outside(turn, draft, place.outside)
    elif place.unknown_building and NEAREST not in draft.asked and draft.spot.estate_id and not draft.spot.building_id:
        asking.ask_nearest(turn, draft, got)
    elif place.ambiguous and not draft.spot.known and WHICH not in draft.asked and not _number_only(got):
        asking.ask_which(turn, draft, place.ambiguous)
    elif got.two_troubles and draft.also and TWO not in draft.asked:
        asking.ask_two(turn, draft)
    else:
        _next(turn, draft, got)


def _next(turn: Turn, draft: Draft, got: Understanding) -> None:
    exact = settled(turn, draft.spot) or WHOLE_ESTATE.search(draft.text) is not None
    wanted = intake.missing(draft, turn.policy, exact)
    number_alone = bool(got.where.building_words) and not draft.spot.known and ESTATE not in draft.asked
    if number_alone and wanted in (intake.PLACE, None):
        asking.ask_estate(turn, draft, got)
    elif wanted is None and not (draft.text or draft.files or draft.category):
        asking.ask_missing(turn, draft, intake.CATEGORY)  # a point on the map, and once more: nothing is told yet
    elif wanted is None:
        open_draft(turn, draft)
    else:
        asking.ask_missing(turn, draft, wanted)


def _number_only(got: Understanding) -> bool:
    """"3号楼" without an estate: many estates have one."""
    named = any(m.kind == "estate" for m in got.places) or 0 < len(got.where.ambiguous) < 4
    return bool(got.where.building_words) and not named


def _outside(turn: Turn, draft: Draft, place: str) -> None:
    """Not ours: said kindly, no case. Told a place of ours afterwards, it goes on."""
    turn.write(DropDraft(draft.id))
    turn.ask("resident.outside", question="intake.outside", place=place, words=draft.text, files=list(draft.files))


def nothing_new() -> Understanding:
    """An understanding without words: for what came by a button."""
    return understand("", Context(EMPTY))


def keep(turn: Turn, draft: Draft) -> None:
    """A draft that waits for a word; silent for ten minutes, it becomes a case."""
    turn.write(KeepDraft(draft))


def dropped(turn: Turn, draft: Draft) -> None:
    """算了，不报了: the resident's own word ends a draft."""
    turn.write(DropDraft(draft.id))
    turn.say("resident.draft_dropped")
