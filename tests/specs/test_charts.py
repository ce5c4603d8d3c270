"""The charts: what stands in a specification, what is said instead of it, and that it can be drawn with Chinese in it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.papers.charts import areas, categories, durations, hot_spots, look, three_rates, trend
from bot.papers.charts.named import NAMED, spec_of, table_of, told_of
from bot.papers.drawing import Drawer
from casework.figures import Waits
from casework.rates import rates_of
from nlp.periods import Period, before

HERE = Path(__file__).parents[2]
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
PLACE = ("锦绣社区", "2026年10月", "2026年9月")
STEP, STARTS = trend.stepped(FIRST, LAST)
NOW = rates_of({"response_of": 40, "response_good": 37, "answers": 20, "solved": 15, "graded": 10, "satisfied": 9})
DATA: dict[Any, Any] = {
    trend: trend.Trend(STARTS, [1] * 30 + [5], [2] * 30 + [0], STEP, *PLACE),
    categories: categories.Categories(*PLACE, [categories.Bar("供暖", 20, 5), categories.Bar("物业服务", 4, 9)]),
    three_rates: three_rates.ThreeRates(*PLACE, NOW, rates_of({})),
    areas: areas.Areas("锦绣社区", "2026年10月", [areas.Line("第1网格", 4, 1), areas.Line("第2网格", 20, 0)]),
    hot_spots: hot_spots.HotSpots("锦绣社区", "2026年10月", [hot_spots.Spot("第1网格 暖气不热", 23, 4.2)]),
    durations: durations.Durations("锦绣社区", "2026年10月", {"acknowledge": {0: 3, 20: 8}, "confirm": {}}, {"acknowledge": Waits(11, 80, 90)}),
}
TOLD = {
    trend: ("共 35 件", "10月31日最多（5 件）", "2026年9月 60 件，相差 −25 件"),
    categories: ("供暖 20 件（+15）；物业服务 4 件（−5）",),
    three_rates: ("响应率 92.5%（37/40），原来 –", "解决率 75%（15/20）", "满意率 90%（9/10）"),
    areas: ("第2网格 20 件，还在办 0 件；第1网格 4 件，还在办 1 件",),
    hot_spots: ("第1网格 暖气不热 23 件，照以前该有 4.2 件",),
    durations: ("（11 件）一半在", "（0 件）还没有数据"),
}
EVERY = pytest.mark.parametrize("chart", DATA, ids=lambda chart: chart.__name__.rpartition(".")[2])


@EVERY
def test_a_chart_is_said_in_words_too(chart: Any) -> None:
    told = chart.told(DATA[chart])
    assert [words for words in (*TOLD[chart], "锦绣社区", "2026年10月") if words not in told] == []


@EVERY
def test_a_specification_is_plain_json_in_the_font_that_has_chinese(chart: Any) -> None:
    spec = chart.spec(DATA[chart])
    assert json.loads(json.dumps(spec)) == spec
    assert spec["config"]["font"] == look.FONT
    assert spec["data"]["values"]


def test_a_rate_that_nobody_knows_says_so_and_is_no_nought() -> None:
    unknown = three_rates.ThreeRates(*PLACE, rates_of({}), rates_of({}))
    labels = {row["label"] for row in three_rates.spec(unknown)["data"]["values"]}
    assert labels == {"还没有数据"}
    assert "0.0%" not in three_rates.told(unknown)


def test_the_axis_of_rates_ends_at_the_whole_and_their_numbers_have_room_behind_it() -> None:
    share = three_rates.spec(DATA[three_rates])["encoding"]["x"]
    assert share["axis"]["values"][-1] == 1
    assert share["axis"]["domain"] is False
    assert share["scale"]["domain"][1] > 1


def test_without_anything_before_there_is_no_tick_and_no_change() -> None:
    alone = categories.Categories(*PLACE, [categories.Bar("供暖", 20, 0), categories.Bar("物业服务", 4, 0)])
    drawn = categories.spec(alone)
    assert [row["label"] for row in drawn["data"]["values"]] == ["20", "4"]
    assert [layer["mark"]["type"] for layer in drawn["layer"]] == ["bar", "text"]
    assert categories.told(alone) == "锦绣社区2026年10月各类件数：供暖 20 件；物业服务 4 件。"
    assert "2026年9月" not in str(drawn["title"])


def test_a_single_day_is_two_bars_and_not_the_most_of_itself() -> None:
    day = trend.Trend([FIRST], [7], [4], "day", "锦绣社区", "10月（到1日）", "9月1日")
    drawn = trend.spec(day)
    assert [layer["mark"]["type"] for layer in drawn["layer"]] == ["bar", "text"]
    assert [(row["which"], row["count"]) for row in drawn["data"]["values"]] == [("10月（到1日）", 7), ("9月1日", 4)]
    assert trend.told(day) == "锦绣社区10月（到1日）共 7 件；9月1日 4 件，相差 +3 件。"


@pytest.mark.parametrize(("most", "values"), [(2, [0, 1, 2]), (6, [0, 1, 2, 3, 4, 5, 6]), (7, None)])
def test_few_cases_are_counted_one_by_one(most: int, values: list[int] | None) -> None:
    assert look.count_axis(most=most)["axis"].get("values") == values


def test_nothing_is_said_kindly() -> None:
    assert trend.told(trend.Trend(STARTS, [0] * 31, [0] * 31, STEP, *PLACE)) == "锦绣社区2026年10月没有诉求；2026年9月有 0 件。"
    assert "没有诉求" in categories.told(categories.Categories(*PLACE, []))
    assert "没有诉求" in areas.told(areas.Areas("锦绣社区", "2026年10月", [areas.Line("第1网格", 0, 0)]))
    assert "没有明显多起来" in hot_spots.told(hot_spots.HotSpots("锦绣社区", "2026年10月", []))


@pytest.mark.parametrize(("last", "step", "points"), [(LAST, "day", 31), (date(2026, 12, 31), "week", 14), (date(2027, 9, 30), "month", 12)])
def test_a_trend_loses_no_case_however_wide_its_points(last: date, step: str, points: int) -> None:
    days = {FIRST + timedelta(days=n): n % 4 for n in range((last - FIRST).days + 1)}
    counts = trend.summed(days | {last + timedelta(days=1): 100}, FIRST, last)
    assert trend.stepped(FIRST, last)[0] == step
    assert (len(counts), sum(counts)) == (points, sum(days.values()))


@pytest.mark.parametrize(("first", "last", "more"), [
    (date(2026, 11, 1), date(2026, 11, 30), [("10-31", "", 4)]),  # October has a day more than November
    (date(2026, 10, 1), date(2026, 10, 31), []),
    (date(2026, 4, 1), date(2026, 6, 30), []),
    (date(2026, 1, 1), date(2026, 3, 31), [("12-31", "", 4)]),
])  # fmt: skip
def test_a_table_has_every_day_of_the_time_before_so_that_its_sum_is_what_the_words_say(first: date, last: date, more: list[Any]) -> None:
    past = before(Period(first, last, "", True))
    days = {str(past[0] + timedelta(days=n)): 4 for n in range((past[1] - past[0]).days + 1)}
    place = {"area": "锦绣社区", "period": "这段", "compared": "前一段", "by_day": {str(first): 1}, "by_day_before": days}
    data = place | {"first": str(first), "last": str(last), "before_first": str(past[0]), "before_last": str(past[1])}
    rows = table_of("trend", data)[1]
    whole = sum(int(str(row[2] or 0)) for row in rows)
    assert f"前一段 {whole} 件" in told_of("trend", data)
    assert whole == 4 * len(days)
    assert [row for row in rows if row[1] == ""] == more
    assert spec_of("trend", data)["data"]["values"]


def test_waits_are_counted_by_where_their_bucket_lies() -> None:
    assert {row["step"] for row in durations.spec(DATA[durations])["data"]["values"]} >= {"1小时内", "4小时内", "1天内"}
    assert durations.stepped({0: 1, 18: 2, 25: 3, 50: 4}) == [3, 3, 0, 0, 0, 4]


@pytest.fixture(scope="module")
def drawer() -> Iterator[Drawer]:
    made = Drawer()
    yield made
    made.close()


@EVERY
def test_it_is_drawn_for_a_phone(drawer: Drawer, chart: Any) -> None:
    picture = Image.open(io.BytesIO(drawer.png(chart.spec(DATA[chart]))))
    assert picture.format == "PNG"
    assert 2 * look.PHONE * 0.9 <= picture.width <= 2 * look.PHONE * 1.05
    assert len(set(picture.convert("L").tobytes())) > 10  # not an empty sheet


def test_chinese_is_drawn_and_not_left_out(drawer: Drawer) -> None:
    """Without the packaged font every character is the same empty box, or nothing."""
    drawn = [drawer.png(look.chart(word, [], mark="point")) for word in ("供暖供暖", "物业物业", "电梯电梯")]
    assert len(set(drawn)) == 3
    inks = [sum(p < 128 for p in Image.open(io.BytesIO(each)).convert("L").tobytes()) for each in drawn]
    assert min(inks) > 300


def test_a_child_that_died_is_replaced(drawer: Drawer) -> None:
    drawer.warm()
    assert drawer._pool is not None
    for process in list(drawer._pool._processes.values()):
        process.kill()
        process.join()
    assert drawer.png(look.chart("供暖", [], mark="point")).startswith(b"\x89PNG")


def test_a_page_gets_the_same_as_svg(drawer: Drawer) -> None:
    assert "供暖" in drawer.svg(categories.spec(DATA[categories]))


ALONE = """
import sys
from bot.papers.charts.named import NAMED, spec_of, table_of, told_of
from bot.papers.drawing import Drawer
if __name__ == "__main__":
    drawer = Drawer()
    drawer.warm()
    print(*drawer._pool._processes, flush=True)
    sys.stdin.read()
