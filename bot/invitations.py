"""Invitations: a printed card for each of the staff who has not come in yet.

A card has two or three ways in (a square for Telegram, one for the page, a code to be typed). They are one key: using one
of them uses up the others, and a new card makes the one before worthless. Only keyed hashes of them are kept.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.entry import Opened, new_code, new_link, page_address
from bot.keys import Keys
from bot.papers.cards import Bundle, Card, sheets
from bot.settings import Settings
from bot.world import ZONE, mint
from casework.errors import JiesuError
from storage import doors, joined
from storage.database import Connection
from storage.joined import AreaOf, Held, Member, Standing
from storage.settings import put_setting, setting

BOT = "telegram_bot"  # the setting that holds "<id> <username>" of the bot that serves this town
LISTED = 20
POSTS_SHOWN = 3  # on a card


@dataclass(frozen=True, slots=True)
class Printer:
    """What all cards of one printing share. `bot`: the Telegram bot's name, empty when there is none or it is not known."""

    settings: Settings
    keys: Keys
    clock: Clock
    page: str
    bot: str

    @property
    def until(self) -> str:
        """When they end, as people in the town read it."""
        return _words(self.clock.now() + self.settings.entry.binding_code.delta)


@dataclass(frozen=True, slots=True)
class Printing:
    """Cards ready to be printed, in the order in which they are handed out, and the rows that are kept of them."""

    bundles: Sequence[Bundle]
    rows: Sequence[dict[str, Any]]
    printed_at: str
    town: str

    @property
    def cards(self) -> int:
        return sum(len(bundle.cards) for bundle in self.bundles)

    @property
    def pages(self) -> int:
        return sum(len(bundle.pages) for bundle in self.bundles)

    def html(self) -> Iterable[str]:
        """The file, piece by piece: drawing the squares takes some milliseconds a card."""
        return sheets(self.town, self.bundles, self.printed_at)


@dataclass(frozen=True, slots=True)
class Done:
    """What a printing came to. `bound`: who had come in already and got no card; `void`: earlier cards that now are."""

    cards: int
    pages: int
    bound: int
    void: int
    until: str
    notes: Sequence[str] = ()


# ---- the cards --------------------------------------------------------------------------------------------------


def prepare_cards(printer: Printer, people: Sequence[Member], areas: Mapping[str, AreaOf], path: str) -> Printing:
    """A card for each of these people, by community and within it by area and name. `path`: of the area they are printed for."""
    bundles: dict[str, list[Card]] = {}
    rows: list[dict[str, Any]] = []
    for member in sorted(people, key=lambda member: in_turn(member, path)):
        card, kept = _card(printer, member, path)
        bundles.setdefault(home(member.posts_in(path)[0], areas).id, []).append(card)
        rows += kept
    made = [Bundle(areas[area].name, cards) for area, cards in bundles.items()]
    return Printing(made, rows, _words(printer.clock.now()), printer.settings.town.name)


def home(post: Held, areas: Mapping[str, AreaOf]) -> AreaOf:
    """The community in which the post lies; for those above the communities the post's own area."""
    above = (areas[part] for part in post.path.strip("/").split("/") if part in areas)
    return next((area for area in above if area.kind == "community"), areas[post.area_id])


def in_turn(member: Member, path: str) -> tuple[Any, str]:
    """Sorts people of an area as they are looked for: by grid, and within it by name."""
    return joined.in_order(member.posts_in(path)[0].path), member.name


def _card(printer: Printer, member: Member, path: str) -> tuple[Card, list[dict[str, Any]]]:
    lasts, card, person = printer.settings.entry.binding_code.delta, mint(), member.person_id
    code = new_code(printer.keys.codes, person, printer.clock.now(), lasts, card)
    link = new_link(printer.keys.links, person, printer.clock.wall(), lasts, card=card)
    posts = member.posts_in(path)
    titles = list(dict.fromkeys(post.title for post in posts))
    more = f" 等{len(titles)}个" if len(titles) > POSTS_SHOWN else ""
    shown = Card(
        name=member.name,
        title="、".join(titles[:POSTS_SHOWN]) + more,
        area=posts[0].area,
        place=posts[0].place,
        code=code.told,
        enter=f"{printer.page}/enter/{link.told}",
        start=f"https://t.me/{printer.bot}?start=b{code.told.replace('-', '')}" if printer.bot else "",
        until=printer.until,
    )
    return shown, [code.row, link.row]


def _words(at: datetime) -> str:
    local = at.astimezone(ZONE)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


# ---- the Telegram bot's name ------------------------------------------------------------------------------------


