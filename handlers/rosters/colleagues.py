"""Who could stand in, swap or help out: the people of a community, on buttons and by name; and whom to tell of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from casework.case import AreaId, PersonId, Post
from casework.effects import Option
from casework.roster import counts
from handlers.turn import Turn
from nlp.replies import read_worker_words

OFFERED: Final = 6  # people on buttons; any other is written


def colleagues(turn: Turn, posts: Iterable[Post], besides: Iterable[PersonId | None] = ()) -> list[Post]:
    """Who holds a post in the communities of these posts, likely ones first: workers of the same grid, other workers with
    the least loaded first, then the rest by grid. `besides`: people who are not meant."""
    areas, avoid = {p.area_id for p in posts}, {None, *besides}
    communities = sorted({c for a in areas if (c := turn.town.ancestor(a, "community")) is not None})
    found = [p for c in communities for p in turn.town.staff_in(c) if p.holder_id not in avoid]
    workers = turn.town.least_loaded([p for p in found if counts(p, "day")])
    rest = [p for p in found if not counts(p, "day")]
    return sorted(workers, key=lambda p: p.area_id not in areas) + sorted(rest, key=lambda p: p.area_id not in areas)


def named_in(words: str, posts: Iterable[Post]) -> list[Post]:
    """Those whose name stands in the words; of one person with two posts the likelier."""
    spoken = re.sub(r"\s", "", words)
    found = {p.holder_id: p for p in reversed(list(posts)) if p.holder_name and p.holder_name in spoken}
    return list(found.values())[::-1]


NAME: Final = re.compile("[一-龥·]{2,4}")


def looks_like_a_name(text: str) -> bool:
    """Two to four characters that are no action word of a worker."""
    return NAME.fullmatch(text.strip()) is not None and read_worker_words(text) is None


def choices(turn: Turn, posts: Iterable[Post]) -> list[Option]:
    """Buttons with people who can be written to: the first ones, each once."""
    found: dict[PersonId | None, Option] = {}
    for post in posts:
        if len(found) == OFFERED:
            break
        if post.holder_id not in found and turn.town.reachable(post):
            found[post.holder_id] = Option("colleague", {"post": post.id}, label(turn, post))
    return list(found.values())


def label(turn: Turn, post: Post) -> str:
    """王强（锦绣3网格）."""
    return f"{post.holder_name}（{area_name(turn, post.area_id)}）"


def area_name(turn: Turn, area_id: str) -> str:
    """锦绣3网格: the shortest name of an area."""
    area = turn.town.area(area_id)
    return str(min((area.name, *area.aliases), key=len))


def tell_secretary(turn: Turn, area_id: AreaId, key: str, **args: Any) -> None:
    """The community secretary hears it, unless it is who speaks."""
    secretary = turn.town.secretary(area_id)
    speaks = turn.speaker.person.id if turn.speaker is not None else None
    if secretary is not None and secretary.holder_id is not None and secretary.holder_id != speaks:
        turn.tell(secretary.holder_id, key, **args)
