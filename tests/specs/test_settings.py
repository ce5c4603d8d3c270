"""config.toml and the environment: what is refused, with which words, and that the shipped file says everything."""

import re
import tomllib
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, keys, load
from bot.spans import Hours, MonthDay, Span
from bot.toml_lines import toml_lines

SHIPPED = Path(__file__).parents[2] / "config.toml"
SECRET = "123456:AAsecretsecretsecretsecretsecretsecret"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    return path


def refused(path: Path | None = None, **environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(path, environ)
    return [str(fault) for fault in caught.value.faults]


def paths(table: dict, above: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    inside = [paths(v, (*above, k)) if isinstance(v, dict) else {(*above, k)} for k, v in table.items()]
    return set().union(*inside)


def test_the_shipped_file_says_every_key_and_no_other():
    said = paths(tomllib.loads(SHIPPED.read_text("utf-8")))
    assert said == {key for key in keys() if key not in (("limits", "category"), ("robots",))}
    for named in ("[limits.category.", "[robots."):
        assert named in SHIPPED.read_text("utf-8")


def test_every_key_of_the_shipped_file_stands_under_a_comment():
    """A comment speaks for the keys that follow it without an empty line."""
    for block in re.split(r"\n\s*\n", SHIPPED.read_text("utf-8")):
        lines = [line for line in block.splitlines() if not line.startswith("[")]
        if any(re.match(r"[a-z_]+ *=", line) for line in lines):
            assert lines[0].startswith("#"), f"no comment above: {lines[0]}"


def test_the_shipped_file_and_the_defaults_are_one():
    shipped, plain = load(SHIPPED, {}), Settings()
    for section in set(Settings.model_fields) - {"demo", "database", "data", "town"}:  # those hold paths, made absolute
        assert getattr(shipped, section) == getattr(plain, section)
    assert shipped.town.model_copy(update={"organisation": plain.town.organisation}) == plain.town
    assert shipped.demo.enabled
    assert shipped.demo.starts_at == plain.demo.starts_at == time(10)


def test_relative_paths_stand_against_the_folder_of_the_file(tmp_path):
    settings = load(written(tmp_path, '[database]\nurl = "sqlite:///x/y.db"\n[data]\nfolder = "z"\n'), {})
    assert settings.database.url == f"sqlite:///{tmp_path}/x/y.db"
    assert settings.data.folder == tmp_path / "z"
    assert settings.demo.organisation == tmp_path / "examples/organisation"


def test_the_environment_chooses_the_file_and_wins_over_it(tmp_path):
    path = written(tmp_path, "[web]\nport = 1\n")
    assert load(None, {"JIESU_CONFIG": str(path)}).web.port == 1
    assert load(path, {"JIESU_WEB__PORT": "2", "PATH": "/bin"}).web.port == 2
    assert load(path, {"JIESU_LIMITS__NORMAL__SOLVE": "5d"}).limits.normal.solve == Span(5, "d")
    assert load(path, {"JIESU_HOURS__DAYS_OFF": "2027-02-08, 2027-02-09"}).hours.days_off == {
        date(2027, 2, 8),
        date(2027, 2, 9),
    }
    assert load(path, {"JIESU_CHECKBACK__REMINDERS": '["1h", "2h"]'}).checkback.reminders == (Span(1, "h"), Span(2, "h"))
    assert load(path, {"JIESU_DEMO__ENABLED": "false"}).demo.enabled is False


def test_a_robot_can_be_told_by_the_environment_and_shows_no_key():
    told = {"KIND": "dingtalk", "URL": "https://ding.example.org/robot/send?access_token=hidden1", "SECRET": "SEChidden2", "AREAS": "s1c1, s1c2"}
    settings = load(None, {f"JIESU_ROBOTS__JINXIU__{name}": value for name, value in told.items()})
    robot = settings.robots["jinxiu"]
    assert robot.areas == ("s1c1", "s1c2")
    assert robot.url.get_secret_value().endswith("hidden1")
    assert "hidden" not in repr(settings)


def test_a_fault_of_a_robot_repeats_no_key(tmp_path):
    text = "[robots.a]\nkind = 'wecom'\nurl = 'https://w.example.org/robot/send?access_token=hidden'\nareas = ['c']\n"
    assert "hidden" not in str(refused(written(tmp_path, text)))


def test_a_category_has_its_own_limits():
    own = load(None, {"JIESU_LIMITS__CATEGORY__HEATING__NORMAL__SOLVE": "48h"}).limits.category["heating"].normal
    assert (own.solve, own.arrive) == (Span(48, "h"), None)


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("JIESU_TELEGRAM_TOKEN", "是不是 JIESU_TELEGRAM__TOKEN？"),
        ("JIESU_TELEGRAM__TOKN", "是不是 JIESU_TELEGRAM__TOKEN？"),
        ("JIESU_WEBB__PORT", "是不是 JIESU_WEB__PORT？"),
        ("JIESU_SOMETHING", "JIESU_<节>__<项>"),
        ("JIESU_LIMITS__NORMAL__SOLV", "是不是 JIESU_LIMITS__NORMAL__SOLVE？"),
        ("JIESU_NUDGE", "里面有：every、climb_at"),
    ],
)
def test_an_unknown_variable_is_refused_with_what_was_meant_and_without_its_value(variable, meant):
    [fault] = refused(**{variable: SECRET})
    assert variable in fault
    assert meant in fault
    assert SECRET not in fault


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[web]\nprt = 1\n", "config.toml:2：没有 web.prt 这一项。是不是 port？"),
        ("[web]\n\ntoken = 1\n", "config.toml:3：没有 web.token 这一项。这一项属于 [telegram]"),
        ("[wbe]\nport = 1\n", "config.toml:1：没有 wbe 这一项。是不是 web？"),
        ("[web]\nport = 70000\n", "config.toml:2：web.port 不能大于 65535。随附的是 8080"),
        ("web.port = 'x'\n", "config.toml:1：web.port 要写整数。随附的是 8080"),
        ("[nudge]\nevery = 4\n", "config.toml:2：nudge.every 要写成数字加单位"),
        ("[intake]\nhold = '1wd'\n", "只能用日历时间"),
        ("[hours]\noffice = '8.30'\n", "要写成起止时间"),
        ("[season]\nheating = {start = '02-30'}\n", "config.toml:2：season.heating.start 要写成 月-日"),
        ("[limits.category.heating.norml]\nsolve = '2h'\n", "config.toml:1：没有 limits.category.heating.norml 这一项。是不是 normal？"),
        ("[limits.category.heatng.normal]\nsolve = '2h'\n", "是不是 heating？"),
        ("[rates]\nresponse_weight = 0.9\n", "相加要等于 1"),
        ("[database]\nurl = 'mysql://x'\n", "sqlite:///文件名"),
        ("[telegram]\nbase_url = 'http://localhost:1/file/bot'\n", "要以 /bot 结尾"),
        ("[hours]\ndays_off = ['2027-02-08']\nwork_days = ['2027-02-08']\n", "既写在 days_off 又写在 work_days 里"),
        ("[checkback]\nreminders = ['72h', '24h']\n", "一次比一次晚"),
        ("[robots.a]\nkind = 'slack'\n", "config.toml:2：robots.a.kind 只能是"),
        ("[robots.a]\nareas = ['c']\n", "robots.a.kind 没有写"),
        ("[robots.a]\nkind = 'wecom'\nareas = ['c']\n", "没有写 url"),
        ("[robots.a]\nkind = 'wecom'\n", "要在 areas 里写"),
        ("[robots.a]\nkind = 'wecom'\nulr = 'x'\n", "是不是 url？"),
        ("[robots.'A B']\nkind = 'wecom'\nurl = 'https://w.example.org/webhook/send?key=k'\nareas = ['c']\n", "机器人的名称"),
        ("[robots.a]\nkind = 'wecom'\nurl = 'http://w.example.org/webhook/send?key=k'\nareas = ['c']\n", "https://"),
        ("[robots.a]\nkind = 'wecom'\nurl = 'https://w.example.org/webhook/send'\nareas = ['c']\n", "key="),
        ("[robots.a]\nkind = 'wecom'\nurl = 'https://w.example.org:x/'\nareas = ['c']\n", "不是一个网址"),
        ("[robots.a]\nkind = 'dingtalk'\nurl = 'https://w.example.org/webhook/send?key=k'\nareas = ['c']\n", "access_token="),
        ("[robots.a]\nkind = 'feishu'\nurl = 'https://w.example.org/robot/send?access_token=k'\nareas = ['c']\n", "/hook/"),
        ("[robots.a]\nkind = 'wecom'\nurl = 'https://w.example.org/webhook/send?key=k'\nareas = ['c']\nkeyword = 'x'\n", "没有 secret"),
        ("[web\n", "不是有效的 TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_remedy(tmp_path, text, said):
    [fault] = refused(written(tmp_path, text))
    assert said in fault


def test_all_faults_are_said_in_one_go(tmp_path):
    path = written(tmp_path, "[web]\nprt = 1\n[log]\nlevel = 'loud'\n")
    faults = refused(path, JIESU_WEB__PORT="x", JIESU_TELEGRAM_TOKEN=SECRET)
    assert len(faults) == 4
    assert any(fault.startswith("环境变量 JIESU_WEB__PORT：") for fault in faults)


def test_a_file_that_is_not_there_is_said(tmp_path):
    assert "没有这个文件" in refused(tmp_path / "none.toml")[0]


def test_notepads_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf[web]\nport = 1\n")
    assert load(path, {}).web.port == 1


def test_the_token_is_not_shown():
    settings = load(None, {"JIESU_TELEGRAM__TOKEN": SECRET})
    assert settings.telegram.enabled
    assert SECRET not in f"{settings!r} {settings}"
    assert not Settings().telegram.enabled


def test_spans_hours_and_days_read_as_they_are_written():
    assert (str(Span.parse("2wh")), str(Span.parse("1.5s"))) == ("2wh", "1.5s")
    assert Span.parse("1.5s").delta == timedelta(seconds=1.5)
    with pytest.raises(ValueError, match="no fixed"):
        _ = Span.parse("2wh").delta
    night = Hours.parse("22:00-07:00")
    assert [time(h) in night for h in (6, 7, 21, 22)] == [True, False, False, True]
    assert str(MonthDay.parse("3-31")) == "03-31"


def test_lines_of_tables_dotted_keys_and_inline_tables():
    lines = toml_lines('a = 1\n[b.c]\n"d" = 2\ne = {f = 3}\n')
    assert (lines[("a",)], lines[("b",)], lines[("b", "c", "d")], lines[("b", "c", "e", "f")]) == (1, 2, 3, 4)
