"""What a message means: category, urgency, danger, intent; and that no text whatever breaks the reader."""

from __future__ import annotations

import timeit
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.denied import unheard
from nlp.numerals import in_digits, number
from nlp.segment import bag, borders, words
from nlp.understand import Context, understand

ANY_TEXT = st.text(max_size=200) | st.text(
    alphabet=st.sampled_from(
        list(
            "没暖气了楼号单元三两一二十百漏水停电煤味着火电梯困人不去年要是谢谢。，! \n\u200b\u200f\ud800\0暧还號樓A3#-５👍"
        )
    ),
    max_size=80,
)


@given(ANY_TEXT)
@settings(max_examples=150, deadline=None)
def test_never_raises_says_the_same_again_and_points_at_its_words(text: str) -> None:
    understood = understand(text)
    assert understood == understand(text)
    assert 0 <= understood.confidence <= 1
    assert (understood.danger is not None) == (understood.urgency == "emergency")
    for evidence in understood.evidence:
        assert text[evidence.start : evidence.end] == evidence.words != ""


def test_evidence_points_at_the_original_through_marks_and_traditional_signs() -> None:
    text = "\u200b樓上 暧\u200b氣 不熱"
    understood = understand(text)
    assert understood.category == "heating"
    assert {e.words for e in understood.evidence} >= {"暧\u200b氣", "不熱"}


def test_four_thousand_characters_are_read() -> None:
    assert understand("啊" * 4_000 + "着火了").danger is None
    assert understand("啊" * 4_001).truncated
    assert not understand("啊" * 4_000).truncated


@pytest.mark.parametrize(
    ("text", "in_season", "urgency"),
    [
        ("3号楼又没暖气了", True, "urgent"),
        ("3号楼又没暖气了", False, "normal"),
        ("去年冬天暖气不热，费用怎么退", True, "normal"),
        ("我们楼停水了", True, "urgent"),
        ("要是再停水就投诉", True, "normal"),
        ("停水那几天的水费能不能退", True, "normal"),
        ("单元门口井盖丢了", True, "urgent"),
        ("物业费太贵", True, "normal"),
    ],
)
def test_urgency(text: str, in_season: bool, urgency: str) -> None:
    assert understand(text, Context(in_season=in_season)).urgency == urgency


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("楼道里煤气味特别大，快来人", "gas"),
        ("屋里生着煤炉子，两个人叫不醒", "carbon_monoxide"),
        ("阳台上的纸箱子烧着了", "fire"),
        ("我妈被关在电梯里二十分钟了", "trapped"),
        ("有个孩子掉到井里去了", "fallen"),
        ("河里有人在扑腾", "drowning"),
        ("高压线断了，掉在路上", "electric"),
        ("房顶塌下来了，奶奶还在里面", "collapse"),
        ("楼下有人拿刀追人", "violence"),
        ("有人要跳楼，在七楼阳台外面坐着", "jump"),
        ("我爸突然晕倒了，叫不醒", "illness"),
        ("奶奶走失了，她有老年痴呆，外面零下二十度", "lost_in_cold"),
        ("楼上爆管了，水往我家里灌，插座都泡了", "water_pouring"),
        ("救命", "help"),
        ("去年着过一次，现在又着火了", "fire"),
        ("隔壁著火了，濃煙很大", "fire"),
    ],
)
def test_danger(text: str, kind: str) -> None:
    understood = understand(text)
    assert (understood.danger, understood.urgency, understood.intent) == (kind, "emergency", "request")


@pytest.mark.parametrize(
    "text",
    [
        "煤气费怎么交", "去年着过火，消防通道还是堵着", "要是着火了消防车都进不来", "没有煤气味了，谢谢师傅", "热得要命，空调坏了",
        "井盖坏了，怕有人掉进去", "商场跳楼价大喇叭吵死了", "刚才着火了，已经扑灭了", "燃气灶打不着火", "冻死了，暖气不热",
        "钥匙丢了找不到了", "烧烤摊冒烟呛人", "想问社区有没有急救培训", "物业把我气晕了",
    ],
)  # fmt: skip
def test_no_danger(text: str) -> None:
    assert understand(text).danger is None


def test_a_bad_egg_smell_is_asked_about() -> None:
    understood = understand("厨房里有股臭鸡蛋味")
    assert (understood.danger, understood.danger_maybe) == (None, "gas")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("你好", "greeting"), ("谢谢你们", "thanks"), ("你好，3号楼没暖气", "request"), ("低保怎么申请", "question"), ("转人工", "human"),
        ("你是机器人吗", "about"), ("不用来了，我自己弄好了", "withdraw"), ("我的诉求办得怎么样了", "status"), ("怎么还没人来，催一下", "nudge"),
        ("补充一下，是晚上八点以后", "addition"), ("嗯", "answer"), ("无抵押低息贷款，加微信详谈", "advert"), ("你们都是废物", "abuse"),
        ("路灯修得真快，给你们点个赞", "thanks"),
    ],
)  # fmt: skip
def test_intent(text: str, intent: str) -> None:
    assert understand(text).intent == intent


