"""The rules in use: a changed file is taken up, a broken one is not."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from nlp.rulefile import FOLDER, Fault, RuleError
from nlp.rulefolder import load_rules
from nlp.rules import Category, Rules


class RuleBook:
    """The rules of a folder, read again when a file has changed. `error` says why the newest were refused, if they were."""

    def __init__(self, folder: Path | str = FOLDER) -> None:
        self.folder = Path(folder)
        self.error: RuleError | None = None
        self._seen = self._stamp()
        self._rules = shipped() if self.folder == FOLDER else load_rules(self.folder)

    def _stamp(self) -> tuple[tuple[str, int, int], ...]:
        files = ((path.name, path.stat()) for path in sorted(self.folder.glob("*.toml")))
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in files)

    def current(self) -> Rules:
        """The newest rules that are fit for use. Looks at the files' times only, so it may be asked often."""
        try:
            stamp = self._stamp()
            if stamp != self._seen:
                self._seen = stamp
                self._rules = load_rules(self.folder)
                self.error = None
        except RuleError as error:
            self._refused(error)
        except OSError as error:  # it may have vanished while an editor was saving it: looked at again next time
            self._seen = ()
            self._refused(RuleError([Fault(self.folder.name, 1, "folder", f"读不了：{error}；请检查文件夹和文件在不在、能不能读")]))
        return self._rules

    def _refused(self, error: RuleError) -> None:
        if str(error) != str(self.error):  # the same fault is the same error, told once
            self.error = error


@lru_cache(maxsize=1)
def shipped() -> Rules:
    """The rules that come with the program; their examples are tried by the tests."""
    return load_rules(FOLDER, examples=False)


def categories(rules: Rules | None = None) -> tuple[Category, ...]:
    """The categories in the order of the hotline list, `other` last."""
    return (rules or shipped()).categories
