"""Supervisors' questions read: area, category, topic and time in any order, and nothing that may be meant otherwise."""

from datetime import date

import pytest

from nlp.asked import Area, nearest, read_asked, read_said

TODAY = date(2026, 12, 3)
AREAS = [
    Area("c", ("恒安新区", "恒安")), Area("s1", ("第一街道", "第一街道办")), Area("k1", ("锦绣社区", "锦绣居委会")),
    Area("g1", ("锦绣社区第1网格",)), Area("k2", ("平安社区",)),
]  # fmt: skip
TOPICS = {"电梯": "lift", "暖气不热": "no_heat"}


@pytest.mark.parametrize(("text", "area", "category", "first"), [
    ("本周汇总", (), "", date(2026, 11, 30)),
    ("上个月供暖", (), "heating", date(2026, 11, 1)),
    ("一街道物业 3月", ("s1",), "property_service", date(2026, 3, 1)),
    ("3月 第一街道办 物业服务", ("s1",), "property_service", date(2026, 3, 1)),
    ("锦绣社区第1网格上周怎么样？", ("g1",), "", date(2026, 11, 23)),
    ("给我看看锦绣最近7天的情况", ("k1",), "", date(2026, 11, 27)),
])  # fmt: skip
def test_the_same_in_any_order(text, area, category, first):
    asked = read_asked(text, TODAY, AREAS, TOPICS)
    assert (asked.areas, asked.category, asked.period.first) == (area, category, first)
    assert asked.plain


@pytest.mark.parametrize(("text", "category", "topic", "only", "closer"), [
    ("上个月暖气不热", "", "no_heat", {}, False),
    ("上个月暖气", "heating", "", {}, False),
    ("本月电梯", "", "lift", {}, False),
    ("锦绣社区本月紧急的", "", "", {"urgency": "urgent"}, False),
    ("本月 普通 走访发现", "", "", {"urgency": "normal", "origin": "visit"}, False),
    ("上个月微信报的", "", "", {"channel": "wechat"}, False),
    ("上个月供暖多久有人接", "heating", "", {}, True),
    ("本月从哪里来的", "", "", {}, True),
])  # fmt: skip
def test_of_one_topic_urgency_channel_or_origin_and_what_lies_behind(text, category, topic, only, closer):
    asked = read_asked(text, TODAY, AREAS, TOPICS)
    assert (asked.category, asked.topic, asked.only, asked.closer) == (category, topic, only, closer)
    assert asked.plain


@pytest.mark.parametrize("text", ["暖气3月就不热了", "上个月打电话没人接", "本月热线说给修没修", "一般10月就供暖了", "上个月修的电梯又坏了", "本周", "锦绣社区", "3月的物业费还没退给我"])
def test_a_complaint_or_half_a_question_is_no_question(text):
    assert not read_asked(text, TODAY, AREAS, TOPICS).plain


def test_what_nobody_knows_is_left_over_and_has_neighbours():
    asked = read_asked("锦秀社区 本月汇总", TODAY, AREAS)
    assert asked.rest == "锦秀社区"
    assert nearest(asked.rest, AREAS)[0] == "k1"


@pytest.mark.parametrize("text", ["第一网格 本周", "锦绣社区一网格 本周", "锦绣1网格 本周", "锦绣社区 1号网格 本周"])
def test_a_grid_by_any_of_its_names(text):
    grids = [Area("g1", ("锦绣社区第1网格", "第1网格", "锦绣1网格")), Area("g11", ("锦绣社区第11网格", "第11网格", "锦绣11网格"))]
    asked = read_asked(text, TODAY, [AREAS[2], *grids])
    assert (asked.also[0][1] if asked.also else asked.areas, asked.rest) == (("g1",), "")


def test_several_places_and_kinds_are_told_apart():
    asked = read_asked("锦绣社区和平安社区 供暖 物业 本月", TODAY, AREAS, TOPICS)
    assert (asked.called, asked.areas, asked.also) == ("锦绣社区", ("k1",), (("平安社区", ("k2",)),))
    assert (asked.category, asked.kinds, asked.rest) == ("heating", ("物业",), "")
    assert not read_asked("昨天暖气和电梯", TODAY, AREAS, TOPICS).plain  # a category and a topic: may be what somebody did


@pytest.mark.parametrize(("text", "first", "hints"), [
    ("跟上个月比", date(2026, 12, 1), ("compared",)), ("跟上周比", date(2026, 11, 30), ("compared",)), ("今年比去年", date(2026, 1, 1), ("compared",)),
    ("10月没办完的", date(2026, 10, 1), ("open_only",)), ("上个月办结率", date(2026, 11, 1), ("no_rate",)), ("上个月报告", date(2026, 11, 1), ("report",)),
])  # fmt: skip
def test_what_no_figure_is_called_is_told(text, first, hints):
    asked = read_asked(text, TODAY, AREAS, TOPICS)
    assert (asked.period.first, asked.hints, asked.rest) == (first, hints, "")


@pytest.mark.parametrize(("text", "said"), [
    ("上个月三率 第1网格", ("/rates", "上个月 第1网格")),
    ("这个月三率比上个月", ("/rates", "这个月 比上个月")),
    ("供暖超期的", ("/overdue", "供暖")),
    ("锦绣苑超期了", None),
    ("发我10月报告", ("/summary", "10月 报告")),
    ("谁超期了？", ("/overdue", "")),
    ("哪些工单超期了", ("/overdue", "")),
    ("最近有什么热点", ("/hot", "")),
    ("锦绣社区上个月满意率", ("/rates", "锦绣社区上个月")),
    ("找 暖气", ("/find", "暖气")),
    ("督办 26-000123", ("/supervise", "26-000123")),
    ("26-000123督办", ("/supervise", "26-000123")),
    ("把26-000123并到26-000100", ("/merge", "26-000123并到26-000100")),
    ("我的暖气费超期了怎么办", None),
    ("找书记", None),
])  # fmt: skip
def test_questions_in_plain_words(text, said):
    assert read_said(text) == said
