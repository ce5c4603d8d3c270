"""The chat API as BEHAVIOUR.md promises it, over real HTTP and real SQLite."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from limits.storage import memory
from PIL import Image

from bot.app import App
from bot.channels import Outcome, Outgoing
from bot.entry import make_code, make_link
from bot.web.common import Pace
from handlers.doors import code_mac
from storage import doors, talk, threads
from tests.fakes.page import SCRIPT, browser, page

Client = aiohttp.ClientSession


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with page(tmp_path) as app:
        yield app


@pytest.fixture
async def me(app: App) -> AsyncIterator[Client]:
    """A resident whose page is open."""
    async with browser(app) as client:
        await asked(client.post("/api/chat/session", json={}))
        yield client


async def asked(call: Any, status: int = 200) -> Any:
    async with call as answer:
        body = await answer.json()
        assert answer.status == status, body
        return body


async def refused(call: Any, status: int, code: str) -> str:
    """The sentence of a refusal."""
    error = (await asked(call, status))["error"]
    assert error["code"] == code
    return error["say"]


def say(client: Client, client_id: str = "c1", **told: Any) -> Any:
    return client.post("/api/chat/messages", json={"client_id": client_id, **told})


async def until(client: Client, many: int, after: int = 0) -> list[dict[str, Any]]:
    """The messages once there are so many."""
    async with asyncio.timeout(10):
        while True:
            got = (await asked(client.get(f"/api/chat/messages?after={after}")))["messages"]
            if len(got) >= many:
                return got
            await asyncio.sleep(0.01)


def photo(format: str = "PNG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, format, **more)
    return out.getvalue()


async def upload(client: Client, data: bytes, status: int = 201) -> Any:
    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(data), filename="a.jpg", content_type="image/jpeg")
    return await asked(client.post("/api/chat/files", data=form), status)


# ---- who


async def test_a_stranger_gets_a_session_and_keeps_it(app: App):
    async with browser(app) as client:
        first = await asked(client.post("/api/chat/session", json={}))
        assert first["role"] == "resident"
        cookie = next(iter(client.cookie_jar))
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert await asked(client.post("/api/chat/session", json={})) == first


@pytest.mark.parametrize("cookie", ["", "x", "abc.def", "密.码", "a" * 5000])
async def test_a_forged_cookie_is_nobody_and_gets_a_fresh_session(app: App, cookie: str):
    async with browser(app) as client:
        headers = {"Cookie": f"jiesu={cookie}"}
        say = await refused(client.get("/api/chat/messages", headers=headers), 401, "no_session")
        assert "刷新" in say
        assert (await asked(client.post("/api/chat/session", json={}, headers=headers)))["role"] == "resident"


async def test_a_signature_of_one_session_opens_no_other(app: App, me: Client):
    async with browser(app) as other:
        await asked(other.post("/api/chat/session", json={}))
        mine, theirs = (next(iter(c.cookie_jar)).value.split(".") for c in (me, other))
        forged = {"Cookie": f"jiesu={theirs[0]}.{mine[1]}"}
    async with browser(app) as robber:
        await refused(robber.get("/api/chat/messages", headers=forged), 401, "no_session")


async def test_a_session_ends(app: App, me: Client):
    with app.database.writing() as conn:
        conn.exec_driver_sql("update web_session set expires_at = '2020-01-01 00:00:00'")
    await refused(me.get("/api/chat/messages"), 401, "no_session")


async def test_who_comes_back_stays_known(app: App, me: Client):
    soon = (app.clock.wall()).strftime("%Y-%m-%d 23:59:59.999999")
    with app.database.writing() as conn:
        conn.exec_driver_sql(f"update web_session set expires_at = '{soon}'")
    async with me.post("/api/chat/session", json={}) as answer:
        assert "jiesu" in answer.cookies
    with app.database.reading() as conn:
        assert conn.exec_driver_sql("select expires_at from web_session").scalar() > soon


# ---- saying and hearing


async def test_a_message_is_stored_answered_and_shown_in_order(app: App, me: Client):
    stored = await asked(say(me, text="没暖气"), 202)
    assert stored["duplicate"] is False
    mine, answer = await until(me, 2)
    assert mine == {
        "n": stored["n"],
        "from": "me",
        "text": "没暖气",
        "buttons": [],
        "files": [],
        "case": None,
        "at": mine["at"],
    }
    assert answer["from"] == "jiesu"
    assert answer["text"] == "收到text：没暖气"
    assert answer["buttons"][0] == {"label": "已解决", "value": "q1.solved.mac"}
    rest = await asked(me.get(f"/api/chat/messages?after={answer['n']}"))
    assert rest == {"messages": [], "next": answer["n"]}


async def test_a_repeat_has_no_second_effect(app: App, me: Client):
    first = await asked(say(me, text="没暖气"), 202)
    again = await asked(say(me, text="没暖气"), 202)
    assert again == {"n": first["n"], "duplicate": True}
    assert len(await until(me, 2)) == 2


async def test_client_ids_of_two_sessions_do_not_meet(app: App, me: Client):
    async with browser(app) as other:
        await asked(other.post("/api/chat/session", json={}))
        await asked(say(me, text="我"), 202)
        assert (await asked(say(other, text="他"), 202))["duplicate"] is False
        assert [m["text"] for m in await until(other, 2)] == ["他", "收到text：他"]


async def test_a_button_and_a_place_reach_the_turn(app: App, me: Client):
    await asked(say(me, button="forged.value.x"), 202)
    await asked(say(me, "c2", place={"building": "b1"}), 202)
    await asked(say(me, "c3", place={"lat": 40.1, "lon": 113.3}), 202)
    await asked(say(me, "c4", text="/my"), 202)
    heard = {m["text"] for m in await until(me, 8)}
    assert {"收到button：forged.value.x", "收到place：", "收到command：/my", "锦绣苑1号楼"} <= heard


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        ({"text": ""}, 400, "empty"),
        ({"text": " \n\u3000 "}, 400, "empty"),
        ({}, 400, "empty"),
        ({"text": "长" * 20_001}, 413, "too_long"),
        ({"text": "a", "button": "b"}, 400, "one_of"),
        ({"text": 5}, 400, "bad_text"),
        ({"button": "x" * 300}, 400, "bad_button"),
        ({"button": ["x"]}, 400, "bad_button"),
        ({"place": "b1"}, 400, "bad_place"),
        ({"place": {"building": "nowhere"}}, 400, "bad_place"),
        ({"place": {"lat": 91, "lon": 0}}, 400, "bad_place"),
        ({"place": {"lat": True, "lon": 0}}, 400, "bad_place"),
        ({"place": {"lat": "40", "lon": 113}}, 400, "bad_place"),
        ({"files": ["nothing"]}, 400, "unknown_file"),
        ({"files": "nothing"}, 400, "bad_files"),
        ({"files": ["x"] * 10}, 400, "too_many_files"),
        ({"client_id": "", "text": "a"}, 400, "client_id"),
        ({"client_id": 7, "text": "a"}, 400, "client_id"),
    ],
)
async def test_what_cannot_be_taken_is_refused_with_a_sentence_and_changes_nothing(
    app: App, me: Client, told: dict[str, Any], status: int, code: str
):
    sentence = await refused(me.post("/api/chat/messages", json={"client_id": "c"} | told), status, code)
    assert any("\u4e00" <= character <= "\u9fff" for character in sentence)
    with app.database.reading() as conn:
        assert conn.exec_driver_sql("select count(*) from inbox").scalar() == 0


async def test_a_megabyte_is_413_and_twenty_thousand_characters_are_taken(app: App, me: Client):
    megabyte = io.BytesIO(json.dumps({"client_id": "c", "text": "长" * 400_000}, ensure_ascii=False).encode())
    headers = {"Content-Type": "application/json"}
    await refused(me.post("/api/chat/messages", data=megabyte, headers=headers), 413, "too_long")
    await asked(say(me, text="😀" * 20_000), 202)
    assert len((await until(me, 2))[0]["text"]) == 20_000


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "'; drop table thread; --",
        "\u202eabc",
        "👍👍",
        "\ud800半个字",
        "零\x00字",
        "a\r\nb",
    ],
)
async def test_strange_words_are_words(app: App, me: Client, text: str):
    async with me.post(
        "/api/chat/messages",
        data=json.dumps({"client_id": "c", "text": text}),
        headers={"Content-Type": "application/json"},
    ) as answer:
        assert answer.status == 202
    shown = (await until(me, 2))[0]["text"]
    assert shown.replace("?", "") == text.replace("\ud800", "").replace("\x00", "").replace("\r\n", "\n")


async def test_writing_needs_json_and_the_header(app: App, me: Client):
    bare = {"X-Requested-With": ""}
    async with browser(app, Accept="*/*") as plain:
        await refused(plain.post("/api/chat/session", json={}), 400, "no_header")
    await refused(me.post("/api/chat/messages", data={"text": "a"}), 415, "not_json")
    await refused(
        me.post("/api/chat/messages", data=b"{", headers={"Content-Type": "application/json"}), 400, "bad_json"
    )
    await refused(me.post("/api/chat/messages", json=[1]), 400, "bad_json")
    await refused(
        me.post("/api/chat/messages", data=b"[" * 100_000, headers={"Content-Type": "application/json"}),
        400,
        "bad_json",
    )
    await refused(
        me.post("/api/chat/messages", json={}, headers={"Sec-Fetch-Site": "cross-site"} | bare), 403, "other_site"
    )
    await refused(me.get("/api/chat/messages?after=-1"), 400, "bad_number")
    await refused(me.get("/api/chat/messages?after=²"), 400, "bad_number")
    await refused(me.get("/api/nothing"), 404, "not_found")
    await refused(me.delete("/api/chat/messages"), 405, "method")


async def test_too_fast_is_429(app: App, me: Client, monkeypatch: pytest.MonkeyPatch):
    """By the pace's own clock, which stands still meanwhile: however slow the machine is, these are within one minute."""
    clock = SimpleNamespace(at=1_800_000_000.0)
    monkeypatch.setattr(memory, "time", SimpleNamespace(time=lambda: clock.at))
    for _ in range(Pace.LIMITS["message"]):
        await asked(say(me, "same", text="a"), 202)
    await refused(say(me, "same", text="a"), 429, "too_fast")
    clock.at += 59
    await refused(say(me, "same", text="a"), 429, "too_fast")
    clock.at += 61
    await asked(say(me, "same", text="a"), 202)


