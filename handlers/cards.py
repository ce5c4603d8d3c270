"""The buttons of a card: acknowledge, contact, on the spot, solved, return, coordinate, promise a day …"""

from __future__ import annotations

from typing import Any

from casework import access, lifecycle
from casework import actions as a
from casework.case import HOTLINE, Case, Role, State, Who
from casework.consequences import card_options
from casework.effects import CloseQuestions, Kind, LogView, Say
from handlers import past, records
from handlers.asking import NOTE_WAITS
from handlers.meaning import phone_of
from handlers.texts import hidden_from, local
from handlers.together import together_option
from handlers.turn import Turn, answer, press
from handlers.undoing import done
from handlers.worklist import next_option
from nlp.shortwords import read_worker_words
from storage import cases, roster, talk

MORE = (
    "appoint", "change_time", "call_off", "coordinate", "promise", "tell_building", "photos", "fix_category", "fix_place", "extend", "defer", "resume",
    "dismiss", "redirect", "supervise", "assign", "take_back",
)
DESK_ONLY = frozenset({"dismiss", "redirect", "supervise", "assign", "defer", "resume"})


@press("card", "acknowledge")
def acknowledge_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    acknowledge(turn, question.case_id)


def acknowledge(turn: Turn, case_id: str) -> None:
    """签收."""
    if turn.act(case_id, step := a.Acknowledge()):
        step_done(turn, "worker.acknowledged", case_id, step)


def contacted(turn: Turn, case_id: str) -> None:
    """联系上了: said in words."""
    if turn.act(case_id, step := a.Contact()):
        step_done(turn, "worker.contacted", case_id, step)


def step_done(turn: Turn, key: str, case_id: str, step: a.Action, **args: Any) -> None:
    """What was done; with the way back, the same for the others of one outage, and the next card of the list."""
    case = turn.case(case_id)
    done(turn, key, case_id, (*together_option(turn, case, step), *next_option(turn, case)), **args)
    turn.focus(case_id)


@press("card", "arrive")
def arrive_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    arrive(turn, question.case_id)


def arrive(turn: Turn, case_id: str) -> None:
    """On the spot."""
    if turn.act(case_id, step := a.Arrive()):
        step_done(turn, "worker.arrived", case_id, step)


@press("card", "resolve")
def resolve_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    resolve(turn, question.case_id)


def resolve(turn: Turn, case_id: str) -> None:
    """A note is required: an open question is a row."""
    if turn.may(case_id, a.Resolve):
        photos = _sent_before(turn, case_id)
        key = "worker.what_was_done_photo" if photos else "worker.what_was_done"
        turn.ask(key, case_id, question="worker.what_was_done", files=photos, count=len(photos))
        turn.focus(case_id)


def _sent_before(turn: Turn, case_id: str) -> list[str]:
    """The photos that came after an earlier 办好了 which was not gone through with: they go with this one."""
    asked = talk.open_questions(turn.conn, turn.person.id, awaited=False)
    last = next((q for q in asked if (q.name, q.case_id) == ("worker.what_was_done", case_id)), None)
    fresh = last is not None and turn.now <= last.asked_at + NOTE_WAITS
    return list(last.args.get("files") or ()) if fresh and last is not None else []


def not_for_this(turn: Turn, question: Any, text: str) -> bool:
    """Words for another card, or an action word (收到): no reason and no place."""
    return about_another(turn, question) or read_worker_words(text) is not None


def about_another(turn: Turn, question: Any) -> bool:
    """Whether the words are a reply to another case's card: they are about that one."""
    assert turn.speaker is not None
    if not turn.heard.reply_to:
        return False
    case_id = talk.case_of_message(turn.conn, turn.speaker.address_id, turn.heard.reply_to)
    return case_id is not None and case_id != question.case_id


@answer("worker.what_was_done")
def resolved(turn: Turn, question: Any, text: str) -> bool:
    """What was done, in a sentence, with a photo if there is one; a photo alone waits for it. 修好了 again is the sentence then, for
    it is asked once; any other action word (到了) acts as ever."""
    if about_another(turn, question) or read_worker_words(text) not in (None, "resolve"):
        return False
    files = (*(question.args.get("files") or ()), *turn.heard.files)
    if not text.strip():
        key = "worker.what_was_done_photo" if files else "worker.what_was_done"
        turn.ask(key, question.case_id, question="worker.what_was_done", files=list(files), count=len(files))
        if turn.heard.files:
            turn.act(question.case_id, a.AddWords(files=turn.heard.files, internal=True))
        return True
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    resolve_told(turn, question.case_id, text, files)
    return True


def resolve_told(turn: Turn, case_id: str, words: str, files: tuple[str, ...]) -> None:
    if turn.act(case_id, step := a.Resolve(words=words, files=files)):
        step_done(turn, "worker.thanks", case_id, step)


def perhaps_done(turn: Turn, text: str) -> bool:
    """A sentence that comes when the card has left the hand, and nothing else was touched: was it what was done? Asked, not guessed."""
    asked = next((q for q in talk.open_questions(turn.conn, turn.person.id) if q.name == "worker.what_was_done"), None)
    if asked is None or turn.now > asked.asked_at + NOTE_WAITS or read_worker_words(text) is not None:
        return False
    if not lifecycle.allowed(case := turn.case(asked.case_id), a.Resolve, Who.STAFF) or turn.actor(case) is None:
        return False
    files = [*(asked.args.get("files") or ()), *turn.heard.files]
    turn.ask("worker.perhaps_done", case.id, options=("perhaps_done", "not_done"), words=text, files=files)
    return True


