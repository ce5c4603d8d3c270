"""Everything that `storage` can do is done once on a real PostgreSQL: a long story, then what no story touches.

Which functions were called and which prepared statements were run is looked up, not believed: what is missing fails by name.
"""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import CodeType, FrameType, ModuleType
from typing import Any

import pytest
from sqlalchemy import Executable, event
from sqlalchemy.engine import Engine

import storage
from bot.entry import new_code, new_link
from bot.world import mint
from casework import access
from casework.case import Case
from casework.effects import KeepName
from storage import cases, doors, downloads, organisation, people, settings, talk, threads
from storage.database import savepoint
from storage.effects import Writer
from storage.queues import inbox, outbox, timers
from tests.fakes.long_story import STORIES
from tests.fakes.town import Town, fill

pytest_plugins = ["tests.fakes.postgres"]

NO_QUERIES = ("storage.tables", "storage.migrations")
BASES = {"storage.people.POSTS", "storage.people.STAFF"}  # others are made of them
SECOND = timedelta(seconds=1)


# ---- what there is, and what was used ---------------------------------------------------------------------------


def modules() -> list[ModuleType]:
    names = [m.name for m in pkgutil.walk_packages(storage.__path__, "storage.")]
    return [importlib.import_module(name) for name in names if not name.startswith(NO_QUERIES)]


def functions() -> dict[str, CodeType]:
    """Every public function and method of storage, and the writing of every effect."""
    found: dict[str, CodeType] = {}
    for module in modules():
        for name, thing in vars(module).items():
            if name.startswith("_") or getattr(thing, "__module__", None) != module.__name__:
                continue
            for path, function in _functions_of(f"{module.__name__}.{name}", thing):
                found[path] = inspect.unwrap(function).__code__
    for effect, write in Writer.__dict__["write"].dispatcher.registry.items():
        if effect is not object:
            found[f"storage.effects: {effect.__name__}"] = write.__code__
    return found


def _functions_of(path: str, thing: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    if inspect.isfunction(thing):
        yield path, thing
    elif inspect.isclass(thing):
        for name, method in vars(thing).items():
            if inspect.isfunction(method) and not name.startswith("_") and method.__module__ == thing.__module__:
                yield f"{path}.{name}", method


def statements() -> dict[str, Executable]:
    """Every statement that stands ready in storage under a public name."""
    return {
        f"{module.__name__}.{name}": thing
        for module in modules()
        for name, thing in vars(module).items()
        if isinstance(thing, Executable) and getattr(thing, "is_dml", False) | getattr(thing, "is_select", False)
        and not name.startswith("_") and f"{module.__name__}.{name}" not in BASES
    }  # fmt: skip


class Used:
    """The functions called and the statements run while `watching()`."""

    def __init__(self) -> None:
        self.codes: set[int] = set()
        self.statements: set[int] = set()
        self.dialects: set[str] = set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        before = sys.getprofile()
        event.listen(Engine, "before_execute", self._executes)
        sys.setprofile(self._calls)
        try:
            yield
        finally:
            sys.setprofile(before)
            event.remove(Engine, "before_execute", self._executes)

    def _calls(self, frame: FrameType, what: str, arg: object) -> None:
        if what == "call":
            self.codes.add(id(frame.f_code))

    def _executes(self, conn: Any, statement: object, *more: object) -> None:
        self.statements.add(id(statement))
        self.dialects.add(conn.dialect.name)

    def missing(self) -> list[str]:
        unseen = [name for name, code in functions().items() if id(code) not in self.codes]
        return unseen + [name for name, ready in statements().items() if id(ready) not in self.statements]


# ---- what the story does not touch ------------------------------------------------------------------------------


def test_every_query_runs_on_postgresql(postgres_url: str):
    used = Used()
    with used.watching():
        fill(postgres_url)
        town = Town(url=postgres_url)
        for tell in STORIES:
            tell(town)
        town.close()
    assert used.dialects == {"postgresql"}
    missing = used.missing()
    assert not missing, "not run on PostgreSQL:\n" + "\n".join(missing)
