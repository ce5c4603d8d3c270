"""飞书 group robot: a token in the address, a signature in the body where 签名校验 is on, a word where 自定义关键词 is; 100 a minute.

As in 《自定义机器人使用指南》 of the 飞书开放平台: 100 a minute and 5 a second, 11232 also at full and half hours when all the
world sends; 9499 for a body that cannot be read; 19021, 19022, 19024 for each of the 安全设置. 19001 (no such robot) stands in no
page that was found, but in what others were answered. By 《频控策略》 the platform itself says 429 and how long to wait in a heading
of its own, or 99991400.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, ClassVar

from bot.channels.robots import MINUTE, RobotChannel
from bot.settings_robots import Robot

BAD_REQUEST = 9499  # also said when it has had too many


class FeishuChannel(RobotChannel):
    name = "feishu"
    CODES: ClassVar[tuple[str, ...]] = ("code", "StatusCode")  # the second alone: as it answered earlier
    WAITS: ClassVar[tuple[str, ...]] = ("x-ogw-ratelimit-reset", "Retry-After")
    AGAIN: ClassVar[Mapping[int, float]] = {11232: MINUTE, 11233: MINUTE, 99991400: MINUTE}
    WHY: ClassVar[Mapping[int, str]] = {
        BAD_REQUEST: "消息的格式不被接受",
        19001: "机器人的地址不对，或机器人已被删除",
        19021: "签名校验没通过：secret 不对，或服务器的时间差了一小时以上",
        19022: "服务器的 IP 不在机器人的白名单里",
        19024: "消息里没有机器人要求的关键词",
    }

    def request(self, robot: Robot, text: str, at: float) -> tuple[str, dict[str, Any]]:
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if secret := robot.secret.get_secret_value():
            stamp = str(int(at))
            body |= {"timestamp": stamp, "sign": signature(secret, stamp)}
        return robot.url.get_secret_value(), body

    def busy(self, code: int, words: str) -> bool:
        return super().busy(code, words) or (code == BAD_REQUEST and "too many" in words.lower())


def signature(secret: str, stamp: str) -> str:
    """Of the moment in seconds; good for an hour. The text that is signed is the key here, and nothing the message."""
    made = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return base64.b64encode(made).decode()
