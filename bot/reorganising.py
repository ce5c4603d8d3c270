"""Bringing an organisation in, whole or not at all: the rows, and the open cases that follow them, in one transaction.

The dry run does the same and takes it back, so what it shows is what would happen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from bot.organisation.faults import Fault
from bot.organisation.names import Names
from bot.organisation.read import Reading, read
from casework.errors import JiesuError
from casework.organisation import Organisation
from casework.reorganising import Difference, current, difference, without_leave_of_who_left
from handlers.reorganising import Followed, follow
from handlers.world import World
from storage.database import Connection, Database
from storage.organisation import former_staff, revision, stored_organisation
from storage.reorganising import reorganise

CHANGED = "您看过以后，组织资料、值班或诉求又有了变化。什么都没有改，请重新看一遍再确认。"
SWEEPING = (
    "这份资料里没有现在一半以上的岗位：{all} 个里有 {ended} 个会停掉，像是另一个地方的，或者只是一部分。什么都没有改。"
    "要是真的要这样，请再来一次，并勾上“大部分岗位都停掉”（命令里加 --sweeping）。"
)
EMPTY = Names(Organisation())


@dataclass(frozen=True)
class Outcome:
    """What a bringing-in would do, or did. With a fault of severity "error" nothing was done and `difference` is None."""

    faults: list[Fault]
    difference: Difference | None = None
    followed: tuple[Followed, ...] = ()
    before: Names = EMPTY
    after: Names = EMPTY

    @property
    def fingerprint(self) -> str:
        """Of what was shown: what is confirmed must be the same."""
        return hashlib.sha256(repr((self.difference, self.followed)).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def errors(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.severity == "error"]


class OnlyTried(Exception):
    """Ends the transaction of a dry run: nothing of it is kept."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("dry run")
        self.outcome = outcome


@dataclass(frozen=True)
class Prepared:
    """What was read of a file, against the organisation as it stood at this revision."""

    reading: Reading
    revision: str | None


def prepare(database: Database, path: Path, today: date) -> Prepared:
    """Read a workbook or folder. It takes seconds, so it is done before the transaction that writes."""
    with database.reading() as conn:
        known, at, left = stored_organisation(conn), revision(conn), former_staff(conn)
    return Prepared(read(path, today, current(known, today), left), at)


def bring_in(
    conn: Connection,
    prepared: Prepared,
    world: World,
    now: datetime,
    mint: Callable[[], str],
    apply: bool,
    seen: str = "",
    sweeping: bool = False,
) -> Outcome:
    """Bring it in within the caller's transaction. Without `apply` OnlyTried is raised once all is done: the transaction ends and
    nothing is kept. JiesuError when somebody else has brought one in meanwhile, or when it would do otherwise than was `seen`
    (the fingerprint of the outcome shown), or when most posts would end and that is not said (`sweeping`)."""
    reading, today = prepared.reading, now.astimezone(world.policy.calendar.zone).date()
    if reading.errors:
        return Outcome(reading.faults)
    if revision(conn) != prepared.revision:
        raise JiesuError(CHANGED)
    before = current(stored_organisation(conn), today)
    after = current(reading.over(before), today)
    after = without_leave_of_who_left(before, after)
    diff = difference(before, after)
    if diff.sweeping and not sweeping:
        raise JiesuError(SWEEPING.format(ended=len(diff["posts"].ended), all=len(before.posts)))
    followed: list[Followed] = []
    if diff:
        reorganise(conn, diff, now, mint)
        followed = follow(conn, world, now, diff)
    outcome = Outcome(reading.faults, diff, tuple(followed), Names(before), Names(after))
    if not apply:
        raise OnlyTried(outcome)
    if seen and outcome.fingerprint != seen:
        raise JiesuError(CHANGED)
    return outcome


def tried(run: Callable[[bool], Outcome]) -> Outcome:
    """The outcome of a dry run: `run` does it all in a transaction of its own, which is taken back."""
    try:
        return run(False)
    except OnlyTried as only:
        return only.outcome