# ---- live


class Stream:
    """An open stream, read event by event."""

    def __init__(self, client: Client, path: str = "/api/chat/stream", **headers: str) -> None:
        self._call = client.get(path, headers=headers)

    async def __aenter__(self) -> Stream:
        self._answer = await self._call.__aenter__()
        assert self._answer.content_type == "text/event-stream"
        return self

    async def __aexit__(self, *error: object) -> None:
        self._answer.close()

    async def next(self) -> dict[str, Any]:
        event: dict[str, str] = {}
        async with asyncio.timeout(10):
            while True:
                line = (await self._answer.content.readline()).decode().rstrip("\r\n")
                if not line and "data" in event:
                    message = json.loads(event["data"])
                    assert event["id"] == str(message["n"])
                    return message
                name, _, value = line.partition(": ")
                event[name] = value


async def test_a_stream_gives_what_was_and_what_comes(app: App, me: Client):
    await asked(say(me, text="一"), 202)
    await until(me, 2)
    async with Stream(me) as stream:
        assert [(await stream.next())["text"] for _ in range(2)] == ["一", "收到text：一"]
        await asked(say(me, "c2", text="二"), 202)
        assert [(await stream.next())["text"] for _ in range(2)] == ["二", "收到text：二"]


async def test_a_stream_resumes_without_losing_or_repeating(app: App, me: Client):
    got: list[int] = []
    sending = asyncio.create_task(_say_many(me, 40))
    while len(got) < 80:
        async with Stream(me, **({"Last-Event-ID": str(got[-1])} if got else {})) as stream:
            for _ in range(min(7, 80 - len(got))):  # then the connection is lost
                got.append((await stream.next())["n"])
    await sending
    everything = [m["n"] for m in await until(me, 80)]
    assert got == everything == sorted(set(everything))


