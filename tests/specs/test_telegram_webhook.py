"""Telegram by webhook: the route, the secret, what happens when Telegram or the address fails, and switching to and fro."""

from __future__ import annotations

import shutil
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text

from bot.app import App
from bot.channels.telegram import polling, webhook
from bot.channels.telegram.updates import ALLOWED
from bot.hooks import TELEGRAM, Hook, telegram_hook
from bot.settings import load
from bot.web.hooks import SECRET
from bot.world import mint
from bot.writer import Unavailable
from nlp.rulebook import RuleBook
from storage.database import Database
from storage.reorganising import load_organisation
from tests.fakes.hamlet import WHOLE
from tests.fakes.telegram import FakeTelegram

PUBLIC = "https://jiesu.example.org"
Started = Callable[..., Any]


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    server = FakeTelegram()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return RuleBook()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, book: RuleBook) -> None:
    """Nothing waits; and the rules are read once for all."""
    monkeypatch.setattr("bot.world.RuleBook", lambda _: book)
    monkeypatch.setattr(polling, "RESTART", (0.02, 0.05))
    monkeypatch.setattr(webhook, "RESTART", (0.02, 0.05))
    monkeypatch.setattr(webhook, "LOOK_EVERY", 0.03)


@pytest.fixture(scope="module")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a demonstration that is small: the large one takes longer to start than all of these tests."""
    path = tmp_path_factory.mktemp("first_day") / "jiesu.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    with database.writing() as conn:
        load_organisation(conn, WHOLE, datetime.now(UTC), mint)
    database.close()
    return path


@pytest.fixture
async def started(fake: FakeTelegram, tmp_path: Path, first_day: Path) -> AsyncIterator[Started]:
    """Starts a Jiesu on the same data; the proxy before it then leads there."""
    shutil.copy(first_day, tmp_path / "jiesu.db")
    async with AsyncExitStack() as stack:

        async def start(public: str = PUBLIC) -> App:
            environ = {
                "DATABASE__URL": f"sqlite:///{tmp_path}/jiesu.db", "DATA__FOLDER": str(tmp_path), "WEB__PORT": "0",
                "WEB__PUBLIC_URL": public, "TELEGRAM__TOKEN": fake.token, "TELEGRAM__BASE_URL": fake.base_url,
                "TELEGRAM__BASE_FILE_URL": fake.base_file_url,
            }  # fmt: skip
            app = App(load(environ={f"JIESU_{name}": value for name, value in environ.items()}))
            await app.start()
            stack.push_async_callback(app.stop)
            fake.deliveries.leads_to[PUBLIC] = f"http://127.0.0.1:{app.port}"
            return app

        yield start


def stored(app: App) -> list[str]:
    """What residents said by Telegram, in order."""
    with app.database.reading() as conn:
        return list(conn.execute(text("select text from inbox where channel = 'telegram' order by id")).scalars())


async def post(app: App, body: bytes, secret: str | None) -> int:
    headers = {} if secret is None else {SECRET: secret}
    url = f"http://127.0.0.1:{app.port}{TELEGRAM}"
    async with aiohttp.ClientSession() as someone, someone.post(url, data=body, headers=headers) as answer:
        return answer.status


# ---- in which way ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("public", "url", "fault"),
    [
        ("", "", ""),
        (PUBLIC, PUBLIC + TELEGRAM, ""),
        (PUBLIC + ":8443/", PUBLIC + ":8443" + TELEGRAM, ""),
        ("https://8.8.8.8", "https://8.8.8.8" + TELEGRAM, ""),
        ("http://jiesu.example.org", "", "https"),
        (PUBLIC + ":9000", "", "9000"),
        (PUBLIC + ":99999", "", "65535"),
        ("https://localhost", "", "内网"),
        ("https://10.1.2.3", "", "内网"),
        ("https://jiesu.internal", "", "内网"),
    ],
)
def test_only_an_address_that_telegram_delivers_to_is_a_webhook(public: str, url: str, fault: str) -> None:
    hook = telegram_hook(load(environ={"JIESU_WEB__PUBLIC_URL": public}))
    assert hook.url == url
    assert fault in hook.fault
    assert bool(hook.fault) == bool(fault)


def test_polling_can_be_wanted_in_spite_of_an_address() -> None:
    told = {"JIESU_WEB__PUBLIC_URL": PUBLIC, "JIESU_TELEGRAM__WEBHOOK": "false"}
    assert telegram_hook(load(environ=told)) == Hook()


# ---- in ------------------------------------------------------------------------------------------------------------


async def test_a_message_is_delivered_stored_and_answered(fake: FakeTelegram, started: Started) -> None:
    app = await started()
    user = fake.user(42, "张大妈")
    fake.says(user, "锦绣苑1号楼2单元501没暖气")
    await fake.until(lambda: fake.sent(user))
    assert stored(app) == ["锦绣苑1号楼2单元501没暖气"]
    assert fake.of("getUpdates") == []
    told = fake.of("setWebhook", ok=True)[0].params
    assert set(told["allowed_updates"]) == set(ALLOWED)
    assert str(told.get("drop_pending_updates", False)).lower() == "false"
    assert app.channels["telegram"].healthy() is None


async def test_the_secret_is_a_key_of_this_installation(fake: FakeTelegram, started: Started, tmp_path: Path) -> None:
    app = await started()
    await fake.until(lambda: fake.webhook)
    assert fake.deliveries.secret == app.keys.hook_secret("telegram")
    assert len(fake.deliveries.secret) == 64
    assert stat.S_IMODE((tmp_path / "keys" / "hooks").stat().st_mode) == 0o600
    assert fake.deliveries.secret not in repr(app.keys)


@pytest.mark.parametrize("secret", [None, "", "wrong", "密码", "x" * 64])
async def test_who_does_not_know_the_secret_stores_nothing(
    fake: FakeTelegram, started: Started, secret: str | None
) -> None:
    app = await started()
    await fake.until(lambda: fake.webhook)
    number = fake.delivers()
    body = b'{"update_id": 1, "message": {"message_id": 1, "chat": {"id": 5, "type": "private"}, "text": "x"}}'
    raw = None if secret is None else secret.encode().decode("latin-1")
    assert await post(app, body, raw) == 403
    await fake.until(lambda: number in fake.acknowledged)
    assert stored(app) == []


async def test_without_telegram_there_is_nothing_to_deliver_to(tmp_path: Path, first_day: Path) -> None:
    shutil.copy(first_day, tmp_path / "j.db")
    environ = {"JIESU_DATABASE__URL": f"sqlite:///{tmp_path}/j.db", "JIESU_DATA__FOLDER": str(tmp_path), "JIESU_WEB__PORT": "0"}
    app = App(load(environ=environ))
    await app.start()
    try:
        assert await post(app, b"{}", app.keys.hook_secret("telegram")) == 403
    finally:
        await app.stop()


@pytest.mark.parametrize(
    "body", [b"not json", b"\xff\xfe", b"[]", b'{"message": {}}', b'{"update_id": 1e999}', b'{"update_id": 7, "message": 5}']
)
async def test_what_cannot_be_read_is_kept_and_does_not_come_again(
    fake: FakeTelegram, started: Started, tmp_path: Path, body: bytes
) -> None:
    app = await started()
    await fake.until(lambda: fake.webhook)
    for _ in range(2):
        assert await post(app, body, fake.deliveries.secret) == 200
    kept = list((tmp_path / "unread").iterdir())
    assert len(kept) == 1
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600
    assert kept[0].read_bytes() == body
    assert stored(app) == []


async def test_of_a_malformed_message_the_words_are_saved(fake: FakeTelegram, started: Started) -> None:
    app = await started()
    number = fake.delivers(message=fake._body(fake.user(7), None, text="着火了", entities=[{"nonsense": True}]))
    await fake.until(lambda: number in fake.acknowledged)
    assert stored(app) == ["着火了"]


async def test_too_much_is_not_read(fake: FakeTelegram, started: Started) -> None:
    app = await started()
    await fake.until(lambda: fake.webhook)
    assert await post(app, b"[" + b" " * 600_000 + b"]", fake.deliveries.secret) == 413


async def test_an_album_is_one_message(fake: FakeTelegram, started: Started) -> None:
    app = await started()
    user = fake.user(42)
    numbers = fake.sends_album(user, 3, "锦绣苑1号楼2单元楼道灯坏了")
    await fake.until(lambda: all(n in fake.acknowledged for n in numbers))
    with app.database.reading() as conn:
        rows = conn.execute(text("select distinct group_key, ready_at from inbox where channel = 'telegram'")).all()
    assert len(rows) == 1
    assert rows[0].group_key
    await fake.until(lambda: fake.sent(user))
    assert len(fake.sent(user)) == 1


async def test_a_press_is_answered(fake: FakeTelegram, started: Started) -> None:
    await started()
    fake.presses_value(fake.user(1), "q1.yes")
    await fake.until(lambda: fake.of("answerCallbackQuery", ok=True))


async def test_what_was_not_stored_comes_again_in_order(
    fake: FakeTelegram, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await started()
    receive, failures = app.channels["telegram"]._receive, [Unavailable("disk full"), OSError("odd"), OSError("odd")]

    async def failing(incoming: Any) -> Any:
        if failures:
            raise failures.pop()
        return await receive(incoming)

    monkeypatch.setattr(app.channels["telegram"], "_receive", failing)
    user = fake.user(1)
    numbers = [fake.says(user, words) for words in ("一", "二", "三")]
    await fake.until(lambda: all(n in fake.acknowledged for n in numbers))
    assert [status for _, status in fake.deliveries.answers][:3] == [500, 500, 503]
    assert stored(app) == ["一", "二", "三"]


async def test_a_repeat_is_stored_once(fake: FakeTelegram, started: Started) -> None:
    app = await started()
    number = fake.says(fake.user(1), "没水")
    await fake.until(lambda: number in fake.acknowledged)
    fake.repeat(number)
    await fake.until(lambda: not fake.pending)
    assert [n for n, _ in fake.deliveries.answers] == [number, number]
    assert stored(app) == ["没水"]


async def test_before_it_is_known_who_the_bot_is_deliveries_wait(fake: FakeTelegram, started: Started) -> None:
    """The webhook of the last run still stands while the platform's other half is away."""
    first = await started()
    await fake.until(lambda: fake.webhook)
    await first.stop()
    fake.fail_next("getMe", 500, times=3)
    group = fake.group()
    number = fake.says(fake.user(1), "/my@jiesu_bot", chat=group)
    second = await started()
    await fake.until(lambda: number in fake.acknowledged)
    assert stored(second) == ["/my"]


