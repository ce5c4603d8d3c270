"""The commands of `python -m bot rules`: explain one message, show what a change would move, look for rules that do no good."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from nlp.understand import Context, Understanding

rules = typer.Typer(
    help="The keyword rules (nlp/rules/*.toml): try them on a message, compare two versions, look for dead ones.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)
CUT = 40  # signs of a message shown in a list
URGENCY = {"emergency": "紧急，有危险", "urgent": "急", "normal": "一般"}
INTENT = {
    "request": "诉求", "addition": "补充", "nudge": "催办", "status": "问进度", "withdraw": "撤回", "answer": "回答",
    "question": "咨询", "thanks": "道谢", "greeting": "问候", "abuse": "骂人", "advert": "广告", "human": "找人工", "about": "问接诉是什么",
}  # fmt: skip
ACCUSED = {"worker": "网格员", "lead": "楼长", "secretary": "社区", "subdistrict": "街道", "company": "物业公司"}
KIND = {"never": "从不起作用", "shadowed": "多余", "disagrees": "互相矛盾"}

Organisation = Annotated[
    Path | None, typer.Option("--org", metavar="FILE_OR_FOLDER", help="Find the places of this organisation.")
]
Day = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], metavar="DATE", help="The day, for the heating season; without it: in season."),
]
Folder = Annotated[Path | None, typer.Option("--rules", metavar="FOLDER", help="These rules instead of the shipped ones.")]


@rules.command(name="test")
def explain_one(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A message as a resident would write it.")],
    organisation: Organisation = None,
    on: Day = None,
    folder: Folder = None,
) -> None:
    """Explain one message: what it is taken for, and which words and rules say so, with their points and lines."""
    from rich.console import Console
    from rich.table import Table

    from bot.classifying import context
    from nlp.review import explain
    from nlp.understand import understand

    with _plain_errors():
        reading = context(organisation, on.date() if on else None, folder)
    found = understand(text, reading)
    console = Console(highlight=False)
    for name, said in (*_in_short(found), *_accused(text, reading)):
        console.print(f"{name}　{said}", markup=False)
    table = Table("词", "位置", "加分", "给谁", "规则")
    for one in explain(text, reading):
        table.add_row(one.words, f"{one.start}–{one.end}", f"{one.points:+.2f}", one.label, one.rule)
    console.print(table)


def _in_short(found: Understanding) -> Iterator[tuple[str, str]]:
    from nlp.rulebook import categories

    names = {category.code: category.name for category in categories()}
    yield "类别", f"{names[found.category]}（{found.category}），把握 {found.confidence:.0%}"
    if found.also:
        yield "还有", "、".join(f"{names[code]}（{code}）" for code in found.also)
    if found.runner_up and found.runner_up not in found.also:
        yield "其次", f"{names[found.runner_up]}（{found.runner_up}）"
    yield "主题", found.topic or "（没有规则说明）"
    yield "缓急", URGENCY[found.urgency] + (f"：{found.danger}" if found.danger else "") + (
        f"（要先问清是不是 {found.danger_maybe}）" if found.danger_maybe else ""
    )
    yield "意图", f"{INTENT.get(found.intent, found.intent)}（{found.intent}）"
    if found.places:
        yield "地点", "、".join(f"{place.name}（{place.kind} {place.id}）" for place in found.places)
    if found.where.outside:
        yield "外地", found.where.outside
    if found.truncated:
        yield "长度", "太长，只读了前 4000 个字"


def _accused(text: str, reading: Context) -> Iterator[tuple[str, str]]:
    """Whom the words accuse; names of the staff are not known here."""
    from nlp.accused import accused_of
    from nlp.rulebook import shipped

    if roles := accused_of(text, (reading.rules or shipped()).accused).roles:
        yield "说到谁", f"{'、'.join(ACCUSED[role] for role in roles)}（{'、'.join(roles)}）：交给上一级，他们看不到"


@rules.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A folder of rules.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Another one.")],
    file: Annotated[
        Path, typer.Option("--on", metavar="FILE", help='JSON lines {"id", "text"}; a "label" (and "also") is compared with.')
    ],
) -> None:
    """Show which messages of a file a change of rules would move, and, where they are labelled, whether to the better."""
    from bot.classifying import rules_of
    from nlp.review import moves
    from nlp.understand import Context

    with _plain_errors():
        before, after, texts = rules_of(old), rules_of(new), list(_texts(file))
    moved = 0
    better = {True: 0, False: 0, None: 0}
    for each in moves(before, after, texts, Context()):
        moved += 1
        better[each.better] += 1
        sign = {True: "变对", False: "变错", None: "　　"}[each.better]
        typer.echo(f"{sign}  {each.id}  {_told(each.old)} → {_told(each.new)}  {_cut(each.text)}")
    typer.echo(f"{len(texts)} 条里有 {moved} 条变了" + (f"：{better[True]} 条变对，{better[False]} 条变错" if any(t[2] for t in texts) else ""))


def _told(found: Understanding) -> str:
    return f"{found.category}/{found.urgency}/{found.intent}"


@rules.command()
def lint(
    folder: Annotated[Path | None, typer.Argument(metavar="[FOLDER]", help="A folder of rules; without it the shipped ones.")] = None,
    file: Annotated[
        Path | None, typer.Option("--on", metavar="FILE", help='JSON lines {"id", "text"}: also say which rules fire in none of them.')
    ] = None,
) -> None:
    """Look for rules that never fire, that another one already covers, or that disagree. Ends with status 1 if there are any.

    Of a folder of one's own only what the shipped rules do not have too is told.
    """
    from bot.classifying import rules_of
    from nlp.review import lint as look
    from nlp.review import own_notes

    with _plain_errors():
        rules, texts = rules_of(folder), [text for _, text, _ in _texts(file)] if file else []
        notes = look(rules, texts) if folder is None else own_notes(rules, rules_of(None), texts, folder)
    for note in notes:
        typer.echo(f"{KIND[note.kind]}  {note.rule}  {note.says}")
    typer.echo((f"{len(notes)} 处要看一看" if notes else "没有发现问题") + ("（程序自带的规则）" if folder is None else ""))
    raise typer.Exit(1 if notes else 0)


def _texts(file: Path) -> Iterator[tuple[str, str, frozenset[str]]]:
    """(id, text, labels) of each line; JiesuError names a line that is none."""
    from casework.errors import JiesuError

    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise JiesuError(f"读不了这个文件：{file}（要 UTF-8 编码的 JSON 行）") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
            id_, text = str(found["id"]), found["text"]
            label = frozenset([found["label"], *found.get("also", [])]) if "label" in found else frozenset[str]()
        except (ValueError, TypeError, KeyError):
            raise JiesuError(f'{file} 第 {number} 行不是 {{"id": …, "text": "…"}}') from None
        if not isinstance(text, str):
            raise JiesuError(f"{file} 第 {number} 行：text 应是一段话")
        yield id_, text, label


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= CUT else line[:CUT] + "…"


@contextmanager
def _plain_errors() -> Iterator[None]:
    """What a person did wrong is said in a sentence, without a traceback; status 2."""
    from casework.errors import JiesuError

    try:
        yield
    except JiesuError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
