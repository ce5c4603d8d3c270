"""Answers to the check-back: is the trouble gone, and was a verdict spoken? (GUIDE, last section)

Read from the strictest to the mildest: still there, in part, cannot say, gone. What only promises, or is only polite, is unclear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.shortwords import read_day as read_day
from nlp.shortwords import read_phone as read_phone
from nlp.shortwords import read_worker_words as read_worker_words
from nlp.wording import plain


@dataclass(frozen=True)
class Reply:
    """`answer`: solved, partly, not_solved, unclear. `satisfaction`: satisfied, mostly, dissatisfied, none."""

    answer: str
    satisfaction: str


def _any(words: str) -> re.Pattern[str]:
    """One pattern for a block of words (regular expressions) with blanks between."""
    return re.compile("|".join(words.split()))


_BUTTON = {
    "1": "solved", "一": "solved", "选一": "solved", "选1": "solved", "是": "solved", "是的": "solved", "已解决": "solved",
    "2": "partly", "二": "partly", "选二": "partly", "选2": "partly", "部分解决": "partly", "jiejueleyiban": "partly",
    "3": "not_solved", "三": "not_solved", "选三": "not_solved", "选3": "not_solved", "未解决": "not_solved", "no": "not_solved",
    "❌": "not_solved", "没": "not_solved", "没有": "not_solved", "还没": "not_solved", "没呢": "not_solved", "否": "not_solved", "yes": "solved",
    "jiejuele": "solved", "meijiejue": "not_solved", "✅": "solved", "meiyou": "not_solved",
}  # fmt: skip
"""A whole answer by number or single word."""

_POLITE = re.compile(
    r"(谢谢|谢|感谢|多谢|辛苦|辛苦了|您?你?们|好的?|嗯+|行|行吧|ok|中|收到|知道了|👍|🙏|👌|哦|噢|啊|吧|了|挺好的?|不错|挺好|师傅|哈|呵呵|过年好|你好|您好)*"
)
_DONE = _any(r"""
    (修|弄|办|搞|整|拾掇|处理|解决|换|疏通|清|收拾|通|补|完|做)(得)?(好|完|妥|成|利索|定)了? 好了 好啦 好咧 好喽
    好嘞 解决(了|完) 办妥 办成 妥了 搞定 齐活 没事了 没问题了 行了$ 利索了
    不(漏|吵|响|堵|臭|黄|闹|返水|返|渗|滴|冒|叫|卡|停|冷|凉|黑|掉|晃|积水|跳闸|断)(水|味|了)*(了|咧|啦)
    没再(漏|响|吵|堵) 再没(漏|响|吵|堵|停|坏) 一点不漏 去根了 亮堂 亮了 亮着呢
    (可|都|挺|真|很)?热(乎|了)(了|着)? 热着 暖和了? 有(水|电|气|网|暖气|灯)了 来(水|电|气|暖气)了
    通(水|电|气)?了 畅通 气通了 拉走了 清走了 搬走了 挪走了 清(理)?干净 干净了 换上新
    能(坐|用|洗|睡|做饭|走|开|上)[^吗]{0,5}了 又能坐了 清静了 没味了 没有味了 味没有了 味(没|散)了 味道没了
    不再(漏|吵|响) 没有一间屋是凉 得劲了 道歉了 退(回来|给我)了 拆(了|除了) 安静了 修的不赖 退了 到账了 现在来了
    拴上了 弄走了 (水|电|气|暖气|网|灯)来了 通开了 清了 好用了 补(平|好|上)了
    (拴|收|挪|搬|装|划|换|弄|立|扶|接|关|铺|贴|撤|拆|清|拉)(起来|上|出来|走|掉|回来)了 上来了
    ^(嗯|是|对|都|是的)?[,，]?已解决 (得到|已经?)解决 解决得 正常了 (可以|能)(用|走|洗|坐)了 没(啥|什么)?问题了?
    恢复(了|正常|供) ^可以了 换了[,，]
