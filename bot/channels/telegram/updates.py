"""Telegram's updates -> Incoming. Pure: the same for polling and for a webhook."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, MessageEntity, Update, User

from bot.channels import Attachment, Incoming

log = logging.getLogger(__name__)

NAME = "telegram"
DOWNLOAD_LIMIT = 20_000_000  # bytes; a bot cannot download more
ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
MALFORMED = "jiesu_malformed"  # where `parse` keeps an update that python-telegram-bot could not read

_COMMAND = re.compile(r"^/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?=\s|$)")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses the first, UTF-8 the others


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself: in groups only what is addressed to it is read."""

    id: int
    username: str


def parse(raw: Any) -> Update | None:
    """An Update, whatever the platform sent: what cannot be read is kept raw under its number.

    None only when there is not even a number; such a thing can neither be stored nor acknowledged.
    """
    try:
        number = int(raw["update_id"])
    except (TypeError, KeyError, ValueError, OverflowError):
        log.error("an update without a number was skipped")
        return None
    try:
        return Update.de_json(raw, None)
    except Exception as error:
        log.error("update %s cannot be read as python-telegram-bot expects it: %s", number, type(error).__name__)
        return Update(number, api_kwargs={MALFORMED: raw})


def to_incoming(update: Update, me: Me) -> Incoming | None:
    """What the update says, or None when it is nobody's message to Jiesu (acknowledged, not stored)."""
    incoming = _read(update, me)
    return incoming and replace(
        incoming, update_key=str(update.update_id), text=clean(incoming.text), name=clean(incoming.name)
    )


def clean(text: str) -> str:
    """The text without what no database stores: it would be tried again for ever."""
    return _UNSTORABLE.sub("", text)


def _read(update: Update, me: Me) -> Incoming | None:
    if raw := update.api_kwargs.get(MALFORMED):
        return _salvage(raw)
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    if update.callback_query:
        return _pressed(update.callback_query)
    if update.edited_message:
        return _edited(update.edited_message, me)
    return _message(update.message, me) if update.message else None


def _salvage(raw: Mapping[str, Any]) -> Incoming | None:
    """Who wrote and the words, if only they can be made out: better half a message than none."""
    try:
        message = raw["message"]
        if message["chat"]["type"] != "private":
            return None
        text = message.get("text") or message.get("caption") or ""
        data = {"message_id": str(message["message_id"]), "malformed": True}
        return Incoming(NAME, "", str(int(message["from"]["id"])), "text", str(text), data=data)
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


def _membership(change: ChatMemberUpdated) -> Incoming | None:
    """A private chat's bot is 'kicked' when the user blocks it, a 'member' again after that; in a group it is taken out, or added."""
    if change.chat.type != Chat.PRIVATE:
        out = change.new_chat_member.status in ("kicked", "left")
        news = "group_left" if out else "group_joined"
        return Incoming(NAME, "", str(change.from_user.id), news, chat=str(change.chat.id))
    kind = "blocked" if change.new_chat_member.status in ("kicked", "left") else "unblocked"
    return Incoming(NAME, "", str(change.from_user.id), kind, name=change.from_user.full_name)


def _pressed(query: CallbackQuery) -> Incoming | None:
    if not query.data:
        return None
    message = query.message
    chat = message.chat if message else None
    data = {"message_id": str(message.message_id)} if message else {}
    return Incoming(
        NAME, "", str(query.from_user.id), "button", query.data, data=data, name=query.from_user.full_name,
        chat=_group(chat), reply_to=data.get("message_id"),
    )  # fmt: skip


def _edited(message: Message, me: Me) -> Incoming | None:
    """A changed text or caption. (A live location is 'edited' each time it moves: not a message.)"""
    incoming = _message(message, me)
    if incoming is None or not (message.text or message.caption):
        return None
    return replace(
        incoming, kind="edited", files=(), group_key=None, data={**incoming.data, "of": str(message.message_id)}
    )


