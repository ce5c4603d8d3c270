"""What every channel speaks: platform update -> Incoming, Outgoing -> platform call -> Receipt. All channels are thin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message. `file_id` names a row of table attachment (bytes already on disk), or
    `remote` what the platform calls it (to be downloaded after the commit)."""

    kind: str  # photo | voice | video | file
    file_id: str | None = None
    remote: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message in, whatever the platform. Unique by (channel, update_key): a repeat is dropped."""

    channel: str  # telegram | web | jiesu (receipts and timers)
    update_key: str
    sender: str  # the channel's id of the address: chat id, web session's person
    kind: str = "text"  # text | button | place | contact | command | edited | media | blocked | unblocked | receipt
    text: str = ""  # also the caption; for button the value; for command "/start payload"
    files: tuple[Attachment, ...] = ()
    data: Mapping[str, object] = field(default_factory=dict)  # place: building | lat, lon; contact: phone …
    group_key: str | None = None  # album
    reply_to: str | None = None  # platform's id of the message replied to (receipt ref)
    name: str = ""  # how the platform calls the sender
    chat: str | None = None  # in groups the chat, beside the sender


@dataclass(frozen=True, slots=True)
class Button:
    """`value` comes back as it is: question id . option . MAC, at most 64 bytes."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message out, in plain text; form is the channel's at delivery."""

    outbox_id: int
    address: str  # the channel's id
    person_id: str
    text: str
    buttons: tuple[Button, ...] = ()
    files: tuple[str, ...] = ()  # attachment ids
    case: str | None = None  # the spoken number
    urgent: bool = False
    link: str | None = None
    role: str = "resident"  # for command menus


class Outcome(StrEnum):
    SENT = "sent"
    AGAIN = "again"  # in `after` seconds
    BLOCKED = "blocked"
    MOVED = "moved"  # to `ref`
    REFUSED = "refused"  # never: why


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an Outgoing: a value, never an exception."""

    outcome: Outcome
    ref: str | None = None  # platform's message id, or the new chat id
    after: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can show."""

    max_text: int
    buttons: bool = True
    pictures: bool = True


@dataclass(frozen=True, slots=True)
class Stored:
    """The message is committed. `n`: its place in the page's thread (channel web only)."""

    inbox_id: int
    duplicate: bool
    n: int | None = None


Receive = Callable[[Incoming], Awaitable[Stored]]
"""Stores the message and returns once it is committed. Raises only when storing failed."""


class Channel(Protocol):
    """A way to reach people. start() begins to listen and must not fail because a platform is away."""

    name: str
    abilities: Abilities

    async def start(self, receive: Receive) -> None: ...

    async def stop(self) -> None: ...

    async def send(self, out: Outgoing) -> Receipt: ...

    def healthy(self) -> str | None:
        """None, or in a few words why messages cannot be taken now."""
