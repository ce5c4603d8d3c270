"""How long from start to health, and from a message to its reply – each beside a yardstick of the same run.

    .venv/bin/python -m benchmarks.start [--rounds 5]

Each round is a fresh database with the demonstration organisation, and a second start on the same database. The
yardsticks: merely importing the libraries that the program stands on, and one GET of /healthz. Figures are medians;
ratios hold on another machine, seconds do not.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import httpx

HERE = Path(__file__).parent.parent
LIBRARIES = "import aiohttp.web, sqlmodel, pydantic_settings, apscheduler.schedulers.asyncio, jinja2, typer, rjieba"
SAYS = ("锦绣苑3号楼2单元又没暖气了", "我的诉求", "催办", "家里有老人，很冷", "我的诉求")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Running:
    """The program in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        told = {
            "JIESU_WEB__PORT": str(self.port), "JIESU_DATABASE__URL": f"sqlite:///{folder}/jiesu.db",
            "JIESU_DATA__FOLDER": str(folder / "data"),
        }
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], cwd=HERE, env=os.environ | told,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        self.url = f"http://127.0.0.1:{self.port}"

    def healthy(self) -> float:
        """Seconds from the start until /healthz says 200."""
        while True:
            try:
                if httpx.get(f"{self.url}/healthz").status_code == 200:
                    return time.perf_counter() - self.began
            except httpx.TransportError:
                if self.process.poll() is not None:
                    raise SystemExit("the program ended before it was healthy") from None
            time.sleep(0.01)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)


def replies(url: str) -> list[float]:
    """Seconds from sending each message until its reply can be read."""
    took = []
    with httpx.Client(base_url=url, headers={"X-Requested-With": "benchmark"}) as client:
        client.post("/api/chat/session", json={})
        for text in SAYS:
            began = time.perf_counter()
            client.post("/api/chat/messages", json={"client_id": str(uuid.uuid4()), "text": text})
            while not _answered(client):
                time.sleep(0.002)
            took.append(time.perf_counter() - began)
    return took


def _answered(client: httpx.Client) -> bool:
    shown = client.get("/api/chat/messages", params={"after": 0}).json()["messages"]
    return bool(shown) and shown[-1]["from"] != "me"


def imports() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", LIBRARIES], check=True, cwd=HERE)
    return time.perf_counter() - began


def gets(url: str) -> float:
    with httpx.Client(base_url=url) as client:
        client.get("/healthz")
        took = []
        for _ in range(50):
            began = time.perf_counter()
            client.get("/healthz")
            took.append(time.perf_counter() - began)
    return statistics.median(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    figures: dict[str, list[float]] = {
        k: [] for k in ("imports", "first start", "second start", "first reply", "later reply", "GET /healthz")
    }
    for _ in range(rounds):
        figures["imports"].append(imports())
        with tempfile.TemporaryDirectory() as folder:
            for name in ("first start", "second start"):
                running = Running(Path(folder))
                try:
                    figures[name].append(running.healthy())
                    took = replies(running.url)
                    figures["first reply"].append(took[0])
                    figures["later reply"].append(statistics.median(took[1:]))
                    figures["GET /healthz"].append(gets(running.url))
                finally:
                    running.stop()
    middle = {name: statistics.median(values) for name, values in figures.items()}
    print(f"{'':14} {'median':>9} {'min':>9} {'max':>9}   beside")
    for name, values in figures.items():
        yardstick = "imports" if "start" in name else "GET /healthz"
        ratio = f"{middle[name] / middle[yardstick]:.1f} x {yardstick}" if name not in ("imports", "GET /healthz") else ""
        print(f"{name:14} {middle[name] * 1e3:7.0f}ms {min(values) * 1e3:7.0f}ms {max(values) * 1e3:7.0f}ms   {ratio}")


if __name__ == "__main__":
    main()
