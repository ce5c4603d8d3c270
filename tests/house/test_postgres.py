"""Everything that `storage` can do is done once on a real PostgreSQL: a long story, then what no story touches.

Which functions were called and which prepared statements were run is looked up, not believed: what is missing fails by name.
"""

import contextlib
import importlib
import inspect
import pkgutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, time, timedelta
from types import CodeType, FrameType, ModuleType
from typing import Any

from sqlalchemy import Executable, event
from sqlalchemy.engine import Engine

import storage
from bot.entry import new_code, new_link, new_screen
from bot.organisation.read import Reading
from bot.papers.collecting import collect
from bot.papers.report import area_of
from bot.reorganising import OnlyTried, Prepared, bring_in
from bot.world import mint
from casework import access
from casework.case import WAITING, Answer, AreaId, Case, Part, PersonId, PostId, Role, Spot, Urgency
from casework.effects import (
    EndTask,
    KeepLanguage,
    KeepName,
    MarkBlocked,
    MarkGroup,
    MoveAddress,
    MoveGroup,
    MoveTask,
    OpenTask,
    Release,
    ReopenTask,
    SendAgain,
    TakeDownAnswer,
    TakeUpAnswer,
)
from casework.figures import counts as counters_of
from casework.figures import day_of
from casework.groups import Group
from casework.organisation import AnswerRow
from casework.records import Outcome, Past
from casework.reorganising import SHEETS, current, difference
from casework.summary_effects import NoticeTold, OpenNotice, StopNotice
from handlers.summaries.find import searched
from nlp.periods import Period
from storage import (
    answers,
    board,
    board_statements,
    cases,
    desk,
    doors,
    downloads,
    figures,
    groups,
    joined,
    missing,
    notices,
    organisation,
    overview,
    packs,
    people,
    records,
    rising,
    roster,
    settings,
    talk,
    threads,
)
from storage import words as said_words
from storage.database import Connection, savepoint
from storage.effects import Writer
from storage.organisation import stored_organisation
from storage.queues import inbox, outbox, timers
from storage.rows import case_from
from storage.town import StoredTown
from tests.fakes.long_story import STORIES
from tests.fakes.organisations import merged, moved, posts, without
from tests.fakes.town import Town, fill

pytest_plugins = ["tests.fakes.postgres"]

NO_QUERIES = ("storage.tables", "storage.migrations")
BASES = {"storage.town.POSTS", "storage.people.STAFF", "storage.queues.own_words.BEHIND"}  # others are made of them
DAY, YEAR = timedelta(days=1), timedelta(days=365)


# ---- what there is, and what was used ---------------------------------------------------------------------------


def modules() -> list[ModuleType]:
    names = [m.name for m in pkgutil.walk_packages(storage.__path__, "storage.")]
    return [importlib.import_module(name) for name in names if not name.startswith(NO_QUERIES)]


def functions() -> dict[str, CodeType]:
    """Every public function and method of storage, and the writing of every effect."""
    found: dict[str, CodeType] = {}
    for module in modules():
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
                continue
            for path, function in _functions_of(f"{module.__name__}.{name}", thing):
                found[path] = inspect.unwrap(function).__code__
    for effect, write in Writer.__dict__["write"].dispatcher.registry.items():
        if effect is not object:
            found[f"storage.effects: {effect.__name__}"] = write.__code__
    return found


