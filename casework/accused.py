"""Who is spoken of in a complaint about a person or a company: they neither have it nor read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

LEVELS: Final[Mapping[str, int]] = {  # of whom somebody is one; a complaint goes to a level above
    "worker": 1, "lead": 1, "company": 1, "secretary": 2, "subdistrict": 3,
}


@dataclass(frozen=True, slots=True)
class Accused:
    """`roles` as the words told them (LEVELS). `posts` and `people`: whom that means at the place of the case. A post stays
    spoken of whoever sits in it, and a person wherever they go."""

    roles: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.roles)

    @property
    def level(self) -> int:
        """The highest of whom it speaks: 1 a worker, a lead or a company, 2 the community, 3 the subdistrict; 0 nobody."""
        return max((LEVELS[role] for role in self.roles), default=0)

    def also(self, other: Accused) -> Accused:
        """Both; a place that was mended takes nobody out."""
        return Accused(
            *(tuple(sorted({*mine, *more})) for mine, more in zip(_parts(self), _parts(other), strict=True))
        )


NOBODY: Final = Accused()


def _parts(accused: Accused) -> tuple[tuple[str, ...], ...]:
    return accused.roles, accused.posts, accused.people


def body(accused: Accused) -> dict[str, Any]:
    """As JSON holds it; nothing at all for nobody."""
    return {f.name: list(value) for f in fields(accused) if (value := getattr(accused, f.name))} if accused != NOBODY else {}


def from_body(kept: Mapping[str, Any] | None) -> Accused:
    """The way back."""
    return Accused(**{name: tuple(value) for name, value in (kept or {}).items()})
