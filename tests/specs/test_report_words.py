"""What stands in a report beside its figures: quotations with the answer that they were, and what is stuck without being late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.papers import sentences
from casework.case import Answer, State
from storage import tables as t
from tests.fakes.month import MADE_AT, NOT_SOLVED, Month
from tests.fakes.town import Town, template
from tests.specs.test_report import in_document, made, packed

EVENT = t.Event.__table__  # type: ignore[attr-defined]
REMARK = t.Remark.__table__  # type: ignore[attr-defined]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made_ = Town(template(tmp_path))
    yield made_
    made_.close()


def test_words_stand_with_the_answer_that_they_were_and_not_with_the_one_that_came_later(town: Town) -> None:
    month = Month(town)
    case = month.solved("10-05")
    said = (("reply", "not_solved", "没好，还是老样子"), ("reopen", None, "昨天又坏了，来看看"), ("reply", "solved", "这回真的暖和了"), ("grade", None, "师傅态度很好呀"))
    with town.database.writing() as conn:
        for n, (kind, answer, words) in enumerate(said, 2):
            place = {"case_id": case.id, "community_id": case.community_id}
            at = case.filed_at + timedelta(hours=n)
            conn.execute(REMARK.insert().values(**place, id=f"w{n}", person_id="teller", internal=False, text=words, at=at))
            changes = {"answer": answer} if answer else {}
            conn.execute(EVENT.insert().values(**place, seq=n, at=at, kind=kind, who="resident", now="x", changes=changes, remark_id=f"w{n}"))
    month.counted()
    assert {voice.words: voice.answer for voice in packed(town, "s1c1").voices} == {
        "没好，还是老样子": "说没解决", "昨天又坏了，来看看": "说没解决", "这回真的暖和了": "说解决了", "师傅态度很好呀": "说解决了",
    }  # fmt: skip


def test_what_is_done_is_not_late_and_is_stuck_when_nobody_asks_for_a_week(town: Town) -> None:
    month = Month(town)
    month.case("10-01", state=State.RESOLVED, resolved_at=MADE_AT - timedelta(days=8))
    month.case("10-02", state=State.RESOLVED, resolved_at=MADE_AT - timedelta(days=6))
    month.case("10-03", state=State.DEFERRED, defer_until=MADE_AT + timedelta(days=60), defer_why="等开春")
    month.counted()
    pack = packed(town, "s1c1")
    assert [(line.number, line.why, line.owes) for line in pack.stuck.lines] == [
        ("26-000003", "挂账到 2026-12-31", "到期接着办：等开春"), ("26-000001", "办好 8 天没回话", "等居民回答；没回答的该打电话"),
    ]  # fmt: skip
    assert sentences.stuck(pack) == "没有过了期限还没办完的。另有挂账的、等定谁来办的、办好了居民一直没回话的 2 件。"
    month.case("10-04", answer=Answer.PARTLY, solve_missed_at=NOT_SOLVED)
    month.counted()
    assert sentences.stuck(packed(town, "s1c1")).startswith("已经过了期限、还没办完的有 1 件（包括以前登记的），拖得最久的超过期限 ")
    assert "办好 8 天没回话" in in_document(made(town, "s1c1").document)
