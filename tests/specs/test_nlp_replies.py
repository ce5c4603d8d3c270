"""Answers to the check-back, a yes or no, a worker's action words, a phone, a day."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.replies import Reply, bare_answer, read_day, read_phone, read_reply, read_worker_words, read_yes_no, squeeze
from nlp.replybook import FILE, shipped
from nlp.replyturns import clauses, findings, sign, tokens
from nlp.rulefile import FOLDER, read

WEDNESDAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "answer", "satisfaction"),
    [
        ("修好了，谢谢", "solved", "satisfied"),
        ("1", "solved", "none"),
        ("灯亮了", "solved", "none"),
        ("不漏了", "solved", "none"),
        ("解决了，基本满意", "solved", "mostly"),
        ("修是修好了，态度太差", "solved", "dissatisfied"),
        ("2", "partly", "none"),
        ("好多了，还差一点", "partly", "none"),
        ("客厅热了，卧室还是凉", "partly", "none"),
        ("3", "not_solved", "none"),
        ("好是好了但是又漏了", "not_solved", "none"),
        ("没修，差评", "not_solved", "dissatisfied"),
        ("还没人来", "not_solved", "none"),
        ("師傅說明天來", "not_solved", "none"),
        ("谁说解决了？", "not_solved", "none"),
        ("谢谢", "unclear", "none"),
        ("好的", "unclear", "none"),
        ("嗯嗯", "unclear", "none"),
        ("👍", "unclear", "none"),
        ("我还没回去看", "unclear", "none"),
        ("你们打错电话了吧", "unclear", "none"),
        ("", "unclear", "none"),
        ("满意", "unclear", "satisfied"),
    ],
)
def test_replies(text: str, answer: str, satisfaction: str) -> None:
    assert read_reply(text) == Reply(answer, satisfaction)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1", "solved"), ("选2", "partly"), ("三", "not_solved"), ("③", "not_solved"), ("按1", "solved"), ("第三项", "not_solved"), ("2吧", "partly"),
        ("已解决", "solved"), ("部分", "partly"), ("部分解决，基本满意", "partly"), ("未解决！", "not_solved"), ("1，基本满意", "solved"), ("2 还行", "partly"),
        ("三，差评", "not_solved"), ("5", "unclear"), ("?", "unclear"), ("👌", "unclear"), ("没有", "not_solved"), ("是的", "solved"),
    ],
)  # fmt: skip
def test_a_number_or_a_single_word_is_certain(text: str, answer: str) -> None:
    assert bare_answer(squeeze(text)) == answer
    assert read_reply(text).answer == answer


@pytest.mark.parametrize(("text", "graded"), [
    ("好了，谢谢", "none"), ("谢谢", "none"), ("好了，很满意，谢谢", "satisfied"), ("好了，谢谢，服务真好", "satisfied"), ("还行，好了", "mostly"),
    ("修是修好了，态度太差", "dissatisfied"),
])
def test_thanks_alone_grade_nothing(text: str, graded: str) -> None:
    assert read_reply(text).graded == graded


@pytest.mark.parametrize("trouble", ["漏", "吵", "臭", "堵", "响", "返水", "冒水"])
def test_one_trouble_in_every_turn(trouble: str) -> None:
    """Gone, gone at last, still there, back again, and what would be: read by class, not by the word."""
    for text in (f"不{trouble}了", f"现在不{trouble}了", f"终于不{trouble}了", f"再也没{trouble}过"):
        assert read_reply(text).answer == "solved", text
    for text in (f"还{trouble}着呢", f"又{trouble}了", f"照样{trouble}", f"一直{trouble}", f"修完更{trouble}了"):
        assert read_reply(text).answer == "not_solved", text
    for text in (f"要是明天不{trouble}就算修好", f"得看今晚还{trouble}不{trouble}，到时候再告诉你"):
        assert read_reply(text).answer not in ("solved", "partly"), text


@pytest.mark.parametrize("done", ["修好", "换好", "弄好", "清走", "拉走", "处理完", "装上"])
def test_one_deed_in_every_turn(done: str) -> None:
    for text in (f"{done}了", f"都{done}了", f"刚{done}了，谢谢", f"谁说没{done}？早{done}了"):
        assert read_reply(text).answer == "solved", text
    for text in (f"没{done}", f"还没{done}呢", f"根本没{done}", f"说明天才能{done}", f"啥时候能{done}啊"):
        assert read_reply(text).answer == "not_solved", text
    for text in (f"听邻居说{done}了，我还没去看", f"不知道{done}没有"):
        assert read_reply(text).answer == "unclear", text


def test_what_is_denied_or_supposed_is_told_as_what_it_means() -> None:
    assert read_reply("要不是你们来修，我今天还冻着呢").answer == "solved"
    assert read_reply("谁说没修好？我家热着呢").answer == "solved"
    assert squeeze("谁说没修好？热着呢") == "好了,热着呢"


def test_each_word_written_out_is_in_one_class() -> None:
    classes = tomllib.loads((FOLDER / FILE).read_text("utf-8"))["classes"]
    words = [word for listed in classes.values() for word in listed if "{" not in word]
    assert len(words) == len(set(words))


def test_what_clauses_say() -> None:
    def said(text: str) -> list[list[str]]:
        return [findings(clause) for clause in clauses(tokens(shipped(), text))]

    assert said("不漏了") == [["不", "坏没"]]
    assert said("又漏了") == [["又", "又坏"]]
    assert [sign(one) for one in said("厨房通了,厕所还堵着")][1] == "坏"


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ('[turns.solvd]\n"1" = ["末 办成"]', "solvd"), ('[turns.solved]\n"viel" = ["末 办成"]', "viel"), ('[parts]\n"动" = "修"', "动"),
        ('[classes]\n"坏" = [""]', "坏"),
    ],
)  # fmt: skip
def test_a_fault_in_the_file_is_told(wrong: str, place: str) -> None:
    (fault,) = read(FILE, f'code = "replies"\nname = "回访"\n{wrong}\n'.encode()).faults
    assert fault.key == place


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_text_breaks_a_reader(text: str) -> None:
    assert read_reply(text) == read_reply(text)
    read_yes_no(text), read_worker_words(text), read_phone(text), read_day(text, WEDNESDAY)


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("是", True),
        ("好的。", True),
        ("对对", True),
        ("不是", False),
        ("不用了，谢谢", False),
        ("没有", False),
        ("是不是漏水", None),
        ("", None),
    ],
)
def test_yes_or_no(text: str, yes: bool | None) -> None:
    assert read_yes_no(text) is yes


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("收到", "acknowledge"), ("接单！", "acknowledge"), ("联系了", "contact"), ("到现场了", "arrive"), ("办好了", "resolve"),
        ("修好了。", "resolve"), ("修好了三楼的，还差二楼", None), ("快到了吧", None),
    ],
)  # fmt: skip
def test_worker_words(text: str, action: str | None) -> None:
    assert read_worker_words(text) == action


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("我电话１３８００１３８０００", "13800138000"), ("+86 138-0013-8000", "13800138000"), ("0352-2345678", "03522345678"),
        ("3号楼2单元501", None), ("订单202611250001234", None), ("2345678", "2345678"),
    ],
)  # fmt: skip
def test_phone(text: str, phone: str | None) -> None:
    assert read_phone(text) == phone


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("明天", date(2026, 11, 26)), ("后天上午", date(2026, 11, 27)), ("大后天", date(2026, 11, 28)), ("周五", date(2026, 11, 27)),
        ("周一", date(2026, 11, 30)), ("下周一", date(2026, 11, 30)), ("下周五", date(2026, 12, 4)), ("3天后", date(2026, 11, 28)),
        ("三天之内", date(2026, 11, 28)), ("12月1日", date(2026, 12, 1)), ("12-01", date(2026, 12, 1)), ("十二月一号", date(2026, 12, 1)),
        ("1月5日", date(2027, 1, 5)), ("2026年12月31日", date(2026, 12, 31)), ("2月30日", None), ("2026-11-01", None), ("没准", None),
        ("三个工作日", date(2026, 11, 30)), ("今天", WEDNESDAY),
    ],
)  # fmt: skip
def test_day(text: str, day: date | None) -> None:
    assert read_day(text, WEDNESDAY) == day


@pytest.mark.parametrize("text", ["解决？", "好了？", "不错", "一般", "修了"])
def test_a_question_or_a_bare_verdict_closes_nothing(text: str) -> None:
    assert read_reply(text).answer == "unclear"


def test_a_million_signs_are_cut() -> None:
    assert read_reply("。" * 4_000 + "修好了").answer == "unclear"


@pytest.mark.parametrize("text", ["谢谢啊", "多谢啊", "算解决了吧", "应该算解决了", "it's ok", "no thanks", "中不中", "再等等吧", "什么解决了", "满意度一般"])
def test_what_says_neither_is_asked_again_and_reopens_nothing(text: str) -> None:
    assert read_reply(text).answer == "unclear"


@pytest.mark.parametrize("text", ["三楼好了四楼没好", "厨房好了卧室没好"])
def test_two_places_told_without_a_pause_are_a_part(text: str) -> None:
    assert read_reply(text).answer == "partly"
