"""A resident writes: an aside, an addition, a word about an open case, or something new."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from casework import actions as a
from casework.effects import Draft, DropDraft, KeepDraft, RememberHome
from handlers import (
    additions,
    appointments,
    asking,
    checkback,
    commands,
    complaints,
    corrections,
    desk,
    intake,
    open_danger,
    own_cases,
    parts,
    questions,
)
from handlers.complaints import ASKS
from handlers.filing import joined
from handlers.giving import phone_alone
from handlers.meaning import SURE, aside, drops, for_somebody, meaning, only_courtesy, polite, spot_of
from handlers.turn import Turn
from nlp.corrections import only_corrects
from nlp.shortwords import phones, read_phone
from nlp.understand import Understanding
from storage import cases, talk

A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
GOES_ON = re.compile("还是?[没不]|还没|仍然?[没不]|又[没不坏漏堵]")  # 还是没水 点错了: nothing is withdrawn
MOVED = re.compile("搬家|搬到|搬来|搬走|现在住|新家")
CALMING = ("resident.abuse", "resident.abuse_again", "resident.calm")


def words(turn: Turn, text: str) -> None:
    """Free text that answers nothing awaited."""
    draft = talk.draft_of(turn.conn, turn.person.id)
    if draft is None and questions.said(turn, text):
        return
    got = meaning(turn, text)
    if open_danger.more(turn, text, got):
        return
    if (draft is None or not draft.text) and appointments.heard(turn, text, got):
        return
    if _relayed(turn, text, got):
        return
    if draft is None and (corrections.changed_mind(turn, text) or corrections.room_alone(turn, text)):
        return
    if appointments.not_wanted(turn, text) or (draft is None and _moved_house(turn, text, got)):
        return
    if got.intent == "withdraw" and (only_corrects(text) or GOES_ON.search(text)):
        got = replace(got, intent="addition")
    beside = parts.question_beside(turn, text) if draft is None else text
    if beside != text:
        text, got = beside, meaning(turn, beside)
    accuses = got.intent not in ASKS and bool(complaints.told(turn, text, turn.town.territory(turn.person.home).area_id))
    if not accuses and (_withdraws_draft(turn, draft, text, got) or _asked_something(turn, text, got) or _small_talk(turn, text, got)):
        asking.repeat(turn)
        return
    calm(turn, got)
    if draft is not None and _again_told(turn, draft, text, got):
        return
    if draft is not None and (draft.text or not cases.open_of(turn.conn, turn.person.id)):
        intake.more(turn, draft, text)
        return
    _addition_or_new(turn, text, got, draft, accuses)


def _moved_house(turn: Turn, text: str, got: Understanding) -> bool:
    """我搬家了，现在住平安里7号楼: the new home; what is in hand at the old one stays there."""
    spot = spot_of(got.where)
    if got.category != "other" or not spot.building_id or not MOVED.search(text) or spot.building_id == turn.person.home.building_id:
        return False
    turn.write(RememberHome(turn.person.id, spot))
    turn.refresh()
    turn.say("resident.moved_house")
    return True


def _again_told(turn: Turn, draft: Draft, text: str, got: Understanding) -> bool:
    """More words while 又坏了？ waits for its answer: they are kept with it, and it is asked again."""
    for asked in talk.open_questions(turn.conn, turn.person.id):
        if asked.name == "resident.again" and asked.draft_id == draft.id and got.category in ("other", turn.case(asked.case_id).category):
            turn.write(KeepDraft(replace(draft, text=joined([draft.text, text]), touched_at=turn.now)))
            asking.repeat(turn)
            return True
    return False


def _addition_or_new(turn: Turn, text: str, got: Understanding, photos: Draft | None, accuses: bool) -> None:
    """`photos`: sent before these words, and not yet about anything. What accuses somebody is a case of its own."""
    if photos is not None:
        turn.heard = replace(turn.heard, files=(*photos.files, *turn.heard.files))
    behalf = for_somebody(text)
    old = not behalf and not accuses and (additions.about_open(turn, text, got) or additions.about_ended(turn, text, got))
    if photos is not None:
        turn.write(DropDraft(photos.id))
    if not old:
        intake.begin(turn, text, meaning(turn, text, use_home=not behalf), behalf=behalf)


# ---- asides -----------------------------------------------------------------------------------------------------


def _withdraws_draft(turn: Turn, draft: Draft | None, text: str, got: Understanding) -> bool:
    """算了，不报了, while a complaint is half told."""
    if draft is None or (got.intent != "withdraw" and not drops(text)):
        return False
    intake.dropped(turn, draft)
    return True


def _asked_something(turn: Turn, text: str, got: Understanding) -> bool:
    """My cases, nudge, withdraw, a person: by meaning rather than by exact word. "不用来了，已经好了" is an answer."""
    mine = cases.open_of(turn.conn, turn.person.id) if got.intent == "withdraw" else []
    if len(mine) == 1 and checkback.maybe_solved(turn, mine[0], text):
        return True
    if questions.asked(turn, text, got):
        return True
    by_intent = {
        "status": own_cases.my, "nudge": own_cases.nudge, "withdraw": own_cases.withdraw, "human": commands.human,
        "about": commands.about,
    }
    handler = by_intent.get(got.intent)
    if got.intent == "nudge" and got.category != "other" and not _has_open(turn, got.category):
        return False  # 等了一天，暖气还是不热: nothing is in hand that could be hurried
    if handler is not None:
        handler(turn, "")
        return True
    return False


def _has_open(turn: Turn, category: str) -> bool:
    return any(case.category == category for case in cases.open_of(turn.conn, turn.person.id))


def _small_talk(turn: Turn, text: str, got: Understanding) -> bool:
    """Greetings, thanks, 好的, a curse, an advert, signs without words; and a telephone number alone."""
    alone = got.category == "other" or any(whose for _, whose in phones(text))
    if alone and read_phone(text) is not None and not spot_of(got.where).known and phone_alone(turn, text):
        return True
    if polite(text):
        if talk.draft_of(turn.conn, turn.person.id) is None:
            turn.say("resident.fine" if cases.open_of(turn.conn, turn.person.id) else "resident.hello")
    elif not any(c.isalpha() for c in text):
        turn.say("resident.emoji_only")
    elif got.intent == "advert":
        _once_in_a_group(turn, "resident.advert", _said_since(turn, A_DAY, "resident.advert"))
    elif got.intent == "abuse" and aside(got, text):
        _once_in_a_group(turn, "resident.abuse", _said_since(turn, A_DAY, *CALMING))
    elif got.intent in ("greeting", "thanks") and got.category == "other" and only_courtesy(text):
        turn.say("resident.hello" if got.intent == "greeting" else "resident.thanks")
    elif got.intent == "thanks" and aside(got, text) and len(text) <= 30:
        turn.say("resident.thanks")
    else:
        return False
    return True


def calm(turn: Turn, got: Understanding) -> None:
    """Anger together with a trouble: one calm sentence a day, in a group one an hour, and the trouble is taken as any."""
    if got.rude and not _said_since(turn, AN_HOUR if _in_a_group(turn) else A_DAY, *CALMING):
        turn.say("resident.calm")


def _once_in_a_group(turn: Turn, key: str, again: bool) -> None:
    """Everybody there reads it: within the hour the same sender is not answered a second time."""
    if not (_in_a_group(turn) and _said_since(turn, AN_HOUR, *(CALMING if key in CALMING else (key, f"{key}_again")))):
        turn.say(f"{key}_again" if again else key)


def _in_a_group(turn: Turn) -> bool:
    return turn.speaker is not None and turn.speaker.group_id is not None


def _said_since(turn: Turn, ago: timedelta, *keys: str) -> bool:
    return any(talk.said_since(turn.conn, turn.person.id, key, turn.now - ago) for key in keys)


# ---- relay ------------------------------------------------------------------------------------------------------


def _relayed(turn: Turn, text: str, got: Understanding) -> bool:
    """While a worker has opened the relay, plain words go to the worker, under Jiesu's own name."""
    if got.intent in ("status", "withdraw", "human"):
        return False
    for case in cases.open_of(turn.conn, turn.person.id):
        partner = desk.relay_partner(turn, case)
        if partner is not None and (got.category in ("other", case.category) or got.confidence < SURE):
            turn.act(case.id, a.AddWords(words=text, files=turn.heard.files))
            desk.show_words(turn, case, partner)
            turn.say("resident.added", case.id)
            turn.focus(case.id)
            return True
    return False
