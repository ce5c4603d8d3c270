"""No telephone stands in a card, a history or a list, nor is anything found by one, however it was written."""

from __future__ import annotations

import pytest

from tests.fakes.town import Town

TROUBLE = "锦绣苑3号楼2单元楼道灯不亮"
DRESSES = [
    ("电话5123456", "5123456"), ("手机139.8765.4321", "8765"), ("打１３９８７６５４３２１", "８７６５"), ("电话一三九八七六五四三二一", "八七六五"),
    ("139—8765—4321", "8765"), ("座机0352－5123456", "5123456"), ("幺三九八七六五四三二幺", "八七六五"),
]  # fmt: skip


@pytest.mark.parametrize(("dress", "secret"), DRESSES)
@pytest.mark.parametrize("post", ["w-s1c1g1", "cs-s1c1", "sd-s1"])
def test_no_telephone_is_shown_or_found(town: Town, post: str, dress: str, secret: str) -> None:
    reader = town.staff(post)
    resident = town.resident("住户")
    resident.says(f"{TROUBLE}，{dress}")
    number = town.cases()[0].number
    resident.says(f"补充：二楼的灯也不亮，{dress}")
    reader.commands(f"/case {number}")
    reader.presses("经过")
    reader.sees("经过", "楼道灯不亮，")
    shown = "\n".join(each.text for each in reader.shown)
    assert secret not in shown
    for word in (secret, "8765", "5123456", "一三九"):
        reader.commands(f"/find {word}")
        assert number not in reader.shown[-1].text


def test_what_is_no_telephone_is_shown(town: Town) -> None:
    worker = town.staff("w-s1c1g1")
    town.resident("住户").says(f"{TROUBLE}，打12345没人管，电表号5123456，上回是26-000099")
    worker.sees("打12345没人管，电表号5123456，上回是26-000099")
