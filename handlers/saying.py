"""From effects to outbox rows: what a turn says, worded, with its buttons, files, door and hour.

One message per person and turn: what is said to the same reader together goes out together; cards stay apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from casework import hours
from casework.case import Case, PostId, Urgency
from casework.effects import Ask, CloseQuestions, Kind, Option, PhoneAsked, Say
from handlers import folding, groups, in_group
from handlers.english import label, worded
from handlers.pressed import button_value, short_id
from handlers.rosters import colleagues
from handlers.texts import ON_CARD, Facts, hidden_from, say_time, short_day, text_of
from handlers.turn import Turn
from storage import cases, people, talk

MERGED = (Kind.ANSWER, Kind.FACT)


def put(turn: Turn) -> None:
    """Word all that was said in this turn, and write the outbox rows. Who has no address left is told by a person."""
    nowhere = _put(turn)
    if nowhere:
        from handlers.undelivered import nobody_there

        turn.words = []
        nobody_there(turn, nowhere)
        _put(turn, further=True)


def _put(turn: Turn, further: bool = False) -> list[Say | Ask]:
    """What has been said so far; back comes what was for readers without any address. `further`: the speaker has been answered."""
    pressable: dict[str, list[dict[str, str]]] = {}
    unsaid = [group for group in _grouped(turn) if not _deliver(turn, group, pressable)]
    if not further:
        in_group.answer(turn, pressable)
    groups.put(turn, _due)
    return [message for group in unsaid for message in group]


def answered_here(turn: Turn) -> list[str]:
    """What the speaker is answered is shown where they pressed, on a page, and not sent: the sentences, each once. A question
    among them is a row all the same."""
    own = [m for m in turn.words if m.to == turn.person.id and m.kind is Kind.ANSWER]
    turn.words = [m for m in turn.words if m not in own]
    said = []
    for message in own:
        said.append(text_of(message.key).format_map(Facts(turn, message)).strip())
        if isinstance(message, Ask):
            _question(turn, message, turn.now)
    return list(dict.fromkeys(filter(None, said)))


def _grouped(turn: Turn) -> Iterable[list[Say | Ask]]:
    """Messages that go out as one. An answer to who just wrote is an answer, whatever it was made as."""
    groups: dict[object, list[Say | Ask]] = {}
    speaker = turn.speaker.person.id if turn.speaker else None
    for i, message in enumerate(turn.words):
        if message.to == speaker and message.kind in (Kind.FACT, Kind.QUESTION):
            message = replace(message, kind=Kind.ANSWER)
        together = message.kind in MERGED and not getattr(message, "hold", 0) and not message.everywhere
        groups.setdefault((message.to, message.kind) if together else i, []).append(message)
    return groups.values()


def _deliver(turn: Turn, group: list[Say | Ask], pressable: dict[str, list[dict[str, str]]]) -> bool:
    """Whether there was a way to say it. `pressable`: the buttons of each question, for a group to show what may be shown there."""
    first = group[0]
    texts: list[str] = []
    buttons: list[dict[str, str]] = []
    question_id = None
    case = turn.case(first.case_id) if first.case_id else next(
        (turn.case(m.case_id) for m in group if m.case_id), None)
    due = _alone(turn, group, case)
    if due is None:
        return True
    for message in group:
        text = worded(turn, message, due)
        if text and text not in texts:
            texts.append(text)
        if isinstance(message, Ask):
            question_id, pressed = _question(turn, message, due)
            buttons += pressed
            pressable[message.question or message.key] = pressed
    values: dict[str, Any] = {
        "case_id": case.id if case else None, "community_id": case.community_id if case else None,
        "question_id": question_id, "key": "+".join(m.key for m in group)[:200], "kind": str(first.kind),
        "urgency": str(min((m.urgency for m in group), key=list(Urgency).index)), "text": "\n\n".join(texts),
        "buttons": buttons, "files": [f for m in group for f in (*_files(turn, m), *pictures(m))],
        "valid_states": list(first.valid_states), "made_at": turn.now, "due_at": due,
    }
    ways = _doors(turn, first)
    for door in ways:
        talk.insert_outbox(
            turn.conn, channel=door.channel, address_id=door.id, person_id=first.to, **values
        )
    if not ways and case is not None:
        in_group.instead(turn, group, case, values, pressable)
    return bool(ways) or people.group_door(turn.conn, first.to) is not None


def _alone(turn: Turn, group: list[Say | Ask], case: Case | None) -> datetime | None:
    """When it goes out as a message of its own; None where a line that waits has taken it in."""
    first = group[0]
    due = _due(turn, first, case)
    if len(group) == 1 and case is not None and folding.folds(first, case):
        if folding.into_waiting(turn, first, case, due):
            return None
        due = max(due, turn.now + folding.WAITS)
    waits, later = _together(turn, first, case)
    if waits is not None:
        talk.append_outbox(turn.conn, waits.id, f"{waits.text}\n{quoted(turn, first, due)}")
        return None
    return max(due, later) if later is not None else due


AT_ONCE, A_MINUTE = 2, timedelta(minutes=1)  # additions to a case that are told one by one; further ones of that minute come together
LONGEST_CARD = 3_000


def _together(turn: Turn, first: Say | Ask, case: Case | None) -> tuple[Any | None, datetime | None]:
    """Of a flood of additions: the card that waits and takes this one in, or when a card that begins to wait goes out."""
    if first.key != "card.added" or case is None or case.emergency or first.files:
        return None, None
    rows = talk.lately_added(turn.conn, first.to, case.id, turn.now - A_MINUTE)
    waiting = next((r for r in reversed(rows) if r.state == "waiting" and r.due_at > turn.now and len(r.text) < LONGEST_CARD), None)
    if waiting is not None:
        return waiting, None
    return None, rows[0].made_at + A_MINUTE if len(rows) >= AT_ONCE else None


def _files(turn: Turn, message: Say | Ask) -> Sequence[str]:
    """A card that speaks of the photos brings them. 保密: a voice would say who it is."""
    hidden = message.case_id is not None and hidden_from(turn, turn.case(message.case_id), message.to)
    if message.case_id and "{photos}" in text_of(message.key):
        return cases.photos(turn.conn, message.case_id, not hidden)[:ON_CARD]
    return cases.only_photos(turn.conn, message.files) if hidden else message.files


def quoted(turn: Turn, message: Say | Ask, due: datetime) -> str:
    """What was added, without the head that the card has already."""
    return worded(turn, message, due).split("\n", 2)[-1]


def pictures(message: Say | Ask) -> Sequence[dict[str, object]]:
    """What is still to be drawn, at delivery and outside the writer: {"chart": name, "data": what it shows}."""
    return [{"chart": message.chart[0], "data": dict(message.chart[1])}] if message.chart else []


def _doors(turn: Turn, message: Say | Ask) -> list[people.Door]:
    """The address just used (in a group: one of the person alone), else the last used of those that can be written to first (the
    page has to be opened, so it is for who has nothing else); an emergency to all."""
    alone = turn.speaker if turn.speaker is not None and turn.speaker.group_id is None else None
    if alone is not None and alone.person.id == message.to and not message.everywhere:
        return [people.Door(alone.address_id, alone.channel, alone.external_id)]
    found = people.doors(turn.conn, message.to)
    if message.everywhere:
        return found
    return ([door for door in found if door.channel != people.PAGE] or found)[:1]


def _due(turn: Turn, message: Say | Ask, case: Case | None) -> datetime:
    """When the quiet hours let it go. A question held for a burst is asked of somebody who has just written: at any hour."""
    hold = timedelta(seconds=getattr(message, "hold", 0.0))
    kind = Kind.ANSWER if hold else message.kind
    rostered, wrote = False, None
    if hours.night(turn.now, turn.policy.calendar):
        rostered = message.kind is Kind.CARD and _on_night_row(turn, message)
        wrote = people.last_heard(turn.conn, message.to) if case is not None and message.to == case.resident_id else None
    return hours.release(kind, message.urgency, turn.now, turn.policy.calendar, rostered, wrote) + hold


def _on_night_row(turn: Turn, message: Say | Ask) -> bool:
    who = people.person(turn.conn, message.to)
    return who is not None and any(turn.town.awake(p, turn.now) for p in who.posts)


def _question(turn: Turn, ask: Ask, due: datetime) -> tuple[str, list[dict[str, str]]]:
    """The question's row and its buttons, worded for when they are read."""
    if ask.question == "resident.phone":
        turn.write(PhoneAsked(ask.to))
    if ask.replaces and ask.awaited:
        turn.writer.write(CloseQuestions(ask.to, ask.question, ask.case_id, ask.draft_id, ask.task_id))
    question_id = short_id(turn.world)
    options = plain_options(turn, ask, due)
    talk.insert_question(
        turn.conn, id=question_id, person_id=ask.to, name=ask.question or ask.key, case_id=ask.case_id,
        draft_id=ask.draft_id, task_id=ask.task_id, options=options, args={"said_as": ask.key, **_plain(ask.args)}, awaited=ask.awaited,
        asked_at=turn.now,
    )
    buttons = [{"label": _shown(o), "value": button_value(turn.world, question_id, i)} for i, o in enumerate(options)]
    return question_id, buttons


def plain_options(turn: Turn, ask: Ask, due: datetime) -> list[dict[str, Any]]:
    """The buttons as they are kept, with what the reader sees on each when it arrives."""
    made = []
    for option in ask.options:
        english = label(turn, option, ask.to, due)
        made.append({"name": option.name, "args": dict(option.args), "label": _label(turn, option, due)} | ({"english": english} if english else {}))
    return made


def _shown(option: Mapping[str, Any]) -> str:
    """What stands on the button."""
    return f"{option['english']} · {option['label']}" if option.get("english") else str(option["label"])


def _label(turn: Turn, option: Option, due: datetime) -> str:
    args = dict(option.args)
    if "at" in args:
        args["at"] = say_time(datetime.fromisoformat(args["at"]), due, turn)
    if "date" in args:
        args["date"] = short_day(date.fromisoformat(args["date"]), due.astimezone(turn.policy.calendar.zone).date())
    if option.name == "person" and (post := turn.town.post(PostId(args["post"]))) is not None:
        return colleagues.label(turn, post)
    return option.label or text_of(f"button.{option.name}").format_map(args)


def _plain(args: Mapping[str, object]) -> dict[str, object]:
    return {k: v.isoformat() if isinstance(v, datetime) else v for k, v in args.items()}
