"""Once a night: orphans are swept, what belongs to a message stays; a broken promise is said in the log."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.clock import Clock
from bot.nightly import Nightly
from bot.settings import load
from storage import tables as t
from storage import threads
from tests.fakes.town import Town, made, template


@pytest.fixture
def town(tmp_path: Path):
    yield from made(tmp_path, template(tmp_path))


def _app(town: Town, folder: Path) -> SimpleNamespace:
    settings = load(environ={"JIESU_DATA__FOLDER": str(folder)})
    return SimpleNamespace(database=town.database, world=town.world, settings=settings, clock=Clock())


def _file(folder: Path, name: str, age: timedelta) -> Path:
    path = folder / "media" / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    then = (datetime.now(UTC) - age).timestamp()
    os.utime(path, (then, then))
    return path


def test_only_old_files_that_no_row_names_are_swept(town: Town, tmp_path: Path) -> None:
    town.resident("甲").says("锦绣苑3号楼没暖气")
    kept, orphan, fresh = (_file(tmp_path, n, timedelta(days=d)) for n, d in (("aa1", 3), ("bb2", 3), ("cc3", 0)))
    with town.database.writing() as conn:
        threads.add_file(conn, id="f", sha256="aa1", person_id="r0", kind="photo", tries=0, at=town.now)
    assert Nightly(_app(town, tmp_path)).sweep(town.now) == 1
    assert kept.exists()
    assert fresh.exists()
    assert not orphan.exists()


def test_a_broken_promise_is_said_with_the_cases_number_and_nothing_else(
    town: Town, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    town.resident("甲").says("锦绣苑3号楼没暖气")
    nightly = Nightly(_app(town, tmp_path))
    assert nightly.audit(town.now) == 0
    with town.database.writing() as conn:
        conn.execute(t.Timer.__table__.update().values(is_open=0))  # type: ignore[attr-defined]
    with caplog.at_level(logging.ERROR):
        assert nightly.audit(town.now) > 0
    assert town.case.number in caplog.text
    assert "没暖气" not in caplog.text
