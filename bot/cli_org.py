"""The commands of `python -m bot org`: bring an organisation in, look at what is missing, let its people in."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from casework.organisation import ROLES

org = typer.Typer(
    help="The organisation: areas, places, posts, people and rosters, by workbook.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)


@org.callback()
def _commands() -> None:
    """The organisation: areas, places, posts, people and rosters, by workbook."""


Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="PATH", help="Read this file instead of JIESU_CONFIG or the shipped config.toml."),
]
Role = StrEnum("Role", [(each, each) for each in ROLES])  # type: ignore[misc]
MANY = 300  # cards that are drawn before anybody wonders


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

    wanted = Wanted(area.strip(), name.strip(), str(role or ""), everybody)
    try:
        if str(out) == "-":
            raise JiesuError("名片里有钥匙，不往屏幕上写：请用 --out 说一个文件名。")
        done = invite(load(config), wanted, out, begin)
    except JiesuError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for line in told(done, out):
        typer.echo(line)


def told(done: Any, out: Path) -> Iterator[str]:
    """What a printing came to, for who asked for it."""
    if done.bound:
        yield f"已经进来的 {done.bound} 人没有印（要印请加 --all）。"
    if not done.cards:
        yield "没有要印的名片：该进来的都进来了。"
        return
    yield f"印好 {done.cards} 张名片，{done.pages} 页 A4：{out}"
    yield f"每张只能用一次，{done.until} 前有效。"
    if done.void:
        yield f"以前发的、还没用过的 {done.void} 张作废了。"
    yield from (f"注意  {note}" for note in done.notes)
    yield "这个文件里有钥匙：只给发名片的人，印完、发完请删掉。"
