"""What a cell says of the check-back: only what says yes is yes, and what nobody knows is said to be unread."""

from __future__ import annotations

import pytest

from bot.records import answers
from casework.case import Answer, Satisfaction

WORDS = {
    Answer.SOLVED: "是 已解决 解决 解决了 已办结并解决 问题已解决 得到解决 圆满解决 已经得到解决 全部解决 已现场解决 已协调解决 供暖问题解决了 市民表示问题已解决 已解决，谢谢 已解决；满意度未评价 修好了，谢谢 是否解决：是",
    Answer.PARTLY: "部分 部分解决 基本解决 解决了一部分 解决不彻底 未全部解决 没有彻底解决 部分未解决 已办结，部分解决",
    Answer.NOT_SOLVED: "否 未解决 没有解决 未得到解决 解决不了 难以解决 未予以解决 未给予解决 没有实质解决 暂时无法解决 尚未解决 市民说暖气还是没解决 未解决，要求尽快解决 是否解决：否",
    None: "解决中 正在解决 协调解决中 待解决 拟解决 限期解决 承诺解决 即将解决 要求解决 处理中 未联系上 无人接听 未评价 - 系统默认 默认已解决",
    "unread": "无需解决 协调解决 可解决 本月解决 快解决了 已安排解决 单位称已解决 已解决，市民不认可 已解决，无人接听 已解决但仍漏水 已解决/未解决 □已解决□未解决 是/否 已解决？ 没有不解决 "
    "已办结 已处理 重复件 不属实 解释说明 已核实 待恢复供暖 拟办好 单位称已修好 正常办结 已完成 已整改 接受 不合理诉求 不认可",
}  # fmt: skip
GRADES = {
    Satisfaction.SATISFIED: "满意 非常满意 令人满意 是 五星好评 对处理结果表示满意 满意度：满意 满意（5分） 1-满意 满意，谢谢",
    Satisfaction.MOSTLY: "基本满意 比较满意 一般 还算满意",
    Satisfaction.DISSATISFIED: "不满意 很不满意 非常不满意 否 不是很满意 不够满意 不甚满意 不怎么满意 不十分满意 对结果不大满意 不算满意 谈不上满意 欠满意 未满意 不太满意 市民对处理结果不满意 强烈不满 差评",
    None: "超时默认满意 系统默认满意 逾期未评价视为满意 未评价",
    "unread": "满意/不满意 满意□不满意□ 满意/基本满意/不满意 没有不满意 满意？ 满意，但速度慢 部分满意 5 已解决",
}


def each(told: dict[object, str]) -> list[tuple[str, object]]:
    return [(cell, said) for said, cells in told.items() for cell in cells.split(" ")]


@pytest.mark.parametrize(("cell", "answer"), [*each(WORDS), ("", None), ("未 解决", Answer.NOT_SOLVED)])
def test_an_answer_as_registers_write_it(cell: str, answer: object) -> None:
    said = answers.outcome(cell)
    assert (said.answer if said else "unread") == answer


@pytest.mark.parametrize(("cell", "grade"), each(GRADES))
def test_a_verdict_as_registers_write_it(cell: str, grade: object) -> None:
    said = answers.grade(cell)
    assert (said.satisfaction if said else "unread") == grade


@pytest.mark.parametrize("before", ["不", "未", "没", "难", "能", "将", "请", "待", "快", "要", "想", "求", "盼", "尚", "某某"])
@pytest.mark.parametrize("after", ["不", "中", "吗", "前", "某某"])
def test_unknown_words_around_it_make_no_yes(before: str, after: str) -> None:
    for cell in (f"{before}解决", f"解决{after}", f"{before}解决{after}"):
        said = answers.outcome(cell)
        assert said is None or said.answer is not Answer.SOLVED, cell
    for cell in (f"{before}满意", f"满意{after}"):
        said = answers.grade(cell)
        assert said is None or said.satisfaction is not Satisfaction.SATISFIED, cell


def test_both_in_one_cell() -> None:
    assert answers.outcome("已解决，基本满意") == answers.Said(Answer.SOLVED, Satisfaction.MOSTLY)
    assert answers.outcome("已解决但不满意") == answers.Said(Answer.SOLVED, Satisfaction.DISSATISFIED)
    assert answers.outcome("对问题解决不满意") == answers.Said(None, Satisfaction.DISSATISFIED)
    assert answers.outcome("是否解决：是；是否满意：否") == answers.Said(Answer.SOLVED, Satisfaction.DISSATISFIED)


def test_a_story_is_no_answer() -> None:
    assert answers.outcome("已解决，谢谢").answer is Answer.SOLVED
    assert answers.outcome("已解决，" + "谢谢，" * 300) is None
    assert answers.grade("满意，谢谢").satisfaction is Satisfaction.SATISFIED
    assert answers.grade("满意，" + "谢谢，" * 300) is None
