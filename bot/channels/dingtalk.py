"""钉钉 group robot: a token in the address, a signature of the time where 加签 is on, a word where 自定义关键词 is; 20 a minute.

Limits as in 《自定义机器人接入》 (调用频率限制) and codes as in 《自定义机器人发送群消息》 (错误码) of the 钉钉开放平台: whoever sends
more than 20 in a minute is shut out for ten minutes, so it is no use to knock before. 130101 and 300001 stand in the tables of
Aliyun, which sends by the same robots. One code, 310000, stands for each of the 安全设置: its words tell which.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from bot.channels.robots import MINUTE, RobotChannel
from bot.settings_robots import Robot

SHUT_OUT = 10 * MINUTE
UNSAFE = 310000
SETTINGS = {  # a word of what is said under UNSAFE -> which of the robot's 安全设置 it is
    "keyword": "消息里没有机器人要求的关键词：keyword 要和群里设的一样",
    "sign": "加签没通过：secret 不对",
    "timestamp": "加签没通过：服务器的时间差了一小时以上",
    "whitelist": "服务器的 IP 不在机器人的白名单里",
}


class DingTalkChannel(RobotChannel):
    name = "dingtalk"
    AGAIN: ClassVar[Mapping[int, float]] = {130101: SHUT_OUT, 410100: SHUT_OUT, 90018: MINUTE, -1: 5.0}
    WHY: ClassVar[Mapping[int, str]] = {
        UNSAFE: "安全设置没通过：加签的 secret、关键词或服务器的 IP 不对",
        300001: "机器人的地址不对，或机器人已被删除",
        300005: "机器人的地址不对，或机器人已被删除",
        400101: "机器人的地址不对，或机器人已被删除",
        400102: "机器人已停用",
        400105: "消息类型不被接受",
        400106: "机器人不存在",
        400013: "群已解散",
        430101: "消息里有不让发的链接：请看 [web] public_url 的网址",
        430102: "消息里有不让发的字句",
        430104: "消息里有不让发的内容",
    }

    def request(self, robot: Robot, text: str, at: float) -> tuple[str, dict[str, Any]]:
        url = robot.url.get_secret_value()
        if secret := robot.secret.get_secret_value():
            stamp = str(round(at * 1000))
            url += "&" + urlencode({"timestamp": stamp, "sign": signature(secret, stamp)})
        return url, {"msgtype": "text", "text": {"content": text}}

    def reason(self, code: int, words: str) -> str:
        told = words.lower() if code == UNSAFE else ""
        return next((why for word, why in SETTINGS.items() if word in told), super().reason(code, words))


def signature(secret: str, stamp: str) -> str:
    """Of the moment in milliseconds; good for an hour."""
    made = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(made).decode()
