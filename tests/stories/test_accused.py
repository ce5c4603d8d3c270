"""A complaint about a worker, the community or the property company goes one rung above, and they never learn of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.world import mint
from casework.access import Reading, scope
from casework.case import Case, Part, PostId, State
from casework.reorganising import difference
from handlers.reorganising import follow
from storage import cases, people
from storage.organisation import stored_organisation
from storage.reorganising import reorganise
from storage.town import StoredTown
from tests.fakes.town import Phone, Town

HOME = "锦绣苑3号楼2单元"
WORKER, SECRETARY, STREET, CITY, COMPANY, LEAD = "w-s1c1g1", "cs-s1c1", "sd-s1", "city-1", "pm-e01", "b-e01b03-1"


@pytest.fixture
def resident(town: Town) -> Phone:
    return town.resident("王阿姨")


def has_it(town: Town, case: Case) -> set[str]:
    with town.database.reading() as conn:
        return {p.post_id for p in cases.parts(conn, case.id) if p.part is not Part.FIRST_OWNER}


def knows_nothing(town: Town, post_id: str, case: Case) -> None:
    """No message, no list, no part, no task, no count: and every way in is refused."""
    phone = town.staff(post_id)
    said = " ".join(m.text for m in phone.shown)
    assert case.number not in said
    assert case.summary[:8] not in said
    with town.database.reading() as conn:
        post = StoredTown(conn, town.world.policy).post(PostId(post_id))
        assert post is not None
        who = people.person(conn, post.holder_id or "")
        assert who is not None
        parts = cases.parts(conn, case.id)
        assert scope(who).reads(case, parts, StoredTown(conn, town.world.policy).within) <= Reading.FIGURES
        assert case.id not in {c.id for c in cases.visible(conn, scope(who), case.filed_at - timedelta(days=1))}
        assert case.id not in {c.id for c in cases.held_by(conn, sorted(scope(who).posts), who.id)}
        assert case.id not in {t.case_id for t in cases.tasks_of(conn, sorted(scope(who).posts))}
    before = len(phone.shown)
    phone.commands(f"/case {case.number}")
    phone.says("我的工单")
    assert case.number not in " ".join(m.text for m in phone.shown[before:])


@pytest.mark.parametrize(("words", "above", "below"), [
    ("网格员态度差，还骂人", SECRETARY, (WORKER,)),
    ("网格员潘霞兰收了我两百块钱", SECRETARY, (WORKER,)),
    ("潘霞兰骂人", SECRETARY, (WORKER,)),
    ("楼长到处说我家的事", SECRETARY, (WORKER, LEAD)),
    ("物业公司乱收费", SECRETARY, (WORKER, COMPANY)),
    ("社区书记吃拿卡要", STREET, (WORKER, SECRETARY)),
    ("社区不作为", STREET, (WORKER, SECRETARY)),
    ("街道办推诿扯皮", CITY, (WORKER, SECRETARY, STREET)),
    ("，我要反映锦绣社区书记徐娟山让我们造假填表", STREET, (WORKER, SECRETARY)),
    ("，书记徐娟山做假台账", STREET, (WORKER, SECRETARY)),
    ("，锦绣社区的徐书记把低保名额给了他亲戚", STREET, (WORKER, SECRETARY)),
    ("，低保名额都给了书记亲戚", STREET, (WORKER, SECRETARY)),
    ("，网格员潘霞兰照片是假的，根本没来修", SECRETARY, (WORKER,)),
    ("，我要反映网格员潘霞兰", SECRETARY, (WORKER,)),
])
def test_it_goes_one_rung_above_and_those_meant_know_nothing(
    town: Town, resident: Phone, words: str, above: str, below: tuple[str, ...]
) -> None:
    staff = {post: town.staff(post) for post in (WORKER, SECRETARY, STREET, CITY, COMPANY, LEAD)}
    resident.says(f"{HOME}{words}")
    resident.sees("登记好了", "上一级", "被说到的人看不到")
    assert has_it(town, town.case) == {above}
    staff[above].sees("反映人的事", "他们看不到这一件")
    for _ in range(3):  # the climb, the day, the night: nothing comes down
        town.forward(hours=9)
    town.morning()
    for post in below:
        knows_nothing(town, post, town.case)


def test_a_false_photo_beside_what_is_still_broken(town: Town, resident: Phone) -> None:
    """The lamp is mended by whoever is on duty, and they do not read that their photo is called a false one."""
    worker, secretary = town.staff(WORKER), town.staff(SECRETARY)
    resident.says("网格员潘霞兰照片是假的，根本没来修，锦绣苑3号楼2单元楼道灯还是坏的")
    lamp, complaint = sorted(town.cases(), key=lambda c: bool(c.accused))
    assert WORKER in has_it(town, lamp)
    assert has_it(town, complaint) == {SECRETARY}
    assert "假" not in worker.sees("新诉求").text
    secretary.sees("反映人的事", "照片是假的")
    knows_nothing(town, WORKER, complaint)


def test_what_is_no_complaint_about_anybody_goes_where_all_others_go(town: Town, resident: Phone) -> None:
    for words in ("物业不修电梯", "电梯坏了，网格员还没来", "网格员说暖气没问题，可家里冰凉"):
        resident = town.resident()
        resident.says(f"{HOME}{words}")
        case = town.cases()[-1]
        assert not case.accused, words
        assert WORKER in has_it(town, case), words


def test_the_climb_passes_them_over(town: Town, resident: Phone) -> None:
    """The secretary is silent: the subdistrict, and never the worker or the estate's lead in between."""
    town.staff(SECRETARY)
    street = town.staff(STREET)
    resident.says(f"{HOME}网格员骂人")
    town.forward(hours=3)
    street.sees("没人接单", "被说到的人看不到")
    assert has_it(town, town.case) == {SECRETARY, STREET}


