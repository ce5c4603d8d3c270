"""保密: what tells who wrote something goes, wherever it stands; what the matter is stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.identity import hide_self
from nlp.segment import search_words

NAMES = ["赵铁柱", "钱多多", "孙有福", "欧阳小米", "王芳", "郭大路", "马小跳", "石坚强", "常有理", "安心", "万三千", "高小山"]
TROUBLES = ["水管漏水", "暖气不热", "楼道灯不亮", "半夜太吵", "垃圾没人收", "电梯停了", "下水道堵了"]
BY_NAME = [
    "业主{}", "业主：{}", "本人{}", "我叫{}", "我是{}", "户主是{}", "姓名：{}", "联系人 {}", "我老婆叫{}", "我老公{}", "我妈{}", "我爸叫{}", "我儿子{}", "俺闺女叫{}",
    "住户{}", "租客{}", "举报人：{}", "我家老伴是{}", "反映人{}", "我，{}",
]  # fmt: skip
BY_ACCOUNT = [
    "微信 zhao_tz", "微信号：zhao_tz", "微信是zhao_tz", "加微信zhao_tz", "加我v zhao_tz", "V：zhao_tz", "wx:zhao_tz", "VX zhao_tz", "QQ 77665544", "qq号77665544", "扣扣：77665544",
    "wxid_a8b7c6d5e4", "ＷＸｉｄ＿a8b7c6d5e4", "抖音号zhao_tz", "邮箱zhao_tz@mail.example", "zhao.tz@mail.example", "@zhao_tz", "车牌晋B12345", "晋B·12345", "晋BD12345", "晋Ｂ１２３４５",
    "我的车京A5G7K8", "车牌号B12345", "身份证140202199003071234", "身份证号14020219900307123X", "护照E77665544", "户号77665544", "卡号6222 0212 3456 7890",
    "电话5123456", "手机139.8765.4321", "一三九八七六五四三二一", "１３９８７６５４３２１",
]  # fmt: skip
SECRETS = ["zhao", "tz", "7766", "a8b7", "12345", "5G7K8", "1990", "6222", "7890", "512", "8765", "八七六五", "８７６５"]
ROOMS = ["住401", "住在401", "401室", "401", "我家是401", "我家401", "四零一", "四〇一室", "9-3-401", "9号楼401", "3单元401", "401户", "门牌号401", "４０１", "我们401的人", "住四零一"]


@given(st.sampled_from(NAMES), st.sampled_from(BY_NAME), st.sampled_from(TROUBLES), st.sampled_from(["，", "。", " ", "；"]), st.booleans())
def test_a_name_goes_and_the_trouble_stays(name: str, way: str, trouble: str, mark: str, first: bool) -> None:
    told = way.format(name)
    text = mark.join([told, trouble] if first else [trouble, told])
    hidden = hide_self(text)
    assert name not in hidden
    assert trouble in hidden


@given(st.sampled_from(NAMES), st.sampled_from(BY_NAME), st.sampled_from(TROUBLES))
def test_a_name_told_once_goes_wherever_it_stands(name: str, way: str, trouble: str) -> None:
    assert name not in hide_self(f"{trouble}，{way.format(name)}，请回{name}，{name}等着")


@given(st.lists(st.sampled_from(BY_ACCOUNT), min_size=1, max_size=3), st.sampled_from(TROUBLES), st.sampled_from(["，", "、", "\n", "。"]))
def test_what_leads_to_somebody_goes(ways: list[str], trouble: str, mark: str) -> None:
    hidden = hide_self(mark.join([*ways, trouble]))
    assert not [secret for secret in SECRETS if secret in hidden], hidden
    assert trouble in hidden


@given(st.lists(st.sampled_from(ROOMS), min_size=1, max_size=3), st.sampled_from(TROUBLES))
def test_the_known_room_goes_however_it_is_written(rooms: list[str], trouble: str) -> None:
    hidden = hide_self("，".join([*rooms, trouble]), room="401")
    assert not [written for written in ("401", "四零一", "四〇一", "４０１") if written in hidden], hidden
    assert trouble in hidden


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("锦绣苑9号楼3单元401水管漏水，业主赵铁柱，电话5123456，微信 zhao_tz，住在401，我老婆叫钱多多", "锦绣苑9号楼3单元…水管漏水，业主…，电话…，微信 …，住在…，我老婆叫…"),
        ("赵铁柱，电话13987654321，楼道堆东西", "…，电话…，楼道堆东西"),
        ("楼道堆东西。赵铁柱", "楼道堆东西。…"),
        ("楼上太吵 赵铁柱 5123456电话", "楼上太吵 … …电话"),
        ("我姓赵，暖气不热", "我姓…，暖气不热"),
        ("免贵姓钱，叫我老钱就行", "免贵姓…，叫我…"),
        ("我家在五楼东户，漏水", "我家在…，漏水"),
        ("微信名：铁柱爱钓鱼，漏水", "微信名：…，漏水"),
        ("业主赵铁柱说，铁柱家的水管漏了", "业主…说，…家的水管漏了"),
        ("我妈叫我来反映", "我妈叫我来反映"),
        ("我是9号楼的赵大爷，暖气不热", "我是9号楼的…，暖气不热"),
        ("我是401的王阿姨，暖气不热", "我是…的…，暖气不热"),
        ("申请人：万三千，请修路", "申请人：…，请修路"),
        ("举报人钱多多，被举报人王大锤", "举报人…，被举报人王大锤"),
        ("赵铁柱反映：楼道灯不亮", "…反映：楼道灯不亮"),
        ("业主老赵家没水，我家老赵也说", "业主…家没水，我家…也说"),
        ("住三楼，姓孙，没水", "住三楼，姓…，没水"),
    ],
)
def test_whole_sentences(said: str, kept: str) -> None:
    assert hide_self(said, room="401") == kept


def test_what_is_known_of_the_writer_goes_without_a_word_before_it() -> None:
    assert hide_self("赵铁柱报：铁柱家没水", names=["铁柱"]) == "…报：…家没水"
    assert hide_self("铁匠老三家又没水了", names=["铁匠老三"]) == "…家又没水了"
    assert hide_self("3号楼3单元，3室，3户", room="3") == "3号楼3单元，…，…"


@pytest.mark.parametrize(
    "said",
    [
        "3号楼2单元暖气不热，才12.5度", "业主方便的时候来修", "居民常年没热水", "业主高空抛物，住户高声吵闹", "我是觉得太慢", "我妈高血压，家里18度", "孩子高烧，没电", "我家交了2400元",
        "工单26-000001、26-000002都没办", "打12345、12319都没人管", "2026-11-25 10:30停水", "锦绣社区第3网格", "微信群里说停水", "微信支付2400元", "用微信交了200元", "401路公交不停",
        "一楼二楼三楼都没水", "我不在家，周末来", "物业叫我们等", "我叫了物业没人来", "业主委员会不管", "居民马上要搬走", "水表18.401方", "马上来修，常年漏水，白天没人", "住户毛坯房装修，业主田径场占道", "我女儿高三，要学习", "曾多次反映，没人管", "我不高兴，我马上走", "我家小区门口", "申请表在哪里交", "孩子戴耳塞也没用", "被举报人王大锤收钱", "先安置再修，安置房住到下月", "我爸白内障", "叫我孙子来打字", "大姐白眼一翻", "王强师傅来过没修好",
    ],
)  # fmt: skip
def test_what_says_what_the_matter_is_stays(said: str) -> None:
    assert hide_self(said) == said


def test_amounts_that_look_like_the_room_stay() -> None:
    assert hide_self("欠费401元，室温18.401度，用了401度电，1401和4012", room="401") == "欠费401元，室温18.401度，用了401度电，1401和4012"


@given(st.text(max_size=80), st.sampled_from([None, "401", "3", "B-12", "东户"]))
def test_any_text_goes_through(text: str, room: str | None) -> None:
    hide_self(text, room=room, names=["赵铁柱", ""])


@pytest.mark.parametrize("sign", ["1", "a", "a.", "微信", "业主", "我是", "赵", "我老婆叫", "1-", "住3号楼", "wxid", "@", "赵 ", "晋B", "a@b."])
def test_a_long_text_is_read_through(sign: str) -> None:
    hide_self(sign * 4000, room="401")


def test_nothing_is_found_by_what_is_hidden() -> None:
    hidden = hide_self("水管漏水，业主赵铁柱，微信 zhao_tz，住在401，我老婆叫钱多多，车牌晋B12345", room="401")
    assert not {"赵铁柱", "铁柱", "zhao_tz", "401", "钱多多", "多多", "12345", "晋b12345"} & search_words(hidden)
