"""The words of the workbook: what a clerk writes for each code. Codes are read too, as the CSV files have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from handlers.texts import load

Words = Mapping[str, str]

AREA_KINDS: Final[Words] = {"city": "市（区）", "subdistrict": "街道", "community": "社区", "grid": "网格"}
PLACE_KINDS: Final[Words] = {"estate": "小区", "building": "楼栋", "road": "道路", "landmark": "地标"}
ROLES: Final[Words] = {
    "worker": "网格员",
    "building_lead": "楼栋长",
    "unit_lead": "单元长",
    "estate_lead": "小区负责人",
    "community_secretary": "社区书记",
    "subdistrict": "街道值班",
    "city": "市（区）值班",
    "specialist": "专业单位",
}
POST_KINDS: Final[Words] = {"full_time": "专职", "part_time": "兼职", "auxiliary": "辅助"}
DUTIES: Final[Words] = {"day": "白班", "night": "夜班"}
CHANGES: Final[Words] = {"off": "停班", "on": "加班"}
DAYS: Final[Words] = {"off": "放假", "work": "上班"}
CATEGORIES: Final[Words] = {code: str(name) for code, name in load()["category"].items() if code != "other"}
NAMES: Final[Words] = {**AREA_KINDS, **PLACE_KINDS}


def code_of(word: str, words: Words) -> str | None:
    """The code that a word or code stands for."""
    if word in words:
        return word
    plain = _plain(word)
    return next((code for code, name in words.items() if _plain(name) == plain), None)


def _plain(word: str) -> str:
    return "".join(word.split()).replace("（", "(").replace("）", ")").casefold()
