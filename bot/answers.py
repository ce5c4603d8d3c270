"""Reads an installation's `answers.toml` and says everything that is wrong in it."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.organisation.faults import Fault, meant
from nlp.answers import Answer
from nlp.classes import spelt_out, wrong_name
from nlp.tomllines import key_lines

ZONE = ZoneInfo("Asia/Shanghai")

WORDS = {"any": "any_of", "with": "with_any", "not": "none_of"}
TEXTS = ("topic", "text", "source")
KEYS = (*TEXTS, *WORDS, "valid_until", "area")
TOGETHER = ("answer", "classes")
SOON = timedelta(days=30)


def read_answers(path: Path) -> tuple[tuple[Answer, ...], list[Fault]]:
    """The answers that can be used, and every fault. No file: no answers and a warning."""
    if not path.is_file():
        return (), [
            Fault(
                path.name, 0, "", "没有这个文件，常见问题都交给受理员", "可以照 examples/answers.toml 写一个", "warning"
            )
        ]
    try:
        content = path.read_bytes().decode("utf-8-sig")
        document = tomllib.loads(content)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        found = re.search(r"line (\d+)", str(error))
        return (), [
            Fault(
                path.name,
                int(found[1]) if found else 0,
                "",
                f"不是正确的 TOML（{error}）",
                "请检查引号、等号和编码（UTF-8）",
            )
        ]
    tables, classes = document.pop("answer", []), document.pop("classes", {})
    lines = key_lines(content.encode())
    faults = [Fault(path.name, lines.get((key,), 0), key, "不认识这一项", meant(key, TOGETHER, "每个答案以 [[answer]] 开头")) for key in document]
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return (), [*faults, Fault(path.name, 0, "answer", "写法不对", "每个答案以 [[answer]] 开头")]
    if not isinstance(classes, dict) or not all(_is_words(each) for each in classes.values()):
        faults.append(Fault(path.name, lines.get(("classes",), 0), "classes", "写法不对", '一行一组词，如 "怎么" = ["怎么", "咋", "如何"]'))
        classes = {}
    answers, heads = [], []
    for n, table in enumerate(tables):
        head = lines.get(("answer", n), 0)
        wrong = [
            Fault(path.name, lines.get(("answer", n, key), head), key, problem, remedy) for key, problem, remedy in faults_of(table, classes)
        ]
        faults += wrong
        if not wrong:
            answers.append(answer_of(table, classes))
            heads.append(head)
    return tuple(answers), [*faults, *_alike(path.name, answers, heads)]


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)


def _alike(file: str, answers: list[Answer], heads: list[int]) -> list[Fault]:
    """Two that the same words ask for: whoever asks has to choose."""
    seen: dict[tuple[object, ...], tuple[str, int]] = {}
    found = []
    for answer, line in zip(answers, heads, strict=True):
        key = (frozenset(answer.any_of), frozenset(answer.with_any), frozenset(answer.none_of), answer.area)
        if key in seen:
            topic, other = seen[key]
            found.append(Fault(file, line, "any", f"和第 {other} 行的“{topic}”问法一样，居民每次都要选一回", "请合成一个，或写上各自的词", "warning"))
        seen.setdefault(key, (answer.topic, line))
    return found


def ending(answers: tuple[Answer, ...], today: date) -> list[tuple[Answer, bool]]:
    """The answers that have ended (True) or will within thirty days."""
    return [(each, each.valid_until < today) for each in answers if each.valid_until < today + SOON]


def faults_of(table: dict[str, Any], classes: dict[str, list[str]]) -> list[tuple[str, str, str]]:
    """What is wrong in one answer: key, problem, remedy."""
    wrong = [(key, "不认识这一项", meant(key, KEYS, f"可以写 {'、'.join(KEYS)}")) for key in table if key not in KEYS]
    for key in TEXTS:
        if not isinstance(table.get(key), str) or not table[key].strip():
            wrong.append((key, "没有写", f'请写 {key} = "……"'))
    for key in WORDS:
        words = table.get(key, [])
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            wrong.append((key, "应是一组词", f'请写 {key} = ["词", "词"]'))
        elif key == "any" and not words:
            wrong.append((key, "没有写问的是什么", '请写 any = ["词", "词"]'))
        else:
            wrong += [(key, says, "词组写在 [classes] 下面") for word in words if (says := wrong_name(word, classes))]
    if not isinstance(table.get("area", ""), str):
        wrong.append(("area", "应是区域的编号", '请写 area = "s1c1"，或去掉这一行（全城都用）'))
    until = table.get("valid_until")
    if not isinstance(until, date) or isinstance(until, datetime):
        wrong.append(("valid_until", "没有写有效到哪一天", "请写 valid_until = 2027-12-31，不加引号"))
    return wrong


def answer_of(table: dict[str, Any], classes: dict[str, list[str]]) -> Answer:
    words = {field: tuple(each for word in table.get(key, ()) for each in spelt_out(word, classes)) for key, field in WORDS.items()}
    return Answer(
        topic=table["topic"],
        text=table["text"].strip(),
        source=table["source"],
        valid_until=table["valid_until"],
        area=table.get("area", ""),
        **words,
    )


# ---- what desks have kept ---------------------------------------------------------------------------------------


def as_toml(row: Any) -> str:
    """An answer that a desk kept, ready to be put into the file. `row`: of storage.answers.in_use."""
    at = row.added_at.astimezone(ZONE)
    lines = [
        f"# {at:%Y-%m-%d} {row.added_title} {row.added_name} 放进来的；居民问的是：{' '.join(row.question.split())}",
        "[[answer]]",
        *(f"{key} = {_toml(value)}" for key, value in (("topic", row.topic), ("any", list(row.any_of)), ("with", list(row.with_any))) if value),
        f"text = {_toml(row.text)}",
        f"source = {_toml(row.source)}",
        f"valid_until = {row.valid_until}",
        *([f"area = {_toml(row.area_id)}"] if row.area_id else []),
    ]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # a string of JSON is one of TOML
