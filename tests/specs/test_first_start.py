"""A database's first start: whose it is, its organisation, its clock; and the policy that the settings make."""

import os
import shutil
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.clock import Clock
from bot.first_start import next_working_day, prepare
from bot.settings import load
from bot.world import ZONE, Worlds, make_calendar, make_policy, mint
from casework.answer_effects import TakeDownAnswer, TakeUpAnswer
from casework.case import Urgency
from casework.errors import JiesuError
from casework.policy import DEFAULT_LIMITS, Calendar
from nlp.rulefile import FOLDER
from nlp.understand import Context, understand
from storage import organisation, tables
from storage.answers import write_answer
from storage.database import Database
from storage.settings import put_setting
from tests.fakes.rows import all_rows

AREAS = "id,kind,name,parent,aliases\nc,city,恒安,,恒安城\ns1,subdistrict,东华街道,c,\nk1,community,锦绣社区,s1,\ng1,grid,第一网格,k1,\n"
PLACES = "id,kind,name,aliases,parent,grids,units,lat,lon\ne1,estate,锦绣苑,锦绣小区,,g1,,,\nb1,building,3号楼,,e1,g1,4,40.1,113.2\n"
POSTS = (
    "id,role,kind,area,place,categories,title,person,phone\nw1,worker,full_time,g1,,,网格员,n1,\n"
    "w2,worker,part_time,g1,,,网格员,,\nk,community_secretary,,k1,,,书记,n2,\nd,subdistrict,,s1,,,街道,n2,\nt,city,,c,,,市级,n2,\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A town of one grid, as a clerk writes it down."""
    made = tmp_path / "town"
    made.mkdir()
    for name, text in {
        "areas": AREAS,
        "places": PLACES,
        "people": "id,name,phone\nn1,潘霞,19900000001\nn2,余玉,19900000002\n",
        "posts": POSTS,
        "roster": "post,grid,weekdays,from,until,duty\nw1,g1,1234567,07:00,22:00,day\n",
        "exceptions": "date,post,grid,from,until,kind\n2026-12-01,w1,g1,,,off\n",
        "leave": "post,from,until,substitute\nw1,2026-12-02,2026-12-03,w2\n",
        "workdays": "date,kind,name\n2026-11-26,off,建区纪念日\n2026-11-28,work,补班\n",
    }.items():
        (made / f"{name}.csv").write_text(text, "utf-8")
    return made


def settings(tmp_path: Path, folder: Path, **environ: str):
    told = {"JIESU_DATABASE__URL": f"sqlite:///{tmp_path}/jiesu.db", "JIESU_DEMO__ORGANISATION": str(folder)}
    return load(environ=told | {f"JIESU_{name}": value for name, value in environ.items()})


class Wednesday(Clock):
    """Noon of Wednesday 25 November 2026; the town's own holiday follows."""

    def wall(self):
        return datetime(2026, 11, 25, 4, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path):
    made = Database(f"sqlite:///{tmp_path}/jiesu.db")
    yield made
    made.close()


def test_the_organisation_is_loaded_once_with_its_own_ids(tmp_path: Path, folder: Path, database: Database):
    clock = Wednesday()
    prepare(settings(tmp_path, folder), database, clock)
    prepare(settings(tmp_path, folder), database, clock)
    assert [(row.id, row.path) for row in all_rows(database, tables.Area)] == [
        ("c", "/c/"), ("g1", "/c/s1/k1/g1/"), ("k1", "/c/s1/k1/"), ("s1", "/c/s1/"),
    ]  # fmt: skip
    people = {row.org_id: row.id for row in all_rows(database, tables.Person)}
    assert {(row.post_id, row.person_id) for row in all_rows(database, tables.Holding)} == {
        ("w1", people["n1"]), *((post, people["n2"]) for post in ("k", "d", "t")),
    }  # fmt: skip
    roster = all_rows(database, tables.Roster)[0]
    assert (roster.weekdays, roster.starts, roster.ends, roster.duty) == ("1234567", time(7), time(22), "day")
    off = all_rows(database, tables.RosterException)[0]
    assert (off.day, off.starts, off.ends, off.kind) == (date(2026, 12, 1), time(0), time(0), "off")
    assert [(row.post_id, row.substitute_id) for row in all_rows(database, tables.Leave)] == [("w1", "w2")]


def test_a_new_demonstration_begins_at_ten_on_the_next_working_day_and_goes_on_from_there(
    tmp_path: Path, folder: Path, database: Database
):
    clock = Wednesday()
    prepare(settings(tmp_path, folder), database, clock)
    assert clock.now().astimezone(ZONE) == datetime(2026, 11, 27, 10, 0, tzinfo=ZONE)
    again = Wednesday()
    prepare(settings(tmp_path, folder, DEMO__STARTS_AT="15:00"), database, again)
    assert again.now() == clock.now()


def test_a_town_and_the_demonstration_never_share_a_database(tmp_path: Path, folder: Path, database: Database):
    prepare(settings(tmp_path, folder), database, Wednesday())
    with pytest.raises(JiesuError, match="演示用的"):
        prepare(settings(tmp_path, folder, DEMO__ENABLED="false"), database, Wednesday())
    with database.writing() as conn:
        put_setting(conn, "demo", "0")
    with pytest.raises(JiesuError, match="正式使用的"):
        prepare(settings(tmp_path, folder), database, Wednesday())
    clock = Wednesday()
    prepare(settings(tmp_path, folder, DEMO__ENABLED="false"), database, clock)
    assert clock.now() == clock.wall()


def test_a_wrong_organisation_is_refused_whole_with_every_fault(tmp_path: Path, folder: Path, database: Database):
    (folder / "posts.csv").write_text(POSTS.replace("g1,,,网格员,n1", "g9,,,网格员,n9"), "utf-8")
    with pytest.raises(JiesuError, match="没有启动") as refused:
        prepare(settings(tmp_path, folder), database, Wednesday())
    assert "g9" in str(refused.value)
    assert "n9" in str(refused.value)
    with database.reading() as conn:
        assert organisation.is_empty(conn)


def test_a_missing_organisation_is_named(tmp_path: Path, database: Database):
    with pytest.raises(JiesuError, match="没有组织文件夹"):
        prepare(settings(tmp_path, tmp_path / "nowhere"), database, Wednesday())


def test_the_world_is_built_anew_when_the_organisation_changes(tmp_path: Path, folder: Path, database: Database):
    chosen = settings(tmp_path, folder)
    prepare(chosen, database, Wednesday())
    worlds = Worlds(chosen, database, b"key", lambda: "http://here")
    first = worlds.current
    assert {first.gazetteer.places[id].name for id in ("e1", "b1", "k1", "g1")} == {
        "锦绣苑",
        "3号楼",
        "锦绣社区",
        "第一网格",
    }
    assert (first.public_url, first.demo, first.button_key) == ("http://here", True, b"key")
    assert not worlds.refresh()
    assert worlds.current is first
    with database.writing() as conn:
        conn.execute(tables.Place.__table__.update().where(tables.Place.__table__.c.id == "e1").values(name="新名苑"))
        put_setting(conn, organisation.REVISION, mint())
    assert worlds.refresh()
    assert worlds.current.gazetteer.places["e1"].name == "新名苑"


def test_an_answer_that_a_desk_keeps_is_given_within_seconds(tmp_path: Path, folder: Path, database: Database):
    chosen = settings(tmp_path, folder)
    prepare(chosen, database, Wednesday())
    worlds = Worlds(chosen, database, b"key", lambda: "http://here")
    post = tables.Post.__table__
    with database.writing() as conn:
        desk = conn.execute(select(post.c.id, post.c.area_id, tables.Holding.__table__.c.person_id).join(
            tables.Holding.__table__, tables.Holding.__table__.c.post_id == post.c.id).limit(1)).one()
        effect = TakeUpAnswer(
            "a1", "狗证", ("狗证",), (), "到窗口办", "社区", date(2027, 12, 1), desk.area_id, "狗证怎么办", desk.person_id, desk.id,
        )
        write_answer(conn, effect, Wednesday().now())
    assert worlds.refresh()
    assert [(each.topic, each.area) for each in worlds.current.answers if each.text == "到窗口办"] == [("狗证", desk.area_id)]
    (folder.parent / "answers.toml").write_text(
        '[[answer]]\ntopic = "狗证"\nany = ["狗证"]\ntext = "到窗口办"\nsource = "社区"\nvalid_until = 2027-12-01\n', "utf-8")
    assert worlds.refresh()
    assert [each.area for each in worlds.current.answers if each.text == "到窗口办"] == [""]  # copied into the file: once
    with database.writing() as conn:
        write_answer(conn, TakeDownAnswer("a1", desk.person_id), Wednesday().now())
    assert worlds.refresh()


def test_a_changed_rule_is_taken_up_while_running_and_a_broken_one_is_not(
    tmp_path: Path, folder: Path, database: Database, caplog: pytest.LogCaptureFixture
):
    rules = tmp_path / "rules"
    shutil.copytree(FOLDER, rules)
    chosen = settings(tmp_path, folder, UNDERSTANDING__RULES=str(rules))
    prepare(chosen, database, Wednesday())
    worlds = Worlds(chosen, database, b"key", lambda: "http://here")
    text, file = (rules / "drainage.toml").read_text("utf-8"), rules / "drainage.toml"

    def category() -> str:
        return understand("门口有葫芦娃", Context(rules=worlds.current.rules)).category

    def save(content: str, at: int) -> None:
        file.write_text(content, "utf-8")
        os.utime(file, (at, at))

    assert category() != "drainage"
    rule = '\n[[rule]]\ntopic = "blocked"\nany = ["葫芦娃"]\nweight = 9.0\nyes = ["葫芦娃"]\n'
    save(text + rule, 1_000)
    assert worlds.refresh()
    assert category() == "drainage"
    save(text + rule.replace("weight = 9.0", 'weight = "9"'), 2_000)
    for _ in range(2):
        assert not worlds.refresh()
    assert category() == "drainage"
    (said,) = [record.getMessage() for record in caplog.records if "rules" in record.getMessage()]  # once, not every three seconds
    assert f"drainage.toml:{text.count(chr(10)) + 5}: weight" in said
    save(text, 3_000)
    assert worlds.refresh()
    assert category() != "drainage"


def test_the_shipped_settings_make_the_published_limits():
    policy = make_policy(load(environ={}), {})
    assert policy.limits == DEFAULT_LIMITS
    assert policy.category_limits == {}
    assert policy.reminders == (timedelta(hours=24), timedelta(hours=72))
    assert policy.returns_allowed == 2
    assert policy.defer_longest == timedelta(days=275)


def test_a_category_keeps_what_it_does_not_say_otherwise():
    told = {"JIESU_LIMITS__NORMAL__ACKNOWLEDGE": "3wh", "JIESU_LIMITS__CATEGORY__HEATING__NORMAL__ARRIVE": "24h"}
    policy = make_policy(load(environ=told), {})
    normal, heating = policy.limits[Urgency.NORMAL], policy.limits_for("heating", Urgency.NORMAL)
    assert (heating.acknowledge, heating.solve) == (normal.acknowledge, normal.solve)
    assert (heating.arrive.unit, heating.arrive.amount) == ("clock", timedelta(hours=24))
    assert policy.limits_for("drainage", Urgency.NORMAL) == normal


def test_the_configuration_stands_over_the_organisation_and_that_over_the_nation():
    told = {"JIESU_HOURS__DAYS_OFF": "2027-06-01", "JIESU_HOURS__WORK_DAYS": "2026-11-26, 2027-06-05"}
    organisations = {date(2026, 11, 26): "off", date(2026, 11, 27): "off", date(2026, 11, 28): "work"}
    calendar = make_calendar(load(environ=told), organisations)
    assert date(2026, 11, 26) not in calendar.holidays
    assert {date(2026, 11, 27), date(2027, 6, 1), date(2026, 10, 1)} <= calendar.holidays
    assert {date(2026, 11, 28), date(2027, 6, 5), date(2026, 2, 14)} <= calendar.workdays
    assert {2026, 2027} <= calendar.known


def test_the_next_working_day_knows_holidays_and_worked_weekends():
    calendar = Calendar(holidays=frozenset({date(2026, 11, 26)}), workdays=frozenset({date(2026, 11, 28)}))
    assert next_working_day(calendar, date(2026, 11, 25)) == date(2026, 11, 27)
    assert next_working_day(calendar, date(2026, 11, 27)) == date(2026, 11, 28)
    assert next_working_day(calendar, date(2026, 11, 28)) == date(2026, 11, 30)
