"""Which column is what: as somebody said it, as it was kept from the last time, or as it is guessed."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.organisation.faults import meant
from bot.organisation.tables import letter
from bot.records.fields import BY_NAME, BY_TITLE, FIELDS, NEEDED, Mapped, bare
from bot.records.sheet import Sheet
from casework.errors import JiesuError

FOLDER = "imports"
NO_NAME = re.compile(r"[^\w-]+")
"""What has no place in a file's name."""
HEAD = """\
# 热线记录里哪一列是什么。等号左边是接诉要的，右边是表里的列名；"" 是不要。
# 下次导入同一来源（--source）的文件时先照这里，找不到的列名再猜。
"""


@dataclass(frozen=True)
class Choice:
    """Field -> column, and for each where that comes from: said, kept, guessed."""

    mapped: Mapped
    by: Mapping[str, str]

    @property
    def lacking(self) -> list[str]:
        """What there has to be and is not, by its title."""
        return [BY_NAME[name].title for name in NEEDED if name not in self.mapped]


def file_of(folder: Path, source: str) -> Path:
    return folder / FOLDER / f"{NO_NAME.sub('_', source)}.toml"


def load(path: Path) -> dict[str, str]:
    """Field -> heading, as it was kept; nothing where nothing was. JiesuError when somebody's hand broke the file."""
    try:
        kept = tomllib.loads(path.read_text("utf-8-sig")).get("columns", {})
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise JiesuError(f"{path} 读不了（{error}）。请改好它，或删掉它，重新对应一次。") from None
    return {BY_TITLE[title].name: str(heading) for title, heading in kept.items() if title in BY_TITLE}


def save(path: Path, sheet: Sheet, choice: Choice) -> None:
    """Keep the choice for the next time."""
    lines = [
        f"{json.dumps(field.title, ensure_ascii=False)} = {json.dumps(sheet.headings[choice.mapped[field.name]], ensure_ascii=False)}"
        if field.name in choice.mapped
        else f'{json.dumps(field.title, ensure_ascii=False)} = ""'
        for field in FIELDS
        if field.name in choice.mapped or choice.by.get(field.name) in ("said", "kept")
    ]
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(HEAD + "\n[columns]\n" + "\n".join(lines) + "\n", "utf-8")
    except OSError as error:
        raise JiesuError(f"{path} 写不进去（{error.strerror}）。请看 [data] folder 的文件夹是否可写。") from None


def said(words: Sequence[str], sheet: Sheet) -> dict[str, int | None]:
    """内容=诉求内容, 满意度= (none), 内容=F (a column by its letter): field -> column. JiesuError says what is not understood."""
    found: dict[str, int | None] = {}
    for each in words:
        title, equals, heading = each.replace("＝", "=").partition("=")
        field = BY_TITLE.get(title.strip())
        if not equals:
            name = field.title if field else "内容"
            raise JiesuError(f"“{each}”里没有等号：要写成 {name}=列名，或 {name}=列的字母，比如 内容=诉求内容。")
        if field is None:
            titles = [known.title for known in FIELDS]
            raise JiesuError(f"看不懂“{each}”：要写成 内容=诉求内容。{meant(title.strip(), titles, '等号左边可以是：' + '、'.join(titles))}")
        found[field.name] = column_of(heading.strip(), sheet) if heading.strip() else None
    return found


def joined(before: Mapping[str, int | None], more: Mapping[str, int | None], sheet: Sheet) -> dict[str, int | None]:
    """What was said, and what is said now. JiesuError where two fields would have the same column."""
    wanted, taken = {**before, **more}, dict[int, str]()
    for name, column in wanted.items():
        if column is not None and (other := taken.setdefault(column, name)) != name:
            raise JiesuError(f"“{sheet.headings[column]}”这一列已经是{BY_NAME[other].title}，不能又是{BY_NAME[name].title}：一列只能是一样。")
    return wanted


def column_of(heading: str, sheet: Sheet) -> int:
    """The column with this heading, or this letter."""
    known = [bare(each) for each in sheet.headings]
    if bare(heading) in known:
        return known.index(bare(heading))
    letters = [letter(column) for column in range(len(sheet.headings))]
    if heading.upper() in letters:
        return letters.index(heading.upper())
    there = [each for each in sheet.headings if each]
    raise JiesuError(f"表里没有“{heading}”这一列。{meant(heading, there, '有的是：' + '、'.join(there))}")


def choose(sheet: Sheet, kept: Mapping[str, str], wanted: Mapping[str, int | None]) -> Choice:
    """What was said goes first, then what was kept and is there, then what is guessed; a column is one thing only."""
    mapped, by = dict[str, int](), dict[str, str]()
    known = [bare(each) for each in sheet.headings]
    told = {name: known.index(bare(h)) if h and bare(h) in known else None for name, h in kept.items() if not h or bare(h) in known}
    for origin, source in (("said", wanted), ("kept", told), ("guessed", sheet.guessed)):
        for name, column in source.items():
            if name not in by and (column is None or column not in mapped.values()):
                by[name] = origin
                if column is not None:
                    mapped[name] = column
    return Choice(mapped, by)