def test_a_trouble_and_a_complaint_are_two_cases(town: Town, resident: Phone) -> None:
    """The trouble is mended by whoever is on duty, who reads none of the complaint."""
    worker, secretary = town.staff(WORKER), town.staff(SECRETARY)
    resident.says(f"{HOME}暖气不热，网格员还骂人")
    resident.sees("登记好了", "登记好了", "被说到的人看不到")
    heating, complaint = sorted(town.cases(), key=lambda c: bool(c.accused))
    assert (heating.category, complaint.accused.roles) == ("heating", ("worker",))
    assert "骂" not in worker.sees("新诉求", "暖气不热").text
    secretary.sees("反映人的事", "网格员还骂人")
    knows_nothing(town, WORKER, complaint)


def test_words_to_an_open_case_that_accuse_are_offered_as_a_complaint(town: Town, resident: Phone) -> None:
    worker = town.staff(WORKER)
    secretary = town.staff(SECRETARY)
    resident.says(f"{HOME}没暖气")
    resident.says("不留")
    town.forward(minutes=5)
    resident.says("这个网格员骂我")
    assert [b["label"] for b in resident.sees("没有加到", "办的人看不到").buttons] == ["登记，交给上一级", "不登记"]
    assert "骂" not in " ".join(m.text for m in worker.shown)
    resident.presses("登记，交给上一级")
    resident.sees("登记好了", "被说到的人看不到")
    complaint = town.cases()[-1]
    secretary.sees("反映人的事", "骂我")
    knows_nothing(town, WORKER, complaint)
    resident.says("网格员今天又骂我")
    resident.sees("26-000002")
    assert len(town.cases()) == 2
    secretary.sees("居民补充", "又骂我")
    assert "威胁" not in " ".join(m.text for m in worker.shown)


@pytest.mark.parametrize("no", ["不登记", "2"])
def test_an_offer_may_be_refused(town: Town, resident: Phone, no: str) -> None:
    resident.says(f"{HOME}没暖气")
    resident.says("不留")
    town.forward(minutes=1)
    resident.says("来的人态度太差")
    resident.says(no)
    resident.sees("不登记", "没有给任何人看")
    town.forward(minutes=30)
    assert len(town.cases()) == 1


