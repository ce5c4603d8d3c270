"""受理员: the desk's tasks – to sort, to telephone, somebody unreached, a question, a message that failed – each ended with an outcome."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

from casework import actions as a
from casework import checkback
from casework.case import Actor, Answer, Case, Part, Post, Satisfaction, Task, Who
from casework.effects import Ask, Bind, EndTask, Kind, NoteTry, NoteWrongCode, OpenTask, Option
from casework.town import holders
from handlers.texts import place_name, say_time, text_of, word
from handlers.turn import Turn, answer, press, read_button
from storage import cases, people, talk

CODE_TRIES = 5


# ---- opening tasks ----------------------------------------------------------------------------------------------


def desk_for(turn: Turn) -> Post:
    """The desk of the speaker's home community; the city's when we know no home."""
    area = turn.town.territory(turn.person.home).area_id
    return turn.town.desk(area, turn.now)


def ask_desk(turn: Turn, kind: str, words: str) -> None:
    """A question, or somebody who wants a person: a task of the desk, told to the resident with who and by when."""
    desk = desk_for(turn)
    due = turn.now + turn.policy.task_due
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
    desk = turn.town.desk(case.area_id, turn.now)
    task = f"sort:{case.id}"
    turn.write(OpenTask(task, "sort", desk.id, turn.now + turn.policy.task_due, case.id))
    if desk.holder_id:
        turn.write(Ask(
            desk.holder_id, "task.sort", case.id, {}, Kind.CARD, case.urgency, question="task.sort", awaited=False,
            options=(*category_options(), Option("fix_place"), Option("dismiss"), Option("done")), task_id=task,
        ))


def unreached(turn: Turn, row: Any) -> None:
    """What could not be delivered: a person tells them instead. `row` is the outbox row."""
    case = cases.by_id(turn.conn, row.case_id)
    if case is None:
        return
    if row.person_id == case.resident_id:
        desk = turn.town.desk(case.area_id, turn.now)
        _unreached_task(turn, case, desk, row.person_id, "task.unreached_resident", "")
        if case.state.value == "resolved" and case.telephone_since is None:
            from casework.case import SYSTEM

            turn.act(case.id, a.Telephone(), SYSTEM)
        return
    posts = [turn.town.post(i) for i in holders(turn.parts(case.id), Part.ASSIGNEE, Part.CLIMBED, Part.JOINED)]
    silent = next((p for p in posts if p is not None and p.holder_id == row.person_id), None)
    if silent is None or case.ended:
        return
    desk = turn.town.desk(case.area_id, turn.now)
    if desk.holder_id == row.person_id:
        desk = turn.town.subdistrict_duty(case.area_id, turn.now) or turn.town.city_desk(turn.now)
    if desk.holder_id != row.person_id:
        _unreached_task(turn, case, desk, row.person_id, "task.unreached", silent.title)


def _unreached_task(turn: Turn, case: Case, desk: Post, person_id: str, key: str, post: str) -> None:
    task = f"unreached:{case.id}:{person_id}"
    from casework.case import PersonId

    turn.write(OpenTask(task, "unreached", desk.id, turn.now + turn.policy.task_due, case.id, PersonId(person_id), note=post))
    if desk.holder_id:
        turn.write(Ask(
            desk.holder_id, key, case.id, {"post": post}, Kind.CARD, case.urgency, question="task.unreached",
            options=(Option("told"), Option("take")), awaited=False, task_id=task,
        ))


def take_over_failed(turn: Turn) -> None:
    """A turn that failed three times: the raw words, a person, and a word to the sender."""
    desk = desk_for(turn)
    task = f"failed:{turn.heard.inbox_id}"
    turn.write(OpenTask(task, "failed", desk.id, turn.now + turn.policy.task_due, person_id=turn.person.id,
                        inbox_id=turn.heard.inbox_id, note=turn.heard.text[:500]))
    if desk.holder_id:
        turn.write(Ask(desk.holder_id, "task.failed", None, {"words": turn.heard.text[:500]}, Kind.CARD,
                       question="task.person", options=(Option("answer"), Option("done")), awaited=False, task_id=task))
    turn.say("resident.failed")


def telephone_for_others(turn: Turn, case: Case) -> None:
    """Filed by staff for somebody else: the check-back goes by telephone."""
    filer = people.person(turn.conn, case.resident_id)
    if case.behalf and filer is not None and filer.staff:
        from casework.case import SYSTEM

        turn.act(case.id, a.Telephone(), SYSTEM)


# ---- ending them ------------------------------------------------------------------------------------------------


def _task(turn: Turn, question: Any) -> Task | None:
    """The open task behind a card, if it is still the speaker's."""
    found = cases.task(turn.conn, question.task_id) if question.task_id else None
    mine = {p.id for p in turn.person.posts}
    if found is None or found.ended_at is not None or found.owner_post not in mine:
        turn.say("task.gone")
        return None
    return found


