"""The contract of the workbook as data: nine sheets, their columns, how a cell is read and what the clerk is told about it.

The same nine tables may come as a folder of CSV files with the columns' English names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.organisation import cells
from bot.organisation import vocabulary as words
from casework import organisation as rows

NO_WORDS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Column:
    """One column. `heading` stands in CSV files, `title` in the workbook; both are read in both. `words`: what may be written there,
    by code. `refers`: the sheet whose rows it names. A cell that may be empty then leaves the default."""

    heading: str
    title: str
    parse: Callable[[str], Any]
    explain: str
    example: str = ""
    needed: bool = False
    fills: str = ""
    words: Mapping[str, str] = field(default_factory=lambda: NO_WORDS)
    refers: str = ""

    @property
    def field(self) -> str:
        return self.fills or self.heading


@dataclass(frozen=True)
class Sheet:
    """A sheet. `needed`: it has to be there; `quiet`: nobody misses it."""

    name: str
    title: str
    row: type[rows.Row]
    columns: tuple[Column, ...]
    explain: str
    needed: bool = True
    quiet: bool = False

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @property
    def has_ids(self) -> bool:
        return any(column.heading == "id" for column in self.columns)


def chosen(heading: str, title: str, allowed: Mapping[str, str], explain: str, example: str, needed: bool = True) -> Column:
    """A column in which one of a few words stands."""
    return Column(heading, title, cells.one_of(allowed), explain, example, needed, words=allowed)


def ref(heading: str, title: str, sheet: str, explain: str, example: str, needed: bool = False, many: bool = False) -> Column:
    """A column that names a row of another sheet: by its name, or by its id."""
    return Column(heading, title, cells.codes if many else cells.code, explain, example, needed, refers=sheet)


ID = Column("id", "编号", cells.id_, "不用填，系统会编。导出的表里已有编号的，请不要改动：靠它认出是同一个", "")
NAME = "写全称，同一级里不要重名"
ALIASES = Column("aliases", "别名", cells.words, "居民常用的其他叫法，几个之间用 ; 隔开", "锦绣;锦绣小区")

SHEETS = (
    Sheet(
        "areas",
        "区域",
        rows.AreaRow,
        (
            chosen("kind", "级别", words.AREA_KINDS, "市（区）只有一行；街道属于市（区），社区属于街道，网格属于社区", "网格"),
            Column("name", "名称", cells.named(60), NAME, "锦绣社区第1网格", needed=True),
            ref("parent", "所属", "areas", "上一级的名称；市（区）空着", "锦绣社区"),
            Column("aliases", "别名", cells.words, "其他叫法，几个之间用 ; 隔开", "锦绣1网格"),
            ID,
        ),
        "市（区）、街道、社区、网格，一个一行。派单、值班和统计都按它",
    ),
    Sheet(
        "places",
        "地点",
        rows.PlaceRow,
        (
            chosen("kind", "种类", words.PLACE_KINDS, "居民说得出的地方", "楼栋"),
            Column("name", "名称", cells.named(60), "楼栋只写楼号", "3号楼", needed=True),
            ALIASES,
            ref("parent", "所在小区", "places", "楼栋写小区的名称，其他空着", "锦绣苑"),
            ref(
                "grids", "所属网格", "areas", "楼栋只写一个网格；小区和道路可以有几个，用 ; 隔开", "锦绣社区第1网格", many=True
            ),
            Column("units", "单元数", cells.whole, "楼栋有几个单元", "4"),
            Column("lat", "纬度", cells.degrees, "可以空着；WGS-84，十进制", "40.11202"),
            Column("lon", "经度", cells.degrees, "可以空着；WGS-84，十进制", "113.28403"),
            ID,
        ),
        "小区、楼栋、道路、地标。一栋楼属于一个网格",
    ),
    Sheet(
        "people",
        "人员",
        rows.PersonRow,
        (
            Column("name", "姓名", cells.named(30), "", "王强", needed=True),
            Column("phone", "电话", cells.phone, "一个号码只属于一个人；这一列是文本格式", "13800000000"),
            ID,
        ),
        "每人一行，有几个岗位也只写一行",
    ),
    Sheet(
        "posts",
        "岗位",
        rows.PostRow,
        (
            chosen("role", "岗位", words.ROLES, "诉求归岗位，不归人：人来人去，岗位还在", "网格员"),
            Column("title", "名头", cells.named(60), "对外怎么称呼；单元长请写明单元，如 3单元长", "专职网格员"),
            ref("area", "区域", "areas", "网格员和楼栋长写网格，书记写社区，专业单位写它负责的范围", "锦绣社区第1网格", needed=True),
            ref("person", "谁在任", "people", "姓名；有同名的写电话。没有人就空着", "王强"),
            chosen("kind", "类型", words.POST_KINDS, "网格员、楼栋长、单元长要写", "专职", needed=False),
            ref("place", "楼栋或小区", "places", "楼栋长、单元长写楼栋，如 锦绣苑3号楼；小区负责人、物业公司写小区", ""),
            Column(
                "categories",
                "负责哪类诉求",
                cells.some_of(words.CATEGORIES),
                "专业单位要写；几个之间用 ; 隔开",
                "",
                words=words.CATEGORIES,
            ),
            Column("phone", "单位电话", cells.phone, "没有人在群聊里的专业单位写一个值班电话", ""),
            ID,
        ),
        "谁负责哪里。三种网格员：专职、兼职、辅助（楼栋长和单元长是辅助）",
    ),
    Sheet(
        "roster",
        "值班表",
        rows.RosterRow,
        (
            ref("post", "谁值班", "posts", "姓名；在几个岗位上的写岗位，如 锦绣社区第1网格专职网格员", "王强", needed=True),
            ref("grid", "负责哪里", "areas", "网格、社区、街道或市（区）", "锦绣社区第1网格", needed=True),
            Column("weekdays", "星期", cells.weekdays, "1 是星期一；每天是 1234567", "12345", needed=True),
            Column("from", "从", cells.hour, "24 小时制", "07:00", needed=True, fills="start"),
            Column("until", "到", cells.hour, "可以过半夜：22:00 到 07:00；全天写 00:00 到 24:00", "22:00", needed=True),
            chosen("duty", "班次", words.DUTIES, "夜班只在半夜找得到人，白天照常；辅助人员只排夜班", "白班"),
        ),
        "每周照样的排班。一个网格白天 07:00–22:00 每个小时都要有人",
    ),
    Sheet(
        "exceptions",
        "值班变动",
        rows.ExceptionRow,
        (
            Column("date", "日期", cells.day, "只这一天", "2026-12-01", needed=True, fills="day"),
            ref("post", "谁", "posts", "同值班表", "王强", needed=True),
            ref("grid", "负责哪里", "areas", "同值班表", "锦绣社区第1网格", needed=True),
            Column("from", "从", cells.hour, "停班一整天可以空着", "", fills="start"),
            Column("until", "到", cells.hour, "", ""),
            chosen("kind", "变动", words.CHANGES, "停班：这天不值；加班：这天也值", "停班"),
        ),
        "只有某一天和平时不同的。过去的日子不导出也不导入",
        needed=False,
    ),
    Sheet(
        "leave",
        "请假",
        rows.LeaveRow,
        (
            ref("post", "谁", "posts", "同值班表", "王强", needed=True),
            Column("from", "从", cells.day, "", "2026-12-01", needed=True, fills="first"),
            Column("until", "到", cells.day, "这一天也算", "2026-12-03", needed=True, fills="last"),
            ref("substitute", "谁顶班", "posts", "这几天的诉求由谁接", "李梅"),
        ),
        "请假和顶班。在群聊里请的假也在导出的表里：删去一行，就是取消这次假",
        needed=False,
    ),
    Sheet(
        "workdays",
        "工作日",
        rows.WorkdayRow,
        (
            Column("date", "日期", cells.day, "", "2027-06-18", needed=True, fills="day"),
            chosen("kind", "放假还是上班", words.DAYS, "", "放假"),
            Column("name", "名目", cells.named(60), "", "建区纪念日"),
        ),
        "本地自己的放假和补班。国家的节假日和调休已经知道，不用写",
        needed=False,
    ),
    Sheet(
        "answers",
        "常见问题",
        rows.AnswerRow,
        (
            Column("topic", "问什么", cells.named(60), "", "供暖时间", needed=True),
            Column("any", "问到其中一个词", cells.words, "几个词之间用 ; 隔开", "供暖;来暖气", needed=True, fills="any_of"),
            Column("with", "还要有其中一个词", cells.words, "可以空着", "几点;什么时候;时间", fills="with_any"),
            Column("not", "不能有的词", cells.words, "可以空着", "不热;坏了", fills="none_of"),
            Column("text", "怎么回答", cells.lines, "", "供暖从10月15日到次年4月15日。", needed=True),
            Column("source", "依据", cells.named(200), "谁说的，哪个文件", "城市供热管理办法", needed=True),
            Column("valid_until", "有效到", cells.day, "这一天以后不再这样回答", "2027-12-31", needed=True),
        ),
        "常问的问题怎么回答。对不上的由受理员回答",
        needed=False,
        quiet=True,
    ),
)
BY_NAME = {sheet.name: sheet for sheet in SHEETS}