async def _say_many(client: Client, many: int) -> None:
    for n in range(many):
        await asked(say(client, f"m{n}", text=str(n)), 202)


async def test_a_thread_longer_than_one_answer_is_walked_by_next(app: App, me: Client, monkeypatch: pytest.MonkeyPatch):
    await _say_many(me, 8)
    await until(me, 16)
    seen: list[int] = []
    after = 0
    with app.database.reading() as conn:
        thread = conn.exec_driver_sql("select person_id from web_session").scalar()
        while rows := threads.after(conn, thread, after, many=3):
            seen += [row.n for row in rows]
            after = rows[-1].n
    assert len(seen) == 16


async def test_streams_do_not_hold_up_the_stop(tmp_path: Path):
    async with page(tmp_path) as app, browser(app) as client:
        await asked(client.post("/api/chat/session", json={}))
        async with Stream(client):
            began = asyncio.get_running_loop().time()
            await app.stop()
            assert asyncio.get_running_loop().time() - began < 3


async def test_a_stream_needs_a_session(app: App):
    async with browser(app) as client:
        await refused(client.get("/api/chat/stream"), 401, "no_session")


async def test_fetching_is_noted(app: App, me: Client):
    await asked(say(me, text="一"), 202)
    await until(me, 2)
    with app.database.reading() as conn:
        assert conn.exec_driver_sql("select count(*) from thread where fetched_at is null").scalar() == 0


