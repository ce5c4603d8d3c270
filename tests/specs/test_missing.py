"""What a running organisation lacks: nothing where all is there, and each thing that is taken away by its name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.missing import area_named, as_json, look, told
from bot.world import mint
from casework.case import AreaId
from casework.errors import JiesuError
from casework.groups import Group
from casework.missing import What
from handlers.missing import say_week, sentence
from nlp.confusions import two_ways
from nlp.places import Gazetteer, Place
from storage import tables as t
from tests.fakes.hamlet import DAY, HOUR, NOW, Hamlet
from tests.fakes.town import START, Town, made, template

ALL_DAY = {"starts": time(0), "ends": time(0)}


@pytest.fixture
def hamlet(tmp_path: Path) -> Iterator[Hamlet]:
    made = Hamlet(tmp_path)
    yield made
    made.database.close()


def said(hamlet: Hamlet, now: datetime = NOW, push: bool = False) -> list[tuple[str, str, str]]:
    """Kind, area and sentence of everything that is missing."""
    found = hamlet.look(now, push)
    return [(str(each.what), each.area, sentence(found.picture, each)) for each in found.findings]


def test_nothing_is_missing_where_all_is_there(hamlet: Hamlet) -> None:
    assert said(hamlet) == []
    assert list(told(hamlet.look())) == ["新区：没有缺的。"]


# ---- each thing taken away --------------------------------------------------------------------------------------


def off(h: Hamlet) -> None:
    h.add(t.RosterException, day=date(2026, 6, 6), post_id="w1", area_id="g1", kind="off", **ALL_DAY)
    h.add(t.RosterException, day=date(2026, 6, 7), post_id="w1", area_id="g1", kind="off", **ALL_DAY)


def off_and_replaced(h: Hamlet) -> None:
    off(h)
    h.add(t.RosterException, day=date(2026, 6, 6), post_id="w2", area_id="g1", kind="on", starts=time(12), ends=time(22))
    h.add(t.RosterException, day=date(2026, 6, 7), post_id="l1", area_id="g1", kind="on", **ALL_DAY)  # by day he does not count


def vacant(h: Hamlet) -> None:
    h.change(t.Holding, "post_id", "w1", until=NOW)


def gone_home(h: Hamlet) -> None:
    h.change(t.Post, "id", "w1", off_since=NOW - HOUR)


def on_leave(h: Hamlet, substitute: str | None) -> None:
    h.add(t.Leave, post_id="w1", first=date(2026, 6, 3), last=date(2026, 6, 4), substitute_id=substitute)


def weekdays_only(h: Hamlet) -> None:
    h.change(t.Roster, "post_id", "w1", weekdays="12345")


def building(h: Hamlet, id: str, name: str, grids: list[str], aliases: list[str] | None = None, parent: str = "e") -> None:
    h.add(t.Place, id=id, kind="building", name=name, aliases=aliases or [], parent_id=parent, grids=grids)
    h.add(t.Post, id=f"l-{id}", role="building_lead", kind="auxiliary", area_id="m", place_id=id, categories=[], title="楼栋长")
    h.add(t.Holding, post_id=f"l-{id}", person_id=h.person("楼长"), since=NOW)


def place(h: Hamlet, id: str, kind: str, name: str, aliases: list[str], grids: list[str]) -> None:
    h.add(t.Place, id=id, kind=kind, name=name, aliases=aliases, grids=grids)


def estate_alias(h: Hamlet) -> None:
    place(h, "e2", "estate", "锦秀家园", ["锦绣小区"], ["g2"])
    building(h, "b9", "9号楼", ["g2"], parent="e2")
    h.add(t.Post, id="el2", role="estate_lead", area_id="m", place_id="e2", categories=[], title="负责人")
    h.add(t.Holding, post_id="el2", person_id=h.person("负责"), since=NOW)
    h.add(t.Post, id="pm2", role="specialist", area_id="m", place_id="e2", categories=["property_service"], title="物业")


def new_address(h: Hamlet, name: str, channel: str, seen: datetime | None) -> None:
    h.add(t.Address, id=mint(), person_id=h.person(name), channel=channel, external_id=mint(), seen_at=seen)


def no_telegram(h: Hamlet, name: str) -> None:
    h.remove(t.Address, "person_id", h.person(name))


def page_only(h: Hamlet, seen: datetime | None) -> None:
    no_telegram(h, "王一")
    new_address(h, "王一", "web", seen)


def second_grid_ended(h: Hamlet) -> None:
    h.change(t.Area, "id", "g2", ended_at=NOW)
    h.change(t.Post, "id", "w2", ended_at=NOW)
    h.change(t.Post, "id", "l2", area_id="g1")


GONE: list[tuple[str, Callable[[Hamlet], Any], list[tuple[str, str, str]]]] = [
    ("off for a weekend", off, [("gap", "g1", "东社区第1网格 周六、周日 全天没有人")]),
    (
        "replaced for half a day, and by an auxiliary",
        off_and_replaced,
        [("gap", "g1", "东社区第1网格 周六 7:00–12:00没有人"), ("gap", "g1", "东社区第1网格 周日 全天没有人")],
    ),
    ("leave without a substitute", lambda h: on_leave(h, None), [("gap", "g1", "东社区第1网格 周三、周四 全天没有人")]),
    ("leave with one", lambda h: on_leave(h, "w2"), []),
    ("leave with an auxiliary as substitute", lambda h: on_leave(h, "l2"), []),
    (
        "gone home an hour ago",
        gone_home,
        [("gap", "g1", "东社区第1网格 周二 10:00–21:00没有人")],
    ),
    ("never at weekends", weekdays_only, [("weekly_gap", "g1", "东社区第1网格 周六、周日 全天没有排人")]),
    (
        "a post without a person",
        vacant,
        [
            ("weekly_gap", "g1", "东社区第1网格 每天 全天没有排人"),
            ("vacant", "g1", "东社区第1网格 专职网格员（w1）没有人担任"),
        ],
    ),
    (
        "a post that has ended",
        lambda h: h.change(t.Post, "id", "w1", ended_at=NOW),
        [("weekly_gap", "g1", "东社区第1网格 每天 全天没有排人"), ("no_post", "g1", "东社区第1网格 没有网格员")],
    ),
    ("no secretary", lambda h: h.change(t.Post, "id", "cs", ended_at=NOW), [("no_post", "m", "东社区 没有社区书记")]),
    ("no address", lambda h: no_telegram(h, "王一"), [("not_in", "g1", "东社区第1网格 专职网格员 王一")]),
    ("a page that nobody opened", lambda h: page_only(h, None), [("not_in", "g1", "东社区第1网格 专职网格员 王一")]),
    ("a page that is used", lambda h: page_only(h, NOW - DAY), []),
    (
        "a lead who is to stand in for a worker must be",
        lambda h: (on_leave(h, "l2"), no_telegram(h, "楼长")),
        [("not_in", "g2", "东社区第2网格 楼栋长 楼长")],
    ),
    ("a lead who has no duty need not be in", lambda h: no_telegram(h, "楼长"), []),
    (
        "blocked",
        lambda h: h.change(t.Address, "person_id", h.person("书记"), blocked_at=NOW),
        [("blocked", "m", "东社区 社区书记 书记")],
    ),
    (
        "a card since yesterday",
        lambda h: h.sent("李二", NOW - 25 * HOUR),
        [("silent", "g2", "东社区第2网格 专职网格员 李二，6月1日09:00的工单还没看")],
    ),
    ("a card of today", lambda h: h.sent("李二", NOW - 23 * HOUR), []),
    ("something that is no card", lambda h: h.sent("李二", NOW - 25 * HOUR, "fact"), []),
    ("a card that was never sent", lambda h: h.sent("李二", NOW - 25 * HOUR, state="dead"), []),
    ("a building in no grid", lambda h: building(h, "b9", "9号楼", []), [("no_grid", "m", "锦绣苑9号楼")]),
    (
        "a building in a grid that has ended",
        second_grid_ended,
        [("no_grid", "g1", "锦绣苑2号楼")],
    ),
    (
        "an estate without buildings and lead, and nobody for its property",
        lambda h: place(h, "e2", "estate", "东苑", [], ["g2"]),
        [
            ("no_buildings", "g2", "东苑"),
            ("no_lead", "g2", "东苑 没有小区负责人"),
            ("no_specialist", "g2", "东社区第2网格 物业服务：东苑"),
        ],
    ),
    (
        "a building without its lead",
        lambda h: h.change(t.Post, "id", "l2", ended_at=NOW),
        [("no_lead", "g2", "锦绣苑2号楼 没有楼栋长")],
    ),
    (
        "no heating company",
        lambda h: h.change(t.Post, "id", "heat", categories=["water_power_gas"]),
        [("no_specialist", "m", "东社区 供暖：锦绣苑")],
    ),
    ("an alias of two estates", estate_alias, [("two_ways", "m", "「锦绣小区」：锦绣苑、锦秀家园")]),
    (
        "a number twice in an estate",
        lambda h: building(h, "b9", "一栋", ["g2"]),
        [("two_ways", "m", "「1号楼」：锦绣苑1号楼、锦绣苑一栋")],
    ),
    (
        "a road and a community",
        lambda h: place(h, "r2", "road", "恒安路", ["东居委会"], []),
        [("two_ways", "m", "「东居委会」：恒安路、东社区")],
    ),
    ("a landmark named as the community it lies in", lambda h: place(h, "x", "landmark", "东社区", [], ["g1"]), []),
    (
        "an answer that ends soon",
        lambda h: h.add(t.Answer, topic="低保", any_of=[], with_any=[], none_of=[], text="t", source="s",
                        valid_until=date(2026, 7, 2)),
        [("answer", "c", "「低保」2026年7月2日到期")],
    ),
    (
        "an answer that has ended",
        lambda h: h.add(t.Answer, topic="低保", any_of=[], with_any=[], none_of=[], text="t", source="s",
                        valid_until=date(2026, 6, 1)),
        [("answer", "c", "「低保」2026年6月1日到期了，不再回答")],
    ),
    (
        "an answer a day later than soon",
        lambda h: h.add(t.Answer, topic="低保", any_of=[], with_any=[], none_of=[], text="t", source="s",
                        valid_until=date(2026, 7, 3)),
        [],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("take", "missing"), [row[1:] for row in GONE], ids=[row[0] for row in GONE])
def test_what_is_taken_away_is_missed(
    hamlet: Hamlet, take: Callable[[Hamlet], None], missing: list[tuple[str, str, str]]
) -> None:
    take(hamlet)
    assert said(hamlet) == missing


def test_who_answered_since_is_not_silent(hamlet: Hamlet) -> None:
    hamlet.sent("李二", NOW - 50 * HOUR)
    hamlet.change(t.Address, "person_id", hamlet.person("李二"), seen_at=NOW - 49 * HOUR)
    assert said(hamlet) == []
    hamlet.sent("李二", NOW - 48 * HOUR)  # a new one every day does not make the silence shorter
    hamlet.sent("李二", NOW - HOUR)
    assert [kind for kind, _, _ in said(hamlet)] == ["silent"]


def test_one_channel_that_is_open_is_enough(hamlet: Hamlet) -> None:
    hamlet.change(t.Address, "person_id", hamlet.person("王一"), blocked_at=NOW)
    new_address(hamlet, "王一", "wechat", None)
    assert said(hamlet) == []


def test_only_the_page_is_worth_a_word_where_a_channel_rings(hamlet: Hamlet) -> None:
    page_only(hamlet, NOW - DAY)
    assert said(hamlet, push=True) == [("page_only", "g1", "东社区第1网格 专职网格员 王一")]


@pytest.mark.parametrize("area", ["g1", "m", "c"])
def test_whom_a_groups_robot_calls_is_not_missing_and_is_counted(hamlet: Hamlet, area: str) -> None:
    """Of the post's area or of any that holds it."""
    page_only(hamlet, NOW - DAY)
    hamlet.groups = [Group("wecom", "dong", (AreaId(area),))]
    found = hamlet.look(push=True)
    assert found.counts() == {}
    assert "只在网页上、由群机器人叫的 1 人：dong 叫 1 人" in list(told(found))
    assert json.loads(as_json(found))["called_by_robot"] == {"dong": 1}
    elsewhere = found.within(AreaId("g2"))
    assert json.loads(as_json(elsewhere))["called_by_robot"] == {}
    assert not any("群机器人" in line for line in told(elsewhere))


