"""别说是我说的: a wish not to be named, wherever it stands."""

import pytest

from nlp.secrecy import only_wishes, wishes_hidden, without_wish


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("6号楼楼下麻将馆半夜吵 别说是我说的", "6号楼楼下麻将馆半夜吵"), ("匿名举报，楼上养鸡", "楼上养鸡"), ("暖气不热。不要写我的姓名", "暖气不热。"),
        ("楼上天天吵，千万别告诉他是我反映的，谢谢", "楼上天天吵，谢谢"), ("不想让邻居知道", ""), ("请保密！", ""),
    ],
)  # fmt: skip
def test_a_wish_and_what_else_is_said(text: str, rest: str) -> None:
    assert wishes_hidden(text)
    assert without_wish(text).strip("！") == rest
    assert only_wishes(text) is (not rest)


@pytest.mark.parametrize("text", ["物业不保密，把我电话给人了", "物业不让我们知道账目", "别跟我说这些", "怕孩子知道了难受", "签了保密协议不给看", "你别说我没提醒你", ""])
def test_what_is_none(text: str) -> None:
    assert not wishes_hidden(text)
    assert without_wish(text) == text