""")
_NOT = _any(r"""
    依然 依旧 照样 没人(联系|问|搭|回) 问题还在 看了?一眼 没有?任何 怎么可能 更(厉害|严重|大|多|差|响|凉|冷|臭)了? 未(处理|修|办|清)
    没(改善|效果|反应|结果) 跟没.{0,2}一样 (家里|屋里)还是?(十|1)[一二三四五六\d]度 没见好
    没(有)?(修|解决|弄|办|处理|换|搞|人管|人来|人修|人理|人接|来人|变|动静|见着|完成)(?!错|再)
    (未|没有?|没得到)解决 还没(?!回去|看|试|回|空|用|到家|仔细|顾)(?!.{0,4}现在(来|好|热|有)) 并没有 根本没
    没好(?!意思) 还(在|是)?(漏|响|吵|堵|停|黑|冷|凉|臭|堆|冒|返|坏|不|没人|那样|这样|老样)
    还是(漏|不|没|那|这样|坏|老|打不) 还(堆|停|漏|黑|冒|返|堵|臭|响|冻)着 老样子 一点(儿)?(没|也没|都没)
    又(停|漏|坏|堵|不|没|来了|返|响|吵|黑|灭) 仍(未|不|然不|然没|然) 任然不 越修越 比以前(漏|还|更) 白搭 修了个
    修不了 没修成 修完比 好(个屁|啥|什么) 哪(里|儿|有)?(好|修|解决)了? 解决(啥|什么|个)
    谁(来修|跟你说|说解决|给修|修了) (说|讲)(是)?(明天|过两天|下周|今天|改天|后天|等|要|得|会|让等|没货|没配件)
    光说 等配件 下(周|个?月)才 得等 应该能好 啥时候才 什么时候(才|能|来) 换汤不换药 光打雷 啥也没 什么都没
    没见(着|到|人) 一个人影 一滴水 不归(他|我)们?管 进都没进 还(在)?往(上|外|下|家|屋) 先别结 别(点|给我)?结案
    别结 没人(来|管|修|理) 一试还是 打不着火 不中 (才|只有|就)(十[一二三四五六]|1[0-6])度 糊弄 拍个照 推来推去
    推诿 没热 (这会儿|现在|今天|晚上)又(没|不|停|漏|凉) 没(水|电|气|网|暖气)(?!了吗)(?!.{0,6}现在(来|有|好|热))
    冻(得|了一宿|着呢|死) 再没人来 明天是哪天 没来$ 没动 压根 日哄 不管用 坏着 不行 不好使 不热(?!了) 没消息
    没下文 踢皮球 不亮(?!了) 反弹 假的 瞎说 骗人 没成 没退 没通 没拆 没搬 没挪
""")
_BACK = re.compile(
    r"好(是好)?了.{0,8}又(?!有)|还有.{0,8}又没|说(是)?(修|办|弄|换)?(好|完|妥)了.{0,4}(可|但|结果).{0,14}(还|没|不)|两天又|修好.{0,8}又(漏|坏|不|停|堵|响|黑)|(热|亮|通|来).{0,6}又(没|不|停|灭|堵|凉)"
)
_PARTLY = _any(r"""
    好一?些 有(点|所|一点)?改善 暂时(好|能|不|解决) 还有(一|两|几|个).{0,6}(不|没) 没粉?刷 大部分 大体 概好
    部分 好多了 一半 半截 没全(好|修|弄|完) 基本(好|解决|上好|修好|不漏|弄好) 差不多 勉强 没(修)?利索
    还(剩|欠|差|有一|有点|有些|有俩|有两|有几) (漏|吵|响|堵|臭|噪音|声音|味|味道)得?(少|小|轻|淡) 小了(点|些)
    偶尔还 强(一)?点 比(以前|之前|原来)(强|好) 临时 凑合 上来(一)?点
    是(热|好|亮|通|来|能用|修|不漏)(是)?了.{0,12}(不过|但|可|就|只是|就是)
    (热|亮|好|通|来|修|有水|有电|能[坐用关开]).{0,3}了?.{0,3}[,，。\s]?(可|就是|但是?|不过|只是)(?!算|热|好).{0,14}(不|没|小|还|老|凉|只|慢|差|漏|响|锁)
    (大屋|客厅|楼下|白天|这边|一间|主卧|南屋).{0,12}(小屋|卧室|北屋|夜里|晚上|那边|次卧|楼上|厨房).{0,8}(凉|没有|不|没|才|冷)
    只(修|换|好|弄|清|退) 办了一(件|个) 没(压实|抹|刷|补|收拾|恢复|清理干净) 没给(抹|补|刷|恢复|装)
    剩(两|俩|一|几) 还(渗|滴答) 换了(俩|一个|两个|一半) 修(好|了)(俩|一个|两个|一半) 走几(辆|个) 点儿?.{0,4}不够
    就热了(上|下|一|两|几|半|个) 又有(一)?点 一部分
""")
_SOME_LEFT = re.compile(
    r"还差|还有(一|两|几)|好一?些|大部分|暂时|没粉?刷|还剩|还欠|剩(两|俩|几|一)|另一件|一半|没全|只修好|修好俩|换了俩|少了|小了点|强点|好多了|基本好了|部分"
)
_UNSURE = _any(r"""
    不知道 不清楚 没听清 看不清 说不上 再说吧 再观察 观察观察 稍等 问问 你说呢 不在家 在外地 没回去 没顾上
    还没看 没看 没试 试试 晚上回去 听(邻居|人|说|他们) 按的 不算数?$ 要是 如果 师傅(姓|电话|来过) 电话多少
    烦不烦 换号 不是王 新问题 另(外)?一?(个|件)事 自个儿?(花钱|找人|修|弄) 自己(花钱|找人|修|弄) 等不及 不敢踩
    不是没修好 帮我选 该选 你是谁 打错 我反映的不是 算了 随便 爱咋 吧\?$
