"""A worker acts on cards, by button or in words; every step tells those concerned, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from casework import actions as a
from casework import lifecycle
from casework.case import Case, PostId, Role, State, Who
from casework.effects import Duty, LogView, Option
from handlers import desk
from handlers.meaning import phone_of
from handlers.texts import place_name, say_time, text_of, word
from handlers.turn import Turn, answer, press
from nlp.shortwords import read_day, read_worker_words
from storage import cases, talk

MORE = (
    "coordinate", "promise", "photos", "fix_category", "fix_place", "extend", "defer", "dismiss", "redirect",
    "supervise", "assign", "take_back",
)
DESK_ONLY = frozenset({"dismiss", "redirect", "supervise", "assign", "defer"})


def hello(turn: Turn) -> None:
    turn.say("worker.hello", name=turn.person.name, posts=_posts(turn))


def _posts(turn: Turn) -> str:
    return "、".join(p.title for p in turn.person.posts[:4])


# ---- words ------------------------------------------------------------------------------------------------------


def words(turn: Turn, text: str) -> None:
    """Exact action words act on the card replied to or just touched; other text is an internal note there, unless
    [回复居民] was pressed; with nothing in hand: register one?"""
    card = touched(turn)
    action = read_worker_words(text)
    if card is not None and action is not None and turn.actor(card) is not None:
        BY_WORDS[action](turn, card.id)
        return
    draft = talk.draft_of(turn.conn, turn.person.id)
    if draft is not None:
        from handlers.intake import more

        more(turn, draft, text)
        return
    if card is not None and _relay_open(turn, card):
        _relay(turn, card, text)
    elif card is not None and turn.actor(card) is not None and not card.ended:
        turn.ask("worker.file_or_note", card.id, options=("note", "self", "behalf"), words=text,
                 files=list(turn.heard.files)) if _looks_new(turn, card, text) else note(turn, card.id, text)
    else:
        _small_or_file(turn, text)


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
    return _only_card(turn)


def _only_card(turn: Turn) -> Case | None:
    """With one open card only, there is no doubt which is meant."""
    held = cases.held_by(turn.conn, [p.id for p in turn.person.posts])
    return held[0] if len(held) == 1 else None


def note(turn: Turn, case_id: str, text: str) -> None:
    """An internal note: the resident does not see it."""
    if turn.act(case_id, a.AddWords(words=text, files=turn.heard.files, internal=True)):
        turn.say("worker.noted", case_id)
        turn.focus(case_id)


@press("worker.file_or_note", "note")
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


# ---- the card's buttons -----------------------------------------------------------------------------------------


@press("card", "acknowledge")
def acknowledge_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    acknowledge(turn, question.case_id)


def acknowledge(turn: Turn, case_id: str) -> None:
    """签收."""
    if turn.act(case_id, a.Acknowledge()):
        _done(turn, "worker.acknowledged", case_id)


def _done(turn: Turn, key: str, case_id: str, **args: object) -> None:
    turn.ask(key, case_id, question="undo", options=("take_back",), awaited=False, **args)
    turn.focus(case_id)


@press("card", "arrive")
def arrive_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    arrive(turn, question.case_id)


def arrive(turn: Turn, case_id: str) -> None:
    """On the spot."""
    if turn.act(case_id, a.Arrive()):
        _done(turn, "worker.arrived", case_id)


@press("card", "resolve")
def resolve_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    resolve(turn, question.case_id)


def resolve(turn: Turn, case_id: str) -> None:
    """A note is required: an open question is a row."""
    if turn.may(case_id, a.Resolve):
        turn.ask("worker.what_was_done", case_id)
        turn.focus(case_id)


@answer("worker.what_was_done")
def resolved(turn: Turn, question: Any, text: str) -> bool:
    """What was done, in a sentence, with a photo if there is one; a photo alone waits for the sentence."""
    if not text.strip() or read_worker_words(text) is not None:
        turn.ask("worker.what_was_done", question.case_id)
        if turn.heard.files:
            turn.act(question.case_id, a.AddWords(files=turn.heard.files, internal=True))
        return True
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    moved = turn.act(question.case_id, a.Resolve(words=text, files=turn.heard.files))
    if moved is not None:
        _done(turn, "worker.thanks", question.case_id)
        desk.telephone_for_others(turn, moved.case)
    return True


@press("card", "safe")
def safe(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """已无危险."""
    if turn.act(question.case_id, a.DeclareSafe()):
        turn.say("worker.safe", question.case_id)
        turn.focus(question.case_id)


@press("card", "return")
def return_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if turn.may(question.case_id, a.Return):
        turn.ask("worker.return_reason", question.case_id, options=a.RETURN_REASONS)


@press("worker.return_reason", *a.RETURN_REASONS)
def return_reason(turn: Turn, question: Any, args: dict[str, str]) -> None:
    pressed = talk.question(turn.conn, question.id)
    moved = turn.act(question.case_id, a.Return(reason=str(pressed.answered if pressed else "")))
    if moved is not None:
        turn.say("worker.returned_third" if moved.case.state is State.RETURNED else "worker.returned", moved.case.id)
        turn.focus(None)


@press("card", "phone")
@press("task.telephone", "phone")
def phone(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """查看电话: only while the case is open, to whoever has an open part or task on it; logged."""
    case = turn.case(question.case_id)
    tasks = [t for t in cases.tasks_about(turn.conn, case.id) if t.ended_at is None]
    mine = {p.id for p in turn.person.posts}
    if case.ended or not desk.may_phone(turn, case, tasks, mine):
        turn.say("worker.phone_closed", case.id)
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


# ---- more -------------------------------------------------------------------------------------------------------


@press("card", "more")
def more(turn: Turn, question: Any, args: dict[str, str]) -> None:
    case = turn.case(question.case_id)
    actor = turn.actor(case)
    if actor is None:
        turn.say("refusal.not_yours")
        return
    desk_too = actor.who is Who.DESK or any(p.role in (Role.SECRETARY, Role.SUBDISTRICT, Role.CITY) for p in turn.person.posts)
    options = [o for o in MORE if desk_too or o not in DESK_ONLY]
    turn.ask("worker.more", case.id, question="card", awaited=False, options=options)
    turn.focus(case.id)


@press("card", "coordinate")
def coordinate(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if turn.may(question.case_id, a.Coordinate):
        turn.ask("worker.coordinate_ask", question.case_id, question="worker.coordinate")


@answer("worker.coordinate")
def coordinated(turn: Turn, question: Any, text: str) -> bool:
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    if turn.act(question.case_id, a.Coordinate(words=text)):
        _done(turn, "worker.coordinating", question.case_id)
    return True


@press("card", "promise")
def promise(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if turn.may(question.case_id, a.Promise):
        options = [Option("day", {"days": d}) for d in ("1", "2", "3")]
        turn.ask("worker.promise_ask", question.case_id, question="worker.promise_day", options=options)


@press("worker.promise_day", "day")
def promise_button(turn: Turn, question: Any, args: dict[str, str]) -> None:
    today = turn.now.astimezone(turn.policy.calendar.zone).date()
    _promise(turn, question.case_id, today + timedelta(days=int(args["days"])))


@answer("worker.promise_day")
def promise_words(turn: Turn, question: Any, text: str) -> bool:
    today = turn.now.astimezone(turn.policy.calendar.zone).date()
    day = read_day(text, today)
    if day is None:
        if len(text) > 12:
            return False
        turn.say("worker.promise_unread")
        return True
    if _promise(turn, question.case_id, day):
        talk.answer_question(turn.conn, question.id, "told", turn.now)
    return True


def end_of(turn: Turn, day: date) -> datetime:
    """The end of office hours of that day: what "by Friday" means."""
    return datetime.combine(day, turn.policy.calendar.closes, turn.policy.calendar.zone)


def _promise(turn: Turn, case_id: str, day: date) -> bool:
    if turn.act(case_id, a.Promise(by=end_of(turn, day))):
        _done(turn, "worker.promised", case_id, promise=end_of(turn, day))
        return True
    return False


@press("card", "photos")
def photos(turn: Turn, question: Any, args: dict[str, str]) -> None:
    from casework.effects import Kind, Say

    case = turn.case(question.case_id)
    if turn.actor(case) is None:
        turn.say("refusal.not_yours")
        return
    files = cases.photos(turn.conn, case.id)
    key = "worker.photos" if files else "worker.no_photos"
    turn.write(Say(turn.person.id, key, case.id, kind=Kind.ANSWER, files=files[:10]))


@press("card", "take_back")
def take_back(turn: Turn, question: Any, args: dict[str, str]) -> None:
    from handlers.commands import take_back as undo

    undo(turn, question, args)


# ---- lists and duty ---------------------------------------------------------------------------------------------


def cards(turn: Turn, rest: str = "") -> None:
    """Own open cases, most urgent first, with what is due when."""
    held = cases.held_by(turn.conn, [p.id for p in turn.person.posts])
    if not held:
        turn.say("worker.none")
        return
    from casework import deadlines

    def line(case: Case) -> str:
        due = deadlines.due(case, turn.policy).solve
        return text_of("worker.line").format(
            mark=word("mark", case.urgency.value), number=case.number, place=place_name(turn, case),
            category=word("category", case.category), state=word("state", case.state.value),
            solve_by=say_time(due, turn.now, turn) if due else "",
        ).replace("等您说解决没有", "等居民回话")

    turn.ask("worker.list", question="cards", awaited=False, list="\n".join(line(c) for c in held[:20]),
             options=[Option("case", {"id": c.id, "number": c.number}) for c in held[:10]])


@press("cards", "case")
def card_again(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The card once more, with its buttons."""
    show_card(turn, turn.case(args["id"]))