async def test_a_delivery_repeated_stands_in_the_thread_once(app: App, me: Client):
    await asked(say(me, text="一"), 202)
    await until(me, 2)
    with app.database.reading() as conn:
        row = conn.exec_driver_sql("select id, person_id from outbox").first()
    again = Outgoing(row.id, row.person_id, row.person_id, "收到text：一")
    receipt = await app.channels["web"].send(again)
    assert receipt.outcome is Outcome.SENT
    assert len(await until(me, 2)) == 2


# ---- files


async def test_a_photo_goes_with_a_message_and_only_its_people_see_it(app: App, me: Client):
    big = photo("JPEG", (3000, 2000), comment=b"geheim")
    file = (await upload(me, big))["file"]
    await asked(say(me, text="看", files=[file]), 202)
    mine, answer = await until(me, 2)
    assert mine["files"] == answer["files"] == [file]
    assert answer["text"] == "收到media：看"
    async with me.get(f"/api/chat/files/{file}") as answer:
        assert answer.status == 200
        assert answer.content_type == "image/jpeg"
        kept = await answer.read()
    assert Image.open(io.BytesIO(kept)).size == (1600, 1067)
    assert b"geheim" not in kept
    async with browser(app) as other:
        await asked(other.post("/api/chat/session", json={}))
        await refused(other.get(f"/api/chat/files/{file}"), 404, "no_such_file")
        await refused(say(other, files=[file]), 400, "unknown_file")
        await _show(app, other, file)
        async with other.get(f"/api/chat/files/{file}") as answer:
            assert answer.status == 200


async def _show(app: App, to: Client, file: str) -> None:
    """Jiesu sends a file to somebody (a worker's card)."""
    await asked(say(to, "hello", text="你好"), 202)
    await until(to, 2)
    person = (await asked(to.post("/api/chat/session", json={})))["person"]
    with app.database.writing() as conn:
        threads.append(conn, person, 999_999, app.clock.now(), text="照片", buttons=[], files=[file])


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_formats_of_photos(app: App, me: Client, format: str):
    assert (await upload(me, photo(format)))["file"]


