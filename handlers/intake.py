"""From message to case: what is missing is asked one thing at a time; a half-told complaint is never lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from casework import actions as a
from casework import intake
from casework.case import SYSTEM, Actor, Case, CaseId, Spot, State, Urgency, Who
from casework.effects import CloseQuestions, Draft, DropDraft, KeepDraft, KeepPhone, Option, RememberHome
from handlers.meaning import meaning, more_exact, settled, spot_of
from handlers.texts import word
from handlers.turn import Turn, answer, press
from nlp.shortwords import read_phone
from nlp.replies import read_yes_no
from nlp.understand import Understanding
from storage import cases, people, talk

CATEGORIES = (
    "heating", "water_power_gas", "drainage", "building_facilities", "property_service", "sanitation", "safety_order",
    "roads_parking", "noise_neighbours", "public_services",
)
SUMMARY = 120
SPLIT, TWO, OUTSIDE, NEAREST = "split", "two", "outside", "nearest"


def begin(turn: Turn, text: str, got: Understanding, behalf: bool = False) -> None:
    """A new request: a draft, opened at once when nothing is missing."""
    draft = Draft(
        turn.world.mint(), turn.person.id, text, turn.now, turn.now,
        turn.speaker.channel if turn.speaker else "web", files=turn.heard.files, behalf=behalf,
    )
    if behalf and (phone := read_phone(text)):
        draft = replace(draft, asked=(f"phone:{phone}",))
    go_on(turn, _learnt(turn, draft, got), got)


def more(turn: Turn, draft: Draft, text: str, only_place: bool = False) -> None:
    """More words for a draft: the place in pieces, a change of mind, the rest of the story."""
    said = meaning(turn, text, use_home=not draft.behalf)
    whole = meaning(turn, f"{draft.text}\n{text}", use_home=not draft.behalf)
    draft = replace(
        draft, text=f"{draft.text}\n{text}".strip(), touched_at=turn.now, files=(*draft.files, *turn.heard.files)
    )
    spot = more_exact(draft.spot, _piece(turn, draft, said, text))
    got = whole if draft.category is None or said.category != "other" else replace_category(whole, draft)
    go_on(turn, _learnt(turn, replace(draft, spot=spot), got, keep_spot=True), said)


def replace_category(got: Understanding, draft: Draft) -> Understanding:
    """The words told only the place: the category known so far stays."""
    return replace(got, category=draft.category or got.category, confidence=max(draft.confidence, got.confidence))


def _piece(turn: Turn, draft: Draft, said: Understanding, text: str) -> Spot:
    """A bare "3号楼" after the estate is known, or the words themselves when we asked where and know no such place."""
    spot = spot_of(said.where)
    if not spot.known and draft.spot.estate_id:
        from nlp.places import Home
        from nlp.where import where

        spot = spot_of(where(text, turn.world.gazetteer, Home(draft.spot.estate_id, None, None, None)))
    if not spot.known and intake.PLACE in draft.asked and said.category == "other":
        spot = Spot(words=text[:60])
    return spot


def _learnt(turn: Turn, draft: Draft, got: Understanding, keep_spot: bool = False) -> Draft:
    """Write down what the words told."""
    category = got.category if got.category != "other" else draft.category
    spot = draft.spot if keep_spot else spot_of(got.where)
    if not spot.known and not draft.behalf and turn.person.home.known and _at_home(got):
        spot = turn.person.home
    if draft.category is not None and "category" in draft.asked:  # the resident chose it
        category = draft.category
    return replace(
        draft, category=category, topic=got.topic if category == got.category else draft.topic,
        also=tuple(c for c in got.also if c != category), confidence=max(got.confidence, draft.confidence),
        urgency=Urgency(got.urgency) if got.urgency != "emergency" else draft.urgency, spot=spot,
    )


def _at_home(got: Understanding) -> bool:
    """Without a place, most troubles are where one lives; what happens on a road needs to be asked."""
    return got.category in CATEGORIES and got.category not in ("roads_parking", "public_services")


def go_on(turn: Turn, draft: Draft, got: Understanding) -> None:
    """Ask the next thing, or open the case."""
    if got.where.outside and not draft.spot.building_id and OUTSIDE not in draft.asked:
        turn.write(KeepDraft(replace(draft, asked=(*draft.asked, OUTSIDE))))
        turn.write(DropDraft(draft.id))
        turn.say("resident.outside", place=got.where.outside)
        return
    if got.where.unknown_building and NEAREST not in draft.asked and draft.spot.estate_id:
        _ask_nearest(turn, replace(draft, asked=(*draft.asked, NEAREST)), got)
        return
    if got.where.ambiguous and not draft.spot.known and "which" not in draft.asked:
        _ask_which(turn, replace(draft, asked=(*draft.asked, "which")), got.where.ambiguous)
        return
    if got.two_troubles and draft.also and TWO not in draft.asked and draft.urgency is not Urgency.EMERGENCY:
        _ask_two(turn, replace(draft, asked=(*draft.asked, TWO)))
        return
    wanted = intake.missing(draft, turn.policy, settled(turn, draft.spot))
    if wanted is None:
        open_draft(turn, draft)
    else:
        _ask(turn, replace(draft, asked=(*draft.asked, wanted)), wanted)


# ---- questions --------------------------------------------------------------------------------------------------


def _ask(turn: Turn, draft: Draft, wanted: str) -> None:
    turn.write(CloseQuestions(draft_id=draft.id))
    turn.write(KeepDraft(draft))
    hold = turn.policy.intake_hold
    if wanted == intake.CATEGORY:
        turn.ask(wanted, options=category_options(), draft_id=draft.id, hold=hold)
    elif wanted == intake.GUESS:
        turn.ask(wanted, options=("yes", "no"), draft_id=draft.id, hold=hold, category=word("category", draft.category))
    elif wanted == intake.PLACE:
        turn.ask(wanted, draft_id=draft.id, hold=hold)
    else:
        assert draft.spot.estate_id is not None
        rows = people.buildings_of(turn.conn, draft.spot.estate_id, 12)
        estate = people.place_row(turn.conn, draft.spot.estate_id)
        turn.ask(wanted, options=place_options(rows), draft_id=draft.id, hold=hold, estate=estate.name if estate else "")


def _ask_nearest(turn: Turn, draft: Draft, got: Understanding) -> None:
    """A building that does not exist in a known estate: asked once with the nearest ones."""
    turn.write(CloseQuestions(draft_id=draft.id))
    turn.write(KeepDraft(draft))
    rows = [r for i in got.where.nearest if (r := people.place_row(turn.conn, i)) is not None]
    estate = people.place_row(turn.conn, draft.spot.estate_id or "")
    turn.ask(
        "intake.building_nearest", options=(*place_options(rows), Option("none_of_these")), draft_id=draft.id,
        question=intake.BUILDING, estate=estate.name if estate else "", building=got.where.building_words or "",
    )


def _ask_which(turn: Turn, draft: Draft, ids: Sequence[str]) -> None:
    turn.write(CloseQuestions(draft_id=draft.id))
    turn.write(KeepDraft(draft))
    rows = [r for i in ids[:8] if (r := people.place_row(turn.conn, i)) is not None]
    turn.ask("intake.which_place", options=(*place_options(rows), Option("none_of_these")), draft_id=draft.id)


def _ask_two(turn: Turn, draft: Draft) -> None:
    turn.write(CloseQuestions(draft_id=draft.id))
    turn.write(KeepDraft(draft))
    first, second = word("category", draft.category), word("category", draft.also[0])
    turn.ask("intake.two", options=("split", "together"), draft_id=draft.id, first=first, second=second)


def category_options() -> tuple[Option, ...]:
    return tuple(Option("category", {"code": c, "name": word("category", c)}) for c in CATEGORIES)


def place_options(rows: Sequence[Any]) -> tuple[Option, ...]:
    return tuple(Option("place", {"id": r.id, "name": r.name}) for r in rows)


def _draft(turn: Turn, question: Any) -> Draft | None:
    found = talk.draft(turn.conn, question.draft_id) if question.draft_id else None
    if found is None:
        turn.say("resident.late_plain")
    return found


def nothing_new() -> Understanding:
    """An understanding without words: for what came by a button."""
    from nlp.understand import understand

    return understand("")


@press("intake.category", "category")
def category_chosen(turn: Turn, question: Any, args: dict[str, str]) -> None:
    draft = _draft(turn, question)
    if draft is not None:
        chosen = replace(draft, category=args["code"], confidence=1.0, touched_at=turn.now,
                         asked=(*draft.asked, "category"))
        go_on(turn, _urgency_of(turn, chosen), nothing_new())


def _urgency_of(turn: Turn, draft: Draft) -> Draft:
    return draft if draft.spot.known or draft.behalf else replace(draft, spot=turn.person.home)


@press("intake.guess", "yes")
def guess_right(turn: Turn, question: Any, args: dict[str, str]) -> None:
    draft = _draft(turn, question)
    if draft is not None:
        go_on(turn, replace(draft, confidence=1.0, touched_at=turn.now, asked=(*draft.asked, "category")), nothing_new())


@press("intake.guess", "no")
def guess_wrong(turn: Turn, question: Any, args: dict[str, str]) -> None:
    draft = _draft(turn, question)
    if draft is not None:
        _ask(turn, replace(draft, category=None, touched_at=turn.now, asked=(*draft.asked, intake.CATEGORY)), intake.CATEGORY)


@press("intake.building", "place")
@press("intake.which_place", "place")
@press("intake.place", "place")
def place_chosen(turn: Turn, question: Any, args: dict[str, str]) -> None:
    draft = _draft(turn, question)
    if draft is not None:
        spot = more_exact(draft.spot, spot_at(turn, args["id"]))
        go_on(turn, replace(draft, spot=spot, touched_at=turn.now), nothing_new())


def spot_at(turn: Turn, place_id: str) -> Spot:
    """The spot of a place that was picked by its id."""
    row = people.place_row(turn.conn, place_id)
    if row is None:
        return Spot()
    if row.kind == "building":
        return Spot(row.parent_id, row.id)
    return Spot(estate_id=row.id) if row.kind == "estate" else Spot(place_id=row.id)


@press("intake.building", "none_of_these")
@press("intake.which_place", "none_of_these")
def none_of_these(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The words stay, and the case goes to that community's desk."""
    draft = _draft(turn, question)
    if draft is not None:
        draft = replace(draft, touched_at=turn.now, asked=(*draft.asked, intake.BUILDING))
        go_on(turn, draft, nothing_new())


