"""「任务」: the list of the desk's open tasks, and the card of each with its buttons; the page at /staff/desk shows the same cards."""

from __future__ import annotations

from typing import Any, Final

from casework import access
from casework.case import PersonId, Task, Urgency
from casework.consequences.asking import TASK_OPTIONS
from casework.consequences.telling import UNREACHED_OPTIONS
from casework.effects import Ask, Kind, Option
from casework.tasks import FAILED
from handlers import undelivered
from handlers.tasks import held_as
from handlers.texts import place_name, say_time, text_of, word
from handlers.turn import Turn, press
from storage import cases, people

LISTED: Final = 20
PRESSABLE: Final = LISTED
SAID: Final = 40  # characters of somebody's words in a line of the list; the card has them all
OF_SOMEBODY: Final = ("human", "question", "failed", "listen")  # tasks that somebody's own words made
FAILED_OPTIONS: Final = ("file", "answer", "handled")


def tasks(turn: Turn, rest: str = "") -> None:
    """All open tasks of the speaker's posts, and what has climbed to them, first due first, each to be opened with a tap."""
    found = mine(turn)
    if not found:
        turn.say("task.none")
        return
    lines = "\n".join(_line(turn, t) for t in found[:LISTED])
    options = [
        Option("task", {"id": t.id, "name": f"{word('task_kind', t.kind)} {i}"}) for i, t in enumerate(found[:PRESSABLE], 1)
    ]
    on_page = text_of("task.on_page") if access.staff_areas(turn.person) else ""
    turn.ask("task.list", question="tasks", awaited=False, list=lines, on_page=on_page, options=options)


def mine(turn: Turn) -> list[Task]:
    """The open tasks of the speaker's posts and what has climbed to them, first due first; none about a complaint about them."""
    scope = access.scope(turn.person)
    found = cases.tasks_of(turn.conn, sorted(scope.posts), climbed=True)
    return [t for t in found if t.case_id is None or not scope.spoken_of(turn.case(t.case_id))]


def _line(turn: Turn, task: Task) -> str:
    key = "task.line_late" if task.due_at < turn.now else "task.line"
    due = say_time(task.due_at, turn.now, turn)
    said = _who(turn, task) if task.kind in OF_SOMEBODY and task.case_id is None else about(turn, task)
    return text_of(key).format(kind=word("task_kind", task.kind), about=said, due=due)


def _who(turn: Turn, task: Task) -> str:
    """Who waits for a person's word, since when, and what they said. Whoever has a task reads what it is about: by name."""
    name = _name(turn, task) if access.task_post(turn.person, task) is not None else text_of("word.a_resident")
    words = f"{task.note[:SAID]}…" if len(task.note) > SAID else task.note
    key = "task.line_who" if words else "task.line_sent"
    return text_of(key).format(name=name, at=say_time(task.opened_at, turn.now, turn), words=" ".join(words.split()))


def about(turn: Turn, task: Task) -> str:
    """What a task is about, in a few words."""
    if task.kind == "undelivered":
        return undelivered.name_of(turn, task)
    if task.case_id is None:
        return task.note[:30]
    case = turn.case(task.case_id)
    return f"{case.number} {place_name(turn, case)}"


@press("tasks", "task")
def open_task(turn: Turn, question: Any, args: dict[str, str]) -> None:
    task = cases.task(turn.conn, args["id"])
    if task is None or task.ended_at is not None or held_as(turn, task) is None:
        turn.say("task.gone")
        return
    show_task(turn, task, turn.person.id)


def show_task(turn: Turn, task: Task, to: PersonId, key: str | None = None) -> None:
    """The card of a task, with its buttons."""
    card = card_of(turn, task, to, key)
    if card is not None:
        turn.write(card)


def card_of(turn: Turn, task: Task, to: PersonId, key: str | None = None) -> Ask | None:
    """What the card says and which buttons it has; None when there is nothing left to decide."""
    from handlers import extending, listening  # they open the desk's tasks: a circle
    from handlers.rosters import handing_desk, leave_consent
    from handlers.rosters.handing_plan import KINDS

    if task.kind == "leave":
        return leave_consent.card_of(turn, task, to)
    if task.kind in KINDS:
        return handing_desk.card_of(turn, task, to)
    if task.kind == "listen":
        return listening.card(turn, task, to)
    if task.kind == "extend":
        return extending.card(turn, task, to)
    if task.kind == "undelivered":
        return undelivered.card_of(turn, task, to)
    question, options = _buttons(turn, task)
    if question == "task.resident":
        key = "task.unreached_resident"
    urgency = turn.case(task.case_id).urgency if task.case_id else FAILED.get(task.kind, Urgency.NORMAL)
    return Ask(
        to, key or f"task.{task.kind}", task.case_id, _said(turn, task), Kind.CARD, urgency,
        question=question, options=options, awaited=False, task_id=task.id, everywhere=task.kind == "failed_danger",
    )


def _buttons(turn: Turn, task: Task) -> tuple[str, tuple[Option, ...]]:
    """The question of a task's card, by which its presses are known, and its buttons."""
    if task.id.endswith(":resident"):
        return "task.resident", (Option("phone"), Option("told"))
    if task.kind in TASK_OPTIONS:
        return f"task.{task.kind}", tuple(Option(n) for n in TASK_OPTIONS[task.kind])
    if task.kind == "sort":
        return "task.sort", sort_options()
    if task.kind == "unreached":
        return "task.unreached", UNREACHED_OPTIONS
    if task.kind == "name_owner":
        from handlers import naming

        return "task.name_owner", naming.options_of(turn, task)
    if task.kind in FAILED:
        return "task.failed", tuple(Option(n) for n in FAILED_OPTIONS)
    return "task.person", (Option("answer"), Option("done"))


def sort_options() -> tuple[Option, ...]:
    """A category with one tap, the place, or none of it."""
    from handlers.intake import category_options

    return (*category_options(), Option("fix_place"), Option("dismiss"), Option("done"))


def _said(turn: Turn, task: Task) -> dict[str, object]:
    return {"words": task.note, "name": _name(turn, task), "post": task.note}


def _name(turn: Turn, task: Task) -> str:
    """Of whom the task is, as their platform or the organisation calls them."""
    who = people.person(turn.conn, task.person_id) if task.person_id else None
    return who.name if who is not None and who.name else text_of("word.a_resident")
