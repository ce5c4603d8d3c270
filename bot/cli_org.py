"""The commands of `python -m bot org`: bring an organisation in, look at what is missing, let its people in."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casework.organisation import ROLES

if TYPE_CHECKING:
    from bot.invitations import Done
    from bot.reorganising import Outcome

org = typer.Typer(
    help="The organisation: areas, places, posts, people and rosters, by workbook.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)
SHOWN = 10  # lines of each kind; --all shows all
MANY = 300  # cards that are drawn before anybody wonders
Role = StrEnum("Role", [(each, each) for each in ROLES])  # type: ignore[misc]

Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="PATH", help="Read this file instead of JIESU_CONFIG or the shipped config.toml."),
]


@org.command()
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="Where to write the empty workbook.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over a file that is there.")] = False,
) -> None:
    """Write an empty workbook to be filled in: nine sheets with an example row, drop-downs, and a page that explains each column."""
    from bot.organisation.write import write_template

    with _plain_errors():
        _writable(file, overwrite)
        write_template(file)
    typer.echo(f"写好了：{file}。先看「说明」，填好后：python -m bot org import {file}")


@org.command(name="import")
def import_(
    source: Annotated[Path, typer.Argument(metavar="FILE_OR_FOLDER", help="A workbook, or a folder of CSV files.")],
    apply: Annotated[bool, typer.Option("--apply", help="Really bring it in; otherwise it is only shown.")] = False,
    sweeping: Annotated[bool, typer.Option("--sweeping", help="Let most of the posts end: another town's workbook.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Show every change, not just the first ten of each kind.")] = False,
    config: Config = None,
) -> None:
    """Bring an organisation in: first shown as a dry run, then with --apply all or nothing, in one transaction.

    Says everything that is wrong in one go, each with sheet, row, cell and remedy; a file with a fault changes nothing.
    Jiesu may be running: it takes the new state up within seconds. Open cases follow: of posts that end or that nobody holds
    to the substitute or a desk, of places that lie in another grid now to that grid.
    """
    from bot.entry import Opened
    from bot.reorganising import bring_in, prepare, tried
    from bot.settings import load
    from bot.world import ZONE, mint

    with _plain_errors():
        settings = load(config)
        with Opened(settings, load=False) as opened:
            now = opened.clock.now()
            prepared = prepare(opened.database, source, now.astimezone(ZONE).date())
            world = opened.world()

            def run(keep: bool) -> Outcome:
                with opened.database.writing() as conn:
                    return bring_in(conn, prepared, world, now, mint, keep, sweeping=sweeping)

            outcome = run(True) if apply else tried(run)
    _say(outcome, apply, every, source)


@org.command()
def export(
    target: Annotated[Path, typer.Argument(metavar="FILE.xlsx|FOLDER", help="A workbook to write, or a folder for CSV files.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Write over a file that is there.")] = False,
    config: Config = None,
) -> None:
    """Write the organisation as it stands, as the workbook that import reads (or as CSV files, for a name without .xlsx).

    It holds the names and telephone numbers of the staff: keep it where only those may read it who should.
    """
    from bot.entry import Opened
    from bot.organisation.write import write_folder, write_workbook
    from bot.settings import load
    from bot.world import ZONE
    from casework.reorganising import current
    from storage.organisation import stored_organisation

    with _plain_errors():
        settings = load(config)
        _writable(target, overwrite)
        with Opened(settings) as opened, opened.database.reading() as conn:
            organisation = current(stored_organisation(conn), opened.clock.now().astimezone(ZONE).date())
        (write_workbook if target.suffix == ".xlsx" else write_folder)(organisation, target)
    typer.echo(f"写好了：{target}。改好后：python -m bot org import {target}")


@org.command()
def invite(
    area: Annotated[str, typer.Option(metavar="NAME_OR_ID", help="Only who has a post in this area.")] = "",
    name: Annotated[str, typer.Option(metavar="NAME", help="Only this person: the full name, or a number.")] = "",
    role: Annotated[Role | None, typer.Option(help="Only who has such a post.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Also who has come in already.")] = False,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write; it must not exist yet.")] = Path("cards.html"),
    config: Config = None,
) -> None:
    """Print cards that let staff in: a file to open in a browser and print, A4, ten cards a page.

    By default for everybody who has not come in yet. A card is good once and for [entry] binding_code; a new one makes the
    one before worthless. The file holds keys: give the cards to their people only, then delete it.
    """
    from bot.invitations import Wanted, invite
    from bot.settings import load
    from casework.errors import JiesuError

    def begin(cards: int) -> None:
        if cards > MANY:
            typer.echo(f"要画 {cards} 张名片，一分钟大约五千张，请等一等……", err=True)

    with _plain_errors():
        if str(out) == "-":
            raise JiesuError("名片里有钥匙，不往屏幕上写：请用 --out 说一个文件名。")
        done = invite(load(config), Wanted(area.strip(), name.strip(), str(role or ""), everybody), out, begin)
    _say_cards(done, out)


@org.command()
def check(
    config: Config = None,
    area: Annotated[str, typer.Option(metavar="NAME_OR_ID", help="Only this city, subdistrict, community or grid.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Everything, not the first 20 of each kind.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for scripts.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="End with status 1 if anything is missing.")] = False,
) -> None:
    """Say what the running organisation lacks: hours by day without anybody, people whom no card reaches, buildings without a
    grid, names that lead two ways, dates that run out.

    Looks at the database, while Jiesu runs or not, and changes nothing of the organisation; `python -m bot check` looks at
    configuration and files. Ends with status 0, whatever is missing, with 1 only under --strict; with 2 if it could not look.
    """
    from bot import missing
    from bot.settings import load
    from casework.errors import JiesuError

    try:
        found = missing.check(load(config), area.strip())
    except JiesuError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    for line in [missing.as_json(found)] if as_json else missing.told(found, everything):
        typer.echo(line)
    if strict and found.findings:
        raise typer.Exit(1)


# ---- how it is said ---------------------------------------------------------------------------------------------------


class _plain_errors:
    """A JiesuError's sentence tells a person what to do: no traceback is needed."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from casework.errors import JiesuError

        if isinstance(error, JiesuError):
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
        if isinstance(error, OSError) and error.filename is not None:
            typer.echo(f"{error.filename}：写不进去（{error.strerror}）。请换一个位置。", err=True)
            raise typer.Exit(1) from None


