"""`org check`: what the organisation in the database lacks, found in one look and told in groups or as JSON."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from bot.settings import Settings
from casework.errors import JiesuError
from casework.groups import Group
from casework.missing import Area, Picture, Survey, What, survey_of
from casework.missing.duty import DAYS
from casework.policy import Policy
from handlers.missing import by_robot, heading, remedy, sentence
from nlp.answers import Answer
from nlp.confusions import two_ways
from nlp.places import Place
from storage import missing, organisation

if TYPE_CHECKING:
    from storage.database import Connection

LISTED = 20  # of each kind
NAMED_AREAS = ("community", "grid")  # as organisation.named_places: residents name them as places


def look(
    conn: Connection, policy: Policy, now: datetime, answers: Iterable[Answer], push: bool, groups: Iterable[Group] = ()
) -> Survey:
    """The whole town at this moment. `answers`: those of the answers' file; the organisation's own are in the database.
    `push`: a channel is served that rings; `groups`: the robots that are configured."""
    picture = missing.picture(conn, now.astimezone(policy.calendar.zone).date(), DAYS)
    told = tuple((answer.topic, answer.valid_until) for answer in answers)
    picture = replace(picture, answers=(*picture.answers, *told), groups=tuple(groups))
    return survey_of(picture, now, policy.calendar, two_ways(named(picture)), push)


def named(picture: Picture) -> Iterator[Place]:
    """What residents name, as the gazetteer gets it."""
    for place in picture.places.values():
        yield Place(place.id, place.kind, place.name, place.aliases, place.parent)
    for kind in NAMED_AREAS:
        for area in picture.of_kind(kind):
            yield Place(area.id, area.kind, area.name, area.aliases)


def check(settings: Settings, area: str = "") -> Survey:
    """The configured town, or one area of it, named by its number or name. Jiesu may be running meanwhile, or not.

    JiesuError when the database cannot be used by this kind of start, or no one area is meant.
    """
    from bot.entry import Opened
    from bot.world import answers_file, groups_of, make_policy, read_answers_of

    with Opened(settings) as opened, opened.database.reading() as conn:
        policy = make_policy(settings, organisation.workdays(conn), organisation.shift_times(conn))
        answers = read_answers_of(answers_file(settings))
        groups = groups_of(settings)
        found = look(conn, policy, opened.clock.now(), answers, settings.telegram.enabled or bool(groups), groups)
    return found.within(area_named(found.picture, area).id) if area else found


def area_named(picture: Picture, words: str) -> Area:
    """The one area with this number, name or alias; else the one with these words in its name. JiesuError says which
    there are."""
    areas = list(picture.areas.values())
    exact = [a for a in areas if words in (a.id, a.name, *a.aliases)]
    found = exact or [a for a in areas if words in a.name]
    if len(found) == 1:
        return found[0]
    if found:
        some = "、".join(f"{a.name}（{a.id}）" for a in found[:LISTED])
        raise JiesuError(f"「{words}」对得上好几个区域，请写编号：{some}")
    names = [name for a in areas for name in (a.id, a.name)]
    near = "、".join(difflib.get_close_matches(words, names, 3))
    raise JiesuError(f"没有叫「{words}」的区域。" + (f"是不是 {near}？" if near else "请写区域的编号（如 s1c1）或名称。"))


def told(found: Survey, everything: bool = False) -> Iterator[str]:
    """The lines of the report: each kind with its number, the first of it, and what to do."""
    for what in What:
        of = found.of(what)
        if not of:
            continue
        yield f"{heading(what)}（{len(of)}）"
        shown = of if everything else of[:LISTED]
        yield from (f"  {sentence(found.picture, each)}" for each in shown)
        if len(of) > len(shown):
            yield f"  还有 {len(of) - len(shown)} 个，--all 看全部"
        yield f"  → {remedy(what)}"
        yield ""
    if found.called:
        yield by_robot(found.robots())
        yield ""
    where = found.picture.areas[found.area].name
    yield f"{where}：一共 {len(found.findings)} 项。" if found.findings else f"{where}：没有缺的。"


def as_json(found: Survey) -> str:
    """Everything, for scripts: the kinds with their numbers, and each finding with its facts and its sentence."""
    return json.dumps(
        {
            "at": found.local.isoformat(timespec="seconds"),
            "area": found.area,
            "counts": {str(what): count for what, count in found.counts().items()},
            "called_by_robot": dict(found.robots()),
            "missing": [
                {
                    "kind": str(each.what),
                    "area": each.area,
                    "area_name": found.picture.areas[each.area].name,
                    "say": sentence(found.picture, each),
                }
                | {name: _plain(value) for name, value in each.facts.items()}
                for each in found.findings
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value.isoformat() if isinstance(value, date) else value