def test_an_offer_that_nobody_answers_is_not_lost(town: Town, resident: Phone) -> None:
    resident.says(f"{HOME}没暖气")
    resident.says("不留")
    resident.says("来的人态度太差")
    town.forward(minutes=11)
    complaint = town.cases()[-1]
    assert WORKER in complaint.accused.posts, "who came is who has the case"
    assert has_it(town, complaint) == {SECRETARY}


def test_an_answer_to_the_check_back_stays_an_answer(town: Town, resident: Phone) -> None:
    """没解决 goes back to the worker, the abuse does not."""
    worker = town.staff(WORKER)
    resident.says(f"{HOME}没暖气")
    for words in ("收到", "办好了", "换了阀门"):
        worker.says(words)
    resident.says("没解决，网格员还骂我")
    assert town.cases()[0].state is State.REOPENED
    resident.sees("没有加到", "网格员还骂我")
    worker.sees("居民说没解决")
    assert "骂" not in " ".join(m.text for m in worker.shown)


def test_it_was_about_nobody(town: Town, resident: Phone) -> None:
    """The rules may be wrong: the resident puts it right, and is told that others will read it."""
    worker, secretary = town.staff(WORKER), town.staff(SECRETARY)
    resident.says(f"{HOME}网格员推诿")
    resident.says("不留")
    resident.presses("不是说他")
    resident.sees("会看到您写的话", "确定吗")
    resident.says("是")
    resident.sees("照常办")
    worker.sees("新诉求", "网格员推诿")
    secretary.sees("已经交给")
    assert not town.case.accused


def test_a_worker_complains_too(town: Town) -> None:
    """Staff are residents as well; the complaint goes above, and they follow it as its resident."""
    worker, street = town.staff(WORKER), town.staff(STREET)
    worker.says("登记")
    worker.presses("我自己的事")
    worker.says(f"{HOME}社区书记骂人")
    worker.sees("登记好了", "上一级")
    street.sees("反映人的事")
    assert has_it(town, town.case) == {STREET}
    knows_nothing(town, SECRETARY, town.case)


def test_a_secretary_is_not_given_the_own_complaint(town: Town) -> None:
    secretary = town.staff(SECRETARY)
    secretary.says("登记")
    secretary.presses("我自己的事")
    secretary.says(f"{HOME}网格员骂人")
    assert has_it(town, town.case) == {STREET}


def test_the_place_told_afterwards(town: Town, resident: Phone) -> None:
    """Nobody knows where: the city's desk has it, and the place brings it to the secretary, not to the worker."""
    resident.says("网格员骂人")
    town.forward(seconds=2)
    resident.sees("在哪儿")
    resident.says(HOME)
    resident.sees("登记好了")
    assert has_it(town, town.case) == {SECRETARY}
    assert WORKER in town.case.accused.posts


def test_a_complaint_is_not_counted_to_anybody(town: Town, resident: Phone) -> None:
    """同楼另有3件 on a worker's card tells nothing of what is about them."""
    worker = town.staff(WORKER)
    resident.says(f"{HOME}物业乱收费")
    other = town.resident("李叔")
    other.says(f"{HOME}物业费收据不给开")
    card = worker.sees("新诉求")
    assert "同楼" not in card.text
    assert "一年里" not in card.text


def test_danger_comes_before_the_complaint(town: Town, resident: Phone) -> None:
    """The fire goes to whoever is nearest, the complaint beside it to those above."""
    worker = town.staff(WORKER)
    resident.says(f"{HOME}着火了，网格员不接电话")
    fire, complaint = sorted(town.cases(), key=lambda c: bool(c.accused))
    assert fire.emergency
    assert WORKER in has_it(town, fire)
    assert has_it(town, complaint) == {SECRETARY}
    assert "不接电话" not in worker.sees("🚨").text


