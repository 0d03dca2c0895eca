"""A busy neighbour for the gates: one core's worth of work and a disk that is made to wait, until the block ends.

python -m tests.neighbour FOLDER
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ROUND, _MEGABYTE = 200, b"x" * 1_000_000


@contextmanager
def busy_neighbour(folder: Path) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "tests.neighbour", str(folder)])
    try:
        yield
        assert process.poll() is None, "it was not there"
    finally:
        process.kill()
        process.wait()


def _work(folder: Path) -> None:
    """Some 50 ms of one core, then a megabyte that the disk must have."""
    with (folder / "neighbour").open("wb") as file:
        while True:
            for _ in range(_ROUND):
                hashlib.sha256(_MEGABYTE[:100_000]).digest()
            file.seek(0)
            file.write(_MEGABYTE)
            file.flush()
            os.fsync(file.fileno())


if __name__ == "__main__":
    _work(Path(sys.argv[1]))
