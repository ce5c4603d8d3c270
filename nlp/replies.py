"""Answers to the check-back: is the trouble gone, and was a verdict spoken? (GUIDE, last section)

A number, a button or a single word is read as such; what is only polite, or only a verdict, says nothing of the trouble. Anything
else is weighed: words and turns (replyturns.py) give points to the four answers. "Solved" has to be surer than the others, for
it closes the case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nlp.replybook import LABELS, ReplyRules, shipped
from nlp.replyturns import Token, tokens, turns
from nlp.scoring import softmax
from nlp.shortwords import read_day as read_day
from nlp.shortwords import read_phone as read_phone
from nlp.shortwords import read_worker_words as read_worker_words
from nlp.wording import READ_AT_MOST, plain

SOLVED, PARTLY, NOT_SOLVED, UNCLEAR = LABELS
SURE_OF_SOLVED, SURE_OF_NOT = 0.6, 0.4
"""A smaller share than this is not enough to close a case, or to call what somebody did undone: then it is asked again."""


@dataclass(frozen=True)
class Reply:
    """`answer`: solved, partly, not_solved, unclear. `satisfaction`: satisfied, mostly, dissatisfied, none. Thanks beside "solved"
    sound satisfied (`thanks`), but nobody is held to have graded anything by them."""

    answer: str
    satisfaction: str
    thanks: bool = field(default=False, compare=False)

    @property
    def graded(self) -> str:
        """The satisfaction that counts: praise, blame or a grade in so many words; of thanks alone none."""
        return "none" if self.thanks else self.satisfaction


_ONE_WORD = {
    SOLVED: "1 一 壹 是 是的 是滴 对 对的 嗯对 解决 解决了 已解决 已经解决 都解决了 全解决了 解决啦 好了 好啦 妥 妥了 搞定 yes y yijiejue jiejuele jiejue haole xiuhaole ✅ ✔️ ✔ √ 头一个 第一个 上面那个",
    PARTLY: "2 二 贰 两 部分 部分解决 一部分 部分解决了 解决了一部分 解决一部分 解决了一半 解决一半 jiejueleyiban bufen bufenjiejue 中间 中间那个 当中那个 第二个",
    NOT_SOLVED: "3 三 叁 未解决 没解决 没有解决 没 没有 没呢 没有呢 没啊 没有啊 还没 还没有 还没呢 否 不 不是 未 no n meiyou meijiejue weijiejue mei × ❌ ✖ ✖️ 最后一个 最末那个 第三个 下面那个",
    UNCLEAR: "中 行 成 好 可以 ok 嗯 哦 你说呢 你猜 再说 再说吧 不错 还不错 一般 一般般 不好说 难说 看吧 随便 "
    "谢谢啊 谢谢了啊 谢谢哈 多谢啊 谢啦 算解决了吧 算解决吧 算是解决了吧 应该算解决了 应该算解决了吧 应该算是解决了 什么解决了 解决什么了 中不中 行不行 "
    "再等等吧 再等等看 满意度一般 it'sok itsok it'sokay no谢谢 thanks thankyou",
}  # fmt: skip
_BARE = {re.sub(r"[\s\W]+", "", word) or word: answer for answer, words in _ONE_WORD.items() for word in words.split()}
_NUMBER = re.compile(r"(?:我|俺)?(?:就|还是|勉强)?(?:选择?|按|回复?|点|打|算|填|给)?(?:了|个)?第?([1-9一二三壹贰叁0])(?:个|项|号|条)?(?:吧|了|啊|哈|呗|的|呢)?")
_EMPTY_WORDS = re.compile(
    r"(?:嗯+|哦+|噢+|啊+|呃|额|好+的?|好滴|好嘞|好吧|行+吧?|中吧?|成吧?|ok|okay|收到|知道了?|了解|明白|晓得了|您?你?们?|都|师傅|哈+|呵+|嘿+|嗨|"
    r"啦|了|吧|呀|哇|呢|的|给|我|俺|个|这|那|真|很|太|挺|过年好|新年好|你好|您好|关心|费心|麻烦|添|辛苦|工作人员|大家|各位|领导|社区|物业)*"
)
_KEEP = re.compile(r"[\s\W_]+")
_VERDICTS = frozenset({"夸", "中评", "嫌", "谢"})


_AS_SAID = (
    (re.compile(r"(?:要不是|若不是|要没有|多亏)(?:你们?|您|恁|师傅|社区|物业)[^,。!?]{0,20},?[^,。!?]{0,8}(?:还|早|不知|就得)[^,。!?]{0,20}"), "好了"),
    (re.compile(r"(?:谁|哪个)(?:说|讲)(?:我家|俺家|这儿|这|还)?(?:没有?|不|未)[^,。!?]{1,12}[?!,。]"), "好了,"),
)
"""What would be without the help, and what is denied, is told as what it means: the trouble is gone."""


_ELSEWHERE = re.compile(r"(?<=好了)(?=[^,]{0,3}(?:楼|室|间|房|厅|厨|卫|单元|户|头|边)[^,]{0,2}(?:没|不|还))")
"""三楼好了四楼没好: two places, told without a pause."""


def squeeze(text: str) -> str:
    """The answer in plain wording, without stops at its end; 要不是你们来修，我还冻着 and 谁说没修好？ are 好了."""
    words = _ELSEWHERE.sub(",", re.sub(r"[\s。.!,，、~]+$", "", plain(text).text.strip()))
    for pattern, meant in _AS_SAID if "不是" in words or "没" in words or "谁" in words or "多亏" in words else ():
        words = pattern.sub(meant, words)
    return words


def read_reply(text: str, rules: ReplyRules | None = None) -> Reply:
    """What a resident's answer to "解决了吗？满意吗？" says, by these rules or the shipped ones. Never raises; empty or odd
    text is unclear."""
    words = squeeze(text[:READ_AT_MOST])
    rules = rules or shipped()
    found = tokens(rules, words)
    answer = bare_answer(words, found) or _weighed(rules, words, found)
    verdict = _verdict(found)
    thanks = verdict == "none" and answer == SOLVED and any(token.kind == "谢" for token in found)
    return Reply(answer, "satisfied" if thanks else verdict, thanks)


def bare_answer(words: str, found: list[Token] | None = None) -> str | None:
    """The answer where it is a number, a button, one word, or nothing besides politeness and a verdict; else None."""
    found = tokens(shipped(), words) if found is None else found
    bare = _KEEP.sub("", words) or words
    if bare in _BARE:
        return UNCLEAR if words.endswith("?") and not bare.isdigit() else _BARE[bare]
    rest = words
    for token in reversed(found):
        if token.kind in _VERDICTS:
            rest = f"{rest[: token.start]} {rest[token.end :]}"
    said = _KEEP.sub("", rest)
    if number := _NUMBER.fullmatch(said):
        return _BARE.get(number[1], UNCLEAR)
    if said in _BARE and said != bare and len(said) > 1:
        return _BARE[said]
    return UNCLEAR if _EMPTY_WORDS.fullmatch(said) else _number_first(words)


_FIRST = re.compile(r"\W*" + _NUMBER.pattern + r"(?=[\s,。.!、;:]+\S)")


def _number_first(words: str) -> str | None:
    """1，都好了: the number is the answer, unless another number follows."""
    first = _FIRST.match(words)
    if first is None or first[1] not in "123一二三壹贰叁" or re.search("[123一二三]", words[first.end() :]):
        return None
    return _BARE[first[1]]


def _weighed(rules: ReplyRules, words: str, found: list[Token]) -> str:
    shares = softmax(points_of(rules, words, found))
    order = sorted(range(len(LABELS)), key=lambda label: -shares[label])
    if shares[order[0]] < {SOLVED: SURE_OF_SOLVED, NOT_SOLVED: SURE_OF_NOT}.get(LABELS[order[0]], 0.0):
        return UNCLEAR
    return LABELS[order[0]]


def points_of(rules: ReplyRules, words: str, found: list[Token]) -> list[float]:
    """What the words and turns of an answer give to each of LABELS; each counts once."""
    points = list(rules.start)
    for word in {word for word, _, _ in rules.words.hits(words)}:
        for label, given in rules.points[word]:
            points[label] += given
    for turn in turns(found, words):
        for label, given in rules.turns.get(turn, ()):
            points[label] += given
    return points


def _verdict(found: list[Token]) -> str:
    """Only where praise, blame or a grade is spoken."""
    kinds = {token.kind for token in found}
    if not kinds.isdisjoint(("嫌", "糊弄")):
        return "dissatisfied"
    if "中评" in kinds:
        return "mostly"
    return "satisfied" if "夸" in kinds else "none"


_YES = re.compile(
    r"(是|是的|对|对的|对对|嗯+|好|好的|可以|行|同意|要|需要|没错|yes|y|ok|1|中|成|确认|愿意|没问题|是啊|对啊|好呀|好啊|解决了|是我|本人)(的|呀|啊|吧|哈|了|呢)*"
)
_NO = re.compile(
    r"(不|不是|不对|不用|不要|不行|不同意|没有|没|否|no|n|2|别|不需要|算了|不可以|不愿意|错了|不了|不是的|没呢|还没)(的|呀|啊|吧|了|呢|谢谢|哈)*"
)


_DECLINES = re.compile(r"不同意|不行|不可以|不接受|不愿意|不答应|不要挂|别挂|等不了|等不起|等不到|不能等|太久|凭什么等|还要等")
_GRANTS = re.compile(r"没意见|行吧|可以等|同意挂|也行|不是不行")


def declines(text: str) -> bool:
    """Whether somebody who is asked to wait says no in words of their own: 不行，我等不了那么久."""
    words = plain(text).text
    return len(words) <= 40 and _DECLINES.search(words) is not None and _GRANTS.search(words) is None


def read_yes_no(text: str) -> bool | None:
    """A plain yes or no; None where it is neither, or more than that is said."""
    bare = re.sub(r"[\s\W]+", "", plain(text).text)
    if _NO.fullmatch(bare):
        return False
    return True if _YES.fullmatch(bare) else None
