"""Photos and other files: checked, made small and kept by what they contain (file first, row second).

A photo is drawn anew: what is hidden in the original (where it was taken, by which phone, comments) is not kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.downloads import Kept, Refused
from bot.world import mint
from storage import threads

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "GIF")
EDGE = 1600  # pixels: enough to read a meter
PIXELS = 60_000_000  # more than any phone takes; a bomb is larger
AT_ONCE = 2  # photos being decoded: each needs some 200 MB at worst
OTHERS = {  # by content, never by name: what is kept as it is -> kind
    "audio/amr": "voice", "audio/ogg": "voice", "audio/mpeg": "voice", "audio/mp4": "voice", "audio/x-wav": "voice",
    "audio/aac": "voice", "audio/m4a": "voice", "audio/webm": "voice",
    "video/mp4": "video", "video/quicktime": "video", "video/webm": "video", "video/3gpp": "video",
    "application/pdf": "file",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "file",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "file",
}  # fmt: skip
# What a browser records is a container that may hold a film as well: the tracks inside say which it is.
SOUND_ALONE = {"video/webm": "audio/webm", "video/mp4": "audio/mp4"}
FILM = re.compile(rb"\x86.V_[A-Z]|hdlr.{8}vide", re.DOTALL)  # WebM's CodecID of a picture, MP4's handler of one
SOUND = re.compile(rb"\x86.A_[A-Z]|hdlr.{8}soun", re.DOTALL)
BROKEN = "这张照片打不开，可能没有传完整。请再拍一张，或换一张试试。"
STRANGE = "这种文件接诉看不了。请发照片（JPG、PNG、HEIC）、语音或视频。"


@dataclass(frozen=True, slots=True)
class Sendable:
    """A kept file, as channels send it and pages serve it."""

    path: Path
    kind: str
    mime: str
    name: str | None = None  # what it is called when it is saved


class Media:
    """`app` gives settings, writer, database and clock. Decoding runs in threads, never on the loop."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._folder = Path(app.settings.data.folder) / "media"
        self._gate = asyncio.Semaphore(AT_ONCE)

    @property
    def limit(self) -> int:
        """The largest file that is taken, in bytes."""
        return int(self._app.settings.intake.photo_megabytes) * 1_000_000

    async def keep(self, data: bytes, kind: str) -> Kept:
        """The bytes on disk, a photo drawn anew. Refused, with a sentence for whoever sent it, when they are no use."""
        if len(data) > self.limit:
            raise Refused(f"文件太大了，最多 {self.limit // 1_000_000} MB。请发小一点的，或只拍要紧的地方。")
        async with self._gate:
            return await asyncio.to_thread(self._keep, data)

    async def store(self, person_id: str, data: bytes, channel: str = "web") -> str:
        """Keep what a person uploads, and its row; the id by which messages name it."""
        kept = await self.keep(data, "photo")
        file_id, now = mint(), self._app.clock.now()
        row = {
            "id": file_id, "sha256": kept.sha256, "mime": kept.mime, "size": kept.size, "kind": kind_of(kept.mime),
            "person_id": person_id, "channel": channel, "tries": 0, "at": now,
        }  # fmt: skip
        await self._app.writer.do(lambda conn: threads.add_file(conn, **row))
        return file_id

    def keep_made(self, data: bytes, mime: str) -> Kept:
        """The bytes of a file that Jiesu has made, on disk as they are; blocks. The row is the caller's."""
        return self._store(data, mime)

    async def to_send(self, file_id: str) -> Sendable | None:
        """The file behind an id; None when it has not come from its platform yet, or is gone."""
        with self._app.database.reading() as conn:
            row = threads.file(conn, file_id)
        return self.on_disk(row) if row is not None else None

    def on_disk(self, row: Any) -> Sendable | None:
        """The file of a row of table attachment, if it is there."""
        if not row.sha256:
            return None
        path = self._path(row.sha256)
        return Sendable(path, kind_of(row.mime), row.mime, row.name) if path.is_file() else None

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def _keep(self, data: bytes) -> Kept:
        return self._store(*_examined(data))

    def _store(self, data: bytes, mime: str) -> Kept:
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(sha256)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        return Kept(sha256, mime, len(data))


def kind_of(mime: str | None) -> str:
    """photo, voice, video or file."""
    return "photo" if mime == "image/jpeg" else OTHERS.get(mime or "", "file")


def _examined(data: bytes) -> tuple[bytes, str]:
    """What is kept, and its type. Judged by content; a name or a header can say anything."""
    import filetype

    found = filetype.guess(data[:8192])
    mime = found.mime if found else ""
    if mime.startswith("image/"):
        return redrawn(data), "image/jpeg"
    if mime not in OTHERS:
        raise Refused(STRANGE)
    if mime in SOUND_ALONE and SOUND.search(data) and not FILM.search(data):
        mime = SOUND_ALONE[mime]
    return data, mime


def redrawn(data: bytes) -> bytes:
    """The photo as a JPEG of at most 1600 pixels, upright, without anything but the picture."""
    import pi_heif
    from PIL import Image, ImageOps

    pi_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # our own limit is looked at before anything is decoded, and it is no warning
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as photo:
            if photo.width * photo.height > PIXELS:
                raise Refused("这张照片的尺寸太大了，请用手机拍的原图，或截个图发来。")
            photo.draft("RGB", (EDGE, EDGE))
            upright = ImageOps.exif_transpose(photo)
            upright.thumbnail((EDGE, EDGE))
            plain = _on_white(upright)
        plain.info.clear()  # a JPEG's comment would be written again
        out = io.BytesIO()
        plain.save(out, "JPEG", quality=82)
    except Refused:
        raise
    except Exception as error:  # decoders raise whatever they like at broken bytes
        raise Refused(BROKEN) from error
    return out.getvalue()


def _on_white(photo: Any) -> Any:
    """Without transparency: what is not there becomes white, not black."""
    from PIL import Image

    if "A" not in photo.getbands() and "transparency" not in photo.info:
        return photo.convert("RGB")
    photo = photo.convert("RGBA")
    white = Image.new("RGB", photo.size, "white")
    white.paste(photo, mask=photo.getchannel("A"))
    return white
