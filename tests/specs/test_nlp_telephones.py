"""Telephone numbers, in whatever dress: what is read as one is hidden, what is none stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.telephones import hide_mobile, hide_phone, read_phone

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
SPELT = str.maketrans("0123456789", "零一二三四五六七八九")
SPOKEN = str.maketrans("0123456789", "〇幺二三四五六七八九")

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
locals_ = st.from_regex(r"[5-8][0-9]{6,7}", fullmatch=True).filter(lambda number: not number.startswith("800"))
gaps = st.sampled_from(["", " ", "-", ".", "．", "·", "－", "—", "–", " - ", "\u3000", "\u200b"])
dresses = st.sampled_from([None, WIDE, SPELT, SPOKEN])
before = st.sampled_from(["路灯不亮，电话", "打不通请打手机：", "联系", "座机是", "電話:", "我妈住这儿，号码", "Tel ", "有事联系老杨，电话（白天）"])
after = st.sampled_from(["", "，谢谢", "。", "找小唐", "（晚上七点后）", " 3号楼"])


def dressed(number: str, gap: str, cuts: tuple[int, ...], dress: dict[int, str] | None) -> str:
    parts = [number[a:b] for a, b in zip((0, *cuts), (*cuts, len(number)), strict=True)]
    return gap.join(parts).translate(dress or {})


@given(mobiles, gaps, st.sampled_from([(3, 7), (4, 7), (3, 6)]), dresses, before | st.just("水管漏了，") | st.just(""), after)
def test_a_mobile_is_read_and_goes_with_a_word_or_without(
    number: str, gap: str, cuts: tuple[int, ...], dress: dict[int, str] | None, head: str, tail: str
) -> None:
    written = dressed(number, gap, cuts, dress)
    assert read_phone(head + written + tail) == number
    assert hide_phone(head + written + tail) == f"{head}…{tail}"
    assert hide_mobile(head + written + tail) == f"{head}…{tail}"


@given(locals_, st.sampled_from(["", "-", " ", "."]), dresses, before, after)
def test_a_number_without_area_code_goes_beside_a_word_for_it(number: str, gap: str, dress: dict[int, str] | None, head: str, tail: str) -> None:
    written = dressed(number, gap, (len(number) - 4,), dress)
    assert read_phone(head + written + tail) == number
    assert hide_phone(head + written + tail) == f"{head}…{tail}"


@given(locals_, st.sampled_from(["0352", "010", "029", "０３５２", "零三五二"]), st.sampled_from(["", "-", " ", "－", ") ", ".", "—"]), after)
def test_a_landline_goes(number: str, area: str, gap: str, tail: str) -> None:
    written = f"暖气不热，{area}{gap}{number if area[0] != '零' else number.translate(SPELT)}"
    assert read_phone(written + tail)
    assert hide_phone(written + tail) == f"暖气不热，…{tail}"


@given(st.text(alphabet="电话打座机号码联系0123456789０１３一二幺零〇九 -.，:手机5tel", max_size=40))
def test_what_is_read_as_a_telephone_is_hidden(text: str) -> None:
    if read_phone(text) is not None:
        assert hide_phone(text) != text


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("电话5123456或者5123457，找谁都行", "电话…或者…，找谁都行"),
        ("5123456是我家座机", "…是我家座机"),
        ("7654321（电话）", "…（电话）"),
        ("+86 139-8765-4321", "…"),
        ("008613987654321", "…"),
        ("手机1 3 9 8 7 6 5 4 3 2 1", "手机…"),
        ("13 98 76 54 32 1打这个", "…打这个"),
        ("电话一三九八七六五四三二一一直没人接", "电话…一直没人接"),
        ("13987654321和13887654321", "…和…"),
        ("一三九八七六五四三二一 一三八八七六五四三二一", "… …"),
        ("五一二三四五六电话\n一三九八七六五四三二一", "…电话\n…"),
        ("5123456", "…"),
        (" 512-3456 ", "…"),
    ],
)
def test_many_dresses(said: str, kept: str) -> None:
    assert hide_phone(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "3号楼2单元501漏水", "打电话到9号楼3单元401", "打12345没人管", "电话12319也打了", "拨打95598，又打119", "工单26-000001电话没人接",
        "打电话说了，26-000001、26-000002都没办", "交了2345678元", "联系说要补2345678元", "电话费2345678", "燃气表号2345678", "户号5123456，打电话没人接",
        "电话里说读数是2345678度", "水表5123456", "2026-11-25 10:30停水", "打电话约好20261125上门", "11月25日、11月26日", "第1501 1502 1503号铺", "1501-1502-1503都没水",
        "打400-123-4567没人接", "一三五单元都漏，二四六不漏", "电话打了一百多次", "一楼二楼三楼四楼五楼", "室温18.5度，湿度35.21", "3-2-501和3-2-502", "5123456块砖", "编号5123456的路灯",
        "路灯杆5123456不亮", "113.2934567,40.0912345", "身份证号码是140202199003071234", "GB50293-2014", "公交1路13点到15点，间隔20分",
    ],
)  # fmt: skip
def test_what_is_no_telephone_stays(said: str) -> None:
    assert hide_phone(said) == said
    assert hide_mobile(said) == said


@given(st.integers(1, 60), st.integers(1, 9), st.integers(101, 3604), st.sampled_from(["电话打了没人来，", "联系过物业，", "打12345，", ""]))
def test_places_stay(building: int, unit: int, room: int, head: str) -> None:
    for place in (f"{building}号楼{unit}单元{room}", f"{building}-{unit}-{room}", f"{building}栋{room}室"):
        assert hide_phone(f"{head}{place}漏水") == f"{head}{place}漏水"


@pytest.mark.parametrize("sign", ["1", "1 ", "13-", "电话", "电话1", "电话5 ", "一", "一 ", "打", "0352 ", ". "])
def test_a_long_text_is_read_through(sign: str) -> None:
    assert hide_phone(sign * 4000)
