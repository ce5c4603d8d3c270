"""Town: all that the trade may ask about the organisation. storage/town.py answers it; tests have a small one."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from casework.case import AreaId, Case, CaseId, CasePost, Part, Post, PostId


class Town(Protocol):
    """Read-only. Every answer is about the moment `at`, in the town's own roster."""

    def post(self, post_id: PostId) -> Post | None:
        """The post with its present holder."""

    def on_duty(self, grid_id: AreaId, at: datetime) -> tuple[Post, ...]:
        """Full-time and rostered part-time workers on duty for the grid (at night those on night rows,
        auxiliaries included), leave replaced by the substitute, off-duty left out; best first:
        least load, then the longest without a case."""

    def own_worker(self, grid_id: AreaId, at: datetime) -> Post | None:
        """The grid's own full-time worker, whatever the roster says; on leave, whoever has been named to stand in."""

    def night_rostered(self, area_id: AreaId, at: datetime) -> bool:
        """Whether anybody has a night row for this grid, community or subdistrict then."""

    def awake(self, post: Post, at: datetime) -> bool:
        """Whether this very post is rostered then: at night only such posts are told of what is urgent."""

    def returned_by(self, case_id: CaseId) -> tuple[PostId, ...]:
        """The posts that have returned the case: it does not go to the same person again."""

    def has_phone(self, case: Case) -> bool:
        """Whether there is a number to ring about the case: without one somebody goes and knocks."""

    def substitute(self, post_id: PostId, at: datetime) -> Post | None:
        """The second on the grid's roster, or the named substitute of the post."""

    def estate_lead(self, estate_id: str) -> Post | None: ...

    def secretary(self, area_id: AreaId | None) -> Post | None:
        """The community secretary for a grid or community; None above the communities."""

    def subdistrict_duty(self, area_id: AreaId | None, at: datetime) -> Post | None: ...

    def city_desk(self, at: datetime) -> Post: ...

    def city_posts(self) -> tuple[Post, ...]:
        """Everybody at the city's desk, in a fixed order."""

    def desk(self, area_id: AreaId | None, at: datetime) -> Post:
        """受理员 of the smallest area that has one: secretary, else subdistrict, else city."""

    def specialists(self, category: str, area_id: AreaId | None, estate_id: str | None) -> tuple[Post, ...]:
        """Who joins for this category there: heating company, property company of the estate …"""

    def parts(self, case_id: CaseId) -> tuple[CasePost, ...]:
        """Open parts of the case (until is None)."""

    def within(self, area_id: AreaId | None, ancestor: AreaId) -> bool:
        """Whether the area is the ancestor or lies in it."""

    def reachable(self, post: Post) -> bool:
        """Whether the holder has an address that is bound and not blocked."""

    def same_trouble(self, case: Case) -> int:
        """How many other open cases of the same topic or category stand in the same building."""


def holders(parts: tuple[CasePost, ...], *wanted: Part) -> tuple[PostId, ...]:
    """The posts that hold one of the wanted parts."""
    return tuple(p.post_id for p in parts if p.part in wanted and p.until is None)
