"""Exports of hotlines that nobody has: five kinds of headings, as a workbook or a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

ROW = {
    "number": "GD20250105001", "title": "暖气不热", "filed_at": "2025-01-05 08:30:00", "content": "三楼暖气冰凉，老人受不了", "address": "锦绣苑3号楼2单元",
    "ended_at": "2025-01-06 10:00:00", "solved": "已解决", "satisfaction": "满意", "phone": "13800000001", "category": "供热", "department": "某供热公司",
}  # fmt: skip
KINDS: dict[str, dict[str, str]] = {  # heading -> what stands below it ("" and other words: something that is not read)
    "a city's": {
        "序号": "1", "工单编号": "number", "来电时间": "filed_at", "诉求标题": "title", "诉求内容": "content", "诉求地址": "address", "诉求类别": "category",
        "承办单位": "department", "办结时间": "ended_at", "办结时限": "2025-01-12", "是否解决": "solved", "满意度": "satisfaction", "来电号码": "phone",
        "诉求人姓名": "某某",
    },
    "a platform's": {
        "受理编号": "number", "登记时间": "filed_at", "问题描述": "content", "事发地点": "address", "问题分类": "category", "责任单位": "department",
        "结案时间": "ended_at", "回访结果": "solved", "满意情况": "satisfaction", "联系方式": "phone", "回访意见": "谢谢", "剩余时长": "3小时",
    },
    "a subdistrict's": {
        "诉求编号*": "number", "受理时间（必填）": "filed_at", "反映内容": "content", "小区名称": "锦绣苑", "详细地址": "3号楼2单元",
        "类 别": "category", "办理部门": "department", "完成时间": "ended_at", "解决情况": "solved", "是否满意": "satisfaction", "联系电话": "phone",
    },
    "a desk's": {"日期": "filed_at", "诉求": "content", "地点": "address", "电话": "phone", "解决情况": "solved", "备注": ""},
    "somebody's own": {"单号": "number", "时间": "filed_at", "主题": "content", "位置": "address"},
}  # fmt: skip


def lines(kind: str, *rows: dict[str, Any]) -> list[list[Any]]:
    """The headings, and a line for each row: ROW with what is told otherwise."""
    told = [{**ROW, **row} for row in rows]
    return [list(KINDS[kind]), *([row.get(name, name) for name in KINDS[kind].values()] for row in told)]


def workbook(path: Path, table: Sequence[Sequence[Any]], merged: Sequence[str] = (), title: str = "工单") -> Path:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for line in table:
        sheet.append(line)
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(path)
    return path


def csv_file(path: Path, table: Sequence[Sequence[Any]], encoding: str = "utf-8-sig") -> Path:
    text = io.StringIO()
    csv.writer(text).writerows(table)
    path.write_bytes(text.getvalue().encode(encoding))
    return path
