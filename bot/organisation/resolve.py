"""From names to ids: what a clerk wrote is found, what has no id gets one. A row that is known already keeps the id it has."""

from __future__ import annotations

import base64
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.organisation.faults import likely
from bot.organisation.names import Names, Prefer, plain
from bot.organisation.tables import Table
from casework.organisation import AREA_KINDS, PLACE_KINDS, AreaRow, Organisation, PersonRow, PlaceRow, PostRow

Tables = Mapping[str, Table]
GUESSES = 30  # looking for the likely name among ten thousand takes a moment: after so many faults it is no help either
NEW = "#"  # before the row's number: stands for a row until it has its id
LETTERS = {"areas": "a", "places": "d", "people": "n", "posts": "g"}  # with which an id of our own begins


def resolve(tables: Tables, known: Organisation, left: Sequence[PersonRow] = ()) -> Organisation:
    """The organisation of these tables with ids for all references. What cannot be found is noted as a fault and left as written.
    `left`: who was of the staff before: somebody new never comes in under their id, and so by their chat."""
    for table in tables.values():
        if table.sheet.has_ids:
            table.rows = [row if row.id else replace(row, id=f"{NEW}{row.row}") for row in table.rows]
    finder = _Finder(tables, known)
    finder.areas()
    finder.places()
    finder.posts()
    finder.rosters()
    return _with_ids(tables, known, left)


def _made(tables: Tables) -> Organisation:
    return Organisation(**{name: tuple(table.rows) for name, table in tables.items()})


class _Finder:
    """Puts ids for names, sheet after sheet: each needs those before it."""

    def __init__(self, tables: Tables, known: Organisation) -> None:
        self.tables, self.known, self.guesses = tables, Names(known), 0
        self.rows_before = {sheet: set(getattr(known, sheet)) for sheet in ("roster", "exceptions", "leave")}
        self.names = Names(_made(tables))

    def areas(self) -> None:
        for kind in AREA_KINDS:  # from the top: a community is named by its subdistrict too
            self._each("areas", lambda row: self.put(row, "areas", "parent"), kind)

    def places(self) -> None:
        self._each("places", lambda row: self.put(row, "places", "parent", "grids"))

    def posts(self) -> None:
        self._each("posts", lambda row: self.put(row, "posts", "area", "place", "person"))

    def rosters(self) -> None:
        self._each("roster", lambda row: self.as_before("roster", row, self.put(row, "roster", "grid", "post")))
        self._each("exceptions", lambda row: self.as_before("exceptions", row, self.put(row, "exceptions", "grid", "post")))
        self._each("leave", lambda row: self.as_before("leave", row, self.put(row, "leave", "post", "substitute")))

    def as_before(self, sheet: str, written: Any, found: Any) -> Any:
        """A row that stands there as it was exported means the post it meant, though its name is somebody else's post by now."""
        before = self.known.find("posts", written.post, *self.known.meant(sheet, "post", found))
        if len(before) != 1 or before[0] == found.post or before[0] not in self.tables["posts"].ids:
            return found
        kept = replace(found, post=before[0])
        return kept if kept in self.rows_before[sheet] else found

    def put(self, row: Any, sheet: str, *headings: str) -> Any:
        """The row with ids for the names in these columns, one after the other: the later ones may look at the earlier."""
        for heading in headings:
            value = getattr(row, heading)
            prefer = self.names.meant(sheet, heading, row)
            if isinstance(value, tuple):
                row = replace(row, **{heading: tuple(self.one(sheet, row, heading, each, *prefer) for each in value)})
            else:
                row = replace(row, **{heading: self.one(sheet, row, heading, value, *prefer)})
        return row

    def _each(self, sheet: str, found: Callable[[Any], Any], kind: str = "") -> None:
        table = self.tables[sheet]
        table.rows = [found(row) if not kind or row.kind == kind else row for row in table.rows]
        if table.sheet.has_ids:
            self.names = Names(_made(self.tables))
        elif sheet == "roster":
            self.names.rostered = {row.post for row in table.rows}

    def one(self, sheet: str, row: Any, heading: str, words: str, *prefer: Prefer) -> str:
        """The id that the cell means; what means nothing, or several, is noted at the row."""
        if not words:
            return ""
        table = self.tables[sheet]
        other = self.tables[next(c.refers for c in table.sheet.columns if c.heading == heading)]
        found = self.names.find(other.sheet.name, words, *prefer)
        if not found:
            found = self._formerly(other, sheet, heading, row, words)
        if len(found) == 1:
            return found[0]
        if found:
            several = "、".join(f"“{self._full(other, id)}”" for id in found[:3])
            table.fault(row.row, heading, f"“{words}”有 {len(found)} 个", f"请写全是哪一个，如 {several}")
        elif words not in other.ids and plain(words) not in other.broken and other.complete:
            table.fault(row.row, heading, f"{other.label} 里没有“{words}”", self._remedy(other, words))
        return words

    def _formerly(self, other: Table, sheet: str, heading: str, row: Any, words: str) -> tuple[str, ...]:
        """Whoever was called so before this file renamed them: a name is corrected in one place, not in four."""
        before = self.known.find(other.sheet.name, words, *self.known.meant(sheet, heading, row))
        return tuple(id for id in before if id in other.ids)

    def _full(self, other: Table, id: str) -> str:
        best = self.names.best(other.sheet.name, id)
        return f"第 {best.removeprefix(NEW)} 行的编号" if best.startswith(NEW) else best

    def _remedy(self, other: Table, words: str) -> str:
        self.guesses += 1
        guess = likely(words, [*other.ids, *self.names.vocabulary(other.sheet.name)]) if self.guesses <= GUESSES else ""
        return f"是不是“{guess}”？" if guess else f"请先在{other.label}里写上它，或改正这里"


