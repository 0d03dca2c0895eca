"""What the upkeep verbs share: holding the database, and remembering when it was last backed up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings.model import Settings


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """SQLite's lock: nobody else is at work. Raises ``AlreadyLocked`` when a bot runs."""
    from storage.database.lock import FileLock
    from storage.database.sqlite import sqlite_path

    path = sqlite_path(settings.database_url)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(path.with_name(f"{path.name}.lock"))
    lock.take()
    try:
        yield
    finally:
        lock.release()


def note_backup(settings: Settings, file: Path) -> None:
    """A note beside the data, which ``tocsin doctor`` reads."""
    from bot.wiring.clock import SystemClock

    note = {"at": SystemClock().now().isoformat(), "file": str(file.absolute())}
    _note(settings).write_text(json.dumps(note), encoding="utf-8")


def last_backup(settings: Settings) -> datetime | None:
    """When ``tocsin backup`` last ended well, as far as this machine knows."""
    try:
        return datetime.fromisoformat(json.loads(_note(settings).read_text(encoding="utf-8"))["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note(settings: Settings) -> Path:
    return settings.data / "last-backup.json"
