"""Classes of words: {人} in a list of a rule file stands for each word of the class 人."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from nlp.wording import plain

Classes = Mapping[str, list[str]]


def words_of(values: Iterable[str], classes: Classes) -> frozenset[str]:
    """The words of a list in plain wording; {人} in one stands for each word of the class 人."""
    return frozenset(plain(word).text for value in values for word in spelt_out(value, classes))


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
