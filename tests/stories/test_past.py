"""经过: whoever has a case next reads what was told, noted, returned and handed over before them; nobody else does."""

from __future__ import annotations

import pytest

from tests.fakes.town import Phone, Town

HOME = "锦绣苑3号楼2单元"
WORKER, SECRETARY, STREET, CITY = "w-s1c1g1", "cs-s1c1", "sd-s1", "city-1"


@pytest.fixture
def resident(town: Town) -> Phone:
    return town.resident("王阿姨")


def with_a_past(town: Town, resident: Phone) -> None:
    """Filed, added to, noted, returned, climbed."""
    worker = town.staff(WORKER)
    resident.says(f"{HOME}楼道灯不亮，电话13912345678")
    resident.presses("补充")
    resident.says("开关在一楼电表箱后面，上次电工弄坏的，打13912345678")
    worker.says("收到")
    worker.says("电表箱钥匙在物业老李那里，他的电话13812340000")
    town.forward(minutes=1)
    worker.presses("退单", 30)
    worker.presses("不归我管")


def test_the_next_one_reads_all_of_it(town: Town, resident: Phone) -> None:
    """Who and when, the words of the resident and of the staff, the reason of a return; no telephone number."""
    secretary = town.staff(SECRETARY)
    with_a_past(town, resident)
    town.forward(hours=9)
    secretary.commands(f"/case {town.case.number}")
    secretary.sees(town.case.number)
    told = secretary.presses("经过")[-1].text
    for words in ("居民登记", "派给专职网格员 潘霞兰", "今天10:00 居民补充：「开关在一楼电表箱后面", "专职网格员 潘霞兰的备注（居民看不到）：「电表箱钥匙在物业老李那里",
                  "潘霞兰接单", "潘霞兰退单（不归我管），转给社区"):
        assert words in told, (words, told)
    assert "1391234" not in told
    assert "1381234" not in told


def test_whoever_gets_it_by_a_return_sees_on_the_card_what_was_added(town: Town, resident: Phone) -> None:
    town.staff(SECRETARY)
    with_a_past(town, resident)
    town.forward(hours=9)
    got = [m for p in town.phones.values() for m in p.shown if m.key == "card.returned"]
    assert got
    assert all("居民还说：「开关在一楼电表箱后面" in m.text for m in got)
    assert all("老李" not in m.text for m in got)


def test_who_may_not_read_the_case_reads_no_past_of_it(town: Town, resident: Phone) -> None:
    """A worker of another community, the city (figures only), and whoever the complaint is about."""
    town.staff(SECRETARY)
    with_a_past(town, resident)
    number = town.case.number
    for post in ("w-s1c2g1", "cs-s1c2", CITY):
        other = town.staff(post)
        other.commands(f"/case {number}")
        assert other.shown[-1].text == "这一件您看不到。", post
        assert "开关" not in " ".join(m.text for m in other.shown)


def test_a_worker_of_the_grid_without_a_part_in_it_may_look(town: Town, resident: Phone) -> None:
    with_a_past(town, resident)
    worker = town.staff(WORKER)
    worker.commands(f"/case {town.case.number}")
    assert "的经过" in worker.shown[-1].text


def test_the_accused_reads_no_past(town: Town, resident: Phone) -> None:
    worker, secretary = town.staff(WORKER), town.staff(SECRETARY)
    resident.says(f"{HOME}网格员骂人")
    worker.commands(f"/case {town.case.number}")
    assert "看不到" in worker.shown[-1].text
    secretary.presses("经过")
    assert "网格员骂人" in secretary.shown[-1].text


def test_hidden_reporters_stay_hidden(town: Town, resident: Phone) -> None:
    worker = town.staff(WORKER)
    resident.says(f"保密，{HOME}502室，我是王小明，楼上天天半夜吵")
    resident.says("我是王小明，住502室，昨天又吵到两点")
    worker.presses("经过", 30)
    told = worker.shown[-1].text
    assert "502" not in told
    assert "王小明" not in told


def test_what_rings_every_ten_minutes_is_one_line_and_much_is_paged(town: Town, resident: Phone) -> None:
    town.staff(WORKER)
    city = town.staff(CITY)
    resident.says(f"{HOME}电梯里困了人")
    town.forward(hours=3)
    city.commands(f"/case {town.case.number}")
    city.presses("经过")
    assert "连续" in city.shown[-1].text
    for i in range(30):
        resident.says(f"第{i}层也能听到喊声，快来")
    city.presses("经过", 60)
    assert "第29层" in city.shown[-1].text
    assert "第1层" not in city.shown[-1].text
    city.presses("看前一段")
    assert "第1层" in city.shown[-1].text
