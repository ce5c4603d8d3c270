"""What changes between two organisations, and that it arrives in the tables: import after export is the identity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.organisation.read import read
from bot.organisation.write import write_folder, write_workbook
from casework.organisation import Organisation
from casework.reorganising import SHEETS, current, difference
from storage.database import Database
from storage.organisation import stored_organisation
from storage.reorganising import reorganise
from tests.fakes.organisations import TODAY, organisations

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def same(one: Organisation, other: Organisation) -> bool:
    """The same rows, in whatever order; what is past left out."""
    return not difference(current(one, TODAY), current(other, TODAY))


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/jiesu.db", synchronous="OFF")
        database.migrate()
        yield database
        database.close()


def mint_from(numbers: Iterator[int]) -> str:
    return f"id{next(numbers)}"


MINTED = count()


def becomes(database: Database, after: Organisation) -> Organisation:
    """Bring it in over whatever is there; what is there then."""
    with database.writing() as conn:
        reorganise(conn, difference(stored_organisation(conn), after), NOW, lambda: mint_from(MINTED))
    with database.reading() as conn:
        return stored_organisation(conn)


@given(st.lists(organisations(), min_size=2, max_size=4))
@SLOW
def test_whatever_was_there_the_new_one_stands(database: Database, towns: list[Organisation]) -> None:
    for town in towns:
        assert same(becomes(database, town), town)


@given(organisations())
@settings(SLOW, max_examples=15)
def test_import_after_export_is_the_identity(database: Database, town: Organisation) -> None:
    stored = becomes(database, town)
    with TemporaryDirectory() as folder:
        for path in (Path(folder) / "town.xlsx", Path(folder) / "town"):
            (write_workbook if path.suffix else write_folder)(stored, path)
            reading = read(path, TODAY, stored)
            assert [str(fault) for fault in reading.faults if re.search("没有“|”有 [0-9]+ 个", fault.problem)] == []
            assert same(reading.over(stored), stored)


def test_each_sheet_says_what_changes() -> None:
    assert set(difference(Organisation(), Organisation()).sheets) == set(SHEETS)
    assert not difference(Organisation(), Organisation())


@given(organisations(), organisations())
@settings(SLOW, max_examples=60)
def test_a_difference_leads_from_one_to_the_other(one: Organisation, other: Organisation) -> None:
    diff = difference(one, other)
    for sheet in SHEETS:
        before, after, part = list(getattr(one, sheet)), list(getattr(other, sheet)), diff[sheet]
        kept = [row for row in before if row not in part.ended and row not in [c.before for c in part.changed]]
        assert sorted(map(repr, [*kept, *part.added, *(c.after for c in part.changed)])) == sorted(map(repr, after)) or (
            len(set(before)) < len(before) or len(set(after)) < len(after)  # the same weekly row twice: counted elsewhere
        )
    assert bool(diff) == any(
        sorted(map(repr, getattr(one, sheet))) != sorted(map(repr, getattr(other, sheet))) for sheet in SHEETS
    )


def test_a_post_that_nobody_holds_is_gone_and_one_with_another_holder_taken_over() -> None:
    from casework.organisation import PersonRow, PostRow

    post = PostRow(id="w", role="worker", kind="full_time", area="g", person="a")
    people = (PersonRow(id="a", name="王强"), PersonRow(id="b", name="李梅"))
    before = Organisation(people=people, posts=(post,))
    assert difference(before, replace(before, posts=())).gone == ("w",)
    assert difference(before, replace(before, posts=(replace(post, person=""),))).gone == ("w",)
    taken = difference(before, replace(before, posts=(replace(post, person="b"),)))
    assert (taken.gone, taken.taken_over) == ((), ("w",))
