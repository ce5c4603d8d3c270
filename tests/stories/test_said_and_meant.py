"""What a fresh reader of the guides tripped over, each once: promises that are offered can be kept, words that are said are true."""

from __future__ import annotations

from casework.case import State
from tests.fakes.town import Town


def test_only_days_within_the_limit_are_offered_and_a_refused_one_is_asked_again(town: Town) -> None:
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元没暖气")
    worker.presses("接单")
    worker.presses("更多…")
    worker.presses("定个日期")
    assert [x for x in worker.labels(1) if "天" in x] == ["今天", "明天"]
    worker.says("12月9日")
    worker.sees("最晚只能到")
    worker.says("明天")
    assert town.case.promise_at is not None
    resident.sees("说明天10:00前办好")


def test_dissatisfied_is_told_to_the_secretary_as_the_resident_was_promised(town: Town) -> None:
    resident, worker, secretary = town.resident(), town.staff("w-s1c1g1"), town.staff("cs-s1c1")
    resident.says("锦绣苑3号楼2单元没暖气")
    worker.says("收到")
    worker.says("办好了")
    worker.says("换了阀门")
    resident.presses("已解决")
    resident.presses("不满意")
    resident.sees("社区书记看到")
    secretary.sees("不满意")


def test_whoever_says_safe_has_taken_it(town: Town) -> None:
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元煤气味很浓")
    worker.presses("已无危险")
    worker.presses("打电话问过")
    assert town.case.state is State.ACKNOWLEDGED


def test_the_timeline_says_who_got_it_then_not_who_has_it_now(town: Town) -> None:
    resident, worker = town.resident(), town.staff("w-s1c1g1")
    town.staff("cs-s1c1")
    resident.says("锦绣苑3号楼2单元没暖气")
    worker.presses("退单")
    worker.presses("进不去")
    resident.says("我的诉求")
    told = resident.sees("现在").text
    assert f"派给了专职网格员 {worker.name}" in told


def test_a_burst_pipe_and_no_water_at_home_are_one_case(town: Town) -> None:
    town.staff("w-s1c1g1")
    town.resident().says("锦绣苑3号楼2单元水管爆了，家里没水")
    assert town.case.emergency
    assert town.resident().says("锦绣苑3号楼1单元家里没水")
    assert town.cases()[1].urgency == "urgent"


def test_off_duty_alone_says_who_will_get_it(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    worker.says("下班")
    worker.sees("没有别人值班")


def test_a_person_is_asked_for_at_the_desk_of_the_newest_case(town: Town) -> None:
    secretary = town.staff("cs-s1c1")
    resident = town.resident()
    resident.says("锦绣苑3号楼2单元着火了，快来人")
    resident.says("转人工")
    secretary.sees("居民想跟人说话")


def test_no_need_to_come_it_works_again_is_the_residents_solved_not_a_withdrawal(town: Town) -> None:
    resident = town.resident()
    town.staff("w-s1c1g1")
    resident.says("锦绣苑3号楼2单元没暖气")
    resident.says("不用来了已经好了")
    resident.sees("是已经解决了吗")
    resident.presses("是")
    assert town.case.state is State.CONFIRMED
