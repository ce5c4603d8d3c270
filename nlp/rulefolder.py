"""Loads a folder of rule files, checked against their own examples, and says all that is wrong with it.

An installation's folder need hold only what it changes: of every code that it has no file for (danger, a category, the slips …)
the shipped file is used, so that a file that was lost or misnamed never leaves Jiesu deaf.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from nlp.classes import class_faults
from nlp.reading import Reading
from nlp.rulefile import CODES, FOLDER, OTHER_FILES, Checked, Fault, RuleError, read
from nlp.rules import Rule, Rules, compiled
from nlp.wording import plain


def load_rules(folder: Path | str = FOLDER, examples: bool = True) -> Rules:
    """Every *.toml of a folder, and the shipped files of the codes that it lacks. Raises `RuleError` with all that is wrong: file,
    line, key and what would be right; OSError where a file cannot be read. `examples`: whether each rule is tried on its own."""
    folder = Path(folder)
    own = _files(folder)
    faults = [fault for file in own for fault in file.faults]
    if not own:
        faults.append(Fault(str(folder.name), 1, "folder", "这个文件夹里没有规则文件（*.toml）"))
    faults = faults or _twice(own) or _class_faults([*own, *lacking(own)])
    if faults:
        raise RuleError(faults)
    rules = compiled([*own, *lacking(own)])
    if examples and (faults := list(_broken(rules, own))):
        raise RuleError(faults)
    return rules


def _files(folder: Path) -> list[Checked]:
    return [read(path.name, path.read_bytes()) for path in sorted(folder.glob("*.toml"))]


@lru_cache(maxsize=1)
def _shipped() -> tuple[Checked, ...]:
    return tuple(_files(FOLDER))


def lacking(own: list[Checked]) -> list[Checked]:
    """The shipped files of the codes that none of these has."""
    codes = {file.data.get("code") for file in own}
    if codes >= {*CODES, *OTHER_FILES}:  # the shipped folder itself: not read a second time
        return []
    return [file for file in _shipped() if file.data["code"] not in codes]


def left_to_shipped(folder: Path | str) -> list[str]:
    """The names of the shipped files that are used because this folder has none of their code."""
    return [file.file for file in lacking(_files(Path(folder)))]


def _twice(files: list[Checked]) -> list[Fault]:
    faults, codes = [], dict[str, str]()
    for file in files:
        code = str(file.data.get("code"))
        if code in codes:
            faults.append(Fault(file.file, file.line("code"), "code", f"{code} 已在 {codes[code]} 里；一个类别一个文件，请删掉一个"))
        codes.setdefault(code, file.file)
    return faults


def _class_faults(files: list[Checked]) -> list[Fault]:
    """Words that name a class which no file has; answers to the check-back have classes of their own."""
    common = {name: words for file in files for name, words in file.data.get("classes", {}).items()}
    faults = []
    for file in files:
        own = {**file.data.get("parts", {}), **file.data.get("classes", {})} if file.data["code"] == "replies" else common
        for path, says in class_faults(file.data, own):
            key = next(str(step) for step in reversed(path) if isinstance(step, str))
            faults.append(Fault(file.file, file.line(*path), key, says))
    return faults


def _broken(rules: Rules, own: list[Checked]) -> Iterator[Fault]:
    """The examples of these files that their rules do not bear out."""
    by_name = {file.file: file for file in own}
    for rule, key, says in _broken_examples(rules):
        name, _, line = rule.name.rpartition(":")
        file = by_name.get(name)
        if file is not None:
            index = next(i for i in range(len(file.data["rule"])) if file.line("rule", i) == int(line))
            yield Fault(name, file.line("rule", index, key), key, says)


def _broken_examples(rules: Rules) -> Iterator[tuple[Rule, str, str]]:
    for rule in rules.rules:
        for key, examples, wanted in (("yes", rule.yes, True), ("no", rule.no, False)):
            for example in examples:
                fired = any(m.rule is rule and m.whole for m in Reading(rules, plain(example).text).matches)
                if fired != wanted:
                    says = "没有被这条规则识别；补上缺的词，或改例句" if wanted else "不该被这条规则识别；在 not 里排除，或改例句"
                    yield rule, key, f"例句“{example}”{says}"