async def test_a_voice_message_is_kept_as_it_is(app: App, me: Client):
    voice = b"#!AMR\n" + b"\x3c" * 400
    file = (await upload(me, voice))["file"]
    await asked(say(me, files=[file]), 202)
    async with me.get(f"/api/chat/files/{file}") as answer:
        assert answer.content_type == "audio/amr"
        assert await answer.read() == voice
    with app.database.reading() as conn:
        assert conn.exec_driver_sql("select kind from attachment").scalar() == "voice"


WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\0" * 30
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 20


@pytest.mark.parametrize(
    ("data", "kind", "mime"),
    [
        (WEBM + b"\x86\x86A_OPUS", "voice", "audio/webm"),
        (WEBM + b"\x86\x86A_OPUS" + b"\x86\x85V_VP8", "video", "video/webm"),
        (MP4 + b"hdlr" + b"\0" * 8 + b"soun", "voice", "audio/mp4"),
        (MP4 + b"hdlr" + b"\0" * 8 + b"vide" + b"hdlr" + b"\0" * 8 + b"soun", "video", "video/mp4"),
        (MP4 + b"nothing that says", "video", "video/mp4"),
    ],
    ids=["webm-sound", "webm-film", "mp4-sound", "mp4-film", "mp4-unknown"],
)
async def test_what_a_browser_recorded_is_a_voice_when_there_is_no_picture_in_it(
    app: App, me: Client, data: bytes, kind: str, mime: str
):
    await upload(me, data)
    with app.database.reading() as conn:
        assert conn.exec_driver_sql("select kind, mime from attachment").one() == (kind, mime)


async def test_the_same_photo_twice_is_kept_once(app: App, me: Client, tmp_path: Path):
    first, second = (await upload(me, photo())), (await upload(me, photo()))
    assert first != second
    assert len([path for path in (tmp_path / "media").rglob("*") if path.is_file()]) == 1


async def test_a_transparent_picture_becomes_white_not_black():
    from bot.media import redrawn

    out = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert min(Image.open(io.BytesIO(redrawn(out.getvalue()))).getpixel((5, 5))) > 250


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (photo("JPEG", (400, 300))[:600], "打不开"),
        (b"<svg xmlns='x'/>", "看不了"),
        (b"MZ\x90\x00" + b"\0" * 300, "看不了"),
    ],
)
async def test_a_file_that_is_no_use_gets_a_sentence(app: App, me: Client, data: bytes, words: str):
    answer = await upload(me, data, 400)
    assert words in answer["error"]["say"]


async def test_a_bomb_and_a_giant_are_refused(app: App, me: Client):
    bomb = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(bomb, "PNG")
    assert "尺寸" in (await upload(me, bomb.getvalue(), 400))["error"]["say"]
    assert "MB" in (await upload(me, b"\xff\xd8" + b"x" * (app.media.limit + 10), 413))["error"]["say"]


async def test_an_upload_without_a_file(app: App, me: Client):
    await refused(me.post("/api/chat/files", json={}), 415, "not_multipart")
    form = aiohttp.FormData()
    form.add_field("other", b"x", filename="a")
    await refused(me.post("/api/chat/files", data=form), 400, "no_file")
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    await refused(me.post("/api/chat/files", data=b"--y\r\nnothing", headers=broken), 400, "bad_multipart")
    await refused(me.get("/api/chat/files/..%2F..%2Fkeys"), 404, "no_such_file")


# ---- places, health, headers


async def test_places_by_a_part_of_the_name(app: App, me: Client):
    async def names(query: str) -> list[str]:
        return [place["name"] for place in (await asked(me.get(f"/api/chat/places?{query}")))["places"]]

    assert await names("q=锦绣") == ["锦绣苑", "锦绣苑1号楼", "锦绣苑2号楼", "锦绣苑10号楼"]
    assert await names("q=锦绣苑一号楼") == ["锦绣苑1号楼"]
    assert await names("q=东华") == ["东华路"]
    assert await names("q=") == ["平安里", "锦绣苑"] or await names("q=") == ["锦绣苑", "平安里"]
    assert await names("estate=e1") == ["锦绣苑1号楼", "锦绣苑2号楼", "锦绣苑10号楼"]
    assert await names("q=没有这里") == []


