"""A number said instead of a button: 2, 回复2, 选2, 第二个, 后者; 3号 where a building (or a button) is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BARE = re.compile(r"\s*(?P<how>回复|选择?|我选|按|点|第)?\s*(?P<number>\d{1,2}|[一二三四五六七八九十])\s*(?P<unit>个|项|条|号)?\s*[。.！!吧]*\s*")
_DIGITS = {sign: i for i, sign in enumerate("一二三四五六七八九十", 1)}
_ORDER = {"前者": 1, "前一个": 1, "前面那个": 1, "前面的": 1, "后者": 2, "后一个": 2, "后面那个": 2, "后面的": 2}


@dataclass(frozen=True)
class Chosen:
    """`of_building`: it may be a building's number; `a_day`: it may be a day of the month (3号)."""

    number: int
    of_building: bool = False
    a_day: bool = False


def read(text: str) -> Chosen | None:
    """The number, when the text says nothing else."""
    bare = text.strip().strip("。.！!")
    if bare in _ORDER:
        return Chosen(_ORDER[bare])
    found = _BARE.fullmatch(text)
    if found is None:
        return None
    sign, how, unit = found["number"], found["how"], found["unit"]
    if sign in _DIGITS and not (how or unit):
        return None  # 一 alone is a word
    number = _DIGITS.get(sign) or int(sign)
    plain = how is None and unit in (None, "号")
    return Chosen(number, plain, unit == "号" and how is None) if number else None