@press("worker.perhaps_done", "perhaps_done")
def it_was_done(turn: Turn, question: Any, args: dict[str, str]) -> None:
    resolve_told(turn, question.case_id, str(question.args["words"]), tuple(question.args["files"]))


@press("worker.perhaps_done", "not_done")
def it_was_not(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.write(CloseQuestions(turn.person.id, "worker.what_was_done", question.case_id))
    turn.say("resident.step_dropped")


@press("card", "return")
def return_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if turn.may(question.case_id, a.Return):
        turn.ask("worker.return_reason", question.case_id, options=a.RETURN_REASONS)


@press("worker.return_reason", *a.RETURN_REASONS)
def return_reason(turn: Turn, question: Any, args: dict[str, str]) -> None:
    pressed = talk.question(turn.conn, question.id)
    reason = str(pressed.answered if pressed else "")
    case = turn.case(question.case_id)
    if reason == "no_access" and not case.emergency and lifecycle.allowed(case, a.OfferTimes, Who.STAFF):
        turn.ask("worker.no_access", case.id, options=("appoint", "return_anyway"))
    else:
        give_back(turn, case.id, reason)


@press("worker.no_access", "return_anyway")
def return_anyway(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Nobody opens, and no time to be had either."""
    give_back(turn, question.case_id, "no_access")


def give_back(turn: Turn, case_id: str, reason: str) -> None:
    moved = turn.act(case_id, a.Return(reason=reason))
    if moved is not None:
        done(turn, "worker.returned_third" if moved.case.state is State.RETURNED else "worker.returned", moved.case.id)
        if reason == "on_leave" and not _away(turn):
            turn.say("worker.no_leave")
        turn.focus(None)


def _away(turn: Turn) -> bool:
    posts = [p.id for p in turn.person.posts]
    return bool(roster.leaves_on(turn.conn, posts, local(turn).date()))


@press("card", "phone")
@press("task.telephone", "phone")
@press("task.resident", "phone")
def phone(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """查看电话: only while the case is open, to whoever has an open part or task on it; logged."""
    case = turn.case(question.case_id)
    if not access.may_see_phone(turn.person, case, turn.parts(case.id), cases.tasks_about(turn.conn, case.id)):
        if turn.actor(case) is None:
            turn.say("refusal.not_yours")
            return
        hidden = case.confidential and not case.ended and turn.actor(case) is not None
        turn.say("worker.phone_hidden" if hidden else "worker.phone_closed" if case.ended else "worker.phone_not_in_hand", case.id)
        return
    number = phone_of(turn, case)
    turn.write(LogView(turn.person.id, case.id, "phone"))
    if number is None:
        turn.say("worker.no_phone", case.id)
        return
    turn.say("worker.phone", case.id, phone=number)
    actor = turn.actor(case)
    if actor is not None and lifecycle.allowed(case, a.Contact, actor.who) and question.name == "card":
        turn.act(case.id, a.Contact())
    turn.focus(case.id)


@press("card", "reply")
def reply_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """回复居民: Jiesu relays both ways for a day, under its own name, and it counts as contact."""
    case = turn.case(question.case_id)
    if turn.actor(case) is None or case.ended:
        turn.may(case.id, a.AddWords)
        return
    turn.focus(case.id, turn.now + turn.policy.relay)
    turn.say("worker.reply_open", case.id)


# ---- more -------------------------------------------------------------------------------------------------------


@press("card", "more")
def more(turn: Turn, question: Any, args: dict[str, str]) -> None:
    case = turn.case(question.case_id)
    actor = turn.actor(case)
    if actor is None:
        turn.say("refusal.not_yours")
        return
    desk_too = actor.who is Who.DESK or any(p.role in (Role.SECRETARY, Role.SUBDISTRICT, Role.CITY) for p in turn.person.posts)
    never = {*(("appoint",) if case.appointment_at else ("change_time", "call_off")), "defer" if case.state is State.DEFERRED else "resume"}
    options = [o for o in MORE if (desk_too or o not in DESK_ONLY) and o not in never]
    turn.ask("worker.more", case.id, question="card", awaited=False, options=options)
    turn.focus(case.id)


@press("card", "coordinate")
def coordinate(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if turn.may(question.case_id, a.Coordinate):
        turn.ask("worker.coordinate_ask", question.case_id, question="worker.coordinate")


@answer("worker.coordinate")
def coordinated(turn: Turn, question: Any, text: str) -> bool:
    if about_another(turn, question):
        return False
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    if turn.act(question.case_id, step := a.Coordinate(words=text)):
        step_done(turn, "worker.coordinating", question.case_id, step)
    return True


@press("card", "photos")
def photos(turn: Turn, question: Any, args: dict[str, str]) -> None:
    case = turn.case(question.case_id)
    if turn.actor(case) is None:
        turn.say("refusal.not_yours")
        return
    files = cases.photos(turn.conn, case.id, not hidden_from(turn, case, turn.person.id))
    key = "worker.photos" if files else "worker.no_photos"
    turn.write(Say(turn.person.id, key, case.id, kind=Kind.ANSWER, files=files[:10]))


@press("cards", "case")
@press("folded", "case")
def card_again(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The card once more, with its buttons."""
    show_card(turn, turn.case(args["id"]))


def show_card(turn: Turn, case: Case) -> None:
    actor = turn.actor(case)
    if actor is None:
        turn.say("refusal.not_yours")
        return
    if case.origin == HOTLINE and case.ended:
        records.show(turn, case)
        return
    post = turn.town.post(actor.post) if actor.post else None
    turn.ask("card.show", case.id, question="card", awaited=False,
             options=card_options(case, post.role if post else Role.WORKER), merged=past.merged_into(turn, case))
    turn.focus(case.id)
