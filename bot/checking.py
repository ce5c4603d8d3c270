"""`check`: everything that is wrong with configuration, organisation and rules, said in one go."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.hooks import telegram_hook
from bot.settings import Settings, SettingsError, load, organisation_told

if TYPE_CHECKING:
    from bot.organisation import Fault as TableFault

NOVEMBER = 11
ANSWERS = "answers.toml"  # beside the organisation, as bot/world.py has it
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SHANGHAI = timedelta(hours=8)


@dataclass
class Report:
    """What was found. Warnings do not keep Jiesu from running; faults do."""

    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # how it will run, for who wants to know

    @property
    def summary(self) -> str:
        looked = "、".join(self.looked_at)
        found = f"{len(self.faults)} 处错误，{len(self.warnings)} 处提醒"
        return f"查过：{looked}。{found}。" if self.faults or self.warnings else f"查过：{looked}。没有问题。"


def check_all(config: Path | None = None, organisation: Path | None = None) -> Report:
    """Look at all three, whatever is wrong with the first."""
    report = Report()
    settings = _settings(config, report)
    if organisation is None and settings is None:
        organisation = organisation_told(config)
    elif organisation is None and settings is not None:
        organisation = settings.demo.organisation if settings.demo.enabled else settings.town.organisation
    if organisation is not None:
        areas = _organisation(organisation, report, settings)
        _answers(organisation.parent / ANSWERS, areas, report)
    _rules(report, settings)
    return report


def _settings(config: Path | None, report: Report) -> Settings | None:
    report.looked_at.append("配置")
    try:
        settings = load(config)
    except SettingsError as error:
        report.faults += map(str, error.faults)
        return None
    today = (datetime.now(UTC) + SHANGHAI).date()
    report.warnings += unknown_years(today, settings)
    _telegram(settings, report)
    report.warnings += _robots(settings)
    if settings.demo.enabled and settings.web.host not in LOOPBACK:
        report.warnings.append(f"演示对 {settings.web.host} 开放：任何人都能坐进任何一个位子。正式使用请设 demo.enabled = false")
    return settings


def _telegram(settings: Settings, report: Report) -> None:
    """In which way Telegram's messages will come, and what is wrong with the address if they cannot be delivered."""
    hook = telegram_hook(settings)
    if not settings.telegram.enabled:
        return
    report.notes.append(f"Telegram 用 webhook：消息送到 {hook.url}" if hook.url else "Telegram 用轮询收消息")
    if hook.fault:
        report.warnings.append(
            f"[web] public_url 不能用来收 Telegram 的消息：{hook.fault}。改好之前用轮询；"
            "本来就只在内网用，设 telegram.webhook = false"
        )


def _robots(settings: Settings) -> Iterator[str]:
    """What is wrong with the group robots, though each by itself is right."""
    if not settings.robots:
        return
    if not settings.web.public_url:
        yield "[robots] 群里的消息要带网页的地址，请设 [web] public_url，否则群成员打不开"
    if settings.demo.enabled:
        yield "[robots] 演示也会往群里发（都是编出来的诉求）；不想发就把 [robots.…] 去掉"
    served: dict[str, str] = {}
    for name, robot in settings.robots.items():
        for area in robot.areas:
            if served.setdefault(area, name) != name:
                yield f"[robots] 区域 {area} 写在 {served[area]} 和 {name} 两个机器人里：只发给 {served[area]}"


def robots_nowhere(settings: Settings, areas: Mapping[str, str]) -> Iterator[str]:
    """Areas that a robot is to serve and that are not in the tables; a name instead of a number is the usual slip."""
    numbers = {name: number for number, name in areas.items()}
    for name, robot in settings.robots.items():
        for area in robot.areas:
            if area not in areas:
                near = numbers.get(area) or next(iter(get_close_matches(area, list(areas), 1, 0.5)), "")
                yield f"[robots.{name}] 没有编号是 {area} 的区域" + (f"。是不是 {near}？" if near else "")


def unknown_years(today: date, settings: Settings) -> Iterator[str]:
    """This year's holidays, and from November on next year's, if neither the library nor the configuration knows their 调休."""
    told = {day.year for day in settings.hours.days_off | settings.hours.work_days}
    for year in (today.year, today.year + 1)[: 2 if today.month >= NOVEMBER else 1]:
        if year not in told and not knows(year):
            yield (
                f"还不知道 {year} 年的放假调休安排，先按法定节假日和周末算。"
                "国务院办公厅通知公布后升级 holidays，或写进 [hours] days_off 和 work_days"
            )


def knows(year: int) -> bool:
    """Whether the library has that year's official arrangement: without one it gives the holidays, but no worked weekends."""
    import holidays

    china: Any = holidays.country_holidays("CN")
    china.get(date(year, 1, 1))
    return any(day.year == year for day in china.weekend_workdays)


def _organisation(folder: Path, report: Report, settings: Settings | None) -> frozenset[str]:
    """Says what is wrong, and which areas there are."""
    report.looked_at.append("组织")
    if not folder.is_dir():
        report.faults.append(f"{folder}：没有这个文件夹。组织是一个放 CSV 文件的文件夹")
        return frozenset()
    from bot.organisation import read_organisation

    read, faults = read_organisation(folder)
    if settings is not None:
        report.warnings += robots_nowhere(settings, {area.id: area.name for area in read.areas})
    for fault in faults:
        (report.faults if fault.severity == "error" else report.warnings).append(cell_fault(fault))
    return frozenset(area.id for area in read.areas)


def _answers(path: Path, areas: frozenset[str], report: Report) -> None:
    """The prepared answers beside the organisation: what is wrong with them, which have ended, which name an area nobody has."""
    from bot.answers import ending, read_answers

    report.looked_at.append("常见问题")
    answers, faults = read_answers(path)
    for fault in faults:
        (report.faults if fault.severity == "error" else report.warnings).append(cell_fault(fault))
    for each, ended in ending(answers, (datetime.now(UTC) + SHANGHAI).date()):
        said = "已经过期，不再这样答" if ended else "快到期了"
        report.warnings.append(f"{path.name}“{each.topic}”：{said}（{each.valid_until}）。请核对答案，改 valid_until")
    for each in answers:
        if each.area and areas and each.area not in areas:
            report.faults.append(f"{path.name}“{each.topic}”：组织里没有区域 {each.area}。请改 area，或去掉这一行（全城都用）")


def cell_fault(fault: "TableFault") -> str:
    """A fault of a table as "staff.csv 第 12 行「电话」：…": the report says itself whether it is an error."""
    where = fault.file + (f" 第 {fault.row} 行" if fault.row else "") + (f"「{fault.column}」" if fault.column else "")
    return f"{where}：{fault.problem}" + (f"。{fault.remedy}" if fault.remedy else "")


def _rules(report: Report, settings: Settings | None) -> None:
    report.looked_at.append("规则")
    from nlp.rulefile import FOLDER, RuleError
    from nlp.rulefolder import left_to_shipped, load_rules

    folder = (settings.understanding.rules if settings else None) or FOLDER
    try:
        load_rules(folder)
    except RuleError as error:
        report.faults += map(str, error.faults)
    except OSError as error:
        report.faults.append(f"{folder}：读不了规则文件：{error}")
    else:
        if names := left_to_shipped(folder):
            report.warnings.append(f"{folder} 里没有的规则用程序自带的：{'、'.join(names)}")
