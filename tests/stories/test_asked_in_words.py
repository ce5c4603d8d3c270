"""What a desk asks in its own words: read as the slash forms are, said kindly where it cannot be, and never a note on the card in hand."""

from __future__ import annotations

import pytest

from tests.fakes.town import Phone, Town

TITLE = "锦绣社区 "


@pytest.fixture
def secretary(town: Town) -> Phone:
    """Three requests in her first grid, the first of them before her."""
    town.staff("w-s1c1g1")
    for name, words in (("王阿姨", "锦绣苑3号楼2单元501没暖气"), ("李叔", "锦绣苑3号楼1单元没暖气"), ("赵姐", "锦绣苑3号楼楼道灯不亮")):
        town.resident(name).says(words)
    return town.staff("cs-s1c1")


def answer(phone: Phone, words: str) -> str:
    """All that comes back."""
    before = len(phone.shown)
    phone.commands(words) if words.startswith("/") else phone.says(words)
    return "\n".join(each.text for each in phone.shown[before:])


@pytest.mark.parametrize(("words", "told"), [
    ("上周五", "上周五（11月27日）"), ("周五", "周五（11月27日）"), ("上周一到上周三", "（11月23日–25日）"), ("锦绣社区上周五", "上周五（11月27日）"),
    ("10月下旬", "（10月21日–31日）"), ("大前天", "（11月28日）"), ("今天和昨天", "（11月30日–12月1日）"), ("今年以来", "（1月1日–12月1日）"),
    ("年初至今", "（1月1日–12月1日）"), ("11月25日至今", "11月25日–12月1日"), ("10月和11月", "（10月1日–11月30日）"), ("1-10月", "1月1日–10月31日"),
    ("10月份1号到10号", "10月1日–10日"), ("20261001-20261015", "10月1日–15日"), ("这礼拜供暖", "供暖 这礼拜（11月30日–12月1日）"),
    ("8月和10月", "一次只看连着的一段时间"), ("11月30日到11月1日", "后面的日期比前面的早"),
    ("最近什么多", "最多的：供暖 2"), ("没办完的", "「还在办」的就是"), ("上个月哪个网格最多", "上个月（11月1日–30日）"), ("满意率最低的网格", "满意率 还没有数"),
    ("超期最久的", "现在没有超期的"), ("上个月供暖咋样", "供暖 上个月"), ("11月供暖多不多", "供暖 11月"), ("跟上个月比", "看下面的「前一段」"),
    ("这个月三率比上个月", "前一段（11月1日）：响应率"), ("跟上周比", "本周（11月30日–12月1日）"), ("办结率", "没有「办结率」这个数"),
    ("联席会议材料", "每月 1 日 7:00 发给您"), ("发我10月报告", "10月（10月1日–31日）"), ("东华街道和西安街道", "东华街道不归您管"), ("第9网格", "没有「第9网格」"),
    ("供暖和物业 本月", "没有看「物业」"), ("其他 本月", "锦绣社区 其他 本月"), ("锦绣社区和平安社区比一比", "一次看一个地方"),
    ("哪个网格满意率最低", "满意率 还没有数"), ("供暖最多的网格", "供暖 本月"), ("哪个社区供暖最多", "供暖 本月"),
    ("还有多少没办完", "「还在办」的就是"), ("本周新增多少", "本周（11月30日–12月1日）"), ("三率怎么算的", "没看懂"), ("今年报告", "今年（1月1日–12月1日）"), ("发我上周报告", "没看懂"), ("供暖比上个月多吗", "供暖 本月"),
    ("办结率最高的是老王那个楼", "没看懂"), ("上个月哪栋楼最多", "没找到「栋楼」"),
])  # fmt: skip
@pytest.mark.parametrize("touched", [True, False])
def test_a_question_is_answered_and_is_no_note(town: Town, secretary: Phone, words: str, told: str, touched: bool) -> None:
    desk = town.staff("cs-s1c1", "web")
    if touched:
        desk.commands("/case 26-000001")
    before = town.cases()[0].rev
    said = answer(desk, words)
    assert told in said
    assert "登记一件诉求吗" not in said
    assert town.cases()[0].rev == before


@pytest.mark.parametrize("words", [
    "上周五去看过了", "昨天换了阀门", "周五上门", "昨天看了", "10月底修好的", "和居民约了周六", "跟上个月比好多了", "没办完的明天办", "没办完", "昨天报告", "已报告街道",
    "检测报告", "增加工作量", "锦绣苑超期了", "居民反映供暖超期", "第3网格老张已去", "今天和昨天都去了", "最多再等两天", "供暖公司最多再等两天", "每周三来", "周五供暖",
])  # fmt: skip
def test_what_somebody_did_stays_a_note(town: Town, secretary: Phone, words: str) -> None:
    secretary.commands("/case 26-000001")
    assert "记在 26-000001 里了" in answer(secretary, words)


@pytest.mark.parametrize("words", ["锦绣苑3号楼供暖超期的", "供暖超期的", "10月报告", "锦绣苑热点", "平安社区工作量"])
def test_a_resident_is_not_answered_with_figures(town: Town, words: str) -> None:
    assert "街道和市里" not in answer(town.resident("王阿姨"), words)


def test_what_a_notice_says_is_no_question(town: Town, secretary: Phone) -> None:
    secretary.says("发通知 锦绣苑3号楼")
    assert "供暖超期的" in answer(secretary, "供暖超期的")
    secretary.presses("不发了")


