"""The morning's overview for those at a desk: a secretary hears names, those above figures. One message a person, or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final

from casework import access
from casework.access import Reading
from casework.case import AreaId, Case, Person, PersonId, Post, PostId, Role
from casework.coverage import Gap
from casework.effects import Effect, Kind, Say
from casework.missing import Finding, Survey, What
from handlers.missing import heading, say_gap, sentence
from handlers.saying import put
from handlers.texts import text_of
from handlers.turn import Heard, Turn
from handlers.unfinished import Room, late_under, nobodys, section
from handlers.world import World
from storage import people
from storage.settings import put_setting, setting

NAMED: Final = 6  # names in a line; of more only how many
COMMUNITIES: Final = 6  # of a subdistrict or the city, the worst first
SLOW_LINES: Final = 4
PEOPLE: Final = (What.NOT_IN, What.BLOCKED, What.SILENT)
SLOW: Final = tuple(what for what in What if what not in (*PEOPLE, What.GAP, What.PAGE_ONLY))


@dataclass(frozen=True)
class Morning:
    """What there is to tell today. `due`: the open cases of each community whose limit ends during the day, `tonight`: after it and
    before the next morning; `late`: whose limit has passed, wherever; `tasks`: how many a post has to do today; `not_told`: whom a post has still to reach; `slow`: what
    changes slowly is told today as well, to the city."""

    survey: Survey
    due: Mapping[AreaId, Sequence[Case]] = field(default_factory=dict)
    tasks: Mapping[PostId, int] = field(default_factory=dict)
    slow: bool = False
    tonight: Mapping[AreaId, Sequence[Case]] = field(default_factory=dict)
    not_told: Mapping[PostId, Sequence[tuple[PersonId, str]]] = field(default_factory=dict)
    late: Sequence[Case] = ()

    @cached_property
    def gaps(self) -> Mapping[AreaId | None, Sequence[Gap]]:
        """Today's hours without anybody, by community."""
        return self.survey.gaps_on(self.today)

    @cached_property
    def today(self) -> date:
        return self.survey.local.date()

    def readers(self) -> list[PersonId]:
        """Everybody who sits at a desk, each once."""
        posts = self.survey.picture.posts.values()
        return list(dict.fromkeys(p.holder_id for p in posts if p.role in access.DESKS and p.holder_id is not None))


def tell(conn: Any, world: World, now: datetime, reader: PersonId, morning: Morning) -> list[Effect]:
    """The turn of one reader's digest. The same day again, after a restart, writes nothing."""
    turn = Turn(conn, world, now, None, Heard(kind="timer"))
    name, today = f"digest:{reader}", morning.today.isoformat()
    who = people.person(conn, reader)
    if who is None or setting(conn, name) == today:
        return []
    put_setting(conn, name, today)
    lines = _lines(turn, who, morning)
    if lines:
        turn.write(Say(reader, "digest.morning", None, {"lines": "\n".join(lines)}, Kind.DIGEST))
    put(turn)
    return turn.effects


def _lines(turn: Turn, who: Person, morning: Morning) -> list[str]:
    """Post after post; with several it is said of which each part speaks. Tasks are the person's, not the post's."""
    desks = [post for post in who.posts if post.role in access.DESKS]
    lines: list[str] = []
    room = Room()
    late = {post.id: late_under(turn, who, post, morning.late) for post in desks}
    lines += section(turn, who.id, "digest.nobodys", nobodys(turn, who, [c for found in late.values() for c in found]), room)
    for post in desks:
        told = [*section(turn, who.id, "digest.overdue", late[post.id], room), *_of(turn, who, post, morning, room)]
        if told and len(desks) > 1:
            lines.append(text_of("digest.of_area").format(area=morning.survey.picture.areas[post.area_id].name))
        lines += told
    if tasks := sum(morning.tasks.get(post.id, 0) for post in who.posts):
        lines.append(text_of("digest.tasks").format(count=tasks))
    return lines


def _of(turn: Turn, who: Person, post: Post, morning: Morning, room: Room) -> Iterator[str]:
    if post.area_id not in morning.survey.picture.areas:  # it has ended since
        return
    if post.role is Role.SECRETARY:
        yield from _community(turn, who, post.area_id, morning, room)
        return
    yield from _communities(who, post.area_id, morning)
    if post.role is Role.CITY and morning.slow:
        yield from _slow(morning.survey)


# ---- a community, by name ---------------------------------------------------------------------------------------