# ---- ids for what has none ---------------------------------------------------------------------------------------


class _Ids:
    """Gives rows of one sheet their ids: the one that is known for the same thing, else one made from what it is."""

    def __init__(self, table: Table, known: Iterable[tuple[Any, str]]) -> None:
        self.table = table
        self.taken = {row.id for row in table.rows if not row.id.startswith(NEW)} | set(table.ids)
        self.others: frozenset[str] = frozenset()
        self.known: dict[Any, list[str]] = defaultdict(list)
        for key, id in known:
            if id not in self.taken:
                self.known[key].append(id)

    def avoid(self, known: Iterable[tuple[Any, str]], others: Iterable[str]) -> None:
        """More that is known; and ids that nothing new may have."""
        for key, id in known:
            if id not in self.taken:
                self.known[key].append(id)
        self.others = frozenset(others)

    def take(self, key: Any, *more: object) -> str:
        """An id for the thing of this key; `more` tells it apart from others of the same key."""
        while free := self.known.get(key):
            if (id := free.pop(0)) not in self.taken:
                self.taken.add(id)
                return id
        n = 0
        while (id := self._hashed(key, more, n)) in self.taken | self.others:
            n += 1
        self.taken.add(id)
        return id

    def _hashed(self, key: Any, more: tuple[object, ...], n: int) -> str:
        digest = hashlib.sha256(repr((key, *more, n)).encode("utf-8", "surrogatepass")).digest()
        return LETTERS[self.table.sheet.name] + base64.b32encode(digest[:7]).decode().lower().rstrip("=")


def _note_other_people(table: Table, known: Organisation, left: Sequence[PersonRow]) -> None:
    """Somebody else must not come in by the chat of who was there before: nobody gets the id of who has left; and an id whose name
    and number both change, whose name has nothing of the old one, or that took them from another row, is another person's."""
    before, gone = {row.id: row for row in known.people}, {row.id: row for row in left}
    taken = _changed_places(table, known)
    for row in table.rows:
        was, former = before.get(row.id), gone.get(row.id)
        if former is not None and (row.name, row.phone) != (former.name, former.phone):
            table.fault(row.row, "id", f"这个编号是以前的“{former.name}”用过的", "请清空这一行的编号")
        elif column := taken.get(row.id):
            remedy = "要是表被排过序，请撤销后整行一起排；真的换了，请清空这一行的编号"
            table.fault(row.row, column, f"“{getattr(row, column)}”原来是另一行的", remedy)
        elif was is not None and row.name != was.name and (row.phone != was.phone or not set(row.name) & set(was.name)):
            remedy = "要是换了人，请清空这一行的编号；同一个人也清空，再请他进来一次"
            table.fault(row.row, "id", f"这个编号原来是“{was.name}”，现在像是换了人", remedy)
        elif was is not None and row.name != was.name:
            table.warn(row.row, "name", f"“{was.name}”改名为“{row.name}”", "要是换了人，请清空编号，不然新人会用旧人的对话")


def _changed_places(table: Table, known: Organisation) -> dict[str, str]:
    """Id -> the column in which stands now what stood in another row, which has something else there now."""
    now, found = {row.id: row for row in table.rows}, {}
    for column in ("phone", "name"):
        held: dict[str, set[str]] = defaultdict(set)
        for row in known.people:
            held[getattr(row, column)].add(row.id)
        for row in known.people:
            new = getattr(now.get(row.id, row), column)
            others = held.get(new, set()) & set(now) if new and new != getattr(row, column) else set()
            if others and all(getattr(now[other], column) != new for other in others):
                found[row.id] = column
    return found