def test_two_troubles_are_seen_in_two_clauses_only() -> None:
    assert understand("楼道灯不亮，另外下水道也堵了").two_troubles
    assert not understand("3号楼没暖气，屋里才14度").two_troubles


def test_the_cost_grows_with_the_length_and_no_faster() -> None:
    def cost(times: int) -> float:
        return min(timeit.repeat(lambda: understand("暖气不热。停水，煤气味，着火！" * times), number=1, repeat=5))

    assert cost(280) < 16 * cost(35)  # eight times the text; sixty-four, if every word looked at every other sentence


@pytest.mark.parametrize(
    ("spelt", "value"),
    [
        ("三", 3),
        ("十六", 16),
        ("二十三", 23),
        ("一百零五", 105),
        ("一百二", 120),
        ("五零一", 501),
        ("廿一", 21),
        ("十百", None),
        ("", None),
    ],
)
def test_numbers(spelt: str, value: int | None) -> None:
    assert number(spelt) == value


def test_numerals_only_before_a_place_word() -> None:
    assert in_digits("三号楼2单元五零一")[0] == "3号楼2单元501"
    assert in_digits("五一路一直堵，万一着火")[0] == "五一路一直堵，万一着火"


@given(st.text(max_size=60).filter(lambda text: "\0" not in text and text.isprintable()))
@settings(max_examples=40, deadline=None)
def test_words_joined_are_the_text(text: str) -> None:
    assert "".join(words(text)) == text
    assert len(text) in borders(text)


def test_a_bag_of_words_knows_the_trade() -> None:
    assert {"网格员", "暖气片"} <= bag("网格员来修暖气片了")


@given(
    st.sampled_from(["3号楼没暖气了", "楼道灯不亮", "下水道堵了往外冒脏水", "楼上半夜吵得睡不着", "物业乱收费态度还差", "低保怎么申请", "电梯又坏了"]),
    st.sampled_from(["您好，", "你好！", "😀", "师傅您好，", "麻烦问一下，", ""]),
    st.sampled_from(["，谢谢", "🙏🙏", "！！！", "，辛苦了", "😭", ""]),
)
def test_greetings_and_emoji_do_not_change_the_category(text: str, before: str, after: str) -> None:
    assert understand(before + text + after).category == understand(text).category


@pytest.mark.parametrize(
    "piece", ["1-", "3号楼", "没", "不热", "a1", "我在北京市", "锦绣小区", "一二三", "nuanqi ", "jinxiu'", "救命", "！。", "\ud800", "((", "暖气暖气"]
)
def test_no_text_can_run_away(piece: str) -> None:
    """Four thousand signs of anything cost no more than a letter of that length: four times the length not twelve times as much."""

    def seconds(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        best = 9.0
        for _ in range(5):
            began = perf_counter()
            understand(text)
            best = min(best, perf_counter() - began)
        return best

    understand(piece)
    assert seconds(3_800) < 12 * seconds(950)


def test_what_is_longer_than_can_be_read_is_cut_and_said_so() -> None:
    found = understand("三号楼的暖气不热。" * 20_000)
    assert found.truncated
    assert found.category == "heating"


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("不是垃圾的事，是路灯", "building_facilities"),
        ("狗不叫了，但是楼上装修又开始了", "noise_neighbours"),
        ("暖气管子不漏了，水管子又漏了", "water_power_gas"),
        ("没有异味了", "other"),
    ],
)
def test_what_is_said_not_to_be_so_is_not_the_matter(text: str, category: str) -> None:
    assert understand(text).category == category


@pytest.mark.parametrize("text", ["不是没暖气，是太热了", "没停水，就是水小", "邻居说他家没暖气，我家有", "今天停水吗", "供热办在几楼上班，周六有人没"])
def test_a_trouble_that_is_denied_or_asked_about_is_not_urgent(text: str) -> None:
    assert understand(text).urgency == "normal"


@pytest.mark.parametrize("text", ["门铃不响了", "喇叭不响了"])
def test_what_does_not_ring_any_more_is_a_trouble(text: str) -> None:
    assert understand(text).wording.text == text
    assert unheard(text) == []


@pytest.mark.parametrize(
    ("text", "topic"),
    [("楼道灯不亮", "corridor_lamp"), ("路灯不亮", "street_lamp"), ("几号开始供暖", "heating_start"), ("暖气不热", "no_heat"),
     ("暖气工人态度恶劣", None), ("能不能加个路灯", None)],
)  # fmt: skip
def test_the_topic_is_what_is_the_matter_not_what_is_mentioned(text: str, topic: str | None) -> None:
    assert understand(text).topic == topic


@pytest.mark.parametrize(
    ("text", "intent"),
    [("暖气不热，有人管吗", "request"), ("锦绣苑3号楼没水了，是不是停水了？", "request"), ("暖气不热怎么办", "request"),
     ("几点供暖", "question"), ("今天停水吗", "question"), ("低保怎么申请", "question"), ("暖气报停交几成", "question")],
)  # fmt: skip
def test_who_has_no_heat_complains_even_in_a_question(text: str, intent: str) -> None:
    assert understand(text).intent == intent
