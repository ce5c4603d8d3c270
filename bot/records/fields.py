"""What a record may tell, by which headings exports call it, and which column of a sheet is probably which."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.records.answers import grade, outcome
from bot.records.values import phone_of, when


@dataclass(frozen=True)
class Field:
    """`title` is what it is called to people; `headings` as exports have them, the surest first; `bears` says whether a cell may be one:
    a column of which few cells may is another thing under the same name."""

    name: str
    title: str
    headings: tuple[str, ...]
    bears: Callable[[str], bool] | None = None


def _field(name: str, title: str, headings: str, bears: Callable[[str], bool] | None = None) -> Field:
    return Field(name, title, tuple(headings.split()), bears)


FIELDS = (
    _field("number", "编号", "工单编号 诉求编号 工单号 受理编号 诉求单号 案件编号 事件编号 任务编号 登记编号 工单流水号 流水号 受理单号 单号 编号 工单ID"),
    _field("filed_at", "受理时间", "受理时间 来电时间 诉求时间 登记时间 反映时间 接件时间 来件时间 创建时间 提交时间 派单时间 受理日期 来电日期 登记日期 日期 时间", lambda cell: when(cell) is not None),
    _field("acknowledged_at", "签收时间", "签收时间 接单时间 首次响应时间 首次联系时间 响应时间 联系时间", lambda cell: when(cell) is not None),
    _field("ended_at", "办结时间", "办结时间 办结日期 结案时间 完成时间 办理完成时间 办结反馈时间 归档时间 完结时间", lambda cell: when(cell) is not None),
    _field("answered_at", "回访时间", "回访时间 回访日期 评价时间", lambda cell: when(cell) is not None),
    _field("title", "标题", "诉求标题 工单标题 标题 主题 诉求主题 事件标题"),
    _field("content", "内容", "诉求内容 反映内容 来电内容 工单内容 问题描述 诉求描述 主要内容 具体内容 事件描述 问题内容 反映问题 内容 诉求 描述"),
    _field("estate", "小区", "小区名称 所属小区 小区 楼盘"),
    _field("address", "地址", "诉求地址 事发地址 事发地点 发生地址 发生地点 问题地址 详细地址 事件地址 地址 地点 位置"),
    _field("subdistrict", "街道", "所属街道 属地街道 街道（乡镇） 街道乡镇 街道 镇街 街镇"),
    _field("community", "社区", "所属社区 属地社区 社区（村） 社区名称 社区村 社区"),
    _field("grid", "网格", "所属网格 网格名称 网格"),
    _field("category", "类别", "诉求类别 问题类别 诉求分类 问题分类 三级分类 二级分类 一级分类 事项类别 工单类别 类别 分类 问题类型 诉求类型"),
    _field("department", "办理单位", "办理单位 承办单位 主办单位 责任单位 处置单位 办理部门 承办部门 责任部门"),
    _field("status", "状态", "工单状态 办理状态 处理状态 状态 办结状态 办结类型"),
    _field("solved", "是否解决", "是否解决 解决情况 解决结果 是否已解决 回访结果 解决状态", lambda cell: outcome(cell) is not None),
    _field("satisfaction", "满意度", "满意度 是否满意 满意情况 群众满意度 满意度评价 满意程度 办理结果满意度 回访满意度", lambda cell: grade(cell) is not None),
    _field("phone", "来电号码", "来电号码 联系电话 来电电话 主叫号码 联系方式 手机号 手机号码 电话号码 反映人电话 电话", lambda cell: phone_of(cell) is not None or "*" in cell),
    _field("confidential", "是否保密", "是否保密 保密 信息保密"),
    _field("struck_out", "是否剔除", "是否剔除 剔除"),
)  # fmt: skip
BY_NAME = {field.name: field for field in FIELDS}
BY_TITLE = {field.title: field for field in FIELDS} | BY_NAME
NEEDED = ("filed_at", "content")
NOT_IT = re.compile(r"限|要求|截止|超期|剩余|时长|用时|次数|意见|说明|备注|姓名|联系人$|方式$|是否(?!解决|已解决|满意|保密|剔除)")
"""A heading with one of these words beside a field's own is something else: 办结时限, 回访次数."""
SURE, LIKE = 200, 100
LONGEST = 16
"""What is longer is no heading, unless it is one that is known."""
LOOKED_AT = 50
"""Cells of a column that are looked at."""
BORNE = 0.3

Mapped = dict[str, int]


@lru_cache(4096)
def bare(heading: str) -> str:
    """A heading without blanks, marks and what stands in brackets: 诉求内容（必填）* is 诉求内容."""
    words = re.sub(r"[（(][^（）()]*(?:必填|选填|可选|格式)[^（）()]*[）)]", "", heading)
    return re.sub(r"[\s*＊:：_\-/]+", "", words).casefold()


def guess(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Mapped:
    """Field -> column, the surest pairs first; each column is one field at most. Without a column of its own the content is the title,
    or else the column with the longest texts."""
    found: Mapped = {}
    pairs = [(_likeness(heading, field), field.name, column) for column, heading in enumerate(headings) for field in FIELDS]
    for _, name, column in sorted((p for p in pairs if p[0]), key=lambda p: (-p[0], p[2])):
        if name not in found and column not in found.values() and _borne_out(BY_NAME[name], column, rows):
            found[name] = column
    if "content" not in found:
        _longest(found, len(headings), rows)
    return found


def _likeness(heading: str, field: Field) -> int:
    words = bare(heading)
    if not words:
        return 0
    known = _known(field.name)
    if words in known:
        return SURE - known.index(words)
    if len(words) > LONGEST:
        return 0
    inside = [LIKE - rank for rank, each in enumerate(known) if words.endswith(each) or (len(each) >= 4 and each in words)]
    return max(inside, default=0) if not NOT_IT.search(words) else 0


@cache
def _known(name: str) -> list[str]:
    return [bare(each) for each in BY_NAME[name].headings]


def _borne_out(field: Field, column: int, rows: Sequence[Sequence[str]]) -> bool:
    """Whether the cells are of the kind; a column without any says nothing against it."""
    if field.bears is None:
        return True
    cells = [row[column] for row in rows if column < len(row) and row[column].strip()][:LOOKED_AT]
    return not cells or sum(map(field.bears, cells)) >= BORNE * len(cells)


def _longest(found: Mapped, width: int, rows: Sequence[Sequence[str]]) -> None:
    if "title" in found:
        found["content"] = found.pop("title")
        return
    lengths = {
        column: sum(len(row[column]) for row in rows[:LOOKED_AT] if column < len(row))
        for column in range(width)
        if column not in found.values()
    }
    column = max(lengths, key=lambda each: lengths[each], default=None)
    if column is not None and lengths[column] >= 8 * max(1, len(rows[:LOOKED_AT])):
        found["content"] = column


def told(headings: Sequence[str], found: Mapping[str, int]) -> dict[str, str]:
    """Field -> heading."""
    return {name: headings[column] for name, column in found.items()}