def show_card(turn: Turn, case: Case) -> None:
    from casework.consequences import CARD_OPTIONS

    if turn.actor(case) is None:
        turn.say("refusal.not_yours")
        return
    turn.ask("card.show", case.id, question="card", awaited=False,
             options=CARD_OPTIONS["safe" if case.emergency else "new"])
    turn.focus(case.id)


def on(turn: Turn, rest: str = "") -> None:
    _duty(turn, True)


def off(turn: Turn, rest: str = "") -> None:
    _duty(turn, False)


def _duty(turn: Turn, is_on: bool) -> None:
    posts = [p for p in turn.person.posts if p.role is Role.WORKER or p.kind is not None]
    if not posts:
        turn.say("worker.not_rostered")
        return
    for post in posts:
        turn.write(Duty(PostId(post.id), is_on, turn.now))
    held = cases.held_by(turn.conn, [p.id for p in turn.person.posts])
    turn.say("worker.on" if is_on else "worker.off", count=len(held))


def who_is_on(turn: Turn, rest: str = "") -> None:
    """谁值班: in the speaker's own grids, now."""
    from handlers.texts import post_name

    for post in turn.person.posts[:3]:
        area = turn.town.area(post.area_id)
        if area.kind == "grid":
            on_now = turn.town.on_duty(post.area_id, turn.now)
            names = "、".join(post_name(p) for p in on_now) or text_of("word.the_desk")
            turn.say("worker.duty_line", grid=area.name, who=names)


BY_WORDS = {"acknowledge": acknowledge, "arrive": arrive, "resolve": resolve, "contact": lambda t, c: _contacted(t, c)}


def _contacted(turn: Turn, case_id: str) -> None:
    if turn.act(case_id, a.Contact()):
        _done(turn, "worker.noted", case_id)


