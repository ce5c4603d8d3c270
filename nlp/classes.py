"""Classes of words: {人} in a list of a rule file stands for each word of the class 人."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from nlp.wording import plain_words

Classes = Mapping[str, list[str]]


def words_of(values: Iterable[str], classes: Classes) -> frozenset[str]:
    """The words of a list in plain wording; {人} in one stands for each word of the class 人."""
    return frozenset(plain_words(word for value in values for word in spelt_out(value, classes)))


def spelt_out(value: str, classes: Classes) -> Iterator[str]:
    """Every word that a pattern such as {人}掉井里 stands for."""
    before, mark, rest = value.partition("{")
    name, closed, after = rest.partition("}")
    if not mark or not closed or name not in classes:
        yield value
        return
    for word in classes[name]:
        for tail in spelt_out(after, classes):
            yield before + word + tail


EXAMPLES = frozenset({"yes", "no", "examples", "name", "topic", "right"})
"""Keys whose texts are no patterns."""


def class_faults(data: Any, classes: Classes, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every word of a file that names a class which is not there: (where its list stands, what would be right)."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if key not in EXAMPLES:
                yield from class_faults(value, classes, (*path, key))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            if isinstance(value, str):
                if says := wrong_name(value, classes):
                    yield path, says
            else:
                yield from class_faults(value, classes, (*path, place))


def wrong_name(value: str, classes: Classes) -> str | None:
    """What is wrong with the classes that a word names, and what would be right; None where nothing is."""
    before, mark, rest = value.partition("{")
    name, closed, after = rest.partition("}")
    if "}" in before or (mark and not closed):
        return f"“{value}”里的花括号没有成对；词类写成 {{人}}"
    if mark and name not in classes:
        near = difflib.get_close_matches(name, list(classes), 1, 0.5)
        hint = f"是不是 {{{near[0]}}}？" if near else f"在 [classes] 里写上 \"{name or '人'}\" = [\"词\", \"词\"]，或改成已有的词类"
        return f"“{value}”里的 {{{name}}} 没有定义；{hint}"
    return wrong_name(after, classes) if mark else None
