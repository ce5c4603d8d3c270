"""Every sentence that is said exists, every one that exists is said, and each names only facts that there are."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from casework import actions, lifecycle
from casework.actions import Action
from casework.case import State, Urgency
from handlers import (
    in_group,
    route,  # noqa: F401  (registers every handler)
)
from handlers.texts import Facts, load
from handlers.turn import ANSWERS, PRESSES

HERE = Path(__file__).parent.parent.parent
SOURCES = [*(HERE / "handlers").rglob("*.py"), *(HERE / "casework").rglob("*.py"), *(HERE / "bot").rglob("*.py")]
KEY = re.compile(r'f?"((?:resident|intake|card|staff|worker|checkback|task|refusal|danger|digest|missing|duty|leave|swap|gaps|pack|group|data|summary|find|notice|merging|board)\.[a-z_{}.]+)"')
SPOKEN = ("resident", "intake", "card", "staff", "worker", "checkback", "task", "digest", "missing", "duty", "leave", "swap", "gaps", "pack", "group", "data", "summary", "find", "notice", "merging", "board")
ACTIONS = [x for x in vars(actions).values() if isinstance(x, type) and issubclass(x, Action) and x is not Action]
QUESTIONS_ONLY = {name for name, _ in PRESSES} | set(ANSWERS)


def said() -> set[str]:
    """Keys that stand in the code; an f-string's hole stands for any name."""
    found = {key for path in SOURCES for key in KEY.findall(path.read_text("utf-8"))}
    return {key for key in found if not key.endswith(".html")}  # a page of that name is none


def test_every_key_that_is_said_has_its_sentence() -> None:
    texts = load()
    missing = set()
    for key in said():
        section, _, name = key.partition(".")
        pattern = re.compile(re.sub(r"\\\{.*?\\\}", "[a-z_]+", re.escape(name)))
        if not any(pattern.fullmatch(n) for n in texts.get(section, {})) and key not in QUESTIONS_ONLY:
            missing.add(key)
    assert not missing


def test_every_sentence_is_said_somewhere() -> None:
    patterns = [re.compile(re.sub(r"\\\{.*?\\\}", "[a-z_]+", re.escape(key))) for key in said()]
    unused = [
        f"{section}.{name}"
        for section in SPOKEN
        for name in load()[section]
        if not any(p.fullmatch(f"{section}.{name}") for p in patterns)
    ]
    assert not unused


def test_what_a_group_hears_is_about_messages_that_there_are() -> None:
    texts = load()
    for key in texts["group_head"]:
        section, _, name = key.partition(".")
        assert section == "other" or (name in texts[section] if name else section in texts), key


def test_a_group_hears_neither_place_nor_words_nor_names_of_residents() -> None:
    holes = {hole for said in load()["group"].values() for _, hole, _, _ in string.Formatter().parse(said) if hole}
    assert holes <= {"mark", "head", "number", "category", "standing", "until", "names", "page", "at"}


def test_every_line_of_english_stands_below_a_sentence_and_names_no_more_than_it() -> None:
    texts = load()
    sentences = {f"{section}_{name}": said for section in (*SPOKEN, "danger", "refusal", "button") for name, said in texts[section].items()}

    def holes(said: str) -> set[str | None]:
        return {hole for _, hole, _, _ in string.Formatter().parse(said) if hole}

    for key, line in texts["english"].items():
        assert key in sentences or key == "danger", key
        assert holes(line) <= holes(sentences.get(key, "")), key
        assert line.isascii() or set(line) - set(string.printable) <= set("“”"), key


NAMES = {"case", "category", "place", "this_answer", "time", "next"}  # labels that are a name, a number, a time
THEIRS = ("resident.", "intake.", "checkback.", "receipt", "danger.", "data", "my", "hide", "unhide", "nudge", "withdraw", "dismissed", "appointment.pick")


def test_every_button_of_a_resident_has_its_english() -> None:
    english = load()["english"]
    theirs = {option for question, option in PRESSES if question.startswith(THEIRS)} - NAMES
    assert {"solved", "hide", "skip", "take_back", "none_fit"} <= theirs
    assert {f"button_{option}" for option in theirs} <= set(english)


@pytest.mark.parametrize("section", ["category", "state"])
def test_what_english_lines_name_has_its_english(section: str) -> None:
    texts = load()
    assert set(texts[section]) == set(texts[f"english_{section}"])
    assert all(said.isascii() for said in texts[f"english_{section}"].values())


def test_what_is_said_in_a_group_is_said_in_english_too() -> None:
    english = load()["english"]
    lacking = [key for key in in_group.PUBLIC if key.startswith("resident.") and key.replace(".", "_") not in english]
    assert not lacking
    assert {"resident_group_case", "resident_group_private", "resident_group_start", "button_alone"} <= set(english)


def test_every_refusal_has_its_sentence() -> None:
    source = (HERE / "casework" / "lifecycle.py").read_text("utf-8")
    codes = set(re.findall(r'Refusal\("([a-z_]+)"', source)) | {"ended", "not_yours", "not_now"}
    assert codes <= set(load()["refusal"])


@pytest.mark.parametrize("section", SPOKEN)
def test_a_sentence_names_only_facts_or_arguments(section: str) -> None:
    facts = {name.removeprefix("_") for name in dir(Facts) if name.startswith("_") and not name.startswith("__")}
    source = "\n".join(path.read_text("utf-8") for path in SOURCES)
    for name, sentence in load()[section].items():
        for _, hole, _, _ in string.Formatter().parse(sentence):
            if hole:
                given = re.search(rf'\b{hole}=|"{hole}":', source)
                assert hole in facts or given, f"{section}.{name} names {hole}"


def test_every_button_has_a_label_and_a_handler() -> None:
    labels = load()["button"]
    missing = {option for _, option in PRESSES if option not in labels}
    assert not missing


@pytest.mark.parametrize("action", ACTIONS, ids=lambda a: a.__name__)
def test_every_move_has_its_line_in_the_timeline(action: type[Action]) -> None:
    """One row of MOVES, one consequence or none, one sentence."""
    assert lifecycle.kind_of(action) in load()["event"]
    assert any(row_action is action for _, row_action in lifecycle.MOVES)


@pytest.mark.parametrize(("section", "names"), [("state", State), ("mark", Urgency)])
def test_every_state_has_its_word(section: str, names: type[State] | type[Urgency]) -> None:
    assert {n.value for n in names} <= set(load()[section])


def test_residents_read_no_jargon() -> None:
    """诉求, 工单 and the like are the staff's words; a resident reads plain ones."""
    jargon = ("工单", "派单", "签收", "办结", "属地", "剔除", "退单", "升级")
    found = [f"resident.{k}: {w}" for k, v in load()["resident"].items() for w in jargon if w in v]
    assert not [f for f in found if not f.startswith("resident.again")]
