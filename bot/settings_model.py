"""What config.toml may say: one class a section, each default the one that is shipped. config.toml explains the keys."""

from datetime import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.section import Section
from bot.settings_robots import Robot, RobotName
from bot.spans import CalendarSpan, CalendarSpans, CategoryCode, Days, Hours, MonthDay, Span

Count = Annotated[int, Field(ge=1, le=1000)]
Share = Annotated[float, Field(ge=0, le=1)]


class Demo(Section):
    enabled: bool = True
    starts_at: time = time(10)
    organisation: Path = Path("examples/organisation")


class Database(Section):
    url: str = "sqlite:///data/jiesu.db"

    @field_validator("url")
    @classmethod
    def _a_database_we_speak(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")) or url == "sqlite:///":
            raise ValueError("要以 sqlite:///文件名 或 postgresql+psycopg:// 开头")
        return url


class Data(Section):
    folder: Path = Path("data")


class Web(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)  # 0: any free port, for tests
    public_url: str = ""

    @field_validator("public_url")
    @classmethod
    def _an_address(cls, url: str) -> str:
        return _http(url.rstrip("/")) if url else url


class Telegram(Section):
    token: SecretStr = SecretStr("")
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    proxy: str = ""
    webhook: bool = True

    @field_validator("base_url")
    @classmethod
    def _ends_in_bot(cls, url: str) -> str:
        if not url.endswith("/bot") or url.endswith("/file/bot"):
            raise ValueError("要以 /bot 结尾（后面不带 token）")
        return _http(url)

    @field_validator("base_file_url")
    @classmethod
    def _ends_in_file_bot(cls, url: str) -> str:
        if not url.endswith("/file/bot"):
            raise ValueError("要以 /file/bot 结尾（后面不带 token）")
        return _http(url)

    @property
    def enabled(self) -> bool:
        """Whether there is a token to serve Telegram with."""
        return bool(self.token.get_secret_value().strip())


class Town(Section):
    name: str = Field(default="恒安新区", min_length=1)
    organisation: Path = Path("organisation")
    city_hotline: str = "12345"
    gas_company_phone: str = "0352-0000001"


class OfficeHours(Section):
    office: Hours = Hours(time(8, 30), time(18))
    night: Hours = Hours(time(22), time(7))
    checkback_first: Hours = Hours(time(7), time(22))
    reminders: Hours = Hours(time(9), time(20))
    days_off: Days = frozenset()
    work_days: Days = frozenset()

    @model_validator(mode="after")
    def _working_is_not_off(self) -> "OfficeHours":
        if both := sorted(self.days_off & self.work_days):
            raise ValueError(f"{both[0]} 既写在 days_off 又写在 work_days 里")
        if self.office.start > self.office.end:
            raise ValueError("office 不能跨过午夜")
        return self


class HeatingSeason(Section):
    start: MonthDay = MonthDay(11, 1)
    end: MonthDay = MonthDay(3, 31)


class Season(Section):
    heating: HeatingSeason = HeatingSeason()


class UrgencyLimits(Section):
    acknowledge: Span
    arrive: Span
    solve: Span


class EmergencyLimits(UrgencyLimits):
    acknowledge: Span = Span(10, "m")
    arrive: Span = Span(30, "m")
    solve: Span = Span(2, "h")
    next_acknowledge: Span = Span(5, "m")
    again_every: CalendarSpan = Span(10, "m")
    tell_resident: CalendarSpan = Span(15, "m")


class UrgentLimits(UrgencyLimits):
    acknowledge: Span = Span(30, "m")
    arrive: Span = Span(2, "h")
    solve: Span = Span(24, "h")


class NormalLimits(UrgencyLimits):
    acknowledge: Span = Span(2, "wh")
    arrive: Span = Span(1, "wd")
    solve: Span = Span(7, "d")


class DifficultLimits(Section):
    solve: Span = Span(15, "d")


class OwnLimits(Section):
    """What a category has otherwise than its urgency; None: as the urgency says."""

    acknowledge: Span | None = None
    arrive: Span | None = None
    solve: Span | None = None


class CategoryLimits(Section):
    emergency: OwnLimits = OwnLimits()
    urgent: OwnLimits = OwnLimits()
    normal: OwnLimits = OwnLimits()


class Limits(Section):
    soon_due_share: Share = 0.2
    soon_due_at_most: CalendarSpan = Span(4, "h")
    name_owner: Span = Span(2, "h")
    returns: Count = 3
    defer_months: Count = 9
    desk: Span = Span(4, "wh")
    question: Span = Span(1, "wd")
    emergency: EmergencyLimits = EmergencyLimits()
    urgent: UrgentLimits = UrgentLimits()
    normal: NormalLimits = NormalLimits()
    difficult: DifficultLimits = DifficultLimits()
    category: dict[CategoryCode, CategoryLimits] = Field(default_factory=dict)


class Checkback(Section):
    reminders: CalendarSpans = (Span(24, "h"), Span(72, "h"))
    telephone_tries: Count = 3
    telephone_due: Span = Span(2, "wd")
    unseen: CalendarSpan = Span(1, "d")
    reopen_window_days: Count = 15
    reopened_solve: Span = Span(48, "h")
    take_back: CalendarSpan = Span(10, "m")

    @model_validator(mode="after")
    def _later_and_later(self) -> "Checkback":
        lengths = [span.delta for span in self.reminders]
        if lengths != sorted(set(lengths)):
            raise ValueError("reminders 要一次比一次晚")
        return self


class Nudge(Section):
    every: CalendarSpan = Span(4, "h")
    climb_at: Count = 3


class Intake(Section):
    draft_timeout: CalendarSpan = Span(10, "m")
    hold: CalendarSpan = Span(1.5, "s")
    addition_window: CalendarSpan = Span(15, "m")
    keep_characters: int = Field(default=20000, ge=100, le=200000)
    photo_megabytes: int = Field(default=20, ge=1, le=100)
    ended_shown_days: Count = 30


class Understanding(Section):
    rules: Path | None = None  # None: those that are shipped

    @field_validator("rules", mode="before")
    @classmethod
    def _none_if_empty(cls, folder: object) -> object:
        return folder or None


class Reply(Section):
    relay: CalendarSpan = Span(24, "h")
    card_touched: CalendarSpan = Span(15, "m")


class Entry(Section):
    binding_code: CalendarSpan = Span(7, "d")
    binding_tries: Count = 5
    link: CalendarSpan = Span(15, "m")
    session: CalendarSpan = Span(30, "d")


class Rates(Section):
    response_weight: Share = 0.1
    resolution_weight: Share = 0.5
    satisfaction_weight: Share = 0.4
    mostly_satisfied: Share = 0.9
    period_start_day: int = Field(default=1, ge=1, le=28)
    day_starts_at: time = time(0)

    @model_validator(mode="after")
    def _weights_make_one(self) -> "Rates":
        if abs(self.response_weight + self.resolution_weight + self.satisfaction_weight - 1) > 1e-6:
            raise ValueError("response_weight、resolution_weight、satisfaction_weight 三个权重相加要等于 1")
        return self


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    form: Literal["text", "json"] = "text"


class Settings(BaseSettings):
    """All that an installation decides. Made by `bot.settings.load`, which also names every fault at once."""

    model_config = SettingsConfigDict(
        env_prefix="JIESU_",
        env_nested_delimiter="__",
        enable_decoding=False,  # lists come as "a, b": JSON in a shell is a trap, and its errors end the whole reading
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    demo: Demo = Demo()
    database: Database = Database()
    data: Data = Data()
    web: Web = Web()
    telegram: Telegram = Telegram()
    robots: dict[RobotName, Robot] = Field(default_factory=dict)
    town: Town = Town()
    hours: OfficeHours = OfficeHours()
    season: Season = Season()
    limits: Limits = Limits()
    checkback: Checkback = Checkback()
    nudge: Nudge = Nudge()
    intake: Intake = Intake()
    understanding: Understanding = Understanding()
    reply: Reply = Reply()
    entry: Entry = Entry()
    rates: Rates = Rates()
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` hands over: a bare Settings() is the shipped one, whatever the environment holds."""
        return (init_settings,)


def _http(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("要以 http:// 或 https:// 开头")
    return url
