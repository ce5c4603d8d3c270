"""What never went out: somebody cannot be reached any more, or a message came back. A person tells them instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from casework import actions as a
from casework import dispatch, lifecycle
from casework.case import SYSTEM, Case, Part, Person, PersonId, Post, State, Task, Urgency, Who
from casework.consequences import telling
from casework.deadlines import task_by
from casework.dispatch import next_rung
from casework.effects import Ask, EndTask, Kind, LogView, OpenTask, Option, Say, SendAgain
from casework.town import holders
from handlers.tasks import own_task
from handlers.texts import text_of, word
from handlers.turn import Turn, press
from nlp.shortwords import hide_phone
from storage import cases, people, talk

NOT_FOLLOWED: Final = ("prompt", "digest")  # true only then; nobody misses them
ELSEWHERE: Final = ("task.", "group")  # a card of a task is on the list; a group hears no more than where a case stands
SHOWN: Final = 3  # letters whose words stand on a card
WORDS: Final = 200


def came_back(turn: Turn, row: Any, outcome: str) -> None:
    """A message of the outbox will never go out as it is. Who cannot be reached is a task; else it goes by another door; else
    the letter itself is a task. The card of a task is none: the task is on the list, and climbs."""
    if row.kind in NOT_FOLLOWED or row.key.startswith(ELSEWHERE):
        return
    if row.case_id is not None and _unreached(turn, row, outcome):
        return
    who = people.person(turn.conn, row.person_id)
    if who is None or (who.staff and row.kind == "answer") or _by_another_door(turn, row):
        return
    _dead_letter(turn, row, who, outcome)


# ---- somebody cannot be reached -----------------------------------------------------------------------------------


def _unreached(turn: Turn, row: Any, outcome: str) -> bool:
    """A person tells them instead, who is the next in the chain; whether somebody has that task now."""
    case = cases.by_id(turn.conn, row.case_id)
    if case is None:
        return False
    if row.person_id == case.resident_id:
        return _resident_unreached(turn, case, outcome)
    posts = [turn.town.post(i) for i in holders(turn.parts(case.id), Part.ASSIGNEE, Part.CLIMBED)]
    silent = next((p for p in posts if p is not None and p.holder_id == row.person_id), None)
    if silent is None or case.ended or people.doors(turn.conn, row.person_id):
        return False
    for effect in telling.unreached(case, silent, turn.town, turn.now, turn.policy):
        turn.write(effect)
    if case.acknowledged_at is None and lifecycle.allowed(case, a.Climb, Who.SYSTEM):
        step = next_rung(case, turn.town, turn.policy, turn.now)
        turn.act(case.id, a.Climb(rung=max(step.number, case.rung), skipped=step.skipped), SYSTEM)
    return True


def _resident_unreached(turn: Turn, case: Case, outcome: str) -> bool:
    """The resident hears nothing from us any more: a person does it. A waiting check-back goes by telephone at once."""
    if case.state is State.RESOLVED and case.telephone_since is None:
        turn.act(case.id, a.Telephone(), SYSTEM)
        return True
    if case.ended or outcome != "blocked":  # one letter that did not go through: it is a task itself
        return False
    desk = dispatch.desk(case, turn.town, turn.now)
    task = f"unreached:{case.id}:resident"
    known = cases.task(turn.conn, task)
    if known is not None and known.ended_at is None:
        return True
    due = task_by(case.urgency, turn.now, turn.policy)
    turn.write(OpenTask(task, "unreached", desk.id, due, case.id, case.resident_id))
    if desk.holder_id:
        turn.write(Ask(
            desk.holder_id, "task.unreached_resident", case.id, {}, Kind.CARD, case.urgency,
            question="task.resident", options=(Option("phone"), Option("told")), awaited=False, task_id=task,
        ))
    return True


@press("task.unreached", "phone")
def staff_phone(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """The number of a colleague who cannot be written to, to whoever is to tell them; logged."""
    task = own_task(turn, question)
    who = people.person(turn.conn, task.person_id) if task is not None and task.person_id else None
    if task is None or who is None:
        return
    if task.case_id is not None:
        turn.write(LogView(turn.person.id, task.case_id, "staff_phone"))
    turn.say("task.staff_phone" if who.phone else "task.staff_no_phone", name=who.name, phone=who.phone)


def nobody_there(turn: Turn, messages: Sequence[Say | Ask]) -> None:
    """Residents who have no address left at all and were to be told of their case: once a case and turn."""
    said = {m.case_id: m for m in messages if m.case_id is not None and m.kind not in NOT_FOLLOWED}
    for case_id, message in said.items():
        case = turn.case(str(case_id))
        if message.to == case.resident_id:
            _resident_unreached(turn, case, "blocked")


# ---- letters that did not go out ------------------------------------------------------------------------------------


def _by_another_door(turn: Turn, row: Any) -> bool:
    """It goes by another address of theirs; an emergency went to all of them anyway."""
    other = next((d for d in people.doors(turn.conn, row.person_id) if d.id != row.address_id), None)
    if other is not None and not (row.kind == "card" and row.urgency == Urgency.EMERGENCY):
        turn.write(SendAgain(row.id, other.id, other.channel))
    return other is not None


def _dead_letter(turn: Turn, row: Any, who: Person, outcome: str) -> None:
    """One task for somebody's letters about a case, however many there are."""
    owner = telling.teller(_desks(turn, row, who), (who.id,), turn.town)
    known = cases.tasks_about(turn.conn, row.case_id) if row.case_id else cases.tasks_of(turn.conn, [owner.id])
    about = (t for t in known if t.kind == "undelivered" and t.person_id == who.id and t.case_id == row.case_id)
    if any(t.ended_at is None for t in about):
        return
    due = task_by(Urgency(row.urgency), turn.now, turn.policy)
    task = f"undelivered:{row.id}"
    turn.write(OpenTask(task, "undelivered", owner.id, due, row.case_id, who.id, note=outcome))
    opened = cases.task(turn.conn, task)
    card = card_of(turn, opened, owner.holder_id) if opened is not None and owner.holder_id else None
    if card is not None:
        turn.write(card)