""")
_SURE_DONE = re.compile(
    r"谁说没(修|解决)|没想到|以为修不好|不是未解决|刚才还没.{0,6}现在(来|好|热|有|亮)|原先|要不是你们|不用再来|已经(好|解决|修好)|没再|再没(漏|响|吵|堵|停|坏)|没有一间|没有了$|没了$|别再打|虽然|可算|终于|彻底|甭提多|没事了"
)
_UNSATISFIED = _any(r"""
    不满意 不满 差评 态度(太|真|很)?差 糊弄 太差 太慢 一星 不满一 差劲 失望 不怎么样 不咋样 日哄 垃圾服务
    可太满意了.{0,6}冻 什么态度
""")
_MOSTLY = _any(r"""
    基本(上)?满意 还行吧 还可以 还行 凑合 马马虎虎 比较满意 一般(般)?$ 差强人意 过得去
""")
_SATISFIED = _any(r"""
    满意 好评 点(个)?赞 五星 谢谢 感谢 多谢 👍 真快 真好 态度(特别|很|真)?好 漂亮 不赖 挺上心 给力 表扬 挺好
    很好$ 辛苦了 负责
""")
_ONLY_THANKS = re.compile(r"谢谢|感谢|多谢|辛苦了|👍")


def _squeeze(text: str) -> str:
    return re.sub(r"[\s。.!,，、~]+$", "", plain(text).text.strip())


def read_reply(text: str) -> Reply:
    """What a resident's answer to "解决了吗？满意吗？" says. Never raises; empty or odd text is unclear."""
    words = _squeeze(text)
    answer = _answer(words)
    return Reply(answer, _satisfaction(words, answer))


def _answer(words: str) -> str:
    bare = re.sub(r"[\s\W]+", "", words) or words
    if bare in _BUTTON:
        return _BUTTON[bare]
    if not words or _POLITE.fullmatch(bare):
        return "unclear"
    if re.search(r"要不是你们.{0,12}还.{0,3}(冻|漏|堵|黑|吵)", words):
        return "solved"  # the trouble is told as what would be
    if re.search(r"选(一|1)", words) and not _NOT.search(words):
        return "solved"
    if (
        _SURE_DONE.search(words)
        and _DONE_OR_GONE.search(words)
        and not _BACK.search(words)
        and not _SOME_LEFT.search(words)
    ):
        return (
            "partly"
            if _PARTLY.search(words) and not re.search("谁说|虽然|原先|可算|终于", words)
            else _unless_unsure(words)
        )
    if _BACK.search(words):
        return "not_solved"
    return _from_evidence(words)


_DONE_OR_GONE = re.compile(_DONE.pattern + r"|没有了|没了|不是未解决|弄完了|没再|已解决")


def _unless_unsure(words: str) -> str:
    return "unclear" if re.search(r"不是没修好|要是(?!不是|不)|听(邻居|人)说|自个儿?花钱|自己花钱", words) else "solved"


def _from_evidence(words: str) -> str:
    """Sorts by what is said most strictly: unsure beats all but a plain trouble, in part beats gone."""
    not_, partly, done = _NOT.search(words), _PARTLY.search(words), _DONE.search(words)
    if re.search(r"不是没修好|没有一间", words):
        return "unclear" if "不是没修好" in words else "solved"
    if _UNSURE.search(words) and not (not_ and re.search(r"没修|没人|还(漏|黑|堵|返)|又(漏|停)", words)):
        return "solved" if done and re.search(r"问一下|另外问", words) else "unclear"
    if partly and (
        done or _SOME_LEFT.search(words) or not not_ or re.search("能用|能(坐|关)|是热了|有水了|不渗", words)
    ):
        return "partly"
    if not_:
        return "not_solved"
    if done:
        return (
            "not_solved"
            if re.search(r"(吗|谁.*了)\?$|[?]$", words) and not re.search("另外|问一下", words)
            else "solved"
        )
    return "unclear"


def _satisfaction(words: str, answer: str) -> str:
    """A verdict only where praise, blame or a grade is spoken; thanks count beside "solved" only."""
    if _UNSATISFIED.search(words):
        return "dissatisfied"
    if _MOSTLY.search(words):
        return "mostly"
    if not _SATISFIED.search(words):
        return "none"
    only_thanks = not _SATISFIED.search(_ONLY_THANKS.sub("", words))
    return "none" if only_thanks and answer != "solved" else "satisfied"


_YES = re.compile(
    r"(是|是的|对|对的|对对|嗯+|好|好的|可以|行|同意|要|需要|没错|yes|y|ok|1|中|成|确认|愿意|没问题|是啊|对啊|好呀|好啊|解决了|是我|本人)(的|呀|啊|吧|哈|了|呢)*"
)
_NO = re.compile(
    r"(不|不是|不对|不用|不要|不行|不同意|没有|没|否|no|n|2|别|不需要|算了|不可以|不愿意|错了|不了|不是的|没呢|还没)(的|呀|啊|吧|了|呢|谢谢|哈)*"
)


def read_yes_no(text: str) -> bool | None:
    """A plain yes or no; None where it is neither, or more than that is said."""
    bare = re.sub(r"[\s\W]+", "", plain(text).text)
    if _NO.fullmatch(bare):
        return False
    return True if _YES.fullmatch(bare) else None
