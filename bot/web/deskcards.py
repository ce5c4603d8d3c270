"""A task as the page of the desk shows it: what it is about, until when, and the chat's own buttons, the likeliest large."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from casework import access, tasks
from casework.case import Case, Task
from casework.effects import Ask
from handlers import listening, telephoning
from handlers.at_desk import IN_WORDS, key_of
from handlers.pressed import button_value
from handlers.saying import plain_options
from handlers.tasklist import card_of
from handlers.tellers import for_staff
from handlers.texts import Facts, place_name, say_time, text_of, word
from handlers.turn import Turn
from storage import desk, people, talk, threads
from storage.downloads import TRIES

ASKING: Final = ("telephone", "visit")
ANSWERS: Final = ("solved", "partly", "not_solved")
WORDS_FOR: Final = {  # beside these buttons
    "dismiss": "为什么不是要办的事（居民看得到）", "answer": "您的回答（转给居民）", "write_heard": "照原话写：什么事、在哪儿",
    "somebody_else": "本社区同事的名字",
}  # fmt: skip
SUFFIX: Final = {"audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/amr": "amr", "audio/webm": "webm", "audio/x-wav": "wav",
                 "audio/aac": "aac", "video/quicktime": "mov", "video/webm": "webm", "video/3gpp": "3gp", "video/mp4": "mp4"}


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a card: `key` is what the form sends."""

    key: str
    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording or a film to be played on the card. `there`: it has come from its platform; `lost`: it never will."""

    id: str
    film: bool = False
    there: bool = False
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A card. `ring`: first of all the number; `answers`: what the resident says to the first question; `choices`: one tap;
    `written`: buttons that need words, with what to write; `rest`: whatever else there is; `sounds`: what is to be heard first."""

    id: str
    tries: int
    kind: str
    heading: str
    due: str = ""
    late: bool = False
    mark: str = ""
    from_below: str = ""
    lines: Sequence[str] = ()
    words: str = ""
    script: Sequence[str] = ()
    tried: str = ""
    ring: Button | None = None
    answers: Sequence[Button] = ()
    choices: Sequence[Button] = ()
    place: Button | None = None
    written: Sequence[tuple[Button, str]] = ()
    rest: Sequence[Button] = ()
    sounds: Sequence[Sound] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked about an answer that may be kept: the chat's sentence and buttons; `in_words`: it may be answered in words."""

    id: str
    words: str
    buttons: Sequence[Button]
    in_words: bool


def asking(turn: Turn, question_id: str) -> Asking | None:
    """None when it has been answered meanwhile."""
    question = talk.question(turn.conn, question_id) if question_id else None
    if question is None or question.closed_at is not None or question.person_id != turn.person.id:
        return None
    words = text_of(str(question.args["said_as"])).format_map(question.args)
    return Asking(question.id, words, _row_buttons(turn, question), bool(question.awaited))


def _row_buttons(turn: Turn, question: Any) -> list[Button]:
    """The buttons of a question that is a row, by the values that the chat would send."""
    return [
        Button(button_value(turn.world, question.id, i), str(o["label"]), str(o["name"]))
        for i, o in enumerate(question.options)
    ]


def shown(turn: Turn, task: Task) -> Shown | None:
    """The card of an open task; None when nothing is left to decide about it."""
    ask = card_of(turn, task, turn.person.id)
    if ask is None:
        return None
    case = turn.case(task.case_id) if task.case_id else None
    buttons = [Button(key_of(o), p["label"], o.name) for o, p in zip(ask.options, plain_options(turn, ask, turn.now), strict=True)]
    told = _told(turn, task, case, ask)
    return Shown(
        id=task.id, tries=task.tries, kind=word("task_kind", task.kind), heading=_heading(turn, task, case),
        due=say_time(task.due_at, turn.now, turn), late=task.due_at < turn.now,
        mark=word("urgency", tasks.pace(task, case).value), from_below=_below(turn, task), sounds=_sounds(turn, task),
        **_sorted_out(ask, buttons), **told,
    )  # fmt: skip


