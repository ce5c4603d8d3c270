"""Does a text speak of another city? A short list of provinces and larger cities; only said where it is plain."""

from __future__ import annotations

import re

from nlp.lexicon import Lexicon

_PROVINCES = (
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 "
    "甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门"
)
_CITIES = (
    "石家庄 太原 大同 呼和浩特 包头 沈阳 大连 长春 哈尔滨 南京 苏州 无锡 杭州 宁波 温州 合肥 福州 厦门 南昌 济南 青岛 郑州 洛阳 武汉 "
    "长沙 广州 深圳 东莞 佛山 南宁 桂林 海口 三亚 成都 绵阳 贵阳 昆明 拉萨 西安 兰州 西宁 银川 乌鲁木齐 唐山 保定 烟台 潍坊 淄博 "
    "临沂 徐州 常州 南通 扬州 张家口 秦皇岛 邯郸 邢台 沧州 廊坊 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁 鞍山 吉林市 大庆 泉州 珠海 中山市 惠州 "
    "赣州 襄阳 宜昌 株洲 湘潭 衡阳 岳阳 柳州 遵义 咸阳 宝鸡"
)
_NAMES = sorted(set(f"{_PROVINCES} {_CITIES}".split()), key=lambda name: (-len(name), name))
_NAME = "|".join(map(re.escape, _NAMES))
_KNOWN = Lexicon.of(_NAMES)
_PLAIN = re.compile(
    rf"({_NAME})(?:(?:省|市|自治区)(?:[\u4e00-\u9fff]{{1,6}}?(?:市|区|县))?|[\u4e00-\u9fff]{{1,3}}(?:区|县)(?!别|域))"
    r"(?!路|街|大道|人|菜|话)"
)
_IN = re.compile(
    rf"(?:我在|我家在|我们在|住在|家在|家住|我是|人在|这里是|这儿是)({_NAME})(?!路|街|大道|人|上班|打工|出差|读书|上学|看病|工作|干活|回来)"
)


def names_outside(text: str) -> bool:
    """Whether the name of a province or a city stands in the text at all."""
    return bool(_KNOWN.hits(text))


def outside_of(text: str, local: frozenset[str] = frozenset()) -> str | None:
    """The other place's words if the text names one plainly (北京市朝阳区, 我在太原), else None."""
    if not names_outside(text):
        return None
    for pattern in (_PLAIN, _IN):
        for found in pattern.finditer(text):
            if found[1] not in local and not any(name and name in found[0] for name in local):
                return found[0] if pattern is _PLAIN else found[1]
    return None