def test_another_teams_robot_calls_nobody_here(hamlet: Hamlet) -> None:
    page_only(hamlet, NOW - DAY)
    hamlet.groups = [Group("wecom", "xi", (AreaId("g2"),))]
    assert said(hamlet, push=True) == [("page_only", "g1", "东社区第1网格 专职网格员 王一")]
    assert hamlet.look(push=True).robots() == {}


def test_a_robot_calls_nobody_in_a_post_that_it_does_not_serve(hamlet: Hamlet) -> None:
    """Somebody of two grids hears of one only: worth a word still."""
    page_only(hamlet, NOW - DAY)
    hamlet.change(t.Holding, "post_id", "w2", person_id=hamlet.person("王一"))
    hamlet.groups = [Group("wecom", "dong", (AreaId("g1"),))]
    assert ("page_only", "g1", "东社区第1网格 专职网格员 王一") in said(hamlet, push=True)


def test_who_has_a_chat_or_never_came_in_is_not_called(hamlet: Hamlet) -> None:
    hamlet.groups = [Group("wecom", "dong", (AreaId("c"),))]
    assert hamlet.look(push=True).robots() == {}
    page_only(hamlet, None)
    assert [kind for kind, _, _ in said(hamlet, push=True)] == ["not_in"]
    assert hamlet.look(push=True).robots() == {}


