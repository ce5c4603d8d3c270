"""Fitting the points: nothing negative, what says nothing is not kept, and what is written is read back as the same rules."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest
from scipy import sparse

from nlp import training
from nlp.fitting import LEAST, STEP, fit, rounded
from nlp.rulefile import CODES
from nlp.tune import _with_points, _without_points, calibrate, examples, set_key


def test_a_word_speaks_for_what_it_stands_with_and_never_against() -> None:
    rows = sparse.csr_matrix(np.array([[1, 0, 1], [1, 0, 1], [0, 1, 1], [0, 1, 1]] * 10, dtype=float))  # the third is in all
    wanted = np.array([[1, 0], [1, 0], [0, 1], [0, 1]] * 10, dtype=float)
    points, _ = fit(rows, wanted, np.ones(40), np.ones((3, 2), dtype=bool))
    assert (points >= 0).all()
    kept = rounded(points)
    assert kept[0, 0] > 1 > kept[0, 1] == 0
    assert kept[1, 1] > 1 > kept[1, 0] == 0
    assert (kept[2] == 0).all()
    assert set(np.unique(kept % STEP)) == {0.0}
    assert kept[kept > 0].min() >= LEAST


def test_a_word_that_may_not_speak_for_a_label_does_not() -> None:
    rows, wanted = sparse.csr_matrix(np.eye(2)), np.eye(2)
    points, _ = fit(rows, wanted, np.ones(2), np.array([[True, True], [True, False]]))
    assert points[1, 1] == 0


def test_what_is_written_is_the_same_rules_with_other_points() -> None:
    old = ['code = "heating"', 'heading = "utilities"', "start = 1", "[points]", '"2" = ["旧词"]', "", "[[rule]]", 'any = ["暖气"]  # 说明', 'yes = ["暖气"]']
    lines = _without_points(old)
    assert len(lines) == len(old)  # the lines of the rules stay where they were
    set_key(lines, 7, "weight", "3.5")
    data = tomllib.loads("\n".join(_with_points(lines, -0.5, {1.25: ["新词", "凉"], 3.0: ["热"]})))
    assert data["start"] == -0.5
    assert data["points"] == {"3": ["热"], "1.25": ["新词", "凉"]}
    assert data["rule"] == [{"any": ["暖气"], "weight": 3.5, "yes": ["暖气"]}]


def test_how_sure_an_answer_is_never_falls_and_is_a_share() -> None:
    chance = np.random.default_rng(1)
    shares = chance.uniform(0.3, 0.99, 3_000)
    line = calibrate(shares, chance.uniform(size=3_000) < shares, np.ones(3_000))
    assert line[0][0] == 0
    assert line[-1][0] == 1
    assert all(0 <= right <= 1 for _, right in line)
    assert line == sorted(line)
    assert all(abs(share - right) < 0.1 for share, right in line if 0.4 < share < 0.95)


def test_what_is_learnt_from_is_well_formed_and_holds_no_letter() -> None:
    written = training.written()
    assert len({item.id for item in written}) == len(written)
    assert {item.label for item in written} == set(CODES)
    assert not any(code not in CODES for item in written for code in item.also)
    assert all(item.label in CODES for item in examples())
    head = (training.HERE / "letters.csv").read_text("utf-8").partition("\n")[0]
    assert head == "id,label,also,urgency,intent,title_label,title_also"


@pytest.mark.parametrize("word", ["我们", "谢谢", "今天"])
def test_words_said_of_anything_are_never_proposed(word: str) -> None:
    from nlp.fitting import proposed

    items = [item for item in training.written() if word in item.text][:200]
    assert len(items) > 20
    assert word not in proposed(items)
