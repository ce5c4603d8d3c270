"""Eight and five o'clock for whoever has cases in hand: what is late, what nobody has acknowledged, what falls due today.
One message, or none: what is new, urgent or answered has been told at once, the rest waits for this."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from casework import access, deadlines, worklist
from casework.case import Case, Person, PersonId
from casework.effects import Ask, Effect, Kind, Option
from casework.worklist import Item
from handlers.saying import put
from handlers.texts import local, text_of
from handlers.turn import Heard, Turn
from handlers.unfinished import Room, late_under, nobodys, section, worst_first
from handlers.world import World
from storage import cases, missing, people, roster
from storage.settings import put_setting, setting

MORNING: Final = timedelta(hours=8)
LINES: Final = {
    worklist.Standing.OVERDUE: "digest.overdue", worklist.Standing.UNTAKEN: "digest.untaken",
    worklist.Standing.TODAY: "digest.due",
}


def readers(conn: Any, world: World, now: datetime, evening: bool) -> list[PersonId]:
    """Whoever has a case in hand; in the evening also whoever has a task that is due today."""
    turn = Turn(conn, world, now, None, Heard(kind="timer"))
    found = [PersonId(person) for person in cases.acting_now(conn)]
    if evening:
        found += missing.desk_holders(conn)
        posts = (turn.town.post(post) for post in missing.tasks_due(conn, _midnight(turn)))
        found += [post.holder_id for post in posts if post is not None and post.holder_id is not None]
    return list(dict.fromkeys(found))


def tell(conn: Any, world: World, now: datetime, reader: PersonId, evening: bool) -> list[Effect]:
    """The turn of one reader. The same hour of the same day again, after a restart, writes nothing."""
    turn = Turn(conn, world, now, None, Heard(kind="timer"))
    name, today = f"workday{17 if evening else 8}:{reader}", local(turn).date().isoformat()
    who = people.person(conn, reader)
    if who is None or setting(conn, name) == today or not _there(turn, who):
        return []
    put_setting(conn, name, today)
    found = worklist.items(cases.assigned_to(turn.conn, [post.id for post in who.posts]), turn.policy, turn.now)
    tonight = _tonight(turn, found) if evening else []
    lines = _lines(turn, who, found, tonight, evening)
    if lines and (evening or not _at_a_desk(who)):  # a desk's own morning says what the community needs
        key = "digest.worker_evening" if evening else "digest.worker_morning"
        soon = tonight if evening else [each for each in found if worklist.Standing.TODAY in each.standings]
        turn.write(Ask(reader, key, None, {"lines": "\n".join(lines), "soon": len(soon)}, Kind.DIGEST, question="workday",
                       options=(Option("cards"),), awaited=False))
    put(turn)
    return turn.effects


def _midnight(turn: Turn) -> datetime:
    """The end of the day, in the town."""
    return datetime.combine(local(turn).date() + timedelta(days=1), time(0), turn.policy.calendar.zone)


def _at_a_desk(who: Person) -> bool:
    return any(post.role in access.DESKS for post in who.posts)


def _there(turn: Turn, who: Person) -> bool:
    """Whether one of the person's posts is on duty now. A post that is on no roster is there unless it is on leave."""
    moment = local(turn)
    posts = [post.id for post in who.posts]
    known = roster.of_posts(turn.conn, posts, (moment.date(), moment.date() - timedelta(days=1)))
    rostered = {shift.post for shift in known.shifts} | {change.post for change in known.changes}
    away = {leave.post for leave in known.leaves if leave.first <= moment.date() <= leave.last}
    on = {post for post, _ in known.on(moment)}
    return any(post in on or post not in rostered | away for post in posts)


def _lines(turn: Turn, who: Person, items: list[Item], tonight: list[Case], evening: bool) -> list[str]:
    posts = [post.id for post in who.posts]
    found = worklist.unfinished(items)
    late = _late(turn, who, found.get(worklist.Standing.OVERDUE, [])) if evening else found.get(worklist.Standing.OVERDUE, [])
    room = Room()
    lines = list(section(turn, who.id, LINES[worklist.Standing.OVERDUE], late, room))
    told = [case for of in found.values() for case in of]
    if _at_a_desk(who):
        lines += section(turn, who.id, "digest.nobodys", nobodys(turn, who, [*late, *told]), room)
    for standing, of in found.items():
        if standing is not worklist.Standing.OVERDUE:
            lines += section(turn, who.id, LINES[standing], of, room)
    if tonight:
        lines += section(turn, who.id, "digest.tonight", tonight, room)
    tasks = [t for t in cases.tasks_of(turn.conn, posts) if evening and t.due_at < _midnight(turn)]
    if tasks:
        lines.append(text_of("digest.tasks").format(count=len(tasks)))
    return lines


def _tonight(turn: Turn, found: list[Item]) -> list[Case]:
    """What falls due before the next morning has been told of, and is in no other line: it is said this evening or not at all."""
    told = {case.id for of in worklist.unfinished(found).values() for case in of}
    eight = _midnight(turn) + MORNING
    limits = ((each.case, deadlines.due(each.case, turn.policy).solve) for each in found if not each.waits)
    return [case for case, solve in limits if solve is not None and solve < eight and case.id not in told]


def _late(turn: Turn, who: Person, own: Sequence[Case]) -> list[Case]:
    """What is late in the person's own hands, and, at a desk, below."""
    desks = [post for post in who.posts if post.role in access.DESKS]
    below = [c for post in desks for c in late_under(turn, who, post, missing.late(turn.conn))] if desks else []
    return worst_first(list({c.id: c for c in (*own, *below)}.values()))
