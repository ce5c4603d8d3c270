"""What staff say beside their work: a number opens its card, thanks and greetings are nobody's note, an unfinished notice ends; and who
goes off duty leaves nothing lying."""

from __future__ import annotations

import pytest

from casework.case import Part
from storage import cases
from tests.fakes.town import Town

HOME = "锦绣苑3号楼2单元"
HEAT, LAMP = f"{HOME}没暖气了", f"{HOME}楼道灯不亮"
WORKER, SECRETARY = "w-s1c1g1", "cs-s1c1"


def notes(town: Town) -> list[str]:
    with town.database.reading() as conn:
        return [x.words for c in town.cases() for x in cases.lines(conn, c.id) if x.internal]


def assigned(town: Town) -> set[str]:
    with town.database.reading() as conn:
        return {p.post_id for p in cases.parts(conn, town.case.id) if p.part is Part.ASSIGNEE}


def test_a_number_opens_the_card(town: Town) -> None:
    worker = town.staff(WORKER)
    town.resident().says(HEAT)
    worker.clears()
    worker.says("26-000001")
    card = worker.sees("26-000001 · 等接单")
    assert "接单" in [b["label"] for b in card.buttons]
    worker.says("26-000099")
    worker.sees("这一件您看不到")
    assert len(town.cases()) == 1


@pytest.mark.parametrize("words", ["谢谢", "👍", "你好", "好的", "嗯嗯", "辛苦了！"])
def test_small_talk_is_no_note_and_files_nothing(town: Town, words: str) -> None:
    worker = town.staff(WORKER)
    town.resident().says(HEAT)
    worker.presses("接单")
    worker.says(words)
    worker.says("登记")
    worker.presses("我自己的事")
    worker.says("那个事情你们管一下")  # a draft that is still asked about
    worker.says(words)
    assert notes(town) == []
    assert len(town.cases()) == 1


def test_thanks_to_a_resident_are_passed_on(town: Town) -> None:
    resident, worker = town.resident(), town.staff(WORKER)
    resident.says(HEAT)
    worker.presses("回复居民")
    worker.says("谢谢")
    resident.sees("谢谢")


def test_a_notice_begun_and_left_ends_after_ten_minutes(town: Town) -> None:
    secretary = town.staff(SECRETARY)
    secretary.says("发通知")
    town.forward(minutes=11)
    secretary.clears()
    secretary.says("本周汇总")
    secretary.says("锦绣社区 本周")
    secretary.sees_nothing("不发了")
    assert all("没找到「锦绣社区 本周」" not in m.text for m in secretary.shown)


def test_who_goes_off_duty_hands_what_nobody_took_to_a_colleague_or_the_secretary(town: Town) -> None:
    worker, secretary = town.staff(WORKER), town.staff(SECRETARY)
    town.resident().says(LAMP)
    assert assigned(town) == {WORKER}
    worker.says("下班")
    assert WORKER not in assigned(town)
    if assigned(town) == {SECRETARY}:  # nobody else on duty in the grid
        secretary.sees("26-000001")
    worker.sees("26-000001已经交给")


def test_what_was_taken_stays_with_who_took_it(town: Town) -> None:
    worker = town.staff(WORKER)
    town.resident().says(LAMP)
    worker.presses("接单")
    worker.says("下班")
    assert assigned(town) == {WORKER}


def test_a_guess_is_no_fact_while_the_case_is_to_be_sorted(town: Town) -> None:
    """Nobody knows where, nor surely what: no company is called and no kind is stated; a place alone does not sort it."""
    resident, secretary = town.resident(), town.staff(SECRETARY)
    resident.says("锦绣苑你们能不能管管")
    resident.says("就是那个事情嘛")
    town.forward(minutes=12)
    case = town.case
    assert case.category == "other"
    assert "供暖" not in "".join(m.text for m in resident.shown if "登记好了" in m.text)
    with town.database.reading() as conn:
        assert not [p for p in cases.parts(conn, case.id) if p.part is Part.JOINED]
        (task,) = [t for t in cases.tasks_about(conn, case.id) if t.kind == "sort"]
        desk = task.owner_post
    desk_phone = town.staff(desk)
    desk_phone.says("任务")
    desk_phone.presses("分件 1" if "分件 1" in desk_phone.labels() else desk_phone.labels()[0])
    desk_phone.presses("改地点", 4)
    desk_phone.says(HOME)
    with town.database.reading() as conn:
        (task,) = [t for t in cases.tasks_about(conn, town.case.id) if t.kind == "sort"]
    assert task.ended_at is None
    secretary.clears()
