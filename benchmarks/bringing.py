"""How long bringing records in takes, beside classifying them alone: one process, SQLite, rjieba, an invented export.

    python -m benchmarks.imports [--records 20771] [--file EXPORT]

Both are taken in turns and the middle of three is told, in seconds of the processor (the child process that reads the workbook counts too) and of the wall: a shared
machine makes waits of its own, so the bound is held against the first. Bringing in reads the workbook (in its child process), understands each record, finds its
place, and writes case, event, words, record and figures in chunks of 500. The bound is three times classifying alone.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import rjieba  # noqa: F401  (the faster of the two is what is promised)
from openpyxl import Workbook

from bot.organisation import read_organisation
from bot.records.bringing import Bringing
from bot.records.meaning import Meaning
from bot.records.rows import Rows
from bot.records.sheet import Sheet, read_sheet
from bot.settings import Settings
from bot.world import ZONE, make_policy, mint
from handlers.summaries.find import searched
from handlers.world import World
from nlp.places import Gazetteer, Place
from nlp.understand import Context, understand
from storage import figures
from storage.database import Database
from storage.records import Intake
from storage.reorganising import load_organisation

ORGANISATION = Path(__file__).parents[1] / "examples" / "organisation"
NOW = datetime(2026, 12, 1, 2, tzinfo=UTC)
BOUND = 3.0
TURNS = 3
WORDS = (
    "家里暖气不热，已经打过两次电话，一直没有人来看，家里有老人和孩子，晚上室温只有十四度，希望尽快处理",
    "楼道里的灯坏了半个多月，晚上上下楼看不见路，老人摔过一次，物业说要等材料，请帮忙催一下",
    "小区门口垃圾好几天没有清运，气味很大，夏天苍蝇多，居民意见很大，请安排人清理",
    "地下车库漏水，下雨天积水没过脚面，车子进出不便，向物业反映多次没有结果，请协调解决",
    "楼下烧烤店每天营业到凌晨两点，音乐声和说话声影响休息，孩子第二天还要上学",
    "自来水发黄，有铁锈味，放很久才清，整栋楼都是这样，请查一查是不是管道的问题",
    "消防通道被私家车堵住，电动车在楼道里充电，存在安全隐患，请尽快清理",
)
HEADINGS = ("工单编号", "来电时间", "诉求内容", "诉求地址", "类别", "承办单位", "办结时间", "是否解决", "满意度", "来电号码")


def export(path: Path, records: int, estates: list[str]) -> Path:
    """An invented export: places of the example town, words from above, three years."""
    dice = random.Random(13)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("工单")
    sheet.append(HEADINGS)
    moments = sorted(dice.randrange(3 * 365 * 1440) for _ in range(records))  # exports are in the order of their calls
    for number, minute in enumerate(moments):
        filed = datetime(2023, 11, 1) + timedelta(minutes=minute)  # noqa: DTZ001
        words = f"{dice.choice(WORDS)}。{dice.choice(WORDS)}。" if dice.random() < 0.5 else dice.choice(WORDS)
        sheet.append((
            f"GD{number:08d}", filed, words, f"{dice.choice(estates)}{dice.randrange(1, 12)}号楼{dice.randrange(1, 5)}单元", "类别", "单位",
            filed + timedelta(hours=dice.randrange(1, 200)), dice.choice(("是", "否", "部分解决", "")), dice.choice(("满意", "基本满意", "不满意", "")),
            f"138{dice.randrange(10**8):08d}",
        ))
    book.save(path)
    return path


def town(folder: Path) -> tuple[World, Database]:
    """The example town in a new database."""
    rows, _ = read_organisation(ORGANISATION)
    database = Database(f"sqlite:///{folder}/{mint()}.db")
    database.migrate()
    with database.writing() as conn:
        load_organisation(conn, rows, NOW, mint)
    names = [Place(a.id, a.kind, a.name, a.aliases, a.parent or None) for a in rows.areas]
    names += [Place(p.id, p.kind, p.name, p.aliases, p.parent or None) for p in rows.places]
    return World(make_policy(Settings(), {}), Gazetteer.build(names), b"", mint), database


class Took(NamedTuple):
    """Seconds of the processor, children too, and of the wall."""

    work: float
    wall: float

    @classmethod
    def now(cls) -> Took:
        used = os.times()
        return cls(used.user + used.system + used.children_user + used.children_system, time.perf_counter())

    def since(self, began: Took) -> Took:
        return Took(self.work - began.work, self.wall - began.wall)


def classified(world: World, sheet: Sheet) -> Took:
    """For the words alone, read from memory."""
    texts = [row[sheet.guessed["content"]] for _, row in sheet.rows]
    context = Context(world.gazetteer, True, None, world.rules)
    began = Took.now()
    for text in texts:
        understand(text[:4000], context)
    return Took.now().since(began)


def brought(world: World, database: Database, path: Path) -> tuple[Took, int]:
    """From the file to the last commit, and how many came in."""
    began = Took.now()
    sheet = read_sheet(path)
    rows = Rows(sheet, sheet.guessed, ZONE, NOW, True)
    meaning = Meaning(world, database, b"key", "bench")
    done = Bringing(database, meaning, Intake("bench", world.policy, mint, ZONE, searched), NOW, True).run(sheet, rows)
    return Took.now().since(began), done.fates["new"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20_771)
    parser.add_argument("--file", type=Path)
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        world, first = town(folder)
        estates = [p.name for p in world.gazetteer.places.values() if p.kind == "estate"]
        path = told.file or export(folder / "records.xlsx", told.records, estates)
        sheet = read_sheet(path)
        classified(world, Sheet(sheet.name, sheet.headings, sheet.rows[:50], sheet.guessed))  # dictionaries are read
        ratios: list[float] = []
        for turn in range(TURNS):
            database = first if turn == 0 else town(folder)[1]
            alone = classified(world, sheet)
            whole, new = brought(world, database, path)
            ratios.append(whole.work / alone.work)
            print(f"{new:,} records: classifying alone {alone.work:.1f} s ({alone.wall:.1f} by the wall), brought in {whole.work:.1f} s ({whole.wall:.1f}): {ratios[-1]:.2f} times", flush=True)
        whole, new = brought(world, database, path)
        print(f"the same file again: {whole.work:.1f} s, {new} new")
        with database.reading() as conn:
            wrong = len(figures.verify(conn, world.policy))
        print(f"figures verified: {wrong} rows wrong")
        middle = statistics.median(ratios)
        print(f"middle of {TURNS}: {middle:.2f} times classifying alone; at most {BOUND:.0f}: {'kept' if middle <= BOUND and not wrong else 'NOT KEPT'}")