@press("intake.two", "split", "together")
def two(turn: Turn, question: Any, args: dict[str, str]) -> None:
    draft = _draft(turn, question)
    if draft is None:
        return
    pressed = talk.question(turn.conn, question.id)
    split = pressed is not None and pressed.answered == "split"
    draft = replace(draft, touched_at=turn.now, confidence=1.0, asked=(*draft.asked, *((SPLIT,) if split else ())))
    go_on(turn, draft, nothing_new())


@answer("intake.guess")
def guess_answered(turn: Turn, question: Any, text: str) -> bool:
    yes = read_yes_no(text)
    if yes is None:
        return _told_more(turn, question, text)
    talk.answer_question(turn.conn, question.id, "yes" if yes else "no", turn.now)
    (guess_right if yes else guess_wrong)(turn, question, {})
    return True


@answer("intake.two")
def two_answered(turn: Turn, question: Any, text: str) -> bool:
    yes = read_yes_no(text)
    if yes is None and "分开" not in text:
        return _told_more(turn, question, text)
    talk.answer_question(turn.conn, question.id, "split" if yes or "分开" in text else "together", turn.now)
    two(turn, question, {})
    return True


@answer("intake.category")
@answer("intake.place")
@answer("intake.building")
@answer("intake.which_place")
def told(turn: Turn, question: Any, text: str) -> bool:
    return _told_more(turn, question, text)