async def test_health_names_the_channel_that_is_not_well(app: App, me: Client, monkeypatch: pytest.MonkeyPatch):
    assert await asked(me.get("/healthz")) == {"ok": True}
    monkeypatch.setattr(app.channels["web"], "healthy", lambda: "away")
    assert (await asked(me.get("/healthz"), 503))["why"] == {"web": "away"}


async def test_every_answer_has_its_headers(app: App, me: Client):
    for path in ("/", "/healthz", "/static/chat.js", "/nothing", "/api/chat/messages"):
        async with me.get(path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "default-src 'none'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == ("no-cache" if "static" in path else "no-store")


async def test_the_page_installs_as_an_app(app: App, me: Client):
    async with me.get("/manifest.webmanifest") as answer:
        assert answer.content_type == "application/manifest+json"
        told = json.loads(await answer.read())
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "standalone")
    for icon in told["icons"]:
        async with me.get(icon["src"]) as answer:
            size = Image.open(io.BytesIO(await answer.read())).size
        assert icon["sizes"] == "{}x{}".format(*size)
    async with me.get("/service-worker.js") as answer:
        assert answer.content_type == "text/javascript"
        assert answer.headers["Cache-Control"] == "no-cache"  # asked for again each time: new files are taken up
        first = (await answer.text()).splitlines()[0]
    for path in json.loads(first.split("FILES = ")[1].rstrip(";")):
        async with me.get(path) as answer:
            assert answer.status == 200


async def test_the_page_without_a_network_is_nobodys(app: App, me: Client):
    """A device keeps it for whoever holds it."""
    await asked(say(me, text="我的私事"), 202)
    await until(me, 2)
    async with browser(app) as nobody, me.get("/offline") as mine, nobody.get("/offline") as theirs:
        assert await mine.read() == await theirs.read()
        assert "Set-Cookie" not in mine.headers


async def test_a_page_speaks_only_for_whom_it_shows(app: App, me: Client):
    """On a shared device a page that was left open names its person; by then the cookie is somebody else's."""
    who = (await asked(me.post("/api/chat/session", json={})))["person"]
    mine, other = {"X-Jiesu-Person": who}, {"X-Jiesu-Person": "somebody"}
    message = {"client_id": "c1", "text": "你好"}
    await refused(me.post("/api/chat/messages", json=message, headers=other), 401, "other_person")
    await refused(me.get("/api/chat/stream?person=somebody"), 401, "other_person")
    await asked(me.post("/api/chat/messages", json=message, headers=mine), 202)
    assert [each["text"] for each in await until(me, 2)] == ["你好", "收到text：你好"]


async def test_a_bug_is_answered_kindly(app: App, me: Client, monkeypatch: pytest.MonkeyPatch, caplog: Any):
    async def broken(*_: Any) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(app.inbox, "receive", broken)
    with caplog.at_level(logging.CRITICAL):
        sentence = await refused(say(me, text="a"), 500, "broken")
    assert "secret" not in sentence


async def test_secure_cookies_behind_https(tmp_path: Path):
    outside = {"port": 0, "public_url": "https://jiesu.example.org"}
    async with page(tmp_path, web=outside) as app, browser(app) as c, c.post("/api/chat/session", json={}) as answer:
        assert answer.cookies["jiesu"]["secure"]


# ---- the plain form


async def form_of(client: Client) -> dict[str, str]:
    async with client.get("/chat") as answer:
        text = await answer.text()
    return {name: text.split(f'name="{name}" value="')[1].split('"')[0] for name in ("token", "client_id")}