def keep_bot(conn: Connection, bot_id: int, username: str) -> None:
    """The running program has learnt how its bot is called: needed for the links on the cards."""
    told = f"{bot_id} {username}"
    if setting(conn, BOT) != told:
        put_setting(conn, BOT, told)


def bot_name(conn: Connection, settings: Settings) -> str:
    """How the configured bot is called. Empty: no Telegram, or it has not run with this token yet."""
    bot_id, _, username = (setting(conn, BOT) or "").partition(" ")
    token = settings.telegram.token.get_secret_value().strip()
    return username if settings.telegram.enabled and token.partition(":")[0] == bot_id else ""


# ---- the command ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """For whom: an area by number or name, a person by name or number, a role; empty is everybody. `bound`: those too who
    have come in."""

    area: str = ""
    name: str = ""
    role: str = ""
    bound: bool = False


def invite(settings: Settings, wanted: Wanted, out: Path, progress: Callable[[int], object] = lambda cards: None) -> Done:
    """Print the cards into the file, which must not exist yet. Jiesu may be running meanwhile, or not.

    JiesuError when the area or person is not found or the file cannot be written; then nothing is void.
    """
    keys = Keys.load(settings.data.folder)
    with Opened(settings) as opened, _new_file(out) as write:
        with opened.database.reading() as conn:
            areas = joined.areas(conn)
            path = find_area(areas, wanted.area).path
            found = _chosen(joined.members(conn, path, opened.clock.now()), wanted, path)
            printer = Printer(settings, keys, opened.clock, page_address(settings), bot_name(conn, settings))
        people = [m for m in found if wanted.bound or m.standing is Standing.OUT]
        printing = prepare_cards(printer, people, areas, path)
        progress(printing.cards)
        if printing.cards:
            write(printing.html())
        with opened.database.writing() as conn:
            void = doors.add_cards(conn, printing.rows, opened.clock.wall())
    return Done(printing.cards, printing.pages, len(found) - len(people), void, printer.until, _notes(printer))


def find_area(areas: Mapping[str, AreaOf], words: str) -> AreaOf:
    """The area with this number, name or other name; without words the city. JiesuError lists several."""
    if not words:
        return next(area for area in areas.values() if area.kind == "city")
    if words in areas:
        return areas[words]
    found = [a for a in areas.values() if a.name == words] or [a for a in areas.values() if words in a.aliases]
    if not found:
        raise JiesuError(f"没有找到「{words}」这个地方。请写 areas.csv 里的编号或名字，比如 s1c1 或 锦绣社区。")
    if len(found) > 1:
        lines = [f"  {area.id}  {area.name}" for area in found[:LISTED]]
        raise JiesuError("\n".join([f"「{words}」对得上好几个地方，请改写编号：", *lines]))
    return found[0]


def _chosen(people: Sequence[Member], wanted: Wanted, path: str) -> list[Member]:
    found = [m for m in people if _is_meant(m, wanted, path)]
    if not found:
        raise JiesuError("没有找到这样的人：请看 --area、--name、--role 写得对不对（姓名要写全）。")
    return found


def _is_meant(member: Member, wanted: Wanted, path: str) -> bool:
    posts = member.posts_in(path)
    called = not wanted.name or wanted.name in (member.name, member.org_id, *(post.id for post in posts))
    return called and (not wanted.role or any(post.role == wanted.role for post in posts))


def _notes(printer: Printer) -> list[str]:
    """What makes cards less useful than they could be."""
    notes = []
    if printer.settings.telegram.enabled and not printer.bot:
        notes.append("还不知道机器人的用户名，没有印 Telegram 的码：先运行一次 python -m bot run，接通后再印。")
    if not printer.settings.web.public_url:
        notes.append(f"没有写 [web] public_url，网页的码指向 {printer.page}，手机上可能打不开。")
    return notes


@contextlib.contextmanager
def _new_file(out: Path) -> Any:
    """Gives a function that writes the file, for nobody but its owner. It appears whole, once everything has gone well."""
    if out.exists():
        raise JiesuError(f"文件 {out} 已经有了，没有动它：里面可能是还没发完的名片。请用 --out 换个名字，或先删掉它。")
    part = out.with_name(f".{out.name}.{os.getpid()}")

    def write(pieces: Iterable[str]) -> None:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())

    try:
        yield write
        if part.exists():
            os.replace(part, out)
    except OSError as error:
        raise JiesuError(f"文件 {out} 写不了（{error.strerror}）：请看文件夹是否存在、是否可写。") from error
    finally:
        part.unlink(missing_ok=True)
