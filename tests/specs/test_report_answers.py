"""What residents answered, as the report counts and quotes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.papers import listing, sentences, tables
from bot.papers.words import percent
from casework.case import Answer, Satisfaction, State
from handlers.texts import staff_state
from tests.fakes.cases import case
from tests.fakes.month import Month
from tests.fakes.town import Town, template
from tests.specs.test_report import packed


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(template(tmp_path))
    yield made
    made.close()


def test_who_said_that_it_is_not_solved_is_counted_and_not_called_settled(town: Town) -> None:
    month = Month(town)
    for day, answer in enumerate((Answer.SOLVED, Answer.PARTLY, Answer.NOT_SOLVED, Answer.NOT_SOLVED), 5):
        state = State.CONFIRMED if answer is Answer.SOLVED else State.CLOSED_UNANSWERED
        month.case(f"10-{day:02d}", state=state, answer=answer, satisfaction=Satisfaction.MOSTLY)
    month.counted()
    pack = packed(town, "s1c1")
    assert ("说没解决", 2) in [row[:2] for row in tables.whole(pack).rows]
    whole = "".join(sentences.summary(pack))
    assert "这一期登记的没有还在办的；其中 2 件，居民说没有解决。" in whole
    assert "没有还在办的。" not in whole
    assert {line.state for line in pack.cases.lines} == {"已解决", "已收起"}


def test_put_away_without_an_answer_is_called_so() -> None:
    away = case(State.CLOSED_UNANSWERED)
    assert staff_state(away) == "没有评价，已收起"


def test_the_same_words_about_many_buildings_are_quoted_once(town: Town) -> None:
    month = Month(town)
    for day in range(1, 7):
        month.case(f"10-{day:02d}", words=f"锦绣苑{day}号楼2单元暖气不热，已经三天了")
    month.case("10-08", words="楼道灯坏了一个多月，晚上看不见路")
    month.counted()
    quoted = [voice.words for voice in packed(town, "s1c1").voices]
    assert len(quoted) == 2
    assert any("楼道灯" in words for words in quoted)
    assert listing.VOICES > 2


@pytest.mark.parametrize(("share", "said"), [(None, "–"), (0.0, "0%"), (2 / 4439, "不到0.1%"), (0.7, "70%"), (0.925, "92.5%"), (1.0, "100%")])
def test_a_share_is_said_in_one_way(share: float | None, said: str) -> None:
    assert percent(share) == said
