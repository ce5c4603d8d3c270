"""`python -m bot figures`: the roll-ups compared with the cases, and counted anew; a database from before them is counted at its first start."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from storage import figures
from tests.fakes.town import Town, template


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    path = template(tmp_path)
    town = Town(path)
    town.resident("王阿姨").says("锦绣苑3号楼2单元又没暖气了")
    monkeypatch.setenv("JIESU_DATABASE__URL", f"sqlite:///{path}")
    return town


def told(*arguments: str, status: int = 0) -> str:
    done = CliRunner().invoke(app, ["figures", *arguments])
    assert done.exit_code == status, done.output
    return done.output


def test_what_differs_is_told_and_mended(town: Town) -> None:
    assert "对得上" in told("verify")
    with town.database.writing() as conn:
        conn.execute(figures.FIGURE.update().values(filed=7))
    said = told("verify", status=1)
    assert "filed: 存的 7，数出来 1" in said
    assert "figures rebuild" in said
    assert "重新数好了" in told("rebuild")
    assert "对得上" in told("verify")


def test_cases_without_roll_ups_are_known(town: Town) -> None:
    with town.database.writing() as conn:
        assert not figures.never_counted(conn)
        for table, *_ in figures.ROLLUPS:
            conn.execute(table.delete())
        assert figures.never_counted(conn)
