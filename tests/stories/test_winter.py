"""One winter week of one community: what people expect without saying, all of it, on one clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.winter import ends, monday, thursday, tuesday, wednesday
from tests.stories.winter.week import Week, made

CALENDAR = {"Monday": monday.DAY, "Tuesday": tuesday.DAY, "Wednesday": wednesday.DAY, "Thursday": thursday.DAY, "Friday": ends.FRIDAY,
            "Saturday": ends.SATURDAY, "Sunday": ends.SUNDAY}


@pytest.fixture
def week(tmp_path: Path, town_template: Path) -> Iterator[Week]:
    yield from made(tmp_path, town_template)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_winter_week(week: Week) -> None:
    for scene in week.lives(CALENDAR):
        print(scene)