def _desks(turn: Turn, row: Any, who: Person) -> list[Post]:
    """Who may tell them, the lowest desk first: what is about a complaint stays above whom it speaks of."""
    case = cases.by_id(turn.conn, row.case_id) if row.case_id else None
    if case is not None:
        return list(dispatch.ladder(case, turn.town, turn.now))
    area = who.posts[0].area_id if who.staff else turn.town.territory(who.home).area_id
    found = (turn.town.desk(area, turn.now), turn.town.subdistrict_duty(area, turn.now), turn.town.city_desk(turn.now))
    return [post for post in found if post is not None]


def letters(turn: Turn, task: Task) -> list[Any]:
    """What did not go out to them, the first first."""
    first = int(task.id.partition(":")[2])
    return talk.dead_letters(turn.conn, str(task.person_id), task.case_id, first)


def name_of(turn: Turn, task: Task) -> str:
    """Whom it was meant for."""
    who = people.person(turn.conn, task.person_id) if task.person_id else None
    if who is None or not who.name:
        return text_of("word.a_resident")
    return f"{who.posts[0].title} {who.name}" if who.staff else who.name


def card_of(turn: Turn, task: Task, to: PersonId) -> Ask | None:
    """To whom, what and why; with the phone where there is a case to look it up for."""
    found = letters(turn, task)
    words = "\n".join(f"「{hide_phone(row.text)[:WORDS]}」" for row in found[:SHOWN])
    args = {"name": name_of(turn, task), "count": len(found), "words": words, "why": why(task)}
    names = ("phone", "send_again", "told") if _may_ring(turn, task) else ("send_again", "told")
    urgency = min((Urgency(row.urgency) for row in found), key=list(Urgency).index, default=Urgency.NORMAL)
    return Ask(to, "task.undelivered", task.case_id, args, Kind.CARD, urgency, question="task.undelivered",
               options=tuple(Option(n) for n in names), awaited=False, task_id=task.id)


def why(task: Task) -> str:
    """Why it did not go out, in plain words."""
    return word("undelivered_why", task.note)


def _may_ring(turn: Turn, task: Task) -> bool:
    who = people.person(turn.conn, task.person_id) if task.person_id else None
    return who is not None and (who.staff or (task.case_id is not None and turn.case(task.case_id).resident_id == who.id))


@press("task.undelivered", "phone")
def phone(turn: Turn, question: Any, args: dict[str, str]) -> None:
    from handlers import cards  # the resident's number has its own rules

    task = own_task(turn, question)
    if task is None:
        return
    resident = task.case_id is not None and turn.case(task.case_id).resident_id == task.person_id
    (cards.phone if resident else staff_phone)(turn, question, args)


@press("task.undelivered", "send_again")
def send_again(turn: Turn, question: Any, args: dict[str, str]) -> None:
    """By the address that they used last. What does not go through again is a task again."""
    task = own_task(turn, question)
    if task is None:
        return
    door = next(iter(people.doors(turn.conn, str(task.person_id))), None)
    if door is None:
        turn.say("task.still_unreachable")
        return
    for row in letters(turn, task):
        turn.write(SendAgain(row.id, door.id, door.channel))
    turn.write(EndTask(task.id, "sent_again"))
    turn.say("task.sent_again")
