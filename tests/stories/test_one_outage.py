"""One outage, several cards: the same step with one press, and one message to everybody in the building."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from casework.case import State
from storage import cases
from storage import tables as t
from tests.fakes.town import Phone, Town

HEAT = "锦绣苑3号楼{}单元又没暖气了"
LAMP = "锦绣苑3号楼楼道灯不亮"
ELSEWHERE = "锦绣苑5号楼没暖气了"
WORKER = "w-s1c1g1"


@pytest.fixture(params=["telegram", "web"])
def worker(town: Town, request: pytest.FixtureRequest) -> Phone:
    return town.staff(WORKER, request.param)


def outage(town: Town) -> list[Phone]:
    """Three homes without heat in one building, a lamp there, and a home elsewhere: 26-000001 to 26-000005."""
    phones = [town.resident(f"居民{n}", "web" if n % 2 else "telegram") for n in range(5)]
    for phone, words in zip(phones, (HEAT.format(1), HEAT.format(2), HEAT.format(3), LAMP, ELSEWHERE), strict=True):
        phone.says(words)
    for phone in phones:
        phone.clears()
    return phones


def states(town: Town) -> list[State]:
    return [c.state for c in town.cases()]


def first_card(town: Town, worker: Phone) -> None:
    worker.says("我的工单")
    worker.presses("26-000001")
    town.forward(seconds=5)
    worker.clears()


def kinds(town: Town, number: str) -> list[str]:
    with town.database.reading() as conn:
        case = cases.by_number(conn, number)
        assert case is not None
        return [e.kind for e in cases.events(conn, case.id)]


# ---- the same step ------------------------------------------------------------------------------------------------


def test_one_press_for_the_whole_outage(town: Town, worker: Phone) -> None:
    phones = outage(town)
    first_card(town, worker)
    worker.presses("接单")
    worker.sees("26-000001您接了")
    worker.presses("同楼 2 件一起")
    worker.sees("同楼 2 件一起记下了「接单」：26-000002、26-000003")
    assert states(town) == [State.ACKNOWLEDGED] * 3 + [State.ASSIGNED] * 2
    for phone, number in zip(phones[:3], ("26-000001", "26-000002", "26-000003"), strict=True):
        told = phone.sees(number, "已经接单了")
        assert sum(n in told.text for n in ("26-000001", "26-000002", "26-000003")) == 1  # nobody learns of the others
    for phone in phones[3:]:
        phone.sees_nothing()


def test_done_together_each_is_asked_and_the_photo_stays_with_its_home(town: Town, worker: Phone) -> None:
    phones = outage(town)
    first_card(town, worker)
    worker.presses("办好了")
    worker.sends_photo("楼前阀门换了")
    assert len(phones[0].sees("说办好了：楼前阀门换了").files) == 1
    worker.presses("同楼 2 件一起")
    worker.sees("这 2 位居民都会看到这一句", "「楼前阀门换了」", "不带这句")
    assert states(town) == [State.RESOLVED] + [State.ASSIGNED] * 4
    worker.presses("带上这句")
    for phone in phones[1:3]:
        asked = phone.sees("说办好了：楼前阀门换了", "解决了吗")
        assert asked.files == []
        assert [b["label"] for b in asked.buttons] == ["已解决", "部分解决", "未解决"]
    assert states(town) == [State.RESOLVED] * 3 + [State.ASSIGNED] * 2


def test_the_name_of_one_home_does_not_go_to_its_neighbours(town: Town, worker: Phone) -> None:
    phones = outage(town)
    first_card(town, worker)
    worker.presses("办好了")
    worker.says("601王大爷家空开跳了，换了空开")
    worker.presses("同楼 2 件一起")
    worker.presses("不带这句")
    for phone in phones[1:3]:
        assert "王大爷" not in phone.sees("说办好了：这栋楼同样的事一起办好了").text
    worker.presses("点错了")
    worker.sees("好，2 件都撤销了刚才那一步：26-000002、26-000003")
    assert states(town)[:3] == [State.RESOLVED, State.ASSIGNED, State.ASSIGNED]
    assert "撤销刚才那一步，现在" not in worker.shown[-1].text


def test_or_only_the_one(town: Town, worker: Phone) -> None:
    phones = outage(town)
    first_card(town, worker)
    worker.presses("办好了")
    worker.says("换了空开")
    worker.presses("同楼 2 件一起")
    worker.presses("不一起办")
    for phone in phones[1:3]:
        phone.sees_nothing("说办好了")


def test_there_together_and_a_day_together(town: Town, worker: Phone) -> None:
    phones = outage(town)
    first_card(town, worker)
    worker.presses("到场")
    worker.presses("同楼 2 件一起")
    assert states(town)[:3] == [State.IN_PROGRESS] * 3
    worker.says("我的工单")
    worker.presses("26-000001")
    worker.presses("更多…")
    worker.presses("定个日期")
    worker.presses("今天")
    worker.presses("同楼 2 件一起")
    for phone in phones[:3]:
        phone.sees("说今天18:00前办好")


def test_what_does_not_go_is_named_in_one_line(town: Town, worker: Phone) -> None:
    outage(town)
    first_card(town, worker)
    worker.presses("接单")
    button = next(b["value"] for b in worker.shown[-1].buttons if b["label"] == "同楼 2 件一起")
    worker.says("我的工单")
    worker.presses("26-000002")
    worker.presses("接单")
    worker.presses_value(button)
    worker.sees("同楼 1 件一起记下了「接单」：26-000003", "没有一起办的：26-000002（已接单）")
    assert kinds(town, "26-000002").count("acknowledge") == 1
    worker.presses_value(button)
    worker.sees("没有可以一起办的了")


def test_all_of_it_is_taken_back_with_one_press(town: Town, worker: Phone) -> None:
    outage(town)
    first_card(town, worker)
    worker.presses("接单")
    worker.presses("同楼 2 件一起")
    worker.presses("点错了")
    assert states(town)[:3] == [State.ACKNOWLEDGED, State.ASSIGNED, State.ASSIGNED]


def test_only_own_cards_count(town: Town, worker: Phone) -> None:
    """A case that went to somebody else is not touched, whatever building it is of."""
    outage(town)
    other = town.staff("cs-s1c1")
    worker.says("我的工单")
    worker.presses("26-000002")
    worker.presses("退单")
    worker.presses("不归我管")
    first_card(town, worker)
    worker.presses("接单")
    assert "同楼 1 件一起" in worker.labels(1)
    button = next(b["value"] for b in worker.shown[-1].buttons if b["label"] == "同楼 1 件一起")
    other.presses_value(button)
    other.sees("这个按钮是别人的")
    worker.presses_value(button)
    assert [kinds(town, f"26-00000{n}").count("acknowledge") for n in (1, 2, 3)] == [1, 0, 1]


def test_a_card_that_stands_alone_has_no_such_button(town: Town, worker: Phone) -> None:
    outage(town)
    worker.says("我的工单")
    worker.presses("26-000004")
    worker.presses("接单")
    assert not [label for label in worker.labels(1) if "同楼" in label]


# ---- one message --------------------------------------------------------------------------------------------------

NEWS = "今天下午三点来检修，四点通暖"


def told_building(town: Town, worker: Phone, words: str = NEWS) -> None:
    first_card(town, worker)
    worker.presses("更多…")
    worker.presses("告诉同楼的人")
    worker.sees("要告诉他们什么", "锦绣苑3号楼，供暖")
    worker.says(words)


def test_everybody_with_the_same_trouble_hears_it_alone(town: Town, worker: Phone) -> None:
    phones = outage(town)
    told_building(town, worker)
    worker.sees("要发给 3 位有在办诉求的居民（锦绣苑3号楼，供暖）", f"「{NEWS}」", "署名：专职网格员 潘霞兰")
    for phone in phones:
        phone.sees_nothing()  # not before it is confirmed
    worker.presses("发出")
    worker.sees("发给 3 位居民了")
    for phone, number in zip(phones[:3], ("26-000001", "26-000002", "26-000003"), strict=True):
        told = phone.sees(NEWS, f"专职网格员 潘霞兰说（{number}）")
        assert not [n for n in range(1, 6) if f"26-00000{n}" in told.text and f"26-00000{n}" != number]
        assert "居民" not in told.text
    for phone in phones[3:]:
        phone.sees_nothing()
    assert [kinds(town, f"26-00000{n}").count("contact") for n in range(1, 6)] == [1, 1, 1, 0, 0]


def test_the_whole_building_when_it_is_meant(town: Town, worker: Phone) -> None:
    phones = outage(town)
    told_building(town, worker)
    worker.presses("全楼在办的都发（4 位）")
    worker.sees("要发给 4 位有在办诉求的居民（锦绣苑3号楼）")
    worker.says("发出")
    for phone in phones[:4]:
        phone.sees(NEWS)
    phones[4].sees_nothing()


def test_written_anew_or_not_at_all(town: Town, worker: Phone) -> None:
    phones = outage(town)
    told_building(town, worker, "写错了")
    worker.presses("重写")
    worker.says(NEWS)
    worker.presses("不发了")
    worker.sees("没有发")
    for phone in phones:
        phone.sees_nothing()
    assert "contact" not in kinds(town, "26-000001")


def test_one_with_two_cases_hears_it_once(town: Town, worker: Phone) -> None:
    resident = town.resident("王阿姨")
    resident.says(HEAT.format(1))
    town.forward(days=1)
    town.resident("邻居").says(HEAT.format(2))
    with town.database.writing() as conn:  # the same person in both, as after two chats were joined
        table = t.Case.__table__  # type: ignore[attr-defined]
        conn.execute(table.update().where(table.c.number == "26-000002").values(resident_id=resident.address))
        event = t.Event.__table__  # type: ignore[attr-defined]
        ids = conn.execute(select(table.c.id).where(table.c.number == "26-000002")).scalar_one()
        row = conn.execute(select(event).where(event.c.case_id == ids, event.c.seq == 1)).one()
        changes = {k: resident.address if k == "resident_id" else v for k, v in row.changes.items()}
        conn.execute(event.update().where(event.c.id == row.id).values(changes=changes))
    resident.clears()
    told_building(town, worker)
    worker.sees("要发给 1 位")
    worker.presses("发出")
    assert sum(NEWS in m.text for m in resident.shown) == 1
    assert [kinds(town, n).count("contact") for n in ("26-000001", "26-000002")] == [1, 1]


def test_whom_nothing_reaches_is_named_and_was_not_contacted(town: Town, worker: Phone) -> None:
    phones = outage(town)
    town.hears("telegram", phones[2].address, "blocked", "", {})
    told_building(town, worker)
    worker.presses("发出")
    worker.sees("发给 2 位居民了", "收不到消息的，请打电话或上门：26-000003")
    assert "contact" not in kinds(town, "26-000003")


def test_the_photo_of_a_notice_goes_along(town: Town, worker: Phone) -> None:
    phones = outage(town)
    first_card(town, worker)
    worker.presses("更多…")
    worker.presses("告诉同楼的人")
    worker.sends_photo(NEWS)
    worker.presses("发出")
    for phone in phones[:3]:
        assert len(phone.sees(NEWS).files) == 1


def test_somebody_who_lost_the_case_meanwhile_sends_nothing(town: Town, worker: Phone) -> None:
    phones = outage(town)
    told_building(town, worker)
    button = next(b["value"] for b in worker.shown[-1].buttons if b["label"] == "发出")
    worker.says("我的工单")
    worker.presses("26-000001")
    worker.presses("退单")
    worker.presses("不归我管")
    worker.presses_value(button)
    worker.sees("不在您手上")
    for phone in phones:
        phone.sees_nothing(NEWS)
