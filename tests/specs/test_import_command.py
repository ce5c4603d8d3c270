"""`python -m bot import`: shown, brought in, brought in again, beside a running Jiesu or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from bot.cli import app
from storage.cases import C
from storage.database import Database
from tests.fakes.exports import csv_file, lines, workbook


@pytest.fixture(autouse=True)
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIESU_DATABASE__URL", f"sqlite:///{tmp_path}/jiesu.db")
    monkeypatch.setenv("JIESU_DATA__FOLDER", str(tmp_path / "data"))


def told(*words: object, status: int = 0) -> tuple[str, str]:
    done = CliRunner().invoke(app, ["import", *map(str, words)])
    assert done.exit_code == status, done.output + done.stderr
    return done.stdout, done.stderr


def how_many(tmp_path: Path) -> int:
    database = Database(f"sqlite:///{tmp_path}/jiesu.db")
    with database.reading() as conn:
        found = conn.execute(select(func.count()).select_from(C)).scalar_one()
    database.close()
    return int(found)


def test_an_export_is_shown_tried_and_brought_in(tmp_path: Path) -> None:
    rows = [{"number": str(n), "content": f"{n}号楼暖气不热"} for n in range(1, 9)] + [{"number": "9", "filed_at": "不详"}]
    path = workbook(tmp_path / "a.xlsx", lines("a city's", *rows))
    said, shown = told(path, "--dry-run")
    assert "会新增 8 件" in said
    assert "试运行" in said
    assert "C10「来电时间」：“不详”不是时间" in said
    assert "诉求内容" in shown
    assert "13800000001" not in said + shown
    assert how_many(tmp_path) == 0
    assert "新增 8 件，更新 0 件，没有变化 0 件，没读进来 1 行" in told(path)[0]
    said, shown = told(path)
    assert "新增 0 件，更新 0 件，没有变化 8 件" in said
    assert "上次的" in shown
    assert how_many(tmp_path) == 8


def test_a_csv_file_in_gb18030_and_a_column_by_its_letter(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", lines("a desk's", {}, {"content": "井盖没了"}), "gb18030")
    said, shown = told(path, "--map", "地址=", "--map", "类别=F", "--source", "街道")
    assert "新增 2 件" in said
    assert "您说的" in shown
    assert '"地址" = ""' in (tmp_path / "data" / "imports" / "街道.toml").read_text("utf-8")


def test_what_is_lacking_is_said_with_what_there_is(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["甲", "诉求内容"], ["2025-01-05", "暖气不热，老人受不了"]])
    said = told(path, status=1)[1]
    assert "没找到哪一列是受理时间" in said
    assert "--map 受理时间=列名" in said
    assert "新增 1 件" in told(path, "--map", "受理时间=甲")[0]


def test_a_file_that_is_none(tmp_path: Path) -> None:
    assert "没有这个文件" in told(tmp_path / "none.xlsx", status=1)[1]


def test_names_of_areas_that_are_not_there_are_said_once(tmp_path: Path) -> None:
    heads, *rows = lines("a desk's", {}, {"content": "井盖没了"})
    table = [[*heads, "所属社区"], *([*row, "一个没有的社区"] for row in rows)]
    assert "一个没有的社区（2 行）" in told(workbook(tmp_path / "a.xlsx", table))[0]
