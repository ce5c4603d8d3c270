"""The commands, the clock and the log: small things that others lean on."""

import io
import json
import logging
import shutil
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import structlog
from sqlalchemy import select
from typer.testing import CliRunner

from bot import checking, logs
from bot.checking import cell_fault, check_all, unknown_years
from bot.classifying import classified
from bot.cli import app
from bot.clock import Clock
from bot.settings import Settings
from casework.answer_effects import TakeUpAnswer
from casework.case import AreaId, PersonId, PostId
from storage import organisation, tables
from storage.answers import write_answer
from storage.database import Database

TOKEN = "123456:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefgh"


def answered(*lines: bytes) -> list[dict]:
    return list(classified(lines, lambda text: {"said": text}))


def test_classify_answers_line_by_line_and_goes_on_after_a_bad_one():
    first, bad, other, last = answered(
        b'\xef\xbb\xbf{"id": 1, "text": "a"}\n', b"{nonsense\n", b"[1]\n", b"\n", b'{"id": "x", "text": "b"}'
    )
    assert first == {"id": 1, "said": "a"}
    assert (bad["id"], bad["line"], other["line"], last["id"]) == (None, 2, 3, "x")


def test_classify_takes_a_line_as_soon_as_it_is_there():
    """Streaming: an answer is out before the next line is asked for."""
    asked: list[int] = []

    def lines() -> Iterator[bytes]:
        for number in range(3):
            asked.append(number)
            yield b'{"id": %d, "text": "a"}' % number

    for number, line in enumerate(classified(lines(), lambda text: {})):
        assert line == {"id": number}
        assert asked == list(range(number + 1))


def classify(*arguments: str, lines: str) -> list[dict]:
    done = CliRunner().invoke(app, ["classify", *arguments], input=lines)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines()]


def test_classify_tells_all_that_is_promised():
    text = "😀锦绣苑3号楼2单元又没暖气了"
    (found,) = classify("--org", "examples/organisation", lines=json.dumps({"id": "a", "text": text}))
    assert list(found) == ["id", "category", "also", "topic", "urgency", "intent", "places", "confidence", "evidence"]
    assert (found["id"], found["category"], found["intent"]) == ("a", "heating", "request")
    estate, building, unit = found["places"]
    assert (unit["kind"], unit["name"]) == ("unit", "2单元")
    assert (estate["kind"], estate["name"], text[slice(*estate["at"])]) == ("estate", "锦绣苑", "锦绣苑")
    assert (building["kind"], text[slice(*building["at"])]) == ("building", "3号楼")
    for seen in found["evidence"]:
        assert text[slice(*seen["at"])] == seen["words"]
        assert seen["rule"].partition(":")[0].endswith(".toml")
        assert seen["weight"] > 0
    assert 0 <= found["confidence"] <= 1


def test_classify_heeds_the_season():
    line = json.dumps({"id": 1, "text": "整个小区都没暖气了"})
    (winter,), (summer,) = classify(lines=line), classify("--on", "2026-07-01", lines=line)
    assert (winter["urgency"], summer["urgency"]) == ("urgent", "normal")
    assert classify("--on", "2026-12-01", lines=line)[0]["urgency"] == "urgent"


def test_classify_reads_answers_to_the_check_back():
    first, second = classify("--replies", lines='{"id": 1, "text": "修好了，谢谢师傅"}\n{"id": 2, "text": "还漏呢"}\n')
    assert first == {"id": 1, "answer": "solved", "satisfaction": "satisfied"}
    assert second == {"id": 2, "answer": "not_solved", "satisfaction": "none"}


@pytest.mark.parametrize("arguments", [["--org", "nowhere"], ["--rules", "nowhere"], ["--on", "gestern"]])
def test_classify_refuses_what_is_not_there_in_a_sentence(arguments):
    done = CliRunner().invoke(app, ["classify", *arguments], input="")
    assert done.exit_code == 2
    assert "Traceback" not in done.output


@pytest.mark.parametrize("line", [b'{"text": "a"}', b'{"id": 1}', b'{"id": 1, "text": 2}', b'{"id": null, "text": "a"}', b'{"id": NaN, "text": "a"}', b"\xff\xfe", b"[" * 100_000])
def test_a_line_that_is_no_request_is_an_error_object(line):
    [answer] = answered(line)
    assert answer["id"] is None
    assert answer["error"]
    assert answer["line"] == 1


def test_help_is_there_for_every_command():
    told = CliRunner().invoke(app, ["--help"]).output
    for command in ("run", "check", "classify"):
        assert command in told
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


