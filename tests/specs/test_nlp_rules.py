"""The rule files: fit for use, each example true, and a broken one refused with file, line, key and remedy."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from nlp.reading import Reading, is_word
from nlp.replies import read_reply
from nlp.rulebook import RuleBook, categories, shipped
from nlp.rulefile import CODES, FOLDER, RuleError
from nlp.rulefolder import load_rules
from nlp.understand import understand

GOOD = """code = "heating"
name = "供暖"
heading = "utilities"

[[rule]]
topic = "no_heat"
any = ["暖气"]
with = ["不热"]
weight = 3.0
yes = ["暖气不热"]
no = ["水管坏了"]
"""


def test_the_ten_categories_and_other_have_their_names() -> None:
    names = {category.code: category.name for category in categories()}
    assert len(names) == 11
    assert names["heating"] == "供暖"
    assert names["public_services"] == "民生政务"
    assert list(names)[-1] == "other"


def test_examples_of_a_category_are_understood_as_that_category() -> None:
    """Nearly all; and none as something in which its category is neither first nor a further one nor the next."""
    read = [(rule, text, understand(text)) for rule in shipped().rules if rule.code in CODES for text in rule.yes]
    wrong = [(rule.name, text, found.category) for rule, text, found in read if found.category != rule.code]
    assert len(wrong) <= 0.03 * len(read), wrong
    far = [(rule.name, text, found.category) for rule, text, found in read if rule.code not in (found.category, *found.also, found.runner_up)]
    assert len(far) <= 0.005 * len(read), far


@pytest.mark.parametrize("rule", [r for r in shipped().rules if r.code == "danger"], ids=lambda r: r.name)
def test_examples_of_a_danger_are_dangers_and_the_others_are_not(rule) -> None:
    for example in rule.yes:
        understood = understand(example)
        assert (understood.danger_maybe if rule.maybe else understood.danger) is not None, example
    for example in rule.no:
        assert understand(example).danger is None, example


def refused(folder: Path, text: str) -> list[str]:
    (folder / "heating.toml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as refusal:
        load_rules(folder)
    return [str(fault) for fault in refusal.value.faults]


@pytest.mark.parametrize(
    ("wrong", "right", "place", "remedy"),
    [
        ("weight = 3.0", "wieght = 3.0", "heating.toml:9: wieght", "weight"),
        ('code = "heating"', 'code = "heatin"', "heating.toml:1: code", "heating"),
        ('heading = "utilities"', 'heading = "x"', "heating.toml:3: heading", "utilities"),
        ("weight = 3.0", 'weight = "3"', "heating.toml:9: weight", "0 到 10"),
        ('any = ["暖气"]', 'any = "暖气"', "heating.toml:7: any", "列表"),
        ('any = ["暖气"]\n', "", "heating.toml:5: any", "至少要有一个词"),
        ('topic = "no_heat"', "topic = 3", "heating.toml:6: topic", "no_heat"),
        ('yes = ["暖气不热"]', 'yes = ["灯不亮"]', "heating.toml:10: yes", "灯不亮"),
        ('no = ["水管坏了"]', 'no = ["暖气不热啊"]', "heating.toml:11: no", "not"),
        ("weight = 3.0", "urgent_when = { saeson = 1 }", "heating.toml:9: saeson", "season"),
        ("weight = 3.0", "weight = ", "heating.toml:9: file", "TOML"),
        ('any = ["暖气"]', 'any = ["暖气", "{xyz}"]\n', "heating.toml:7: any", "[classes]"),
        ('any = ["暖气"]', 'any = ["暖气 "]', "heating.toml:7: any", "空格"),
        ('any = ["暖气"]', 'any = ["暖气" "供暖"]', "heating.toml:7: file", "英文逗号"),
        ("weight = 3.0", "weight = 3.0\nweight = 2.0", "heating.toml:10: file", "只写一次"),
        ("[[rule]]", '[points]\n3.75 = ["暖气"]\n\n[[rule]]', "heating.toml:5: 3", "要加引号"),
        ("[[rule]]", '[points]\n"-1" = ["暖气"]\n\n[[rule]]', "heating.toml:6: -1", "只加分"),
        ('any = ["暖气"]', "any = [“暖气”]", "heating.toml:7: file", '把中文的 “ 改成英文的 "'),
        ("[[rule]]", '[classes]\n人 = ["老人"]\n\n[[rule]]', "heating.toml:6: file", '写成 "人" ='),
        ('any = ["暖气"]', 'any = ["暖气", "{暖气"]', "heating.toml:7: any", "花括号"),
    ],
)
def test_a_fault_names_file_line_key_and_remedy(
    tmp_path: Path, wrong: str, right: str, place: str, remedy: str
) -> None:
    (fault,) = refused(tmp_path, GOOD.replace(wrong, right))
    assert fault.startswith(place)
    assert remedy in fault


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    faults = refused(tmp_path, GOOD.replace("weight = 3.0", "wieght = 3.0").replace('name = "供暖"', ""))
    assert len(faults) == 2


def test_two_files_for_one_category_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError):
        load_rules(tmp_path)
    (tmp_path / "again.toml").write_text(GOOD, encoding="utf-8")
    assert any("again.toml" in fault for fault in refused(tmp_path, GOOD))


def test_a_changed_file_is_taken_up_and_a_broken_one_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(FOLDER, folder)
    book = RuleBook(folder)
    file = folder / "heating.toml"
    text = file.read_text(encoding="utf-8")

    def save(content: str, at: int) -> None:
        file.write_text(content, encoding="utf-8")
        os.utime(file, (at, at))

    save(text.replace('"供暖"', '"供热采暖"', 1), 1_000)
    assert "供热采暖" in {category.name for category in categories(book.current())}
    save("weight =", 2_000)
    assert "供热采暖" in {category.name for category in categories(book.current())}
    assert book.error is not None
    assert book.error.faults[0].file == "heating.toml"
    save(text, 3_000)
    assert "供暖" in {category.name for category in categories(book.current())}
    assert book.error is None


def test_a_keyword_that_cuts_across_two_words_is_not_there():
    """加|热水|龙头: the characters of a keyword side by side, but jieba reads other words."""
    assert not is_word(1, 3, frozenset({0, 2, 5}))  # 加热|水龙头
    assert is_word(0, 2, frozenset({0, 3}))  # 暖气片: inside one word
    assert is_word(1, 3, frozenset({0, 2, 3}))  # 马路|灯: one edge bears it out
    loud = [word.text for word in shipped().words if word.loud]
    assert "臭鸡蛋" in loud
    assert "暖气" not in loud


def test_words_in_hearsay_and_in_names_of_places_do_not_count() -> None:
    """物业说没问题 is no complaint about the company, 平安里 no peace."""
    rules = shipped()
    said = "电梯坏了,物业说没问题"
    inside = [rules.words[n].text for start, _, n in Reading(rules, said).hits if start >= said.index("物业")]
    assert "物业说" in inside
    assert "物业" not in inside
    named = Reading(rules, "锦绣医院3号楼停电", [(0, 4)])
    assert all(start >= 4 for start, _, _ in named.hits)
    assert any(start < 4 for start, _, _ in Reading(rules, "锦绣医院3号楼停电").hits)


@pytest.mark.parametrize("line", ["[[0.0, 0.5], [1.0, 0.4]]", "[[0.0, nan], [1.0, 0.9]]", "[[0.0, 0.5, 1.0]]", "3"])
def test_a_line_of_confidence_that_falls_or_is_none_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "reading.toml").write_text(f'code = "reading"\nname = "读法"\ncalibration = {line}\n', "utf-8")
    assert any(fault.startswith("reading.toml:3: calibration") for fault in refused(tmp_path, GOOD))


def test_a_class_that_is_nearly_right_is_named(tmp_path: Path) -> None:
    (fault,) = refused(tmp_path, GOOD.replace('any = ["暖气"]', 'any = ["暖气", "{屋里头}冷"]') + '\n[classes]\n"屋里" = ["屋里"]\n')
    assert "是不是 {屋里}？" in fault


def test_answers_are_read_by_the_replies_of_the_folder_or_by_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "heating.toml").write_text(GOOD, encoding="utf-8")
    assert read_reply("葫芦娃", load_rules(tmp_path).replies).answer == "unclear"
    assert read_reply("修好了", load_rules(tmp_path).replies).answer == "solved"
    (tmp_path / "replies.toml").write_text(
        'code = "replies"\nname = "回访"\n[points.solved]\n"5.0" = ["葫芦娃"]\n', encoding="utf-8"
    )
    assert read_reply("葫芦娃", load_rules(tmp_path).replies).answer == "solved"
