"""The writer thread: whole or not at all, nobody hurt by a neighbour, nothing lost at the end."""

import asyncio
from pathlib import Path

import pytest

from bot.writer import Unavailable, Writer
from storage.database import Connection, Database
from storage.settings import put_setting, setting


@pytest.fixture
def database(tmp_path: Path):
    made = Database(f"sqlite:///{tmp_path}/jiesu.db")
    made.migrate()
    yield made
    made.close()


@pytest.fixture
async def writer(database: Database):
    made = Writer(database)
    made.start()
    yield made
    await made.stop()


def kept(database: Database, name: str) -> str | None:
    with database.reading() as conn:
        return setting(conn, name)


def put(name: str, value: str = "1"):
    return lambda conn: put_setting(conn, name, value)


def put_and_fail(name: str):
    def write(conn: Connection) -> None:
        put_setting(conn, name, "1")
        raise ValueError(name)

    return write


async def test_what_is_awaited_is_committed(writer: Writer, database: Database):
    await writer.do(put("town", "恒安"))
    assert kept(database, "town") == "恒安"


async def test_a_write_returns_what_the_function_returned(writer: Writer):
    assert await writer.do(lambda conn: setting(conn, "nothing")) is None
    assert await writer.store(lambda conn: 7) == 7


async def test_a_failing_write_leaves_nothing_and_hurts_no_neighbour(writer: Writer, database: Database):
    writes = [put("a"), put_and_fail("b"), put("c"), put_and_fail("d"), put("e")]
    done = await asyncio.gather(*(writer.do(write) for write in writes), return_exceptions=True)
    assert [str(result) for result in done] == ["None", "b", "None", "d", "None"]
    assert [kept(database, name) for name in "abcde"] == ["1", None, "1", None, "1"]


async def test_writes_are_done_in_the_order_they_were_asked_for(writer: Writer, database: Database):
    await asyncio.gather(*(writer.do(put("last", str(n))) for n in range(100)))
    assert kept(database, "last") == "99"


async def test_a_message_to_store_goes_before_turns_that_wait(writer: Writer):
    order: list[str] = []
    busy = writer.do(lambda conn: order.append("busy"))
    turns = [writer.do(lambda conn: order.append("turn")) for _ in range(100)]
    await asyncio.gather(busy, *turns, writer.store(lambda conn: order.append("store")))
    assert order.index("store") <= 64  # behind the two groups that may have begun at most


async def test_a_write_that_ends_the_transaction_itself_does_not_take_others_along(writer: Writer, database: Database):
    def rude(conn: Connection) -> None:
        conn.connection.dbapi_connection.execute("rollback")

    done = await asyncio.gather(
        writer.do(put("before")), writer.do(rude), writer.do(put("after")), return_exceptions=True
    )
    assert done[0] is None
    assert isinstance(done[1], Exception)
    assert done[2] is None
    assert (kept(database, "before"), kept(database, "after")) == ("1", "1")


async def test_stop_finishes_what_was_asked_for_and_takes_no_more(database: Database):
    writer = Writer(database)
    writer.start()
    asked = [asyncio.create_task(writer.do(put(str(n)))) for n in range(50)]
    await asyncio.sleep(0)
    await writer.stop()
    await asyncio.gather(*asked)
    assert kept(database, "49") == "1"
    with pytest.raises(Unavailable):
        await writer.do(put("late"))


async def test_a_database_that_another_process_writes_is_unavailable_not_lost(
    database: Database, writer: Writer, monkeypatch: pytest.MonkeyPatch
):
    await writer.do(lambda conn: conn.connection.dbapi_connection.execute("pragma busy_timeout = 20"))
    other = Database(str(database.url))
    with other.writing() as conn:
        put_setting(conn, "theirs", "1")
        with pytest.raises(Unavailable, match="另一个程序"):
            await writer.do(put("ours"))
    other.close()
    await writer.do(put("ours"))
    assert (kept(database, "theirs"), kept(database, "ours")) == ("1", "1")


async def test_whoever_gives_up_waiting_disturbs_nobody(writer: Writer, database: Database):
    gone = asyncio.create_task(writer.do(put("gone")))
    await asyncio.sleep(0)
    gone.cancel()
    await writer.do(put("here"))
    assert kept(database, "here") == "1"


def test_a_reader_sees_what_is_committed_and_cannot_write(database: Database):
    with database.writing() as conn:
        put_setting(conn, "seen", "1")
        assert kept(database, "seen") is None
    assert kept(database, "seen") == "1"
    with database.reading() as conn, pytest.raises(Exception, match="readonly"):
        put_setting(conn, "seen", "2")