# ---- the address ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [{"status": 502}, {"cut": "before"}, {"cut": "after"}, {"retry_after": 1}, {"status": 401}])
async def test_the_address_is_told_until_telegram_takes_it(
    fake: FakeTelegram, started: Started, how: dict[str, Any]
) -> None:
    fake.fail_next("setWebhook", how.pop("status", None), times=2 if "retry_after" not in how else 1, **how)
    app = await started()
    number = fake.says(fake.user(1), "没水")
    await fake.until(lambda: number in fake.acknowledged)
    await fake.until(lambda: app.channels["telegram"].healthy() is None)
    assert stored(app) == ["没水"]


async def test_starting_while_the_platform_is_away_blocks_nothing(fake: FakeTelegram, started: Started) -> None:
    fake.online = False
    app = await started()
    async with aiohttp.ClientSession() as browser, browser.get(f"http://127.0.0.1:{app.port}/healthz") as answer:
        assert answer.status == 200
    fake.online = True
    number = fake.says(fake.user(1), "没水")
    await fake.until(lambda: number in fake.acknowledged)


async def test_an_address_that_telegram_refuses_is_polled_instead(fake: FakeTelegram, started: Started) -> None:
    fake.fail_next("setWebhook", 400, description="Bad Request: bad webhook: Failed to resolve host")
    app = await started()
    number = fake.says(fake.user(1), "没水")
    await fake.until(lambda: number in fake.acknowledged)
    assert fake.of("getUpdates", ok=True)
    assert stored(app) == ["没水"]


