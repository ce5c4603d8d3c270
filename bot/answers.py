"""Reads an installation's `answers.toml` and says everything that is wrong in it."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.organisation.faults import Fault, meant
from nlp.answers import Answer

WORDS = {"any": "any_of", "with": "with_any", "not": "none_of"}
TEXTS = ("topic", "text", "source")
KEYS = (*TEXTS, *WORDS, "valid_until")


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
    tables = document.pop("answer", [])
    faults = [Fault(path.name, 0, key, "不认识这一项", "每个答案以 [[answer]] 开头") for key in document]
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return (), [*faults, Fault(path.name, 0, "answer", "写法不对", "每个答案以 [[answer]] 开头")]
    heads = [n for n, line in enumerate(content.splitlines(), 1) if re.match(r"\s*\[\[\s*answer\s*\]\]", line)]
    answers = []
    for n, table in enumerate(tables):
        wrong = [Fault(path.name, heads[n] if n < len(heads) else 0, *what) for what in faults_of(table)]
        faults += wrong
        if not wrong:
            answers.append(answer_of(table))
    return tuple(answers), faults


def faults_of(table: dict[str, Any]) -> list[tuple[str, str, str]]:
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
    until = table.get("valid_until")
    if not isinstance(until, date) or isinstance(until, datetime):
        wrong.append(("valid_until", "没有写有效到哪一天", "请写 valid_until = 2027-12-31，不加引号"))
    return wrong


def answer_of(table: dict[str, Any]) -> Answer:
    words = {field: tuple(table.get(key, ())) for key, field in WORDS.items()}
    return Answer(
        topic=table["topic"],
        text=table["text"].strip(),
        source=table["source"],
        valid_until=table["valid_until"],
        **words,
    )
