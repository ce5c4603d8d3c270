"""A resident writes: an addition, a word about an open case, or something new."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from casework import actions as a
from casework.case import Case, Spot
from casework.effects import KeepPhone, Option
from handlers import checkback, commands, desk, intake
from handlers.meaning import meaning, spot_of
from handlers.texts import word
from handlers.turn import Turn, answer, press
from nlp.answers import find_answer
from nlp.shortwords import read_phone
from nlp.understand import Understanding
from storage import cases, people, talk

ENDED_SHOWN = timedelta(days=30)


def words(turn: Turn, text: str) -> None:
    """Free text that answers nothing awaited."""
    draft = talk.draft_of(turn.conn, turn.person.id)
    got = meaning(turn, text)
    if draft is not None and got.intent in ("request", "addition", "answer", "greeting"):
        intake.more(turn, draft, text)
        return
    if _relayed(turn, text) or _asked_something(turn, text, got):
        return
    mine = cases.open_of(turn.conn, turn.person.id)
    if _about_open(turn, text, got, mine) or _about_ended(turn, text, got):
        return
    if got.category == "other" and _small_talk(turn, text, got):
        return
    intake.begin(turn, text, got, behalf=_for_somebody(text))


def _for_somebody(text: str) -> bool:
    return any(w in text for w in ("帮邻居", "替邻居", "替老人", "帮我妈", "帮我爸", "我妈家", "我爸家", "帮老人", "替我妈", "替我爸"))


def _asked_something(turn: Turn, text: str, got: Understanding) -> bool:
    """My cases, nudge, withdraw, a person: by meaning rather than by exact word."""
    by_intent = {
        "status": commands.my, "nudge": commands.nudge, "withdraw": commands.withdraw, "human": commands.human,
        "about": commands.about,
    }
    handler = by_intent.get(got.intent)
    if handler is not None:
        handler(turn)
        return True
    if got.intent == "question":
        question(turn, text)
        return True
    return False


def question(turn: Turn, text: str) -> None:
    """低保怎么申请: from the installation's answers, else by the desk within its own limit."""
    day = turn.now.astimezone(turn.policy.calendar.zone).date()
    found = find_answer(text, tuple(turn.world.answers), day)
    if found is not None:
        turn.say("resident.answered", text=found.text, source=found.source)
    else:
        desk.ask_desk(turn, "question", text)


def _small_talk(turn: Turn, text: str, got: Understanding) -> bool:
    if got.intent == "greeting":
        turn.say("resident.hello")
    elif got.intent == "thanks":
        turn.say("resident.thanks")
    elif got.intent == "advert":
        turn.say("resident.advert")
    elif got.intent == "abuse":
        turn.say("resident.abuse")
    elif not any(c.isalnum() for c in text):
        turn.say("resident.emoji_only")
    else:
        return False
    return True


# ---- addition or new? -------------------------------------------------------------------------------------------


def _about_open(turn: Turn, text: str, got: Understanding, mine: list[Case]) -> bool:
    """Within a quarter of an hour of the last word on a case and no other category, or same topic and same or no
    place as an open case: it is added there, said so, and one button undoes it."""
    spot = spot_of(got.where)
    focused = _in_focus(turn, mine)
    if focused is not None and got.category in ("other", focused.category) and _same_place(spot, focused):
        if got.category == "other" and got.intent in ("thanks", "greeting", "advert", "abuse"):
            return False
        if checkback.maybe_solved(turn, focused, text):
            return True
        _add(turn, focused, text, "resident.added")
        return True
    for case in mine:
        if _same_place(spot, case) and got.topic is not None and case.topic == got.topic:
            if not checkback.maybe_solved(turn, case, text):
                _add(turn, case, text, "resident.added_guess")
            return True
    alike = [c for c in mine if got.topic is None and got.category == c.category and _same_place(spot, c)]
    if alike:
        turn.ask(
            "resident.which", question="resident.same", words=text, files=list(turn.heard.files),
            options=[*_case_options(alike), Option("new_case")],
        )
        return True
    if got.category == "other" and len(mine) == 1 and checkback.maybe_solved(turn, mine[0], text):
        return True
    return False


