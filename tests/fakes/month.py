"""Two made-up months in the demonstration town, for reports: every number in them can be counted by hand."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from PIL import Image

from casework.accused import Accused
from casework.case import Answer, AreaId, Case, CaseId, PersonId, Satisfaction, Spot, State, Urgency
from storage import figures, rows
from storage import tables as t
from tests.fakes.town import Town

MADE_AT = datetime(2026, 10, 31, 23, tzinfo=UTC)  # 1 November, 07:00 in the town
GRID, OTHER_GRID = "s1c1g1", "s1c2g1"
NAME, PHONE, ROOM = "赵丽华", "13800138000", "1501"
NOT_TAKEN = datetime(2026, 10, 20, 8, tzinfo=UTC)  # past the limit to take it
NOT_SOLVED = MADE_AT - timedelta(days=1)  # when a limit to solve was found to be missed


class NoDrawer:
    """Draws a grey square: what the pictures show is tested with the charts."""

    def png(self, spec: Any) -> bytes:
        return square()


@cache
def square() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "grey").save(out, "PNG")
    return out.getvalue()


class Month:
    """Writes cases of the past into a town, then counts the roll-ups."""

    def __init__(self, town: Town) -> None:
        self.town, self.count = town, 0
        with town.database.writing() as conn:
            person = {"id": "teller", "name": NAME, "phone": PHONE, "home": {}, "created_at": MADE_AT, "language": "zh", "phone_asked": False}
            conn.execute(t.Person.__table__.insert().values(**person))  # type: ignore[attr-defined]

    def case(self, day: str, grid: str = GRID, words: str = "", summary: str = "暖气不热", **changes: Any) -> Case:
        """Filed at 10:00 of a day (10-05) and acknowledged half an hour later, as far as not told otherwise."""
        self.count += 1
        at = datetime.strptime(f"2026-{day} 02:00", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
        case = Case(
            id=CaseId(f"m{self.count}"), number=f"26-{self.count:06d}", state=State.IN_PROGRESS, category="heating", topic="no_heat",
            urgency=Urgency.NORMAL, resident_id=PersonId("teller"), filed_at=at, clock_from=at, summary=summary, rev=1,
            community_id=AreaId(grid[: grid.index("g")]), grid_id=AreaId(grid), area_id=AreaId(grid),
            acknowledged_at=at + timedelta(minutes=30), spot=Spot(words="锦绣苑3号楼1501室", unit="2", room=ROOM),
        )  # fmt: skip
        case = replace(case, **changes)
        with self.town.database.writing() as conn:
            conn.execute(t.Case.__table__.insert(), rows.case_values(case))  # type: ignore[attr-defined]
            part = {"case_id": case.id, "post_id": f"w-{grid}", "part": "assignee", "since": at, "community_id": case.community_id}
            conn.execute(t.CasePost.__table__.insert().values(**part))  # type: ignore[attr-defined]
            if words:
                self._said(conn, case, words)
        return case

    def solved(self, day: str, grade: Satisfaction = Satisfaction.SATISFIED, answer: Answer = Answer.SOLVED, **more: Any) -> Case:
        """Confirmed by the resident two days later."""
        at = datetime.strptime(f"2026-{day} 02:00", "%Y-%m-%d %H:%M").replace(tzinfo=UTC) + timedelta(days=2)
        return self.case(day, state=State.CONFIRMED, answer=answer, answered_at=at, ended_at=at, satisfaction=grade, **more)

    def counted(self) -> None:
        with self.town.database.writing() as conn:
            figures.rebuild(conn, self.town.world.policy)

    def _said(self, conn: Any, case: Case, words: str) -> None:
        place = {"case_id": case.id, "community_id": case.community_id}
        remark = {"id": f"r{case.id}", "person_id": "teller", "internal": False, "text": words, "at": case.filed_at}
        conn.execute(t.Remark.__table__.insert().values(**place, **remark))  # type: ignore[attr-defined]
        event = {"seq": 1, "at": case.filed_at, "kind": "reply", "who": "resident", "now": "confirmed", "changes": {}, "remark_id": f"r{case.id}"}
        conn.execute(t.Event.__table__.insert().values(**place, **event))  # type: ignore[attr-defined]


def two_months(town: Town) -> Month:
    """July: 1 case in grid 1, September: 3. October: 8 there, in the next community 3, one of them about its secretary."""
    month = Month(town)
    for day in ("09-02", "09-03", "09-04"):
        month.solved(day, category="property_service", topic="property_company")
    for day in ("10-05", "10-06", "10-07", "10-08"):
        month.solved(day, words=f"暖和了，多谢师傅{NAME}，我电话{PHONE}" if day == "10-05" else "")
    month.solved("10-09", Satisfaction.MOSTLY, words="还是有点凉，再给看看吧")
    month.solved("10-10", Satisfaction.DISSATISFIED, Answer.PARTLY, summary="=HYPERLINK(A1)点我", coordinating=True)
    month.case("10-20", state=State.ASSIGNED, acknowledged_at=None, climbed_at=NOT_TAKEN, rung=1, category="sanitation", topic="rubbish", summary=f"垃圾没人拉，找{NAME} {PHONE}")
    month.case("10-21", solve_missed_at=NOT_SOLVED, confidential=True, summary="邻居家开赌场", words="千万别说是我讲的", category="safety_order", topic="gambling")
    month.case("10-22", OTHER_GRID, solve_missed_at=NOT_SOLVED, urgency=Urgency.EMERGENCY, danger="gas", summary="楼道煤气味很大")
    month.case("10-23", OTHER_GRID, struck_out=True, summary="第二社区的事")
    month.solved("07-10", category="property_service", topic="property_fee")
    month.case("07-11", solve_missed_at=NOT_SOLVED, category="roads_parking", topic="road", summary="路修了一半", coordinating=True)
    month.case("10-21", OTHER_GRID, solve_missed_at=NOT_SOLVED, category="other", topic="nudge", summary="书记收钱不办事", words="书记收了钱", accused=Accused(("secretary",), ("cs-s1c2",)))
    month.counted()
    return month
