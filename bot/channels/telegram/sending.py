"""Outgoing -> calls of the Bot API -> Receipt. Plain text without parse_mode: nothing in it can be taken for markup."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, InputMediaPhoto, Message
from telegram.error import BadRequest, TelegramError

from bot.channels import Button, Outcome, Outgoing, Receipt
from bot.channels.telegram.errors import receipt_of, unreachable
from bot.channels.telegram.pace import Pacer

log = logging.getLogger(__name__)

MAX_TEXT = 4096  # UTF-16 code units, as Telegram counts
MAX_CAPTION = 1024
MAX_ALBUM = 10
MAX_BUTTON = 64  # bytes of callback_data
SHORT_LABEL = 7  # characters: two such buttons stand side by side
REMEMBERED = 1000  # messages of which a part is sent


@dataclass(frozen=True, slots=True)
class File:
    """A file to send: kept on disk, or known to Telegram by its file id."""

    path: Path | None
    kind: str = "photo"
    mime: str | None = None
    remote: str | None = None
    name: str | None = None  # of a file that Jiesu made


FindFile = Callable[[str], Awaitable[File | None]]


@dataclass(frozen=True, slots=True)
class Part:
    """One call: a text, or a file, several photos (an album), each with what fits under it."""

    text: str = ""
    buttons: tuple[Button, ...] = ()
    files: tuple[File, ...] = ()


def units(text: str) -> int:
    """Length as Telegram counts it: an emoji is two."""
    return len(text) + sum(ord(character) > 0xFFFF for character in text)


def split(text: str, limit: int = MAX_TEXT) -> list[str]:
    """The text in pieces of at most `limit` units, cut at line ends where there is one. Blank pieces are left out."""
    pieces, piece = [], ""
    for line in text.splitlines(keepends=True):
        while units(piece) + units(line.rstrip()) > limit:
            if piece:
                pieces.append(piece)
                piece = ""
                continue
            head = _head(line, limit)
            pieces.append(head)
            line = line[len(head) :]
        piece += line
    return [clean for one in [*pieces, piece] if (clean := one.rstrip())]


def _head(line: str, limit: int) -> str:
    taken = 0
    for at, character in enumerate(line):
        taken += units(character)
        if taken > limit:
            return line[:at]
    return line


def parts(text: str, buttons: tuple[Button, ...], files: Sequence[File]) -> list[Part]:
    """What to send in which order: pictures first, the buttons under the last words."""
    photos = [file for file in files if file.kind == "photo"]
    others = [Part(files=(file,)) for file in files if file.kind != "photo"]
    if len(photos) == 1 and units(text) <= MAX_CAPTION:
        return [*others, Part(text, buttons, tuple(photos))]
    albums = [Part(files=tuple(photos[at : at + MAX_ALBUM])) for at in range(0, len(photos), MAX_ALBUM)]
    words = [Part(piece) for piece in split(text)]
    if words:
        words[-1] = replace(words[-1], buttons=buttons)
    return [*others, *albums, *words]


def keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """One button a row, two where both labels are short. A value that Telegram would refuse costs only its button."""
    rows: list[list[InlineKeyboardButton]] = []
    was_short = False
    for button in buttons:
        if not 1 <= len(button.value.encode()) <= MAX_BUTTON or not button.label:
            log.error("a button was left out: its value has %d bytes", len(button.value.encode()))
            continue
        link = button.value.startswith("https://")
        made = InlineKeyboardButton(button.label, url=button.value if link else None, callback_data=None if link else button.value)
        short = len(button.label) <= SHORT_LABEL
        if short and was_short and len(rows[-1]) == 1:
            rows[-1].append(made)
        else:
            rows.append([made])
        was_short = short
    return InlineKeyboardMarkup(rows) if rows else None


class Sender:
    """Sends; what is sent already of a message is not sent again when the rest is tried again."""

    def __init__(self, bot: Bot, pacer: Pacer, find_file: FindFile, scrub: Callable[[str], str]) -> None:
        self._bot, self._pacer, self._find_file, self._scrub = bot, pacer, find_file, scrub
        self._sent: OrderedDict[int, tuple[int, str | None]] = OrderedDict()  # outbox id -> parts sent, last ref

    async def send(self, out: Outgoing) -> Receipt:
        """Never raises."""
        try:
            receipt = await self._send(out)
        except TelegramError as error:
            receipt = receipt_of(error, self._scrub(f"{type(error).__name__}: {error}"))
        except Exception as error:
            log.exception("outbox row %s could not be sent", out.outbox_id)
            receipt = Receipt(Outcome.AGAIN, why=self._scrub(repr(error)))
        if receipt.outcome is not Outcome.AGAIN:
            self._sent.pop(out.outbox_id, None)
        return receipt

    async def _send(self, out: Outgoing) -> Receipt:
        try:
            chat = int(out.address.partition(":")[0])  # in a group: chat:user
        except ValueError:
            return Receipt(Outcome.REFUSED, why="not a Telegram address")
        found = [await self._find_file(file_id) for file_id in out.files]
        todo = parts(out.text, out.buttons, [file for file in found if file])
        if not todo:
            return Receipt(Outcome.REFUSED, why="nothing to send")
        done, ref = self._sent.get(out.outbox_id, (0, None))
        for part in todo[done:]:
            ref = await self._deliver(chat, part) or ref
            done += 1
            self._remember(out.outbox_id, done, ref)
        return Receipt(Outcome.SENT, ref=ref)

    def _remember(self, outbox_id: int, done: int, ref: str | None) -> None:
        self._sent[outbox_id] = (done, ref)
        while len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)

    async def _deliver(self, chat: int, part: Part) -> str | None:
        """The message id. A file that Telegram refuses does not keep back the words under it."""
        try:
            return await self._call(chat, part)
        except BadRequest as error:
            if not part.files or unreachable(error):
                raise
            log.warning("a file was refused: %s", self._scrub(str(error)))
            return await self._call(chat, replace(part, files=())) if part.text else None

    async def _call(self, chat: int, part: Part) -> str:
        files = [await _upload(file, album=len(part.files) > 1) for file in part.files]
        await self._pacer.turn(chat)
        caption, markup = part.text or None, keyboard(part.buttons)
        if len(files) > 1:
            sent = await self._bot.send_media_group(chat, [InputMediaPhoto(file) for file in files], caption=caption)
            return str(sent[0].message_id)
        if not files:
            message = await self._bot.send_message(chat, part.text, reply_markup=markup)
        else:
            send = _sender_of(self._bot, part.files[0])
            message = await send(chat, files[0], caption=caption, reply_markup=markup)
        return str(message.message_id)


def _sender_of(bot: Bot, file: File) -> Callable[..., Awaitable[Message]]:
    """Telegram keeps kinds apart: a voice message is not sent again as a document."""
    if file.kind == "photo":
        return bot.send_photo
    if file.kind == "voice" and (file.remote or file.mime in ("audio/ogg", "audio/mpeg", "audio/mp4")):
        return bot.send_voice
    if file.kind == "video" and (file.remote or file.mime == "video/mp4"):
        return bot.send_video
    return bot.send_document


async def _upload(file: File, album: bool) -> InputFile | str:
    if file.path is None:
        return file.remote or ""
    content = await asyncio.to_thread(file.path.read_bytes)
    ending = {"image/png": ".png", "image/webp": ".webp", "audio/ogg": ".ogg", "audio/mpeg": ".mp3", "audio/mp4": ".m4a",
              "audio/webm": ".webm", "video/mp4": ".mp4"}  # fmt: skip
    default = ".jpg" if file.kind == "photo" else file.path.suffix or ".bin"
    return InputFile(content, filename=file.name or file.kind + ending.get(file.mime or "", default), attach=album)
