"""[robots.NAME] of config.toml: the group robots of WeCom, DingTalk and Feishu. config.toml explains the keys."""

import re
from typing import Annotated, Literal
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr, model_validator

from bot.section import Section
from bot.spans import listed

LOOPBACK = ("127.0.0.1", "localhost", "::1")  # for tests, and for a relay on this machine
NAME = re.compile(r"[a-z0-9_-]{1,30}")
Areas = Annotated[tuple[str, ...], BeforeValidator(listed)]


def _name(name: str) -> str:
    if not NAME.fullmatch(name) or "__" in name:
        raise ValueError("机器人的名称用小写字母、数字和连字符，例如 [robots.jinxiu]")
    return name


RobotName = Annotated[str, AfterValidator(_name)]


class Robot(Section):
    """A robot in one group. Its address is its key: whoever has it can write there."""

    kind: Literal["wecom", "dingtalk", "feishu"]
    url: SecretStr = SecretStr("")
    secret: SecretStr = SecretStr("")
    keyword: str = ""
    areas: Areas = ()

    @model_validator(mode="after")
    def _whole(self) -> "Robot":
        if not self.areas:
            raise ValueError('要在 areas 里写它管哪些区域的编号，例如 areas = ["s1c1"]')
        if fault := _URL[self.kind](_split(self.url.get_secret_value())):
            raise ValueError(fault)
        if self.kind == "wecom" and (self.secret.get_secret_value() or self.keyword):
            raise ValueError("企业微信的机器人没有 secret 和 keyword，请去掉")
        if self.kind == "dingtalk" and self.secret.get_secret_value() and not self.secret.get_secret_value().startswith("SEC"):
            raise ValueError("钉钉的 secret 是「加签」那一栏以 SEC 开头的一串")
        return self


def _split(url: str) -> SplitResult:
    """The address in its parts; ValueError, which never repeats it, when it is none that can be called."""
    if not url:
        raise ValueError("没有写 url：建机器人时给的那个 Webhook 地址，最好用环境变量 JIESU_ROBOTS__<名称>__URL")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("url 不是一个网址") from None
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)):
        raise ValueError("url 要以 https:// 开头，照建机器人时给的整条复制")
    return parts


def _wecom(url: SplitResult) -> str:
    right = url.path.endswith("/webhook/send") and parse_qs(url.query).get("key")
    return "" if right else "url 不是企业微信群机器人的地址：要有 /webhook/send?key="


def _dingtalk(url: SplitResult) -> str:
    right = url.path.endswith("/robot/send") and parse_qs(url.query).get("access_token")
    return "" if right else "url 不是钉钉群机器人的地址：要有 /robot/send?access_token="


def _feishu(url: SplitResult) -> str:
    right = re.search(r"/bot/v2/hook/[\w-]+$", url.path)
    return "" if right else "url 不是飞书群机器人的地址：要有 /bot/v2/hook/"


_URL = {"wecom": _wecom, "dingtalk": _dingtalk, "feishu": _feishu}
