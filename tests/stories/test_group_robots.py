"""Teams that have no other push: the group's robot says that something waits, and for whom; all else is on the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import App
from tests.fakes.page import browser, page
from tests.fakes.robots import FakeRobots
from tests.fakes.town import Phone, Town, made
from tests.fakes.waiting import until

NIGHT = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)  # Tuesday 23:00
LAMP = "锦绣苑3号楼2单元楼道灯坏了"
FIRE = "锦绣苑3号楼2单元着火了"


@pytest.fixture
def night(tmp_path: Path, town_template: Path) -> Iterator[Town]:
    yield from made(tmp_path, town_template, NIGHT, spare=True)


def told(group: Phone) -> list[str]:
    return [message.text for message in group.shown]


def test_who_has_only_the_page_is_called_by_the_group_and_acts_on_the_page(town: Town) -> None:
    worker = town.staff("w-s1c1g1", "web")
    group = town.group("jinxiu", "s1c1")
    resident = town.resident("王阿姨")
    resident.says(LAMP + "，电话13800138000")
    card = worker.sees("新诉求 26-000001")
    (line,) = group.shown
    assert line.text == (
        f"新诉求：26-000001 · 房屋和公共设施 · 等接单\n今天12:00前接单。\n请专职网格员 {worker.name}打开 https://jiesu.example.org/ 处理。"
    )
    assert line.buttons == []
    assert line.files == []
    for private in ("锦绣苑", "3号楼", "灯", "王阿姨", "13800138000"):
        assert private not in line.text
    assert "锦绣苑" in card.text
    worker.presses("接单")
    assert town.case.state == "acknowledged"
    resident.sees("26-000001", "接单")
    assert len(group.shown) == 1


def test_who_can_be_written_to_first_needs_no_group(town: Town) -> None:
    worker, page = town.staff("w-s1c1g1", "telegram"), town.staff("w-s1c1g1", "web")
    page.says("上班")
    town.forward(minutes=1)
    page.says("我的工单")  # last on the page: what is written first goes to the chat all the same
    group = town.group("jinxiu", "s1c1")
    town.resident().says(LAMP)
    worker.sees("新诉求")
    assert told(group) == []


def test_who_has_never_come_in_is_not_called_to_a_page_that_does_not_know_them(town: Town) -> None:
    town.staff("w-s1c1g1", "telegram")
    group = town.group("jinxiu", "s1c1")
    town.resident().says(LAMP)
    assert told(group) == []  # the property company has a part in it


def test_who_has_blocked_the_chat_is_called_by_the_group(town: Town) -> None:
    chat, page = town.staff("w-s1c1g1", "telegram"), town.staff("w-s1c1g1", "web")
    group = town.group("jinxiu", "s1c1")
    town.hears("telegram", chat.address, "blocked", "", {})
    town.resident().says(LAMP)
    page.sees("新诉求")
    group.sees("新诉求", page.name)


def test_the_smallest_area_that_has_a_group_counts(town: Town) -> None:
    worker = town.staff("w-s1c1g1", "web")
    secretary = town.staff("cs-s1c1", "web")
    community, grid, city = town.group("社区", "s1c1"), town.group("网格", "s1c1g1", channel="feishu"), town.group("市", "c")
    town.resident().says(LAMP)
    grid.sees("新诉求", worker.name)
    town.forward(hours=3)  # nobody accepts
    community.sees("没人接单", secretary.name)
    assert all(secretary.name not in line for line in told(grid))
    assert told(city) == []


def test_other_areas_groups_hear_nothing(town: Town) -> None:
    town.staff("w-s1c1g1", "web")
    group = town.group("别处", "s1c2")
    town.resident().says(LAMP)
    assert told(group) == []


def test_one_line_names_all_whom_it_is_for(town: Town) -> None:
    members = [town.staff(post, "web") for post in ("w-s1c1g1", "cs-s1c1", "sd-s1")]
    group = town.group("东华", "s1", channel="dingtalk")
    town.staff("city-1", "telegram")
    town.resident().says(FIRE)
    town.forward(minutes=1)
    about = [line for line in told(group) if members[0].name in line]
    assert len(about) == 1
    assert about[0].startswith("🚨紧急：26-000001")
    assert "锦绣苑" not in about[0]
    town.forward(minutes=50)  # it climbs to the city, and then rings with all of them every ten minutes
    everybody = [line for line in told(group) if all(member.name in line for member in members)]
    assert everybody
    rung = [(message.at, message.key) for message in group.shown]
    assert len(rung) == len(set(rung))


def test_at_night_the_group_sleeps_as_its_members_do(night: Town) -> None:
    worker = night.staff("w-s1c1g1", "web")
    group = night.group("jinxiu", "s1c1")
    night.resident().says(LAMP)
    assert told(group) == []
    night.forward(hours=8, minutes=1)
    worker.sees("新诉求")
    (line,) = group.shown
    assert line.at.astimezone(night.world.policy.calendar.zone).hour == 7


def test_an_emergency_wakes_the_group(night: Town) -> None:
    night.staff("cs-s1c1", "web")
    group = night.group("jinxiu", "s1c1")
    night.resident().says(FIRE)
    night.forward(minutes=11)
    assert told(group)


def test_reminders_go_to_the_group_and_a_prompt_that_is_no_longer_true_does_not(town: Town) -> None:
    worker = town.staff("w-s1c1g1", "web")
    group = town.group("jinxiu", "s1c1")
    town.resident().says(LAMP)
    worker.presses("接单")
    town.forward(days=2)
    group.sees("过了到场时限", "26-000001", worker.name)
    town.forward(days=5, hours=6)
    assert not [line for line in told(group) if "快到期" in line]  # what is normal stands in the digest
    worker.sees_nothing("快到期")


def test_what_falls_due_is_told_to_the_group_with_the_digest(town: Town) -> None:
    """Whose it is, and where to look; a day on which nothing ends says nothing there."""
    worker = town.staff("w-s1c1g1", "web")
    group = town.group("jinxiu", "s1c1")
    town.resident().says(LAMP)  # Tuesday 10:00, until the next Tuesday 18:00
    worker.presses("接单")
    group.clears()
    town.forward(days=5, hours=22)
    town.workday(evening=False)
    assert not [line for line in told(group) if "到期" in line]
    town.forward(days=1)
    town.workday(evening=False)
    line = group.sees("有今天到期的", worker.name)
    assert "26-" not in line.text
    assert "锦绣苑" not in line.text
    worker.sees("早上好", "今天到期 1 件：", "26-000001")
    town.forward(hours=9)
    town.workday(evening=True)
    worker.sees("今天还没办完的", "今天到期 1 件：", "26-000001")
    group.sees_nothing("到期")


def test_an_urgent_case_that_falls_due_is_told_to_the_group_at_once(town: Town) -> None:
    worker = town.staff("w-s1c1g1", "web")
    group = town.group("jinxiu", "s1c1")
    town.resident().says("锦绣苑3号楼2单元没暖气")
    worker.presses("接单")
    town.forward(hours=23)
    group.sees("快到期", "26-000001", worker.name)


def test_what_somebody_does_on_the_page_is_not_told_to_the_group(town: Town) -> None:
    secretary = town.staff("cs-s1c1", "web")
    group = town.group("jinxiu", "s1c1")
    resident = town.resident()
    resident.says(LAMP)
    resident.says("转人工")
    group.sees("有任务", secretary.name, "前做完")
    seen = len(group.shown)
    secretary.says("任务")
    (card,) = secretary.presses("居民要人工 2")
    assert card.kind == "card"
    assert len(group.shown) == seen


def test_a_residents_own_messages_are_never_told_to_a_group(town: Town) -> None:
    """Also not of a worker who reports something as a resident of the town."""
    town.staff("w-s1c1g1", "telegram")
    neighbour = town.staff("w-s1c2g1", "web")
    group = town.group("jinxiu", "s1c2")
    neighbour.says("登记")
    neighbour.says(LAMP)
    town.forward(days=9)
    assert not [line for line in told(group) if neighbour.name in line and "快到期" not in line]


def test_a_robot_that_fails_becomes_the_desks_telephone_task_once(town: Town) -> None:
    worker = town.staff("w-s1c1g1", "web")
    secretary = town.staff("cs-s1c1", "telegram")
    group = town.group("jinxiu", "s1c1")
    town.refused.add("jinxiu")
    resident = town.resident()
    resident.says(LAMP)
    worker.sees("新诉求")
    secretary.sees("26-000001", "发不到他那里")
    secretary.clears()
    resident.says("三楼的灯也不亮")
    worker.sees("居民补充")
    secretary.sees_nothing("发不到他那里")
    assert told(group) == []
    worker.presses("接单")
    assert town.case.state == "acknowledged"


def test_what_has_no_case_is_said_without_one(town: Town) -> None:
    town.staff("w-s1c1g1", "telegram").says("换班")
    group = town.group("jinxiu", "s1c1")
    page = town.staff("w-s1c1g2", "web")
    town.staff("w-s1c1g1", "telegram").says(f"请假 明天 {page.name}顶班")
    group.sees("请假的事要您回话", page.name)
    assert "26-" not in told(group)[0]


# ---- the whole program ----------------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_from_the_page_to_the_group_and_back(tmp_path: Path) -> None:
    """A resident writes, the robot's platform is busy and then takes the line, the worker opens the page and accepts."""
    fake = FakeRobots()
    await fake.start()
    group = fake.group("dingtalk", secret="SECgroup", keyword="接诉")
    group.bad.append(502)
    sections = {"demo": {"enabled": True}, "robots": {"jinxiu": group.settings("s1c1")}}
    try:
        async with (
            page(tmp_path, handling=None, **sections) as app,
            browser(app) as resident,
            browser(app) as worker,
        ):
            await resident.post("/api/chat/session", json={})
            await resident.post("/api/chat/messages", json={"client_id": "a", "text": LAMP})
            await until(lambda: group.shown, 30)
            (line,) = group.shown
            assert line.startswith("接诉 新诉求：26-000001")
            assert "3号楼" not in line
            await worker.post("/demo/chair/w-s1c1g1")
            async with worker.get("/api/chat/messages?after=0") as answer:
                card = next(m for m in (await answer.json())["messages"] if m["case"] == "26-000001")
            accept = next(button["value"] for button in card["buttons"] if button["label"] == "接单")
            await worker.post("/api/chat/messages", json={"client_id": "b", "button": accept})
            await until(lambda: state(app) == "acknowledged", 10)
            assert len(group.shown) == 1
    finally:
        await fake.stop()


def state(app: App) -> str:
    with app.database.reading() as conn:
        return str(conn.execute(text("select state from cases")).scalar())
