"""Charts become pictures in a child process: the library holds the interpreter's lock for a tenth of a second a chart and never gives
all of its memory back, so it has a process of its own that is begun anew every 200 charts (LIBRARIES, traps 8 and 15)."""

from __future__ import annotations

import asyncio
import gzip
import logging
import os
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib.metadata import version
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

from bot.papers.charts.look import Spec, chart

log = logging.getLogger(__name__)

A_CHILD = 200  # charts that one child draws
SCALE = 2  # pixels for each of the spec's: phones have fine screens
SECONDS = 60.0
VEGA_LITE = "6.4"


class Drawer:
    """Draws in one child process, which is started with the first chart or by `warm`."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._script = b""

    def png(self, spec: Spec) -> bytes:
        """The picture for chats and documents; blocks meanwhile. A child that died is replaced once."""
        return bytes(self._done(_png, spec))

    def svg(self, spec: Spec) -> str:
        """The picture for a page."""
        return str(self._done(_svg, spec))

    async def drawn(self, spec: Spec) -> bytes:
        """`png`, without holding up the loop."""
        return await asyncio.to_thread(self.png, spec)

    def script(self, folder: Path) -> bytes:
        """The libraries that draw the same charts in a browser, in the versions that draw them here, as gzip. To make them takes
        seconds: they are kept in the folder, until another version is installed."""
        with self._making:
            if not self._script:
                file = folder / f"charts-{VEGA_LITE}-{version('vl-convert-python')}.js.gz"
                if not file.exists():
                    packed = gzip.compress(str(self._done(_bundle)).encode(), mtime=0)
                    half = file.with_suffix(f".{os.getpid()}")
                    half.write_bytes(packed)
                    half.replace(file)
                self._script = file.read_bytes()
            return self._script

    def warm(self, folder: Path | None = None) -> None:
        """Start the child and draw something small, so that nobody waits for the first chart; nor for the libraries of a page."""
        try:
            self.png(chart("图", [{"a": 1}], mark="point"))
            if folder is not None:
                self.script(folder)
        except Exception as error:  # reports then say in words what the charts would show
            log.warning("charts cannot be drawn: %s", type(error).__name__)

    def close(self) -> None:
        """End the child; a chart under way is given up."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    def _done(self, work: Any, *given: Any) -> Any:
        try:
            return self._submit(work, *given).result(timeout=SECONDS)
        except BrokenProcessPool:
            self.close()
            return self._submit(work, *given).result(timeout=SECONDS)

    def _submit(self, work: Any, *given: Any) -> Future[Any]:
        with self._lock:
            if self._pool is None:
                self._pool = ProcessPoolExecutor(
                    1, mp_context=get_context("spawn"), initializer=_begin, max_tasks_per_child=A_CHILD
                )
            return self._pool.submit(work, *given)


def _begin() -> None:
    """In the child: the font, and an end with the parent, also where that was killed."""
    import pylopdf_fonts_zh_cn
    import vl_convert

    threading.Thread(target=_end_with_parent, daemon=True).start()
    vl_convert.register_font_directory(str(Path(pylopdf_fonts_zh_cn.sans_path()).parent))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


def _png(spec: Spec) -> bytes:
    import vl_convert

    return vl_convert.vegalite_to_png(spec, vl_version=VEGA_LITE, scale=SCALE)


def _svg(spec: Spec) -> str:
    import vl_convert

    return vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE)


def _bundle() -> str:
    import vl_convert

    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGA_LITE)
