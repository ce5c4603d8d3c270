"""A worker writes: exact action words act on a card, other text is a note there, or Jiesu relays it, or: register one?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from casework import actions as a
from casework import lifecycle
from casework.case import Case
from casework.effects import Option
from handlers import appointments
from handlers import cards as card_buttons
from handlers.cards import show_card as show_card
from handlers.texts import word
from handlers.turn import Turn, answer, press
from nlp.shortwords import is_small_talk, read_done, read_worker_words
from storage import cases as kept
from storage import talk


def hello(turn: Turn) -> None:
    turn.say("worker.hello", name=turn.person.name, posts="、".join(p.title for p in turn.person.posts[:4]))


# ---- words ------------------------------------------------------------------------------------------------------


def words(turn: Turn, text: str) -> None:
    """Exact action words act on the card replied to or just touched (or the only one held; of several: which?); other
    text is an internal note there, unless [回复居民] was pressed; with nothing in hand: register one?"""
    from handlers.summaries import spoken as summaries

    card, action, done = touched(turn), read_worker_words(text), read_done(text)
    if action is not None and _acted(turn, card, action):
        return
    if done is not None and _acted(turn, card, "resolve", text if done == "told" else ""):
        return
    if card is not None and appointments.by_words(turn, card, text):
        return
    draft = talk.draft_of(turn.conn, turn.person.id)
    relays = card is not None and _relay_open(turn, card)
    if not relays and not turn.heard.files and is_small_talk(text):
        turn.say("worker.small")
    elif draft is not None:
        from handlers.intake import more

        more(turn, draft, text)
    elif card is not None and relays:
        _relay(turn, card, text)
    elif summaries.when_nothing_is_awaited(turn, text):
        return
    elif card is not None and turn.actor(card) is not None and not card.ended:
        _note_or_file(turn, card, text)
    elif not card_buttons.perhaps_done(turn, text):
        _small_or_file(turn, text)


def _acted(turn: Turn, card: Case | None, action: str, done: str = "") -> bool:
    """An action word was for a card: it acts there, or which card is asked. `done`: what was done, where the words tell it; on a
    card that cannot be said to be done they are a note."""
    if card is not None and turn.actor(card) is not None:
        if done and not _fits(turn, card, action):
            return False
        _act(turn, card.id, action, done, turn.heard.files)
        return True
    held = [c for c in kept.held_by(turn.conn, [p.id for p in turn.person.posts], turn.person.id) if _fits(turn, c, action)]
    if len(held) == 1:
        _act(turn, held[0].id, action, done, turn.heard.files)
    elif held:
        options = [Option("case", {"id": c.id, "number": f"{c.number} {word('category', c.category)}"}) for c in held[:10]]
        turn.ask("worker.which_card", options=options, action=action, done=done, files=list(turn.heard.files))
    return bool(held)


def _act(turn: Turn, case_id: str, action: str, done: str, files: Sequence[str]) -> None:
    if done:
        card_buttons.resolve_told(turn, case_id, done, tuple(files))
    else:
        BY_WORDS[action](turn, case_id)


def _fits(turn: Turn, case: Case, action: str) -> bool:
    actor = turn.actor(case)
    return actor is not None and lifecycle.allowed(case, ACTIONS[action], actor.who)


@press("worker.which_card", "case")
def which_card(turn: Turn, question: Any, args: dict[str, str]) -> None:
    told = question.args
    _act(turn, args["id"], str(told["action"]), str(told.get("done") or ""), told.get("files") or ())


def _note_or_file(turn: Turn, card: Case, text: str) -> None:
    if _looks_new(turn, card, text):
        turn.ask("worker.file_or_note", card.id, options=("note", "self", "behalf"), words=text,
                 files=list(turn.heard.files))
    else:
        note(turn, card.id, text)


def _looks_new(turn: Turn, card: Case, text: str) -> bool:
    """A worker's words that tell of another trouble than the card's."""
    from handlers.meaning import meaning

    got = meaning(turn, text, use_home=False)
    return got.intent == "request" and got.category not in ("other", card.category) and got.confidence >= 0.7


def _small_or_file(turn: Turn, text: str) -> None:
    from handlers.meaning import meaning

    got = meaning(turn, text, use_home=False)
    if got.category == "other" and got.intent in ("greeting", "thanks", "about"):
        hello(turn)
    else:
        turn.ask("worker.file_ask", options=("self", "behalf", "nothing"), words=text, files=list(turn.heard.files))


def touched(turn: Turn) -> Case | None:
    """The card replied to, or touched in the last quarter of an hour."""
    assert turn.speaker is not None
    if turn.heard.reply_to:
        case_id = talk.case_of_message(turn.conn, turn.speaker.address_id, turn.heard.reply_to)
        if case_id is not None:
            return turn.case(case_id)
    talked = talk.conversation(turn.conn, turn.speaker.address_id)
    if talked is not None and talked.focus_case is not None:
        relayed = talked.relay_until is not None and turn.now <= talked.relay_until
        if relayed or turn.now - talked.focus_at <= turn.policy.touch_window:
            return turn.case(talked.focus_case)
    return None


def note(turn: Turn, case_id: str, text: str) -> None:
    """An internal note: the resident does not see it."""
    if turn.act(case_id, a.AddWords(words=text, files=turn.heard.files, internal=True)):
        turn.say("worker.noted", case_id)
        turn.focus(case_id)


@press("worker.file_or_note", "note")
@press("worker.question_or_note", "note")
def note_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    note(turn, question.case_id, str(question.args.get("words") or ""))


@press("worker.file_or_note", "self")
@press("worker.file_ask", "self")
def file_own(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _file(turn, question, behalf=False)


@press("worker.file_or_note", "behalf")
@press("worker.file_ask", "behalf")
def file_behalf(turn: Turn, question: Any, args: dict[str, str]) -> None:
    _file(turn, question, behalf=True)


@press("worker.file_ask", "nothing")
def file_nothing(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.say("worker.not_filed")


def _file(turn: Turn, question: Any, behalf: bool) -> None:
    from handlers.intake import begin
    from handlers.meaning import meaning

    text = str(question.args.get("words") or "")
    if not text:
        turn.ask("worker.file_write_behalf" if behalf else "worker.file_write", question="worker.file_words",
                 behalf=behalf)
        return
    begin(turn, text, meaning(turn, text, use_home=not behalf), behalf=behalf)


def file_for(turn: Turn, rest: str = "") -> None:
    """登记: for oneself or for a resident."""
    turn.ask("worker.file_ask", options=("self", "behalf", "nothing"), words="", files=[])


@answer("worker.file_words")
def file_words(turn: Turn, question: Any, text: str) -> bool:
    from handlers.intake import begin
    from handlers.meaning import meaning

    behalf = bool(question.args.get("behalf"))
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    begin(turn, text, meaning(turn, text, use_home=not behalf), behalf=behalf)
    return True


# ---- relay -----------------------------------------------------------------------------------------------------


def _relay_open(turn: Turn, case: Case) -> bool:
    assert turn.speaker is not None
    talked = talk.conversation(turn.conn, turn.speaker.address_id)
    open_ = talked is not None and talked.relay_until is not None and turn.now <= talked.relay_until
    return open_ and talked is not None and talked.focus_case == case.id and not case.ended


def _relay(turn: Turn, case: Case, text: str) -> None:
    if text.strip() in ("不转了", "停", "结束"):
        turn.focus(case.id)
        turn.say("worker.reply_stopped")
        return
    actor = turn.actor(case)
    if actor is None:
        turn.say("refusal.not_yours")
        return
    post = turn.town.post(actor.post) if actor.post else None
    if lifecycle.allowed(case, a.Contact, actor.who):
        turn.act(case.id, a.Contact(words=text, files=turn.heard.files))
    else:
        turn.act(case.id, a.AddWords(words=text, files=turn.heard.files))
    turn.tell(case.resident_id, "resident.staff_words", case.id, post=post.title if post else "", words=text)
    turn.say("worker.reply_sent")
    turn.focus(case.id, turn.now + turn.policy.relay)


def files_for_card(turn: Turn) -> bool:
    """A photo from a worker belongs to the card in hand."""
    card = touched(turn)
    if card is None or card.ended or turn.actor(card) is None:
        return False
    if turn.act(card.id, a.AddWords(files=turn.heard.files, internal=True)):
        turn.say("worker.noted", card.id)
        turn.focus(card.id)
    return True


ACTIONS: dict[str, type[a.Action]] = {
    "acknowledge": a.Acknowledge, "arrive": a.Arrive, "resolve": a.Resolve, "contact": a.Contact,
}
BY_WORDS: dict[str, Callable[[Turn, str], None]] = {
    "acknowledge": card_buttons.acknowledge, "arrive": card_buttons.arrive, "resolve": card_buttons.resolve,
    "contact": card_buttons.contacted,
}