def _functions_of(path: str, thing: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    if inspect.isfunction(thing):
        yield path, thing
    elif inspect.isclass(thing):
        for name, method in vars(thing).items():
            if inspect.isfunction(method) and not name.startswith("_") and method.__module__ == thing.__module__:
                yield f"{path}.{name}", method


def statements() -> dict[str, Executable]:
    """Every statement that stands ready in storage under a public name."""
    return {
        f"{module.__name__}.{name}": thing
        for module in modules()
        for name, thing in vars(module).items()
        if isinstance(thing, Executable) and getattr(thing, "is_dml", False) | getattr(thing, "is_select", False)
        and not name.startswith("_") and f"{module.__name__}.{name}" not in BASES
    }  # fmt: skip


class Used:
    """The functions called and the statements run while `watching()`."""

    def __init__(self) -> None:
        self.codes: set[int] = set()
        self.statements: set[int] = set()
        self.dialects: set[str] = set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        before = sys.getprofile()
        event.listen(Engine, "before_execute", self._executes)
        sys.setprofile(self._calls)
        try:
            yield
        finally:
            sys.setprofile(before)
            event.remove(Engine, "before_execute", self._executes)

    def _calls(self, frame: FrameType, what: str, arg: object) -> None:
        if what == "call":
            self.codes.add(id(frame.f_code))

    def _executes(self, conn: Any, statement: object, *more: object) -> None:
        self.statements.add(id(statement))
        self.dialects.add(conn.dialect.name)

    def missing(self) -> list[str]:
        unseen = [name for name, code in functions().items() if id(code) not in self.codes]
        return unseen + [name for name, ready in statements().items() if id(ready) not in self.statements]


# ---- what the stories do not touch ------------------------------------------------------------------------------


def page(conn: Connection, town: Town) -> None:
    """The doors, the thread and the files of somebody on the page."""
    now, later = town.now, town.now + DAY
    doors.add_stranger(conn, "guest", "guest@web", now)
    doors.give_page(conn, "guest", "guest@web", now)
    assert doors.give_page_to_staff(conn, mint) > 1000
    doors.add_session(conn, "session", "guest", now, later)
    doors.extend_session(conn, "session", later, later + DAY)
    doors.extend_session(conn, "session", now, now + 9 * DAY)  # it was ended meanwhile
    assert doors.visitor(conn, "session", later + 2 * DAY) is None
    seen = doors.visitor(conn, "session", now)
    assert seen is not None
    assert (seen.person, seen.thread) == ("guest", "guest")
    link = new_link(b"links", "guest", now, DAY)
    doors.add_link(conn, **link.row)
    assert doors.good_link(conn, link.row["mac"], now) == ""
    assert [doors.use_link(conn, link.row["mac"], now) for _ in range(2)] == ["guest", None]
    ways = [new_link(b"links", "guest", now, DAY, card="card") for _ in range(2)]
    assert doors.add_cards(conn, [way.row for way in ways], now) == 0
    assert doors.use_link(conn, ways[0].row["mac"], now) == "guest"
    assert doors.good_link(conn, ways[1].row["mac"], now) is None
    again = new_link(b"links", "guest", now, DAY, card="again")
    assert doors.add_cards(conn, [again.row], now) == 0
    assert doors.add_cards(conn, [], now) == 0
    assert doors.add_cards(conn, [new_link(b"links", "guest", now, DAY, card="third").row], now) == 1
    assert doors.good_link(conn, again.row["mac"], now) is None
    one, other = (message(conn, town, "guest", "guest@web") for _ in range(2))
    threads.add_file(conn, id="photo", kind="photo", person_id="guest", at=now, tries=0, sha256="0" * 64)
    shown = {"text": "您好", "buttons": [], "files": ["photo"]}
    first = threads.append(conn, "guest", one, now, **shown)
    assert threads.append(conn, "guest", one, now, **shown) == first
    second = threads.append(conn, "guest", other, now, **shown)
    assert [row.n for row in threads.after(conn, "guest", first)] == [second]
    assert [row.n for row in threads.latest(conn, "guest")] == [first, second]
    assert threads.newest(conn, "guest") == second
    threads.mark_fetched(conn, "guest", second, now)
    assert threads.file(conn, "photo") is not None
    assert threads.file_for(conn, "guest", "nobody", "photo") is not None
    assert threads.file_for(conn, "nobody", "nobody", "photo") is None
    assert threads.own_files(conn, ["guest"], ["photo"]) == {"photo": "photo"}


def on_the_wall(conn: Connection, town: Town) -> None:
    """A big screen's code, good once and for no person; its sessions, which are nobody's; and a device that is left."""
    now, later, secretary = town.now, town.now + DAY, holder(conn, town, "cs-s1c1")
    made = new_screen(b"links", "guest", "s1c1", now, DAY)
    doors.add_link(conn, **made.row)
    mac = made.row["mac"]
    assert doors.use_link(conn, mac, now) is None
    assert [doors.screen_link(conn, mac, at) for at in (now, later)] == [("guest", "s1c1"), None]
    assert [doors.use_screen_link(conn, mac, now) for _ in range(2)] == [("guest", "s1c1"), None]
    assert doors.screen_link(conn, mac, now) is None
    shown = [doors.Screen(name, person, "s1c1", later) for name, person in (("hall", "guest"), ("door", "guest"), ("theirs", secretary))]
    for each in shown:
        doors.add_screen(conn, each, now)
    assert [doors.screen(conn, each.session, now) for each in shown] == shown
    assert doors.screen(conn, "hall", later) is None
    assert doors.screen(conn, "session", now) is None
    assert doors.visitor(conn, "hall", now) is None
    assert doors.screens_of(conn, "guest", now) == 2
    doors.end_screens(conn, "guest", now)
    assert doors.screens_of(conn, "guest", now) == 0
    assert [doors.screen(conn, each.session, now) for each in shown] == [None, None, shown[2]]
    assert doors.visitor(conn, "session", now) is not None
    doors.add_session(conn, "left", "guest", now, later)
    doors.end_session(conn, "left", now)
    assert doors.visitor(conn, "left", now) is None
    assert doors.visitor(conn, "session", now) is not None
    codes = [new_code(b"codes", *told) for told in (("guest", now, DAY), ("guest", now, DAY, "paper"), (secretary, now, DAY))]
    for code in codes:
        doors.add_link(conn, **code.row)
    doors.void_codes(conn, "guest", now)
    assert [getattr(talk.code(conn, code.row["mac"]), "used_at", "") for code in codes] == [now, None, None]
    assert people.last_heard(conn, "guest") == now
    assert people.last_heard(conn, "nobody") is None


def message(conn: Connection, town: Town, person: str, address: str) -> int:
    return talk.insert_outbox(
        conn, channel="web", address_id=address, person_id=person, key="k", kind="fact", urgency="normal", text="您好",
        buttons=[], files=[], valid_states=[], made_at=town.now, due_at=town.now,
    )


def files(conn: Connection, town: Town) -> None:
    """A file that a platform holds: fetched, failed, given up."""
    for name in ("a", "b"):
        talk.keep_remote_file(conn, id=name, kind="photo", person_id="guest", channel="telegram", remote=name, at=town.now)
    assert {"a", "b"} <= {f.id for f in downloads.due(conn, town.now)}
    downloads.kept(conn, "a", "1" * 64, "image/jpeg", 9)
    assert downloads.still_remote(conn, "a") is None
    downloads.failed(conn, "b", town.now + DAY)
    assert "b" not in {f.id for f in downloads.due(conn, town.now)}
    downloads.gave_up(conn, "b")
    assert downloads.still_remote(conn, "b") is None
    assert len(talk.copy_files(conn, ["a"], mint)) == 1
    assert "1" * 64 in threads.kept_files(conn)


def incoming(conn: Connection, town: Town) -> None:
    """An album of two, a message again, one that cannot be handled."""
    told = {"channel": "web", "sender": "guest", "kind": "media", "received_at": town.now, "ready_at": town.now}
    stored = [inbox.store_incoming(conn, update_key=k, group_key="album", **told) for k in ("p1", "p2", "p2")]
    assert [s.duplicate for s in stored] == [False, False, True]
    assert stored[1].n == stored[2].n is not None
    assert inbox.next_ready(conn, town.now) is not None
    assert [row.id for row in inbox.ready(conn, town.now + DAY)] == [stored[0].id]
    assert inbox.stale(conn, town.now + DAY) == 2
    rows = inbox.take(conn, stored[0].id)
    assert len(rows) == 2
    inbox.mark_failed(conn, rows, "ValueError", 3)
    assert inbox.take(conn, stored[0].id) == []


def outgoing(conn: Connection, town: Town) -> None:
    """A message that fails, waits, is dead; a timer that is put off."""
    sent, late, dead = (message(conn, town, "guest", "guest@web") for _ in range(3))
    outbox.mark_sent(conn, sent, town.now, "platform-7")
    assert talk.case_of_message(conn, "guest@web", "platform-7") is None
    outbox.try_again(conn, late, town.now + DAY, town.now, "timeout")
    outbox.wait_for_channel(conn, late, town.now + DAY)
    assert talk.waiting_like(conn, "guest", "k", town.now) == []  # due already, though it will be tried again later
    waiting_too = {row.id for row in talk.waiting_like(conn, "guest", "k", town.now - DAY)}
    assert waiting_too & {sent, late, dead} == {late, dead}
    assert talk.waiting_like(conn, "guest", "other", town.now - DAY) == []
    for each in (sent, late):
        talk.append_outbox(conn, each, "您好\n再说一句")
    assert [talk.outbox_row(conn, each).text for each in (sent, late, dead)] == ["您好", "您好\n再说一句", "您好"]
    for each in (sent, late):
        talk.rewrite_waiting(conn, each, text="两件", valid_states=["assigned"])
    assert [(row.text, row.valid_states) for row in (talk.outbox_row(conn, each) for each in (sent, late))] == [("您好", []), ("两件", ["assigned"])]
    assert outbox.next_retry(conn, town.now) == town.now + DAY
    outbox.mark_dead(conn, dead, "blocked")
    assert talk.outbox_row(conn, dead).state == "dead"
    assert outbox.roles(conn, [holder(conn, town, "city-1"), "guest"]) == {holder(conn, town, "city-1"): "city"}
    ahead = timers.next_due(conn, town.now - YEAR)
    assert ahead is not None
    waiting = timers.due(conn, town.now + YEAR, town.now)[0]
    timers.put_off(conn, waiting.id, town.now + DAY)
    assert waiting.id not in {timer.id for timer in timers.due(conn, town.now + YEAR, town.now)}


def holder(conn: Connection, town: Town, post_id: str) -> str:
    post = StoredTown(conn, town.world.policy).post(PostId(post_id))
    assert post is not None
    assert post.holder_id is not None
    return post.holder_id


def asked(conn: Connection, town: Town) -> None:
    """What supervisors, commands and the running program ask."""
    assert cases.by_number(conn, "26-000001") is not None
    secretary = people.person(conn, holder(conn, town, "cs-s1c1"))
    assert secretary is not None
    mine = access.scope(secretary)
    assert cases.visible(conn, mine, town.now - YEAR)
    assert cases.visible(conn, replace(mine, subdistricts=frozenset({AreaId("s1")})), town.now - YEAR)
    stored = StoredTown(conn, town.world.policy)
    assert stored.night_rostered(AreaId("s1c1g1"), town.now) in (True, False)
    assert stored.awake(secretary.posts[0], town.now) in (True, False)
    own_workers(conn, town)
    roster.load(conn, ["w-s1c1g1", "w-s1c1g2"])
    assert people.area_name(conn, "s1c1") == "锦绣社区"
    assert [s.post_id for s in people.staff_named(conn, "cs-s1c1")] == ["cs-s1c1"]
    assert people.staff_named(conn, "党委书")
    assert not people.staff_named(conn, "没有这个%")
    assert organisation.revision(conn) == settings.setting(conn, organisation.REVISION) is not None
    assert not organisation.is_empty(conn)
    assert len(organisation.named_places(conn)) > 1500
    assert len(organisation.workdays(conn)) == 2
    assert time(22) in organisation.shift_times(conn)
    assert talk.setting(conn, "nothing") is None
    areas = joined.areas(conn)
    assert next(iter(areas)) == "c"
    found = joined.members(conn, areas["s1c1"].path, town.now)
    assert len(found) > 100
    counted = joined.count(found)
    assert counted.total == len(found) == counted.joined + counted.missing
    assert joined.counted(conn, areas["s1c1"].path, town.now) == counted
    assert {joined.Standing.OUT, joined.standing([(town.now, None)], town.now)} <= {m.standing for m in found}
    assert all(post.path.startswith("/c/s1/s1c1/") for m in found for post in m.posts_in("/c/s1/s1c1/"))
    assert joined.in_order("/c/s1c9/") < joined.in_order("/c/s1c10/")
    lacking(conn, town)


def own_workers(conn: Connection, town: Town) -> None:
    """A grid's own worker by the post, whatever the roster says; on a day of leave whoever stands in; nobody in an area that is no grid."""
    stored, at = StoredTown(conn, town.world.policy), town.now + YEAR
    day = at.astimezone(town.world.policy.calendar.zone).date()
    with contextlib.suppress(ZeroDivisionError), savepoint(conn):
        conn.execute(roster.LEAVE.insert(), [{"post_id": "w-s1c1g1", "first": day, "last": day, "substitute_id": "w-s1c1g2"}])
        found = [stored.own_worker(AreaId("s1c1g1"), when) for when in (at - 2 * DAY, at)]
        assert [post and post.id for post in found] == ["w-s1c1g1", "w-s1c1g2"]
        assert stored.own_worker(AreaId("s1c1"), at) is None
        raise ZeroDivisionError


def lacking(conn: Connection, town: Town) -> None:
    """The organisation read whole: the same as grid by grid."""
    local = town.now.astimezone(town.world.policy.calendar.zone)
    today = local.date()
    seen = missing.picture(conn, today, 7)
    assert {len(seen.of_kind(kind)) for kind in ("city", "subdistrict", "community", "grid")} == {1, 7, 47, 220}
    alone = roster.roster(conn, ["s1c1g1", "s1c1"], [today, today - DAY])
    assert seen.roster_of(AreaId("s1c1g1")).on(local) == alone.on(local) != []
    assert any(door.channel == "telegram" for doors_ in seen.doors.values() for door in doors_)
    on_duty = missing.duty(conn, today, 7)
    assert on_duty.rosters == seen.rosters
    assert {shift.post for roster in on_duty.rosters.values() for shift in roster.shifts} <= set(on_duty.posts) < set(seen.posts)
    assert missing.staffed_since(conn) is not None
    assert missing.open_in_communities(conn)
    assert missing.tasks_due(conn, town.now + YEAR)["cs-s1c1"]  # the voice to be heard, at the end of the stories


def called(conn: Connection, town: Town) -> None:
    """Groups with a robot in them, and whom they serve."""
    group = Group("wecom", "jinxiu", (AreaId("s1c1"), AreaId("elsewhere")))
    assert groups.door(conn, group) is None
    for _ in range(2):
        groups.keep(conn, [group], mint, town.now)
    assert groups.door(conn, group) is not None
    assert groups.unknown_areas(conn, [group]) == ["elsewhere"]
    assert StoredTown(conn, town.world.policy).chain(AreaId("s1c1g1")) == ["s1c1g1", "s1c1", "s1", "c"]


def written(conn: Connection, town: Town) -> None:
    """Effects that no story above had, in a savepoint that is undone, and one that is kept."""
    writer = Writer(conn, town.world.policy, town.now, mint)
    case = town.cases()[0]
    with contextlib.suppress(ZeroDivisionError), savepoint(conn):
        writer.write(Release(case.id, PostId("w-s1c1g1"), Part.JOINED))
        writer.write(KeepName(PersonId("guest"), "郑先生"))
        writer.write(MoveTask("nobody's", PostId("cs-s1c1")))
        writer.write(ReopenTask("nobody's", town.now, forget=True))
        raise ZeroDivisionError
    with savepoint(conn):
        writer.write(MarkBlocked("guest@web", True, town.now))
        writer.write(MoveAddress("guest@web", "elsewhere"))
        writer.write(KeepLanguage(PersonId("guest"), "en"))
    guest = people.person(conn, "guest")
    assert guest is not None
    assert (guest.name, guest.language) == ("", "en")
    kept_answers(conn, town, writer)
    assert people.doors(conn, "guest") == []


def at_the_desk(conn: Connection, town: Town) -> None:
    """A letter that is lost and sent again, a task that comes again, and what the desk's page and its digest look at."""
    person, now = holder(conn, town, "cs-s1c1"), town.now
    scope = access.scope(people.person(conn, person))  # type: ignore[arg-type]
    writer = Writer(conn, town.world.policy, now, mint)
    for _ in range(2):
        writer.write(OpenTask("desk-task", "undelivered", PostId("cs-s1c1"), now, person_id=PersonId(person)))
        assert "desk-task" in {t.id for t in cases.tasks_of(conn, sorted(scope.posts), climbed=True)}
        writer.write(EndTask("desk-task", "told"))
    desk.second_questions(conn, scope, now)
    missing.not_told(conn)
    address = str(conn.execute(people.ADDRESS.select().limit(1)).one().id)
    row = message(conn, town, person, address)
    outbox.mark_dead(conn, row, "unreachable")
    assert [letter.id for letter in talk.dead_letters(conn, person, None, row)] == [row]
    writer.write(SendAgain(row, address, "web"))
    assert talk.dead_letters(conn, person, None, row) == []


def counted(conn: Connection, town: Town) -> None:
    """The roll-ups are what the cases say on this database too; a thrown-away one is counted anew."""
    policy, last = town.world.policy, town.now.date()
    assert not figures.never_counted(conn)
    assert figures.verify(conn, policy) == []
    assert not figures.never_counted(conn)
    before = figures.by_category(conn, ["c"], last - YEAR, last)
    assert before
    assert set(figures.by_area(conn, ["c"], last - YEAR, last)) == {"c"}
    assert figures.by_start(conn, ["c"], "d", last - YEAR, last)
    assert figures.topics(conn, ["c"], "m", last - YEAR, last)
    assert figures.durations(conn, ["c"], "acknowledge", last - YEAR, last)
    days = (last - 35 * DAY, last - 7 * DAY, last + DAY)
    every = rising.risen(conn, ["s1c1"], *days, all_too=True)
    assert {topic for _, topic in every} <= rising.topics_of(conn, "s1c1", days[0], days[2])
    assert rising.risen(conn, ["s1c1"], *days).items() <= every.items()
    assert all(topic == "*" for _, topic in rising.risen(conn, ["s1c1g1", "s1c1"], *days, topic="*", all_too=True))
    assert {area for area, _ in figures.chain_of(conn, "s1c1g1")} == {"s1c1g1", "s1c1", "s1", "c"}
    assert figures.all_chains(conn)["s1c1g1"] == figures.chain_of(conn, "s1c1g1")
    figures.rebuild(conn, policy)
    assert figures.by_category(conn, ["c"], last - YEAR, last) == before


def overlooked(conn: Connection, town: Town) -> None:
    """What supervisors ask about many cases at once, and what is found by said_words."""
    secretary = people.person(conn, holder(conn, town, "cs-s1c1"))
    assert secretary is not None
    scope, rows = access.scope(secretary), {row.id: row for row in overview.areas(conn)}
    for area in ("c", "s1", "s1c1"):
        here = overview.Stretch(rows[area], town.now - YEAR, town.now + DAY)
        below = overview.below(conn, rows[area])
        assert sum(filed for filed, _ in overview.by_area(conn, here, below, ()).values()) > 5
        assert overview.filed(conn, here, scope, {"nobody"}, overview.Only("heating", estate="e01"))
        assert overview.topics(conn, here, (), overview.Only("heating"))
        assert overview.recent(conn, here, town.now - DAY, ())
        assert overview.answered(conn, here, ())
        assert overview.count_late(conn, rows[area], ()) == len(overview.late(conn, rows[area], ()))
        assert overview.inside(conn, rows[area], "community")[:1] == ["s1c1"]
        among = overview.Doubtful(rows[area], 1, frozenset({"nobody"}))
        spoken = {case.id for case in overview.spoken_of(conn, here.since, here.until, among)}
        assert {case.id for case in overview.open_spoken_of(conn, among)} <= spoken
    grid = overview.Stretch(rows["s1c1g1"], town.now - YEAR, town.now + DAY)
    heating = overview.Only("heating")
    assert sum(overview.crossed(conn, grid, "estate_id", (), heating).values()) == overview.topics(conn, grid, (), heating)["no_heat"]
    assert sum(filed for filed, _ in overview.by_estate(conn, grid, (), heating).values()) == overview.topics(conn, grid, (), heating)["no_heat"]
    counted_here = overview.to_count(conn, grid)
    assert overview.merged(conn, counted_here[0].id) == []
    parts = overview.parts_of(conn, [case.id for case in counted_here])
    assert parts
    held = overview.held_by(conn, {each.part.post_id for of_case in parts.values() for each in of_case})
    assert all(each.part in held[case_id] for case_id, of_case in parts.items() for each in of_case)
    assert overview.estate_name(conn, "e01") == "锦绣苑"
    assert overview.filed(conn, grid, replace(scope, city=True), (), overview.Only(topic="no_heat", origin="resident"))
    assert overview.spoken_of(conn, town.now - YEAR, town.now + DAY)
    assert {case.id for case in overview.open_spoken_of(conn)} <= {case.id for case in overview.spoken_of(conn, town.now - YEAR, town.now + DAY)}
    found = said_words.find(conn, scope, ["暖气"], {"nobody"})
    assert found == said_words.find(conn, scope, ["暖气", "暖气"], ())
    assert found
    assert said_words.kept_otherwise(conn, "another")
    said_words.rebuild(conn, searched)
    said_words.keep_way(conn, "another")
    assert not said_words.kept_otherwise(conn, "another")
    assert said_words.find(conn, scope, ["暖气"], ()) == found


def on_the_board(conn: Connection, town: Town) -> None:
    """The board of every kind of area says what its cases say one by one."""
    rows = {row.id: row for row in overview.areas(conn)}
    with contextlib.suppress(ZeroDivisionError), savepoint(conn):
        conn.execute(cases.C.update().where(cases.C.c.is_open == 1).values(solve_missed_at=town.now))
        conn.execute(cases.C.update().where(cases.C.c.ended_at.is_not(None)).values(ended_at=town.now))
        every = [case_from(row) for row in conn.execute(cases.C.select())]
        for area in ("c", "s1", "s1c1", "s1c1g1", "s1c2g1"):
            asked = board.this_month(area, town.now, town.world.policy)
            days = replace(asked, first=asked.last - DAY, before=(asked.first, asked.last - 2 * DAY))  # of a grid the cases are counted
            inside = [case for case in every if rows[area].path in rows[case.area_id].path]
            _same_as(conn, town, asked, inside, board.everything)
            _same_as(conn, town, days, inside, board.everything)
            _same_as(conn, town, replace(days, category="heating"), [case for case in inside if case.category == "heating"], board.everything)
            _same_as(conn, town, asked, [case for case in inside if not case.accused.level], lambda case: not case.accused.level)
        assert board.glance(conn, board.this_month("s1c1", town.now, town.world.policy), town.now, town.world.policy).late > 1
        raise ZeroDivisionError


def _same_as(conn: Connection, town: Town, asked: board.Asked, inside: list[Case], counts: board.Counts) -> None:
    """`inside`: all that may be in these figures."""
    now, policy, rows = town.now, town.world.policy, {row.id: row for row in overview.areas(conn)}
    today = day_of(now, policy.calendar.zone)
    seen = board.first_page(conn, asked, now, policy, counts)
    assert seen == board.first_page(conn, asked, now, policy, counts, None, (1, frozenset()))
    assert seen.glance == board.glance(conn, asked, now, policy, counts)
    filed = [case for case in inside if not case.struck_out]
    days = {case.id: day_of(case.filed_at, policy.calendar.zone) for case in filed}
    lately = [case for case in filed if asked.first <= days[case.id] <= asked.last]
    assert board.added(seen.now.values()) == _counters(town, lately)
    earlier = [case for case in filed if asked.before[0] <= days[case.id] <= asked.before[1]]
    assert board.added(seen.before.values()) == _counters(town, earlier)
    assert {day: count for day, count in seen.by_day_before.items() if count} == Counter(days[case.id] for case in earlier)
    for category, told in seen.now.items():
        assert told == _counters(town, [case for case in lately if case.category == category])
    assert {day: count for day, count in seen.by_day.items() if count} == Counter(days[case.id] for case in lately)
    assert [row.id for row in seen.below][:1] == [row.id for row in overview.below(conn, rows[asked.area])][:1]
    for row in seen.below:
        assert seen.tree[row.id] == _counters(town, [case for case in lately if row.path in rows[case.area_id].path])
    assert seen.glance.open == sum(not case.ended for case in filed)
    assert seen.glance.filed_today == sum(day == today for day in days.values())
    assert seen.glance.waiting == sum(case.state in WAITING and case.acknowledged_at is None for case in inside)
    assert seen.glance.ended_today == sum(case.ended_at is not None and day_of(case.ended_at, policy.calendar.zone) == today for case in inside)
    late = [case for case in overview.late(conn, rows[asked.area], ()) if case in inside]
    assert seen.glance.late == len(late)
    assert list(seen.late) == late
    assert seen.late_in == {row.id: sum(row.path in rows[case.area_id].path for case in late) for row in seen.below}
    for community in ("s1c1", "s1c2"):
        secretary = people.person(conn, holder(conn, town, f"cs-{community}"))
        assert secretary is not None
        mine = board.first_page(conn, asked, now, policy, counts, access.scope(secretary)).late
        assert list(mine) == [case for case in late if case.community_id == community and case.accused.level < access.STANDING[Role.SECRETARY]]


def _counters(town: Town, several: list[Case]) -> dict[str, int]:
    told = [counters_of(case, town.world.policy) for case in several]
    return {name: sum(each.get(name, 0) for each in told) for name in board_statements.COUNTERS}


def noticed(conn: Connection, town: Town) -> None:
    """A notice to a building and one to a grid: who gets it, how far it is, stopped."""
    writer = Writer(conn, town.world.policy, town.now, mint)
    secretary = PersonId(holder(conn, town, "cs-s1c1"))
    case = next(case for case in town.cases() if case.spot.building_id is not None)
    target = notices.building(conn, case.spot.building_id or "")
    assert target is not None
    assert target.buildings[0] in notices.grid(conn, target.grids[0]).buildings
    to = notices.residents(conn, target, town.now - YEAR, secretary)
    assert case.resident_id in to
    assert all(each.accused.level for each in notices.complaints(conn, target, town.now - YEAR))
    assert set(notices.residents(conn, target, town.now - YEAR, secretary, [each.id for each in town.cases()])) <= set(to)
    assert notices.reachable(conn, to) <= set(to)
    assert set(to) <= set(notices.residents(conn, notices.grid(conn, target.grids[0]), town.now - YEAR, secretary))
    writer.write(OpenNotice("n1", secretary, PostId("cs-s1c1"), target.id, "停水", to, town.now))
    assert list(notices.next_of(conn, "n1", 100)) == to
    assert notices.going_out(conn, "n1")
    writer.write(NoticeTold("n1", to[:1], to[1:], None))
    assert notices.counts(conn, "n1")["sent"] == 1
    assert [notice.state for notice in notices.last_of(conn, secretary)] == ["done"]
    assert not notices.going_out(conn, "n1")
    writer.write(StopNotice("n1"))
    assert getattr(notices.by_id(conn, "n1"), "state", "") == "stopped"


def in_a_group(conn: Connection, town: Town) -> None:
    """Somebody is heard in a group, which is moved, and left; a file that lies with a case."""
    who = people.heard_in_group(conn, "telegram", "7", "-1", "李叔", town.now, mint)
    assert people.doors(conn, who.person.id) == []
    assert people.group_of(conn, who.address_id) == "-1"
    alone = people.last_seen(conn, who.person.id)
    assert alone is not None
    assert alone.external_id == "7"
    writer = Writer(conn, town.world.policy, town.now, mint)
    writer.write(MoveGroup("-1", "-2"))
    door = people.group_door(conn, who.person.id)
    assert door is not None
    assert door.external_id == "-2:7"
    writer.write(MarkGroup("-2", True, town.now))
    assert people.group_door(conn, who.person.id) is None
    assert cases.case_of_file(conn, "nothing") is None


def kept_answers(conn: Connection, town: Town, writer: Writer) -> None:
    """A desk keeps an answer and takes it down."""
    before = answers.stamp(conn)
    who = people.staff_id(conn, stored_organisation(conn).people[0].id)
    assert who is not None
    answer = TakeUpAnswer(
        "a1", "狗证", ("狗证",), ("怎么办",), "到窗口办", "锦绣社区书记", date(2027, 12, 1), AreaId("s1c1"), "狗证怎么办", PersonId(who), PostId("cs-s1c1"),
    )
    writer.write(answer)
    assert [each["area"] for each in answers.given(conn)] == ["s1c1"]
    assert answers.stamp(conn) != before
    writer.write(TakeDownAnswer("a1", PersonId(who)))
    assert answers.in_use(conn) == []
    assert not talk.said_since(conn, "guest", "resident.calm", town.now - DAY)


def reported(conn: Connection, town: Town) -> None:
    """The report of each kind of area, and what is kept of it."""
    last = town.now.date()
    months = Period(last.replace(day=1), last, "", False)
    with_chat = packs.desks_with_chat(conn)
    assert "c" in {area for area, _ in with_chat}
    for words in ("s1c1", "东华街道", ""):
        pack = collect(conn, town.world.policy, area_of(conn, words), months, town.now)
        assert pack.now.whole["filed"]
        packs.keep(conn, pack.area_id, packs.Kept(months.first, months.last, town.now - DAY, {"filed": 0}))
        (kept,) = packs.kept_since(conn, pack.area_id, last - YEAR, town.now)
        assert (kept.first, kept.as_of, kept.figures) == (months.first, town.now - DAY, {"filed": 0})


def reorganised(conn: Connection, town: Town) -> None:
    """A new organisation is tried: a grid merged, a building moved, a secretary gone, a holder changed, answers and days."""
    before = stored_organisation(conn)
    after = without("cs-s1c1")(merged("s1c1g1", "s1c1g2")(moved("e02b01", "s1c2g2")(before)))
    after = posts(lambda row: replace(row, person=after.posts[0].person), "w-s1c2g2")(after)
    answer = AnswerRow(topic="供暖", any_of=("供暖",), text="十月中旬", source="办法", valid_until=date(2027, 1, 1))
    after = replace(
        after, answers=(answer,), workdays=(), people=(replace(after.people[0], phone="1"), *after.people[1:-1]),
        leave=(), exceptions=after.exceptions[1:],
    )  # fmt: skip
    after = posts(lambda row: replace(row, person=""), *(p.id for p in after.posts if p.person == before.people[-1].id))(after)
    assert organisation.answers(conn) == []
    assert organisation.former_staff(conn) == []
    for apply in (False, True):  # once taken back, once kept
        prepared = Prepared(Reading(after, [], frozenset(SHEETS)), organisation.revision(conn))
        with contextlib.suppress(OnlyTried), savepoint(conn):
            outcome = bring_in(conn, prepared, town.world, town.now, mint, apply)
            assert outcome.followed
        again = difference(current(stored_organisation(conn), town.now.date()), current(after, town.now.date()))
        assert bool(again) is not apply


def brought_in(conn: Connection, town: Town) -> None:
    """Records of another register, twice: the second time one has changed."""
    policy = town.world.policy
    intake = records.Intake("hotline", policy, mint, policy.calendar.zone)
    past = Past(
        town.now - YEAR, "没暖气", "heating", "no_heat", (), Urgency.NORMAL, None, 1.0, Spot(), AreaId("s1c1"), AreaId("s1c1"), None, PersonId("hotline-1"),
    )  # fmt: skip
    entries = [records.Entry(key, "1", past, "没暖气", {"number": key, "words": "1"}) for key in "ab"]
    assert set(intake.write(conn, entries, town.now).values()) == {"new"}
    solved = replace(past, outcome=Outcome(answer=Answer.SOLVED))
    entries[1] = records.Entry("b", "2", solved, "没暖气，冷", {"number": "b", "words": "2"})
    assert intake.write(conn, entries, town.now) == {"a": "same", "b": "changed"}
    told = records.of_case(conn, records.known(conn, "hotline", ["b"])["b"].case_id)
    assert told is not None
    assert told["number"] == "b"
    assert "s1c1" in {row.id for row in records.areas(conn)}
    assert figures.verify(conn, policy) == []


REST = (
    page, on_the_wall, files, incoming, outgoing, asked, at_the_desk, called, written, in_a_group, counted, overlooked, on_the_board, noticed,
    reported, brought_in, reorganised,
)  # fmt: skip


def test_every_query_runs_on_postgresql(postgres_url: str):
    used = Used()
    with used.watching():
        fill(postgres_url)
        town = Town(url=postgres_url)
        for tell in STORIES:
            tell(town)
        with town.database.writing() as conn:
            for do in REST:
                do(conn, town)
        town.close()
    assert used.dialects == {"postgresql"}
    missing = used.missing()
    assert not missing, "not run on PostgreSQL:\n" + "\n".join(missing)
