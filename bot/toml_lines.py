"""Where each key of a TOML text stands: tomllib gives values without lines, tree-sitter gives lines."""

import tomllib

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

_TOML = Language(tree_sitter_toml.language())
_KEYS = ("bare_key", "quoted_key")


def toml_lines(text: str) -> dict[tuple[str, ...], int]:
    """Path of each table and key -> its line, counted from 1; of a repeated table ([[x]]) the last one's."""
    lines: dict[tuple[str, ...], int] = {}
    for node in Parser(_TOML).parse(text.encode()).root_node.children:
        if node.type == "pair":
            _note(node, (), lines)
        elif node.type in ("table", "table_array_element"):
            above = _note(node, (), lines)
            for pair in node.children:
                if pair.type == "pair":
                    _note(pair, above, lines)
    return lines


def _note(node: Node, above: tuple[str, ...], lines: dict[tuple[str, ...], int]) -> tuple[str, ...]:
    """Keep the line of the key that `node` begins with, and of the tables that it implies, and give its whole path."""
    parts = above + next((_path(child) for child in node.children if child.type in (*_KEYS, "dotted_key")), ())
    for length in range(len(above) + 1, len(parts)):
        lines.setdefault(parts[:length], node.start_point[0] + 1)
    lines[parts] = node.start_point[0] + 1
    for child in node.children:
        if child.type == "inline_table":
            for pair in child.children:
                if pair.type == "pair":
                    _note(pair, parts, lines)
    return parts


def _path(key: Node) -> tuple[str, ...]:
    if key.type == "dotted_key":
        return tuple(part for child in key.children for part in _path(child))
    if key.type not in _KEYS or key.text is None:
        return ()
    name = key.text.decode()
    return (name if key.type == "bare_key" else next(iter(tomllib.loads(f"{name} = 0"))),)
