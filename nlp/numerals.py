"""Chinese numerals in front of a place word: 三号楼2单元五零一 is 3号楼2单元501.

Only there: 一直, 五一路 and 万一 stay as they are (LIBRARIES, trap 14).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
_SIGN = "零〇一二两三四五六七八九十百幺廿壹贰叁肆伍陆柒捌玖拾"
_ANY = re.compile(f"[{_SIGN}]")
_BEFORE_PLACE = re.compile(
    f"(?<![{_SIGN}第])([{_SIGN}]+)(?=\\s*(?:号楼|栋|幢|座|单元|门洞|层|楼|室|号|户|排|#))|(?<=单元)([{_SIGN}]{{3,4}})(?![{_SIGN}])"
)
_DIGIT = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "幺": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}


def number(words: str) -> int | None:
    """The number that these signs spell, by place value (二十三) or one by one (五零一); None if they spell none."""
    if words.isdigit() and words.isascii():
        return int(words)
    words = words.translate(_FORMAL).replace("廿", "二十")
    if not words or any(sign not in _SIGN for sign in words):
        return None
    if "十" not in words and "百" not in words:
        return int("".join(str(_DIGIT[sign]) for sign in words))
    return _by_place_value(words)


def _by_place_value(words: str) -> int | None:
    spelt = re.fullmatch(r"(?:(.)百)?零?(?:([^零〇百]?)(十))?([^十百零〇]?)", words)
    if spelt is None:
        return None
    hundreds, tens, ten, ones = spelt.groups()
    if (tens or "") in ("十", "百") or (hundreds or "") in ("十", "百"):
        return None
    total = 100 * _DIGIT[hundreds] if hundreds else 0
    total += 10 * (_DIGIT[tens] if tens else 1) if ten else 0
    if hundreds and not ten and ones and "零" not in words and "〇" not in words:
        return total + 10 * _DIGIT[ones]  # 一百二 is 120
    return total + (_DIGIT[ones] if ones else 0)


def place_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """Every (start, end, digits) where a Chinese numeral stands before a place word."""
    for found in _BEFORE_PLACE.finditer(text):
        value = number(found[0])
        if value is not None:
            yield found.start(), found.end(), str(value)


def in_digits(text: str) -> tuple[str, Sequence[int]]:
    """The text with those numerals in digits, and for each of its characters the index it had before."""
    if not _ANY.search(text):
        return text, range(len(text))
    pieces: list[str] = []
    origin: list[int] = []
    done = 0
    for start, end, digits in place_numbers(text):
        pieces.append(text[done:start])
        origin.extend(range(done, start))
        pieces.append(digits)
        # the first and last digit carry the ends of the numeral; those between lean on the last
        origin.extend([start] + [end - 1] * (len(digits) - 1) if len(digits) > 1 else [start])
        if len(digits) == 1 and end - start > 1:
            origin[-1] = start
        done = end
    pieces.append(text[done:])
    origin.extend(range(done, len(text)))
    return "".join(pieces), tuple(origin)