def _sorted_out(ask: Ask, buttons: Sequence[Button]) -> dict[str, Any]:
    """Which button goes where."""
    written = [b for b in buttons if (ask.question, b.name) in IN_WORDS]
    plain = [b for b in buttons if b not in written]
    answers = [b for b in plain if b.name in ANSWERS]
    choices = [b for b in plain if b.name in ("category", "name", "person", "colleague")]
    place = next((b for b in written if b.name == "fix_place"), None)
    return {
        "ring": next((b for b in plain if b.name == "phone"), None), "answers": answers, "choices": choices, "place": place,
        "written": [(b, WORDS_FOR[b.name]) for b in written if b is not place],
        "rest": [b for b in plain if b.name != "phone" and b not in answers and b not in choices],
    }  # fmt: skip


def _heading(turn: Turn, task: Task, case: Case | None) -> str:
    """What it is about, in a line."""
    if case is not None:
        return _of_case(turn, case)
    who = people.person(turn.conn, task.person_id) if task.person_id else None
    return who.name if who is not None and who.name else text_of("word.a_resident")


def _of_case(turn: Turn, case: Case) -> str:
    return f"{case.number} {place_name(turn, case)} {word('category', case.category)}"


def _below(turn: Turn, task: Task) -> str:
    """Whose task it was first, when it has climbed to the reader."""
    if access.task_post(turn.person, task) == task.owner_post:
        return ""
    owner = turn.town.post(task.owner_post)
    return f"{owner.title} {owner.holder_name}".strip() if owner is not None else ""


def _sounds(turn: Turn, task: Task) -> list[Sound]:
    rows = [(each, threads.file(turn.conn, each)) for each in listening.files_of(turn, task)]
    return [
        Sound(each, row.kind == "video", bool(row.sha256), not row.sha256 and row.tries >= TRIES)
        for each, row in rows
        if row is not None
    ]


def saved_as(mime: str) -> str:
    """What a recording is called when it is saved."""
    return f"{'录像' if mime.startswith('video/') else '录音'}.{SUFFIX.get(mime, 'm4a')}"


def _told(turn: Turn, task: Task, case: Case | None, ask: Ask) -> dict[str, Any]:
    """What stands on the card: for a call or a visit what to say, to sort what the resident wrote; else the chat's sentence."""
    if case is not None and task.kind in ASKING:
        return _script(turn, task, case)
    if case is not None and task.kind == "sort":
        return {"words": for_staff(turn, case, case.summary, turn.person.id)}
    if task.kind == "listen":
        return {"lines": [text_of("task.listen_here")]}
    lines = text_of(ask.key).format_map(Facts(turn, ask)).strip().splitlines()
    return {"lines": [*lines, *_whom(turn, task)]}


def _whom(turn: Turn, task: Task) -> list[str]:
    """The colleague who cannot be written to, by name."""
    who = people.person(turn.conn, task.person_id) if task.kind == "unreached" and task.person_id else None
    return [text_of("task.script_name").format(name=f"{task.note} {who.name}")] if who is not None and who.staff else []


def _script(turn: Turn, task: Task, case: Case) -> dict[str, Any]:
    """Whom to ask for, what was done, the two questions, and how often it was tried."""
    tried = [say_time(e.at, turn.now, turn) for e in desk.tries(turn.conn, task)]
    return {
        "script": telephoning.script(turn, case),
        "lines": telephoning.beside(turn, case, turn.person.id),
        "words": for_staff(turn, case, case.summary, turn.person.id),
        "tried": text_of("task.tried").format(count=len(tried), times="、".join(tried)) if tried else "",
    }  # fmt: skip


def second(turn: Turn, question: Any) -> Shown:
    """The second question, asked right after the first: its buttons are a row of their own."""
    case = turn.case(question.case_id)
    return Shown(
        id=f"second-{question.id}", tries=0, kind="", heading=_of_case(turn, case),
        answers=_row_buttons(turn, question),
    )  # fmt: skip
