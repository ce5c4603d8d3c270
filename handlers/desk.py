"""受理员: the desk's tasks – to sort, a question, a message that failed – are opened here (undelivered.py: whom nothing
reaches), shown by tasklist.py, ended in tasks.py."""

from __future__ import annotations

from casework import access, dispatch
from casework.case import Case, Part, Post, Urgency
from casework.consequences import telling
from casework.deadlines import question_by, task_by
from casework.effects import Ask, Kind, OpenTask, Option
from casework.town import holders
from handlers import complaints
from handlers import tasks as _tasks  # noqa: F401 (it registers)
from handlers.doors import bind as bind
from handlers.doors import code_mac as code_mac
from handlers.tasklist import sort_options
from handlers.tasklist import tasks as tasks
from handlers.texts import text_of
from handlers.turn import Turn
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
    by = {"question": question_by(turn.now, turn.policy)}
    due = by.get(kind) or task_by(Urgency.NORMAL, turn.now, turn.policy)
    task = f"{kind}:{turn.heard.inbox_id}"
    turn.write(OpenTask(task, kind, desk.id, due, person_id=turn.person.id, inbox_id=turn.heard.inbox_id, note=words[:500]))
    if desk.holder_id:
        turn.write(Ask(
            desk.holder_id, f"task.{kind}", None, {"name": turn.person.name or text_of("word.a_resident"), "words": words[:500]},
            Kind.CARD, question="task.person", options=(Option("answer"), Option("done")), awaited=False, task_id=task,
        ))
    if kind == "human":
        turn.say("resident.human", post=desk.title, by=due)
    else:
        turn.ask("resident.question_taken", options=("file_it",), awaited=False, post=desk.title, by=due, words=words, task=task)


def to_sort(turn: Turn, case_id: str) -> None:
    """待分拣: nothing fits, or nobody knows where: one tap for the category, a word for the place."""
    case = turn.case(case_id)
    desk = dispatch.desk(case, turn.town, turn.now)
    task = f"sort:{case.id}"
    turn.write(OpenTask(task, "sort", desk.id, task_by(case.urgency, turn.now, turn.policy), case.id))
    if desk.holder_id:
        turn.write(Ask(
            desk.holder_id, "task.sort", case.id, {}, Kind.CARD, case.urgency, question="task.sort", awaited=False,
            options=sort_options(), task_id=task,
        ))


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
