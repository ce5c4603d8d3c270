"""From the text of one cell to a value. Full-width digits, a Chinese semicolon, 2026年12月1日 and 7:00 are understood; what cannot be
understood raises `WrongCell` with the remedy. A cell is never guessed at."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time

from bot.organisation.faults import likely
from bot.organisation.vocabulary import Words, code_of

FULL_WIDTH = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
FULL_WIDTH_SIGNS = str.maketrans("：．／－＋；　", ":./-+; ")
BLANKS = re.compile("(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff])")  # 吴 晓, as clerks align names
WEEK = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")
YEARS = range(2020, 2041)
PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{5}|\d{7,8}|[48]00-?\d{3}-?\d{4}")
DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+00?:00(?::00)?)?")
TIME = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")


class WrongCell(Exception):
    """This cell cannot be understood: the problem and the remedy, without the place."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem, self.remedy = problem, remedy


def is_full_width(cell: str) -> bool:
    """Whether digits or Latin letters are written in full width: they are understood, and the clerk is told."""
    return any(ord(sign) in FULL_WIDTH for sign in cell)


def text(cell: str) -> str:
    """The words without blanks around them and signs that cannot be seen, digits and Latin letters in half width (３号楼 is 3号楼)."""
    return UNSEEN.sub("", cell).translate(FULL_WIDTH).strip()


def named(most: int) -> Callable[[str], str]:
    """A parser of a name of at most so many letters, which stands in one line."""

    def parse(cell: str) -> str:
        name = BLANKS.sub("", text(cell))
        if "\n" in name or "\t" in name:
            raise WrongCell("格子里有换行", "请写成一行")
        if len(name) > most:
            raise WrongCell(f"太长了（{len(name)} 个字）", f"请写在 {most} 个字以内")
        if name.startswith(("=", "+", "-", "@")):
            raise WrongCell(f"“{name[:20]}”开头的符号会被当成公式", "请去掉开头的符号")
        return name

    return parse


def id_(cell: str) -> str:
    """An id: paths and buttons are made of them."""
    found = code(cell)
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z.-]{0,39}", found):
        raise WrongCell(f"编号“{found[:20]}”有不能用的字", "编号只用数字、英文字母、点和短横；新加的行可以空着")
    return found


def lines(cell: str) -> str:
    """As `text`, of several lines: without blanks at their ends."""
    return "\n".join(line.rstrip() for line in text(cell).splitlines())


ALIAS = named(60)


def code(cell: str) -> str:
    """As `text`, with signs in half width too: for ids, numbers, dates and telephone numbers."""
    return text(cell).translate(FULL_WIDTH_SIGNS).strip()


def words(cell: str) -> tuple[str, ...]:
    return tuple(word for part in re.split("[;；、，\n]", cell) if (word := ALIAS(part)))


def codes(cell: str) -> tuple[str, ...]:
    return words(code(cell))


def one_of(words: Words) -> Callable[[str], str]:
    """A parser of a word from a list, or of its code; gives the code."""

    def parse(cell: str) -> str:
        if (found := code_of(code(cell), words)) is None:
            raise _unknown(code(cell), words, "请写 {} 中的一个")
        return found

    return parse


def some_of(words: Words) -> Callable[[str], tuple[str, ...]]:
    """A parser of several words from a list, `;` between them; gives their codes."""

    def parse(cell: str) -> tuple[str, ...]:
        found = []
        for word in codes(cell):
            if (each := code_of(word, words)) is None:
                raise _unknown(word, words, "请写 {}，几个之间用 ; 隔开")
            found.append(each)
        return tuple(dict.fromkeys(found))

    return parse


def _unknown(word: str, words: Words, otherwise: str) -> WrongCell:
    guess = likely(word, (*words.values(), *words))
    remedy = f"是不是“{guess}”？" if guess else otherwise.format("、".join(words.values()))
    return WrongCell(f"不认识“{word}”", remedy)


def whole(cell: str) -> int:
    if not re.fullmatch(r"\d{1,6}(\.0)?", number := code(cell)):
        raise WrongCell(f"“{number}”不是整数", "请写一个整数，如 4")
    return int(number.removesuffix(".0"))


def degrees(cell: str) -> float:
    if not re.fullmatch(r"\d{1,3}(\.\d+)?", number := code(cell)):
        raise WrongCell(f"“{number}”不是经纬度", "请写十进制的度数，如 40.10021")
    return float(number)


def phone(cell: str) -> str:
    """A mobile or fixed number or a short one such as 12345. What a spreadsheet did to it is named."""
    number = code(cell).replace(" ", "").removeprefix("+86")
    if re.fullmatch(r"[\d.]+[eE]\+?\d+", number):
        raise WrongCell(f"号码变成了“{number}”，后几位已经丢失", "请把这一列设为“文本”格式，再重新填写号码")
    number = re.sub(r"^(\d+)\.0$", r"\1", number)
    if re.fullmatch(r"1[\d-]{12,14}", number) and len(digits := number.replace("-", "")) == 11:
        number = digits  # 138-0000-0002
    if not PHONE.fullmatch(number):
        raise WrongCell(f"“{number}”不像电话号码", "手机写 11 位数字，固定电话写区号和号码，如 0352-1234567")
    return number


def day(cell: str) -> date:
    found = DATE.fullmatch(value := code(cell))
    if not found:
        raise WrongCell(f"“{value}”不是日期", "请写成 2026-12-01 的样子")
    year, month, number = (int(part) for part in found.groups())
    if year not in YEARS:
        raise WrongCell(f"“{value}”的年份不对", f"请核对年份，应在 {YEARS[0]} 到 {YEARS[-1]} 之间")
    try:
        return date(year, month, number)
    except ValueError:
        raise WrongCell(f"没有“{value}”这一天", "请核对月份和日期") from None


def hour(cell: str) -> time:
    """HH:MM; 24:00 is the midnight at the end of the day and is kept as 00:00."""
    value = code(cell)
    if re.fullmatch(r"0\.\d+", value):  # a time in a cell of numbers
        minutes = round(float(value) * 24 * 60)
        value = f"{minutes // 60 % 24}:{minutes % 60:02}"
    value = re.sub(r"^(\d{1,2})[点时](?:整|(\d{1,2})分?)?$", lambda m: f"{m[1]}:{m[2] or '00'}", value)
    found = TIME.fullmatch(value)
    if value in ("24:00", "24:00:00"):
        return time(0)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise WrongCell(f"“{value}”不是时间", "请写成 07:00 的样子，24 小时制")
    return time(int(found[1]), int(found[2]))


def weekdays(cell: str) -> tuple[int, ...]:
    """12345, 每天, 周一至周五, 周六、周日."""
    said = code(cell).replace("星期", "周").replace("礼拜", "周")
    if said in ("每天", "天天", "周一至周日", "周一到周日"):
        return (1, 2, 3, 4, 5, 6, 7)
    if run := re.fullmatch("周([一二三四五六日天])[至到-]周?([一二三四五六日天])", said):
        first, last = WEEK[run[1]], WEEK[run[2]]
        if first < last:
            return tuple(range(first, last + 1))
    if re.fullmatch("周[一二三四五六日天](?:[、,; ]*周?[一二三四五六日天])*", said):
        return tuple(sorted({WEEK[sign] for sign in said if sign in WEEK}))
    digits = said.removesuffix(".0")
    if not re.fullmatch("[1-7]+", digits) or len(set(digits)) < len(digits):
        raise WrongCell(f"“{digits}”不是星期", "请写 1 到 7 的数字，1 是星期一，如 12345，每天是 1234567")
    return tuple(sorted(int(digit) for digit in digits))
