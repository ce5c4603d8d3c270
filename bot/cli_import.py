"""`python -m bot import`: a hotline's export becomes the town's first figures."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.organisation.faults import Fault
    from bot.records.bringing import Brought
    from bot.records.rows import Rows
    from bot.records.saved import Choice
    from bot.records.sheet import Sheet
    from bot.settings import Settings

SHOWN = 10
EXAMPLE = 24
STOPPED = 130  # as shells have it for Ctrl-C
BY = {"said": "您说的", "kept": "上次的", "guessed": "猜的"}

Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="PATH", help="Read this file instead of JIESU_CONFIG or the shipped config.toml."),
]


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A workbook (.xlsx, .xls, .ods) or a CSV file, UTF-8 or GB18030.")],
    columns: Annotated[
        list[str] | None, typer.Option("--map", metavar="内容=诉求内容", help="Which column is what: its heading or its letter; 内容= for none.")
    ] = None,
    source: Annotated[str, typer.Option(metavar="NAME", help="Whose numbers these are; records of two sources never meet.")] = "hotline",
    sheet: Annotated[str, typer.Option(metavar="NAME", help="The sheet of the workbook; without it the one that looks most like records.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be; nothing is written.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Read unchanged records anew too: after new rules, or more places.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing, on a terminal neither.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Show every cell that could not be read.")] = False,
    config: Config = None,
) -> None:
    """Bring the past in: a hotline's export, whatever its headings, as cases that have ended, counted in the figures.

    Shows which column is taken for what and keeps it for the next time. Says row by row what it could not read; a bad row stops nothing.
    The same file again doubles nothing, a changed record changes its case. No messages, questions or timers come of it; telephone
    numbers are kept as a keyed hash only. Jiesu may be running.
    """
    from bot.records.sheet import read_sheet
    from bot.settings import load
    from bot.spreadsheet import BadWorkbook
    from casework.errors import JiesuError

    try:
        settings = load(config)
        brought, rows, strange = _run(settings, read_sheet(file, sheet), file, source.strip() or "hotline", columns or [], (dry_run, again, yes))
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("停下了，什么都没有导入。", err=True)
        raise typer.Exit(STOPPED) from None
    except BadWorkbook as bad:
        typer.echo(f"{file.name}：{bad.problem}。{bad.remedy}。", err=True)
        raise typer.Exit(1) from None
    except JiesuError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    _say_unread(rows, every)
    _say_done(brought, rows, strange, dry_run)


def _run(settings: Settings, sheet: Sheet, file: Path, source: str, columns: list[str], flags: tuple[bool, bool, bool]) -> tuple[Brought, Rows, Counter[str]]:
    from bot.entry import Opened
    from bot.keys import Keys
    from bot.records import saved
    from bot.records.bringing import Bringing, Brought
    from bot.records.meaning import Meaning
    from bot.records.rows import Rows
    from bot.world import ZONE, mint
    from handlers.summaries.find import searched
    from storage.records import Intake

    dry_run, again, yes = flags
    kept = saved.file_of(settings.data.folder, source)
    choice = _agreed(sheet, saved.load(kept), columns, yes)
    with Opened(settings) as opened:
        world, now = opened.world(), opened.clock.now()
        rows = Rows(sheet, choice.mapped, ZONE, now, file.suffix.lower().startswith((".xls", ".ods")))
        meaning = Meaning(world, opened.database, Keys.load(settings.data.folder).callers, source)
        bringing = Bringing(opened.database, meaning, Intake(source, world.policy, mint, ZONE, searched), now, not dry_run, again)
        if not dry_run:
            saved.save(kept, sheet, choice)
        brought = Brought()
        try:
            with _progress(len(sheet.rows)) as step:
                bringing.run(sheet, rows, step, brought)
        except KeyboardInterrupt:
            typer.echo(_broken_off(brought, dry_run), err=True)
            raise typer.Exit(STOPPED) from None
    return brought, rows, meaning.strange


# ---- which column is what ---------------------------------------------------------------------------------------------


def _agreed(sheet: Sheet, kept: dict[str, str], columns: list[str], yes: bool) -> Choice:
    """The choice, shown; on a terminal it may be mended until it is right."""
    from bot.records import saved
    from casework.errors import JiesuError

    asked = not yes and _on_terminal()
    wanted = saved.joined({}, saved.said(columns, sheet), sheet)
    while True:
        choice = saved.choose(sheet, kept, wanted)
        _show(sheet, choice)
        if not asked:
            break
        words = typer.prompt("对的话按回车；要改写成 内容=诉求内容（不要这一列：内容=）；不导入写 q", default="", show_default=False, err=True).strip()
        if words in ("q", "Q", "n", "不"):
            raise JiesuError("没有导入。")
        if not words and not choice.lacking:
            break
        if not words:
            typer.echo(f"还不知道哪一列是{'、'.join(choice.lacking)}：请写 {choice.lacking[0]}=列名，或列的字母。", err=True)
        try:
            wanted = saved.joined(wanted, saved.said(words.split(), sheet), sheet)
        except JiesuError as error:
            typer.echo(str(error), err=True)
    if choice.lacking:
        there = "、".join(each for each in sheet.headings if each)
        raise JiesuError(f"没找到哪一列是{'、'.join(choice.lacking)}。请加 --map {choice.lacking[0]}=列名；表里有：{there}")
    return choice


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _show(sheet: Sheet, choice: Choice) -> None:
    """On standard error, as a table: what is read, from which column, with an example; and which columns are not."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from bot.organisation.tables import letter
    from bot.records.bringing import mapped_to
    from bot.records.fields import BY_NAME

    table = Table("接诉要的", "表里的列", "怎么来的", "例子", title=f"「{sheet.name}」{len(sheet.rows):,} 行", title_justify="left")
    for name, heading, example in mapped_to(choice.mapped, sheet):
        shown = example if name not in ("phone",) else "（只留不可还原的记号）"
        column = f"{letter(choice.mapped[name])} {heading}"
        table.add_row(BY_NAME[name].title, Text(column), BY[choice.by[name]], Text(shown if len(shown) <= EXAMPLE else f"{shown[:EXAMPLE]}…"))
    console = Console(stderr=True)
    console.print(table)
    unused = [heading for column, heading in enumerate(sheet.headings) if heading and column not in choice.mapped.values()]
    if unused:
        console.print(Text(f"不读的列：{'、'.join(unused)}"))
    if sheet.left:
        console.print(Text(f"没有读的工作表：{'、'.join(sheet.left)}（列名不一样；要读其中一个，加 --sheet {sheet.left[0]}）"))
    if sheet.headless:
        console.print(Text("没有找到列名，第一行看来已经是记录。请用列的字母说明哪一列是什么：--map 受理时间=A --map 内容=F；或在上面加一行列名。"))


