"""In a group only number, category and state are said; place, phone and photo are asked alone, and cards never come here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from casework.case import Case, PersonId
from casework.effects import Ask, Kind, MarkGroup, MoveGroup, Option, Say
from handlers.english import label, line, worded
from handlers.texts import text_of, word
from handlers.turn import Turn
from storage import people, talk

GROUP_NEWS: Final = frozenset({"group_left", "group_joined", "group_moved"})
ALONE: Final = "g"  # the deep link's payload: from a group into the private chat
Buttons = list[dict[str, str]]
PUBLIC: Final = frozenset(f"resident.{name}" for name in (
    "hello", "about", "thanks", "advert", "advert_again", "abuse", "abuse_again", "calm", "answered", "which_answer", "question_taken", "human", "human_asked", "emoji_only", "empty",
    "fine", "failed", "unknown_command", "not_your_button", "bad_button", "late_plain", "draft_dropped", "my_none", "too_long",
    "waited", "staff_only", "file_too_big", "safe_question", "nothing_to_take_back",
)) | {"worker.code_alone"}  # said to everybody: no place, no number, nobody's words in them
ASKED_ALONE: Final = frozenset({"danger.where_is_it", "danger.which_building", "danger.which_estate"})
SHOWN: Final = (
    "checkback.solved", "checkback.satisfied", "intake.category", "intake.guess", "intake.two", "resident.withdraw_sure",
    "resident.solved_ask", "danger.smell", "undo", "resident.answered", "resident.which_answer", "resident.question_taken",
)  # questions whose buttons name no place and no person
OPEN_CASES: Final = 3
KEY: Final = "group"  # of an outbox row; behind it the keys of what was said, for what is not said twice


def group_news(turn: Turn) -> None:
    """Added to a group, taken out of it, or the group has another id. Nothing is said: Jiesu speaks there when it is spoken to."""
    heard = turn.heard
    if heard.kind == "group_moved":
        turn.write(MoveGroup(str(heard.chat), str(heard.data["to"])))
    else:
        turn.write(MarkGroup(str(heard.chat), heard.kind == "group_left", turn.now))


def answer(turn: Turn, pressable: Mapping[str, Buttons]) -> None:
    """One short message in the group in which this was said; everything else goes to the person alone."""
    if turn.speaker is None or turn.speaker.group_id is None:
        return
    said = [w for w in turn.words if w.to == turn.speaker.person.id and w.kind is not Kind.CARD]
    if not said:
        return
    about = dict.fromkeys(w.case_id for w in said if w.case_id)
    secret = {case_id for case_id in about if _secret(turn.case(case_id))}
    lines = [text for w in said if w.case_id not in secret and (text := _public(turn, w))]
    lines += [_state(turn, case_id, turn.speaker.person.id) for case_id in about if case_id not in secret][:OPEN_CASES]
    buttons = [b for w in said if w.case_id not in secret and isinstance(w, Ask) and (w.question or w.key) in SHOWN for b in pressable.get(w.question or w.key, [])]
    if secret or any(not _public(turn, w) for w in said):
        lines, link = [*lines, _alone(turn, turn.speaker.person.id)], _link(turn, turn.speaker.person.id)
        buttons = [*buttons, *link]
    _put(turn, people.Door(turn.speaker.address_id, turn.speaker.channel, turn.speaker.external_id), turn.speaker.person.id,
         _named(turn, lines), buttons, {"key": "+".join((KEY, *(w.key for w in said)))[:200], "made_at": turn.now, "due_at": turn.now, "kind": str(Kind.ANSWER), "urgency": _urgency(said)})


def instead(
    turn: Turn, said: Sequence[Say | Ask], case: Case, values: Mapping[str, Any], pressable: Mapping[str, Buttons]
) -> None:
    """Whoever reported it can only be reached in the group: number, category and state there, and the way into the private chat."""
    here = turn.speaker is not None and turn.speaker.group_id is not None and turn.speaker.person.id == said[0].to
    door = people.group_door(turn.conn, said[0].to)
    if here or door is None or said[0].to != case.resident_id or said[0].kind is Kind.CARD:
        return
    secret = _secret(case)
    shown = [] if secret else [w for w in said if isinstance(w, Ask) and (w.question or w.key) in SHOWN]
    buttons = [b for w in shown for b in pressable.get(w.question or w.key, [])]
    when = {name: values[name] for name in ("made_at", "due_at", "kind", "urgency", "question_id", "valid_states")}
    lines = [*([] if secret else [_state(turn, case.id, said[0].to)]), _alone(turn, said[0].to)]
    _put(turn, door, said[0].to, "\n".join(lines),
         [*buttons, *_link(turn, said[0].to)], when)


def _secret(case: Case) -> bool:
    """保密, or about somebody: those who must not know are in this chat. Nothing of it is said here, not even that there is one."""
    return case.confidential or bool(case.accused)


def _put(turn: Turn, door: people.Door, person_id: str, text: str, buttons: Buttons, when: Mapping[str, Any]) -> None:
    """No case stands on the row: what cannot be said in a group is no reason to telephone anybody."""
    values: dict[str, Any] = {"key": KEY, "question_id": None, "valid_states": [], **when}
    talk.insert_outbox(
        turn.conn, channel=door.channel, address_id=door.id, person_id=person_id, case_id=None, community_id=None,
        text=text, buttons=buttons, files=[], **values,
    )


def _public(turn: Turn, message: Say | Ask) -> str:
    """The sentence, where everybody may hear it."""
    if message.key in PUBLIC or (message.key.startswith("danger.") and message.key not in ASKED_ALONE):
        return worded(turn, message, turn.now)
    return ""


def _state(turn: Turn, case_id: str, reader: str) -> str:
    case = turn.case(case_id)
    said = text_of("resident.group_case").format(
        number=case.number, category=word("category", case.category), state=word("state", case.state.value)
    )
    below = line(turn, Say(PersonId(reader), "resident.group_case", case.id), turn.now)
    return f"{said}\n{below}" if below else said


def _alone(turn: Turn, person_id: str) -> str:
    """Where the rest is said: sent already, or after 开始."""
    started = any(door.channel != "web" for door in people.doors(turn.conn, person_id))
    return worded(turn, Say(PersonId(person_id), "resident.group_private" if started else "resident.group_start"), turn.now)


def _link(turn: Turn, reader: str) -> Buttons:
    """The button into the private chat; none while the bot's name is unknown."""
    _, _, name = (talk.setting(turn.conn, "telegram_bot") or "").partition(" ")
    english = label(turn, Option("alone"), reader, turn.now)
    shown = f"{english} · {text_of('button.alone')}" if english else text_of("button.alone")
    return [{"label": shown, "value": f"https://t.me/{name}?start={ALONE}"}] if name else []


def _named(turn: Turn, lines: Sequence[str]) -> str:
    """To whom it is said, by the name that the group sees anyway."""
    text = "\n".join(dict.fromkeys(lines))
    return f"{turn.heard.name}：{text}" if turn.heard.name else text


def _urgency(said: Sequence[Say | Ask]) -> str:
    return "emergency" if any(w.key.startswith("danger.") for w in said) else "normal"
