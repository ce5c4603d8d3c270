"""Writes the demonstration organisation, `examples/organisation/*.csv`: a town that does not exist.

Run as `python examples/generate.py`. Seeded: the same bytes every time and on every Python (only `Random.random()` is used, whose
sequence Python promises to keep). Every person, estate, road and company is invented; the telephone numbers are of a series that is
not in use. What the columns mean is in `examples/README.md`.
"""

from __future__ import annotations

import csv
import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

SEED = 20261125
GRIDS, BUILDINGS = 220, 1570
WEST, NORTH = 113.282, 40.114  # the north-western corner of the town, WGS-84
METRES_A_DEGREE = 111_320

# subdistrict -> its communities, its estates
TOWN: dict[str, tuple[str, str]] = {
    "东华": ("锦绣 平安 和顺 惠民 向阳 长乐 新风", "锦绣苑 平安里 和顺家园 恒安一期 恒安二期 惠民佳苑"),
    "西苑": ("槐荫 百合 康宁 友谊 文昌 福泽 迎春", "槐荫里 百合花园 康宁小区 友谊新村 文昌苑 福泽家园"),
    "南湖": ("清泉 柳林 春晖 兴隆 和谐 民乐 莲池", "清泉苑 柳林人家 春晖园 兴隆佳园 莲池雅居"),
    "北岭": ("松涛 云峰 育才 永定 团结 白桦 望岭", "松涛苑 云峰小区 育才家园 永定里 白桦林居"),
    "中兴": ("中和 广济 崇德 尚义 青年 劳动 工人新村", "中和苑 广济花园 崇德里 青年家园 劳动新村"),
    "长青": ("长青 梧桐 银杏 紫荆 海棠 丁香", "梧桐苑 银杏园 紫荆花园 海棠里 丁香小区"),
    "新泉": ("新泉 泉水 金穗 丰登 麦香 田园", "泉水湾 金穗家园 丰登里 麦香苑 田园新居"),
}
EXTRA_ALIASES = {"恒安一期": "恒安小区;恒安新区一期", "恒安二期": "恒安新区二期", "锦绣苑": "锦绣苑小区;锦绣小区"}
ROADS = (
    "恒安大街 东华路 锦绣路 平安街 西苑路 槐荫街 百合路 南湖大道 清泉路 柳林街 北岭路 松涛街 育才路 中兴大街 广济路 崇德街 长青路 梧桐街 "
    "海棠路 新泉大街 金穗路 麦香街 环城北路 环城南路"
)
LANDMARKS = (  # name, aliases, (subdistrict, community, grid) counted from 1
    ("恒安广场", "中心广场;文化广场", (1, 1, 1)),
    ("锦绣农贸市场", "锦绣菜市场", (1, 2, 1)),
    ("新区第一小学", "一小", (1, 3, 2)),
    ("恒安政务服务中心", "办事大厅;政务大厅", (1, 4, 1)),
    ("西苑便民市场", "西苑菜市场", (2, 1, 2)),
    ("新区第二小学", "二小", (2, 3, 1)),
    ("西苑社区卫生服务中心", "西苑卫生院", (2, 5, 1)),
    ("南湖公园", "", (3, 1, 1)),
    ("南湖中学", "", (3, 4, 2)),
    ("北岭文体活动中心", "文体中心", (4, 2, 1)),
    ("北岭社区卫生服务中心", "北岭卫生院", (4, 5, 2)),
    ("中兴商场", "", (5, 1, 3)),
    ("新区客运站", "汽车站", (5, 6, 1)),
    ("长青幼儿园", "", (6, 1, 1)),
    ("梧桐市场", "", (6, 2, 2)),
    ("新泉换热站", "", (7, 1, 1)),
    ("新泉养老服务中心", "养老院", (7, 3, 1)),
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范"
GIVEN = "秀英桂兰玉梅建国志强春花海燕文斌晓东永红丽娟振华淑珍立新明辉爱民美玲俊杰凤霞卫东翠萍国庆雪芳宝山金莲福来喜顺月娥庆云德旺瑞祥小军"
COMPANIES = ("锦安", "恒诚", "惠家", "万和", "顺达", "益民", "长宁", "春和", "安居", "同心", "金管家", "佳邻")
AUXILIARY_UNITS = {3: 250, 4: 350, 5: 460, 6: 420, 7: 90}  # units -> buildings: 1,570 buildings with 7,600 units
DEPUTIES = 230  # large buildings have a second lead: 1,570 + 230 = 1,800


@dataclass
class Town:
    """The tables as they grow, and the one source of chance."""

    rng: random.Random = field(default_factory=lambda: random.Random(SEED))
    areas: list[tuple[object, ...]] = field(default_factory=list)
    places: list[tuple[object, ...]] = field(default_factory=list)
    people: list[tuple[object, ...]] = field(default_factory=list)
    posts: list[tuple[object, ...]] = field(default_factory=list)
    roster: list[tuple[object, ...]] = field(default_factory=list)
    grids: list[str] = field(default_factory=list)
    buildings: list[tuple[str, str, int]] = field(default_factory=list)  # id, grid, units

    def pick(self, of: Sequence[str]) -> str:
        return of[int(self.rng.random() * len(of))]

    def person(self) -> str:
        """Adds somebody with an invented name and a number that is nobody's; gives the id."""
        number = len(self.people) + 1
        given = self.pick(GIVEN) + (self.pick(GIVEN) if self.rng.random() < 0.8 else "")
        self.people.append((f"n{number:04}", self.pick(SURNAMES) + given, f"1990000{number:04}"))
        return f"n{number:04}"

    def post(self, id: str, role: str, kind: str, area: str, place: str, title: str) -> None:
        self.posts.append((id, role, kind, area, place, "", title, self.person(), ""))

    def duty(self, post: str, area: str, weekdays: str, night: bool = False) -> None:
        """A row of the roster: the day from 07:00 to 22:00, or the night after it."""
        hours = ("22:00", "07:00", "night") if night else ("07:00", "22:00", "day")
        self.roster.append((post, area, weekdays, *hours))


def community_of(grid: str) -> str:
    return grid.rpartition("g")[0]


def even(total: int, parts: int) -> list[int]:
    """`total` in `parts` whole shares that differ by at most one, the larger ones spread out."""
    return [total * (n + 1) // parts - total * n // parts for n in range(parts)]


def add_areas(town: Town) -> None:
    town.areas.append(("c", "city", "恒安新区", "", "恒安;恒安城"))
    grids_each = iter(even(GRIDS, sum(len(communities.split()) for communities, _ in TOWN.values())))
    for s, (name, (communities, _)) in enumerate(TOWN.items(), 1):
        town.areas.append((f"s{s}", "subdistrict", f"{name}街道", "c", f"{name}街道办"))
        for c, community in enumerate(communities.split(), 1):
            town.areas.append((f"s{s}c{c}", "community", f"{community}社区", f"s{s}", f"{community}居委会"))
            for g in range(1, next(grids_each) + 1):
                town.grids.append(f"s{s}c{c}g{g}")
                town.areas.append(
                    (town.grids[-1], "grid", f"{community}社区第{g}网格", f"s{s}c{c}", f"{community}{g}网格")
                )


def add_estates(town: Town) -> None:
    """Estates lie one after the other from north to south in their subdistrict; the grids are cut from the same row of buildings, so
    that an estate may lie in several grids and communities, and a building in exactly one grid."""
    sizes = dict(zip(town.grids, even(BUILDINGS, GRIDS), strict=True))
    chance = town.rng.random
    units = [n for n, count in AUXILIARY_UNITS.items() for _ in range(count)]
    units = [n for _, n in sorted((chance(), n) for n in units)]
    number = 0
    for s, (_, estates) in enumerate(TOWN.values()):
        row = [grid for grid in town.grids if grid.startswith(f"s{s + 1}c") for _ in range(sizes[grid])]
        names, start = estates.split(), 0
        for place, name in enumerate(names, 1):
            number += 1
            end = len(row) if place == len(names) else round(len(row) * (place + 0.5 * (chance() - 0.5)) / len(names))
            add_estate(town, f"e{number:02}", name, s, start, row[start:end], units)
            start = end


def add_estate(town: Town, estate: str, name: str, strip: int, start: int, grids: list[str], units: list[int]) -> None:
    suffix = () if name.endswith("小区") else (f"{name}小区",)
    aliases = EXTRA_ALIASES.get(name, ";".join(suffix))
    spots = [spot(town, strip, start + n) for n in range(len(grids))]
    middle = [f"{sum(values) / len(spots):.5f}" for values in zip(*spots, strict=True)]
    town.places.append((estate, "estate", name, aliases, "", ";".join(dict.fromkeys(grids)), "", *middle))
    for n, (grid, (lat, lon)) in enumerate(zip(grids, spots, strict=True), 1):
        building, count = f"{estate}b{n:02}", units[len(town.buildings)]
        town.buildings.append((building, grid, count))
        town.places.append((building, "building", f"{n}号楼", "", estate, grid, count, f"{lat:.5f}", f"{lon:.5f}"))


def spot(town: Town, strip: int, n: int) -> tuple[float, float]:
    """Where the n-th building of a subdistrict stands: seven strips of 440 m from west to east, six buildings in a row, 80 m apart."""
    row, place = divmod(n, 6)
    east = strip * 440 + place * 70 + 10 * town.rng.random()
    south = row * 80 + 10 * town.rng.random()
    lat = NORTH - south / METRES_A_DEGREE
    return lat, WEST + east / (METRES_A_DEGREE * math.cos(math.radians(lat)))


def add_roads_and_landmarks(town: Town) -> None:
    names = ROADS.split()
    for n, name in enumerate(names):
        first = n * len(town.grids) // len(names)
        through = town.grids[first : first + 3 + n % 4]
        town.places.append((f"r{n + 1:02}", "road", name, "", "", ";".join(through), "", "", ""))
    for n, (name, aliases, (s, c, g)) in enumerate(LANDMARKS, 1):
        lat, lon = spot(town, s - 1, (c - 1) * 32 + (g - 1) * 7)
        town.places.append((f"l{n:02}", "landmark", name, aliases, "", f"s{s}c{c}g{g}", "", f"{lat:.5f}", f"{lon:.5f}"))


def add_workers(town: Town) -> None:
    """A full-time worker in each grid; in every second grid a part-time one who has the weekend, in some the evenings too."""
    for n, grid in enumerate(town.grids):
        town.post(f"w-{grid}", "worker", "full_time", grid, "", "专职网格员")
        if n % 2 == 0:
            town.duty(f"w-{grid}", grid, "1234567")
            continue
        town.post(f"pt-{grid}", "worker", "part_time", grid, "", "兼职网格员")
        town.duty(f"w-{grid}", grid, "12345")
        town.duty(f"pt-{grid}", grid, "67")
        if n % 8 == 1:
            town.roster.append((f"pt-{grid}", grid, "12345", "17:00", "22:00", "day"))


def add_leads(town: Town) -> None:
    """Building and unit leads. In the grids of odd number two building leads share the nights."""
    large = sorted(town.buildings, key=lambda building: -building[2])[:DEPUTIES]
    deputies = {building for building, _, _ in large}
    leads: dict[str, list[str]] = {}
    for building, grid, units in town.buildings:
        for n, title in enumerate(("楼栋长", "副楼栋长") if building in deputies else ("楼栋长",), 1):
            town.post(f"b-{building}-{n}", "building_lead", "auxiliary", grid, building, title)
            leads.setdefault(grid, []).append(f"b-{building}-{n}")
        for n in range(1, units + 1):
            town.post(f"u-{building}-{n}", "unit_lead", "auxiliary", grid, building, f"{n}单元长")
    for grid, posts in leads.items():
        if int(grid.rpartition("g")[2]) % 2:
            town.duty(posts[0], grid, "1357", night=True)
            town.duty(posts[1], grid, "246", night=True)


def add_chain(town: Town) -> None:
    """Everybody above the worker. Secretaries of communities of odd number can be reached at night."""
    buildings = {building: grid for building, grid, _ in town.buildings}
    for place in [place for place in town.places if place[1] == "estate"]:
        community = community_of(buildings[f"{place[0]}b01"])
        town.post(f"el-{place[0]}", "estate_lead", "", community, str(place[0]), "小区党支部书记")
        town.duty(f"el-{place[0]}", community, "1234567")
    for community in dict.fromkeys(community_of(grid) for grid in town.grids):
        town.post(f"cs-{community}", "community_secretary", "", community, "", "社区党委书记")
        town.duty(f"cs-{community}", community, "1234567")
        if int(community.rpartition("c")[2]) % 2:
            town.duty(f"cs-{community}", community, "1234567", night=True)
    for s in range(1, len(TOWN) + 1):
        town.post(f"sd-s{s}", "subdistrict", "", f"s{s}", "", "街道值班室")
        town.duty(f"sd-s{s}", f"s{s}", "1234567")
        town.duty(f"sd-s{s}", f"s{s}", "1234567", night=True)
    for n, (weekdays, night) in enumerate((("12345", False), ("67", False), ("1357", True), ("246", True)), 1):
        town.post(f"city-{n}", "city", "", "c", "", "新区治理中心值班员")
        town.duty(f"city-{n}", "c", weekdays, night)


def add_specialists(town: Town) -> None:
    """The companies: some with somebody who has a chat, some only a telephone (an exchange that cannot exist: 0000)."""
    town.posts.append(("sp-heat", "specialist", "", "c", "", "heating", "恒安热力公司", town.person(), "0352-0000001"))
    water = ("sp-water", "恒安自来水公司", "water_power_gas;drainage"), ("sp-power", "恒安供电所", "water_power_gas")
    for n, (id, title, categories) in enumerate((*water, ("sp-gas", "恒安燃气公司", "water_power_gas")), 2):
        town.posts.append((id, "specialist", "", "c", "", categories, title, "", f"0352-000000{n}"))
    managers = {n: town.person() for n in range(len(COMPANIES)) if n % 3 != 2}
    leads = {post[4]: post[3] for post in town.posts if post[1] == "estate_lead"}
    for n, (estate, community) in enumerate(leads.items()):
        company = n % len(COMPANIES)
        row = (
            f"pm-{estate}",
            "specialist",
            "",
            community,
            estate,
            "property_service;building_facilities",
            f"{COMPANIES[company]}物业公司",
            managers.get(company, ""),
            f"0352-00001{company:02}",
        )
        town.posts.append(row)


def exceptions(town: Town) -> Iterable[tuple[object, ...]]:
    """Days on which the weekly pattern does not hold: the worker is away, a neighbour stands in."""
    later = [grid for grid in town.grids if not grid.startswith(("s1", "s2"))]
    for n in range(12):
        grid, neighbour, day = later[n * 11], later[n * 11 + 1], date(2026, 12, 1) + timedelta(days=9 * n)
        yield day, f"w-{grid}", grid, "", "", "off"
        yield day, f"w-{neighbour}", grid, "07:00", "22:00", "on"


def leave(town: Town) -> Iterable[tuple[object, ...]]:
    """Leaves with a named substitute: a neighbouring worker, or now and then a building lead."""
    later = [grid for grid in town.grids if not grid.startswith(("s1", "s2"))]
    first_lead = {post[3]: post[0] for post in reversed(town.posts) if post[1] == "building_lead"}
    for n in range(10):
        grid, neighbour, day = later[n * 13 + 5], later[n * 13 + 6], date(2026, 11, 30) + timedelta(days=11 * n)
        yield f"w-{grid}", day, day + timedelta(days=2 + n % 4), first_lead[grid] if n % 3 == 2 else f"w-{neighbour}"


HEADINGS = {
    "areas": "id,kind,name,parent,aliases",
    "places": "id,kind,name,aliases,parent,grids,units,lat,lon",
    "people": "id,name,phone",
    "posts": "id,role,kind,area,place,categories,title,person,phone",
    "roster": "post,grid,weekdays,from,until,duty",
    "exceptions": "date,post,grid,from,until,kind",
    "leave": "post,from,until,substitute",
    "workdays": "date,kind,name",
}
WORKDAYS = ((date(2027, 6, 18), "off", "新区建区纪念日"), (date(2027, 6, 20), "work", "纪念日补班"))


def generate(folder: Path) -> None:
    """Writes the eight files into `folder`, which is made if it is not there."""
    town = Town()
    for add in (add_areas, add_estates, add_roads_and_landmarks, add_workers, add_leads, add_chain, add_specialists):
        add(town)
    tables: dict[str, Iterable[tuple[object, ...]]] = {
        "areas": town.areas,
        "places": town.places,
        "people": town.people,
        "posts": town.posts,
        "roster": town.roster,
        "exceptions": exceptions(town),
        "leave": leave(town),
        "workdays": WORKDAYS,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADINGS[name].split(","))
            writer.writerows(rows)


if __name__ == "__main__":
    generate(Path(__file__).parent / "organisation")
