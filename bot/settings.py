"""config.toml and the environment -> Settings, or every fault in them at once, with what would be right.

pydantic checks the values. What is added here is where a fault stands (file and line, or the variable's name), what was
probably meant, and silence about values: a fault never repeats what was written, for it may be a token.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import EnvSettingsSource

from bot.settings_model import Settings
from bot.settings_robots import Robot
from bot.spans import known_categories
from bot.toml_lines import toml_lines
from casework.errors import JiesuError

__all__ = ["Fault", "Settings", "SettingsError", "keys", "load"]

PREFIX = "JIESU_"
CONFIG = "JIESU_CONFIG"  # the one variable that is not a key: it says which file to read
SHIPPED = Path(__file__).parent.parent / "config.toml"
SQLITE = "sqlite:///"

Loc = tuple[str, ...]

# What pydantic objects to, in the words of the person who edits the file; {…} are filled from the error's own context.
SAID = {
    "int_parsing": "要写整数",
    "int_type": "要写整数",
    "int_from_float": "要写整数",
    "float_parsing": "要写数字",
    "float_type": "要写数字",
    "bool_parsing": "要写 true 或 false",
    "bool_type": "要写 true 或 false",
    "string_type": "要写成引号里的文字",
    "string_too_short": "不能空着",
    "path_type": "要写成引号里的路径",
    "time_parsing": '要写时间，例如 "10:00"',
    "time_type": '要写时间，例如 "10:00"',
    "date_from_datetime_parsing": '要写日期，例如 "2027-02-14"',
    "date_parsing": '要写日期，例如 "2027-02-14"',
    "date_type": '要写日期，例如 "2027-02-14"',
    "literal_error": "只能是 {expected}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "value_error": "{error}",
    "missing": "没有写",
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in the settings: where, what, and what would be right. Holds no value that was written."""

    where: str  # "config.toml:12" or "环境变量 JIESU_WEB__PORT"
    key: str
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.where}：{self.problem}" + (f"。{self.remedy}" if self.remedy else "")


class SettingsError(JiesuError):
    """The settings cannot be used; `faults` holds everything that is wrong with them."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(["配置有误，没有启动：", *(f"  {fault}" for fault in faults)]))


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read `path` (else the file named by JIESU_CONFIG, else the shipped config.toml), then the environment over it.

    SettingsError names every fault of both. Relative paths in the result are made absolute against the file's folder.
    """
    path, told = _told(path, environ)
    text, faults = _read(path)
    written, lines = ({}, {}) if faults else (tomllib.loads(text), toml_lines(text))
    try:
        settings = Settings(**_over(written, _environment(told)))
    except ValidationError as error:
        places = Places(path.name, lines, told)
        faults += [_fault(e, places) for e in error.errors(include_input=False, include_url=False)]
    if faults:
        raise SettingsError(faults)
    return _anchored(settings, path.parent)


