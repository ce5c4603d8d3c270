"""`python -m bot rules`: one message explained, a change of rules compared, rules that do no good found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from nlp.review import lint
from nlp.rulefile import FOLDER
from nlp.rulefolder import load_rules

RULE = """code = "{code}"
name = "{name}"
heading = "utilities"

[[rule]]
topic = "{topic}"
any = ["葫芦", "葫芦藤"]
with = ["不甜", "发苦"]
weight = {weight}
yes = ["葫芦不甜"]
"""


def told(*arguments: str, status: int = 0) -> str:
    done = CliRunner().invoke(app, ["rules", *arguments])
    assert done.exit_code == status, done.output
    return done.output


def folder(at: Path, *files: str) -> Path:
    at.mkdir()
    for number, text in enumerate(files):
        (at / f"{number}.toml").write_text(text, "utf-8")
    return at


def test_a_message_is_explained_in_a_table() -> None:
    said = told("test", "锦绣苑3号楼暖气冰凉", "--org", "examples/organisation")
    assert "供暖（heating）" in said
    assert "锦绣苑" in said
    assert "heating.toml:" in said
    assert "6–8" in said  # where 暖气 stands


def test_why_it_is_a_danger_is_explained_too() -> None:
    said = told("test", "楼下着火了，冒黑烟")
    assert "紧急，有危险：fire" in said
    assert "danger.着火" in said
    assert "danger.toml:" in said
    assert "danger." not in told("test", "路灯不亮")


def test_the_season_and_other_rules_are_heeded(tmp_path: Path) -> None:
    assert "一般" in told("test", "整个小区没暖气", "--on", "2026-07-01")
    only = folder(tmp_path / "rules", RULE.format(code="drainage", name="排水", topic="blocked", weight=9))
    assert "drainage" in told("test", "葫芦不甜", "--rules", str(only))


def test_a_broken_rule_is_told_with_its_line_and_remedy(tmp_path: Path) -> None:
    broken = folder(tmp_path / "rules", RULE.format(code="heating", name="供暖", topic="no_heat", weight='"3"'))
    assert "0.toml:9: weight" in told("test", "暖气不热", "--rules", str(broken), status=2)
    assert "没有这个文件夹" in told("lint", str(tmp_path / "nowhere"), status=2)


def test_diff_says_what_moves_and_whether_to_the_better(tmp_path: Path) -> None:
    heating = RULE.format(code="heating", name="供暖", topic="no_heat", weight=9)
    old = folder(tmp_path / "old", RULE.format(code="drainage", name="排水", topic="blocked", weight=9))
    new = folder(tmp_path / "new", heating)
    file = tmp_path / "texts.jsonl"
    lines = [
        {"id": "a", "text": "家里葫芦不甜", "label": "heating"},
        {"id": "b", "text": "葫芦藤发苦", "label": "drainage", "also": []},
        {"id": "c", "text": "你好", "label": "other"},
        {"id": "d", "text": "葫芦不甜"},
    ]
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    said = told("diff", str(old), str(new), "--on", str(file)).splitlines()
    assert [line.split()[:2] for line in said[:2]] == [["变对", "a"], ["变错", "b"]]
    assert "drainage/normal/request → heating/normal/request" in said[0]
    assert said[2].strip().startswith("d")
    assert said[-1] == "4 条里有 3 条变了：1 条变对，1 条变错"
    assert told("diff", str(new), str(new), "--on", str(file)).startswith("4 条里有 0 条变了")


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"id": 1}', '{"id": 1, "text": 2}'])
def test_diff_names_the_line_that_is_no_message(tmp_path: Path, line: str) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text(f'{{"id": 0, "text": "a"}}\n{line}\n', "utf-8")
    assert "第 2 行" in told("diff", str(FOLDER), str(FOLDER), "--on", str(file), status=2)


def test_lint_finds_what_never_fires_is_shadowed_or_disagrees(tmp_path: Path) -> None:
    first = RULE.format(code="heating", name="供暖", topic="no_heat", weight=3)
    narrower = '\n[[rule]]\ntopic = "no_heat"\nany = ["葫芦"]\nwith = ["不甜"]\nweight = 2.0\nyes = ["葫芦不甜"]\n'
    dead = '\n[[rule]]\ntopic = "dead"\nany = ["锅炉", "炉子"]\nnot = ["炉子"]\nweight = 2.0\nyes = ["锅炉"]\n'
    rival = RULE.format(code="drainage", name="排水", topic="blocked", weight=4)
    rules = load_rules(folder(tmp_path / "rules", first + narrower + dead, rival))
    notes = {(note.kind, note.rule) for note in lint(rules, ["葫芦不甜了"])}
    assert ("shadowed", "0.toml:12") in notes
    assert ("never", "0.toml:19") in notes
    assert ("disagrees", "0.toml:5") in notes  # 葫芦+不甜 sets off both; and its own example is read as drainage
    said = told("lint", str(tmp_path / "rules"), status=1)
    assert "多余  0.toml:12" in said
    assert "互相矛盾  0.toml:5" in said


def test_lint_with_texts_names_the_rules_that_none_of_them_sets_off(tmp_path: Path) -> None:
    rules = folder(tmp_path / "rules", RULE.format(code="heating", name="供暖", topic="no_heat", weight=9))
    file = tmp_path / "texts.jsonl"
    file.write_text('{"id": 1, "text": "电梯坏了"}\n', "utf-8")
    assert "一次也没有用上" in told("lint", str(rules), "--on", str(file), status=1)
    file.write_text('{"id": 1, "text": "葫芦发苦"}\n', "utf-8")
    assert "没有发现问题" in told("lint", str(rules), "--on", str(file))


def test_lint_of_an_own_folder_tells_only_of_what_is_own(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(FOLDER, rules)
    assert "没有发现问题" in told("lint", str(rules))
    text = (rules / "drainage.toml").read_text("utf-8")
    rule = '\n[[rule]]\ntopic = "dead"\nany = ["葫芦娃"]\nnot = ["葫芦娃"]\nweight = 2.0\nyes = ["葫芦娃"]\n'
    (rules / "drainage.toml").write_text("# mine\n" + text + rule.replace('not = ["葫芦娃"]\n', "") * 2, "utf-8")
    said = told("lint", str(rules), status=1)
    assert said.count("\n") == 2  # one is covered by the other
    assert "多余  drainage.toml" in said
    assert "程序自带" in told("lint", status=1).splitlines()[-1]


def test_points_may_be_changed_by_hand(tmp_path: Path) -> None:
    """The owner of a rule file moves a word to another line, and the reading follows."""
    rules = tmp_path / "rules"
    shutil.copytree(FOLDER, rules)
    text = (rules / "drainage.toml").read_text("utf-8").replace("[points]", '[points]\n"9.5" = ["葫芦娃"]', 1)
    (rules / "drainage.toml").write_text(text, "utf-8")
    assert "（drainage）" in told("test", "葫芦娃", "--rules", str(rules)).splitlines()[0]
    for wrong, says in (('"much" = ["葫芦娃"]', "分数应写成"), ('"9.5" = "葫芦娃"', "列表"), ('"99" = ["葫芦娃"]', "-10 到 10")):
        (rules / "drainage.toml").write_text(text.replace('"9.5" = ["葫芦娃"]', wrong), "utf-8")
        said = told("test", "葫芦娃", "--rules", str(rules), status=2)
        assert says in said
        assert said.startswith("drainage.toml:")


def test_whom_a_message_accuses_is_told() -> None:
    assert "网格员（worker）：交给上一级" in told("test", "网格员态度差，还骂人")
    assert "说到谁" not in told("test", "网格员没来")