def _told_more(turn: Turn, question: Any, text: str) -> bool:
    draft = talk.draft(turn.conn, question.draft_id) if question.draft_id else None
    if draft is None:
        return False
    turn.write(CloseQuestions(draft_id=draft.id))
    more(turn, draft, text)
    return True


# ---- the case ---------------------------------------------------------------------------------------------------


def open_draft(turn: Turn, draft: Draft) -> None:
    """The draft becomes a case (two, if the resident said so), counted from its first message's time."""
    categories = [draft.category or "other"]
    if SPLIT in draft.asked and draft.also:
        categories.append(draft.also[0])
        draft = replace(draft, also=draft.also[1:])
    turn.write(DropDraft(draft.id))
    for category in categories:
        topic = draft.topic if category == draft.category else None
        open_case(turn, replace(draft, category=category, topic=topic))
    ask_phone(turn, draft)


def ask_phone(turn: Turn, draft: Draft) -> None:
    """Right after filing, once, optional, and why."""
    if turn.speaker is None or draft.behalf or turn.person.phone or turn.speaker.phone_asked or turn.person.staff:
        return
    turn.ask("resident.ask_phone", question="resident.phone", options=("skip",))


def open_case(turn: Turn, draft: Draft) -> Case:
    """Register, dispatch, tell. Without a grid it belongs to the desk of the smallest known area."""
    where = turn.town.territory(draft.spot)
    year = draft.opened_at.astimezone(turn.policy.calendar.zone).year
    case = Case(
        id=CaseId(turn.world.mint()), number=cases.next_number(turn.conn, year), state=State.REGISTERED,
        category=draft.category or "other", urgency=draft.urgency, resident_id=draft.person_id,
        filed_at=draft.opened_at, clock_from=draft.opened_at, summary=_summary(draft.text),
        community_id=where.community_id, grid_id=where.grid_id, area_id=where.area_id, topic=draft.topic,
        also=draft.also, danger=draft.danger, spot=draft.spot, channel=draft.channel, behalf=draft.behalf,
        confidence=draft.confidence, rev=1,
    )
    by = Actor(Who.RESIDENT, draft.person_id)
    turn.open(case, draft.text, draft.files, by)
    dispatch(turn, case)
    if draft.spot.building_id and not draft.behalf:
        turn.write(RememberHome(draft.person_id, draft.spot))
    for asked in draft.asked:
        if asked.startswith("phone:"):
            turn.write(KeepPhone(draft.person_id, asked.removeprefix("phone:")))
    turn.focus(case.id)
    return case


def dispatch(turn: Turn, case: Case) -> None:
    """Into somebody's hands; what nobody can place or sort is a task of the desk beside."""
    from casework.dispatch import plan
    from handlers.desk import to_sort

    starts = plan(case, turn.town, turn.policy, turn.now).clock_from
    turn.act(case.id, a.Dispatch(clock_from=max(starts, case.filed_at) if starts > turn.now else case.filed_at), SYSTEM)
    if case.category == "other" or case.grid_id is None:
        to_sort(turn, case.id)


def _summary(text: str) -> str:
    first = " ".join(text.split())
    return first if len(first) <= SUMMARY else f"{first[: SUMMARY - 1]}…"
