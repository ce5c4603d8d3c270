"""On and off duty by the own word, and what goes to others then."""

from __future__ import annotations

from casework import actions as a
from casework import hours, lifecycle
from casework.case import SYSTEM, AreaId, Case, Part, Person, Post, PostId, Role, State, Urgency, Who
from casework.consequences.telling import card
from casework.effects import Assign, Duty
from casework.town import holders
from handlers.rosters.handing_plan import Handing, desk_of, in_hands, lines
from handlers.texts import local, post_name, say_days
from handlers.turn import Turn
from storage import cases, roster


def on(turn: Turn, rest: str = "") -> None:
    _duty(turn, True)


def off(turn: Turn, rest: str = "") -> None:
    _duty(turn, False)


def _duty(turn: Turn, is_on: bool) -> None:
    posts = own_posts(turn.person)
    if not posts:
        turn.say("worker.not_rostered")
        return
    today = local(turn).date()
    for post in posts:
        turn.write(Duty(PostId(post.id), is_on, turn.now))
    if is_on and (away := roster.leaves_on(turn.conn, [p.id for p in posts], today)):
        turn.say("worker.on_leave", days=say_days(away[0].first, away[0].last, today))
        return
    if not is_on:
        hand_over(turn, frozenset(p.id for p in posts))
    held = cases.held_by(turn.conn, [p.id for p in turn.person.posts], turn.person.id)
    others = any(q.id not in {p.id for p in posts} for p in posts for q in _on_now(turn, p))
    key = "worker.on" if is_on else "worker.off" if others else "worker.off_alone"
    if not is_on and (dangers := [c for c in in_hands(turn, turn.person) if stands(c)]):
        turn.say(key, count=len(held))
        _who_takes_the_dangers(turn, dangers)
    elif held and not is_on:
        turn.ask(key, question="off", options=("hand_all",), awaited=False, count=len(held))
    else:
        turn.say(key, count=len(held))


def stands(case: Case) -> bool:
    """Whether it is a danger that nobody has said to be over or done."""
    return case.emergency and case.safe_at is None and case.state is not State.RESOLVED


def _who_takes_the_dangers(turn: Turn, dangers: list[Case]) -> None:
    """Nobody goes home with a danger in silence: who takes it is asked at once, and the desk above has it as well."""
    from handlers.rosters.handing import ask_who  # it asks what is on: a circle

    plan = Handing(turn.person.id, turn.person.id)
    desk = desk_of(turn, plan)
    for case in dangers:
        turn.write(Assign(case.id, desk.id, Part.CLIMBED))
        for told in card(case, desk, "card.off_duty", Urgency.EMERGENCY, name=turn.person.name):
            turn.write(told)
    ask_who(turn, plan, "duty.off_danger", list=lines(turn, dangers), post=post_name(desk))


def _on_now(turn: Turn, post: Post) -> tuple[Post, ...]:
    """Who else is on duty in the post's own grid."""
    return turn.town.on_duty(post.area_id, turn.now) if turn.town.area(post.area_id).kind == "grid" else ()


def hand_over(turn: Turn, posts: frozenset[PostId], grid: AreaId | None = None) -> None:
    """Who goes off duty (in a grid, or everywhere) hands over what is not acknowledged; what is, stays theirs."""
    for case in cases.held_by(turn.conn, sorted(posts)):
        assigned = posts & set(holders(turn.parts(case.id), Part.ASSIGNEE)) and grid in (None, case.grid_id)
        if assigned and case.acknowledged_at is None and lifecycle.allowed(case, a.HandOver, Who.SYSTEM):
            waits = case.urgency is Urgency.NORMAL and hours.night(turn.now, turn.policy.calendar)  # begins in the morning anyhow
            turn.act(case.id, a.HandOver(leaving=grid is None and not waits), SYSTEM)


def own_posts(person: Person) -> list[Post]:
    """The posts by which the person may stand on a roster: worker, building or unit lead."""
    return [p for p in person.posts if rostered(p)]


def rostered(post: Post) -> bool:
    """Worker, building or unit lead: who has shifts, and leave from them."""
    return post.role is Role.WORKER or post.kind is not None
