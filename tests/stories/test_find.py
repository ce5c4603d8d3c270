"""/find: by words of two signs, within what somebody may read, the newest first."""

from __future__ import annotations

import pytest

from bot.clock import Clock
from bot.first_start import prepare
from bot.settings import Settings
from casework.case import Case
from nlp.segment import WAY
from storage import words
from tests.fakes.town import Town


def filed(town: Town, *told: str) -> list[Case]:
    for name, text in enumerate(told):
        town.resident(f"住户{name}").says(text)
    return town.cases()


HEAT, LIFT = "锦绣苑3号楼2单元501暖气片漏水", "锦绣苑3号楼电梯坏了"


@pytest.mark.parametrize("said", ["/find 暖气", "找 暖气", "/find 暖气 漏水", "/find 暖气片", "搜 漏水"])
def test_two_signs_are_enough(town: Town, said: str) -> None:
    filed(town, HEAT, LIFT)
    secretary = town.staff("cs-s1c1")
    secretary.commands(said) if said.startswith("/") else secretary.says(said)
    assert "26-000002" not in secretary.sees("26-000001 锦绣苑3号楼2单元501室").text
    secretary.presses("26-000001")
    secretary.sees("暖气片漏水")


def test_what_was_added_and_noted_later_is_found_too(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    filed(town, LIFT)
    worker.presses("接单")
    worker.says("维保单位说要换钢丝绳，后天到货")
    secretary = town.staff("cs-s1c1")
    secretary.commands("/find 钢丝绳")
    secretary.sees("26-000001")
    secretary.commands("/find 风筝")
    secretary.sees("没找到「风筝」")
    secretary.commands("/find 水")
    secretary.sees("两个字以上")
    secretary.commands("/find 26-1")
    secretary.sees("26-000001", "电梯")


def test_the_newest_first_and_page_by_page(town: Town) -> None:
    for n in range(8):
        town.resident(f"住户{n}").says(f"锦绣苑3号楼{n + 1}单元没暖气")
        town.forward(days=1)
    secretary = town.staff("cs-s1c1")
    secretary.commands("/find 暖气")
    first = secretary.shown[-1].text.splitlines()[1:]
    assert [line.split(" ")[0].lstrip("❗") for line in first] == [f"26-{n:06d}" for n in range(8, 2, -1)]
    secretary.presses("下一页")
    assert len(secretary.shown[-1].text.splitlines()) == 3


def test_nobody_finds_what_is_not_theirs(town: Town) -> None:
    filed(town, HEAT, "锦绣苑3号楼2单元301室社区书记态度恶劣，暖气的事骂人")
    for post, sees in (("cs-s1c2", ()), ("cs-s1c1", ("26-000001",)), ("w-s1c1g1", ("26-000001",)), ("sd-s1", ("26-000001", "26-000002"))):
        phone = town.staff(post)
        phone.clears()
        phone.commands("/find 暖气")
        told = phone.shown[-1].text
        assert [number for number in ("26-000001", "26-000002") if number in told] == list(sees), post
    resident = town.resident("别人")
    resident.commands("/find 暖气")
    resident.sees("给工作人员用的")


def test_a_confidential_case_is_not_found_by_who_told_it(town: Town) -> None:
    resident = town.resident("王阿姨")
    resident.says("我是王秀兰，锦绣苑3号楼2单元没暖气")
    resident.presses("保密")
    street = town.staff("sd-s1")
    street.commands("/find 王秀兰")
    street.sees_nothing("26-000001")
    street.commands("/find 暖气")
    street.sees("26-000001")


@pytest.mark.parametrize("asked", ["501室", "2单元501", "501", "3号楼2单元501室"])
def test_a_confidential_case_is_not_found_by_its_room(town: Town, asked: str) -> None:
    resident = town.resident("王阿姨")
    resident.says("锦绣苑3号楼2单元501没暖气")
    resident.presses("保密")
    street = town.staff("sd-s1")
    street.commands(f"/find {asked}")
    street.sees_nothing("26-000001")


def test_a_telephone_number_is_no_word(town: Town) -> None:
    filed(town, f"{LIFT}，电话13800138000")
    secretary = town.staff("cs-s1c1")
    secretary.commands("/find 13800138000")
    secretary.sees_nothing("26-000001")


@pytest.mark.parametrize(("asked", "found"), [
    ("6号楼", {1, 4}), ("锦绣苑6号楼", {1, 4}), ("六号楼", {1, 4}), ("6栋", {1, 4}), ("16号楼", {2}), ("6单元", {3}), ("6号楼 电梯", {1}),
    ("3号楼6单元", {3}), ("501室", {1}), ("6号楼2单元501", {1}), ("锦绣苑26号楼", set()),
])  # fmt: skip
def test_a_number_and_what_it_counts_are_one_word(town: Town, asked: str, found: set[int]) -> None:
    filed(town, "锦绣苑6号楼2单元501电梯坏了", "锦绣苑16号楼2单元停水了", "锦绣苑3号楼6单元停水了", "锦绣苑六号楼1单元停水了")
    secretary = town.staff("cs-s1c1")
    secretary.commands(f"/find {asked}")
    assert {case for case in range(1, 5) if f"26-{case:06d}" in secretary.shown[-1].text} == found


def test_the_building_is_found_also_where_the_words_do_not_say_it(town: Town) -> None:
    resident = town.resident("王阿姨")
    resident.says("家里没暖气")
    resident.says("锦绣苑6号楼2单元501")
    secretary = town.staff("cs-s1c1")
    secretary.commands("/find 6号楼 暖气")
    secretary.sees("26-000001 锦绣苑6号楼")


@pytest.mark.parametrize("asked", ["徐娟山", "娟山", "网格员徐娟山", "徐娟山 态度"])
def test_a_name_is_found_as_it_was_written(town: Town, asked: str) -> None:
    filed(town, "锦绣苑3号楼2单元301室网格员徐娟山态度恶劣", LIFT)
    street = town.staff("sd-s1")
    street.commands(f"/find {asked}")
    assert "26-000002" not in street.sees("26-000001").text


@pytest.mark.parametrize("kept_with", ["", "1"])
def test_cases_from_before_are_cut_at_the_next_start(town: Town, kept_with: str) -> None:
    """Those of which no words were kept, and those whose words were cut in another way; once."""
    filed(town, HEAT)
    with town.database.writing() as conn:
        kept = set(conn.execute(words.W.select()))
        conn.execute(words.W.delete())
        if kept_with:
            words.keep_way(conn, kept_with)
    prepare(Settings(), town.database, Clock())
    with town.database.writing() as conn:
        assert set(conn.execute(words.W.select())) == kept
        assert not words.kept_otherwise(conn, WAY)
        conn.execute(words.W.delete())
    prepare(Settings(), town.database, Clock())
    with town.database.reading() as conn:
        assert not conn.execute(words.W.select()).all()
