"""The lock file that proves that one process owns a SQLite database."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from bot.core.errors import Fault


class AlreadyLocked(Fault):
    """Another Tocsin runs on this database."""


class FileLock:
    """Held from ``take`` until the process ends or ``release``; the kernel frees it after kill -9."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def take(self) -> None:
        """Raises ``AlreadyLocked`` with the other's process id."""
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.read(file, 20).decode(errors="replace").strip() or "unknown"
            os.close(file)
            raise AlreadyLocked(
                f"Another Tocsin (process {other}) runs on this database. Stop it first."
            ) from None
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
