"""Start to ready, and resident memory, beside the bare imports of the same libraries, in one run.

    .venv/bin/python -m bench.startup [--quick]

The libraries are asked of the bot itself: every third-party module that it has loaded when it is ready.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from statistics import median

from bench._measure import beside
from tests.installation import environment

ROOT = Path(__file__).parent.parent
_LOADED = """
import sys, asyncio, bot.app
from bot.cli import main
own = {"bot", "handlers", "storage", "templates"}
loaded = [n for n, m in sys.modules.items() if "site-packages" in (getattr(m, "__file__", "") or "")]
print(" ".join(sorted(n for n in loaded if n.partition(".")[0] not in own)))
"""


def libraries() -> list[str]:
    """Third-party modules that the composition root loads."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return done.stdout.split()


def floor(names: list[str]) -> tuple[float, float]:
    """Seconds and MiB of a process that only imports them."""
    wanted = "\n".join(f"import {name}" for name in names if ".__" not in name)
    code = f"{wanted}\nimport sys; print('up', flush=True); sys.stdin.read()"
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    seconds = time.perf_counter() - began
    memory = resident(process.pid)
    process.kill()
    process.communicate()
    return seconds, memory


def product() -> tuple[float, float]:
    """Seconds until /readyz says yes, and MiB then."""
    with tempfile.TemporaryDirectory() as folder:
        settings = environment(Path(folder))
        url = f"http://{settings['TOCSIN_BIND']}/readyz"
        began = time.perf_counter()
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                env={**_inherited(), **settings}, cwd=ROOT, stderr=log, stdout=log,
            )  # fmt: skip
        try:
            while not _ready(url):
                assert process.poll() is None, (Path(folder) / "log").read_text()
            return time.perf_counter() - began, resident(process.pid)
        finally:
            process.kill()
            process.wait()


def _inherited() -> dict[str, str]:
    """This process's environment, without what would keep bytecode from being written: the second start is measured."""
    return {name: it for name, it in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        time.sleep(0.005)  # noqa: TID251 - polls another process
        return False


def resident(pid: int) -> float:
    """MiB, from /proc."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def main(rounds: int, *, twice: bool = False) -> dict[str, float]:
    """Prints medians; returns ``time`` and ``memory``, ours beside bare. ``twice``: it is started twice, one after the other,
    to see that the gate would notice."""
    names = libraries()
    product()  # writes the bytecode, which the libraries have since they were installed
    ours, bare = [], []
    for _ in range(rounds):
        bare.append(floor(names))
        ours.append(product())
        if twice:
            ours[-1] = (ours[-1][0] + product()[0], ours[-1][1])
    times, sizes = ([[of[which] for of in samples] for samples in (ours, bare)] for which in (0, 1))
    found = {"time": beside(*times), "memory": beside(*sizes)}
    vendors = [n for n in names if n.partition(".")[0] in ("slack_bolt", "slack_sdk", "discord")]
    print(
        f"{len(names)} modules of libraries; of chat vendors that are not configured: {len(vendors)}"
    )
    print(
        f"start to ready {median(times[0]):.2f} s, bare imports {median(times[1]):.2f} s: {found['time']:.2f} times"
    )
    print(
        f"resident {median(sizes[0]):.0f} MiB, bare imports {median(sizes[1]):.0f} MiB: {found['memory']:.2f} times"
    )
    return found


if __name__ == "__main__":
    main(2 if "--quick" in sys.argv else 7)
