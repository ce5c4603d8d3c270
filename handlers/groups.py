"""What a group hears: that a card or a reminder waits for somebody who has nothing that rings, and where to act on it.

Only number, category, state and until when; place, words, names of residents and telephones are for the page. One line a
turn and case, however many members it is for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from casework import deadlines
from casework.case import Case, Part, Post, State, Urgency
from casework.consequences import telling
from casework.effects import Ask, Kind, Say
from casework.groups import Group, serving
from casework.town import holders
from handlers.texts import Facts, load, say_time, staff_state, text_of
from handlers.turn import Turn
from storage import cases, groups, people, talk

MARK: Final = "group:"  # before the key of an outbox row
REMINDERS: Final = frozenset({"staff.arrival_missed", "staff.solve_missed", "staff.promise_missing", "staff.supervise_unanswered"})
TO_ACKNOWLEDGE: Final = (State.ASSIGNED, State.REOPENED)
Due = Callable[[Turn, Say | Ask, Case | None], datetime]


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the turn, the post that it is for and the group that hears of it."""

    message: Say | Ask
    post: Post
    group: Group


def put(turn: Turn, due: Due) -> None:
    """Write the groups' lines of this turn; `due`: when the quiet hours let a message go."""
    together: dict[tuple[Group, str], list[Line]] = {}
    for message in turn.words if turn.world.groups else ():
        line = _line(turn, message)
        if line is not None:
            together.setdefault((line.group, message.case_id or message.key), []).append(line)
    for lines in together.values():
        _write(turn, lines, due)


def _line(turn: Turn, message: Say | Ask) -> Line | None:
    """Cards and reminders for staff who are not here now and to whom nothing can be sent first; of a digest that something in it
    falls due."""
    falls_due = message.kind is Kind.DIGEST and bool(message.args.get("soon"))
    if message.kind is not Kind.CARD and message.key not in REMINDERS and not falls_due:
        return None
    if turn.speaker is not None and turn.speaker.person.id == message.to:
        return None
    who = people.person(turn.conn, message.to)
    if who is None or not who.posts or not only_page(turn, who.id):
        return None
    case = turn.case(message.case_id) if message.case_id else None
    near = [p for p in who.posts if case is not None and turn.town.within(case.area_id, p.area_id)]
    for post in near or who.posts:
        if (group := group_of(turn, post)) is not None:
            return Line(message, replace(post, holder_name=who.name), group)
    return None


def only_page(turn: Turn, person_id: str) -> bool:
    """Whether the person has the page, which has to be opened, and nothing that can be written to first. Who has not even that
    could do nothing there either: the desk telephones (telling.unreached)."""
    channels = {door.channel for door in people.doors(turn.conn, person_id)}
    return channels == {people.PAGE}


def group_of(turn: Turn, post: Post) -> Group | None:
    return serving(turn.world.groups, turn.town.chain(post.area_id))


def _write(turn: Turn, lines: list[Line], due: Due) -> None:
    first = lines[0].message
    door = groups.door(turn.conn, lines[0].group)
    if door is None:  # made when its channel starts
        return
    case = turn.case(first.case_id) if first.case_id else None
    talk.insert_outbox(
        turn.conn, channel=lines[0].group.channel, address_id=door.address_id, person_id=door.person_id,
        case_id=case.id if case else None, community_id=case.community_id if case else None, question_id=None,
        key=f"{MARK}{first.key}", kind=str(first.kind), urgency=str(min((x.message.urgency for x in lines), key=list(Urgency).index)),
        text=_text(turn, lines, case), buttons=[], files=[], valid_states=list(first.valid_states), made_at=turn.now,
        due_at=min(due(turn, line.message, case) for line in lines),
    )  # fmt: skip


def _text(turn: Turn, lines: list[Line], case: Case | None) -> str:
    first = lines[0].message
    args: dict[str, Any] = {
        "head": _head(first),
        "names": "、".join(dict.fromkeys(f"{line.post.title} {line.post.holder_name}".strip() for line in lines)),
        "page": f"{turn.world.public_url}/",
        "until": _until(turn, first, case),
    }
    if case is not None:
        args |= {"standing": staff_state(case)}
    key = "group.case" if case is not None else "group.other"
    return text_of(key).format_map(Facts(turn, Say(first.to, key, first.case_id, args))).strip()


def _head(message: Say | Ask) -> str:
    """What it is about, in a word or two."""
    heads = load()["group_head"]
    section = message.key.partition(".")[0]
    return str(heads.get(message.key) or heads.get(section) or heads["other"])


def _until(turn: Turn, message: Say | Ask, case: Case | None) -> str:
    """The limit that is next for whoever reads it: of the task, else of the case."""
    task_id = getattr(message, "task_id", None)
    task = cases.task(turn.conn, task_id) if task_id else None
    if task is not None:
        return text_of("group.task_by").format(at=say_time(task.due_at, turn.now, turn))
    if case is None or case.ended or message.key.startswith("task."):
        return ""
    limits = deadlines.due(case, turn.policy)
    if case.state in TO_ACKNOWLEDGE and limits.acknowledge > turn.now and not case.rung:
        return text_of("group.ack_by").format(at=say_time(limits.acknowledge, turn.now, turn))
    return text_of("group.solve_by").format(at=say_time(limits.solve, turn.now, turn)) if limits.solve else ""


# ---- what never went through ------------------------------------------------------------------------------------


def unsent(turn: Turn, row: Any) -> bool:
    """Whether this row of the outbox was a group's line. Then the desk tells those by telephone for whom it was, as whenever
    somebody cannot be reached: once a case and post, so that a line about that which fails too tells nobody again."""
    if not row.key.startswith(MARK):
        return False
    case = cases.by_id(turn.conn, row.case_id) if row.case_id else None
    if case is None or case.ended:
        return True
    for post_id in holders(turn.parts(case.id), Part.ASSIGNEE, Part.CLIMBED, Part.JOINED):
        post = turn.town.post(post_id)
        if post is None or post.holder_id is None or not only_page(turn, post.holder_id):
            continue
        group = group_of(turn, post)
        door = groups.door(turn.conn, group) if group is not None else None
        known = cases.task(turn.conn, telling.unreached_task(case, post))
        if door is None or door.address_id != row.address_id or (known is not None and known.ended_at is None):
            continue
        for effect in telling.unreached(case, post, turn.town, turn.now, turn.policy):
            turn.write(effect)
    return True
