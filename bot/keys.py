"""The keys of this installation: made at the first run, kept in the data folder, never logged."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from casework.errors import JiesuError

FOLDER = "keys"
SIZE = 32  # bytes


@dataclass(frozen=True, slots=True)
class Keys:
    """One key a purpose, so that what is signed for one is worth nothing for another. Not shown by repr."""

    cookies: bytes = field(repr=False)  # who a browser is; also the tokens of plain forms
    links: bytes = field(repr=False)  # one-time links are kept as their HMAC
    buttons: bytes = field(repr=False)  # the values of buttons
    codes: bytes = field(repr=False)  # binding codes are kept as their HMAC
    hooks: bytes = field(repr=False)  # by what platforms that deliver to us are known
    callers: bytes = field(repr=False)  # who called the hotline is kept as the HMAC of the number

    def hook_secret(self, platform: str) -> str:
        """What this platform has to show with each delivery: letters and digits."""
        return hmac.new(self.hooks, platform.encode(), hashlib.sha256).hexdigest()

    @classmethod
    def load(cls, folder: Path) -> Keys:
        """Read the keys, making those that are missing. JiesuError when they cannot be read or made."""
        place = folder / FOLDER
        try:
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
            return cls(*(_load(place / name) for name in cls.__slots__))
        except OSError as error:
            raise JiesuError(
                f"密钥读不出或写不进 {place}（{error.strerror}）。请看 [data] folder 的文件夹是否存在、是否可写。"
            ) from error


def _load(path: Path) -> bytes:
    """Two first starts at once: the one that comes second takes the key of the first."""
    made = path.with_name(f".{path.name}.{os.getpid()}")
    if not path.exists():
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(secrets.token_bytes(SIZE))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            os.replace(made, path)
        made.unlink(missing_ok=True)
    key = path.read_bytes()
    if len(key) != SIZE:
        raise JiesuError(f"密钥文件 {path} 不完整。请从备份恢复；没有备份就删掉它，大家重新进入一次即可。")
    return key
