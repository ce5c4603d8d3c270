"""/notice: written, shown with how many will read it, confirmed, sent to a hundred at a time; it can be stopped, and waits for the morning."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from storage import tables as t
from tests.fakes.town import Phone, Town

WATER = "明天上午9点到12点停水检修，请提前接水"


@pytest.fixture
def people(town: Town) -> tuple[Phone, Phone, Phone, Phone]:
    """Two residents of building 3, one of another building; their secretary."""
    here, neighbour, elsewhere = town.resident("王阿姨"), town.resident("李叔"), town.resident("赵姐")
    here.says("锦绣苑3号楼2单元没暖气")
    neighbour.says("锦绣苑3号楼楼道灯不亮")
    elsewhere.says("锦绣苑5号楼楼道灯不亮")
    for phone in (here, neighbour, elsewhere):
        phone.clears()
    return here, neighbour, elsewhere, town.staff("cs-s1c1")


def many(town: Town, count: int, building: str) -> None:
    """So many people whose home is there, each with a page."""
    with town.database.writing() as conn:
        conn.execute(insert(t.Person), [
            {"id": f"m{n:04}", "name": "", "home": {"building_id": building}, "language": "zh", "phone_asked": False, "created_at": town.now}
            for n in range(count)
        ])
        conn.execute(insert(t.Address), [
            {"id": f"am{n:04}", "person_id": f"m{n:04}", "channel": "web", "external_id": f"m{n:04}", "seen_at": town.now} for n in range(count)
        ])


@pytest.mark.parametrize("words", [f"/notice 锦绣苑3号楼：{WATER}", f"发通知 锦绣苑3号楼：{WATER}"])
def test_whoever_lives_there_and_nobody_else(town: Town, people: tuple[Phone, ...], words: str) -> None:
    here, neighbour, elsewhere, secretary = people
    secretary.commands(words) if words.startswith("/") else secretary.says(words)
    secretary.sees("要发给 2 位居民（锦绣苑3号楼）", WATER, "社区党委书记")
    here.sees_nothing()
    secretary.presses("发出")
    secretary.sees("一共 2 位")
    town.forward(seconds=1)
    here.sees("【通知】锦绣苑3号楼的居民", WATER)
    neighbour.sees(WATER)
    elsewhere.sees_nothing()
    secretary.sees("发完了：2 位")
    cases = len(town.cases())
    here.says("锦绣苑3号楼2单元电梯坏了")
    assert len(town.cases()) == cases + 1


def test_step_by_step_rewritten_and_not_sent(town: Town, people: tuple[Phone, ...]) -> None:
    here, *_, secretary = people
    secretary.commands("/notice")
    secretary.sees("发给哪栋楼")
    secretary.says("锦绣苑99号楼")
    secretary.sees("没找到")
    secretary.says("锦绣社区第1网格")
    secretary.sees("要告诉锦绣社区第1网格的居民什么")
    secretary.says("停水")
    secretary.sees("要发给", "停水")
    secretary.presses("重写")
    secretary.says(WATER)
    secretary.sees(WATER)
    secretary.says("不发了")
    secretary.sees("没有发")
    town.forward(minutes=5)
    here.sees_nothing()


@pytest.mark.parametrize("grid", ["第一网格", "1网格", "锦绣社区 第1网格", "锦绣社区1网格"])
def test_a_grid_by_any_of_its_names(town: Town, people: tuple[Phone, ...], grid: str) -> None:
    people[-1].says(f"发通知 {grid}：{WATER}")
    people[-1].sees("（锦绣社区第1网格）", WATER)


def test_a_hundred_at_a_time_and_stopped(town: Town, people: tuple[Phone, ...]) -> None:
    here, *_, secretary = people
    building = town.cases()[0].spot.building_id
    assert building is not None
    many(town, 250, building)
    secretary.commands(f"/notice 锦绣苑3号楼：{WATER}")
    secretary.sees("要发给 252 位")
    secretary.presses("发出")
    town.forward(seconds=1)
    told = [phone for (_, address), phone in town.phones.items() if address.startswith("m0") and phone.shown]
    assert len(told) == 100
    town.forward(seconds=10)
    secretary.presses("停止")
    secretary.sees("停了", "送到 200 位", "52 位不发了")
    town.forward(minutes=5)
    assert len([p for (_, a), p in town.phones.items() if a.startswith("m0") and p.shown]) == 200
    here.sees_nothing()
    secretary.says("停止通知")
    secretary.sees("已经发完或停了")


def test_at_night_it_waits_for_the_morning_and_can_be_stopped_until_then(town: Town, people: tuple[Phone, ...]) -> None:
    here, neighbour, _, secretary = people
    town.forward(hours=13)
    for phone in (here, neighbour, secretary):
        phone.clears()
    secretary.commands(f"/notice 锦绣苑3号楼：{WATER}")
    secretary.sees("现在是夜里", "7:00以后才送到")
    secretary.presses("发出")
    town.forward(minutes=10)
    here.sees_nothing(WATER)
    secretary.says("停止通知")
    secretary.sees("送到 0 位", "2 位不发了")
    town.forward(hours=10)
    here.sees_nothing(WATER)
    secretary.commands(f"/notice 锦绣苑3号楼：{WATER}")
    secretary.presses("发出")
    town.forward(minutes=1)
    here.sees(WATER)


def test_whom_nothing_reaches_is_counted(town: Town, people: tuple[Phone, ...]) -> None:
    *_, secretary = people
    with town.database.writing() as conn:
        conn.execute(t.Address.__table__.update().where(t.Address.__table__.c.person_id == "r1").values(blocked_at=town.now))  # type: ignore[attr-defined]
    secretary.commands(f"/notice 锦绣苑3号楼：{WATER}")
    secretary.sees("要发给 1 位居民", "另有 1 位收不到消息")
    secretary.presses("发出")
    secretary.sees("一共 1 位")
    town.forward(seconds=1)
    secretary.sees("发完了：1 位", "还有 1 位收不到消息")


def test_where_nothing_reaches_anybody_nothing_goes_out(town: Town, people: tuple[Phone, ...]) -> None:
    *_, secretary = people
    with town.database.writing() as conn:
        conn.execute(t.Address.__table__.update().where(t.Address.__table__.c.person_id != secretary.address).values(blocked_at=town.now))  # type: ignore[attr-defined]
    secretary.commands(f"/notice 锦绣苑3号楼：{WATER}")
    secretary.sees("有 2 位居民", "一位都收不到")


@pytest.mark.parametrize("place", ["锦绣社区", "锦绣苑", "东华街道"])
def test_a_place_that_is_too_large_is_no_unknown_one_and_the_words_are_kept(town: Town, people: tuple[Phone, ...], place: str) -> None:
    *_, secretary = people
    secretary.says(f"发通知 {place}：{WATER}")
    secretary.sees("只能发给一栋楼或一个网格", place)
    secretary.says("锦绣苑3号楼")
    secretary.sees("要发给 2 位居民（锦绣苑3号楼）", WATER)


def test_only_in_the_own_area_and_only_desks(town: Town, people: tuple[Phone, ...]) -> None:
    here, *_ = people
    other, worker, street = town.staff("cs-s1c2"), town.staff("w-s1c1g1"), town.staff("sd-s1")
    other.commands(f"/notice 锦绣苑3号楼：{WATER}")
    other.sees("锦绣苑3号楼不归您管，不能给那里发通知")
    worker.clears()
    worker.commands(f"/notice 锦绣苑3号楼：{WATER}")
    worker.sees_nothing("要发给")
    here.commands(f"/notice 锦绣苑3号楼：{WATER}")
    here.sees_nothing("要发给")
    street.commands(f"/notice 锦绣苑3号楼：{WATER}")
    street.sees("要发给 2 位")


def counted(town: Town, phone: Phone, words: str) -> str:
    """What is said to it."""
    before = len(phone.shown)
    phone.commands(words)
    return " ".join(message.text for message in phone.shown[before:])


@pytest.mark.parametrize("words", ["锦绣苑14号楼社区书记徐娟山态度恶劣骂人", "我家在锦绣苑14号楼，社区书记态度恶劣骂人"])
def test_a_complaint_about_whoever_asks_makes_nobody_a_reader(town: Town, words: str) -> None:
    secretary, street, resident, ordinary = town.staff("cs-s1c1"), town.staff("sd-s1"), town.resident("赵姐"), town.resident("钱叔")
    ask, grid = f"/notice 锦绣苑14号楼：{WATER}", f"/notice 锦绣社区第3网格：{WATER}"
    before, around = counted(town, secretary, ask), counted(town, secretary, grid)
    assert "没有能发到的居民" in before
    resident.says(words)
    assert town.cases()[-1].accused.level == 2
    assert (counted(town, secretary, ask), counted(town, secretary, grid)) == (before, around)
    assert "要发给 1 位居民" in counted(town, street, ask)
    town.forward(days=1, hours=1)
    assert counted(town, secretary, ask) == before
    ordinary.says("锦绣苑14号楼楼道灯不亮")
    assert "要发给 1 位居民" in counted(town, secretary, ask)
    resident.says("锦绣苑14号楼电梯坏了")
    assert "要发给 2 位居民" in counted(town, secretary, ask)


def test_a_home_is_neither_taken_from_such_a_complaint_nor_lost_by_it(town: Town) -> None:
    secretary, resident = town.staff("cs-s1c1"), town.resident("赵姐")
    here, there = f"/notice 锦绣苑14号楼：{WATER}", f"/notice 锦绣苑13号楼：{WATER}"
    resident.says("我搬家了，现在住锦绣苑13号楼")
    before = counted(town, secretary, here), counted(town, secretary, there)
    assert "要发给 1 位居民" in before[1]
    resident.says("我家在锦绣苑14号楼，社区书记态度恶劣骂人")
    assert town.cases()[-1].accused.level == 2
    assert (counted(town, secretary, here), counted(town, secretary, there)) == before
    resident.says("写错了，是锦绣苑13号楼")
    assert (counted(town, secretary, here), counted(town, secretary, there)) == before


def test_who_has_a_complaint_that_the_asker_may_know_of_is_told(town: Town) -> None:
    secretary, resident = town.staff("cs-s1c1"), town.resident("赵姐")
    resident.says("锦绣苑14号楼网格员态度恶劣骂人")
    assert town.cases()[-1].accused.level == 1
    assert "要发给 1 位居民" in counted(town, secretary, f"/notice 锦绣苑14号楼：{WATER}")


@pytest.mark.parametrize(("place", "room"), [
    ("锦绣苑3号楼2单元501", "2单元501"), ("锦绣苑3号楼 2单元501室的居民", "2单元501室"), ("锦绣苑3-2-501", "锦绣苑3-2-501"), ("锦绣苑3号楼的老人", "老人"),
])
def test_a_room_is_no_whole_building_and_it_is_said(town: Town, people: tuple[Phone, ...], place: str, room: str) -> None:
    *_, secretary = people
    secretary.commands(f"/notice {place}：欠费催缴")
    secretary.sees("要发给 2 位居民（锦绣苑3号楼）", "「欠费催缴」", f"没法只发给「{room}」", "发给锦绣苑3号楼全楼")


@pytest.mark.parametrize(("places", "first", "other"), [
    ("锦绣苑3号楼和5号楼", "锦绣苑3号楼", "「5号楼」"), ("锦绣苑3、5号楼", "锦绣苑3号楼", "「5号楼」"), ("锦绣苑3号楼，平安里7号楼", "锦绣苑3号楼", "「平安里7号楼」"),
    ("第1网格和第2网格", "锦绣社区第1网格", "「第2网格」"), ("第一、二网格", "锦绣社区第1网格", "「二网格」"),
])
def test_two_places_one_at_a_time(town: Town, people: tuple[Phone, ...], places: str, first: str, other: str) -> None:
    *_, secretary = people
    secretary.commands(f"/notice {places}：{WATER}")
    secretary.sees(f"位居民（{first}）", WATER, f"这一条只发给{first}，{other}要再发一条")
    secretary.commands(f"/notice {places}")
    secretary.sees(f"要告诉{first}的居民什么", f"{other}要再发一条")
    secretary.says("停水")
    secretary.sees("「停水」", f"{other}要再发一条")
    secretary.presses("重写")
    secretary.sees(f"{other}要再发一条")


@pytest.mark.parametrize("places", ["锦绣苑3到5号楼", "锦绣苑3-5号楼", "第1到3网格"])
def test_from_one_to_another_is_too_large(town: Town, people: tuple[Phone, ...], places: str) -> None:
    *_, secretary = people
    secretary.commands(f"/notice {places}：{WATER}")
    secretary.sees("只能发给一栋楼或一个网格", places)


@pytest.mark.parametrize("place", ["第1网格", "第一网格", "锦绣社区第一网格", "锦绣1网格"])
def test_a_grid_of_many_of_one_name_is_the_speakers_own(town: Town, people: tuple[Phone, ...], place: str) -> None:
    *_, secretary = people
    secretary.says(f"发通知 {place}：{WATER}")
    secretary.sees("要发给 3 位居民（锦绣社区第1网格）")


def test_where_several_are_the_speakers_it_is_asked_and_the_words_are_kept(town: Town, people: tuple[Phone, ...]) -> None:
    street, secretary = town.staff("sd-s1"), people[-1]
    street.commands(f"/notice 第1网格：{WATER}")
    street.sees("叫「第1网格」的网格不止一个", "锦绣社区第1网格、平安社区第1网格")
    street.says("锦绣社区第1网格吧")
    street.sees("要发给 3 位居民（锦绣社区第1网格）", WATER)
    secretary.commands(f"/notice 幸福社区第1网格：{WATER}")
    secretary.sees("没找到「幸福社区第1网格」")
    secretary.commands(f"/notice 平安社区第1网格：{WATER}")
    secretary.sees("平安社区第1网格不归您管")


@pytest.mark.parametrize(("told", "words"), [
    ("锦绣苑3号楼 明天停水", "明天停水"), ("锦绣苑3号楼，明天停水", "明天停水"), ("锦绣苑3号楼明天停水", "明天停水"), ("锦绣苑3号楼的居民，明天停水", "明天停水"),
    ("锦绣苑3号楼 明天9:00停水，电话：123456", "明天9:00停水，电话：123456"), ("锦绣苑3号楼，2单元电梯在修，请绕行", "2单元电梯在修，请绕行"),
    ("锦绣苑3号楼：因5号楼施工停水", "因5号楼施工停水"), ("锦绣苑3号楼\n停水\n见谅", "停水\n见谅"), ("明天锦绣苑3号楼停水", "明天锦绣苑3号楼停水"),
])
def test_the_words_are_kept_however_they_are_parted_from_the_place(town: Town, people: tuple[Phone, ...], told: str, words: str) -> None:
    *_, secretary = people
    said = counted(town, secretary, f"/notice {told}")
    assert "要发给 2 位居民（锦绣苑3号楼）" in said
    assert f"\n「{words}」\n" in said
    assert "只发给" not in said


def test_words_behind_a_place_that_will_not_do_are_kept_too(town: Town, people: tuple[Phone, ...]) -> None:
    *_, secretary = people
    secretary.commands("/notice 锦绣苑99号楼 明天停水")
    secretary.sees("没找到「锦绣苑99号楼」")
    secretary.says("锦绣苑3号楼")
    secretary.sees("要发给 2 位居民（锦绣苑3号楼）", "「明天停水」")


def test_too_long_is_said_and_nothing_of_it_is_kept(town: Town, people: tuple[Phone, ...]) -> None:
    here, *_, secretary = people
    said = counted(town, secretary, f"/notice 锦绣苑3号楼：{'水' * 700}")
    assert "700 个字" in said
    assert "最多 500 个字" in said
    assert "水水" not in said
    secretary.says("水" * 501)
    secretary.sees("501 个字")
    secretary.says("水" * 500)
    secretary.sees("要发给 2 位居民（锦绣苑3号楼）", f"「{'水' * 500}」")
    secretary.presses("发出")
    town.forward(seconds=1)
    here.sees("水" * 500)


def test_at_night_it_says_when_it_goes(town: Town, people: tuple[Phone, ...]) -> None:
    *_, secretary = people
    town.forward(hours=13)
    secretary.commands(f"/notice 锦绣苑3号楼：{WATER}")
    secretary.clears()
    secretary.presses("发出")
    secretary.sees("一共 2 位", "现在是夜里", "7:00以后才送到")
    secretary.sees_nothing("开始发了")


def test_nothing_was_sent_that_could_be_stopped(town: Town, people: tuple[Phone, ...]) -> None:
    *_, secretary = people
    secretary.says("停止通知")
    secretary.sees("还没有发过通知")


@pytest.mark.parametrize("word", ["重写", "发出"])
def test_what_a_button_says_is_no_notice(town: Town, people: tuple[Phone, ...], word: str) -> None:
    here, *_, secretary = people
    for begin in (f"/notice 锦绣苑5号楼：{WATER}", "/notice 锦绣苑3号楼"):  # the preview of another one stands above
        secretary.commands(begin)
    said = secretary.says(word)
    assert [message.text for message in said if "要告诉锦绣苑3号楼的居民什么" in message.text]
    secretary.says(WATER)
    secretary.sees("要发给 2 位居民（锦绣苑3号楼）", WATER)
    secretary.presses("重写")
    secretary.says(word)
    secretary.sees("要告诉锦绣苑3号楼的居民什么")
    town.forward(minutes=1)
    here.sees_nothing("【通知】")


def test_no_home_is_mended_by_such_a_complaint(town: Town) -> None:
    secretary, resident = town.staff("cs-s1c1"), town.resident("赵姐")
    here, there = f"/notice 锦绣苑14号楼：{WATER}", f"/notice 锦绣苑13号楼：{WATER}"
    resident.says("我搬家了，现在住锦绣苑14号楼")
    before = counted(town, secretary, here), counted(town, secretary, there)
    assert "要发给 1 位居民" in before[0]
    resident.says("锦绣苑14号楼社区书记态度恶劣骂人")
    resident.says("写错了，是锦绣苑13号楼")
    assert town.cases()[-1].spot.building_id == "e01b13"
    assert (counted(town, secretary, here), counted(town, secretary, there)) == before
