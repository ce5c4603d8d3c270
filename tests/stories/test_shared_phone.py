"""换人用: a resident leaves a shared phone with a code in the pocket, and comes back with it on any other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.entry import new_code
from storage import doors
from tests.fakes.town import CODE_KEY, Phone, Town

HOME = "锦绣苑3号楼2单元501"
DAYS = timedelta(days=30)


def code(town: Town, phone: Phone) -> str:
    """As bot/web/leaving.py makes it; the page writes as the person."""
    made = new_code(CODE_KEY, phone.address, town.now, DAYS)
    with town.database.writing() as conn:
        doors.void_codes(conn, phone.address, town.now)
        doors.add_link(conn, **made.row)
    return made.told


@pytest.mark.parametrize("channel", ["web", "telegram"])
@pytest.mark.parametrize("written", ["回来 {}", "绑定{}", "回来：「{}」"])
def test_the_code_brings_the_own_cases_back(town: Town, channel: str, written: str) -> None:
    aunt, worker = town.resident("王阿姨"), town.staff("w-s1c1g1")
    aunt.says(f"{HOME}暖气不热")
    key = code(town, aunt)
    town.forward(days=3)
    other = town.resident("", channel)
    other.says(written.format(key.lower()))
    other.sees("认出您了", "26-000001")
    other.presses("补充")
    other.says("还是不热")
    worker.sees("居民补充", "还是不热")
    third = town.resident("", "telegram")
    third.says(f"回来 {key}")  # good once
    third.sees("绑定码不对或已过期")


def test_a_new_code_makes_the_one_before_void_and_all_end_in_time(town: Town) -> None:
    aunt = town.resident("王阿姨")
    aunt.says(f"{HOME}暖气不热")
    first, second = code(town, aunt), code(town, aunt)
    other = town.resident()
    other.says(f"回来 {first}")
    other.sees("不对或已过期")
    town.forward(days=31)
    other.says(f"回来 {second}")
    other.sees("不对或已过期")


@pytest.mark.parametrize("own", ["楼道灯不亮", "13812345678"])
def test_two_residents_who_share_a_phone_are_never_made_into_one(town: Town, own: str) -> None:
    aunt, uncle = town.resident("王阿姨"), town.resident("李叔")
    aunt.says(f"{HOME}暖气不热")
    uncle.says(f"锦绣苑5号楼{own}" if not own.isdigit() else own)
    before = [c.resident_id for c in town.cases()]
    uncle.says(f"回来 {code(town, aunt)}")
    uncle.sees("先点「换人用」")
    assert [c.resident_id for c in town.cases()] == before
    uncle.says("我的诉求")
    uncle.sees_nothing("26-000001")


def test_staff_words_about_coming_back_are_theirs(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    worker.says("回来 7K3M9Q2X")
    worker.sees_nothing("认出您了")
