"""From words to the trade's values: one understanding a turn, places into spots."""

from __future__ import annotations

from casework.case import Spot
from handlers.turn import Turn
from nlp.places import Home
from nlp.understand import Context, Understanding, understand
from nlp.where import Where

LONGEST = 4000


def meaning(turn: Turn, text: str, use_home: bool = True) -> Understanding:
    """What the words mean for this speaker: season, the town's places, the remembered home."""
    home = turn.person.home if turn.speaker is not None and use_home else Spot()
    at_home = Home(home.estate_id, home.building_id, home.unit, home.room) if home.estate_id else None
    day = turn.now.astimezone(turn.policy.calendar.zone).date()
    return understand(text[:LONGEST], Context(turn.world.gazetteer, turn.policy.in_season(day), at_home))


def spot_of(where: Where) -> Spot:
    """The spot that was named, as exact as it was said. A building nobody knows stays in words."""
    words = where.words if where.unknown_building else ""
    place = next(iter((*where.landmark_ids, *where.road_ids)), None)
    return Spot(where.estate_id, where.building_id, where.unit, where.room, place, words=words)


def more_exact(known: Spot, said: Spot) -> Spot:
    """The place in pieces: what was said now completes or corrects what was known."""
    if not said.known and not said.unit and not said.room:
        return known
    if said.estate_id and known.estate_id and said.estate_id != known.estate_id:
        return said
    building = said.building_id or (known.building_id if not said.words else None)
    moved = said.building_id is not None and said.building_id != known.building_id
    return Spot(
        said.estate_id or known.estate_id, building, said.unit or (None if moved else known.unit),
        said.room or (None if moved else known.room), said.place_id or known.place_id, said.lat or known.lat,
        said.lon or known.lon, said.words or ("" if building or said.place_id else known.words),
    )


def settled(turn: Turn, spot: Spot) -> bool:
    """The place lies in one grid, or cannot be made more exact by asking for a building."""
    if spot.building_id or not spot.estate_id:
        return True
    return turn.town.territory(spot).grid_id is not None