def test_a_town_without_leads_misses_none(hamlet: Hamlet) -> None:
    for post in ("l1", "l2", "el"):
        hamlet.change(t.Post, "id", post, ended_at=NOW)
    assert said(hamlet) == []


def test_the_next_year_from_november_on(hamlet: Hamlet) -> None:
    hamlet.answers = []
    later = datetime(2026, 10, 31, 2, 0, tzinfo=UTC)
    assert said(hamlet, later) == []
    assert said(hamlet, later + DAY) == [("year", "c", "2027 年")]


def test_answers_of_the_file_count_too_and_once(hamlet: Hamlet) -> None:
    hamlet.answers = [hamlet.answers[0]] * 2
    assert said(hamlet, datetime(2027, 1, 15, 2, 0, tzinfo=UTC))[-1] == ("answer", "c", "「供暖时间」2026年12月31日到期了，不再回答")
    assert len([kind for kind, _, _ in said(hamlet, datetime(2027, 1, 15, 2, 0, tzinfo=UTC)) if kind == "answer"]) == 1


# ---- the report -------------------------------------------------------------------------------------------------


def test_an_area_narrows_it(hamlet: Hamlet) -> None:
    no_telegram(hamlet, "王一")
    no_telegram(hamlet, "书记")
    found = hamlet.look()
    assert len(found.findings) == 2
    assert [each.facts["name"] for each in found.within(AreaId("g1")).findings] == ["王一"]
    assert [area_named(found.picture, words).id for words in ("g1", "东居委会", "第1网格", "东社区")] == ["g1", "m", "g1", "m"]
    with pytest.raises(JiesuError, match=r"g1.*g2"):
        area_named(found.picture, "网格")
    with pytest.raises(JiesuError, match="东街道"):
        area_named(found.picture, "东大街道")