async def test_that_telegram_does_not_get_through_is_told_until_it_does(fake: FakeTelegram, started: Started) -> None:
    app = await started()
    channel = app.channels["telegram"]
    await fake.until(lambda: fake.webhook)
    real = fake.deliveries.leads_to.pop(PUBLIC)
    number = fake.says(fake.user(1), "没水")
    await fake.until(lambda: "送不到" in (channel.healthy() or ""))
    fake.deliveries.leads_to[PUBLIC] = real
    await fake.until(lambda: number in fake.acknowledged)
    await fake.until(lambda: channel.healthy() is None)


async def test_an_address_taken_away_is_set_again_and_the_conflict_told(fake: FakeTelegram, started: Started) -> None:
    app = await started()
    await fake.until(lambda: fake.webhook)
    fake.webhook = "https://elsewhere.example/hook"
    await fake.until(lambda: fake.webhook == PUBLIC + TELEGRAM)
    await fake.until(lambda: len(fake.of("setWebhook", ok=True)) > 1)
    number = fake.says(fake.user(1), "没水")
    await fake.until(lambda: number in fake.acknowledged)
    assert stored(app) == ["没水"]


async def test_a_webhook_set_while_polling_is_removed_again(fake: FakeTelegram, started: Started) -> None:
    """As by an earlier run that was still ending."""
    app = await started(public="")
    await fake.until(lambda: fake.of("getUpdates"))
    fake.webhook = "https://elsewhere.example/hook"
    first = fake.says(fake.user(1), "一")  # ends the poll that waits
    await fake.until(lambda: first in fake.acknowledged)
    second = fake.says(fake.user(1), "二")
    await fake.until(lambda: second in fake.acknowledged)
    assert fake.webhook == ""
    assert stored(app) == ["一", "二"]


# ---- to and fro -----------------------------------------------------------------------------------------------------


async def test_switching_to_and_fro_loses_and_doubles_nothing(fake: FakeTelegram, started: Started) -> None:
    user, words = fake.user(1), []
    for public in ("", PUBLIC, "", PUBLIC):
        words += [f"停着时写的{len(words)}", f"开着时写的{len(words)}"]
        fake.says(user, words[-2])
        app = await started(public)
        fake.says(user, words[-1])
        await fake.until(lambda: not fake.pending)
        assert stored(app) == words
        await app.stop()
