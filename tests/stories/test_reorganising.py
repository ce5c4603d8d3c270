"""The organisation changes while cases are open: posts end, people leave, grids are drawn anew. No case is left with nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.organisation.read import Reading
from bot.reorganising import OnlyTried, Outcome, Prepared, bring_in
from bot.world import mint
from casework.case import Case, Part, State
from casework.errors import JiesuError
from casework.organisation import LeaveRow
from casework.reorganising import SHEETS
from storage import cases
from storage.organisation import revision, stored_organisation
from tests.fakes.organisations import Change, merged, moved, posts, without
from tests.fakes.town import Town

HEAT = "锦绣苑3号楼2单元又没暖气了"
LAMP = "锦绣苑3号楼楼道灯不亮"


def brings_in(town: Town, change: Change, apply: bool = True) -> Outcome:
    """The city brings in the organisation as it stands, changed so."""
    with town.database.writing() as conn:
        reading = Reading(change(stored_organisation(conn)), [], frozenset(SHEETS))
        outcome = bring_in(conn, Prepared(reading, revision(conn)), town.world, town.now, mint, apply)
    town.deliver()
    town.audit()
    return outcome


def held(town: Town, part: Part = Part.ASSIGNEE, which: int = -1) -> str:
    with town.database.reading() as conn:
        return next(p.post_id for p in cases.parts(conn, town.cases()[which].id) if p.part is part)


def kinds(town: Town, case: Case) -> list[str]:
    with town.database.reading() as conn:
        return [event.kind for event in cases.events(conn, case.id)]


def test_a_post_that_ends_hands_its_case_to_the_secretary(town: Town) -> None:
    resident, worker, secretary = town.resident(), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says(HEAT)
    worker.presses("接单")
    outcome = brings_in(town, without("w-s1c1g1"))
    assert [(f.what, f.now) for f in outcome.followed] == [(town.case.number, f"社区党委书记 {secretary.name}")]
    assert held(town) == held(town, Part.FIRST_OWNER) == "cs-s1c1"
    assert town.case.state is State.ASSIGNED
    assert kinds(town, town.case)[-1] == "inherit"
    secretary.sees("转由您接手", town.case.number)
    worker.sees("不再负责", "1 件", "辛苦")
    secretary.presses("接单")
    resident.sees("接单")


def test_who_is_gone_can_do_nothing_more_with_the_card(town: Town) -> None:
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    town.staff("cs-s1c1")
    resident.says(HEAT)
    brings_in(town, without("w-s1c1g1"))
    worker.presses("接单")
    assert town.case.state is State.ASSIGNED
    assert town.case.acknowledged_at is None


def test_a_named_substitute_goes_before_the_secretary(town: Town) -> None:
    resident = town.resident()
    town.all_staff("w-s1c1g1", "w-s1c1g2", "cs-s1c1")
    resident.says(LAMP)
    leave = LeaveRow(post="w-s1c1g1", first=date(2026, 11, 20), last=date(2026, 12, 20), substitute="w-s1c1g2")
    brings_in(town, lambda o: replace(o, leave=(*o.leave, leave)))
    brings_in(town, posts(lambda row: replace(row, person=""), "w-s1c1g1"))  # vacant: its leave still names somebody
    assert held(town) == "w-s1c1g2"


def test_another_holder_keeps_the_cases_of_the_post(town: Town) -> None:
    resident, old = town.resident(), town.staff("w-s1c1g1")
    resident.says(HEAT)
    old.presses("接单")
    with town.database.reading() as conn:
        lead = next(row for row in stored_organisation(conn).posts if row.id == "b-e01b01-1")
    brings_in(town, posts(lambda row: replace(row, person=lead.person), "w-s1c1g1"))
    new = town.staff("w-s1c1g1")
    assert held(town) == "w-s1c1g1"
    assert town.case.state is State.ACKNOWLEDGED
    assert kinds(town, town.case)[-1] == "acknowledge"
    new.says("我的工单")
    new.sees(town.case.number)
    old.sees("不再负责")
    old.says("我的工单")
    old.sees_nothing(town.case.number, "接单")


def test_a_case_that_waits_for_the_resident_waits_on(town: Town) -> None:
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    secretary = town.staff("cs-s1c1")
    resident.says(HEAT)
    worker.presses("接单")
    worker.presses("办好了")
    worker.says("换了阀门，试过水")
    resident.sees("解决")
    secretary.clears()
    brings_in(town, without("w-s1c1g1"))
    assert town.case.state is State.RESOLVED
    assert held(town) == "cs-s1c1"
    resident.presses("未解决")
    assert town.case.state is State.REOPENED
    secretary.sees(town.case.number)


def test_a_building_that_moves_takes_an_untouched_case_to_the_new_grid(town: Town) -> None:
    resident = town.resident()
    old, new = town.all_staff("w-s1c1g1", "w-s1c2g2")
    resident.says(LAMP)
    assert held(town) == "w-s1c1g1"
    brings_in(town, moved("e01b03", "s1c2g2"))
    assert (town.case.grid_id, town.case.community_id, town.case.area_id) == ("s1c2g2", "s1c2", "s1c2g2")
    assert held(town) == "w-s1c2g2"
    assert kinds(town, town.case)[-1] == "relocate"
    new.sees("划到您的网格", town.case.number)
    old.sees("已经交给")
    assert held(town, Part.FIRST_OWNER) == "w-s1c1g1"  # until the other grid acknowledges
    new.presses("接单")
    assert held(town, Part.FIRST_OWNER) == "w-s1c2g2"


def test_a_building_that_moves_leaves_a_case_with_who_works_on_it(town: Town) -> None:
    resident = town.resident()
    old, _ = town.all_staff("w-s1c1g1", "w-s1c2g2")
    resident.says(LAMP)
    old.presses("接单")
    brings_in(town, moved("e01b03", "s1c2g2"))
    assert (town.case.grid_id, held(town)) == ("s1c2g2", "w-s1c1g1")
    assert kinds(town, town.case)[-1] == "relocate"
    old.presses("到场")
    assert town.case.state is State.IN_PROGRESS


def test_two_grids_become_one(town: Town) -> None:
    resident = town.resident()
    town.all_staff("w-s1c1g1", "w-s1c1g2")
    resident.says(LAMP)

    brings_in(town, merged("s1c1g1", "s1c1g2"))
    assert (town.case.grid_id, held(town), held(town, Part.FIRST_OWNER)) == ("s1c1g2", "w-s1c1g2", "w-s1c1g2")
    town.resident().says("锦绣苑3号楼电梯坏了")
    assert held(town) == "w-s1c1g2"


def test_a_dry_run_changes_nothing_and_tells_nobody(town: Town) -> None:
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    resident.says(HEAT)
    worker.clears()
    with pytest.raises(OnlyTried) as only:
        brings_in(town, without("w-s1c1g1"), apply=False)
    assert [f.what for f in only.value.outcome.followed] == [town.case.number]
    town.deliver()
    worker.sees_nothing()
    assert held(town) == "w-s1c1g1"


def test_who_comes_second_is_asked_to_look_again(town: Town) -> None:
    with town.database.writing() as conn:
        reading = Reading(without("w-s1c1g1")(stored_organisation(conn)), [], frozenset(SHEETS))
        prepared = Prepared(reading, revision(conn))
    brings_in(town, without("w-s1c1g2"))
    with pytest.raises(JiesuError, match="重新看"), town.database.writing() as conn:
        bring_in(conn, prepared, town.world, town.now, mint, True)


def test_a_desks_tasks_move_with_its_cases(town: Town) -> None:
    resident = town.resident()
    town.staff("cs-s1c1")
    town.staff("sd-s1")
    resident.says("我要人工")
    with town.database.reading() as conn:
        (task,) = cases.tasks_of(conn, [row.id for row in stored_organisation(conn).posts])
    assert task.owner_post != "sd-s1"
    brings_in(town, without(task.owner_post))
    with town.database.reading() as conn:
        (after,) = cases.tasks_of(conn, [row.id for row in stored_organisation(conn).posts])
    assert (after.id, after.owner_post) != (task.id, task.owner_post)