async def test_the_form_works_without_javascript(app: App):
    async with browser(app, Accept="text/html") as client:
        form = await form_of(client)
        async with client.post("/chat", data=form | {"text": "<b>没水</b>"}, allow_redirects=False) as answer:
            assert answer.status == 303
        await until(client, 2)
        text = await (await client.get("/chat")).text()
        assert "&lt;b&gt;没水&lt;/b&gt;" in text
        assert '<button type="submit" form="say" name="button" value="q1.solved.mac">已解决</button>' in text
        async with client.post("/chat", data=await form_of(client) | {"text": "", "button": "q1.solved.mac"}) as answer:
            assert answer.status == 200
            assert "已解决" in await answer.text()


async def test_the_form_takes_a_photo_and_keeps_the_words_when_it_cannot(app: App):
    async with browser(app, Accept="text/html") as client:
        for data, status in ((photo(), 303), (b"nothing", 400)):
            form = aiohttp.FormData(await form_of(client) | {"text": "漏水了"})
            form.add_field("photo", data, filename="a.png", content_type="image/png")
            async with client.post("/chat", data=form, allow_redirects=False) as answer:
                assert answer.status == status
                assert status == 303 or ("看不了" in (page := await answer.text()) and ">漏水了</textarea>" in page)


async def test_the_form_needs_its_token(app: App, me: Client):
    form = await form_of(me)
    for bad in ({}, {"token": ""}, {"token": "密"}, {"token": "0" * 32}):
        await refused(me.post("/chat", data={"client_id": form["client_id"], "text": "a"} | bad), 403, "stale_form")
    async with browser(app, Accept="text/html") as other, other.post("/chat", data=form | {"text": "a"}) as answer:
        assert answer.status == 403
    with app.database.reading() as conn:
        assert conn.exec_driver_sql("select count(*) from inbox").scalar() == 0


async def test_looking_at_the_page_makes_nobody_a_person(app: App):
    async with browser(app, Accept="text/html") as client, client.get("/") as answer:
        assert answer.status == 200
    with app.database.reading() as conn:
        assert conn.exec_driver_sql("select count(*) from web_session").scalar() == 0


# ---- ways in


async def test_a_one_time_link_lets_in_once(app: App):
    path = "/enter/" + (await make_link(app, "p-worker")).rsplit("/", 1)[1]
    async with browser(app, Accept="text/html") as robot:
        for _ in range(3):  # looking uses nothing up
            async with robot.get(path) as answer:
                assert answer.status == 200
                assert "王网格" in await answer.text()
    async with browser(app, **SCRIPT) as worker, browser(app) as thief:
        async with worker.post(path, allow_redirects=False) as answer:
            assert answer.status == 303
        assert await asked(worker.post("/api/chat/session", json={})) == {"person": "p-worker", "role": "worker"}
        await refused(thief.post(path, allow_redirects=False), 410, "link_used")
        async with thief.get(path) as answer:
            assert answer.status == 410


async def test_two_presses_at_once_let_one_in(app: App):
    path = "/enter/" + (await make_link(app, "p-worker")).rsplit("/", 1)[1]
    async with browser(app) as one, browser(app) as two:
        answers = await asyncio.gather(*(c.post(path, allow_redirects=False) for c in (one, two)))
        assert sorted(answer.status for answer in answers) == [303, 410]


async def test_a_link_grows_old_and_the_demonstrations_does_not_wear(app: App):
    old = (await make_link(app, "p-worker")).rsplit("/", 1)[1]
    with app.database.writing() as conn:
        conn.exec_driver_sql("update link set expires_at = '2020-01-01 00:00:00'")
    again = (await make_link(app, "p-secretary", reusable=True)).rsplit("/", 1)[1]
    async with browser(app) as client:
        await refused(client.post(f"/enter/{old}", allow_redirects=False), 410, "link_used")
        await refused(client.post("/enter/密", allow_redirects=False), 410, "link_used")
        for _ in range(2):
            async with client.post(f"/enter/{again}", allow_redirects=False) as answer:
                assert answer.status == 303
        assert (await asked(client.post("/api/chat/session", json={})))["role"] == "secretary"


