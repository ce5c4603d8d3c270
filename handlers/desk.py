"""受理员: the desk's tasks – to sort, to telephone, somebody unreached, a question, a message that failed: opened and shown
here, ended in tasks.py."""

from __future__ import annotations

from typing import Any

from casework import access, dispatch, lifecycle
from casework import actions as a
from casework.case import SYSTEM, Case, Part, Post, State, Task, Urgency, Who
from casework.consequences import telling
from casework.consequences.asking import TASK_OPTIONS
from casework.deadlines import task_by
from casework.dispatch import next_rung
from casework.effects import Ask, Kind, OpenTask, Option
from casework.town import holders
from handlers import complaints
from handlers import tasks as _tasks  # noqa: F401 (it registers)
from handlers.doors import bind as bind
from handlers.doors import code_mac as code_mac
from handlers.texts import place_name, say_time, text_of, word
from handlers.turn import Turn, press
from storage import cases, people, talk
from storage.accused import pinned

# ---- opening tasks ----------------------------------------------------------------------------------------------


def desk_for(turn: Turn, words: str = "") -> Post:
    """The desk of the speaker's home community, else of their newest open case; the city's when we know neither. Words that
    accuse somebody go above them."""
    mine = [] if turn.person.home.known else cases.open_of(turn.conn, turn.person.id)
    area = mine[0].area_id if mine else turn.town.territory(turn.person.home).area_id
    about = pinned(turn.town, (said := complaints.told(turn, words, area)).roles, said.names, area, turn.person.home)
    desks = (turn.town.secretary(area), turn.town.subdistrict_duty(area, turn.now), turn.town.city_desk(turn.now))
    found = [p for p in desks if p is not None and access.STANDING[p.role] > about.level and p.holder_id not in about.people]
    return found[0] if found else turn.town.city_desk(turn.now)


def ask_desk(turn: Turn, kind: str, words: str) -> None:
    """A question, or somebody who wants a person: a task of the desk, told to the resident with who and by when."""
    desk = desk_for(turn, words)
    due = task_by(Urgency.NORMAL, turn.now, turn.policy)
    task = f"{kind}:{turn.heard.inbox_id}"
    turn.write(OpenTask(task, kind, desk.id, due, person_id=turn.person.id, inbox_id=turn.heard.inbox_id, note=words[:500]))
    if desk.holder_id:
        turn.write(Ask(
            desk.holder_id, f"task.{kind}", None, {"name": turn.person.name or text_of("word.a_resident"), "words": words[:500]},
            Kind.CARD, question="task.person", options=(Option("answer"), Option("done")), awaited=False, task_id=task,
        ))
    key = "resident.human" if kind == "human" else "resident.question_taken"
    turn.say(key, post=desk.title, by=due)


def to_sort(turn: Turn, case_id: str) -> None:
    """待分拣: nothing fits, or nobody knows where: one tap for the category, a word for the place."""
    from handlers.intake import category_options

    case = turn.case(case_id)
    desk = dispatch.desk(case, turn.town, turn.now)
    task = f"sort:{case.id}"
    turn.write(OpenTask(task, "sort", desk.id, task_by(case.urgency, turn.now, turn.policy), case.id))
    if desk.holder_id:
        turn.write(Ask(
            desk.holder_id, "task.sort", case.id, {}, Kind.CARD, case.urgency, question="task.sort", awaited=False,
            options=(*category_options(), Option("fix_place"), Option("dismiss"), Option("done")), task_id=task,
        ))


def unreached(turn: Turn, row: Any) -> None:
    """What could not be delivered: a person tells them instead, who is the next in the chain. `row`: of the outbox."""
    case = cases.by_id(turn.conn, row.case_id)
    if case is None:
        return
    if row.person_id == case.resident_id:
        _resident_unreached(turn, case)
        return
    posts = [turn.town.post(i) for i in holders(turn.parts(case.id), Part.ASSIGNEE, Part.CLIMBED)]
    silent = next((p for p in posts if p is not None and p.holder_id == row.person_id), None)
    if silent is None or case.ended or people.doors(turn.conn, row.person_id):
        return
    for effect in telling.unreached(case, silent, turn.town, turn.now, turn.policy):
        turn.write(effect)
    if case.acknowledged_at is None and lifecycle.allowed(case, a.Climb, Who.SYSTEM):
        step = next_rung(case, turn.town, turn.policy, turn.now)
        turn.act(case.id, a.Climb(rung=max(step.number, case.rung), skipped=step.skipped), SYSTEM)


def _resident_unreached(turn: Turn, case: Case) -> None:
    """The resident hears nothing from us any more: a person does it. A waiting check-back goes by telephone at once."""
    if case.state is State.RESOLVED and case.telephone_since is None:
        turn.act(case.id, a.Telephone(), SYSTEM)
        return
    desk = dispatch.desk(case, turn.town, turn.now)
    task = f"unreached:{case.id}:resident"
    known = cases.task(turn.conn, task)
    if case.ended or (known is not None and known.ended_at is None):
        return
    due = task_by(case.urgency, turn.now, turn.policy)
    turn.write(OpenTask(task, "unreached", desk.id, due, case.id, case.resident_id))
    if desk.holder_id:
        turn.write(Ask(
            desk.holder_id, "task.unreached_resident", case.id, {}, Kind.CARD, case.urgency,
            question="task.resident", options=(Option("phone"), Option("told")), awaited=False, task_id=task,
        ))


