"""The commands of `python -m bot`: one function each, thin. What they need is imported when they run: --help is instant."""

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli_figures import figures
from bot.cli_import import import_
from bot.cli_org import org
from bot.cli_report import report
from bot.cli_rules import rules

app = typer.Typer(
    help="Jiesu 接诉: residents' complaints, taken and followed until the resident says that they are solved.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # a traceback's locals hold residents' words and the token
    rich_markup_mode=None,
)

app.add_typer(org, name="org")
app.add_typer(figures, name="figures")
app.add_typer(rules, name="rules")
app.command(name="import")(import_)

LISTED = 20  # matches of `invite`

Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="PATH", help="Read this file instead of JIESU_CONFIG or the shipped config.toml."),
]


@app.command()
def run(config: Config = None) -> None:
    """Start Jiesu and serve until it is stopped with Ctrl-C.

    As shipped it runs the demonstration on this machine and prints where to open it. With a Telegram token it serves Telegram too.
    """
    from bot.logs import set_up
    from bot.settings import load
    from casework.errors import JiesuError

    try:
        settings = load(config)
        set_up(settings.log.level, settings.log.form)  # before the libraries are imported: one reads its environment then
        from bot.app import main

        main(settings)
    except JiesuError as error:  # its sentence tells a person what to do: no traceback is needed
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


@app.command()
def check(
    config: Config = None,
    organisation: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Check this organisation instead of the configured one.")
    ] = None,
) -> None:
    """Read the configuration, the organisation and the rules, and say everything that is wrong with them in one go.

    Each fault is named with its file and line or cell. Ends with status 1 if anything is wrong; warnings do not count.
    """
    from bot.checking import check_all

    report = check_all(config, organisation)
    for note in report.notes:
        typer.echo(f"说明  {note}")
    for warning in report.warnings:
        typer.echo(f"注意  {warning}")
    for fault in report.faults:
        typer.echo(f"错误  {fault}")
    typer.echo(report.summary)
    if report.faults:
        raise typer.Exit(1)


@app.command()
def invite(
    who: Annotated[str, typer.Argument(metavar="POST_OR_NAME", help="A post's number or title, or a person's name.")],
    config: Config = None,
) -> None:
    """Let a staff member in: print a binding code for their chat and a one-time link to the page.

    Takes a post (its number or title) or a person's name; when several match they are listed. Jiesu may be running or not.
    The code is shown only here; give it to nobody but that person.
    """
    from bot.entry import find_staff
    from bot.entry import invite as make
    from bot.settings import load
    from casework.errors import JiesuError

    try:
        settings = load(config)
        found = find_staff(settings, who.strip())
        made = make(settings, one_of(found, who.strip()))
    except JiesuError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    entry = settings.entry
    typer.echo(f"{found[0].name}（{'、'.join(each.title for each in found)}）")
    typer.echo(f"绑定码 {made.code}，{said(entry.binding_code)}内有效，只能用一次。")
    typer.echo(f"  发给本人：在 Telegram 里给机器人发 绑定 {made.code}")
    typer.echo(f"网页链接，{said(entry.link)}内有效，只能用一次（要接诉正在运行）：")
    typer.echo(f"  {made.link}")


def one_of(found: Sequence[Any], who: str) -> str:
    """The id of the one person that all the matches are about; JiesuError lists them when there are several, or none."""
    from casework.errors import JiesuError

    if not found:
        raise JiesuError(f"没有找到「{who}」。请写岗位编号（posts.csv 的 id）、岗位名称或姓名。")
    ids = {each.person_id for each in found}
    if ids == {None}:
        raise JiesuError(f"「{who}」这个岗位现在没有人：请先在组织表格里写上由谁担任。")
    if len(ids) > 1:
        lines = [f"  {each.post_id}  {each.area} {each.title}  {each.name or '（没有人）'}" for each in found[:LISTED]]
        more = [f"  …… 还有 {len(found) - LISTED} 个"] if len(found) > LISTED else []
        raise JiesuError("\n".join([f"「{who}」对得上好几个，请改写岗位编号：", *lines, *more]))
    return str(ids.pop())


def said(span: Any) -> str:
    """A span as people say it: 7 天."""
    return f"{span.amount} {({'s': '秒', 'm': '分钟', 'h': '小时', 'd': '天'})[span.unit]}"


@app.command()
def answers(config: Config = None) -> None:
    """Print the answers that desks have put among the common questions, as TOML for the installation's answers.toml.

    They are given to residents already. Once one stands in the file, whoever reads the file may change it, and the desk's own
    is left out where it says the same. The line above each tells who put it there, when, and what had been asked.
    """
    from bot.answers import as_toml
    from bot.entry import Opened
    from bot.settings import load
    from casework.errors import JiesuError
    from storage.answers import in_use

    try:
        with Opened(load(config)) as opened, opened.database.reading() as conn:
            found = in_use(conn)
    except JiesuError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    typer.echo("\n".join(map(as_toml, found)) if found else "# 受理员还没有放进来过答案。")


@app.command()
def classify(
    organisation: Annotated[
        Path | None, typer.Option("--org", metavar="FILE_OR_FOLDER", help="Find the places of this organisation.")
    ] = None,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="The day, for the heating season; without it: in season.")
    ] = None,
    replies: Annotated[bool, typer.Option("--replies", help="Read answers to the check-back instead.")] = False,
    rule_folder: Annotated[Path | None, typer.Option("--rules", metavar="FOLDER", help="Use these rules instead of the shipped ones.")] = None,
) -> None:
    """Say for each message what it is about: JSON lines in, JSON lines out.

    Reads {"id", "text"} a line from standard input and writes {"id", "category", "also", "topic", "urgency", "intent", "places",
    "confidence", "evidence"} a line, in the same order, each as soon as it is known. With --replies it writes {"id", "answer",
    "satisfaction"}. A line that cannot be read gives {"id": null, "error", "line"}.
    """
    from bot.classifying import by_meaning, by_reply, classified, context
    from casework.errors import JiesuError

    try:
        read_with = context(organisation, on.date() if on else None, rule_folder)
        answer = by_reply(read_with.rules) if replies else by_meaning(read_with)
    except JiesuError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    # Half a surrogate pair in an id comes back as it came, as an escape, and does not end the stream.
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    for line in classified(sys.stdin.buffer, answer):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()


app.command()(report)


@app.callback()
def _commands() -> None:
    """Keeps `run` a command of its own, however few there are."""