def organisation_told(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Path | None:
    """The organisation's folder as the file and the environment name it, though they are wrong elsewhere; None: where
    they cannot be read at all, or name it wrongly."""
    path, told = _told(path, environ)
    text, faults = _read(path)
    written = _over({} if faults else tomllib.loads(text), _environment(told))
    try:
        parts = {name: written[name] for name in ("demo", "town") if name in written}
        settings = _anchored(Settings(**parts), path.parent)
    except ValidationError:
        return None
    return settings.demo.organisation if settings.demo.enabled else settings.town.organisation


def _told(path: Path | None, environ: Mapping[str, str] | None) -> tuple[Path, dict[str, str]]:
    """The file to read, and what the environment says over it."""
    environ = os.environ if environ is None else environ
    file = Path(path or environ.get(CONFIG) or SHIPPED).absolute()
    return file, {name: v for name, v in environ.items() if name.upper().startswith(PREFIX) and name.upper() != CONFIG}


def keys(model: type[BaseModel] = Settings, above: Loc = ()) -> Iterator[Loc]:
    """Every key that has a name of its own, as a path: ("web", "port"). Categories' own limits have none: their names are data."""
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from keys(inner, (*above, name))
        else:
            yield (*above, name)


def variable(loc: Loc) -> str:
    """The environment variable that overrides this key."""
    return PREFIX + "__".join(loc).upper()


@dataclass(frozen=True)
class Places:
    """Where things were written, to say it again in a fault."""

    file: str
    lines: Mapping[Loc, int]
    told: Mapping[str, str]

    def variable(self, loc: Loc) -> str | None:
        """The variable that wrote this key, or something under it; None: the file did."""
        exact = [name for name in self.told if name.upper() == variable(loc)]
        return next(iter(exact if loc in self.lines else exact + self._under(loc)), None)

    def line(self, loc: Loc) -> str:
        """File and line of the key, or of the nearest table around it; of a table, also the variables that reach into it."""
        also = "".join(f"、环境变量 {name}" for name in self._under(loc))
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return (f"{self.file}:{self.lines[loc]}" if loc else self.file) + also

    def _under(self, loc: Loc) -> list[str]:
        return [name for name in self.told if name.upper().startswith(variable(loc) + "__")]


def _read(path: Path) -> tuple[str, list[Fault]]:
    """The file's text, if it is TOML at all. Notepad's byte-order mark is not a fault."""
    try:
        text = path.read_text("utf-8-sig")
        tomllib.loads(text)
    except FileNotFoundError:
        return "", [Fault(str(path), "", "没有这个文件", "用 --config 或 JIESU_CONFIG 指定配置文件")]
    except tomllib.TOMLDecodeError as error:
        return "", [Fault(path.name, "", f"不是有效的 TOML：{error}", "文字要放在引号里，每项写成 名称 = 值")]
    except (OSError, UnicodeDecodeError):
        return "", [Fault(str(path), "", "读不出来", "要是可读的 UTF-8 文本文件")]
    return text, []


def _environment(told: Mapping[str, str]) -> dict[str, Any]:
    """The variables as a tree. pydantic-settings passes over a section that it does not know: here it is let in, to be refused."""
    source = EnvSettingsSource(Settings)
    source.env_vars = {name.lower(): value for name, value in told.items()}
    tree = source()
    for name in source.env_vars:
        section = name.removeprefix(PREFIX.lower()).split("__")[0]
        if section not in Settings.model_fields:
            tree.setdefault(section, None)
    return tree


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = _over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def _fault(error: ErrorDetails, places: Places) -> Fault:
    loc = tuple(part for part in error["loc"] if isinstance(part, str) and part != "[key]")
    name = places.variable(loc)
    where = f"环境变量 {name}" if name else places.line(loc)
    key = ".".join(loc)
    if error["type"] == "extra_forbidden":
        return Fault(where, key, f"没有 {name or key} 这一项", _meant_variable(name) if name else _meant_key(loc))
    if error["type"] in ("model_type", "model_attributes_type", "dict_type"):
        return Fault(where, key, f"{key} 是一节，不是一项", f"里面有：{_listed(_siblings((*loc, '')))}")
    said = SAID.get(error["type"], error["msg"]).format(**error.get("ctx", {})).replace(" or ", ", ")
    return Fault(where, key, f"{key} {said}", _as_shipped(loc))


def _meant_variable(name: str) -> str:
    every = [variable(loc) for loc in keys()]
    near = get_close_matches(name.upper(), every, 1, 0.7)
    if near:
        return f"是不是 {near[0]}？节和项之间是两条下划线"
    sections = ", ".join(section.upper() for section in Settings.model_fields)
    return f"名称是 {PREFIX}<节>__<项>，节有：{sections}"


def _meant_key(loc: Loc) -> str:
    siblings = _siblings(loc)
    if near := get_close_matches(loc[-1], siblings, 1):
        return f"是不是 {near[0]}？"
    if elsewhere := [k for k in keys() if k[-1] == loc[-1]]:
        return f"这一项属于 [{'.'.join(elsewhere[0][:-1])}]"
    return f"这里可以写：{_listed(siblings)}"


def _siblings(loc: Loc) -> list[str]:
    """What may stand beside the last key of `loc`."""
    if loc[:2] == ("limits", "category"):
        inside: list[list[str]] = [known_categories(), ["emergency", "urgent", "normal"], ["acknowledge", "arrive", "solve"]]
        return inside[min(len(loc) - 3, 2)]
    if loc[:1] == ("robots",) and len(loc) > 2:
        return list(Robot.model_fields)
    depth = len(loc) - 1
    every = [*keys(), ("limits", "category")]
    return list(dict.fromkeys(key[depth] for key in every if key[:depth] == loc[:-1] and len(key) > depth))


def _listed(names: list[str]) -> str:
    return "、".join(names)


def _as_shipped(loc: Loc) -> str:
    """The shipped value is an example that is certainly right."""
    value: object = Settings()
    for part in loc:
        value = getattr(value, part, None)
    return "" if not value or isinstance(value, BaseModel) else f"随附的是 {_shown(value)}"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{_shown(item)}"' for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def _anchored(settings: Settings, base: Path) -> Settings:
    """Relative paths stand against the configuration file, wherever Jiesu is started from."""
    url = settings.database.url
    if url.startswith(SQLITE):
        url = SQLITE + str(base / url.removeprefix(SQLITE))
    return settings.model_copy(
        update={
            "database": settings.database.model_copy(update={"url": url}),
            "data": settings.data.model_copy(update={"folder": base / settings.data.folder}),
            "demo": settings.demo.model_copy(update={"organisation": base / settings.demo.organisation}),
            "town": settings.town.model_copy(update={"organisation": base / settings.town.organisation}),
        }
    )