def test_wrong_settings_stop_run_with_all_that_is_wrong(tmp_path: Path):
    path = tmp_path / "config.toml"
    path.write_text("[web]\nprt = 1\n[log]\nlevel = 'loud'\n")
    told = CliRunner().invoke(app, ["run", "--config", str(path)])
    assert told.exit_code == 1
    assert "config.toml:2" in told.output
    assert "config.toml:4" in told.output


def test_check_looks_at_all_three_whatever_is_wrong_with_the_first(tmp_path: Path):
    path = tmp_path / "config.toml"
    path.write_text("[web]\nprt = 1\n")
    report = check_all(path, tmp_path / "nowhere")
    assert [fault for fault in report.faults if "prt" in fault]
    assert [fault for fault in report.faults if "nowhere" in fault]
    assert report.looked_at == ["配置", "组织", "常见问题", "规则"]


def test_check_names_what_is_wrong_with_the_answers(tmp_path: Path):
    shutil.copytree("examples/organisation", tmp_path / "organisation")
    (tmp_path / "answers.toml").write_text(
        '[[answer]]\ntopic = "狗证"\nany = ["狗证"]\ntext = "到窗口办"\nsource = "窗口"\nvalid_until = 2020-01-01\narea = "s99"\n\n'
        '[[answer]]\ntopic = "低保"\nany = []\ntext = "…"\nsource = "窗口"\nvalid_until = 2030-01-01\n', "utf-8")  # fmt: skip
    report = check_all(None, tmp_path / "organisation")
    assert [fault for fault in report.faults if fault.startswith("answers.toml 第 11 行「any」：没有写问的是什么。请写")]
    assert [fault for fault in report.faults if "没有区域 s99" in fault]
    assert [warning for warning in report.warnings if "“狗证”：已经过期" in warning]


def test_answers_prints_what_the_desks_kept(demonstration: str):
    nothing = CliRunner().invoke(app, ["answers"])
    assert (nothing.exit_code, nothing.stdout.strip()) == (0, "# 受理员还没有放进来过答案。")
    database = Database(demonstration)
    with database.writing() as conn:
        holder = conn.execute(select(tables.Holding.__table__.c.person_id).where(tables.Holding.__table__.c.post_id == "cs-s1c1")).scalar_one()
        effect = TakeUpAnswer(
            "a1", "狗证", ("狗证",), ("怎么办",), "到窗口办", "锦绣社区书记", date(2027, 12, 1), AreaId("s1c1"), "狗证怎么办", PersonId(holder), PostId("cs-s1c1"),
        )
        write_answer(conn, effect, datetime(2026, 12, 1, 2, tzinfo=UTC))
    database.close()
    told = CliRunner().invoke(app, ["answers"]).stdout
    assert tomllib.loads(told)["answer"] == [{
        "topic": "狗证", "any": ["狗证"], "with": ["怎么办"], "text": "到窗口办", "source": "锦绣社区书记", "valid_until": date(2027, 12, 1), "area": "s1c1",
    }]  # fmt: skip


def test_check_finds_the_organisation_in_a_configuration_that_is_wrong_elsewhere(tmp_path: Path):
    path = tmp_path / "config.toml"
    (tmp_path / "tables").mkdir()
    path.write_text('[web]\nprt = 1\n[demo]\norganisation = "tables"\n')
    report = check_all(path)
    assert [fault for fault in report.faults if "prt" in fault]
    assert [fault for fault in report.faults if fault.startswith("areas.csv")]


@pytest.mark.parametrize(
    ("public", "note", "warning"),
    [
        ("", "Telegram 用轮询", ""),
        ("https://jiesu.example.org", "https://jiesu.example.org/hooks/telegram", ""),
        ("http://jiesu.example.org", "Telegram 用轮询", "https://"),
        ("https://jiesu.example.org:9000", "Telegram 用轮询", "端口是 9000"),
    ],
)
def test_check_says_how_telegram_will_be_listened_to(tmp_path: Path, public: str, note: str, warning: str):
    path = tmp_path / "config.toml"
    path.write_text(f'[web]\npublic_url = "{public}"\n[telegram]\ntoken = "1:x"\n')
    report = check_all(path, tmp_path / "nowhere")
    assert [said for said in report.notes if note in said]
    told = [said for said in report.warnings if "public_url" in said]
    assert bool(told) == bool(warning)
    assert all(warning in said for said in told)
    assert note in CliRunner().invoke(app, ["check", "--config", str(path)]).output


