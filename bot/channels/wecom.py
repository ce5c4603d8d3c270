"""企业微信 group robot: the key stands in the address; 20 messages a minute; a text holds 2,048 bytes.

Codes as in 《全局错误码》 and limits as in 《群机器人配置说明》 (now 消息推送配置说明) of the 企业微信开发者中心. What may be tried
again by the first: -1 (busy). 45009 is the limit of a minute, 45033 too many at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bot.channels.robots import MINUTE, RobotChannel
from bot.settings_robots import Robot


class WeComChannel(RobotChannel):
    name = "wecom"
    AGAIN: ClassVar[Mapping[int, float]] = {45009: MINUTE, 45033: 5.0, -1: 5.0}  # too many, too many at once, busy
    WHY: ClassVar[Mapping[int, str]] = {
        93000: "机器人的地址不对，或机器人已被移出群",
        93004: "机器人已停用",
        93008: "机器人不在群里",
        40008: "消息类型不被接受",
        40058: "消息格式不被接受",
        44004: "消息是空的",
        45002: "消息太长",
    }

    def request(self, robot: Robot, text: str, at: float) -> tuple[str, dict[str, Any]]:
        return robot.url.get_secret_value(), {"msgtype": "text", "text": {"content": text}}
