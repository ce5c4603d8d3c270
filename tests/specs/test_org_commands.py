"""`org template | import | export`: by a clerk at a keyboard, with Jiesu running beside it or not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from bot.cli import app
from storage.database import Database
from storage.organisation import revision, stored_organisation
from tests.fakes.organisations import small
from tests.fakes.page import page


@pytest.fixture(autouse=True)
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A live town with an empty database and no folder of tables."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIESU_DEMO__ENABLED", "false")
    monkeypatch.setenv("JIESU_DATABASE__URL", f"sqlite:///{tmp_path}/jiesu.db")
    monkeypatch.setenv("JIESU_DATA__FOLDER", str(tmp_path))
    monkeypatch.setenv("JIESU_TOWN__ORGANISATION", str(tmp_path / "none"))
    return small(tmp_path / "organisation")


def org(*words: object, status: int = 0) -> str:
    done = CliRunner().invoke(app, ["org", *map(str, words)])
    assert done.exit_code == status, done.output
    return done.output


def names(tmp_path: Path) -> set[str]:
    database = Database(f"sqlite:///{tmp_path}/jiesu.db")
    with database.reading() as conn:
        found = {row.name for row in stored_organisation(conn).people}
    database.close()
    return found


def renamed(path: Path, new: str) -> None:
    book = load_workbook(path)
    next(row for row in book["人员"].iter_rows() if row[0].value == "王一")[0].value = new
    book.save(path)


def test_a_new_town_is_tried_then_brought_in(tmp_path: Path, town: Path) -> None:
    said = org("import", town)
    assert "「区域」加 5" in said
    assert "试运行，什么都没有改" in said
    assert names(tmp_path) == set()
    assert "已经导入" in org("import", town, "--apply")
    assert "王一" in names(tmp_path)
    assert "没有什么要改" in org("import", town)


@pytest.mark.parametrize("target", ["town.xlsx", "town"])
def test_export_change_import(tmp_path: Path, town: Path, target: str) -> None:
    org("import", town, "--apply")
    assert target in org("export", target)
    assert "没有什么要改" in org("import", target)
    files = [tmp_path / target] if (tmp_path / target).is_file() else [*(tmp_path / target).iterdir()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}  # telephone numbers stand in it
    if target == "town.xlsx":
        renamed(tmp_path / target, "王一新")
        assert "~ 王一：姓名 王一 → 王一新" in org("import", target)
        org("import", target, "--apply")
        assert "王一新" in names(tmp_path)


def test_nothing_is_written_over_by_accident(tmp_path: Path, town: Path) -> None:
    org("template", "t.xlsx")
    before = (tmp_path / "t.xlsx").read_bytes()
    assert "已经有了" in org("template", "t.xlsx", status=1)
    assert (tmp_path / "t.xlsx").read_bytes() == before
    org("template", "t.xlsx", "--overwrite")
    assert ".xlsx" in org("template", "t.doc", status=1)
    assert "写不进去" in org("template", "no/where/t.xlsx", status=1)


def test_a_wrong_workbook_changes_nothing(tmp_path: Path, town: Path) -> None:
    org("import", town, "--apply")
    org("export", "town.xlsx")
    book = load_workbook(tmp_path / "town.xlsx")
    book["人员"]["B2"] = "1.99E+10"
    book["岗位"]["A2"] = "网隔员"
    book.save(tmp_path / "town.xlsx")
    said = org("import", "town.xlsx", "--apply", status=1)
    assert "B2「电话」" in said
    assert "A2「岗位」" in said
    assert "有 2 处要改，什么都没有导入" in said
    assert "没有这个文件" in org("import", "nowhere.xlsx", status=1)


def test_a_long_list_is_cut_and_can_be_had_whole(town: Path) -> None:
    many = "".join(f"x{n},新人{n},{13900000000 + n}\n" for n in range(40))
    people = town / "people.csv"
    people.write_text(people.read_text("utf-8") + many, "utf-8")
    assert "还有 35 行，加 --all 看全部" in org("import", town)
    assert "新人39" in org("import", town, "--all")


async def test_a_running_jiesu_takes_it_up(tmp_path: Path, town: Path) -> None:
    org("import", town, "--apply")
    async with page(tmp_path, None) as running:
        assert not any("丁香园" in name for name in running.world.gazetteer.names)
        places = town / "places.csv"
        places.write_text(places.read_text("utf-8") + "e9,estate,丁香园,,,s1c1g1,,,\n", "utf-8")
        before = revision_of(running.database)
        await asyncio.to_thread(org, "import", town, "--apply")
        assert revision_of(running.database) != before
        async with asyncio.timeout(30):
            while True:
                if any("丁香园" in name for name in running.world.gazetteer.names):
                    break
                await asyncio.sleep(0.1)


def revision_of(database: Database) -> str | None:
    with database.reading() as conn:
        return revision(conn)