# ---- how it is said ---------------------------------------------------------------------------------------------------


@contextmanager
def _progress(lines: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("读记录", total=lines)
        yield lambda done: bar.advance(task, done)


def _say_unread(rows: Rows, every: bool) -> None:
    """Row by row with --all; else of each kind the first cell and how many there are."""
    if every:
        for fault in rows.faults:
            typer.echo(str(fault))
        return
    kinds: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in rows.faults:
        kinds.setdefault((fault.severity, fault.column, fault.problem if fault.severity == "warning" else fault.remedy), []).append(fault)
    ranked = sorted(kinds.values(), key=lambda same: (same[0].severity, -len(same)))
    for same in ranked[:SHOWN]:
        typer.echo(str(same[0]) + (f"（这样的有 {len(same):,} 处）" if len(same) > 1 else ""))
    if len(rows.faults) > len(ranked[:SHOWN]):
        typer.echo(f"一共 {len(rows.faults):,} 处没读懂，加 --all 一处一处看。")


def _broken_off(brought: Brought, dry_run: bool) -> str:
    if dry_run:
        return "停下了。这是试运行，什么都没有写。"
    fates = brought.fates
    return (
        f"停下了：新增了 {fates['new']:,} 件，更新了 {fates['changed']:,} 件，后面的还没有导入。"
        "再运行一次同样的命令就接着导入，已经进来的不会重复。"
    )


def _say_done(brought: Brought, rows: Rows, strange: Counter[str], dry_run: bool) -> None:
    fates = brought.fates
    typer.echo(
        f"{'会' if dry_run else ''}新增 {fates['new']:,} 件，更新 {fates['changed']:,} 件，没有变化 {fates['same']:,} 件，"
        f"没读进来 {len(rows.out):,} 行。"
    )
    if fates["ours"]:
        typer.echo(f"另有 {fates['ours']:,} 件进来以后在接诉里又办过，没有改。")
    if not brought.whole:
        return
    for line in (*_found(brought), *_areas(strange)):
        typer.echo(line)
    if dry_run:
        typer.echo("这是试运行，什么都没有写。去掉 --dry-run 就真的导入。")


def _found(brought: Brought) -> list[str]:
    from handlers.texts import word

    whole, known = brought.whole, brought.known
    most = "，".join(f"{word('category', code)} {n:,}" for code, n in brought.categories.most_common(5))
    lines = [f"受理时间 {brought.first} 到 {brought.last}，{whole:,} 件。最多的：{most}。"]
    lines.append(
        f"地点到网格 {_share(known['grid'], whole)}，只到社区 {_share(known['community'], whole)}，说不清 {_share(known['nowhere'], whole)}。"
    )
    lines.append(
        f"有回访结果 {known['answered']:,} 件，有满意度 {known['graded']:,} 件，有签收时间 {known['responded']:,} 件；没有的不算进三率。"
    )
    if known["lone_grade"]:
        lines.append(f"{known['lone_grade']:,} 件只有满意度、没有说解决没有：按口径不算进满意率。")
    return lines


def _areas(strange: Counter[str]) -> Sequence[str]:
    if not strange:
        return []
    told = "、".join(f"{name}（{n:,} 行）" for name, n in strange.most_common(SHOWN))
    return [f"组织资料里没有：{told}。可以把这些写法加成别名，再加 --again 导入一次。"]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}"
