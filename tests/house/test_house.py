"""The house's own rules: who imports whom, and what may not stand in a file."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def imported(path: Path) -> set[str]:
    """The first names of all modules that a file imports, wherever in it."""
    tree = ast.parse(path.read_text("utf-8"))
    plain = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    given = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.split(".")[0] for name in plain | given}


def test_rooms_and_libraries_are_imported_only_where_they_may_be():
    lint = Path(sys.executable).with_name("lint-imports")
    told = subprocess.run([lint, "--no-cache"], cwd=HOUSE, capture_output=True, text=True, timeout=100, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_casework_is_made_of_the_standard_library_only():
    strangers = {
        f"{path.relative_to(HOUSE)}: {name}"
        for path in (HOUSE / "casework").rglob("*.py")
        for name in imported(path) - sys.stdlib_module_names - {"casework"}
    }
    assert not strangers


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str):
    """Addresses belong to pip.conf: behind a mirror a host name in the lock would not be reached."""
    assert "://" not in (HOUSE / lock).read_text("utf-8")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_its_hashes(lock: str):
    text = (HOUSE / lock).read_text("utf-8")
    pins = re.findall(r"^[a-z0-9][^\s]*==[^\n]*(?:\n[ ]+[^\n]*)*", text, re.MULTILINE)
    assert pins
    assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


def test_both_locks_pin_the_same():
    """What is tested is what runs."""
    pin = r"^([a-z0-9._-]+)(?:\[[^]]*\])?==(\S+)"  # tests may want more extras of the same release
    run, dev = (set(re.findall(pin, (HOUSE / lock).read_text("utf-8"), re.MULTILINE)) for lock in LOCKS)
    assert run
    assert run <= dev