"""


def test_the_child_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    """Its standard output stays open as long as it lives: the pipe ends when both have ended."""
    script = tmp_path / "alone.py"
    script.write_text(ALONE)
    with subprocess.Popen([sys.executable, script], cwd=HERE, env=os.environ | {"PYTHONPATH": str(HERE)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert int(parent.stdout.readline()) > 0
        parent.kill()
        assert parent.stdout.read() == b""  # waits for the child as well


CHAT = {
    "areas": {"area": "锦绣社区", "period": "本月", "lines": [{"name": "第1网格", "filed": 8, "open": 3}]},
    "categories": {"area": "锦绣社区", "period": "本月", "compared": "11月", "bars": [{"name": "供暖", "count": 6, "before": 2}]},
    "hot_spots": {"area": "锦绣社区", "period": "11月24日–30日", "spots": [{"name": "锦绣社区 暖气不热", "now": 8, "expected": 1.5}]},
    "three_rates": {"area": "锦绣社区", "period": "本月", "compared": "11月", "now": {"answers": 3, "solved": 2}, "before": {}},
    "trend": {"area": "锦绣社区", "period": "本月", "compared": "11月28日–30日", "first": "2026-12-01", "last": "2026-12-03", "before_first": "2026-11-28",
              "before_last": "2026-11-30", "by_day": {"2026-12-01": 4, "2026-12-03": 1}, "by_day_before": {"2026-11-29": 2}},
}  # what handlers/summaries put into a message's row, or onto the board


@pytest.mark.parametrize("name", CHAT)
def test_a_chart_that_a_message_names_is_made_of_what_stands_in_its_row(name: str):
    spec = spec_of(name, json.loads(json.dumps(CHAT[name])))
    assert "锦绣社区" in str(spec["title"])
    assert spec["data"]["values"]


NUMBERS = {
    "areas": (("地方", "件", "还在办"), [("第1网格", 8, 3)]), "categories": (("类别", "本月", "11月"), [("供暖", 6, 2)]),
    "hot_spots": (("地方和问题", "11月24日–30日", "平时约"), [("锦绣社区 暖气不热", 8, "1.5")]),
    "three_rates": (("哪个率", "本月", "11月"), [("响应率", "–", "–"), ("解决率", "66.7%（2/3）", "–"), ("满意率", "–", "–")]),
    "trend": (("日期", "本月", "11月28日–30日"), [("12-1", 4, 0), ("12-2", 0, 2), ("12-3", 1, 0)]),
}


@pytest.mark.parametrize("name", CHAT)
def test_it_is_told_in_words_and_in_numbers_too(name: str):
    data = json.loads(json.dumps(CHAT[name]))
    assert told_of(name, data).startswith("锦绣社区")
    assert table_of(name, data) == NUMBERS[name]


def test_every_chart_of_the_chat_can_be_made():
    assert set(NAMED) == set(CHAT)
