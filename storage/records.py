"""Records of another register: which are known, and a chunk of them written as cases, with the figures they add."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from casework import records
from casework.case import Case, CaseId
from casework.policy import Policy
from casework.records import Past
from storage import tables as t
from storage.database import insert_many
from storage.effects import SAVE_CASE
from storage.figures import Ledger, all_chains
from storage.rows import case_from, case_values, event_values
from storage.words import Cut, buildings, keep

AREA: Any = t.Area.__table__  # type: ignore[attr-defined]
CASE: Any = t.Case.__table__  # type: ignore[attr-defined]
COUNTER: Any = t.Counter.__table__  # type: ignore[attr-defined]
EVENT: Any = t.Event.__table__  # type: ignore[attr-defined]
PERSON: Any = t.Person.__table__  # type: ignore[attr-defined]
RECORD: Any = t.Record.__table__  # type: ignore[attr-defined]
REMARK: Any = t.Remark.__table__  # type: ignore[attr-defined]

KNOWN = select(RECORD).where(RECORD.c.source == bindparam("source"), RECORD.c.key.in_(bindparam("keys", expanding=True)))
CASES = select(CASE).where(CASE.c.id.in_(bindparam("ids", expanding=True)))
AREAS = select(AREA.c.id, AREA.c.kind, AREA.c.name, AREA.c.aliases, AREA.c.path).where(AREA.c.ended_at.is_(None))
SAVE_RECORD = update(RECORD).where(RECORD.c.source == bindparam("b_source"), RECORD.c.key == bindparam("b_key"))

Fate = Literal["new", "changed", "same", "ours"]
"""What became of a record: a new case, a case that changed with it, nothing new, or a case that has gone on in Jiesu since."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record to be written: how it is known again, what it means, the words, and what its register itself says."""

    key: str
    fingerprint: str
    past: Past
    words: str
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """A record that came in before."""

    case_id: str
    fingerprint: str
    rev: int
    told: Mapping[str, str]


def known(conn: Connection, source: str, keys: Collection[str]) -> dict[str, Known]:
    """Those of the records that came in before, by key."""
    rows = conn.execute(KNOWN, {"source": source, "keys": list(keys)})
    return {r.key: Known(r.case_id, r.fingerprint, r.rev, r.told) for r in rows}


def cases_of(conn: Connection, ids: Collection[str]) -> list[Case]:
    """The cases with these ids."""
    return [case_from(r) for r in conn.execute(CASES, {"ids": list(ids)})] if ids else []


def areas(conn: Connection) -> list[Any]:
    """The areas that there are: id, kind, name, aliases, path."""
    return list(conn.execute(AREAS))


def of_case(conn: Connection, case_id: str) -> Mapping[str, str] | None:
    """What the register itself says of the case; None where it did not come from one."""
    return conn.execute(select(RECORD.c.told).where(RECORD.c.case_id == case_id)).scalar()