def _message(message: Message, me: Me) -> Incoming | None:
    user = message.from_user
    if message.migrate_to_chat_id and user is not None:
        moved = {"to": str(message.migrate_to_chat_id)}
        return Incoming(NAME, "", str(user.id), "group_moved", data=moved, chat=str(message.chat.id))
    if user is None or user.is_bot or _service(message):
        return None
    if message.chat.type != Chat.PRIVATE and not _addressed(message, me):
        return None
    kind, text, more = _content(message, user, me)
    files, too_big = _files(message)
    return Incoming(
        NAME, "", str(user.id), kind, text, files,
        data={
            "message_id": str(message.message_id),
            "sent_at": message.date.isoformat(),
            **({"language": user.language_code} if user.language_code else {}),
            **({"too_big": True} if too_big else {}),
            **more,
        },
        group_key=message.media_group_id,
        reply_to=str(message.reply_to_message.message_id) if message.reply_to_message else None,
        name=user.full_name,
        chat=_group(message.chat),
    )  # fmt: skip


def _content(message: Message, user: User, me: Me) -> tuple[str, str, dict[str, Any]]:
    """(kind, text, what else stands in data)."""
    if place := (message.venue and message.venue.location) or message.location:
        text = f"{message.venue.title} {message.venue.address}".strip() if message.venue else ""
        return "place", text, {"lat": place.latitude, "lon": place.longitude}
    if contact := message.contact:
        return "contact", "", {"phone": clean(contact.phone_number), "own": contact.user_id == user.id}
    text = _without_mention(message, me)
    if message.photo or _other_file(message):
        return "media", text, {}
    if message.sticker:
        return "text", message.sticker.emoji or "", {}
    if message.text is None:
        return "text", text, {"unsupported": True}
    command = _COMMAND.match(text)
    if command:
        return "command", f"/{command[1]} {text[command.end() :].strip()}".strip(), {}
    return "text", text, {}


def _files(message: Message) -> tuple[tuple[Attachment, ...], bool]:
    """(attachments, whether one was left out because a bot cannot download that much)."""
    if message.photo:
        kind, file = "photo", max(message.photo, key=lambda size: (size.width * size.height, size.file_size or 0))
    elif other := _other_file(message):
        kind, file = other
    else:
        return (), False
    if (file.file_size or 0) > DOWNLOAD_LIMIT:
        return (), True
    return (Attachment(kind, remote=file.file_id, size=file.file_size),), False


def _other_file(message: Message) -> tuple[str, Any] | None:
    """Voice, video or file. An animation comes with a copy as document: looked at first."""
    if message.voice:
        return "voice", message.voice
    if video := message.video or message.video_note or message.animation:
        return "video", video
    if message.document:
        picture = (message.document.mime_type or "") in ("image/jpeg", "image/png", "image/webp", "image/heic")
        return "photo" if picture else "file", message.document
    return ("file", message.audio) if message.audio else None


def _addressed(message: Message, me: Me) -> bool:
    """In a group: a command (to nobody else), a mention, a reply to the bot."""
    text = message.text or message.caption or ""
    if command := _COMMAND.match(text):
        return command[2] is None or command[2].lower() == me.username.lower()
    answered = message.reply_to_message and message.reply_to_message.from_user
    return bool(answered and answered.id == me.id) or bool(_mentions(message, me))


def _mentions(message: Message, me: Me) -> list[str]:
    parse = message.parse_entities if message.text else message.parse_caption_entities
    found = parse([MessageEntity.MENTION]).values()
    return [mention for mention in found if mention.lower() == f"@{me.username}".lower()]


def _without_mention(message: Message, me: Me) -> str:
    text = message.text or message.caption or ""
    if message.chat.type != Chat.PRIVATE:
        for mention in _mentions(message, me):
            text = text.replace(mention, "", 1)
    return text.strip()


def _service(message: Message) -> bool:
    """Somebody joined, a title changed, the group moved: Telegram's own notes."""
    return bool(
        message.new_chat_members or message.left_chat_member or message.new_chat_title or message.new_chat_photo
        or message.delete_chat_photo or message.group_chat_created or message.supergroup_chat_created
        or message.migrate_to_chat_id or message.migrate_from_chat_id or message.pinned_message
    )  # fmt: skip


def _group(chat: Chat | None) -> str | None:
    return None if chat is None or chat.type == Chat.PRIVATE else str(chat.id)