def _in_focus(turn: Turn, mine: list[Case]) -> Case | None:
    assert turn.speaker is not None
    talked = talk.conversation(turn.conn, turn.speaker.address_id)
    if talked is None or talked.focus_case is None or turn.now - talked.focus_at > turn.policy.addition_window:
        return None
    return next((c for c in mine if c.id == talked.focus_case), None)


def _same_place(spot: Spot, case: Case) -> bool:
    if not spot.known:
        return True
    here = (case.spot.estate_id, case.spot.building_id, case.spot.place_id)
    named = (spot.estate_id, spot.building_id, spot.place_id)
    same = all(n is None or h is None or n == h for n, h in zip(named, here, strict=True))
    return same and (spot.unit in (None, case.spot.unit) or case.spot.unit is None)


def _add(turn: Turn, case: Case, text: str, key: str) -> None:
    turn.act(case.id, a.AddWords(words=text, files=turn.heard.files))
    turn.ask(key, case.id, question="resident.added", options=("not_this",), awaited=False, words=text,
             files=list(turn.heard.files))
    turn.focus(case.id)


@press("resident.added", "not_this")
@press("resident.same", "new_case")
def not_this(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """这是另一件事: its own case, with the same words and photos."""
    text = str(question.args.get("words") or "")
    turn.heard = replace(turn.heard, files=tuple(question.args.get("files") or ()))
    intake.begin(turn, text, meaning(turn, text))


@press("resident.same", "case")
def this_one(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.heard = replace(turn.heard, files=tuple(question.args.get("files") or ()))
    _add(turn, turn.case(args["id"]), str(question.args.get("words") or ""), "resident.added")


def _about_ended(turn: Turn, text: str, got: Understanding) -> bool:
    """The same within 15 days of an end: 又坏了？"""
    if got.topic is None or got.intent not in ("request", "addition"):
        return False
    spot = spot_of(got.where)
    for case in cases.recent_of(turn.conn, turn.person.id, turn.now - turn.policy.reopen_window):
        if case.ended and case.topic == got.topic and _same_place(spot, case) and case.state.value != "withdrawn":
            turn.ask("resident.again", case.id, options=("reopen", "new_case"), words=text, files=list(turn.heard.files))
            return True
    return False


@press("resident.again", "reopen")
def reopen(turn: Turn, question: Any, args: dict[str, str]) -> None:
    words = str(question.args.get("words") or "")
    if turn.act(question.case_id, a.Reopen(words=words, files=tuple(question.args.get("files") or ()))):
        turn.focus(question.case_id)


@press("resident.again", "new_case")
def again_but_new(turn: Turn, question: Any, args: dict[str, str]) -> None:
    not_this(turn, question, args)


@press("dismissed", "object")
def objected(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The resident may object to a dismissal."""
    turn.act(question.case_id, a.Reopen())


def _case_options(found: list[Case]) -> list[Option]:
    return [Option("case", {"id": c.id, "number": f"{c.number} {word('category', c.category)}"}) for c in found]


# ---- relay ------------------------------------------------------------------------------------------------------


def _relayed(turn: Turn, text: str) -> bool:
    """While a worker has opened the relay, plain words go to the worker, under Jiesu's own name."""
    assert turn.speaker is not None
    got = meaning(turn, text)
    for case in cases.open_of(turn.conn, turn.person.id):
        to = desk.relay_partner(turn, case)
        if to is not None and got.category in ("other", case.category) and got.intent not in ("status", "withdraw", "human"):
            turn.act(case.id, a.AddWords(words=text, files=turn.heard.files))
            turn.say("resident.added", case.id)
            turn.focus(case.id)
            return True
    return False


# ---- phone, place, photo, edited --------------------------------------------------------------------------------


@answer("resident.phone")
def phone_told(turn: Turn, question: Any, text: str) -> bool:
    """A phone, or no thanks; anything else is not for this question."""
    phone = read_phone(text)
    if phone is not None and len(text) < 40:
        talk.answer_question(turn.conn, question.id, "told", turn.now)
        keep_phone(turn, phone)
        return True
    if text.strip() in ("不留", "不留了", "不用", "不用了", "不", "不了", "算了"):
        talk.answer_question(turn.conn, question.id, "skip", turn.now)
        turn.say("resident.phone_no")
        return True
    digits = sum(c.isdigit() for c in text)
    if digits >= 7 and digits >= len(text.strip()) - 4:
        turn.say("resident.phone_bad")
        return True
    return False


def keep_phone(turn: Turn, phone: str) -> None:
    turn.write(KeepPhone(turn.person.id, phone))
    turn.say("resident.phone_kept")


@press("resident.phone", "skip")
def phone_skipped(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.say("resident.phone_no")


def contact(turn: Turn) -> None:
    """A contact card: the sender's own number is kept; somebody else's is words."""
    phone = read_phone(str(turn.heard.data.get("phone") or ""))
    if phone is not None and turn.heard.data.get("own", True):
        keep_phone(turn, phone)
    elif phone is not None:
        words(turn, phone)
    else:
        turn.say("resident.phone_bad")


def place(turn: Turn) -> None:
    """A picked building, or a point on the map: the nearest building, else the point itself."""
    spot = _picked(turn)
    draft = talk.draft_of(turn.conn, turn.person.id)
    waiting = [q for q in talk.open_questions(turn.conn, turn.person.id) if q.name in ("danger.where", "fix.place")]
    if waiting:
        from handlers.danger import move

        talk.answer_question(turn.conn, waiting[0].id, "told", turn.now)
        if move(turn, waiting[0].case_id, spot):
            turn.say("resident.corrected", waiting[0].case_id)
    elif draft is not None:
        intake.go_on(turn, replace(draft, spot=spot, touched_at=turn.now), intake.nothing_new())
    else:
        intake.begin(turn, "", intake.nothing_new())
        draft = talk.draft_of(turn.conn, turn.person.id)
        if draft is not None:
            intake.go_on(turn, replace(draft, spot=spot, asked=()), intake.nothing_new())


def _picked(turn: Turn) -> Spot:
    data = turn.heard.data
    if data.get("building"):
        return intake.spot_at(turn, str(data["building"]))
    lat, lon = data.get("lat"), data.get("lon")
    if not isinstance(lat, int | float) or not isinstance(lon, int | float):
        return Spot()
    row = people.nearest_building(turn.conn, float(lat), float(lon))
    if row is not None:
        return Spot(row.parent_id, row.id, lat=float(lat), lon=float(lon))
    return Spot(lat=float(lat), lon=float(lon))


def files_only(turn: Turn) -> None:
    """A photo alone: to the case just talked of, else one question. Voice: kept, the desk listens."""
    if turn.heard.data.get("too_big"):
        turn.say("resident.file_too_big")
        return
    if not turn.heard.files:
        turn.say("resident.emoji_only")
        return
    waiting = [q for q in talk.open_questions(turn.conn, turn.person.id) if q.name in ("resident.add", "worker.what_was_done")]
    if waiting:
        from handlers.turn import ANSWERS

        if ANSWERS[waiting[0].name](turn, waiting[0], ""):
            return
    if turn.person.staff:
        from handlers.worker import files_for_card

        if files_for_card(turn):
            return
    _resident_files(turn)


def _resident_files(turn: Turn) -> None:
    draft = talk.draft_of(turn.conn, turn.person.id)
    if draft is not None:
        from casework.effects import KeepDraft

        turn.write(KeepDraft(replace(draft, files=(*draft.files, *turn.heard.files), touched_at=turn.now)))
        turn.say("resident.photo_alone" if not draft.text else "resident.added_after")
        return
    focused = _in_focus(turn, cases.open_of(turn.conn, turn.person.id))
    if focused is not None:
        _add(turn, focused, "", "resident.added")
        return
    from casework.effects import Draft, KeepDraft

    turn.write(KeepDraft(Draft(
        turn.world.mint(), turn.person.id, "", turn.now, turn.now,
        turn.speaker.channel if turn.speaker else "web", files=turn.heard.files,
    )))
    photo = all(k == "photo" for k in turn.heard.file_kinds)
    turn.say("resident.photo_alone" if photo else "resident.media_kept")


def edited(turn: Turn) -> None:
    """Edited after it was sent: added as 更正 to the case talked of; without one it is simply said anew."""
    focused = _in_focus(turn, cases.open_of(turn.conn, turn.person.id))
    if focused is None:
        from handlers.route import words as again

        again(turn)
        return
    turn.act(focused.id, a.AddWords(words=f"更正：{turn.heard.text}"))
    turn.say("resident.edited", focused.id)
