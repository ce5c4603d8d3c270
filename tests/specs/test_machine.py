"""The promises of the house as a state machine: residents, staff and time do anything in any order, on a real database,
and casework.audit.faults finds nothing after any turn. A message handled twice changes nothing.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from casework.case import ENDS, Case, State
from storage import cases
from storage.queues.outbox import OUT
from tests.fakes.town import Phone, Town, template

WORDS = (
    "锦绣苑3号楼2单元又没暖气了", "3号楼2单元", "没暖气", "电梯坏了，锦绣苑3号楼", "楼道灯不亮", "已经好了", "好是好了但是又漏了",
    "还是没解决", "催办", "撤回", "我的诉求", "转人工", "谢谢", "楼下有煤气味，很浓，快来人", "臭鸡蛋味", "不是，我说的是1号楼",
    "13800138000", "1", "2", "满意", "我七点后在家", "几点来？", "明天没空", "改个时间", "点错了", "北京朝阳区没水", "👍", "下水道堵了，还有路灯也不亮，锦绣苑3号楼",
    "不是供暖，是下水道堵了", "不对，还没好", "不是锦绣苑，是平安里3号楼", "第二个",
)
STAFF_WORDS = (
    "收到", "到了", "办好了", "换了阀门，好了", "我的工单", "任务", "下班", "交班", "下一件", "上班", "明天", "明年6月1日：改造时一起换", "打错了",
    "3号楼1单元", "请热力公司来看", "不是要办的事", "约时间", "约明天下午三点，或者今晚七点",)
STAFF = ("w-s1c1g1", "cs-s1c1", "sd-s1", "city-1", "sp-heat", "el-e01")
folder = Path(tempfile.mkdtemp(prefix="jiesu-machine-"))


class Life(RuleBasedStateMachine):
    """One community, two residents, six chairs."""

    def __init__(self) -> None:
        super().__init__()
        self.path = Path(tempfile.mkdtemp(dir=folder)) / "life.db"
        shutil.copy(template(folder), self.path)
        self.town = Town(self.path)
        self.residents = [self.town.resident("王阿姨"), self.town.resident("李师傅", "telegram")]
        self.staff = [self.town.staff(p) for p in STAFF]
        self.seen: dict[str, Case] = {}

    def teardown(self) -> None:
        self.town.close()
        self.path.unlink()

    @initialize(words=st.sampled_from(WORDS[:5]))
    def begins(self, words: str) -> None:
        self.residents[0].says(words)

    @rule(who=st.integers(0, 1), words=st.sampled_from(WORDS))
    def resident_writes(self, who: int, words: str) -> None:
        self.residents[who].says(words)

    @rule(who=st.integers(0, 5), words=st.sampled_from(STAFF_WORDS))
    def staff_writes(self, who: int, words: str) -> None:
        self.staff[who].says(words)

    @rule(who=st.integers(0, 7), pick=st.integers(0, 200))
    def somebody_presses(self, who: int, pick: int) -> None:
        self._press((self.residents + self.staff)[who], pick)

    @rule(pick=st.integers(0, 200))
    def worker_presses(self, pick: int) -> None:
        self._press(self.staff[0], pick)

    @rule(pick=st.integers(0, 200))
    def resident_presses(self, pick: int) -> None:
        self._press(self.residents[0], pick)

    @rule(who=st.sampled_from((0, 1, 2)))
    def somebody_finishes_their_card(self, who: int) -> None:
        """The way on, so that the machine gets as far as the check-back."""
        if self._label(self.staff[who], "办好了"):
            self.staff[who].says("换了阀门，放了气")

    @rule(label=st.sampled_from(("已解决", "部分解决", "未解决", "满意", "又坏了，重新办", "不对，请重新办", "分开登记", "是")))
    def resident_answers(self, label: str) -> None:
        self._label(self.residents[0], label)

    @rule(who=st.sampled_from((1, 2, 3)), label=st.sampled_from((
        "没人接", "没人接", "未解决", "已解决", "我来办", "退单", "已无危险", "不是诉求", "挂账", "同意", "不愿回答", "更多…")))
    def desk_presses(self, who: int, label: str) -> None:
        self._label(self.staff[who], label)

    @rule(reason=st.sampled_from(("不是我的网格", "进不去", "不归我管")), who=st.sampled_from((0, 1)))
    def somebody_returns_it(self, reason: str, who: int) -> None:
        if self._label(self.staff[who], "退单"):
            self._label(self.staff[who], reason)

    @rule(who=st.sampled_from((0, 2)))
    def they_make_an_appointment(self, who: int) -> None:
        if self._label(self.staff[who], "更多…"):
            self.staff[who].says("约明天下午三点，或者后天上午九点")
            self._press(self.residents[0], 0)

    @rule(who=st.integers(0, 7), minutes=st.sampled_from((0, 0, 1, 9, 11)))
    def somebody_takes_it_back(self, who: int, minutes: int) -> None:
        """点错了 under the newest step, or one of before."""
        self.town.forward(minutes=minutes)
        self._label((self.residents + self.staff)[who], "点错了")

    def _label(self, phone: Phone, label: str) -> bool:
        values = [b["value"] for m in phone.shown[-8:] for b in m.buttons if b["label"] == label]
        if values:
            phone._sends("button", values[-1])
        return bool(values)

    def _press(self, phone: Phone, pick: int) -> None:
        values = [b["value"] for m in phone.shown[-8:] for b in m.buttons]
        if values:
            phone._sends("button", values[pick % len(values)])

    @rule(who=st.integers(0, 7), pick=st.integers(0, 200), thief=st.integers(0, 7))
    def presses_anothers_button(self, who: int, pick: int, thief: int) -> None:
        """A button shown to somebody else is refused and changes nothing."""
        phones = self.residents + self.staff
        values = [b["value"] for m in phones[who].shown[-8:] for b in m.buttons]
        if who == thief or not values:
            return
        before = self._all()
        phones[thief]._sends("button", values[pick % len(values)])
        assert self._all() == before

    @rule(minutes=st.sampled_from((1, 9, 16, 31, 120, 600, 1440, 4320)))
    def time_passes(self, minutes: int) -> None:
        self.town.forward(minutes=minutes)

    @rule(words=st.sampled_from(WORDS))
    def the_same_message_twice(self, words: str) -> None:
        """A repeat has no second effect."""
        self.town._key += 1
        key = f"twice{self.town._key}"
        phone = self.residents[0]
        self.town.hears(phone.channel, phone.address, "text", words, {}, key)
        before = self._all()
        self.town.hears(phone.channel, phone.address, "text", words, {}, key)
        assert self._all() == before

    @precondition(lambda self: not self.town.blocked)
    @rule(who=st.integers(0, 7))
    def somebody_blocks_us(self, who: int) -> None:
        self.town.blocked.add((self.residents + self.staff)[who].address)

    @precondition(lambda self: bool(self.town.blocked))
    @rule()
    def and_comes_back(self) -> None:
        self.town.blocked.clear()

    def _all(self) -> dict[str, Any]:
        with self.town.database.reading() as conn:
            return {c.id: (c, cases.parts(conn, c.id)) for c in self.town.cases()}

    @invariant()
    def no_case_is_gone_and_no_end_comes_by_silence(self) -> None:
        now = {c.id: c for c in self.town.cases()}
        for case_id, was in self.seen.items():
            assert case_id in now, "a case vanished"
            assert now[case_id].rev >= was.rev
        for case in now.values():
            if case.state in ENDS and case.state is State.CONFIRMED:
                assert case.answer == "solved"
        self.seen = now


    @invariant()
    def nobody_is_told_more_than_happened(self) -> None:
        """BEHAVIOUR, How many messages: each thing that happens to a case is told to its resident once at most; answers
        to their own words, danger and what a desk proposes (挂账) are not counted."""
        with self.town.database.reading() as conn:
            told = list(conn.execute(select(OUT.c.person_id, OUT.c.case_id, OUT.c.key, OUT.c.made_at).where(
                OUT.c.case_id.is_not(None), OUT.c.kind.in_(("fact", "prompt", "question")), OUT.c.urgency != "emergency",
                OUT.c.key != "worker.defer_question",
            ).distinct()))
            happened = {case.id: len(cases.events(conn, case.id)) for case in self.town.cases()}
        residents = {case.id: case.resident_id for case in self.town.cases()}
        count = Counter(row.case_id for row in told if row.person_id == residents[row.case_id])
        assert all(count[case_id] <= happened[case_id] for case_id in count), (count, happened)


LifeTest = pytest.mark.timeout(600)(pytest.mark.slow(Life.TestCase))
LifeTest.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
