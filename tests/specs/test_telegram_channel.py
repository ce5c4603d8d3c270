"""The Telegram channel over real HTTP against the fake Bot API server: in, out, and when the platform misbehaves."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.channels import Attachment, Button, Incoming, Outcome, Outgoing, Receipt, Stored
from bot.channels.telegram import Me, TelegramChannel, menus, parse, polling, to_incoming
from bot.channels.telegram.pace import KEPT, Pacer
from bot.channels.telegram.polling import Health
from bot.channels.telegram.sending import File, keyboard, split, units
from bot.downloads import Downloads, Fetched, Kept, Refused
from bot.settings_model import Settings, Telegram
from storage import downloads as rows
from storage import tables as t
from storage.database import Database
from tests.fakes.telegram import JPEG, TOKEN, FakeTelegram, User

ME = Me(1234567890, "jiesu_bot")
Made = Callable[..., TelegramChannel]


class Inbox:
    """A receive() that keeps what it was given, once a key; `failures` says how often it fails first."""

    def __init__(self) -> None:
        self.got: dict[str, Incoming] = {}
        self.seen = 0
        self.failures = 0
        self.gate: asyncio.Event | None = None

    async def receive(self, incoming: Incoming) -> Stored:
        self.seen += 1
        if self.gate:
            await self.gate.wait()
        if self.failures:
            self.failures -= 1
            raise OSError("the disk is full")
        duplicate = incoming.update_key in self.got
        self.got.setdefault(incoming.update_key, incoming)
        return Stored(len(self.got), duplicate)

    @property
    def list(self) -> list[Incoming]:
        return list(self.got.values())


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    server = FakeTelegram()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "RESTART", (0.02, 0.05))
    monkeypatch.setattr(menus, "RETRY", (0.02, 0.1))


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


def built(fake: FakeTelegram, pacer: Pacer | None = None, token: str = TOKEN, **files: Path) -> TelegramChannel:
    async def find(file_id: str) -> File | None:
        if file_id.startswith("remote "):
            _, kind, remote = file_id.split()
            return File(None, kind, None, remote)
        return File(files[file_id], "photo" if file_id.startswith("photo") else "file") if file_id in files else None

    said = Telegram.model_validate({"token": token, "base_url": fake.base_url, "base_file_url": fake.base_file_url})
    channel = TelegramChannel(
        Settings(telegram=said), find_file=find, pacer=pacer or Pacer(chat=0.001, group=0.001, overall=5000)
    )
    channel.queue._delays = (0.01, 0.02)
    return channel


@pytest.fixture
async def made(fake: FakeTelegram) -> AsyncIterator[Made]:
    """Makes channels to this fake and stops them all at the end, whatever the test came to."""
    async with AsyncExitStack() as stack:

        def make(pacer: Pacer | None = None, token: str = TOKEN, **files: Path) -> TelegramChannel:
            channel = built(fake, pacer, token, **files)
            stack.push_async_callback(channel.stop)
            return channel

        yield make


@pytest.fixture
async def channel(fake: FakeTelegram, inbox: Inbox, made: Made) -> TelegramChannel:
    channel = made()
    await channel.start(inbox.receive)
    await fake.until(lambda: fake.of("getUpdates"))
    return channel


def out(chat: User | int | str, text: str = "收到了", **more: Any) -> Outgoing:
    return Outgoing(more.pop("id", 1), str(getattr(chat, "id", chat)), "p1", text, **more)


# ---- in: every kind of update ---------------------------------------------------------------------------------------


def heard(fake: FakeTelegram, update_id: int) -> Incoming | None:
    update = parse(fake.updates[update_id])
    assert update is not None
    return to_incoming(update, ME)


@pytest.fixture
def phone() -> tuple[FakeTelegram, User]:
    """Without a server: what the updates look like is enough."""
    fake = FakeTelegram()
    return fake, fake.user(42, "张大妈")


def test_a_text(phone: tuple[FakeTelegram, User]) -> None:
    fake, user = phone
    number = fake.says(user, "3号楼2单元没暖气")
    said = heard(fake, number)
    assert said is not None
    assert (said.channel, said.update_key, said.sender, said.kind) == ("telegram", str(number), "42", "text")
    assert (said.text, said.name, said.chat, said.group_key) == ("3号楼2单元没暖气", "张大妈", None, None)
    assert said.data["message_id"] == str(fake.message_id(number))


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("/start", "command", "/start"),
        ("/start g-017_abc", "command", "/start g-017_abc"),
        ("/my@jiesu_bot", "command", "/my"),
        ("/help@jiesu_bot me", "command", "/help me"),
        ("/start\n g-017", "command", "/start g-017"),
        ("/3号楼漏水", "text", "/3号楼漏水"),
        ("没暖气 /my", "text", "没暖气 /my"),
        ("\x00没暖气\ud800", "text", "没暖气"),
        ("👍", "text", "👍"),
        ("‮<script>alert(1)</script>", "text", "‮<script>alert(1)</script>"),
    ],
)
def test_words_and_commands(phone: tuple[FakeTelegram, User], typed: str, kind: str, text: str) -> None:
    fake, user = phone
    said = heard(fake, fake.delivers(message=fake._body(user, None, text=typed)))
    assert said is not None
    assert (said.kind, said.text) == (kind, text)


def test_a_photo_is_the_largest_size(phone: tuple[FakeTelegram, User]) -> None:
    fake, user = phone
    number = fake.sends_photo(user, "漏水")
    said = heard(fake, number)
    assert said is not None
    largest = fake.updates[number]["message"]["photo"][-1]
    assert (said.kind, said.text) == ("media", "漏水")
    assert said.files == (Attachment("photo", remote=largest["file_id"], size=largest["file_size"]),)


def test_what_a_bot_cannot_download_is_left_out(phone: tuple[FakeTelegram, User]) -> None:
    fake, user = phone
    said = heard(fake, fake.sends_file(user, "video", size=25_000_000, mime="video/mp4"))
    assert said is not None
    assert (said.kind, said.files, said.data["too_big"]) == ("media", (), True)


def test_an_album_has_one_group_key(phone: tuple[FakeTelegram, User]) -> None:
    fake, user = phone
    all_said = [heard(fake, number) for number in fake.sends_album(user, 3, "三张")]
    assert len({said.group_key for said in all_said if said}) == 1
    assert [said.text for said in all_said if said] == ["三张", "", ""]


@pytest.mark.parametrize(
    ("sent", "kind", "text"),
    [
        ("voice", "voice", ""),
        ("video", "video", ""),
        ("video_note", "video", ""),
        ("animation", "video", ""),
        ("audio", "file", ""),
        ("document", "file", ""),
    ],
)
def test_other_media(phone: tuple[FakeTelegram, User], sent: str, kind: str, text: str) -> None:
    fake, user = phone
    said = heard(fake, fake.sends_file(user, sent))
    assert said is not None
    assert (said.kind, said.text, said.files[0].kind) == ("media", text, kind)


def test_a_photo_sent_as_document_is_a_photo(phone: tuple[FakeTelegram, User]) -> None:
    fake, user = phone
    said = heard(fake, fake.sends_file(user, "document", mime="image/jpeg"))
    assert said is not None
    assert said.files[0].kind == "photo"


def test_a_sticker_is_its_emoji_and_a_poll_is_unsupported(phone: tuple[FakeTelegram, User]) -> None:
    fake, user = phone
    sticker = heard(fake, fake.sends_file(user, "sticker"))
    dice = heard(fake, fake.delivers(message=fake._body(user, None, dice={"emoji": "🎲", "value": 3})))
    assert sticker is not None
    assert dice is not None
    assert (sticker.kind, sticker.text) == ("text", "👍")
    assert (dice.kind, dice.text, dice.data["unsupported"]) == ("text", "", True)


def test_place_and_contact(phone: tuple[FakeTelegram, User]) -> None:
    fake, user = phone
    place = heard(fake, fake.sends_location(user, 40.09, 113.29))
    own, other = (heard(fake, fake.sends_contact(user, own=whose)) for whose in (True, False))
    assert place is not None
    assert own is not None
    assert other is not None
    assert (place.kind, place.data["lat"], place.data["lon"]) == ("place", 40.09, 113.29)
    assert (own.kind, own.data["phone"], own.data["own"]) == ("contact", "13800138000", True)
    assert other.data["own"] is False


def test_an_edited_message_names_the_original(phone: tuple[FakeTelegram, User]) -> None:
    fake, user = phone
    first = fake.message_id(fake.says(user, "3号楼"))
    said = heard(fake, fake.edits(user, first, "5号楼"))
    assert said is not None
    assert (said.kind, said.text, said.data["of"]) == ("edited", "5号楼", str(first))


def test_a_moving_live_location_is_no_message(phone: tuple[FakeTelegram, User]) -> None:
    fake, user = phone
    moved = fake._body(user, None, location={"latitude": 1.0, "longitude": 2.0}, edit_date=1)
    assert heard(fake, fake.delivers(edited_message=moved)) is None


def test_blocked_and_unblocked(phone: tuple[FakeTelegram, User]) -> None:
    fake, user = phone
    kinds = [said.kind for said in (heard(fake, fake.blocks(user)), heard(fake, fake.unblocks(user))) if said]
    assert kinds == ["blocked", "unblocked"]


def test_a_press(phone: tuple[FakeTelegram, User]) -> None:
    fake, user = phone
    said = heard(fake, fake.presses_value(user, "q7.yes.Xk3d"))
    assert said is not None
    assert (said.kind, said.text, said.sender) == ("button", "q7.yes.Xk3d", "42")


def test_a_reply_names_its_message(phone: tuple[FakeTelegram, User]) -> None:
    fake, user = phone
    first = fake.message_id(fake.says(user, "一"))
    said = heard(fake, fake.says(user, "二", reply_to=first))
    assert said is not None
    assert said.reply_to == str(first)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("大家好", None),
        ("/my", "/my"),
        ("/my@jiesu_bot", "/my"),
        ("/my@other_bot", None),
        ("@jiesu_bot 楼道灯坏了", "楼道灯坏了"),
        ("楼道灯坏了 @other_bot", None),
    ],
)
def test_in_groups_only_what_is_addressed(phone: tuple[FakeTelegram, User], typed: str, understood: str | None) -> None:
    fake, user = phone
    group = fake.group()
    said = heard(fake, fake.says(user, typed, chat=group))
    assert (said and said.text) == understood
    if said:
        assert (said.sender, said.chat) == ("42", str(group.id))


def test_in_groups_a_reply_to_the_bot_is_addressed(phone: tuple[FakeTelegram, User]) -> None:
    fake, user = phone
    group = fake.group()
    fake.messages[(group.id, 9000)] = {
        "message_id": 9000,
        "from": fake.me,
        "chat": group.chat(),
        "date": 1,
        "text": "？",
    }
    said = heard(fake, fake.says(user, "是的", chat=group, reply_to=9000))
    assert said is not None
    assert said.reply_to == "9000"


def test_a_group_that_takes_us_in_or_out_or_moves(phone: tuple[FakeTelegram, User]) -> None:
    fake, user = phone
    group = fake.group()
    for number, kind in ((fake.takes_out(user, group), "group_left"), (fake.adds(user, group), "group_joined")):
        said = heard(fake, number)
        assert said is not None
        assert (said.kind, said.chat) == (kind, str(group.id))
    moved = heard(fake, fake.upgrades(user, group, -100777))
    assert moved is not None
    assert (moved.kind, moved.chat, moved.data) == ("group_moved", str(group.id), {"to": "-100777"})


def test_telegrams_own_notes_and_other_bots_are_no_messages(phone: tuple[FakeTelegram, User]) -> None:
    fake, user = phone
    group = fake.group()
    joined = fake._body(user, group, new_chat_members=[user.payload()])
    robot = fake._body(user, None, text="hi") | {"from": {"id": 7, "is_bot": True, "first_name": "b"}}
    assert heard(fake, fake.delivers(message=joined)) is None
    assert heard(fake, fake.delivers(message=robot)) is None
    assert heard(fake, fake.delivers(poll_answer={"poll_id": "1", "option_ids": [], "user": user.payload()})) is None


# ---- in: stored before it is acknowledged ---------------------------------------------------------------------------


async def test_a_message_arrives_and_is_acknowledged(
    fake: FakeTelegram, channel: TelegramChannel, inbox: Inbox
) -> None:
    number = fake.says(fake.user(1), "没暖气")
    await fake.until(lambda: number in fake.acknowledged)
    assert inbox.got[str(number)].text == "没暖气"
    assert channel.healthy() is None


async def test_the_offset_never_passes_what_is_not_stored(
    fake: FakeTelegram, channel: TelegramChannel, inbox: Inbox
) -> None:
    inbox.failures = 4
    stored_when_acknowledged: list[bool] = []

    def look(call: Any) -> None:
        offset = int(call.params.get("offset") or 0)
        stored_when_acknowledged.append(all(str(n) in inbox.got for n in fake.updates if n < offset))

    fake.on_call("getUpdates", look, when="before")
    numbers = [fake.says(fake.user(1), f"第{n}条") for n in range(3)]
    await fake.until(lambda: all(n in fake.acknowledged for n in numbers))
    assert inbox.failures == 0
    assert all(stored_when_acknowledged)
    assert [said.text for said in inbox.list] == ["第0条", "第1条", "第2条"]


async def test_stopping_acknowledges_nothing_that_is_not_stored(
    fake: FakeTelegram, channel: TelegramChannel, inbox: Inbox, made: Made
) -> None:
    first = fake.says(fake.user(1), "一")
    await fake.until(lambda: str(first) in inbox.got)
    inbox.gate = asyncio.Event()
    seen = inbox.seen
    second = fake.says(fake.user(1), "二")
    await fake.until(lambda: inbox.seen > seen)
    await channel.stop()
    assert first in fake.acknowledged
    assert second not in fake.acknowledged
    again, later = made(), Inbox()
    await again.start(later.receive)
    await fake.until(lambda: second in fake.acknowledged)
    await again.stop()
    assert list(later.got) == [str(second)]


async def test_a_press_is_answered_once_stored_and_a_failing_answer_is_nothing(
    fake: FakeTelegram, channel: TelegramChannel, inbox: Inbox
) -> None:
    fake.fail_next("answerCallbackQuery", 500)
    first = fake.presses_value(fake.user(1), "q1.yes")
    second = fake.presses_value(fake.user(1), "q2.yes")
    await fake.until(lambda: len(fake.of("answerCallbackQuery")) == 2)
    assert {str(first), str(second)} <= set(inbox.got)
    assert len(fake.of("answerCallbackQuery", ok=True)) == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"message": {"message_id": 1}},
        {"message": "so what"},
        {"callback_query": {"id": "1"}},
        {"my_chat_member": {"chat": 5}},
        {"message": {"message_id": 5, "chat": {"id": 9}, "date": "yesterday", "text": "x"}},
    ],
)
async def test_a_malformed_update_stops_nothing(
    fake: FakeTelegram, channel: TelegramChannel, inbox: Inbox, broken: dict[str, Any]
) -> None:
    numbers = [fake.says(fake.user(1), "前"), fake.delivers(**broken), fake.says(fake.user(1), "后")]
    await fake.until(lambda: all(n in fake.acknowledged for n in numbers))
    assert [said.text for said in inbox.list] == ["前", "后"]


async def test_of_a_malformed_message_the_words_are_saved(
    fake: FakeTelegram, channel: TelegramChannel, inbox: Inbox
) -> None:
    user = fake.user(7)
    body = fake._body(user, None, text="着火了", entities=[{"nonsense": True}])
    number = fake.delivers(message=body)
    await fake.until(lambda: number in fake.acknowledged)
    assert (inbox.got[str(number)].sender, inbox.got[str(number)].text) == ("7", "着火了")


async def test_a_bug_in_the_mapping_stops_nothing(
    fake: FakeTelegram, channel: TelegramChannel, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Incoming:
        raise RuntimeError("a bug")

    monkeypatch.setattr("bot.channels.telegram.to_incoming", broken)
    number = fake.says(fake.user(1), "没水")
    await fake.until(lambda: number in fake.acknowledged)
    assert inbox.got[str(number)].text == "没水"


@pytest.mark.parametrize("answer", ["not json", "[]", '{"ok":true,"result":true}', '{"ok":true,"result":[{"no":1},5]}'])
async def test_a_nonsensical_answer_stops_nothing(
    fake: FakeTelegram, channel: TelegramChannel, inbox: Inbox, answer: str
) -> None:
    fake.fail_next("getUpdates", 200, raw=answer)
    first = fake.says(fake.user(1), "一")  # ends the poll that waits; the next gets the nonsense
    await fake.until(lambda: not fake._failures)
    second = fake.says(fake.user(1), "二")
    await fake.until(lambda: second in fake.acknowledged)
    assert {str(first), str(second)} <= set(inbox.got)


@pytest.mark.parametrize("how", [{"status": 401}, {"status": 404}, {"status": 500}, {"cut": "after"}, {"status": 502}])
async def test_polling_goes_on_after_failures(
    fake: FakeTelegram, channel: TelegramChannel, inbox: Inbox, how: dict[str, Any]
) -> None:
    fake.fail_next("getUpdates", how.get("status"), **{k: v for k, v in how.items() if k != "status"})
    first = fake.says(fake.user(1), "一")
    await fake.until(lambda: not fake._failures)
    second = fake.says(fake.user(1), "二")
    await fake.until(lambda: second in fake.acknowledged)
    assert {str(first), str(second)} <= set(inbox.got)
    assert channel.healthy() is None


async def test_repeats_and_a_wrong_order_lose_and_double_nothing(
    fake: FakeTelegram, channel: TelegramChannel, inbox: Inbox
) -> None:
    fake.reorder()
    numbers = [fake.says(fake.user(n), f"第{n}条") for n in range(1, 6)]
    await fake.until(lambda: all(n in fake.acknowledged for n in numbers))
    fake.repeat(numbers[0])
    last = fake.says(fake.user(1), "最后")
    await fake.until(lambda: last in fake.acknowledged)
    assert sorted(inbox.got) == sorted(str(n) for n in [*numbers, last])


async def test_starting_while_the_platform_is_away_neither_fails_nor_blocks(
    fake: FakeTelegram, inbox: Inbox, made: Made
) -> None:
    fake.online = False
    channel = made()
    async with asyncio.timeout(10):  # nobody is there to answer before it returns
        await channel.start(inbox.receive)
    await asyncio.sleep(0.1)
    fake.online = True
    number = fake.says(fake.user(1), "没暖气")
    await fake.until(lambda: number in fake.acknowledged)
    await channel.stop()


async def test_stopping_does_not_wait_for_a_platform_that_is_away(
    fake: FakeTelegram, channel: TelegramChannel, inbox: Inbox
) -> None:
    fake.online = False
    fake.says(fake.user(1), "一")
    await fake.until(lambda: channel.health.failing)
    async with asyncio.timeout(10):
        await channel.stop()


# ---- health -----------------------------------------------------------------------------------------------------------


async def test_another_poller_is_told_and_forgotten(fake: FakeTelegram, channel: TelegramChannel) -> None:
    fake.fail_next("getUpdates", 409)
    fake.says(fake.user(1), "一")
    await fake.until(lambda: channel.healthy())
    assert "Conflict" in (channel.healthy() or "")
    await fake.until(lambda: len(fake.of("getUpdates")) > 2)
    fake.says(fake.user(1), "二")
    await fake.until(lambda: channel.healthy() is None)


async def test_a_webhook_is_removed_at_the_start(fake: FakeTelegram, inbox: Inbox, made: Made) -> None:
    fake.webhook = "https://elsewhere.example/hook"
    channel = made()
    await channel.start(inbox.receive)
    number = fake.says(fake.user(1), "一")
    await fake.until(lambda: number in fake.acknowledged)
    await channel.stop()
    assert fake.webhook == ""


async def test_a_wrong_token_is_told_and_does_not_end_the_program(fake: FakeTelegram, inbox: Inbox, made: Made) -> None:
    channel = made(token="99:AAwrongwrongwrongwrongwrongwrongwrongwr")
    await channel.start(inbox.receive)
    await fake.until(lambda: channel.healthy())
    assert "Unauthorized" in (channel.healthy() or "")
    receipt = await channel.send(out(1))
    await channel.stop()
    assert receipt.outcome is Outcome.AGAIN


def test_silence_for_two_minutes_is_not_health() -> None:
    now = 0.0
    health = Health(lambda: now)
    health.trouble("TimedOut")
    now = 119.0
    assert health.why() is None
    now = 121.0
    assert "121" in (health.why() or "")
    health.completed()
    assert health.why() is None


# ---- out ----------------------------------------------------------------------------------------------------------------


async def test_a_message_with_buttons_and_its_press(fake: FakeTelegram, channel: TelegramChannel, inbox: Inbox) -> None:
    user = fake.user(1)
    receipt = await channel.send(
        out(user, "修好了吗？<b>&", buttons=(Button("已解决", "q1.yes.m"), Button("未解决", "q1.no.m")))
    )
    (sent,) = fake.sent(user)
    assert receipt == Receipt(Outcome.SENT, ref=str(sent.message_id))
    assert sent.text == "修好了吗？<b>&"
    assert [[b["text"] for b in row] for row in sent.params["reply_markup"]["inline_keyboard"]] == [
        ["已解决", "未解决"]
    ]
    number = fake.presses(user, sent, "已解决")
    await fake.until(lambda: number in fake.acknowledged)
    assert inbox.got[str(number)].text == "q1.yes.m"
    assert inbox.got[str(number)].reply_to == receipt.ref


@pytest.mark.parametrize(
    ("failure", "receipt"),
    [
        ({"retry_after": 7}, (Outcome.AGAIN, 7.0)),
        ({"status": 403}, (Outcome.BLOCKED, 0)),
        ({"status": 403, "description": "Forbidden: user is deactivated"}, (Outcome.BLOCKED, 0)),
        ({"status": 400, "description": "Bad Request: chat not found"}, (Outcome.BLOCKED, 0)),
        ({"status": 400, "description": "Bad Request: message is too long"}, (Outcome.REFUSED, 0)),
        ({"status": 500}, (Outcome.AGAIN, 0)),
        ({"status": 502, "raw": "<html>Bad Gateway</html>"}, (Outcome.AGAIN, 0)),
        ({"status": 200, "raw": "not json"}, (Outcome.AGAIN, 0)),
        ({"status": 401}, (Outcome.AGAIN, 0)),
        ({"cut": "before"}, (Outcome.AGAIN, 0)),
        ({"cut": "after"}, (Outcome.AGAIN, 0)),
    ],
)
async def test_every_receipt(
    fake: FakeTelegram, channel: TelegramChannel, failure: dict[str, Any], receipt: tuple[Outcome, float]
) -> None:
    user = fake.user(1)
    fake.fail_next("sendMessage", failure.pop("status", None), **failure)
    got = await channel.send(out(user))
    assert (got.outcome, got.after) == receipt
    assert got.why
    assert (await channel.send(out(user, id=2))).outcome is Outcome.SENT


async def test_moved_unknown_and_nonsensical_addresses(fake: FakeTelegram, channel: TelegramChannel) -> None:
    group = fake.group(-500)
    fake.moved[-500] = -100500
    assert await channel.send(out(group)) == Receipt(
        Outcome.MOVED, ref="-100500", why=(await channel.send(out(group))).why
    )
    assert (await channel.send(out(404404))).outcome is Outcome.BLOCKED
    assert (await channel.send(out("nobody"))).outcome is Outcome.REFUSED
    assert (await channel.send(out(fake.user(1), " "))).outcome is Outcome.REFUSED


async def test_into_a_group_goes_what_is_for_somebody_in_it(fake: FakeTelegram, channel: TelegramChannel) -> None:
    group = fake.group(-500)
    link = Button("私下说", "https://t.me/jiesu_bot?start=g")
    assert (await channel.send(out("-500:42", buttons=(link,)))).outcome is Outcome.SENT
    (sent,) = fake.sent(group)
    assert sent.buttons == {"私下说": "https://t.me/jiesu_bot?start=g"}
    assert "-500:42" not in fake.menus


async def test_a_call_that_takes_too_long_is_tried_again(fake: FakeTelegram, channel: TelegramChannel) -> None:
    user = fake.user(1)
    channel._calls._client.timeout = 0.1  # the connection's read timeout
    fake.fail_next("sendMessage", delay=0.5)
    receipt = await channel.send(out(user))
    assert receipt.outcome is Outcome.AGAIN
    assert "perhaps sent" in receipt.why


async def test_one_chat_that_must_wait_holds_up_no_other(fake: FakeTelegram, channel: TelegramChannel) -> None:
    slow, other = fake.user(1), fake.user(2)
    fake.fail_next("sendMessage", retry_after=30, chat=1)
    async with asyncio.timeout(20):  # less than the slow chat was told to wait
        receipts = await asyncio.gather(channel.send(out(slow, id=1)), channel.send(out(other, id=2)))
    assert [receipt.outcome for receipt in receipts] == [Outcome.AGAIN, Outcome.SENT]


async def test_the_pace_is_each_chats_own(fake: FakeTelegram, made: Made) -> None:
    channel = made(Pacer(chat=600, overall=1000))
    users = [fake.user(n) for n in range(1, 6)]
    sends = [asyncio.create_task(channel.send(out(user, id=user.id * 10 + n))) for user in users for n in range(2)]
    await fake.until(lambda: all(fake.sent(user) for user in users))
    assert [len(fake.sent(user)) for user in users] == [1] * 5  # each chat's second message waits, no chat's first does
    for task in sends:
        task.cancel()
    await asyncio.gather(*sends, return_exceptions=True)


async def test_the_pacer_forgets_idle_chats() -> None:
    pacer = Pacer(chat=0.001, overall=100_000)
    for chat in range(1, KEPT * 2):
        await pacer.turn(chat)
    assert len(pacer._limiters) <= KEPT


async def test_a_long_text_is_split_and_the_buttons_stand_under_the_end(
    fake: FakeTelegram, channel: TelegramChannel
) -> None:
    user = fake.user(1)
    lines = "\n".join(f"{n:04d} 供暖问题，三号楼二单元 😀" for n in range(400))
    receipt = await channel.send(out(user, lines, buttons=(Button("好的", "q.a"),)))
    sent = fake.sent(user)
    assert len(sent) > 1
    assert "\n".join(call.text for call in sent) == lines
    assert [bool(call.buttons) for call in sent] == [False] * (len(sent) - 1) + [True]
    assert receipt.ref == str(sent[-1].message_id)


async def test_the_rest_is_tried_again_without_what_was_sent(fake: FakeTelegram, channel: TelegramChannel) -> None:
    user = fake.user(1)
    long = "一" * 4096 + "\n" + "二" * 100
    taken = fake.on_call("sendMessage", lambda call: fake.fail_next("sendMessage", 500), when="accepted")
    assert (await channel.send(out(user, long))).outcome is Outcome.AGAIN
    taken()
    assert (await channel.send(out(user, long))).outcome is Outcome.SENT
    assert [call.text[0] for call in fake.sent(user)] == ["一", "二"]


@pytest.mark.parametrize("text", ["", "短", "😀" * 3000, "a" * 10_000, "x\n" * 5000, "\n\n\n" + "长" * 4096 + "\n尾"])
def test_split_keeps_every_character_and_the_limit(text: str) -> None:
    pieces = split(text)
    assert all(0 < units(piece) <= 4096 for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_button_that_telegram_would_refuse_costs_only_itself(caplog: pytest.LogCaptureFixture) -> None:
    made_ = keyboard([Button("行", "ok"), Button("坏", "长" * 22), Button("", "x"), Button("一个很长很长的按钮", "b")])
    assert made_ is not None
    assert [[button.text for button in row] for row in made_.inline_keyboard] == [["行"], ["一个很长很长的按钮"]]


async def test_pictures(fake: FakeTelegram, inbox: Inbox, tmp_path: Path, made: Made) -> None:
    files = {}
    for name in ("photo1", "photo2", "broken"):
        files[name] = tmp_path / name
        files[name].write_bytes(JPEG if name != "broken" else b"nonsense")
    files["photo_broken"], files["file1"] = files.pop("broken"), files["photo1"]
    channel, user = made(None, TOKEN, **files), fake.user(1)
    one = out(user, "看这里", files=("photo1",), buttons=(Button("好", "q.a"),), id=1)
    for message in (
        one,
        out(user, "两张", files=("photo1", "photo2"), buttons=(Button("好", "q.a"),), id=2),
        out(user, "坏图也要说", files=("photo_broken",), id=3),
        out(user, "没了的图", files=("never",), id=4),
        out(user, "", files=("photo1",), id=5),
        out(user, "听", files=("file1",), id=6),
        out(user, "原样转发", files=(f"remote photo {fake.keeps(JPEG, 'photos', 'jpg')}",), id=7),
        out(user, "", files=(f"remote voice {fake.keeps(JPEG, 'voice', 'ogg')}",), id=8),
    ):
        assert (await channel.send(message)).outcome is Outcome.SENT
    await channel.stop()
    said = [(call.method, call.text, len(call.buttons)) for call in fake.sent(user)]
    assert said == [
        ("sendPhoto", "看这里", 1),
        ("sendMediaGroup", "", 0),
        ("sendMessage", "两张", 1),
        ("sendMessage", "坏图也要说", 0),
        ("sendMessage", "没了的图", 0),
        ("sendPhoto", "", 0),
        ("sendDocument", "", 0),
        ("sendMessage", "听", 0),
        ("sendPhoto", "原样转发", 0),
        ("sendVoice", "", 0),
    ]


# ---- menus ----------------------------------------------------------------------------------------------------------------


async def test_menus_are_set_again_until_it_works_and_service_goes_on(
    fake: FakeTelegram, inbox: Inbox, made: Made
) -> None:
    fake.fail_next("setMyCommands", 500)
    fake.fail_next("setMyCommands", cut="before")
    channel = made()
    await channel.start(inbox.receive)
    number = fake.says(fake.user(1), "没暖气")
    await fake.until(lambda: number in fake.acknowledged and {"default", "all_group_chats"} <= set(fake.menus))
    assert "我的诉求" in fake.menus["default"][0]["description"]
    await channel.stop()


async def test_the_bot_s_name_is_kept_for_the_printed_cards(tmp_path: Path) -> None:
    """By the whole program, and anew when the platform is reached a second time under another name."""
    from bot.invitations import bot_name
    from tests.fakes.page import page

    async def serve(username: str) -> None:
        fake = FakeTelegram(username=username)
        await fake.start()
        said = {"token": TOKEN, "base_url": fake.base_url, "base_file_url": fake.base_file_url}
        async with page(tmp_path, telegram=said) as app:
            await fake.until(lambda: fake.of("getUpdates"))
            with app.database.reading() as conn:
                assert bot_name(conn, app.settings) == username
                other = Settings(telegram=Telegram.model_validate({"token": "99:other"}))
                assert bot_name(conn, other) == ""
                assert bot_name(conn, Settings()) == ""
        await fake.stop()

    for username in ("hengan_bot", "renamed_bot"):
        await serve(username)


def test_every_command_of_a_menu_is_understood() -> None:
    from handlers.commands import BY_COMMAND

    named = {name for menu in (*menus.BY_ROLE.values(), menus.RESIDENT, menus.GROUP) for name, _ in menu}
    assert {f"/{name}" for name in named} <= set(BY_COMMAND)


async def test_staff_get_their_own_menu_and_lose_it(fake: FakeTelegram, channel: TelegramChannel) -> None:
    worker = fake.user(5)
    await channel.send(out(worker, role="worker"))
    await fake.until(lambda: "5" in fake.menus)
    assert {"command": "cards", "description": "我的工单：最急的在前"} in fake.menus["5"]
    await channel.send(out(worker, role="worker", id=2))
    await channel.set_menu("5", "resident")
    await fake.until(lambda: "5" not in fake.menus)
    await channel.set_menu("404", "worker")  # an unknown chat is refused, and that is all
    await fake.until(lambda: any(not call.ok for call in fake.of("setMyCommands")))


# ---- files ----------------------------------------------------------------------------------------------------------------


async def test_a_file_is_fetched(fake: FakeTelegram, channel: TelegramChannel) -> None:
    fine, big = fake.keeps(JPEG, "photos", "jpg"), fake.keeps(JPEG, "videos", "mp4", 30_000_000)
    assert (await channel.fetch(fine)).content == JPEG
    assert (await channel.fetch(big)).gone
    assert (await channel.fetch("nonsense")).gone
    fake.fail_next("getFile", 500)
    fake.fail_next("download", cut="before")
    for _ in range(2):
        missed = await channel.fetch(fine)
        assert (missed.content, missed.gone) == (None, False)
    assert (await channel.fetch(fine)).content == JPEG


# ---- the token ------------------------------------------------------------------------------------------------------------


async def test_the_token_is_never_said(
    fake: FakeTelegram, inbox: Inbox, caplog: pytest.LogCaptureFixture, made: Made
) -> None:
    caplog.set_level(logging.DEBUG)
    for token in (TOKEN, "99:AAwrongwrongwrongwrongwrongwrongwrongwr"):
        channel = made(token=token)
        await channel.start(inbox.receive)
        fake.fail_next("getUpdates", 500)
        fake.fail_next("sendMessage", cut="before")
        fake.fail_next("getFile", 500)
        receipts = [await channel.send(out(fake.user(1), id=n)) for n in range(2)]
        missed = await channel.fetch(fake.keeps(JPEG, "photos", "jpg"))
        await fake.until(lambda channel=channel: channel.health.failing)
        said = f"{receipts} {missed} {channel.healthy()} {channel!r} {channel._bot!r} {channel._poller._updater!r}"
        await channel.stop()
        assert token not in said
        assert token not in caplog.text
        fake._failures.clear()


# ---- downloads ------------------------------------------------------------------------------------------------------------

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
ANSWERS = {
    "good": Fetched(b"picture"),
    "slow": Fetched(None, why="TimedOut"),
    "gone": Fetched(None, gone=True, why="file is too big"),
    "broken": Fetched(b"nonsense"),
}


class Platform:
    async def fetch(self, remote: str) -> Fetched:
        return ANSWERS[remote]


async def keep(content: bytes, kind: str) -> Kept:
    if content == b"nonsense":
        raise Refused("not a picture")
    return Kept(hashlib.sha256(content).hexdigest(), "image/jpeg", len(content))


async def test_downloads_keep_try_again_and_give_up(tmp_path: Path) -> None:
    database, now = Database(f"sqlite:///{tmp_path}/test.db"), [NOON]
    database.migrate()

    class Writer:
        async def do(self, write: Any) -> Any:
            with database.writing() as conn:
                return write(conn)

    file, person = t.Attachment.__table__, t.Person.__table__  # type: ignore[attr-defined]
    with database.writing() as conn:
        conn.execute(person.insert(), t.Person(id="p1", created_at=NOON).model_dump())
        for name in ANSWERS:
            row = t.Attachment(id=name, person_id="p1", channel="telegram", remote=name, at=NOON)
            conn.execute(file.insert(), row.model_dump())
    app = SimpleNamespace(clock=SimpleNamespace(wall=lambda: now[0]), database=database, writer=Writer())
    downloads = Downloads(app, {"telegram": Platform()}, keep)

    def states() -> dict[str, tuple[bool, str | None, int]]:
        with database.reading() as conn:
            return {row.id: (bool(row.sha256), row.remote, row.tries) for row in conn.execute(file.select())}

    assert await downloads.round() == 4
    assert states() == {
        "good": (True, None, 0),
        "slow": (False, "slow", 1),
        "gone": (False, "gone", rows.TRIES),
        "broken": (False, "broken", rows.TRIES),
    }
    with database.reading() as conn:
        assert [name for name in ANSWERS if rows.still_remote(conn, name)] == ["slow"]
    assert await downloads.round() == 0
    for _ in range(rows.TRIES + 2):
        now[0] += timedelta(hours=2)
        await downloads.round()
    assert states()["slow"] == (False, "slow", rows.TRIES)
    database.close()