def test_a_long_list_is_cut_and_says_so(hamlet: Hamlet) -> None:
    for n in range(10, 35):
        building(hamlet, f"x{n}", f"{n}号楼", [])
    found = hamlet.look()
    lines = list(told(found))
    assert "没有划进网格的楼（25）" in lines
    assert sum(line.startswith("  锦绣苑") for line in lines) == 20
    assert "  还有 5 个，--all 看全部" in lines
    assert sum(line.startswith("  锦绣苑") for line in told(found, everything=True)) == 25


def test_every_kind_has_its_heading_and_remedy(hamlet: Hamlet) -> None:
    from handlers.missing import heading, remedy

    assert all(heading(what) and remedy(what) for what in What)


def test_for_scripts(hamlet: Hamlet) -> None:
    off(hamlet)
    hamlet.sent("李二", NOW - 25 * HOUR)
    found = json.loads(as_json(hamlet.look()))
    assert found["counts"] == {"gap": 1, "silent": 1}
    assert found["missing"][0] == {
        "kind": "gap", "area": "g1", "area_name": "东社区第1网格", "say": "东社区第1网格 周六、周日 全天没有人",
        "days": ["2026-06-06", "2026-06-07"], "from": "07:00", "until": "22:00",
    }  # fmt: skip
    assert found["missing"][1]["since"] == "2026-06-01T09:00:00+08:00"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((1,), "周一"),
        ((6, 7), "周六、周日"),
        ((1, 2, 3, 4, 5), "周一到周五"),
        ((1, 3, 4, 5, 7), "周一、周三到周五、周日"),
        ((1, 2, 3, 4, 5, 6, 7), "每天"),
        ((date(2026, 6, 6), date(2026, 6, 7), date(2026, 6, 8)), "周六到周一"),
    ],
)
def test_days_as_one_says_them(days: tuple[Any, ...], words: str) -> None:
    assert say_week(days) == words


