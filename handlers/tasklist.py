"""「任务」: the list of the desk's open tasks, and the card of each with its buttons; the page at /staff/desk shows the same cards."""

from __future__ import annotations

from typing import Any, Final

from casework import access, dispatch
from casework.case import Case, PersonId, Task, Urgency
from casework.consequences.asking import TASK_OPTIONS
from casework.consequences.telling import UNREACHED_OPTIONS
from casework.effects import Ask, Kind, Option
from handlers import undelivered
from handlers.tasks import held_as
from handlers.texts import place_name, say_time, text_of, word
from handlers.turn import Turn, press
from storage import cases, people

LISTED: Final = 20
PRESSABLE: Final = LISTED
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
    return text_of(key).format(kind=word("task_kind", task.kind), about=about(turn, task), due=due)


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
    from handlers import listening  # it opens the desk's tasks: a circle
    from handlers.rosters import handing_desk, leave_consent
    from handlers.rosters.handing_plan import KINDS

    if task.kind == "leave":
        return leave_consent.card_of(turn, task, to)
    if task.kind in KINDS:
        return handing_desk.card_of(turn, task, to)
    if task.kind == "listen":
        return listening.card(turn, task, to)
    if task.kind == "undelivered":
        return undelivered.card_of(turn, task, to)
    question, options = _buttons(turn, task)
    if question == "task.resident":
        key = "task.unreached_resident"
    urgency = turn.case(task.case_id).urgency if task.case_id else Urgency.NORMAL
    return Ask(
        to, key or f"task.{task.kind}", task.case_id, _said(turn, task), Kind.CARD, urgency,
        question=question, options=options, awaited=False, task_id=task.id,
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
        return "task.name_owner", _owner_options(turn, task)
    if task.kind == "failed":
        return "task.failed", tuple(Option(n) for n in FAILED_OPTIONS)
    return "task.person", (Option("answer"), Option("done"))


def sort_options() -> tuple[Option, ...]:
    """A category with one tap, the place, or none of it."""
    from handlers.intake import category_options

    return (*category_options(), Option("fix_place"), Option("dismiss"), Option("done"))


def _said(turn: Turn, task: Task) -> dict[str, object]:
    who = people.person(turn.conn, task.person_id) if task.person_id else None
    name = who.name if who is not None and who.name else text_of("word.a_resident")
    return {"words": task.note, "name": name, "post": task.note}


def _owner_options(turn: Turn, task: Task) -> tuple[Option, ...]:
    case: Case | None = turn.case(task.case_id) if task.case_id else None
    on_duty = dispatch.on_duty(case, turn.town, turn.now) if case is not None else ()
    own = access.task_post(turn.person, task) if turn.speaker is not None else None
    return (*(Option("name", {"post": p.id}, p.title) for p in on_duty[:6]), Option("name", {"post": own or task.owner_post}))
