"""Answers to common questions: which prepared answer, if any, a message asks for. Pure; the answers are an installation's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Answer:
    """A prepared answer. It fits a text that has one word of `any_of`, one of `with_any` (if there are some) and none of `none_of`;
    `source` says whose word it is, and after `valid_until` it is not given any more."""

    topic: str
    any_of: tuple[str, ...]
    with_any: tuple[str, ...]
    none_of: tuple[str, ...]
    text: str
    source: str
    valid_until: date


def find_answer(text: str, answers: tuple[Answer, ...], today: date) -> Answer | None:
    """The valid answer with the most letters of its words in `text`, the first of equals; None if none fits."""
    plain = "".join(text.split()).lower()
    best, most = None, 0
    for answer in answers:
        if today <= answer.valid_until and (weight := fit(plain, answer)) > most:
            best, most = answer, weight
    return best


def fit(plain: str, answer: Answer) -> int:
    """How many letters of the answer's words stand in the text; 0 if the answer does not fit."""
    subject = [word for word in answer.any_of if word.lower() in plain]
    asked = [word for word in answer.with_any if word.lower() in plain]
    if not subject or (answer.with_any and not asked) or any(word.lower() in plain for word in answer.none_of):
        return 0
    return sum(map(len, subject)) + sum(map(len, asked))
