"""Where each key of a TOML file stands: tomllib does not say, and a fault is worth little without its line.

The only file that knows tree_sitter.
"""

from __future__ import annotations

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
