"""请假: the days and a substitute, asked for one at a time; then the substitute is asked (leave_consent.py)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from casework.access import staff_areas
from casework.case import PersonId, Post, PostId, Role
from casework.effects import Ask, Kind, Option
from handlers.rosters import colleagues as team
from handlers.rosters.duty import own_posts, rostered
from handlers.rosters.leave_plan import Plan, overlapping, plan_of, posts_of, spoken_days, whose
from handlers.rosters.who_is_on import staff_only
from handlers.texts import local, text_of
from handlers.turn import Turn, answer, press
from nlp.dates import Days, beside_days, read_days
from storage import people, roster, talk


def ask(turn: Turn, rest: str = "") -> None:
    """请假 [哪几天] [谁顶班]: what is missing is asked for, one thing at a time."""
    posts = own_posts(turn.person)
    if staff_only(turn):
        return
    if posts:
        me = turn.person.id
        _read(turn, Plan(me, me, tuple(p.id for p in posts)), rest)
    else:
        secretary = any(p.role is Role.SECRETARY for p in turn.person.posts)
        turn.say("leave.for_whom" if secretary else "worker.not_rostered")


def ask_for(turn: Turn, name: str, rest: str) -> None:
    """给王强请假 …, by the secretary of the community."""
    desks = [p for p in turn.person.posts if p.role is Role.SECRETARY]
    meant = [p for p in team.colleagues(turn, desks) if p.holder_name == name and rostered(p)]
    holders = {p.holder_id for p in meant}
    if not desks:
        turn.say("leave.only_secretary")
    elif len(holders) != 1:
        turn.say("leave.no_such_person" if not holders else "leave.two_of_them", name=name)
    else:
        person = people.person(turn.conn, str(meant[0].holder_id))
        assert person is not None
        _read(turn, Plan(person.id, turn.person.id, tuple(p.id for p in own_posts(person))), rest)


def _read(turn: Turn, plan: Plan, words: str) -> None:
    """Takes the days and the substitute from the words, then goes on with what is missing."""
    days = read_days(words, local(turn).date()) if plan.first is None else "none"
    half = isinstance(days, Days) and days.half
    if isinstance(days, Days):
        plan = replace(plan, first=days.first, last=days.last)
    if plan.substitute is None:
        named = team.named_in(words, candidates(turn, plan))
        if len(named) == 1:
            plan = replace(plan, substitute=named[0].id)
    if half:
        turn.say("leave.whole_days")
    if isinstance(days, str) and days != "none":
        _ask_days(turn, plan, f"leave.days_{days}")
    else:
        go_on(turn, plan)


def go_on(turn: Turn, plan: Plan) -> None:
    if not _may_still(turn, plan):
        turn.say("leave.over")
    elif plan.first is None:
        _ask_days(turn, plan, "leave.days")
    elif plan.days[1] < local(turn).date():
        turn.say("leave.over")
    elif (other := overlapping(turn, plan)) is not None:
        turn.say("leave.already", who=whose(turn, plan), days=spoken_days(turn, other.first, other.last))
    elif plan.substitute is None:
        ask_who(turn, plan, "leave.who")
    else:
        from handlers.rosters.leave_consent import put_to_substitute

        put_to_substitute(turn, plan)


def _may_still(turn: Turn, plan: Plan) -> bool:
    """Whether whoever speaks still has the post, or answers for who has it: buttons live longer than posts do."""
    posts = posts_of(turn, plan)
    areas = staff_areas(turn.person)
    return bool(posts) and (turn.person.id == plan.person or any(turn.town.within(p.area_id, a) for p in posts for a in areas))


SOON = ("leave.day_today", "leave.day_tomorrow", "leave.day_after")


def _ask_days(turn: Turn, plan: Plan, key: str) -> None:
    options = [Option("leave_day", {"ahead": str(n), "name": text_of(name)}) for n, name in enumerate(SOON)]
    turn.ask(key, question="leave.days", options=options, **plan.args())


@press("leave.days", "leave_day")
def day_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    day = local(turn).date() + timedelta(days=int(args["ahead"]))
    go_on(turn, replace(plan_of(question.args), first=day, last=day))


@answer("leave.days")
def days_told(turn: Turn, question: Any, text: str) -> bool:
    """Days, perhaps with a name; a note about a card that names a day as well is not for this question."""
    plan = plan_of(question.args)
    names = "".join(p.holder_name for p in team.named_in(text, candidates(turn, plan)))
    if read_days(text, local(turn).date()) == "none" or len(beside_days(text)) > len(names) + 2:
        return False
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    _read(turn, plan, text)
    return True


def ask_who(turn: Turn, plan: Plan, key: str, to: PersonId | None = None, **args: object) -> None:
    """Who stands in? The likely ones on buttons; any other by name."""
    first, last = plan.days
    away = {leave.post for leave in roster.leaves_to_come(turn.conn, [p.id for p in candidates(turn, plan)], first)
            if leave.first <= last}
    free = [p for p in candidates(turn, plan) if p.id not in away]
    options = (*team.choices(turn, free), Option("ask_desk"))
    turn.write(Ask(
        to or turn.person.id, key, None, {"days": spoken_days(turn, first, last), **plan.args(), **args},
        Kind.FACT if to else Kind.ANSWER, question="leave.who", options=options,
    ))


def candidates(turn: Turn, plan: Plan) -> list[Post]:
    return team.colleagues(turn, posts_of(turn, plan), (plan.person, *plan.refused))


@press("leave.who", "colleague")
def who_pressed(turn: Turn, question: Any, args: dict[str, str]) -> None:
    go_on(turn, replace(plan_of(question.args), substitute=PostId(args["post"])))


@answer("leave.who")
def who_told(turn: Turn, question: Any, text: str) -> bool:
    """A colleague's name; two of one name are offered, a name that nobody has is said to be unknown."""
    plan = plan_of(question.args)
    named = team.named_in(text, candidates(turn, plan))
    if not named and not team.looks_like_a_name(text):
        return False
    talk.answer_question(turn.conn, question.id, "told", turn.now)
    if len(named) == 1:
        go_on(turn, replace(plan, substitute=named[0].id))
    else:
        ask_who(turn, plan, "leave.who_several" if named else "leave.who_unknown")
    return True
