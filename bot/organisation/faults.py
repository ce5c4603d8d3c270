"""What is wrong in somebody's file, said so that the clerk who wrote it can mend it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Fault:
    """A thing to mend: where, what is wrong, what would be right. `file` is a file's name or a sheet of a workbook, `row` counts from 1
    (0: the whole of it), `cell` is the address in a workbook (C7). An error forbids taking it in; a warning does not."""

    file: str
    row: int
    column: str
    problem: str
    remedy: str
    severity: Severity = "error"
    cell: str = ""

    @property
    def where(self) -> str:
        row = f" 第 {self.row} 行" if self.row else ""
        cell = f" {self.cell}" if self.cell else ""
        return f"{self.file}{row}{cell}" + (f"「{self.column}」" if self.column else "")

    def __str__(self) -> str:
        end = "" if self.remedy.endswith("？") else "。"
        return f"{'错误' if self.severity == 'error' else '提醒'}：{self.where}：{self.problem}。{self.remedy}{end}"


def likely(word: str, known: Collection[str]) -> str:
    """The known word that was probably meant, or an empty string."""
    return next(iter(get_close_matches(word, known, n=1, cutoff=0.6 if len(word) > 3 else 0.5)), "")


def meant(word: str, known: Collection[str], otherwise: str) -> str:
    """A remedy for an unknown word: the likely one if there is one, else `otherwise`."""
    guess = likely(word, known)
    return f"是不是“{guess}”？" if guess else otherwise