class Intake:
    """Writes chunks of records of one source, each in its caller's transaction. `cut`: a text's words, by which its case is found."""

    def __init__(
        self, source: str, policy: Policy, mint: Callable[[], str], zone: ZoneInfo, cut: Cut = lambda text: ()
    ) -> None:
        self.source, self.policy, self.mint, self.zone, self.cut = source, policy, mint, zone, cut
        self._cut_place = lru_cache(10_000)(cut)  # the same buildings again and again

    def write(self, conn: Connection, entries: Sequence[Entry], now: datetime, again: bool = False) -> dict[str, Fate]:
        """Bring the records in, or only what changed of them (with `again` what means something else now, too); each key once. What
        became of each."""
        before = known(conn, self.source, [e.key for e in entries])
        new = [e for e in entries if e.key not in before]
        old = [(e, was) for e in entries if (was := before.get(e.key)) and (again or was.fingerprint != e.fingerprint)]
        _people(conn, {e.past.resident_id: e.past.filed_at for e in (*new, *(e for e, _ in old))})
        ledger = Ledger(conn, self.policy, all_chains(conn))
        self._open(conn, new, now, ledger)
        fates: dict[str, Fate] = dict.fromkeys((e.key for e in entries), "same")
        fates.update({e.key: "new" for e in new})
        fates.update(self._renew(conn, old, now, ledger))
        ledger.write()
        return fates

    def _open(self, conn: Connection, new: Sequence[Entry], now: datetime, ledger: Ledger) -> None:
        if not new:
            return
        numbers = _numbers(conn, [e.past.filed_at.astimezone(self.zone).year for e in new])
        cases = [records.case_of(e.past, CaseId(self.mint()), number) for e, number in zip(new, numbers, strict=True)]
        insert_many(conn, CASE, [case_values(case) for case in cases])
        for case in cases:
            ledger.changed(None, case)
        self._events(conn, [(e.words, None, case) for e, case in zip(new, cases, strict=True)], now)
        rows = [self._row(e, now) | {"source": self.source, "key": e.key, "case_id": c.id, "rev": c.rev} for e, c in zip(new, cases, strict=True)]
        insert_many(conn, RECORD, rows)

    def _renew(self, conn: Connection, old: Sequence[tuple[Entry, Known]], now: datetime, ledger: Ledger) -> dict[str, Fate]:
        fates: dict[str, Fate] = {}
        kept = {case.id: case for case in cases_of(conn, [was.case_id for _, was in old])}
        for entry, was in old:
            before = kept[CaseId(was.case_id)]
            if before.rev != was.rev:  # somebody has acted upon it since: what was done here is not undone by a file
                fates[entry.key] = "ours"
                continue
            after = self._move(conn, before, entry, was, now, ledger)
            fates[entry.key] = "same" if after is before and was.fingerprint == entry.fingerprint else "changed"
            conn.execute(SAVE_RECORD, {"b_source": self.source, "b_key": entry.key, **self._row(entry, now), "rev": after.rev})
        return fates

    def _move(self, conn: Connection, before: Case, entry: Entry, was: Known, now: datetime, ledger: Ledger) -> Case:
        after = records.again(before, entry.past)
        new_words = was.told.get("words") != entry.told.get("words")
        if after is None and new_words:
            after = replace(before, rev=before.rev + 1)
        if after is None:
            return before
        conn.execute(SAVE_CASE, {"b_id": before.id, "b_rev": before.rev, **case_values(after)})
        ledger.changed(before, after)
        self._events(conn, [(entry.words if new_words else "", before, after)], now)
        return after

    def _events(self, conn: Connection, written: Sequence[tuple[str, Case | None, Case]], now: datetime) -> None:
        """(new words, the case before, the case now) of each."""
        remarks, events = [], []
        for words, before, case in written:
            remark_id = self.mint() if words else None
            if words:
                remarks.append({
                    "id": remark_id, "case_id": case.id, "community_id": case.community_id,
                    "person_id": case.resident_id, "internal": False, "text": words, "at": case.filed_at,
                })
            event = records.event(before, case, now, remark_id)
            events.append({**event_values(event), "community_id": case.community_id})
        insert_many(conn, REMARK, remarks)
        insert_many(conn, EVENT, events)
        where = buildings(conn, [case for _, _, case in written])
        said = [(case, text) for words, _, case in written for text in _said(words, case.summary)]
        cut = [(case, self.cut(text)) for case, text in said] + [(case, self._cut_place(where[case.id])) for _, _, case in written]
        keep(conn, [(case.id, case.filed_at.astimezone(UTC).date(), found) for case, found in cut])

    def _row(self, entry: Entry, now: datetime) -> dict[str, Any]:
        return {"fingerprint": entry.fingerprint, "told": dict(entry.told), "at": now}


def _said(words: str, summary: str) -> list[str]:
    """What is cut into words: a summary that stands in the text has none of its own."""
    return [text for text in ((words,) if summary.removesuffix("…") in words else (words, summary)) if text]


def _insert(conn: Connection, table: Any) -> Any:
    return (postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert)(table)


def _people(conn: Connection, since: Mapping[str, datetime]) -> None:
    """Somebody nameless for each telephone that called; they are never written to, for they have no address."""
    rows = [
        {"id": id, "name": "", "language": "zh", "home": {}, "phone_asked": True, "created_at": at} for id, at in sorted(since.items())
    ]
    insert_many(conn, PERSON, rows, or_keep=True)


def _numbers(conn: Connection, years: Sequence[int]) -> list[str]:
    """The next numbers of the records' own series, 24-H000123, in order: nobody takes one for a case of Jiesu's own."""
    series = {year: f"hotline-{year % 100:02d}" for year in years}
    last = {}
    for year, name in sorted(series.items()):
        conn.execute(_insert(conn, COUNTER).values(name=name, value=0).on_conflict_do_nothing())
        conn.execute(update(COUNTER).where(COUNTER.c.name == name).values(value=COUNTER.c.value + years.count(year)))
        last[year] = conn.execute(select(COUNTER.c.value).where(COUNTER.c.name == name)).scalar_one() - years.count(year)
    numbers = []
    for year in years:
        last[year] += 1
        numbers.append(f"{year % 100:02d}-H{last[year]:06d}")
    return numbers
