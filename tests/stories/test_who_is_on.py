"""谁值班: any grid and hour that the speaker may know of; names only, and not to residents."""

from __future__ import annotations

import re
from datetime import date, time

import pytest

from storage import roster
from tests.fakes.town import Town
from tests.stories.test_duty import row


@pytest.mark.parametrize(("who", "words", "seen"), [
    ("w-s1c1g1", "谁值班", ["锦绣社区第1网格现在值班：专职网格员 潘霞兰"]),
    ("w-s1c1g1", "谁值班 锦绣社区第3网格", ["锦绣社区第3网格现在值班：专职网格员 吴晓"]),
    ("w-s1c1g1", "谁值班 三网格 周六晚上8点", ["锦绣社区第3网格12月5日（周六）20:00值班：专职网格员 吴晓"]),
    ("w-s1c1g1", "谁值班　锦绣２网格　周六", ["12月5日（周六）10:00值班：兼职网格员 黄建新"]),
    ("w-s1c1g1", "明天晚上谁值班", ["锦绣社区第1网格明天20:00值班"]),
    ("w-s1c1g1", "今晚11点谁值班", ["第1网格今天23:00值班：副楼栋长 赵金玉、社区党委书记 徐娟山"]),
    ("w-s1c1g1", "锦绣社区谁值班", ["第1网格", "第2网格", "第3网格", "第4网格"]),
    ("b-e01b01-1", "谁值班", ["锦绣社区第1网格现在值班"]),
    ("cs-s1c1", "谁在值班", ["第1网格", "第2网格", "第3网格", "第4网格"]),
    ("sd-s1", "谁值班 锦绣社区", ["第1网格", "第4网格"]),
    ("sd-s1", "谁值班 三网格", ["是哪个网格"]),
    ("sd-s1", "谁值班", ["您管的网格比较多"]),
    ("city-1", "谁值班 平安3网格", ["平安社区第3网格现在值班"]),
])  # fmt: skip
def test_asked(town: Town, who: str, words: str, seen: list[str]) -> None:
    phone = town.staff(who)
    phone.says(words)
    phone.sees(*seen)


def test_several_are_asked_and_answered_by_a_button(town: Town) -> None:
    phone = town.staff("sd-s1")
    phone.says("谁值班 三网格 周六")
    phone.presses("平安社区第3网格")
    phone.sees("平安社区第3网格12月5日（周六）10:00值班")


def test_an_unknown_grid_gets_likely_ones(town: Town) -> None:
    phone = town.staff("cs-s1c1")
    phone.says("谁值班 锦绣9网格")
    phone.sees("没找到「锦绣9网格」")
    phone.presses("锦绣社区第4网格")
    phone.sees("锦绣社区第4网格", "蔡瑞山")


@pytest.mark.parametrize(("who", "words"), [
    ("w-s1c1g1", "谁值班 平安社区第3网格"), ("cs-s1c1", "谁值班 平安社区第3网格"), ("sd-s2", "谁值班 锦绣社区第3网格"),
    ("sp-heat", "谁值班 锦绣社区第3网格"), ("pm-e01", "谁值班"),
])  # fmt: skip
def test_nobody_hears_names_from_across_the_border(town: Town, who: str, words: str) -> None:
    phone = town.staff(who)
    phone.says(words)
    assert not re.search("值班：", phone.shown[-1].text)
    phone.sees_nothing("网格员 ")


def test_a_button_does_not_outlive_the_post(town: Town) -> None:
    """Who has moved to another community sees that one's duty only."""
    phone = town.staff("cs-s1c1")
    phone.says("谁值班 锦绣9网格")
    with town.database.writing() as conn:
        conn.exec_driver_sql("update post set area_id = 's1c2' where id = 'cs-s1c1'")
    phone.presses("锦绣社区第4网格")
    phone.sees("不在您手上")


def test_nobody_on_duty_says_who_gets_it(town: Town) -> None:
    row(town, roster.EXCEPTION, day=date(2026, 12, 2), post_id="w-s1c1g1", area_id="s1c1g1", starts=time(0), ends=time(0), kind="off")
    phone = town.staff("w-s1c1g1")
    phone.says("谁值班 明天")
    phone.sees("没有排人，由社区党委书记 徐娟山接")


def test_no_phone_number_is_said(town: Town) -> None:
    phone = town.staff("city-1")
    phone.says("谁值班 锦绣社区")
    assert not re.search(r"1\d{10}", phone.shown[-1].text)


@pytest.mark.parametrize("words", ["谁值班", "谁值班 锦绣社区第3网格", "明天晚上谁值班", "/duty"])
def test_residents_get_a_kind_sentence_and_no_name(town: Town, words: str) -> None:
    resident = town.resident()
    (resident.commands if words.startswith("/") else resident.says)(words)
    resident.sees("发「我的诉求」就看得到")
    assert "吴晓" not in resident.shown[-1].text
    assert town.cases() == []


def test_a_complaint_that_nobody_is_there_is_a_complaint(town: Town) -> None:
    resident = town.resident()
    resident.says("锦绣苑3号楼暖气不热物业谁值班都没有")
    assert town.case.category == "heating"


def test_a_note_that_names_duty_is_a_note(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    town.resident().says("锦绣苑3号楼楼道灯不亮")
    worker.presses("接单")
    worker.says("居民问谁值班，说了是我")
    worker.sees("记在 26-000001 里了")
