"""`python -m bot import`: shown, brought in, brought in again, beside a running Jiesu or not."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from openpyxl import load_workbook
from sqlalchemy import func, select
from typer.testing import CliRunner

from bot.cli import app
from bot.records import bringing
from storage.cases import C
from storage.database import Database
from tests.fakes.exports import csv_file, lines, workbook


@pytest.fixture(autouse=True)
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIESU_DATABASE__URL", f"sqlite:///{tmp_path}/jiesu.db")
    monkeypatch.setenv("JIESU_DATA__FOLDER", str(tmp_path / "data"))


def told(*words: object, status: int = 0, typed: str = "") -> tuple[str, str]:
    done = CliRunner().invoke(app, ["import", *map(str, words)], input=typed)
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


def test_a_workbook_with_a_sheet_for_each_month_is_read_whole(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", lines("a city's", {"number": "1"}, {"number": "2"}), title="一月")
    book = load_workbook(path)
    book.create_sheet("说明", 0).append(["这是说明"])
    february = book.create_sheet("二月")
    for line in lines("a city's", {"number": "3"}, {"number": "4", "filed_at": "不详"}, {"number": "1"}):
        february.append(line)
    book.create_sheet("附表").append(["编号", "别的"])
    book["附表"].append(["1", "二"])
    book.save(path)
    said, shown = told(path, "--all")
    assert "新增 3 件" in said
    assert "二月 第 3 行 C3「来电时间」" in said
    assert "二月 第 4 行 B4「工单编号」：编号“1”和「一月」第 2 行相同" in said
    assert "「一月」「二月」" in shown
    assert "5 行" in shown
    assert "没有读的工作表：附表" in shown
    assert "--sheet 附表" in shown
    assert "新增 0 件，更新 0 件，没有变化 2 件" in told(path, "--sheet", "二月")[0]


def test_a_file_without_headings_says_so_and_is_read_by_letters(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", lines("a desk's", {}, {"content": "井盖没了"})[1:])
    shown = told(path, status=1)[1]
    assert "没有找到列名" in shown
    assert "--map 受理时间=A" in shown.replace("\n", "")
    assert "新增 2 件" in told(path, "--map", "受理时间=A", "--map", "内容=B")[0]


@pytest.mark.parametrize(("words", "said"), [
    (["--map", "受理时间=A", "--map", "内容=A"], "“日期”这一列已经是受理时间，不能又是内容"),
    (["--map", "内容"], "“内容”里没有等号：要写成 内容=列名"),
])
def test_a_map_that_cannot_be_meant_is_said(words: list[str], said: str, tmp_path: Path) -> None:
    assert said in told(csv_file(tmp_path / "a.csv", lines("a desk's", {})), *words, status=1)[1]


def test_on_a_terminal_what_is_lacking_is_said_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli_import._on_terminal", lambda: True)
    path = workbook(tmp_path / "a.xlsx", [["甲", "诉求内容"], ["2025-01-05", "暖气不热，老人受不了"]])
    said, shown = told(path, typed="\n受理时间=诉求内容 内容=B\n受理时间=甲\n\n")
    assert "还不知道哪一列是受理时间：请写 受理时间=列名" in shown
    assert "不能又是" in shown
    assert "新增 1 件" in said


def test_broken_off_it_says_how_many_are_in_and_has_kept_the_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chunk, done = bringing.Bringing._chunk, []

    def interrupted(*args: object) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(chunk(*args))  # type: ignore[arg-type, func-returns-value]

    path = workbook(tmp_path / "a.xlsx", lines("a city's", *({"number": str(n)} for n in range(5))))
    with monkeypatch.context() as patch:
        patch.setattr(bringing, "CHUNK", 2)
        patch.setattr(bringing.Bringing, "_chunk", interrupted)
        shown = told(path, status=130)[1]
    assert "停下了：新增了 2 件" in shown
    assert "再运行一次" in shown
    assert (tmp_path / "data" / "imports" / "hotline.toml").is_file()
    assert "新增 3 件，更新 0 件，没有变化 2 件" in told(path)[0]


def test_broken_off_at_the_question_it_has_brought_nothing_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def abort(*_: object, **__: object) -> None:
        raise typer.Abort

    monkeypatch.setattr("bot.cli_import._on_terminal", lambda: True)
    monkeypatch.setattr(typer, "prompt", abort)
    shown = told(csv_file(tmp_path / "a.csv", lines("a desk's", {})), status=130)[1]
    assert "停下了，什么都没有导入" in shown
    assert "Aborted" not in shown
