"""Stories share one template of the town and get a fresh copy each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.town import Town, made, template


@pytest.fixture(scope="session")
def town_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("town"))


@pytest.fixture
def town(tmp_path: Path, town_template: Path) -> Iterator[Town]:
    yield from made(tmp_path, town_template, spare=True)
