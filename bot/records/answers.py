"""What a cell says of the check-back: is it solved, was somebody satisfied? Yes is said by words of a closed list only: 解决 stands in 限期解决
and 满意 in 不够满意 too. A cell that says two things at once, or nothing that is known, is not read."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from casework.case import Answer, Satisfaction
from nlp.replies import read_reply


class Said(NamedTuple):
    """What a cell of the check-back says; both None: that nobody was asked or nobody answered."""

    answer: Answer | None = None
    satisfaction: Satisfaction | None = None


SILENT: Final = Said()
LONGEST: Final = 500
"""Characters: a longer cell is a story and no answer."""
NOTHING: Final = re.compile(
    r"(?:-+|—+|/+|无|没有|空|null|none|n/?a|未知|不详|暂无|待回访|待评价|(?:系统)?自动.{0,4}|(?:未|没有?|拒绝|不愿|不予|无法|暂不|尚未|放弃)(?:进行|做出|作出)?(?:回访|评价|评分|表态|填写)|"
    r"(?:多次)?(?:未|无法|没有?|不能)(?:能)?(?:联系|接通|接听|打通|取得联系)[上到]?.{0,4}|无人接听|空号|关机|停机|拒接|拒访|占线|不便.{0,4})",
    re.IGNORECASE,
)
YES, NO = frozenset(["是", "y", "yes", "true", "1", "√", "✓", "对"]), frozenset(["否", "n", "no", "false", "0", "×", "x", "不"])

_FOR_THEM = re.compile(r"默认|视为|视同|(?:逾期|超期|超时)(?:未评价?|自动)")
"""Nobody said it: a clock did."""
_UNFILLED = re.compile(r"[□☐○◯]")
_ASKED = re.compile(r"是否(?:已经?|得到)?(解决|满意)[\s:：]*([是否])")
_BETWEEN = r"\s。.!，,、；;：:！（）()【】\[\]“”\"/|\\\-—~"
_MARKS = re.compile(f"[{_BETWEEN}]+")

_WHO = (
    r"(?:(?:经|电话|短信)*回访)?(?:市民|群众|来电人|来访人|诉求人|当事人|居民|业主|住户|反映人|投诉人|举报人|本人|用户|对方|其)?(?:本人)?"
    r"(?:表示|反馈|认为|称|告知|说|确认|评价)?(?:为|是)?"
)
_TOPIC = rf"(?:[^{_BETWEEN}不没未无非否难据能想要该待拟将等请求仍才就是称说]{{0,10}}(?:问题|诉求|事项|事情|此事|情况))?"
_HOW = r"(?:非常|很|极其?|极为|十分|特别|相当|强烈|比较|有点|有些|较|都|均|挺|最|完全|表示|感到|令人|让人)*"
_OF = rf"(?:对[^{_BETWEEN}不没未无非否难欠差]{{0,12}}?)?"
_UNDENIED = rf"[^{_BETWEEN}不没未无非否难欠部半别免]*(?:非常)?"
"""Unknown words before a no: not such as turn it round (没有不满意, 部分未解决)."""
_NEVER = r"(?:未|没有?|不|无法|没法|没能|未能|不能|难以|尚未|仍未|拒不)(?:能|得到|获得|取得|予以?|给予|被|以|真正|实质性?|有效|及时)*"
_DONE = r"(?:解决|办好|处理好|落实)"
_WHOLLY = r"(?:完全|彻底|全部|全都|都)"

_ANSWERS: Final = (
    (Answer.PARTLY, re.compile(
        rf"{_WHO}{_TOPIC}(?:已经?|只|仅|得到)*(?:(?:大|一|绝大)?部分|基本上?|大体上?|大致)(?:已经?|得到|上)*(?:{_DONE}(?:了|问题)?)?"
        rf"|{_WHO}{_TOPIC}(?:已经?)?解决(?:了|得)?(?:(?:一|大|绝大)?部分|一半|不够?彻底|不完全|不够?全面)"
        rf"|{_WHO}{_TOPIC}(?:还|仍|尚)?(?:{_NEVER}{_WHOLLY}|不{_WHOLLY}是)(?:得到)?{_DONE}|(?:一|大)?部分(?:还|仍|尚)?(?:未|没有?)(?:得到)?{_DONE}")),
    (Answer.NOT_SOLVED, re.compile(rf"{_UNDENIED}(?:{_NEVER}{_DONE}(?:了|问题|诉求)?|解决不(?:了|好|掉))")),
    (Answer.SOLVED, re.compile(
        rf"{_WHO}{_TOPIC}(?:经过?(?:协商|协调|沟通|处理|整改|维修)后?)?(?:现|现在|目前|均|都|全部|也)*(?:已经?)?(?:是|均|都|全部|得到|得以|获得|予以|给予|处理|整改|协调|协商|办结|办理|修复)?(?:完毕|到位)?(?:并且?|且)?(?:已经?|得到)?"
        r"(?:现场|当场|圆满|彻底|完全|全部|妥善|有效|及时|顺利|很好地?)?(?:解决|办好|处理好)(?:了|啦|完毕|到位|好了)?")),
)  # fmt: skip
_BY_WORDS_ALONE = re.compile(r"(?:协调|协商|处理|办理|整改|修复)解决")
"""协调解决 is what is being done as much as what was."""
_PENDING = re.compile(
    rf"[^{_BETWEEN}]{{0,6}}(?:正在|正|待|拟|将|即将|尽快|尽早|限期|承诺|答应|逐步|等待|计划|准备|争取|有望|还在|仍在|要求|希望|请求|请|盼|建议|督促|推动)[^{_BETWEEN}]{{0,6}}(?:解决|处理|办理|落实|协调|整改)(?:中|之中)?"
    rf"|[^{_BETWEEN}]{{0,6}}(?:解决|处理|办理|协调|整改|协商|推进|跟进|落实|维修|施工)(?:之|过程)?中"
)
"""Not yet an answer."""
_BAD = re.compile(
    rf"{_UNDENIED}(?:(?:不|没有?|未|欠|难以?|无法|谈不上|说不上|算不上|称不上|不能)(?:能|是|算|够|甚|怎么|十分|大|太|很|特别|非常|那么|尽|完全|令人?|让人|感到|表示)*满意|{_HOW}不满|差评|{_HOW}(?:很|太|较)差)"
)
_MOSTLY = re.compile(rf"{_WHO}{_OF}(?:表示|感到|感觉|觉得)?(?:(?:基本上?|比较|较为?|还算|一般|尚算?)(?:感到|表示)?满意|一般)")
_GOOD = re.compile(rf"{_WHO}{_OF}{_HOW}满意(?:的|了)?|(?:五星)?好评")
_GRADES: Final = ((Satisfaction.DISSATISFIED, _BAD), (Satisfaction.MOSTLY, _MOSTLY), (Satisfaction.SATISFIED, _GOOD))

_BESIDE = re.compile(
    r"(?:非常|十分|很)?(?:谢谢|感谢|多谢)(?:你们|您|社区|政府|工作人员)?|(?:是否|解决|满意)(?:已?解决|满意|情况|程度|度|结果)|满意度?(?:未|没有?|暂未)评价|\d+(?:分|星|级|次)?|"
    r"已?(?:妥善|及时|依法)?(?:办结|落实|回访|联系|处理|办理|转办|答复|回复|解释|告知|受理|归档|结案)(?:完毕|了)?|(?:基本|部分)?(?:不?属实|无关)|查无实据|重复(?:件|工单|诉求|投诉)?|" + _WHO
)  # fmt: skip
"""What says neither yes nor no, and does no harm beside it."""
_TURNED = re.compile(r"[不没未无非否但却难缺差慢拒要请将待拟等若仍又再称据]|还是|还有|如果|希望|预计|计划|承诺|[?？]")
"""An unknown word with one of these may turn a yes round."""
_REGISTER = re.compile(
    r"办结|核实|落实|整改|完成|恢复(?!了)|化解|息诉|受理|转办|派单|答复|解释|诉求|合理|接受|认可|同意|理解|通过|[有无]效|正常|单位|称|待|拟|将|正在|预计|计划|限期|承诺|尽快|要求|希望|表示|办好$"
)
"""A register's words, which are no resident's: 已核实 tells what the desk did. Only what a resident may have said is read as an answer in the chat is."""
_BOTH = re.compile(rf"((?:已|未|没|部分|基本|得到)解决)了?(?:但是?|且|并且?|而且?)?(?=[^{_BETWEEN}度]{{0,4}}满意(?!度))")


@lru_cache(4096)
def outcome(cell: str) -> Said | None:
    """An answer to 是否解决: 是, 已解决, 部分解决, 未解决; also 回访结果 that tells the verdict, or both, in words. None: not understood."""
    return _simple(cell, Said(Answer.SOLVED), Said(Answer.NOT_SOLVED)) or _told(cell, read_plain=True)


@lru_cache(4096)
def grade(cell: str) -> Said | None:
    """An answer to 满意吗: 满意, 基本满意, 不满意, 是, 否. A number of points is no verdict: nobody says what it is out of."""
    said = _simple(cell, Said(None, Satisfaction.SATISFIED), Said(None, Satisfaction.DISSATISFIED)) or _told(cell, read_plain=False)
    return Said(None, said.satisfaction) if said is not None and (said.satisfaction or said == SILENT) else None


def squeezed(cell: str) -> str:
    """A cell without blanks and marks."""
    return re.sub(r"[\s。.，,、；;：:！!（）()【】\[\]“”\"]+", "", cell)


def _simple(cell: str, yes: Said, no: Said) -> Said | None:
    words = squeezed(cell).lower()
    if not words or NOTHING.fullmatch(words) or _FOR_THEM.search(words):
        return SILENT
    return yes if words in YES else no if words in NO else None


def _told(cell: str, read_plain: bool) -> Said | None:
    """What all clauses together say; None where two of them disagree, or one that matters is not known."""
    if len(cell) > LONGEST or _UNFILLED.search(cell):
        return None
    cell = _ASKED.sub(lambda asked: ("未" if asked[2] == "否" and asked[1] == "解决" else "不" if asked[2] == "否" else "") + asked[1], cell)
    cell = _BOTH.sub(r"\1，", cell)
    whole = re.sub(r"\s+", "", cell)
    clauses = [whole] if _is_known(whole) else [clause for clause in _MARKS.split(cell) if clause]
    answers, grades = {_answer(each) for each in clauses} - {None}, {_grade(each) for each in clauses} - {None}
    rest = [each for each in clauses if not _is_known(each)]
    if len(answers) > 1 or len(grades) > 1 or any("解决" in each or "满意" in each for each in rest):
        return None
    said = Said(next(iter(answers), None), next(iter(grades), None))
    pending = any(_pending(each) for each in clauses)
    unsaid = any(NOTHING.fullmatch(each) for each in clauses)
    if (_good(said) and (unsaid or any(_TURNED.search(each) for each in rest))) or (said.answer is Answer.SOLVED and pending):
        return None
    if rest and read_plain and not pending and not unsaid and not any(_REGISTER.search(each) for each in rest):
        return _in_plain_words(cell, said)
    return said if said != SILENT or pending or unsaid else None


def _good(said: Said) -> bool:
    return said.answer is Answer.SOLVED or said.satisfaction in (Satisfaction.SATISFIED, Satisfaction.MOSTLY)


def _is_known(clause: str) -> bool:
    return bool(_answer(clause) or _grade(clause) or _pending(clause) or NOTHING.fullmatch(clause) or _BESIDE.fullmatch(clause))


def _pending(clause: str) -> bool:
    return _answer(clause) is None and _PENDING.fullmatch(clause) is not None


@lru_cache(4096)
def _answer(clause: str) -> Answer | None:
    found = next((answer for answer, pattern in _ANSWERS if pattern.fullmatch(clause)), None)
    return None if found is Answer.SOLVED and "已" not in clause and _BY_WORDS_ALONE.search(clause) else found


@lru_cache(4096)
def _grade(clause: str) -> Satisfaction | None:
    return next((verdict for verdict, pattern in _GRADES if pattern.fullmatch(clause)), None)


def _in_plain_words(cell: str, said: Said) -> Said | None:
    """What somebody wrote down of a call, read as an answer in the chat is; what the known words say must not stand against it."""
    reply = read_reply(cell)
    answer = Answer(reply.answer) if reply.answer != "unclear" else None
    verdict = Satisfaction(reply.graded) if reply.graded != "none" else None
    if said.answer and answer and Answer.SOLVED in (said.answer, answer) and said.answer is not answer:
        return None
    read = Said(said.answer or answer, said.satisfaction or verdict)
    return read if read != SILENT else None