# ---- the reader and the check mean the same ---------------------------------------------------------------------

NAMES = [
    Place("e1", "estate", "锦绣苑", ("ＪＸ小区",)), Place("e2", "estate", "锦绣家园", ("jx小区",)),
    Place("b1", "building", "三号楼", (), "e1"), Place("b2", "building", "3栋", (), "e1"), Place("b3", "building", "3号楼", (), "e2"),
    Place("b4", "building", "A座", (), "e1"), Place("r", "road", "苑"),
]  # fmt: skip


def test_what_the_reader_confuses_is_what_is_named() -> None:
    """Both by the reader's own spelling: the names with several ids, and the buildings that are never found."""
    found = two_ways(NAMES)
    gazetteer = Gazetteer.build(NAMES)
    assert [ids for words, ids in found if ids[0].startswith("e")] == [ids for ids in gazetteer.names.values() if len(ids) > 1]
    assert ("3号楼", ("b1", "b2")) in found
    assert len(found) == 2
    reached = {building for labels in gazetteer.buildings.values() for building in labels.values()}
    assert "b2" not in reached


# ---- the demonstration town -------------------------------------------------------------------------------------


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    yield from made(tmp_path, template(tmp_path))


def test_the_demonstration_is_whole_but_for_its_people_and_what_ends_with_the_year(town: Town) -> None:
    """220 grids, 1,570 buildings, 9,700 workers: read in a few statements, not one for each grid."""
    sent: list[str] = []

    def sends(conn: Any, cursor: Any, statement: str, *more: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", sends)
    try:
        with town.database.reading() as conn:
            found = look(conn, town.world.policy, START, town.world.answers, push=False)
    finally:
        event.remove(Engine, "before_cursor_execute", sends)
    counts = found.counts()
    assert set(counts) == {What.NOT_IN, What.YEAR, What.ANSWER}
    assert 500 < counts[What.NOT_IN] < 1000  # who has duty or a desk, not all the 7,600 unit leads
    assert len(sent) <= 12
