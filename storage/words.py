"""The words of cases: by them /find finds, the newest first. Words come cut; here they are only kept and looked up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, date
from typing import Any

from sqlalchemy import Connection, exists, func, select

from casework.access import Scope
from casework.case import Case
from storage import tables as t
from storage.database import insert_rows
from storage.overview import readable
from storage.rows import case_from
from storage.settings import put_setting, setting

C: Any = t.Case.__table__  # type: ignore[attr-defined]
P: Any = t.Place.__table__  # type: ignore[attr-defined]
R: Any = t.Remark.__table__  # type: ignore[attr-defined]
W: Any = t.CaseWord.__table__  # type: ignore[attr-defined]

CHUNK = 5_000
AT_ONCE = 500
ENOUGH = 2_000
"""So many cases with a word are counted, no more: only which word is the rarest has to be known."""

WAY = "words"  # the setting that says in which way the words were cut

Cut = Callable[[str], Collection[str]]
Said = tuple[str, date, Collection[str]]
"""A case, the day of its filing, and words of it."""


def keep(conn: Connection, said: Iterable[Said]) -> None:
    """Each word is kept once a case, in the order of their keys."""
    told = ((case_id, day.toordinal(), words) for case_id, day, words in said)
    insert_rows(conn, W, ("word", "day", "case_id"), sorted((word, day, case_id) for case_id, day, words in told for word in words), or_keep=True)


def find(
    conn: Connection, scope: Scope, words: Sequence[str], without: Collection[str], page: tuple[int, int] = (0, 6)
) -> list[Case]:
    """Cases with all of these words that the scope may read, the newest first: so many from that place on."""
    rarest, *others = sorted(dict.fromkeys(words), key=lambda word: (_count(conn, word), word))
    asked = select(C).select_from(W.join(C, C.c.id == W.c.case_id)).where(W.c.word == rarest, readable(scope))
    for word in others:
        too = W.alias()
        asked = asked.where(exists().where(too.c.word == word, too.c.day == W.c.day, too.c.case_id == W.c.case_id))
    if without:
        asked = asked.where(C.c.id.not_in(list(without)))
    offset, limit = page
    rows = conn.execute(asked.order_by(W.c.day.desc(), W.c.case_id.desc()).offset(offset).limit(limit))
    return [case_from(row) for row in rows]


def _count(conn: Connection, word: str) -> int:
    """How many cases have this word, up to ENOUGH."""
    some = select(W.c.case_id).where(W.c.word == word).limit(ENOUGH).subquery()
    return int(conn.execute(select(func.count()).select_from(some)).scalar_one())


def buildings(conn: Connection, cases: Iterable[Case]) -> dict[str, str]:
    """Where each of these cases is, by its id: 锦绣苑6号楼, as far as known."""
    spots = {case.id: [place for place in (case.spot.estate_id, case.spot.building_id) if place] for case in cases}
    ids = sorted({place for places in spots.values() for place in places})
    names: dict[str, str] = {}
    for at in range(0, len(ids), AT_ONCE):
        names |= {row.id: row.name for row in conn.execute(select(P.c.id, P.c.name).where(P.c.id.in_(ids[at : at + AT_ONCE])))}
    return {case_id: "".join(names.get(place, "") for place in places) for case_id, places in spots.items()}


# ---- of the cases that are there already ----------------------------------------------------------------------------------


def kept_otherwise(conn: Connection, way: str) -> bool:
    """Whether there are cases whose words were never kept, or were cut in another way than this."""
    return setting(conn, WAY) != way and conn.execute(select(C.c.id).limit(1)).first() is not None


def keep_way(conn: Connection, way: str) -> None:
    """Remember in which way the words were cut."""
    if setting(conn, WAY) != way:
        put_setting(conn, WAY, way)


def rebuild(conn: Connection, cut: Cut) -> None:
    """Cut all that was said about every case anew."""
    conn.execute(W.delete())
    waiting: list[Said] = []
    for case_id, day, text in _said(conn):
        waiting.append((case_id, day, cut(text)))
        if len(waiting) >= AT_ONCE:
            keep(conn, waiting)
            waiting.clear()
    keep(conn, waiting)


def _said(conn: Connection) -> Iterator[tuple[str, date, str]]:
    """(case, day, text) of every summary with the building it is about, and of every remark."""
    streamed = {"yield_per": CHUNK}
    estate, building = P.alias(), P.alias()
    summaries = select(C.c.id, C.c.filed_at, C.c.summary, estate.c.name.label("estate"), building.c.name.label("building")).select_from(
        C.outerjoin(estate, estate.c.id == C.c.estate_id).outerjoin(building, building.c.id == C.c.building_id)
    )
    for row in conn.execute(summaries.execution_options(**streamed)):
        yield row.id, row.filed_at.astimezone(UTC).date(), f"{row.summary}\n{row.estate or ''}{row.building or ''}"
    remarks = select(C.c.id, C.c.filed_at, R.c.text).join(R, R.c.case_id == C.c.id)
    for row in conn.execute(remarks.execution_options(**streamed)):
        yield row.id, row.filed_at.astimezone(UTC).date(), row.text
