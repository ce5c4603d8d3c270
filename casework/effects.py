"""The verbs: all that one turn can do to the world. storage/effects.py writes each; handlers/texts.py words Say and Ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from casework.answer_effects import KeepLanguage as KeepLanguage
from casework.answer_effects import TakeDownAnswer as TakeDownAnswer
from casework.answer_effects import TakeUpAnswer as TakeUpAnswer
from casework.case import Case, CaseId, Event, Part, PersonId, PostId, Spot, Urgency
from casework.desk_effects import ClimbTask as ClimbTask
from casework.desk_effects import DeskEffect
from casework.desk_effects import OpenDoor as OpenDoor
from casework.desk_effects import SendAgain as SendAgain
from casework.group_effects import GroupEffect
from casework.group_effects import MarkGroup as MarkGroup
from casework.group_effects import MoveGroup as MoveGroup
from casework.roster_effects import ChangeShift as ChangeShift
from casework.roster_effects import Duty as Duty
from casework.roster_effects import EndLeave as EndLeave
from casework.roster_effects import GrantLeave as GrantLeave
from casework.roster_effects import RosterEffect
from casework.summary_effects import SummaryEffect
from casework.task_effects import EndTask as EndTask
from casework.task_effects import EndTasksOf as EndTasksOf
from casework.task_effects import MoveTask as MoveTask
from casework.task_effects import NoteTry as NoteTry
from casework.task_effects import OpenTask as OpenTask
from casework.task_effects import ReopenTask as ReopenTask
from casework.task_effects import TaskAgain as TaskAgain


class Kind(StrEnum):
    """How a message is treated on its way out (see hours.release)."""

    ANSWER = "answer"  # to somebody who just wrote: at once, night or not
    FACT = "fact"  # always goes out
    QUESTION = "question"  # the first check-back question: always goes out, 07:00-22:00
    PROMPT = "prompt"  # dropped when no longer true
    CARD = "card"  # to staff
    DIGEST = "digest"  # the desks' overview in the morning, at 08:00: day, though not an hour for reminders


@dataclass(frozen=True, slots=True)
class Option:
    """One button: `name` is what the handler gets, `label_key` what the reader sees (texts.toml, [button])."""

    name: str
    args: Mapping[str, str] = field(default_factory=dict)
    label: str | None = None  # a name from the organisation, instead of a key


@dataclass(frozen=True, slots=True)
class Message:
    """What Say and Ask have in common. `args` fill the text of `key`; `case_id` adds the facts of the case."""

    to: PersonId
    key: str
    case_id: CaseId | None = None
    args: Mapping[str, object] = field(default_factory=dict)
    kind: Kind = Kind.FACT
    urgency: Urgency = Urgency.NORMAL
    valid_states: tuple[str, ...] = ()  # a prompt is dropped when the case is in none of these
    files: tuple[str, ...] = ()
    everywhere: bool = False  # to every address: an emergency
    chart: tuple[str, Mapping[str, object]] | None = None  # a picture drawn at delivery: its name and what it shows


@dataclass(frozen=True, slots=True)
class Say(Message):
    """Tell a person something; buttons, if any, stay pressable for ever (late presses are answered kindly)."""


@dataclass(frozen=True, slots=True)
class Ask(Message):
    """Tell and wait for an answer: an open question, a row. `question` names what @answer(...) handles it."""

    question: str = ""  # default: the key
    options: tuple[Option, ...] = ()
    draft_id: str | None = None
    task_id: str | None = None
    replaces: bool = True  # closes the person's other open question of this name for the same case or draft
    awaited: bool = True  # False: only buttons (a card); free text is not tried against it
    hold: float = 0.0  # seconds before it goes out, so that a burst gets one question


@dataclass(frozen=True, slots=True)
class CloseQuestions:
    """Nobody waits for these any more. None means any."""

    person_id: PersonId | None = None
    question: str | None = None
    case_id: CaseId | None = None
    draft_id: str | None = None
    task_id: str | None = None
    only_awaited: bool = True  # card buttons stay


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case begins: its row, its first event, its remark (the resident's words), its files."""

    case: Case
    event: Event
    words: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A case changed: the new row, the event, the words that came with it. Timers are reconciled by the writer."""

    before: Case
    case: Case
    event: Event
    words: str = ""
    internal: bool = False  # the words are for staff only
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assign:
    """A post gets a part in a case. A new FIRST_OWNER or ASSIGNEE releases the one before."""

    case_id: CaseId
    post_id: PostId
    part: Part


@dataclass(frozen=True, slots=True)
class Release:
    """A post's part in a case ends."""

    case_id: CaseId
    post_id: PostId
    part: Part


@dataclass(frozen=True, slots=True)
class Draft:
    """A complaint that is half told. Becomes a case when place and category are known, or after ten minutes."""

    id: str
    person_id: PersonId
    text: str
    opened_at: datetime
    touched_at: datetime
    channel: str
    category: str | None = None
    also: tuple[str, ...] = ()
    topic: str | None = None
    urgency: Urgency = Urgency.NORMAL
    danger: str | None = None
    confidence: float = 0.0
    spot: Spot = field(default_factory=Spot)
    files: tuple[str, ...] = ()
    behalf: bool = False
    asked: tuple[str, ...] = ()  # what was asked already: nothing is asked twice
    rev: int = 0


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """Write the draft as it now stands (its ten-minute timer with it)."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class DropDraft:
    """The draft became a case, or nothing."""

    draft_id: str


@dataclass(frozen=True, slots=True)
class RememberHome:
    person_id: PersonId
    home: Spot


@dataclass(frozen=True, slots=True)
class KeepPhone:
    person_id: PersonId
    phone: str


@dataclass(frozen=True, slots=True)
class ForgetPhone:
    person_id: PersonId


@dataclass(frozen=True, slots=True)
class PhoneAsked:
    """The phone is asked for once, ever."""

    person_id: PersonId


@dataclass(frozen=True, slots=True)
class KeepName:
    person_id: PersonId
    name: str


@dataclass(frozen=True, slots=True)
class Bind:
    """The speaking address now belongs to the person that the code names; the code is used up."""

    address_id: str
    person_id: PersonId
    code_id: str


@dataclass(frozen=True, slots=True)
class NoteWrongCode:
    """A wrong binding code: five an hour and sender."""

    address_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Focus:
    """What a conversation is about now; `relay` lets words through to the other side until a time."""

    address_id: str
    case_id: CaseId | None
    relay_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogView:
    """Somebody looked at something personal (a phone number)."""
    person_id: PersonId
    case_id: CaseId
    what: str


@dataclass(frozen=True, slots=True)
class MarkBlocked:
    """The platform says that this address cannot be written to (or can again)."""

    address_id: str
    blocked: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MoveAddress:
    """The platform gave the chat a new id."""

    address_id: str
    external_id: str


Effect = (
    Say | Ask | CloseQuestions | ReopenTask | OpenCase | Move | Assign | Release | KeepDraft | DropDraft | OpenTask | NoteTry | MoveTask | TaskAgain
    | EndTask | EndTasksOf | RememberHome | KeepPhone | ForgetPhone | KeepName | PhoneAsked | Bind | NoteWrongCode | Focus | LogView
    | MarkBlocked | MoveAddress | RosterEffect | GroupEffect | DeskEffect | KeepLanguage | TakeUpAnswer | TakeDownAnswer | SummaryEffect
)
