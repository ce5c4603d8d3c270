"""What is missing is asked one thing at a time, with buttons; each question is held, so that a burst gets only one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from casework import intake
from casework.effects import CloseQuestions, Draft, KeepDraft, Option
from handlers.filing import SPLIT
from handlers.meaning import meaning
from handlers.texts import word
from handlers.turn import Turn
from nlp.understand import Understanding
from storage import people, talk

CATEGORIES = (
    "heating", "water_power_gas", "drainage", "building_facilities", "property_service", "sanitation", "safety_order",
    "roads_parking", "noise_neighbours", "public_services",
)
TWO, WHICH, ESTATE, NEAREST = "intake.two", "intake.which_place", "intake.estate", "nearest"
OFFERED = 12  # buildings on buttons; any other is written


SHORT = (
    "resident.add", "resident.moved_ask", "resident.file_what", "leave.days", "leave.who", "swap.which", "swap.who", "swap.return", "gaps.undo",
    "duty.hand_who", "duty.hand_sure", "notice.where", "notice.words",
)
ON_CARD = (
    "worker.what_was_done", "worker.coordinate", "building.words", "appointment.times", "desk.dismiss", "desk.redirect", "desk.defer", "fix.place",
    "task.keep_words", "worker.extend", "desk.assign",
)
FOR_STAFF = (*ON_CARD, "leave.days", "leave.who", "leave.consent", "swap.which", "swap.who", "swap.return", "swap.consent",
             "duty.hand_who", "duty.hand_sure", "duty.handing")
TO_WRITE = ("task.answer", "task.heard", "worker.file_words")  # longer to write; two hours
IN_WORDS = (*ON_CARD, *TO_WRITE)
NOTE_WAITS = timedelta(hours=2)


def still_awaited(turn: Turn, question: Any) -> bool:
    """Intake questions, and "what is to be added?", wait ten minutes, what staff write about a card as long as the card is in
    hand: what is written later is about something else, and would be taken for it. All others never expire. What staff write
    once 回复居民 is pressed is for the resident, not for a question of before."""
    if question.name in FOR_STAFF and (since := relaying_since(turn)) is not None and since >= question.asked_at:
        return False
    if question.name in (*ON_CARD, "worker.promise_day") and _card_since(turn, question):
        return False
    if question.name in ON_CARD:
        staff = turn.speaker is not None and turn.person.staff
        return bool(turn.now <= question.asked_at + (turn.policy.touch_window if staff else NOTE_WAITS))
    if question.name in TO_WRITE:
        return bool(turn.now <= question.asked_at + NOTE_WAITS)
    if question.name in SHORT or question.name.startswith("intake."):
        return bool(turn.now <= question.asked_at + turn.policy.draft_timeout)
    return True


def _card_since(turn: Turn, question: Any) -> bool:
    """Whether staff have touched another card since they were asked."""
    if turn.speaker is None or not turn.person.staff:
        return False
    talked = talk.conversation(turn.conn, turn.speaker.address_id)
    other = talked is not None and talked.focus_case not in (None, question.case_id)
    return other and talked is not None and talked.focus_at is not None and talked.focus_at > question.asked_at


def relaying_since(turn: Turn) -> datetime | None:
    """Since when what the speaker writes goes on to a resident (the last time it did); None: it does not."""
    talked = talk.conversation(turn.conn, turn.speaker.address_id) if turn.speaker is not None else None
    if talked is None or talked.relay_until is None or turn.now > talked.relay_until:
        return None
    return cast(datetime, talked.relay_until) - turn.policy.relay


def category_options() -> tuple[Option, ...]:
    return tuple(Option("category", {"code": c, "name": word("category", c)}) for c in CATEGORIES)


def place_options(rows: Sequence[Any]) -> tuple[Option, ...]:
    return tuple(Option("place", {"id": r.id, "name": r.name}) for r in rows)


def _put(turn: Turn, draft: Draft, marks: Sequence[str], key: str, options: Sequence[str | Option] = (),
         question: str = "", **args: object) -> None:
    """One question about a draft; what was asked before is waited for no more."""
    turn.write(CloseQuestions(draft_id=draft.id))
    turn.write(KeepDraft(replace(draft, asked=(*draft.asked, *marks))))
    told = {**args, "said_as": key}
    turn.ask(key, None, options, question or key, True, draft.id, None, turn.policy.intake_hold, **told)


def ask_missing(turn: Turn, draft: Draft, wanted: str) -> None:
    """The next thing of casework.intake."""
    if wanted == intake.CATEGORY:
        _put(turn, draft, [wanted], wanted, category_options())
    elif wanted == intake.GUESS:
        _ask_guess(turn, draft)
    elif wanted == intake.PLACE:
        _put(turn, draft, [wanted], wanted)
    else:
        assert draft.spot.estate_id is not None
        rows = people.buildings_of(turn.conn, draft.spot.estate_id, OFFERED)
        options = (*place_options(rows), Option("none_of_these"))
        _put(turn, draft, [wanted], wanted, options, estate=_name(turn, draft.spot.estate_id))


def _ask_guess(turn: Turn, draft: Draft) -> None:
    """Jiesu is not sure: this, or that? With nothing else in sight: is it this?"""
    assert draft.category is not None
    second = meaning(turn, draft.text).runner_up
    if second is None or second == draft.category or second not in CATEGORIES:
        _put(turn, draft, [intake.GUESS], intake.GUESS, ("yes", "no"), category=word("category", draft.category))
        return
    both = [Option("category", {"code": code, "name": word("category", code)}) for code in (draft.category, second)]
    first, other = (str(option.args["name"]) for option in both)
    _put(turn, draft, [intake.GUESS], "intake.guess_two", (*both, Option("neither")), intake.GUESS, category=first, other=other)


def ask_nearest(turn: Turn, draft: Draft, got: Understanding) -> None:
    """A building that does not exist in a known estate: asked once with the nearest ones."""
    options = (*place_options(_rows(turn, got.where.nearest)), Option("none_of_these"))
    _put(turn, draft, [NEAREST, intake.BUILDING], "intake.building_nearest", options, intake.BUILDING,
         estate=_name(turn, draft.spot.estate_id), building=got.where.building_words or "")


def ask_which(turn: Turn, draft: Draft, ids: Sequence[str]) -> None:
    """Several estates may be meant."""
    _put(turn, draft, [WHICH, intake.PLACE], WHICH, (*place_options(_rows(turn, ids[:8])), Option("none_of_these")))


def ask_estate(turn: Turn, draft: Draft, got: Understanding) -> None:
    """"3号楼" of which estate? Offered only where few have such a building."""
    few = got.where.ambiguous if len(got.where.ambiguous) < 5 else ()
    options = (*place_options(_rows(turn, few)), Option("none_of_these")) if few else ()
    _put(turn, draft, [ESTATE, intake.PLACE], ESTATE, options, building=got.where.building_words or "")


def ask_two(turn: Turn, draft: Draft) -> None:
    names = [word("category", code) for code in (draft.category, *draft.also)]
    if len(names) > 2:
        _put(turn, draft, [TWO], "intake.several", ("split", "together"), TWO, count=len(names), list="、".join(names))
    else:
        _put(turn, draft, [TWO], TWO, ("split", "together"), first=names[0], second=names[1])


def _rows(turn: Turn, ids: Sequence[str]) -> list[Any]:
    return [r for i in ids if (r := people.place_row(turn.conn, i)) is not None]


def _name(turn: Turn, place_id: str | None) -> str:
    row = people.place_row(turn.conn, place_id) if place_id else None
    return row.name if row else ""


def not_asked(turn: Turn, draft: Draft, question: Any) -> Draft:
    """A question that was answered before it went out was never asked."""
    if (turn.now - question.asked_at).total_seconds() >= turn.policy.intake_hold:
        return draft
    unasked = {question.name, *((intake.PLACE,) if question.name in (ESTATE, WHICH) else ())}
    if question.name == intake.BUILDING:
        unasked.add(NEAREST)
    return replace(draft, asked=tuple(x for x in draft.asked if x not in unasked or x == SPLIT))


def repeat(turn: Turn) -> None:
    """What was being asked before an aside is asked again, so that nobody has to scroll."""
    said = {getattr(w, "question", "") for w in turn.words}
    for q in talk.open_questions(turn.conn, turn.person.id):
        if q.draft_id is None and q.name != "danger.where":
            continue
        if q.name not in said and turn.now <= q.asked_at + turn.policy.draft_timeout:
            args = dict(q.args or {})
            options = [Option(o["name"], o.get("args") or {}, o.get("label")) for o in q.options]
            key = str(args.setdefault("said_as", q.name))
            turn.ask(key, q.case_id, options, q.name, True, q.draft_id, None, 0.0, **args)
        return
