"""Telegram, by python-telegram-bot: the only room that imports it. Updates in, messages out, command menus."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

# Read by python-telegram-bot: retry_after becomes a timedelta, without a warning each time.
os.environ.setdefault("PTB_TIMEDELTA", "1")

from telegram import Bot, Update
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.request import HTTPXRequest

from bot.channels import Abilities, Incoming, Outcome, Outgoing, Receipt, Receive
from bot.channels.telegram.menus import Menus
from bot.channels.telegram.pace import Pacer
from bot.channels.telegram.polling import Health, Poller, PollingRequest, StoringQueue
from bot.channels.telegram.sending import MAX_TEXT, File, FindFile, Sender
from bot.channels.telegram.updates import MALFORMED, NAME, Me, parse, to_incoming
from bot.channels.telegram.webhook import Address, Webhook
from bot.downloads import Fetched
from bot.hooks import telegram_hook
from bot.invitations import keep_bot
from bot.unread import keep_unread
from storage import downloads

if TYPE_CHECKING:
    from bot.settings_model import Settings

__all__ = ["Me", "TelegramChannel", "parse", "to_incoming"]

log = logging.getLogger(__name__)
for _talker in ("httpx", "httpcore", "telegram"):  # they would log the token (in addresses), residents' words
    logging.getLogger(_talker).setLevel(logging.WARNING)


class QuietBot(Bot):
    """A Bot whose repr does not show the token."""

    def __repr__(self) -> str:
        return "QuietBot[]"


class TelegramChannel:
    """See bot.channels.Channel. `app` gives the files to send (see `find_file`)."""

    name = NAME
    abilities = Abilities(max_text=MAX_TEXT)

    def __init__(
        self, settings: Settings, app: Any = None, *, find_file: FindFile | None = None, pacer: Pacer | None = None
    ) -> None:
        said = settings.telegram
        self._token = said.token.get_secret_value().strip()
        self._app = app
        self.health = Health()
        proxy = said.proxy or None
        self._calls = HTTPXRequest(
            connection_pool_size=32, read_timeout=20.0, connect_timeout=10.0, pool_timeout=20.0, proxy=proxy
        )
        self._polls = PollingRequest(
            self.health, self.scrub, connection_pool_size=2, connect_timeout=10.0, pool_timeout=5.0, proxy=proxy
        )
        self._bot = QuietBot(
            self._token,
            base_url=said.base_url,
            base_file_url=said.base_file_url,
            request=self._calls,
            get_updates_request=self._polls,
        )
        self.queue = StoringQueue(self._store)
        self._secret = app.keys.hook_secret(NAME) if app is not None else ""
        hook = telegram_hook(settings)
        self._webhook: Webhook | None = None
        if hook.url and self._secret:
            self._webhook = Webhook(
                self._bot, Address(hook.url, self._secret), self.health, self.scrub, self._keep_name, self._poll_instead
            )
        elif hook.fault:
            log.warning("Telegram is polled, for it cannot deliver to [web] public_url: %s", hook.fault)
        self._poller = Poller(self._bot, self.queue, self.health, self.scrub, self._keep_name)
        self._menus = Menus(self._bot, self.scrub)
        self._sender = Sender(self._bot, pacer or Pacer(), find_file or self._file, self.scrub)
        self._receive: Receive | None = None
        self._side: set[asyncio.Task[None]] = set()

    def scrub(self, text: str) -> str:
        """The text without token and secret."""
        for hidden in filter(None, (self._token, self._secret)):
            text = text.replace(hidden, "<token>")
        return text

    # ---- in --------------------------------------------------------------------------------------------------

    async def start(self, receive: Receive) -> None:
        """Begin to listen, by webhook or by polling. Returns at once; a platform that is away is tried again."""
        self._receive = receive
        (self._webhook or self._poller).start()
        self._menus.start()

    def _poll_instead(self) -> None:
        self._webhook = None
        self._poller.start()

    # What bot/web/hooks.py asks. Answered in either way of listening: a delivery may still be under way after a switch.

    def knows(self, secret: str) -> bool:
        """Whether this is what Telegram shows; in a time that tells nothing."""
        return bool(self._secret) and hmac.compare_digest(secret.encode("utf-8", "replace"), self._secret.encode())

    def ready(self) -> bool:
        """Whether it is known who the bot is: without that, what is said in groups cannot be told apart."""
        try:
            return self._receive is not None and bool(self._bot.bot)
        except RuntimeError:
            return False

    async def take(self, raw: Any) -> bool:
        """A delivered update: True once it is stored, or is nobody's message; False when it is none. Raises when storing
        failed."""
        update = parse(raw)
        if update is None:
            return False
        await self._store(update)
        if self._webhook is not None:
            self.health.completed()
        return True

    async def keep(self, raw: bytes) -> None:
        """Keep what cannot be read at all."""
        if self._app is not None:
            await asyncio.to_thread(keep_unread, self._app.settings.data.folder, NAME, raw)

    async def _keep_name(self) -> None:
        """How the bot is called stands on the cards for new staff, which another process may print."""
        if self._app is None:
            return
        me = self._bot.bot
        try:
            await self._app.writer.do(lambda conn: keep_bot(conn, me.id, me.username or ""))
        except Exception as error:
            log.warning("the bot's name was not kept: %s", type(error).__name__)

    async def stop(self) -> None:
        """Nothing that is not stored is acknowledged."""
        await self._menus.stop()
        if self._webhook is not None:
            await self._webhook.stop()
        await self._poller.stop()
        for task in list(self._side):
            task.cancel()
        await asyncio.gather(*self._side, return_exceptions=True)
        for connections in (self._polls, self._calls):  # Bot.shutdown leaves them open if it never reached the platform
            try:
                await asyncio.wait_for(connections.shutdown(), 0.3)
            except Exception as error:
                log.warning("closing: %s", self.scrub(repr(error)))

    def healthy(self) -> str | None:
        return self.health.why()

    async def _store(self, update: Update) -> None:
        """Returns once the update is in the inbox, or is nobody's message. Raises when storing failed."""
        assert self._receive is not None
        incoming = self._incoming(update)
        if incoming is not None:
            await self._receive(incoming)
        elif broken := update.api_kwargs.get(MALFORMED):
            await self.keep(json.dumps(broken, ensure_ascii=False).encode("utf-8", "replace"))
        if update.callback_query:
            self._aside(self._answer(update.callback_query.id))

    def _incoming(self, update: Update) -> Incoming | None:
        """An update that breaks the mapping is a bug, but not one that may stop all the others."""
        try:
            return to_incoming(update, Me(self._bot.bot.id, self._bot.bot.username or ""))
        except Exception:
            log.exception("update %s could not be understood", update.update_id)
            user, message = update.effective_user, update.effective_message
            if user is None or message is None or message.chat.type != "private":
                return None
            return Incoming(NAME, str(update.update_id), str(user.id), "text", message.text or message.caption or "")

    async def _answer(self, query_id: str) -> None:
        """Ends the waiting sign on the button; too late or failing, it ends by itself."""
        try:
            await self._bot.answer_callback_query(query_id)
        except TelegramError as error:
            log.debug("a press was not answered: %s", self.scrub(str(error)))

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._side.add(task)
        task.add_done_callback(self._side.discard)

    # ---- out -------------------------------------------------------------------------------------------------

    async def send(self, out: Outgoing) -> Receipt:
        """Never raises; paced; a message tried again goes on where it stopped."""
        receipt = await self._sender.send(out)
        if receipt.outcome is Outcome.SENT:
            self._menus.want(out.address, out.role)
        return receipt

    async def set_menu(self, chat_id: str, role: str) -> None:
        """Show the commands of `role` in this chat; in the background, until it works."""
        self._menus.set(chat_id, role)

    # ---- files -----------------------------------------------------------------------------------------------

    async def fetch(self, remote: str) -> Fetched:
        """The bytes behind a file id that came with a message (bot.downloads asks, after the commit)."""
        try:
            file = await self._bot.get_file(remote)
            return Fetched(bytes(await file.download_as_bytearray()))
        except (BadRequest, Forbidden) as error:
            return Fetched(None, gone=True, why=self.scrub(str(error)))
        except Exception as error:
            return Fetched(None, why=self.scrub(f"{type(error).__name__}: {error}"))

    async def _file(self, file_id: str) -> File | None:
        """From disk; what is not fetched yet but came by Telegram is sent on by its file id."""
        if kept := await self._app.media.to_send(file_id):
            return File(kept.path, kept.kind, kept.mime, name=kept.name)
        with self._app.database.reading() as conn:
            found = downloads.still_remote(conn, file_id)
        return File(None, found.kind, None, found.remote) if found and found.channel == NAME else None
