"""Staff are residents as well: nobody is given their own trouble, nor asked whether their own work is done."""

from __future__ import annotations

from casework.case import Answer, Part, State
from storage import cases
from tests.fakes.town import Phone, Town

HOME = "锦绣苑3号楼2单元"
WORKER, SECRETARY, STREET = "w-s1c1g1", "cs-s1c1", "sd-s1"


def has_it(town: Town) -> set[str]:
    with town.database.reading() as conn:
        return {p.post_id for p in cases.parts(conn, town.case.id) if p.part is not Part.FIRST_OWNER}


def files(phone: Phone, button: str, words: str) -> None:
    phone.says("登记")
    phone.presses(button)
    phone.says(words)


def test_a_workers_own_trouble_goes_to_somebody_else(town: Town) -> None:
    worker, secretary = town.staff(WORKER), town.staff(SECRETARY)
    files(worker, "我自己的事", f"{HOME}楼道灯不亮")
    assert has_it(town) & {WORKER, SECRETARY} == {SECRETARY}
    secretary.sees("新诉求")
    for words in ("收到", "办好了", "换了灯泡"):
        secretary.says(words)
    worker.sees("您看，解决了吗")
    worker.presses("已解决")
    assert (town.case.state, town.case.answer) == (State.CONFIRMED, Answer.SOLVED)


def test_a_secretarys_own_trouble_is_not_the_secretarys(town: Town) -> None:
    secretary = town.staff(SECRETARY)
    street = town.staff(STREET)
    files(secretary, "我自己的事", f"{HOME}楼道灯不亮")
    town.forward(days=2)
    assert SECRETARY not in has_it(town)
    street.sees("没人接单")


def test_who_filed_for_somebody_reads_who_is_asked_and_may_not_answer_for_them(town: Town) -> None:
    """A worker files for 刘奶奶 and mends it: the desk telephones, and no screen offers the worker 已解决."""
    worker, secretary = town.staff(WORKER), town.staff(SECRETARY)
    files(worker, "替居民", f"{HOME}501没暖气，刘奶奶电话13912345678")
    assert "我来问您" not in worker.sees("登记好了", "打电话或上门问他本人").text
    for words in ("收到", "办好了", "放了气"):
        worker.says(words)
    card = secretary.sees("要打个电话", "有人替您报过一件 26-000001", "办的人说：放了气", "①", "②")
    assert "找：" not in card.text, "the worker is not whom to ask for"
    worker.clears()
    worker.says("我的诉求")
    assert not {"已解决", "部分解决", "未解决"} & {b["label"] for b in worker.shown[-1].buttons}
    secretary.presses("已解决")
    worker.clears()
    secretary.presses("点错了")
    worker.sees_nothing("您看，解决了吗")
    assert not [m for m in worker.shown[worker.read :] if "等您说" in m.text]


def test_the_telephone_card_in_the_chat_has_the_script_and_the_name(town: Town) -> None:
    resident, worker, secretary = town.resident("王阿姨", "telegram"), town.staff(WORKER), town.staff(SECRETARY)
    resident.says(f"{HOME}没暖气了")
    resident.says("13812345678")
    for words in ("收到", "办好了", "换了阀门"):
        worker.says(words)
    town.forward(days=3, hours=1)
    secretary.sees("要打个电话", "找：王阿姨", "办的人说：换了阀门", "您报的 26-000001")
    secretary.presses("号码不对", 40)
    assert "没留电话" not in secretary.sees("请上门问一下").text