def test_check_says_what_is_wrong_with_group_robots(tmp_path: Path):
    path = tmp_path / "config.toml"
    folder = Path(__file__).parents[2] / "examples" / "organisation"
    robot = 'kind = "wecom"\nurl = "https://qy.example.org/cgi-bin/webhook/send?key=hidden"\nareas = '
    path.write_text(f'[robots.a]\n{robot}["s1c1", "锦绣社区", "s1c99"]\n[robots.b]\n{robot}["s1c1"]\n')
    report = check_all(path, folder)
    said = "\n".join(report.warnings)
    assert not report.faults
    for part in ("public_url", "编出来的", "s1c1 写在 a 和 b", "锦绣社区 的区域。是不是 s1c1？", "s1c99 的区域"):
        assert part in said
    assert "hidden" not in said


def test_a_fault_in_a_table_names_its_cell():
    fault = SimpleNamespace(file="staff.csv", row=3, column="电话", problem="不是电话号码", remedy="写 11 位数字")
    assert cell_fault(fault) == "staff.csv 第 3 行「电话」：不是电话号码。写 11 位数字"


def test_a_year_without_its_arrangement_is_a_warning_from_november_on(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checking, "knows", lambda year: year < 2027)
    plain = Settings()
    told = Settings(hours={"work_days": ["2027-02-13"]})
    assert list(unknown_years(date(2026, 10, 31), plain)) == []
    assert "2027" in next(unknown_years(date(2026, 11, 1), plain))
    assert list(unknown_years(date(2026, 11, 1), told)) == []


def test_the_library_knows_a_year_whose_arrangement_was_published():
    assert checking.knows(2026)
    assert not checking.knows(2050)


def test_the_clock_only_goes_forward():
    clock = Clock()
    assert clock.now().tzinfo is UTC
    clock.forward(timedelta(hours=1))
    assert timedelta(minutes=59) < clock.now() - clock.wall() <= timedelta(hours=1)
    clock.shift(timedelta(days=1))
    assert clock.offset == timedelta(days=1)
    with pytest.raises(ValueError, match="forward"):
        clock.forward(timedelta(seconds=-1))


@pytest.fixture
def demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of its own for the shipped demonstration."""
    url = f"sqlite:///{tmp_path}/jiesu.db"
    monkeypatch.setenv("JIESU_DATABASE__URL", url)
    monkeypatch.setenv("JIESU_DATA__FOLDER", str(tmp_path))
    return url


@pytest.mark.usefixtures("demonstration")
def test_org_check_tells_what_is_missing_and_ends_well_unless_told_to_be_strict():
    told = CliRunner().invoke(app, ["org", "check"])
    assert told.exit_code == 0
    assert "值班表上还没进来的人（677）" in told.output
    assert "--all 看全部" in told.output
    narrowed = CliRunner().invoke(app, ["org", "check", "--area", "锦绣社区", "--json", "--strict"])
    assert narrowed.exit_code == 1
    found = json.loads(narrowed.output)
    assert (found["area"], set(found["counts"])) == ("s1c1", {"not_in"})
    assert all(each["area"].startswith("s1c1") for each in found["missing"])
    wrong = CliRunner().invoke(app, ["org", "check", "--area", "锦秀社区"])
    assert wrong.exit_code == 2
    assert "锦绣社区" in wrong.output


def test_org_check_shows_all_and_changes_nothing(demonstration: str):
    assert CliRunner().invoke(app, ["org", "check"]).exit_code == 0
    database = Database(demonstration)
    with database.reading() as conn:
        before = organisation.revision(conn)
    told = CliRunner().invoke(app, ["org", "check", "--area", "c", "--all"])
    assert told.exit_code == 0
    assert "看全部" not in told.output
    with database.reading() as conn:
        assert organisation.revision(conn) == before
    database.close()


@pytest.fixture
def root_logger():
    """Puts the root logger back as pytest made it."""
    root = logging.getLogger()
    kept = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = kept[0], kept[1]
    structlog.reset_defaults()


@pytest.mark.usefixtures("root_logger")
@pytest.mark.parametrize("form", ["text", "json"])
def test_no_line_of_the_log_shows_a_phone_or_a_token(form: str):
    stream = io.StringIO()
    logs.set_up("info", form, stream)
    structlog.get_logger("ours").info("call 13800138000", phone=13912345678, deep={"url": f"/bot{TOKEN}/x"})
    logging.getLogger("lib").warning("got %s at %s", "13800138000", f"/bot{TOKEN}/x")
    logging.getLogger("httpx").info("never shown")
    try:
        raise ValueError("13800138000")
    except ValueError:
        logging.getLogger("lib").exception("bad")
    shown = stream.getvalue()
    assert "138****8000" in shown
    assert "139****5678" in shown
    assert not any(secret in shown for secret in ("13800138000", "13912345678", TOKEN, "never shown"))
    if form == "json":
        assert all(json.loads(line) for line in shown.splitlines())
