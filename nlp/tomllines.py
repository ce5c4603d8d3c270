"""Where each key of a TOML file stands: tomllib does not say, and a fault is worth little without its line.

The only file that knows tree_sitter.
"""

from __future__ import annotations

import re
from functools import lru_cache

import tree_sitter_toml
from tree_sitter import Language, Node, Parser


@lru_cache(maxsize=1)
def _parser() -> Parser:
    return Parser(Language(tree_sitter_toml.language()))


def _bare(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace").strip("\"'")


def key_lines(source: bytes) -> dict[tuple[str | int, ...], int]:
    """Where each key stands: ("rule", 1, "weight") -> 12."""
    lines: dict[tuple[str | int, ...], int] = {}
    counted: dict[str, int] = {}

    def pair(node: Node, base: tuple[str | int, ...]) -> None:
        key, value = node.children[0], node.children[-1]
        bare = _bare(key)
        path = (*base, *([bare] if key.type == "quoted_key" else bare.split(".")))
        lines.setdefault(path, key.start_point[0] + 1)
        for inner in value.children if value.type == "inline_table" else ():
            if inner.type == "pair":
                pair(inner, path)

    for node in _parser().parse(source).root_node.children:
        base: tuple[str | int, ...] = ()
        if node.type in ("table", "table_array_element"):
            name = next((_bare(c) for c in node.children if c.type.endswith("key")), "")
            base = tuple(name.split("."))
            if node.type == "table_array_element":
                base = (name, counted.setdefault(name, 0))
                counted[name] += 1
            lines.setdefault(base, node.start_point[0] + 1)
        for child in [node] if node.type == "pair" else node.children:
            if child.type == "pair":
                pair(child, base)
    return lines


_FULL_WIDTH = {"“": '"', "”": '"', "‘": "'", "’": "'", "，": ",", "＝": "=", "［": "[", "］": "]", "\u3000": " ", "【": "[", "】": "]", "＂": '"'}


_SAID_BY_TOML = (
    ("Cannot overwrite", "这一项或这张表前面已经写过；同一个名字只写一次，规则以 [[rule]] 开头（两层方括号）"),
    ("Cannot declare", "这张表前面已经写过；把两处合成一处"),
    ("Cannot mutate", "这张表前面已经写过；把两处合成一处"),
    ("Unclosed array", "列表少了一个英文逗号，或少了后面的 ]"),
    ("Unterminated string", '这一行少了一个英文引号 "'),
)
"""What the reader of TOML says, in words that help."""


def remedy(source: str, line: int, error: str) -> str:
    """What would be right, as far as the line tells: Chinese signs typed for those of the file, a Chinese name without quotes."""
    lines = source.splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    outside = re.sub(r'"[^"]*"', "", text)
    wrong = [sign for sign in _FULL_WIDTH if sign in outside]
    if wrong:
        return "、".join(f"把中文的 {sign} 改成英文的 {_FULL_WIDTH[sign]}" for sign in wrong)
    for sign, says in _SAID_BY_TOML:
        if sign in error:
            return says
    if name := re.match(r"\s*([^\s\"'=#\[\]]*[^\x00-\x7f][^\s\"'=#\[\]]*)\s*=", text):
        return f'中文的名字要加引号：写成 "{name[1]}" ='
    return "请检查这一行和上一行的引号、逗号和方括号是否成对"
