"""The demonstration organisation is whole and the same everywhere; a wrong file is told what is wrong with it."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from bot.answers import read_answers
from bot.organisation import Fault, Organisation, read_organisation
from nlp.answers import find_answers

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def town() -> Organisation:
    organisation, faults = read_organisation(EXAMPLES / "organisation")
    assert [str(fault) for fault in faults] == []
    return organisation


def test_figures(town: Organisation) -> None:
    areas, places = Counter(area.kind for area in town.areas), Counter(place.kind for place in town.places)
    roles = Counter(post.role for post in town.posts)
    assert areas == {"city": 1, "subdistrict": 7, "community": 47, "grid": 220}
    assert (places["estate"], places["building"]) == (37, 1570)
    assert Counter(post.kind for post in town.posts)["full_time"] == 220
    assert sum(post.kind != "" for post in town.posts) > 9700
    assert (roles["building_lead"], roles["unit_lead"], roles["community_secretary"]) == (1800, 7600, 47)
    assert (roles["estate_lead"], roles["subdistrict"], roles["city"]) == (37, 7, 4)
    assert len({post.title for post in town.posts if "物业" in post.title}) == 12
    assert sum(place.units or 0 for place in town.places) == 7600


def test_every_building_has_a_worker_by_day(town: Organisation) -> None:
    by_day = {(row.grid, day) for row in town.roster if row.duty == "day" for day in row.weekdays}
    grids = {place.grids[0] for place in town.places if place.kind == "building"}
    assert {(grid, day) for grid in grids for day in range(1, 8)} <= by_day


def test_generation_is_deterministic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("generate_organisation", EXAMPLES / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)  # dataclasses look their module up there
    spec.loader.exec_module(module)
    module.generate(tmp_path)
    committed = {path.name: path.read_bytes() for path in (EXAMPLES / "organisation").iterdir()}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == committed
    assert sum(map(len, committed.values())) < 2_000_000


SMALL = {
    "areas": "id,kind,name,parent,aliases\nc,city,新区,,\ns,subdistrict,东街道,c,\nm,community,东社区,s,\n"
    "g1,grid,第1网格,m,\ng2,grid,第2网格,m,\n",
    "places": "id,kind,name,aliases,parent,grids,units,lat,lon\ne,estate,锦绣苑,,,g1;g2,,,\n"
    "b1,building,1号楼,,e,g1,3,40.1,113.3\nb2,building,2号楼,,e,g2,4,,\n",
    "people": "id,name,phone\nn1,王一,19900000001\nn2,李二,19900000002\nn3,赵三,19900000003\n",
    "posts": "id,role,kind,area,place,categories,title,person,phone\nw1,worker,full_time,g1,,,,n1,\n"
    "w2,worker,full_time,g2,,,,n2,\nh,specialist,,c,,heating,热力公司,,0352-0000001\nz,city,,c,,,值班员,n3,\n",
    "roster": "post,grid,weekdays,from,until,duty\nw1,g1,1234567,07:00,22:00,day\nw2,g2,1234567,07:00,22:00,day\n",
    "exceptions": "date,post,grid,from,until,kind\n2026-12-01,w1,g1,,,off\n",
    "leave": "post,from,until,substitute\nw1,2026-12-01,2026-12-03,w2\n",
    "workdays": "date,kind,name\n2027-06-18,off,纪念日\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in SMALL.items():
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / f"{name}.csv"
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def faults_in(folder: Path) -> list[Fault]:
    return read_organisation(folder)[1]


def test_the_small_one_is_right(folder: Path) -> None:
    assert faults_in(folder) == []


WRONG = [
    ("areas", "g1,grid,第1网格,m", "g1,grid,第1网格,", 5, "parent", "没有写所属的社区"),
    ("areas", "g1,grid,第1网格,m", "g1,grid,第1网格,s", 5, "parent", "不是社区"),
    ("areas", "g1,grid", "g1,gird", 5, "kind", "grid"),
    ("areas", "name,parent", "name,parant", 1, "parent", "parant"),
    ("places", "2号楼", "1号楼", 4, "name", "第 3 行已经有了"),
    ("places", "e,g2,4", "e,g1;g2,4", 4, "grids", "2 个网格"),
    ("places", "e,g2,4", "e,,4", 4, "grids", "0 个网格"),
    ("places", "e,g2,4", "e,g9,4", 4, "grids", "g9"),
    ("places", "b2,building", "b1,building", 4, "id", "第 3 行已经用过"),
    ("places", "40.1,113.3", "113.3,40.1", 3, "lat", "写反"),
    ("people", "19900000002", "19900000001", 3, "phone", "第 2 行“王一”"),
    ("people", "19900000002", "1.99E+10", 3, "phone", "文本"),
    ("people", "19900000002", "1990000000", 3, "phone", "不像电话号码"),
    ("posts", "w2,worker", "w2,wroker", 3, "role", "worker"),
    ("posts", "g2,,,,n2", "g2,,,,n1", 3, "person", "已是专职网格员"),
    ("posts", "heating", "heatin", 4, "categories", "heating"),
    ("posts", "w2,worker,full_time,g2,", "w2,building_lead,auxiliary,g2,b9", 3, "place", "b9"),
    ("roster", "w2,g2", "w9,g2", 3, "post", "posts.csv 里没有"),
    ("roster", "22:00,day\nw2", "25:00,day\nw2", 2, "until", "不是时间"),
    ("roster", "1234567", "1238", 2, "weekdays", "不是星期"),
    ("exceptions", "2026-12-01", "2006-12-01", 2, "date", "年份不对"),
    ("leave", "2026-12-03", "2026-02-30", 2, "until", "没有“2026-02-30”这一天"),
    ("leave", "2026-12-03,w2", "2026-11-03,w1", 2, "until", "结束早于开始"),
    ("workdays", "off,纪念日", "off,纪念日,", 2, "", ""),
    ("workdays", "off,纪念日", "off", 2, "", "这一行有 2 格"),
]


@pytest.mark.parametrize(("file", "old", "new", "row", "column", "said"), WRONG)
def test_a_wrong_file_is_told(folder: Path, file: str, old: str, new: str, row: int, column: str, said: str) -> None:
    change(folder, file, old, new)
    faults = [fault for fault in faults_in(folder) if fault.file == f"{file}.csv" and fault.severity == "error"]
    if not said:  # an empty cell too many does no harm
        assert faults == []
        return
    assert any((fault.row, fault.column) == (row, column) and said in str(fault) for fault in faults), faults


def test_all_is_said_at_once_and_nothing_follows_from_a_wrong_cell(folder: Path) -> None:
    change(folder, "people", "19900000001", "1")
    change(folder, "roster", "day\nw2", "dya\nw2")
    errors = [fault for fault in faults_in(folder) if fault.severity == "error"]
    assert [(fault.file, fault.row, fault.column) for fault in errors] == [
        ("people.csv", 2, "phone"),
        ("roster.csv", 2, "duty"),
    ]


def test_a_file_with_another_name(folder: Path) -> None:
    (folder / "roster.csv").rename(folder / "rosters.csv")
    (fault,) = [fault for fault in faults_in(folder) if fault.severity == "error"]
    assert "rosters.csv" in fault.remedy
    assert str(fault).startswith("错误：roster.csv：没有这个文件")


def test_a_gap_in_the_roster_is_a_warning(folder: Path) -> None:
    change(folder, "roster", "w2,g2,1234567,07:00", "w2,g2,1234567,09:00")
    (fault,) = faults_in(folder)
    assert fault.severity == "warning"
    assert "星期一 07:00–09:00" in fault.problem


def reencode(encoding: str) -> Callable[[Path], None]:
    def rewrite(folder: Path) -> None:
        for path in folder.iterdir():
            path.write_bytes(path.read_text(encoding="utf-8").replace("\n", "\r\n").encode(encoding))

    return rewrite


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_what_spreadsheets_write_is_read(folder: Path, tmp_path_factory: pytest.TempPathFactory, encoding: str) -> None:
    other = shutil.copytree(folder, tmp_path_factory.mktemp("other") / "copy")
    reencode(encoding)(other)
    assert read_organisation(other) == read_organisation(folder)


def test_bytes_that_are_no_text(folder: Path) -> None:
    (folder / "people.csv").write_bytes(SMALL["people"].encode("gb18030").replace("李".encode("gb18030"), b"\xff"))
    assert (3, "有不能识别的文字") in [(fault.row, fault.problem) for fault in faults_in(folder)]


def test_full_width_and_other_spellings(folder: Path) -> None:
    change(folder, "people", "19900000002", "１９９０００００００２")
    change(folder, "places", "2号楼", "２号楼")
    change(folder, "leave", "2026-12-01,2026-12-03", "2026年12月1日,2026/12/3")
    change(folder, "roster", "07:00,22:00", "7：00,24:00")
    organisation, faults = read_organisation(folder)
    assert [(f.file, f.row, f.column, f.severity) for f in faults] == [
        ("places.csv", 4, "name", "warning"),
        ("people.csv", 3, "phone", "warning"),
    ]
    assert organisation.people[1].phone == "19900000002"
    assert organisation.places[2].name == "2号楼"
    assert (organisation.leave[0].first, organisation.leave[0].last) == (date(2026, 12, 1), date(2026, 12, 3))
    assert (organisation.roster[0].start, organisation.roster[0].until) == (time(7), time(0))


TODAY = date(2026, 11, 25)
ASKED = [
    ("低保怎么申请", "低保"),
    ("几点供暖", "供暖时间"),
    ("供暖时间", "供暖时间"),
    ("医保在哪 缴费", "医保缴费"),
    ("老年证怎么办", "老年证"),
    ("办事大厅几点上班？", "办事大厅时间"),
    ("水费在哪交", "水费"),
    ("热力公司电话多少", "报修电话"),
    ("3号楼2单元又没暖气了，几点能来", None),
    ("垃圾三天没人收", None),
    ("你好", None),
]


@pytest.mark.parametrize(("text", "topic"), ASKED)
def test_common_questions(text: str, topic: str | None) -> None:
    answers, faults = read_answers(EXAMPLES / "answers.toml")
    assert faults == []
    found = find_answers(text, answers, TODAY)
    assert [each.topic for each in found] == ([topic] if topic else [])


def test_an_answer_that_is_out_of_date_is_not_given() -> None:
    answers, _ = read_answers(EXAMPLES / "answers.toml")
    assert find_answers("低保怎么申请", answers, date(2028, 1, 1)) == ()


def test_wrong_answers_are_told(tmp_path: Path) -> None:
    path = tmp_path / "answers.toml"
    path.write_text(
        '[[answer]]\ntopic = "低保"\nany = "低保"\ntxt = "…"\nsource = "x"\nvalid_until = "明年"\n', "utf-8"
    )
    answers, faults = read_answers(path)
    assert answers == ()
    assert [fault.column for fault in faults] == ["txt", "text", "any", "valid_until"]
    assert [fault.row for fault in faults] == [4, 1, 3, 6]  # beside the key; where it lacks, beside the answer
    path.write_text("[[answer]\n", "utf-8")
    assert read_answers(path)[1][0].row == 1
