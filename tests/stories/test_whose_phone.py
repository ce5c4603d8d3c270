"""Whose number it is: one's own is kept with the person, that of whom the case is about only in the case; neither is taken for the other."""

from __future__ import annotations

import pytest

from nlp.shortwords import others_phone, own_phone
from storage import people
from tests.fakes.town import Phone, Town

MINE, HIS = "13700005678", "13700001234"
OLD = "替楼下李大爷报个事 锦绣苑3号楼2单元没暖气"
BURST = "替楼下李大爷报，锦绣苑3号楼1单元他家水管爆了，往外喷水"


def stored(town: Town, who: Phone) -> str | None:
    with town.database.reading() as conn:
        speaker = people.speaker(conn, who.channel, who.address)
    assert speaker is not None
    return speaker.person.phone


@pytest.mark.parametrize("story", [OLD, BURST])
@pytest.mark.parametrize("words", [(f"我的电话{MINE}", f"他电话{HIS}"), (f"他电话{HIS}", f"我的电话{MINE}"), (f"他电话{HIS}，我的电话{MINE}",)])
def test_two_numbers_are_not_swapped(town: Town, story: str, words: tuple[str, ...]) -> None:
    sender, worker = town.resident("小李", "telegram"), town.staff("w-s1c1g1")
    sender.says(story)
    for said in words:
        sender.says(said)
    assert stored(town, sender) == MINE
    worker.says("收到")
    worker.presses("查看电话")
    assert HIS in worker.sees("联系电话").text
    assert not any(MINE in m.text or HIS in m.text for m in worker.shown if "联系电话" not in m.text)


def test_his_number_is_never_kept_as_mine(town: Town) -> None:
    sender = town.resident("小李", "telegram")
    sender.says("锦绣苑3号楼2单元没暖气")
    sender.says(f"他电话{HIS}")
    assert stored(town, sender) is None


def test_a_case_number_is_no_wrong_telephone(town: Town) -> None:
    sender = town.resident("小李", "telegram")
    sender.says("锦绣苑3号楼2单元没暖气")
    sender.clears()
    sender.says("督办 26-000059")
    sender.sees_nothing("手机号是 11 位")


@pytest.mark.parametrize(("text", "own", "others"), [
    ("13700005678", "13700005678", "13700005678"), ("我的电话是13700005678", "13700005678", None), ("他电话13700001234", None, "13700001234"),
    ("老人的手机号13700001234，打我13700005678也行", "13700005678", "13700001234"), ("我妈电话13700001234", None, "13700001234"), ("没有", None, None),
])  # fmt: skip
def test_whose_it_is_said_to_be(text: str, own: str | None, others: str | None) -> None:
    assert (own_phone(text), others_phone(text)) == (own, others)
