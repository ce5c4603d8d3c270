"""What a resident gives besides words: a phone, a place on the map, photos, a mended message."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from casework import actions as a
from casework.case import Case, Spot, State, Urgency
from casework.effects import Draft, KeepDraft, KeepPhone
from handlers import additions, answering, danger, intake, listening
from handlers.meaning import meaning, spot_in, spot_of
from handlers.setting_apart import set_apart
from handlers.turn import ANSWERS, Turn, answer, press
from nlp.replies import read_yes_no
from nlp.shortwords import hide_phone, others_phone, own_phone, phones, read_phone
from storage import cases, people, talk

CASE_NUMBER = re.compile(r"\d{2}-\d{6}")
DECLINED = frozenset(["不留", "不留了", "不用", "不用了", "不", "不了", "算了", "不想留", "不方便", "没有电话", "没电话", "不留电话"])


# ---- phone ------------------------------------------------------------------------------------------------------


@answer("resident.phone")
def phone_told(turn: Turn, question: Any, text: str) -> bool:
    """A phone, or no thanks; anything else is not for this question. Told with more, the rest is heard too."""
    phone = own_phone(text)
    if phone is None and others_phone(text) is not None and _others(turn, text):
        return True
    if phone is not None:
        talk.answer_question(turn.conn, question.id, "told", turn.now)
        keep_phone(turn, phone)
        return not _tells_more(turn, text)
    return _no_phone(turn, question, text)


@answer("resident.phone_other")
def other_told(turn: Turn, question: Any, text: str) -> bool:
    """The phone of whom it is about: it stands in the case's words, never as the sender's own."""
    own = own_phone(text) if any(whose == "mine" for _, whose in phones(text)) else None
    if own is not None:
        turn.write(KeepPhone(turn.person.id, own))
    if others_phone(text) is None:
        if own is None:
            return _no_phone(turn, question, text)
        turn.say("resident.phone_kept_own", question.case_id)
        return True
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    if turn.act(question.case_id, a.AddWords(words=text, phone=True)):
        turn.say("resident.phone_kept_other", question.case_id)
    return True


def _others(turn: Turn, text: str) -> bool:
    """他电话139…: of whom the case just talked of is about; kept with its words, never as the sender's own."""
    mine = cases.open_of(turn.conn, turn.person.id)
    behalf = [case for case in mine if case.behalf]
    case = additions.in_focus(turn, mine) or next(iter(behalf or mine), None)
    if case is None:
        return False
    if turn.act(case.id, a.AddWords(words=text, phone=case.behalf)):
        turn.say("resident.phone_kept_other", case.id)
        turn.focus(case.id)
    return True


def phone_alone(turn: Turn, text: str) -> bool:
    """A number and hardly a word beside it, unasked: the sender's own, or that of whom their case is about."""
    if len(hide_phone(text, "").strip()) > 10:
        return False
    phone = own_phone(text)
    if phone is not None:
        keep_phone(turn, phone)
        return True
    return others_phone(text) is not None and _others(turn, text)


def _tells_more(turn: Turn, text: str) -> bool:
    rest = hide_phone(text, "")
    return len(rest.strip()) > 10 and meaning(turn, rest).category != "other"


def _no_phone(turn: Turn, question: Any, text: str) -> bool:
    bare = text.strip().strip("。.!！,， ")
    digits = sum(c.isdigit() for c in bare)
    if bare in DECLINED or read_yes_no(bare) is False:
        talk.answer_question(turn.conn, question.id, "skip", turn.now)
        turn.say("resident.phone_no")
        return True
    if digits >= 7 and not CASE_NUMBER.search(bare) and digits >= len(bare) - 4:
        turn.say("resident.phone_bad")
        return True
    return False


def keep_phone(turn: Turn, phone: str) -> None:
    turn.write(KeepPhone(turn.person.id, phone))
    turn.say("resident.phone_kept")


@press("resident.phone", "skip")
@press("resident.phone_other", "skip")
def phone_skipped(turn: Turn, question: Any, args: dict[str, str]) -> None:
    turn.say("resident.phone_no")


def contact(turn: Turn) -> None:
    """A contact card: the sender's own number is kept; somebody else's is an answer or words."""
    phone = read_phone(str(turn.heard.data.get("phone") or ""))
    waiting = [q for q in talk.open_questions(turn.conn, turn.person.id) if q.name == "resident.phone_other"]
    if phone is None:
        turn.say("resident.phone_bad")
    elif waiting:
        other_told(turn, waiting[0], phone)
    elif turn.heard.data.get("own", True):
        keep_phone(turn, phone)
        for q in talk.open_questions(turn.conn, turn.person.id):
            if q.name == "resident.phone":
                talk.answer_question(turn.conn, q.id, "told", turn.now)
    else:
        turn.say("resident.phone_not_own")


# ---- place ------------------------------------------------------------------------------------------------------


