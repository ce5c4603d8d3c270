"""What the rules are fitted to and measured by: letters labelled by reading (ids only; their texts stay in the gold folder), and messages
written for this project."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Labelled:
    """A text and what a reader says of it. `part`: title, full, chat, danger, near_miss, heating; `source`: the file."""

    id: str
    part: str
    text: str
    label: str
    also: tuple[str, ...]
    urgency: str
    intent: str
    source: str


@dataclass(frozen=True)
class LabelledReply:
    """An answer to the check-back and how it is to be read."""

    id: str
    text: str
    answer: str
    satisfaction: str
    source: str


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _messages(path: Path) -> Iterator[Labelled]:
    for line in _lines(path):
        yield Labelled(
            line["id"], line["part"], line["text"], line["label"], tuple(line["also"]), line["urgency"], line.get("intent", ""), path.stem
        )


def written() -> list[Labelled]:
    """Chat messages, dangers and near misses written for this project."""
    return [item for path in sorted(HERE.glob("messages_*.jsonl")) for item in _messages(path)]


def gold(folder: Path) -> list[Labelled]:
    """The labelled half of the gold set: its letters, chat messages and dangers."""
    return [item for name in ("dev.jsonl", "danger_dev.jsonl") for item in _messages(folder / name)]


def letters(folder: Path) -> list[Labelled]:
    """The letters of the gold folder's corpus that were labelled here, each as a title and in full."""
    texts = {line["id"]: line for line in _lines(folder / "corpus.jsonl")}
    found = []
    with (HERE / "letters.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            text = texts[row["id"]]
            also = tuple(filter(None, row["also"].split(" ")))
            whole = Labelled(row["id"], "full", f"{text['title']}。{text['text']}", row["label"], also, row["urgency"], row["intent"], "letters")
            title_also = tuple(filter(None, row["title_also"].split(" "))) if row["title_label"] else also
            title = row["title_label"] or row["label"]
            found += [whole, Labelled(row["id"], "title", text["title"], title, title_also, row["urgency"], row["intent"], "letters")]
    return found


def replies(folder: Path | None = None) -> list[LabelledReply]:
    """Answers to the check-back: those written for this project, or those of the gold folder."""
    paths = sorted(HERE.glob("replies_*.jsonl")) if folder is None else [folder / "replies_dev.jsonl"]
    return [
        LabelledReply(line["id"], line["text"], line["answer"], line["satisfaction"], path.stem) for path in paths for line in _lines(path)
    ]


@lru_cache(maxsize=1)
def left_out() -> tuple[str, ...]:
    """Names of places and firms in the letters: no word that holds one of them is ever proposed."""
    return tuple((HERE / "left_out.txt").read_text("utf-8").split())


@lru_cache(maxsize=1)
def said_of_anything() -> frozenset[str]:
    """Words that stand in messages about everything, and so speak for nothing: never proposed either."""
    return frozenset((HERE / "said_of_anything.txt").read_text("utf-8").split())