def take_over_failed(turn: Turn) -> None:
    """A turn that failed three times: the raw words, a person, and a word to the sender."""
    desk = desk_for(turn, turn.heard.text)
    task = f"failed:{turn.heard.inbox_id}"
    due = task_by(Urgency.NORMAL, turn.now, turn.policy)
    turn.write(OpenTask(task, "failed", desk.id, due, person_id=turn.person.id,
                        inbox_id=turn.heard.inbox_id, note=turn.heard.text[:500]))
    if desk.holder_id:
        turn.write(Ask(desk.holder_id, "task.failed", None, {"words": turn.heard.text[:500]}, Kind.CARD,
                       question="task.person", options=(Option("answer"), Option("done")), awaited=False, task_id=task))
    turn.say("resident.failed")


# ---- the list ---------------------------------------------------------------------------------------------------


def tasks(turn: Turn, rest: str = "") -> None:
    """All open tasks of the speaker's posts, first due first, each to be opened with a tap."""
    mine = access.scope(turn.person)
    found = [t for t in cases.tasks_of(turn.conn, sorted(mine.posts)) if not t.case_id or not mine.spoken_of(turn.case(t.case_id))]
    if not found:
        turn.say("task.none")
        return
    lines = "\n".join(
        text_of("task.line").format(
            kind=word("task_kind", t.kind), about=about(turn, t), due=say_time(t.due_at, turn.now, turn))
        for t in found[:20]
    )
    options = [
        Option("task", {"id": t.id, "name": f"{word('task_kind', t.kind)} {i}"}) for i, t in enumerate(found[:10], 1)
    ]
    turn.ask("task.list", question="tasks", awaited=False, list=lines, options=options)


def about(turn: Turn, task: Task) -> str:
    """What a task is about, in a few words."""
    if task.case_id is None:
        return task.note[:30]
    case = turn.case(task.case_id)
    return f"{case.number} {place_name(turn, case)}"


@press("tasks", "task")
def open_task(turn: Turn, question: Any, args: dict[str, str]) -> None:
    task = cases.task(turn.conn, args["id"])
    if task is None or task.ended_at is not None:
        turn.say("task.gone")
        return
    show_task(turn, task)


def show_task(turn: Turn, task: Task, to: Any = None, key: str | None = None) -> None:
    """The card of a task, with its buttons, to its owner's holder (the speaker by default)."""
    from handlers.intake import category_options
    from handlers.rosters import handing_desk, leave_consent
    from handlers.rosters.handing_plan import KINDS

    if task.kind == "leave" or task.kind in KINDS:
        (leave_consent if task.kind == "leave" else handing_desk).show(turn, task, to or turn.person.id)
        return
    if task.kind == "listen":
        from handlers import listening  # it opens the desk's tasks: a circle

        turn.write(listening.card(turn, task, to or turn.person.id))
        return
    names: dict[str, tuple[Option, ...]] = {
        **{kind: tuple(Option(n) for n in buttons) for kind, buttons in TASK_OPTIONS.items()},
        "sort": (*category_options(), Option("fix_place"), Option("dismiss"), Option("done")),
        "unreached": (Option("told"), Option("take")),
        "name_owner": _owner_options(turn, task),
    }
    options = names.get(task.kind, (Option("answer"), Option("done")))
    question = f"task.{task.kind}" if task.kind in names else "task.person"
    if task.id.endswith(":resident"):
        key, question, options = "task.unreached_resident", "task.resident", (Option("phone"), Option("told"))
    who = to or turn.person.id
    name = (people.person(turn.conn, task.person_id) if task.person_id else None)
    args = {"words": task.note, "name": name.name if name and name.name else text_of("word.a_resident"), "post": task.note}
    turn.write(Ask(
        who, key or f"task.{task.kind}", task.case_id, args, Kind.CARD, question=question, options=options, awaited=False,
        task_id=task.id,
    ))


def _owner_options(turn: Turn, task: Task) -> tuple[Option, ...]:
    case = turn.case(task.case_id) if task.case_id else None
    on_duty = dispatch.on_duty(case, turn.town, turn.now) if case is not None else ()
    return (*(Option("name", {"post": p.id}, p.title) for p in on_duty[:6]), Option("name", {"post": task.owner_post}))


# ---- relay -----------------------------------------------------------------------------------------------------


def show_words(turn: Turn, case: Case, partner: Post) -> None:
    """The resident's words to whoever relays; the assignee gets them as any addition."""
    if partner.holder_id not in telling.people(case, turn.town, Part.ASSIGNEE):
        for card in telling.card(case, partner, "card.added"):
            turn.write(card)


def relay_partner(turn: Turn, case: Case) -> Post | None:
    """The staff post whose relay about this case is open now."""
    for post_id in holders(turn.parts(case.id), Part.ASSIGNEE, Part.CLIMBED, Part.JOINED):
        post = turn.town.post(post_id)
        if post is None or post.holder_id is None:
            continue
        for door in people.doors(turn.conn, post.holder_id):
            talked = talk.conversation(turn.conn, door.id)
            if (talked is not None and talked.focus_case == case.id and talked.relay_until is not None
                    and turn.now <= talked.relay_until):
                return post
    return None
