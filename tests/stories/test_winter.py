"""One winter week of one community, Monday 07:00 to Sunday 22:00: thirty residents in the web chat and in Telegram, four workers, their
secretary, the subdistrict and the city above. What people expect without saying, all of it, on one clock; audited after every step.

Run with `-s` to see the table: who got how many messages, how the cases ended, what climbed, what became of the desk's tasks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.winter import counting, ends, limits, monday, thursday, tuesday, wednesday
from tests.stories.winter.week import RESIDENTS, Week, made

CALENDAR = {
    "Monday": monday.DAY, "Tuesday": tuesday.DAY, "Wednesday": wednesday.DAY, "Thursday": thursday.DAY, "Friday": ends.FRIDAY,
    "Saturday": ends.SATURDAY, "Sunday": ends.SUNDAY,
}


@pytest.fixture
def week(tmp_path: Path, town_template: Path) -> Iterator[Week]:
    yield from made(tmp_path, town_template)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_winter_week(week: Week) -> None:
    assert len(RESIDENTS) == 30
    for scene in week.lives(CALENDAR):
        print(scene)  # shown when the story breaks: how far it came
    print("\n" + counting.table(week))
    assert limits.broken(week) == []