def _community(turn: Turn, who: Person, area: AreaId, morning: Morning, room: Room) -> Iterator[str]:
    areas, found = morning.survey.picture.areas, morning.survey.by_community.get(area, [])
    gaps = [
        text_of("digest.gap").format(
            grid=areas[gap.area].name.removeprefix(areas[area].name), hours=say_gap(gap.start.time(), gap.end.time())
        )
        for gap in morning.gaps.get(area, ())
    ]
    if gaps:
        yield text_of("digest.gaps").format(list=_some(gaps))
    own = {post.id for post in who.posts}  # that the secretary does not answer is for those above to hear
    for what in PEOPLE:
        if names := [_named(f, area, morning) for f in found if f.what is what and own.isdisjoint(_posts(f))]:
            yield text_of(f"digest.{what}").format(count=len(names), names=_some(names))
    yield from _still_to_reach(who, area, morning)
    for name, limits in (("due", morning.due), ("tonight", morning.tonight)):
        yield from section(turn, who.id, f"digest.{name}", _readable(turn, who, limits.get(area, ())), room)


def _named(found: Finding, area: AreaId, morning: Morning) -> str:
    """第3网格 潘霞兰: of a colleague in a grid, which."""
    picture = morning.survey.picture
    here = next((picture.posts[post].area_id for post in _posts(found) if post in picture.posts), area)
    grid = picture.areas[here].name.removeprefix(picture.areas[area].name) if here != area and here in picture.areas else ""
    return f"{grid} {found.facts['name']}".strip()


def _still_to_reach(who: Person, area: AreaId, morning: Morning) -> Iterator[str]:
    """Whom the secretary has to tell in person, who is not in the lines before."""
    found = morning.survey.by_community.get(area, [])
    picture = morning.survey.picture
    named = {picture.posts[post].holder_id for f in found if f.what in PEOPLE for post in _posts(f)}
    waiting = [name for post in who.posts for person, name in morning.not_told.get(post.id, ()) if person not in named]
    if waiting:
        yield text_of("digest.not_told").format(count=len(waiting), names=_some(waiting))


def _posts(found: Finding) -> tuple[PostId, ...]:
    posts = found.facts["posts"]
    assert isinstance(posts, tuple)
    return posts


def _readable(turn: Turn, who: Person, cases: Iterable[Case]) -> list[Case]:
    scope = access.scope(who)
    return [c for c in cases if scope.reads(c, turn.parts(c.id), turn.town.within) is Reading.FULL]


# ---- above: figures -----------------------------------------------------------------------------------------------


def _communities(who: Person, area: AreaId, morning: Morning) -> Iterator[str]:
    """A line for each community in which there is something, those with most that is late first, then with most."""
    picture = morning.survey.picture
    told: list[tuple[tuple[int, int], str]] = []
    for community in picture.of_kind("community"):
        figures = _figures(who, community.id, morning)
        if figures and picture.within(community.id, area):
            counts = "，".join(text_of(f"digest.{name}_count").format(count=count) for name, count in figures.items())
            told.append(((figures.get("overdue", 0), sum(figures.values())), text_of("digest.community").format(area=community.name, counts=counts)))
    told.sort(key=lambda row: row[0], reverse=True)
    yield from (line for _, line in told[:COMMUNITIES])
    if len(told) > COMMUNITIES:
        yield text_of("digest.more").format(count=len(told) - COMMUNITIES)


def _figures(who: Person, community: AreaId, morning: Morning) -> dict[str, int]:
    """How much there is of each, where there is anything; what is about the reader is not counted to them."""
    picture = morning.survey.picture
    here = Counter(each.what for each in morning.survey.by_community.get(community, ()))
    figures = {"overdue": sum(case.community_id == community and not _about(who, case) for case in morning.late)}
    figures |= {"gap": len(morning.gaps.get(community, ()))}
    figures |= {str(what): here[what] for what in PEOPLE}
    figures["not_told"] = sum(len(names) for post, names in morning.not_told.items() if _at(picture.posts.get(post), community))
    for name, limits in (("due", morning.due), ("tonight", morning.tonight)):
        figures[name] = sum(not _about(who, case) for case in limits.get(community, ()))
    return {name: count for name, count in figures.items() if count}


def _about(who: Person, case: Case) -> bool:
    """Whether a complaint is about the reader, or about those on the same rung."""
    standing = max((access.STANDING.get(post.role, 1) for post in who.posts), default=0)
    return access.scope(who).spoken_of(case) or (bool(case.accused) and standing <= case.accused.level)


def _at(post: Post | None, area: AreaId) -> bool:
    return post is not None and post.area_id == area


def _slow(survey: Survey) -> Iterator[str]:
    """What nobody has to mend today, with an example of each kind."""
    kinds = [what for what in SLOW if survey.of(what)]
    for what in kinds[:SLOW_LINES]:
        found = survey.of(what)
        names = _some([sentence(survey.picture, each) for each in found], 2)
        yield text_of("digest.slow").format(what=heading(what), count=len(found), names=names)
    if len(kinds) > SLOW_LINES:
        yield text_of("digest.slow_more").format(count=len(kinds) - SLOW_LINES)


def _some(names: Iterable[str], most: int = NAMED) -> str:
    every = list(names)
    return "、".join(every[:most]) + ("……" if len(every) > most else "")
