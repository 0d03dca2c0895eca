"""The database that an address names, as a ``Memory``; and the lock that says who owns it."""

from __future__ import annotations

from bot.core.ports.clock import Clock
from storage.database.lock import FileLock
from storage.database.postgres import PostgresMemory
from storage.database.sqlite import SqliteMemory, sqlite_path
from storage.unit_of_work import Installation

AnyMemory = SqliteMemory | PostgresMemory


def owned(url: str) -> FileLock | None:
    """Take the lock: one process owns a SQLite file; PostgreSQL's replicas share, and have none."""
    if not url.startswith("sqlite"):
        return None
    path = sqlite_path(url)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(path.with_name(f"{path.name}.lock"))
    lock.take()
    return lock


def opened(url: str, clock: Clock, installation: Installation, replica: str) -> AnyMemory:
    """Not started yet. ``replica`` names this process among those that share a PostgreSQL."""
    if url.startswith("sqlite"):
        return SqliteMemory(url, clock, installation)
    return PostgresMemory(url, clock, installation, replica)
