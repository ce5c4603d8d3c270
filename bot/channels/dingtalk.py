"""钉钉 group robot: a token in the address, a signature of the time where 加签 is on, a word where 自定义关键词 is; 20 a minute."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from bot.channels.robots import MINUTE, RobotChannel
from bot.settings_robots import Robot


class DingTalkChannel(RobotChannel):
    name = "dingtalk"
    AGAIN: ClassVar[Mapping[int, float]] = {130101: MINUTE, 410100: MINUTE, 90018: MINUTE, -1: 5.0}
    WHY: ClassVar[Mapping[int, str]] = {
        310000: "安全设置没通过：加签的 secret、关键词或服务器的 IP 不对",
        300001: "机器人的地址不对，或机器人已被删除",
        300005: "机器人的地址不对，或机器人已被删除",
        400101: "机器人的地址不对，或机器人已被删除",
        400102: "机器人已停用",
        400106: "机器人不存在",
        400013: "群已解散",
    }

    def request(self, robot: Robot, text: str, at: float) -> tuple[str, dict[str, Any]]:
        url = robot.url.get_secret_value()
        if secret := robot.secret.get_secret_value():
            stamp = str(round(at * 1000))
            url += "&" + urlencode({"timestamp": stamp, "sign": signature(secret, stamp)})
        return url, {"msgtype": "text", "text": {"content": text}}


def signature(secret: str, stamp: str) -> str:
    """Of the moment in milliseconds; good for an hour."""
    made = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(made).decode()