async def test_links_and_codes_are_kept_as_hashes(app: App):
    token = (await make_link(app, "p-worker")).rsplit("/", 1)[1]
    code = await make_code(app, "p-worker")
    with app.database.reading() as conn:
        kept = str(conn.exec_driver_sql("select * from link").all())
        row = talk.code(conn, code_mac(app.keys.codes, code.lower()))
    assert token not in kept
    assert code not in kept
    assert len(code.replace("-", "")) == 8
    assert row.person_id == "p-worker"
    assert row.kind == "bind"


async def test_who_typed_a_code_here_is_that_person_and_keeps_the_thread(app: App, me: Client):
    await asked(say(me, text="一"), 202)
    await until(me, 2)
    with app.database.writing() as conn:
        conn.exec_driver_sql("update address set person_id = 'p-worker' where channel = 'web'")
    assert (await asked(me.post("/api/chat/session", json={})))["role"] == "worker"
    await asked(say(me, "c2", text="二"), 202)
    assert [m["text"] for m in await until(me, 4)][-1] == "收到text：二"


async def test_keys_are_made_once_for_the_owner_only(app: App, tmp_path: Path):
    files = sorted((tmp_path / "keys").iterdir())
    assert [file.name for file in files] == ["buttons", "callers", "codes", "cookies", "hooks", "links"]
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in files)
    from bot.keys import Keys

    assert Keys.load(tmp_path) == app.keys
    assert "b'" not in repr(app.keys)


# ---- the demonstration


async def test_outside_of_the_demonstration_there_is_none(app: App, me: Client):
    for path in ("/demo", "/demo/chairs", "/demo/clock", "/demo/chair/w1"):
        await refused(me.get(path), 404, "not_found")
        await refused(me.post(path, json={}), 404, "not_found")
    async with me.get("/") as answer:
        assert "demo" not in await answer.text()


@pytest.mark.slow
async def test_the_demonstrations_chairs_and_clock(tmp_path: Path):
    async with page(tmp_path, demo={"enabled": True}) as app, browser(app) as script:
        chairs = (await asked(script.get("/demo/chairs")))["chairs"]
        assert [chair["role"] for chair in chairs] == ["resident", "worker", "secretary", "subdistrict", "city"]
        for chair in chairs:
            async with browser(app) as sitter:
                sat = await asked(sitter.post(chair["link"]))
                assert sat["role"] == chair["role"]
                assert await asked(sitter.post("/api/chat/session", json={})) == sat
        before = (await asked(script.get("/demo/clock")))["now"]
        after = (await asked(script.post("/demo/clock", json={"forward": 86_400})))["now"]
        assert after[:10] > before[:10]
        for bad in (-1, "x", None, True, 1e12, float("nan")):
            await refused(script.post("/demo/clock", json={"forward": bad}), 400, "bad_forward")
        await refused(script.post("/demo/chair/nobody"), 404, "no_such_chair")
        with app.database.reading() as conn:
            assert doors.give_page_to_staff(conn, lambda: "x") == 0  # all staff can be written to
        async with browser(app, Accept="text/html") as person:
            async with person.post(chairs[1]["link"]) as answer:
                assert answer.url.query["chair"] == "w-s1c1g1"
                assert "网格员" in await answer.text()
            async with person.post(chairs[2]["link"]) as answer:
                assert "社区书记" in await answer.text()
            async with person.post(chairs[0]["link"]) as answer:
                assert answer.url.path_qs == "/chat"
            mine = await asked(person.post("/api/chat/session", json={}, headers=SCRIPT))
            async with person.post(chairs[0]["link"]):  # the same resident again
                assert await asked(person.post("/api/chat/session", json={}, headers=SCRIPT)) == mine
            async with person.get("/chat?chair=w-s1c1g1") as answer:  # side by side
                assert "网格员 " in await answer.text()