def _actor(turn: Turn, task: Task) -> Actor:
    return Actor(Who.DESK, turn.person.id, task.owner_post)


@press("task.telephone", "solved", "partly", "not_solved")
def telephone_answer(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """What the resident said over the telephone counts as the resident's word; the second question follows."""
    task = _task(turn, question)
    if task is None or task.case_id is None:
        return
    said = Answer(_pressed(turn, question))
    case = turn.case(task.case_id)
    if case.resolved_by == turn.person.id:
        turn.say("task.telephone_self", case.id)
        return
    if turn.act(task.case_id, a.Reply(answer=said), _actor(turn, task)) is None:
        return
    if said is Answer.NOT_SOLVED:
        turn.say("task.telephone_done", task.case_id)
    else:
        turn.ask("task.telephone_satisfied", task.case_id, question="task.satisfied", awaited=False, task_id=task.id,
                 options=("satisfied", "mostly", "dissatisfied", "declined"))


@press("task.satisfied", "satisfied", "mostly", "dissatisfied", "declined")
def telephone_satisfied(turn: Turn, question: Any, args: dict[str, str]) -> None:
    said = _pressed(turn, question)
    task = cases.task(turn.conn, question.task_id)
    if said != "declined" and task is not None and question.person_id == turn.person.id:
        turn.act(question.case_id, a.Grade(satisfaction=Satisfaction(said)), _actor(turn, task))
    turn.say("task.telephone_done", question.case_id)


def _pressed(turn: Turn, question: Any) -> str:
    read = read_button(turn.world, turn.heard.text.strip())
    if read is not None:
        return str(question.options[read[1]]["name"])
    from handlers.route import NUMBER

    found = NUMBER.match(turn.heard.text)
    return str(question.options[int(found[1]) - 1]["name"]) if found else ""


@press("task.telephone", "no_answer", "wrong_number")
def nobody_answered(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """Three tries on two days, each logged; only then 未评价结案."""
    task = _task(turn, question)
    if task is None or task.case_id is None:
        return
    tries = task.tries + 1
    due = checkback.next_try(turn.now, tries, turn.policy)
    turn.write(NoteTry(task.id, turn.now, due))
    if checkback.tries_exhausted(tries, task.tried_at or turn.now, turn.now, turn.policy):
        _give_up(turn, task, "no_answer")
    else:
        turn.say("task.telephone_noted", by=due)


@press("task.telephone", "declined")
def would_not_say(turn: Turn, question: Any, args: dict[str, str]) -> None:
    task = _task(turn, question)
    if task is not None and task.case_id is not None:
        turn.write(NoteTry(task.id, turn.now, turn.now))
        _give_up(turn, task, "declined")


def _give_up(turn: Turn, task: Task, reason: str) -> None:
    assert task.case_id is not None
    turn.write(EndTask(task.id, reason))
    if turn.act(task.case_id, a.CloseUnanswered(reason=reason), _actor(turn, task)):
        turn.say("task.telephone_over", task.case_id)


@press("task.sort", "category")
def sort_category(turn: Turn, question: Any, args: dict[str, str]) -> None:
    task = _task(turn, question)
    if task is None or task.case_id is None:
        return
    if turn.act(task.case_id, a.Correct(category=args["code"]), _actor(turn, task)):
        turn.say("task.sorted", task.case_id)
        if turn.case(task.case_id).grid_id is not None or turn.case(task.case_id).community_id is not None:
            turn.write(EndTask(task.id, "sorted"))


@press("task.sort", "fix_place")
def sort_place(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if _task(turn, question) is not None:
        turn.ask("worker.place_ask", question.case_id, question="fix.place")


@press("task.sort", "dismiss")
def sort_dismiss(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if _task(turn, question) is not None:
        turn.ask("worker.dismiss_why", question.case_id, question="desk.dismiss")


@press("task.sort", "done")
@press("task.person", "done")
@press("task.unreached", "told")
def task_done(turn: Turn, question: Any, args: dict[str, str]) -> None:
    task = _task(turn, question)
    if task is not None:
        turn.write(EndTask(task.id, _pressed(turn, question) or "done"))
        turn.say("task.ended")


@press("task.unreached", "take")
def take_it(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The desk takes the case itself."""
    task = _task(turn, question)
    if task is None or task.case_id is None:
        return
    turn.write(EndTask(task.id, "taken"))
    if turn.act(task.case_id, a.Acknowledge(), _actor(turn, task)):
        turn.say("worker.acknowledged", task.case_id)
        turn.focus(task.case_id)


@press("task.name_owner", "name")
def name_owner(turn: Turn, question: Any, args: dict[str, str]) -> None:
    task = _task(turn, question)
    if task is None or task.case_id is None:
        return
    from casework.case import PostId

    if turn.act(task.case_id, a.NameOwner(post=PostId(args["post"])), _actor(turn, task)):
        turn.say("worker.assigned", task.case_id)


@press("task.person", "answer")
def answer_person(turn: Turn, question: Any, args: dict[str, str]) -> None:
    if _task(turn, question) is not None:
        turn.ask("task.answer_write", question="task.answer", task_id=question.task_id)


@answer("task.answer")
def answer_written(turn: Turn, question: Any, text: str) -> bool:
    """The desk's words go to the resident under the post's name."""
    task = cases.task(turn.conn, question.task_id)
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    if task is None or task.person_id is None:
        return False
    post = turn.town.post(task.owner_post)
    turn.tell(task.person_id, "resident.desk_says", post=post.title if post else "", words=text)
    if task.ended_at is None:
        turn.write(EndTask(task.id, "answered"))
    turn.say("task.answer_sent")
    return True


# ---- the list ---------------------------------------------------------------------------------------------------


def tasks(turn: Turn, rest: str = "") -> None:
    """All open tasks of the speaker's posts, first due first, each to be opened with a tap."""
    found = cases.tasks_of(turn.conn, [p.id for p in turn.person.posts])
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

    names: dict[str, tuple[Option, ...]] = {
        "telephone": tuple(Option(n) for n in ("phone", "solved", "partly", "not_solved", "no_answer", "declined")),
        "sort": (*category_options(), Option("fix_place"), Option("dismiss"), Option("done")),
        "unreached": (Option("told"), Option("take")),
        "name_owner": _owner_options(turn, task),
    }
    options = names.get(task.kind, (Option("answer"), Option("done")))
    question = f"task.{task.kind}" if task.kind in names else "task.person"
    who = to or turn.person.id
    name = (people.person(turn.conn, task.person_id) if task.person_id else None)
    args = {"words": task.note, "name": name.name if name and name.name else text_of("word.a_resident"), "post": task.note}
    turn.write(Ask(
        who, key or f"task.{task.kind}", task.case_id, args, Kind.CARD, question=question, options=options, awaited=False,
        task_id=task.id,
    ))


def _owner_options(turn: Turn, task: Task) -> tuple[Option, ...]:
    case = turn.case(task.case_id) if task.case_id else None
    on_duty = turn.town.on_duty(case.grid_id, turn.now) if case is not None and case.grid_id else ()
    return (*(Option("name", {"post": p.id}, p.title) for p in on_duty[:6]), Option("name", {"post": task.owner_post}))


# ---- phones, relay, codes ---------------------------------------------------------------------------------------


def may_phone(turn: Turn, case: Case, tasks_about: list[Task], mine: set[Any]) -> bool:
    """Whoever has an open part or an open task on the case."""
    parts = turn.parts(case.id)
    held = {p for p in holders(parts, Part.ASSIGNEE, Part.CLIMBED, Part.JOINED, Part.FIRST_OWNER)}
    if case.confidential and not any(t.owner_post in mine for t in tasks_about):
        return False
    return bool(held & mine) or any(t.owner_post in mine for t in tasks_about)


def relay_partner(turn: Turn, case: Case) -> Any | None:
    """The staff person whose relay about this case is open now."""
    for post_id in holders(turn.parts(case.id), Part.ASSIGNEE, Part.CLIMBED, Part.JOINED):
        post = turn.town.post(post_id)
        if post is None or post.holder_id is None:
            continue
        for door in people.doors(turn.conn, post.holder_id):
            talked = talk.conversation(turn.conn, door.id)
            if (talked is not None and talked.focus_case == case.id and talked.relay_until is not None
                    and turn.now <= talked.relay_until):
                return post.holder_id
    return None


def bind(turn: Turn, code: str) -> None:
    """The binding code of a staff member: eight Crockford characters, once, seven days; five wrong tries an hour."""
    assert turn.speaker is not None
    if talk.wrong_codes(turn.conn, turn.speaker.address_id, turn.now) >= CODE_TRIES:
        turn.say("worker.code_wait")
        return
    row = talk.code(turn.conn, code_mac(turn.world.code_key, code))
    if row is None or row.used_at is not None or row.expires_at <= turn.now:
        turn.write(NoteWrongCode(turn.speaker.address_id, turn.now))
        turn.say("worker.code_bad")
        return
    turn.write(Bind(turn.speaker.address_id, row.person_id, row.id))
    who = people.person(turn.conn, row.person_id)
    assert who is not None
    from dataclasses import replace

    turn.speaker = replace(turn.speaker, person=who)
    turn.say("worker.code_ok", name=who.name, posts="、".join(p.title for p in who.posts[:4]))




def code_mac(key: bytes, code: str) -> str:
    """The keyed hash under which a code is kept. Crockford: I and L read as 1, O as 0; case does not matter."""
    bare = "".join(code.split()).replace("-", "").upper().translate(str.maketrans({"I": "1", "L": "1", "O": "0"}))
    return hmac.new(key, bare.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