def _with_ids(tables: Tables, known: Organisation, left: Sequence[PersonRow]) -> Organisation:
    new: dict[str, dict[str, str]] = {}
    _note_other_people(tables["people"], known, left)
    for sheet, parent in (("areas", True), ("places", True), ("people", False)):
        table = tables[sheet]
        ids = _Ids(table, ((_key(row), row.id) for row in getattr(known, sheet)))
        if sheet == "people":  # who comes back, with the same name and number, is who they were
            ids.avoid(((_key(row), row.id) for row in left if row.phone), (row.id for row in left))
        new[sheet] = {}
        order: Sequence[str] = AREA_KINDS if sheet == "areas" else PLACE_KINDS
        for row in sorted(table.rows, key=lambda row: order.index(row.kind)) if parent else table.rows:
            if row.id.startswith(NEW):
                seen = replace(row, parent=new[sheet].get(row.parent, row.parent)) if parent else row
                new[sheet][row.id] = ids.take(_key(seen))
        _note_twins(table)
    _note_new_numbers(tables["people"], new["people"], known)
    for sheet, field in _REFERENCES:
        _put(tables[sheet], field, new[_REFERENCES[sheet, field]])
    new["posts"] = _post_ids(tables["posts"], known)
    for sheet, field in (("roster", "post"), ("exceptions", "post"), ("leave", "post"), ("leave", "substitute")):
        _put(tables[sheet], field, new["posts"])
    for sheet, made in new.items():
        _put(tables[sheet], "id", made)
        tables[sheet].ids |= {row.id: row.row for row in tables[sheet].rows}
    return _made(tables)


_REFERENCES = {
    ("areas", "parent"): "areas",
    ("places", "parent"): "places",
    ("places", "grids"): "areas",
    ("posts", "area"): "areas",
    ("posts", "place"): "places",
    ("posts", "person"): "people",
    ("roster", "grid"): "areas",
    ("exceptions", "grid"): "areas",
}


def _note_new_numbers(table: Table, new: Mapping[str, str], known: Organisation) -> None:
    """Somebody of the same name under another number and without an id is taken for somebody else: that is said."""
    standing = {row.id for row in table.rows} | set(new.values())
    missing = {row.name: row for row in known.people if row.id not in standing}
    for row in table.rows:
        if row.id in new and (was := missing.get(row.name)) is not None:
            remedy = f"要是同一个人，请在编号里写上 {was.id}，不然他要重新进来"
            table.warn(row.row, "phone", f"“{was.name}”的号码原来是 {was.phone or '空的'}，现在当作换了人", remedy)


def _put(table: Table, field: str, ids: Mapping[str, str]) -> None:
    def put(value: Any) -> Any:
        return tuple(ids.get(v, v) for v in value) if isinstance(value, tuple) else ids.get(value, value)

    if ids:
        table.rows = [replace(row, **{field: put(getattr(row, field))}) for row in table.rows]


def _key(row: AreaRow | PlaceRow | PersonRow) -> tuple[str, ...]:
    """What makes a thing the same as the one that is known: a person's name and telephone (a duty telephone goes on to the next);
    an area or place its kind, name and what it lies in."""
    if isinstance(row, PersonRow):
        return row.name, row.phone
    return row.kind, row.name, row.parent


def _note_twins(table: Table) -> None:
    """Two new rows of the same key cannot be told apart the next time, so they need ids of the clerk's own."""
    first: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        new = row.id.startswith(NEW)
        if (
            (before := first.setdefault(_key(row), row.row)) != row.row
            and new
            and getattr(row, "kind", "") != "building"
            and not getattr(row, "phone", "")
        ):
            table.fault(row.row, "name", f"与第 {before} 行的“{row.name}”同名", "请删去一行；要是真有两个，请写上不同的编号")


def _post_ids(table: Table, known: Organisation) -> dict[str, str]:
    """Posts of the same kind in the same place are told apart by who holds them; a new holder takes the post of who is gone."""
    ids = _Ids(table, ((_post_key(row), row.id) for row in known.posts))
    holders = {(_post_key(row), row.person): row.id for row in known.posts}
    new: dict[str, str] = {}
    rows = [row for row in table.rows if row.id.startswith(NEW)]
    for row in rows:
        kept = holders.get((_post_key(row), row.person), "")
        if kept and kept not in ids.taken:
            ids.taken.add(kept)
            new[row.id] = kept
    for row in rows:
        if row.id not in new:
            new[row.id] = ids.take(_post_key(row), row.person)
    return new


def _post_key(row: PostRow) -> tuple[str, ...]:
    return row.role, row.kind, row.area, row.place, row.title, *sorted(row.categories)