def _writable(path: Path, overwrite: bool) -> None:
    from casework.errors import JiesuError

    if path.suffix and path.suffix != ".xlsx":
        raise JiesuError(f"{path.name}：请写一个以 .xlsx 结尾的文件名。")
    there = path.is_file() or (path.is_dir() and any(path.iterdir()))
    if there and not overwrite:
        raise JiesuError(f"{path} 已经有了。换一个名字，或加 --overwrite 覆盖它。")


def _say(outcome: Outcome, apply: bool, every: bool, source: Path) -> None:
    from bot.organisation.describe import describe

    for fault in outcome.faults:
        typer.echo(str(fault))
    if outcome.difference is None:
        errors = len(outcome.errors)
        typer.echo(f"有 {errors} 处要改，什么都没有导入。改好后再来一次。")
        raise typer.Exit(1)
    for sheet in describe(outcome.difference, outcome.before, outcome.after):
        typer.echo(f"「{sheet.title}」{sheet.counts}")
        for mark, lines in (("+", sheet.added), ("~", sheet.changed), ("-", sheet.ended)):
            _lines([f"  {mark} {line}" for line in lines], every)
    if outcome.followed:
        typer.echo(f"没办完的诉求和任务 {len(outcome.followed)} 件跟着变：")
        _lines([f"  {each.sentence()}" for each in outcome.followed], every)
    if not outcome.difference:
        typer.echo("和现在的一样，没有什么要改。")
    elif apply:
        typer.echo("已经导入。正在运行的接诉几秒后就用新的。")
    else:
        typer.echo(f"这是试运行，什么都没有改。要真的导入：python -m bot org import {source} --apply")


def _lines(lines: list[str], every: bool) -> None:
    for line in lines if every else lines[:SHOWN]:
        typer.echo(line)
    if len(lines) > SHOWN and not every:
        typer.echo(f"  …… 还有 {len(lines) - SHOWN:,} 行，加 --all 看全部")


def _say_cards(done: Done, out: Path) -> None:
    if done.bound:
        typer.echo(f"已经进来的 {done.bound} 人没有印（要印请加 --all）。")
    if not done.cards:
        typer.echo("没有要印的名片：该进来的都进来了。")
        return
    typer.echo(f"印好 {done.cards} 张名片，{done.pages} 页 A4：{out}")
    typer.echo(f"每张只能用一次，{done.until} 前有效。")
    if done.void:
        typer.echo(f"以前发的、还没用过的 {done.void} 张作废了。")
    for note in done.notes:
        typer.echo(f"注意  {note}")
    typer.echo("这个文件里有钥匙：只给发名片的人，印完、发完请删掉。")
