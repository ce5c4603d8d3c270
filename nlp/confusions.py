"""Words that the reader of messages takes for several places: by its own spelling of names and numbers of buildings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from nlp.places import Place, building_label, spelling


def two_ways(places: Iterable[Place]) -> list[tuple[str, tuple[str, ...]]]:
    """Every name or alias that several places bear, with their ids; of buildings the number that an estate has twice, as in
    Gazetteer.build: 3号楼 and 3栋 are one number, and only the first of them is ever found."""
    named: dict[str, dict[str, None]] = defaultdict(dict)
    numbered: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for place in places:
        for name in (place.name, *place.aliases):
            if place.kind == "building":
                if place.parent_id and (label := building_label(name)):
                    numbered[place.parent_id, label][place.id] = None
            elif len(spelled := spelling(name)) > 1:
                named[spelled][place.id] = None
    found = [(name, tuple(ids)) for name, ids in named.items()]
    found += [(label + ("号楼" if label[-1].isdigit() else "座"), tuple(ids)) for (_, label), ids in numbered.items()]
    return [(words, ids) for words, ids in found if len(ids) > 1]
