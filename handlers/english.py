"""For who writes English: a line of English below each sentence, and English beside the label of each button."""

from __future__ import annotations

from datetime import datetime, timedelta

from casework.effects import Ask, Option, Say
from handlers.texts import Facts, load, text_of, word
from handlers.turn import Turn
from storage import people

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ENGLISH = "en"


def language_of(turn: Turn, person_id: str) -> str:
    """In which language the person wrote last."""
    if turn.speaker is not None and turn.person.id == person_id:
        return turn.person.language
    reader = people.person(turn.conn, person_id)
    return reader.language if reader is not None else "zh"


def worded(turn: Turn, message: Say | Ask, due: datetime) -> str:
    """The sentence, and what stands below it for who writes English."""
    said = text_of(message.key).format_map(Facts(turn, message, due)).strip()
    below = line(turn, message, due) if said else ""
    return f"{said}\n{below}" if below else said


def line(turn: Turn, message: Say | Ask, due: datetime) -> str:
    """The short line of English; nothing for who writes Chinese, and where there is none."""
    english = _line_of(message.key)
    if english is None or language_of(turn, message.to) != ENGLISH:
        return ""
    return english.format_map(EnglishFacts(turn, message, due))


def _line_of(key: str) -> str | None:
    """Of the key, else of all its section."""
    lines = load()["english"]
    found = lines.get(key.replace(".", "_")) or lines.get(key.partition(".")[0])
    return str(found) if found else None


def label(turn: Turn, option: Option, to: str, due: datetime) -> str:
    """What stands before the label of a button; nothing for who writes Chinese, and where the label is a name or a number."""
    if language_of(turn, to) != ENGLISH:
        return ""
    if option.name == "category":
        return word("english_category", option.args.get("code"))
    if option.name == "time":
        return say_time(datetime.fromisoformat(option.args["at"]), due, turn)
    return str(load()["english"].get(f"button_{option.name}", "")).format_map(option.args)


def say_time(at: datetime, now: datetime, turn: Turn) -> str:
    """today 15:30, tomorrow 9:00, Fri 28 Nov 18:00."""
    zone = turn.policy.calendar.zone
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    near = {today: "today", today + timedelta(days=1): "tomorrow", today - timedelta(days=1): "yesterday"}
    day = near.get(local.date()) or f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"
    return f"{day} {local.hour}:{local.minute:02d}"


class EnglishFacts(Facts):
    """The facts as an English line names them. Names of people and places stay as they are written on the doors."""

    def _spoken(self, value: object) -> str:
        if isinstance(value, datetime):
            return say_time(value, self.read_at, self.turn)
        return super()._spoken(value)

    def _category(self) -> str:
        return word("english_category", self.case.category)

    def _state(self) -> str:
        return word("english_state", self.case.state.value)