def test_a_worker_who_strikes_is_an_emergency_of_those_above(town: Town, resident: Phone) -> None:
    """Danger to life from somebody of the staff: the whole chain but them, at once."""
    staff = {post: town.staff(post) for post in (WORKER, SECRETARY, STREET, CITY)}
    resident.says(f"{HOME}网格员打人，快来人")
    resident.sees("⚠️")
    assert town.case.emergency
    staff[SECRETARY].sees("🚨", "被说到的人看不到")
    town.forward(minutes=40)
    staff[STREET].sees("没人接单")
    staff[CITY].sees("没人接单")
    knows_nothing(town, WORKER, town.case)


def test_an_edited_message_is_set_apart_too(town: Town, resident: Phone) -> None:
    worker = town.staff(WORKER)
    resident.says(f"{HOME}没暖气")
    resident.says("不留")
    resident.edits(f"{HOME}没暖气，网格员还骂我")
    resident.sees("没有加到", "网格员还骂我")
    assert "骂" not in " ".join(m.text for m in worker.shown)


@pytest.mark.parametrize("words", ["转人工，我要投诉网格员潘霞兰", "网格员收红包合法吗？我要举报网格员"])
def test_who_asks_for_a_person_to_complain_gets_a_case(town: Town, resident: Phone, words: str) -> None:
    """Words that would go to the desk as a question are a complaint, with a number, and above whom they mean."""
    resident.says(f"{HOME}没暖气")
    town.forward(days=1)
    town.cases()
    other = town.resident("李叔")
    other.says(f"{HOME}，{words}")
    case = town.cases()[-1]
    assert case.accused.roles == ("worker",)
    assert has_it(town, case) == {SECRETARY}


def test_photos_go_with_the_complaint(town: Town, resident: Phone) -> None:
    """A picture of somebody, once shown to them, cannot be taken back."""
    worker, secretary = town.staff(WORKER), town.staff(SECRETARY)
    resident.sends_photo(f"{HOME}暖气不热，网格员还骂人")
    assert not worker.sees("新诉求").files
    assert secretary.sees("反映人的事").files


def test_the_answers_of_a_complaint_reach_only_those_above(town: Town, resident: Phone) -> None:
    """办结, 回访, 不满意: all of it between the resident and those above."""
    secretary, street = town.staff(SECRETARY), town.staff(STREET)
    resident.says(f"{HOME}社区书记态度恶劣")
    for words in ("收到", "办好了", "谈过话了，向您道歉"):
        street.says(words)
    resident.says("解决了，但是不满意")
    resident.sees("上一级看到")
    street.sees("居民说不满意")
    assert town.case.number not in " ".join(m.text for m in secretary.shown)
    knows_nothing(town, SECRETARY, town.case)


def test_who_looks_into_it_may_be_accused_too(town: Town, resident: Phone) -> None:
    """来的人, about a complaint that the secretary has, is the secretary: a complaint of its own, one rung further up."""
    secretary, street = town.staff(SECRETARY), town.staff(STREET)
    resident.says(f"{HOME}网格员骂人")
    resident.says("不留")
    secretary.says("收到")
    secretary.says("到了")
    resident.says("来的人也骂我")
    resident.presses("登记，交给上一级")
    second = town.cases()[-1]
    assert has_it(town, second) == {STREET}
    street.sees("反映人的事", "来的人也骂我")
    knows_nothing(town, SECRETARY, second)
    knows_nothing(town, WORKER, second)


def test_who_takes_the_post_over_and_is_meant_does_not_get_it(town: Town, resident: Phone) -> None:
    """The accused worker becomes the secretary: what the chair has goes on above."""
    resident.says(f"{HOME}网格员骂人")
    with town.database.writing() as conn:
        before = stored_organisation(conn)
        worker = next(p for p in before.posts if p.id == WORKER)
        posts = tuple(replace(p, person=worker.person) if p.id == SECRETARY else p for p in before.posts)
        diff = difference(before, replace(before, posts=posts))
        reorganise(conn, diff, town.now, mint)
        follow(conn, town.world, town.now, diff)
    town.audit()
    assert has_it(town, town.case) == {STREET}
    knows_nothing(town, SECRETARY, town.case)