@pytest.mark.parametrize(("words", "same"), [
    ("锦绣苑超期", "/overdue 锦绣苑"), ("供暖超期的", "/overdue 供暖"), ("超期 第2网格", "/overdue 第2网格"), ("锦绣社区超期", "/overdue 锦绣社区"),
    ("谁超期了 供暖", "/overdue 供暖"), ("超期多少件", "/overdue"), ("还有多少超期", "/overdue"), ("锦秀社区超期", "/overdue 锦秀社区"),
    ("热点 锦绣社区", "/hot 锦绣社区"), ("东华街道热点", "/hot 东华街道"), ("第1网格热点", "/hot 第1网格"),
    ("平安社区网格员工作量", "/staff 平安社区"), ("第1网格工作量", "/staff 第1网格"), ("各人手上多少", "/staff"), ("第3网格员工作量", "/staff 第3网格"), ("超期的有几件", "/overdue"),
    ("上个月三率 第1网格", "/rates 上个月 第1网格"), ("上个月满意率 供暖", "/rates 上个月 供暖"), ("第1网格三率 本月", "/rates 第1网格 本月"),
    ("供暖满意率 12月", "/rates 供暖 12月"), ("锦绣社区值班覆盖率 最近7天", "/coverage 锦绣社区 最近7天"), ("值班覆盖率 第2网格", "/coverage 第2网格"),
])  # fmt: skip
def test_plain_words_do_as_the_command_does(town: Town, secretary: Phone, words: str, same: str) -> None:
    town.forward(days=9)
    secretary.clears()
    assert answer(secretary, words) == answer(secretary, same) != ""


def test_a_place_and_a_kind_are_gone_by(town: Town, secretary: Phone) -> None:
    town.forward(days=9)
    for words, told in (("锦绣苑超期", "锦绣苑 超期 3 件"), ("供暖超期的", "供暖 超期 2 件"), ("第2网格超期", "第2网格现在没有超期的"), ("第1网格三率 12月", "第1网格 12月"),
                        ("供暖满意率 12月", "锦绣社区 供暖 12月"), ("第2网格工作量", "锦绣社区第2网格，按网格")):
        assert told in answer(secretary, words)


@pytest.mark.parametrize("words", ["第一网格", "一网格", "1号网格", "锦绣社区1网格", "锦绣社区第一网格", "锦绣社区 第1网格", "锦绣1网格"])
def test_a_grid_as_it_is_called(town: Town, secretary: Phone, words: str) -> None:
    assert "锦绣社区第1网格 本月（12月1日）\n登记 3 件" in answer(secretary, words)


@pytest.mark.parametrize("words", ["第5网格", "/summary 第五网格 10月", "锦绣社区第5网格", "/overdue 第5网格"])
def test_a_grid_that_only_others_have_is_said_to_be_none_of_hers(town: Town, secretary: Phone, words: str) -> None:
    assert "锦绣社区没有「第5网格」" in answer(secretary, words)
    assert [b["label"] for b in secretary.shown[-1].buttons] == [f"锦绣社区第{n}网格" for n in (1, 2, 3, 4)]


def test_a_grid_that_a_community_does_not_have(town: Town, secretary: Phone) -> None:
    street = town.staff("sd-s1")
    for words in ("锦绣社区第5网格", "锦绣社区第9网格 本月"):
        assert "锦绣社区没有「第" in answer(street, words)
        assert [b["label"] for b in street.shown[-1].buttons] == [f"锦绣社区第{n}网格" for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(("words", "offered"), [
    ("/summary 第1网格 第2网格 供暖 10月", ["锦绣社区第1网格", "锦绣社区第2网格"]), ("锦绣社区和平安社区 供暖 10月", ["锦绣社区"]),
    ("/summary 锦绣社区、平安社区 供暖 10月", ["锦绣社区"]),
])  # fmt: skip
def test_one_place_at_a_time_and_the_rest_of_the_question_is_kept(town: Town, secretary: Phone, words: str, offered: list[str]) -> None:
    assert "一次看一个地方" in answer(secretary, words)
    assert [b["label"] for b in secretary.shown[-1].buttons] == offered
    secretary.presses(offered[-1])
    secretary.sees(f"{offered[-1]} 供暖 10月（10月1日–31日）")


def test_a_place_within_another_is_the_one_that_is_meant(town: Town, secretary: Phone) -> None:
    assert "锦绣社区 锦绣苑 本月" in answer(secretary, "锦绣社区锦绣苑 本月")
    street = town.staff("sd-s1")
    assert "锦绣社区 本月" in answer(street, "东华街道锦绣社区 本月")
    assert "东华街道 锦绣苑 本月" in answer(street, "锦绣苑 本月")
    assert "平安社区 锦绣苑 本月" in answer(street, "平安社区锦绣苑 本月")  # the part of it that lies there


@pytest.mark.parametrize(("words", "then"), [
    ("/summary 锦秀社区 10月", "锦绣社区 10月（10月1日–31日）"), ("/rates 锦秀社区 10月", "锦绣社区 10月（10月1日–31日）"),
    ("/overdue 锦秀社区 供暖", "锦绣社区 供暖 超期 2 件"), ("锦秀社区超期 供暖", "锦绣社区 供暖 超期 2 件"),
])  # fmt: skip
def test_the_nearest_name_keeps_the_rest_of_the_question(town: Town, secretary: Phone, words: str, then: str) -> None:
    town.forward(days=9)
    secretary.clears()
    assert "没找到「锦秀社区」" in answer(secretary, words)
    secretary.presses("锦绣社区")
    secretary.sees(then)


def test_one_kind_at_a_time_and_a_kind_of_its_own(town: Town, secretary: Phone) -> None:
    told = answer(secretary, "/summary 供暖 物业")
    assert "没有看「物业」" in told
    assert "锦绣社区 供暖 本月" in told
    assert "锦绣社区 其他 本月" in answer(secretary, "/summary 其他")
