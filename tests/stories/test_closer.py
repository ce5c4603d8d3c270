"""Figures by topic, estate, urgency, channel and origin, and what lies behind the first lines: each number counted by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from casework.accused import Accused
from casework.case import Answer, Case, Spot, State, Urgency
from tests.fakes.month import MADE_AT, Month
from tests.fakes.town import Phone, Town

HERE = Spot(estate_id="e01", building_id="e01b03", unit="2")


@pytest.fixture
def town(town: Town) -> Town:
    """October in 锦绣社区: five cases in its estate and two elsewhere, one of them struck out; one in September, two a year before."""
    town.now, town.check = MADE_AT, False
    month = Month(town)
    month.case("09-02", spot=HERE)
    for number in ("25-000001", "25-000002"):
        month.case("10-05", spot=HERE, number=number, **_a_year_before())
    month.solved("10-05", spot=HERE, reopens=1)
    month.solved("10-06", spot=HERE, urgency=Urgency.URGENT, channel="phone", origin="hotline")
    month.case("10-07", spot=HERE, urgency=Urgency.EMERGENCY, danger="gas", category="water_power_gas", topic="gas_smell", channel="telegram")
    month.case("10-08", spot=HERE, category="sanitation", topic="rubbish", origin="visit")
    month.case("10-09", spot=HERE, category="sanitation", topic="rubbish", acknowledged_at=None, climbed_at=MADE_AT - timedelta(days=3), rung=1)
    month.case("10-10", category="sanitation", topic="rubbish")
    month.case("10-11", category="sanitation", topic="rubbish", struck_out=True, state=State.CLOSED_UNANSWERED, answer=Answer.NOT_SOLVED)
    month.case("10-12", "s1c2g1", spot=HERE)
    month.case("10-13", spot=HERE, category="sanitation", topic="rubbish", accused=Accused(("secretary",), ("cs-s1c1",)))
    month.counted()
    return town


def _a_year_before() -> dict[str, datetime]:
    at = datetime.fromisoformat("2025-10-05T02:00:00+00:00")
    return {"filed_at": at, "clock_from": at, "acknowledged_at": at + timedelta(minutes=10)}


@pytest.fixture
def secretary(town: Town) -> Phone:
    return town.staff("cs-s1c1")


def answer(phone: Phone, words: str) -> str:
    before = len(phone.shown)
    phone.says(words)
    return phone.shown[before].text


@pytest.mark.parametrize(("words", "title", "filed"), [
    ("上个月汇总", "锦绣社区 ", 6),
    ("10月汇总", "锦绣社区 10月", 6),
    ("锦绣小区 10月", "锦绣社区 锦绣苑 10月", 5),
    ("垃圾 10月", "锦绣社区 垃圾 10月", 3),
    ("锦绣小区垃圾 10月", "锦绣社区 锦绣苑 垃圾", 2),
    ("10月紧急的", "锦绣社区 紧急 10月", 1),
    ("10月涉及人身安全的", "锦绣社区 涉及人身安全", 1),
    ("10月 普通 垃圾", "锦绣社区 垃圾 一般", 3),
    ("10月电话报的", "锦绣社区 电话", 1),
    ("10月走访发现的", "锦绣社区 走访发现", 1),
    ("10月热线供暖", "锦绣社区 供暖 热线转来", 1),
    ("10月7日到10月9日汇总", "10月7日–9日", 3),
    ("第1网格 10月", "锦绣社区第1网格 10月", 6),
])  # fmt: skip
def test_the_question_names_which_cases_are_meant(secretary: Phone, words: str, title: str, filed: int) -> None:
    told = answer(secretary, words)
    assert title in told.splitlines()[0]
    assert f"登记 {filed} 件" in told


def test_beside_the_month_before_and_the_same_month_of_last_year(secretary: Phone) -> None:
    told = answer(secretary, "锦绣小区 10月")
    assert "比前一段（9月1日–30日）多 4 件，去年同期 2 件。" in told
    assert "去年同期：响应率 100%（2/2）" in answer(secretary, "锦绣小区 10月三率")
    assert "比前一段（9月1日–30日）多 3 件" in answer(secretary, "垃圾 10月")  # there were other cases: none of this kind is a figure
    assert "前一段（8月1日–31日）没有数据可比，去年同期还没有数据。" in answer(secretary, "锦绣小区 9月")


def test_what_is_late_is_of_the_same_cases(secretary: Phone) -> None:
    assert "现在超期 1 件" in answer(secretary, "垃圾 今年")
    assert "现在没有超期的" in answer(secretary, "今年供暖")


def test_what_is_late_now_is_not_told_beside_days_that_are_over(secretary: Phone) -> None:
    for words in ("10月汇总", "去年汇总", "垃圾 10月"):
        told = answer(secretary, words)
        assert "居民说解决了" in told
        assert "超期" not in told


def test_a_stretch_that_is_not_over_is_compared_with_the_same_days(secretary: Phone) -> None:
    assert "比前一段（2025年1月1日–11月1日）" in answer(secretary, "今年汇总")


def test_days_that_were_named_by_their_dates_are_told_once(secretary: Phone) -> None:
    for words in ("10月7日到10月9日汇总", "10月7号到9号汇总", "2026-10-07到10-09汇总", "锦绣社区 十月七日到九日 汇总"):
        assert answer(secretary, words).splitlines()[0] == "锦绣社区 10月7日–9日"
    assert answer(secretary, "10月汇总").splitlines()[0] == "锦绣社区 10月（10月1日–31日）"


def test_topics_with_two_names_are_told_apart(town: Town, secretary: Phone) -> None:
    from storage import tables as t

    with town.database.writing() as conn:
        conn.execute(t.Case.__table__.update().where(t.Case.__table__.c.topic == "rubbish").values(topic="leak"))  # type: ignore[attr-defined]
    assert "具体是：漏水、渗水 3；暖气不热 2" in answer(secretary, "10月汇总")


def test_behind_the_first_lines(secretary: Phone) -> None:
    secretary.says("10月汇总")
    secretary.clears()
    secretary.presses("细看")
    told = secretary.sees("登记 6 件").text
    for line in (
        "其中涉及人身安全 1 件，紧急 1 件，一般 4 件。",
        "从哪里来：居民自己报 4、走访发现 1、热线转来 1",
        "怎么报的：网页 4、Telegram 1、电话 1",
        "（5 件）",
        "多久居民说解决了：一半在",
        "重办率 20%（1/5）",  # the record from the hotline does not say
        "另有剔除的 1 件没算在上面；连剔除的一起 7 件：响应率 71.4%（5/7），解决率 66.7%（2/3）",
    ):
        assert line in told
    secretary.presses("返回")
    secretary.sees("锦绣社区 10月", "登记 6 件")


@pytest.mark.parametrize(("words", "count"), [("10月多久有人接", 5), ("锦绣小区 10月多久有人接", 4), ("10月7日到9日多久有人接", 2), ("第1网格 10月 细看", 5)])
def test_how_long_it_took_from_the_roll_ups_and_from_the_cases(secretary: Phone, words: str, count: int) -> None:
    line = next(line for line in answer(secretary, words).splitlines() if line.startswith("多久有人接"))
    assert line.endswith(f"（{count} 件）")
    half, most = (float(part.split("分钟")[0].rpartition("在")[2]) for part in line.split("，"))
    assert 23.5 < half <= most < 36.5  # all of them half an hour, in a bucket a quarter wide


def test_a_complaint_about_the_secretary_is_in_none_of_hers_and_in_those_above(town: Town, secretary: Phone) -> None:
    assert "登记 5 件" in answer(secretary, "锦绣小区 10月")
    street = town.staff("sd-s1")
    assert "登记 7 件" in answer(street, "锦绣小区 10月")  # with hers, and with the part of the estate in the next community
    told = answer(street, "锦绣小区 10月 按来源")
    assert "从哪里来：居民自己报 5、走访发现 1、热线转来 1" in told


def test_from_an_estate_to_its_grids_to_its_cases(town: Town) -> None:
    street = town.staff("sd-s1")
    street.says("锦绣小区 10月")
    street.presses("按地方看")
    street.sees("锦绣社区：6 件", "平安社区：1 件")
    street.presses("平安社区 1")
    street.presses("平安社区第1网格 1")
    street.sees("26-0000", "供暖")
    assert len([b for b in street.shown[-1].buttons if b["label"].startswith("26-")]) == 1


def test_an_estate_of_others_is_not_theirs_and_one_with_another_name_is_offered(town: Town, secretary: Phone) -> None:
    other = town.staff("cs-s2c1")
    assert "锦绣苑不归您管" in answer(other, "锦绣小区 10月")
    assert "没找到「锦秀小区」" in answer(secretary, "锦秀小区 10月汇总")
    secretary.presses("锦绣苑")
    secretary.sees("锦绣社区 锦绣苑")


def test_a_button_from_before_still_leads_to_its_view(town: Town) -> None:
    from handlers.summaries.looking import view_of

    view = view_of({"area": "s1c1", "first": "2026-10-01", "last": "2026-10-31", "words": "10月", "level": "whole", "category": "", "page": "0", "up": ""})
    assert (view.area, view.topic, view.estate) == ("s1c1", "", "")


def test_nothing_is_counted_from_every_case_where_the_roll_ups_know_it(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from casework import figures
    from handlers.summaries import counted

    def never(*told: object) -> list[Case]:
        raise AssertionError("every case of the city was read")

    monkeypatch.setattr(counted, "cases", never)
    monkeypatch.setattr(figures, "FEW", 0)  # of a few the waits are told exactly
    city = town.staff("city-1")
    for words in ("10月汇总", "10月供暖", "10月三率", "10月 细看"):
        assert "登记" in answer(city, words) or "响应率" in city.shown[-1].text