def place(turn: Turn) -> None:
    """A picked building, or a point on the map: the nearest building, else the point itself."""
    spot = _picked(turn)
    if not spot.known:
        turn.say("resident.place_unread")
        return
    draft = talk.draft_of(turn.conn, turn.person.id)
    waiting = [q for q in talk.open_questions(turn.conn, turn.person.id) if q.name in ("danger.where", "fix.place")]
    focused = additions.in_focus(turn, cases.open_of(turn.conn, turn.person.id))
    if waiting:
        talk.answer_question(turn.conn, waiting[0].id, "told", turn.now)
        if danger.move(turn, waiting[0].case_id, spot):
            turn.say("resident.corrected", waiting[0].case_id)
            danger.second_place(turn, spot)
    elif draft is not None:
        answering.here(turn, replace(draft, touched_at=turn.now), spot)
    elif focused is not None and not focused.spot.building_id:
        additions.mend(turn, focused, spot, "")
    else:
        intake.go_on(turn, replace(intake.drafted(turn, "", intake.nothing_new()), spot=spot), intake.nothing_new())


def _picked(turn: Turn) -> Spot:
    data = turn.heard.data
    if data.get("building"):
        return answering.spot_at(turn, str(data["building"]))
    lat, lon = data.get("lat"), data.get("lon")
    if not isinstance(lat, int | float) or not isinstance(lon, int | float) or abs(lat) > 90 or abs(lon) > 180:
        return Spot()
    row = people.nearest_building(turn.conn, float(lat), float(lon))
    if row is not None:
        return Spot(row.parent_id, row.id, lat=float(lat), lon=float(lon))
    return Spot(lat=float(lat), lon=float(lon))


# ---- files ------------------------------------------------------------------------------------------------------


def files_only(turn: Turn) -> None:
    """A photo alone: to the case just talked of, else one question. Voice: kept, the desk listens."""
    if turn.heard.data.get("too_big"):
        turn.say("resident.file_too_big")
        return
    if not turn.heard.files:
        turn.say("resident.empty")
        return
    wanted = ("resident.add", "worker.what_was_done")
    waiting = [q for q in talk.open_questions(turn.conn, turn.person.id) if q.name in wanted]
    if waiting and ANSWERS[waiting[0].name](turn, waiting[0], ""):
        if listening.wanted(turn):
            listening.to_desk(turn)
        return
    if turn.person.staff:
        from handlers.worker import files_for_card  # the worker's words come back here: a circle

        if files_for_card(turn):
            return
    _resident_files(turn)
    if listening.wanted(turn):
        listening.to_desk(turn)


def _resident_files(turn: Turn) -> None:
    draft = talk.draft_of(turn.conn, turn.person.id)
    focused = additions.in_focus(turn, cases.open_of(turn.conn, turn.person.id))
    if draft is not None:
        turn.write(KeepDraft(replace(draft, files=(*draft.files, *turn.heard.files), touched_at=turn.now)))
        turn.say("resident.added_after" if draft.text and not listening.wanted(turn) else _about_files(turn))
    elif focused is not None:
        additions.add(turn, focused, "", "resident.added_voice" if listening.wanted(turn) else "resident.added")
    else:
        turn.write(KeepDraft(Draft(
            turn.world.mint(), turn.person.id, "", turn.now, turn.now,
            turn.speaker.channel if turn.speaker else "web", files=turn.heard.files,
        )))
        turn.say(_about_files(turn))


def _about_files(turn: Turn) -> str:
    return "resident.photo_alone" if all(k == "photo" for k in turn.heard.file_kinds) else "resident.media_kept"


# ---- a message edited after it was sent ---------------------------------------------------------------------------


def edited(turn: Turn) -> None:
    """Before acknowledgement the new text takes the old one's place (which stays in the event); after it, 更正."""
    text = turn.heard.text.strip()
    draft = talk.draft_of(turn.conn, turn.person.id)
    focused = additions.in_focus(turn, cases.open_of(turn.conn, turn.person.id))
    if danger.heard(turn, text) or set_apart(turn, text):
        return
    if draft is not None and draft.text:
        got = meaning(turn, text, use_home=not draft.behalf)
        fresh = intake.drafted(turn, text, got, draft.behalf)
        intake.go_on(turn, replace(fresh, id=draft.id, opened_at=draft.opened_at, files=draft.files), got)
    elif focused is None:
        from handlers.route import words as again  # route sends edited messages here: a circle

        again(turn)
    else:
        if focused.acknowledged_at is not None or not _replace_words(turn, focused, text):
            turn.act(focused.id, a.AddWords(words=f"更正：{text}"))
        turn.say("resident.edited", focused.id)


def _replace_words(turn: Turn, case: Case, text: str) -> bool:
    """Category, urgency, place and the line on the card follow the new text. False: this case is not mended any more."""
    from handlers.filing import summary

    got = meaning(turn, text)
    spot = spot_in(turn, text, case.spot) if case.spot.estate_id else spot_of(got.where)
    if case.state is State.RESOLVED or case.emergency:
        return False
    category = got.category if got.category != "other" else None
    urgency = Urgency(got.urgency) if category and got.urgency != "emergency" else None
    mended = a.Correct(words=text, summary=summary(text), category=category, topic=got.topic, urgency=urgency)
    if spot.known and not additions.same_place(spot, case):
        return danger.move(turn, case.id, spot, mended=mended)
    return turn.act(case.id, mended) is not None
