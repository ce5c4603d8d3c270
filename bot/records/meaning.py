"""What a record means in this town: kind, place, whom it accuses, which nameless person called."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from bot.records.rows import Record
from casework.accused import NOBODY
from casework.case import AreaId, PersonId, Spot, Urgency
from casework.records import Past
from handlers.complaints import Kind, kind_of
from handlers.filing import summary
from handlers.meaning import LONGEST, meaning_in, spot_of
from handlers.world import World
from nlp import accused as accusing
from nlp.accused import Told
from nlp.places import spelling
from nlp.understand import Context, Understanding, understand
from nlp.where import NOWHERE, Where, where
from storage import accused as pinned
from storage import records
from storage.database import Database
from storage.records import Entry
from storage.town import StoredTown, Territory

SHOWN_WORDS = 120
REMEMBERED = 10_000  # addresses
KINDS = ("subdistrict", "community", "grid")


class Meaning:
    """Understands records. What it learns of places it keeps; `strange` counts names of areas that the organisation does not have."""

    def __init__(self, world: World, database: Database, key: bytes, source: str) -> None:
        self.world, self._database, self._key, self._source = world, database, key, source
        self.strange: Counter[str] = Counter()
        self._context = {season: Context(world.gazetteer, season, None, world.rules) for season in (True, False)}
        self._addresses: dict[str, Where] = {"": NOWHERE}
        self._territories: dict[tuple[str | None, ...], Territory] = {}
        self._names: dict[AreaId, frozenset[str]] = {}
        self._book = world.rules.accused if world.rules else accusing.shipped()
        with database.reading() as conn:
            self._areas = _by_name(records.areas(conn))

    def entries(self, chunk: list[Record]) -> list[Entry]:
        """The records as they are written: outside of any transaction, for it takes longest."""
        with self._database.reading() as conn:
            town = StoredTown(conn, self.world.policy)
            return [self._entry(record, town) for record in chunk]

    def _entry(self, record: Record, town: StoredTown) -> Entry:
        text = record.words[:LONGEST]
        day = record.filed_at.astimezone(self.world.policy.calendar.zone).date()
        context = self._context[self.world.policy.in_season(day)]
        got = understand(text, context)
        told = self._told_area(record)
        spot, place = self._place(town, record, got.where, told)
        said = self._accusing(town, got, place.area_id)
        accused = pinned.pinned(town, said.roles, said.names, place.area_id, spot) if said else NOBODY
        kind = self._kind(said, got, context)
        past = Past(
            filed_at=record.filed_at, summary=summary(record.words), category=kind.category, topic=kind.topic, also=() if said and got.danger is None else got.also,
            urgency=Urgency(got.urgency), danger=got.danger, confidence=kind.confidence, spot=spot, area_id=place.area_id,
            community_id=place.community_id, grid_id=place.grid_id, resident_id=self._caller(record.phone),
            outcome=record.outcome, accused=accused, confidential=record.confidential,
        )  # fmt: skip
        return Entry(record.key, record.fingerprint, past, record.words, record.told)

    def _caller(self, phone: str | None) -> PersonId:
        """The same nameless person for the same number; the number itself is not kept. Without one it is nobody in particular."""
        if phone is None:
            return PersonId("hotline-nobody")
        return PersonId(f"hotline-{hmac.new(self._key, phone.encode(), hashlib.sha256).hexdigest()[:32]}")

    # -- where

    def _place(self, town: StoredTown, record: Record, in_words: Where, told: AreaId | None) -> tuple[Spot, Territory]:
        """The place of the column for it, else of the text, if it lies in the area that is told: somebody's story names places
        elsewhere. One that nobody knows stays in words."""
        column = self._address(record.where)
        spot = spot_of(column)
        if _found(spot):
            return spot, self._territory(town, spot, told or _area(column))
        spot, area = spot_of(in_words), told or _area(column) or _area(in_words)
        place = self._territory(town, spot, area)
        if not _found(spot) or (told is not None and not town.within(place.area_id, told)):
            spot = Spot(words=record.where[:SHOWN_WORDS] or spot.words)
            place = self._territory(town, Spot(), area)
        return spot, place

    def _address(self, words: str) -> Where:
        """The place that a cell names; the same ones come again and again."""
        if words not in self._addresses:
            if len(self._addresses) >= REMEMBERED:
                self._addresses.clear()
            self._addresses[words] = where(words, self.world.gazetteer)
        return self._addresses[words]

    def _told_area(self, record: Record) -> AreaId | None:
        """The smallest area of the columns for it that the organisation has; a name that there is twice is told apart by what holds it."""
        found: tuple[AreaId, str] | None = None
        for kind in KINDS:
            name = record.areas.get(kind, "")
            if not name:
                continue
            here = [each for each in self._areas[kind].get(spelling(name), ()) if found is None or each[1].startswith(found[1])]
            if len(here) == 1:
                found = here[0]
            elif not here:
                self.strange[name] += 1
        return found[0] if found else None

    def _territory(self, town: StoredTown, spot: Spot, told: AreaId | None) -> Territory:
        """Where the spot lies; the told area where it is more exact, or where the spot says nothing."""
        key = (spot.building_id, spot.place_id, spot.estate_id, told)
        if key not in self._territories:
            found = town.territory(spot)
            if told is not None and found.grid_id is None and town.within(told, found.area_id):
                found = Territory(told, town.ancestor(told, "grid"), town.ancestor(told, "community"))
            self._territories[key] = found
        return self._territories[key]

    # -- whom it is about

    def _accusing(self, town: StoredTown, got: Understanding, area: AreaId) -> Told:
        """As of a message: whoever a complaint is about does not read it, years later neither."""
        if not accusing.tells_deeds(got.wording.text, self._book):
            return Told()
        if area not in self._names:
            self._names[area] = pinned.names_there(town, area)
        return accusing.accused_of(got.wording.original, self._book, self._names[area], False)

    def _kind(self, said: Told, got: Understanding, context: Context) -> Kind:
        """As of a message: a complaint is filed as one, unless it tells a trouble too; a danger is what it is, whoever is accused."""
        if not said or got.danger is not None:
            return Kind(got.category, got.topic, got.confidence)
        return kind_of(said, got.wording.original, lambda rest: meaning_in(context, rest), self.world.policy.guess_below)


def _found(spot: Spot) -> bool:
    return bool(spot.estate_id or spot.building_id or spot.place_id)


def _area(found: Where) -> AreaId | None:
    return AreaId(found.area_id) if found.area_id else None


Areas = Mapping[str, Mapping[str, list[tuple[AreaId, str]]]]


def _by_name(rows: list[Any]) -> Areas:
    """Kind -> name as it is spelled -> (id, path)."""
    found: dict[str, dict[str, list[tuple[AreaId, str]]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        for name in {spelling(each) for each in (row.name, *(row.aliases or ()))}:
            found[row.kind][name].append((AreaId(row.id), row.path))
    return found


