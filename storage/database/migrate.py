"""Bringing the schema to what this code knows, once at a time, and refusing a newer one."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.core.errors import Fault
from bot.core.ports.jobs import Unavailable
from storage import tables
from storage.database.sqlite import sqlite_path, sync_sqlite

# Any 64-bit number of our own; two replicas that start together take turns on it.
_ADVISORY = 0x70C51
# How long one waits for another's migration of a SQLite file; PostgreSQL waits as long as it takes.
_TURN_MS = 60_000


class NewerSchema(Fault):
    """The database was migrated by a newer Tocsin. Start that one, or restore the backup made before."""


class SchemaState(StrEnum):
    """How a database's schema stands to what this code knows."""

    ABSENT = "absent"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


async def schema_state(url: str) -> tuple[SchemaState, str]:
    """Looks, and changes nothing; with the schema's revision. Raises ``Unavailable``."""
    try:
        if url.startswith("sqlite"):
            present = _file_revision(sqlite_path(url))
        else:
            remote = create_async_engine(url, poolclass=NullPool, connect_args={"timeout": 5})
            async with remote.connect() as link:
                present = await link.run_sync(_revision)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        raise Unavailable(str(error).splitlines()[0]) from None
    known = ScriptDirectory.from_config(alembic_config())
    if present is None:
        return SchemaState.ABSENT, ""
    if present not in {script.revision for script in known.walk_revisions()}:
        return SchemaState.NEWER, present
    current = present == known.get_current_head()
    return SchemaState.CURRENT if current else SchemaState.OLDER, present


def _file_revision(path: Path) -> str | None:
    if not path.exists():
        return None
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.connect() as connection:
        return _revision(connection)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    return config


def _upgrade(connection: Connection, install: str) -> str:
    """Migrate within one transaction. Returns this installation's id, made the first time."""
    config = alembic_config()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    present = MigrationContext.configure(connection).get_current_revision()
    if present is not None and present not in known:
        raise NewerSchema(
            f"The database has schema {present}, which this Tocsin does not know. "
            "Start the newer Tocsin that made it, or restore a backup from before."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    key = tables.meta.c.key == "install"
    found = connection.execute(select(tables.meta.c.value).where(key)).scalar_one_or_none()
    if found is None:
        connection.execute(insert(tables.meta).values(key="install", value=install))
    return found or install


def _patient(connection: Any, _record: object) -> None:
    """Another process's migration may take longer than the usual lock timeout."""
    connection.execute(f"PRAGMA busy_timeout={_TURN_MS}").close()


@contextmanager
def _in_turn(folder: Path) -> Iterator[None]:
    """Two processes that open a new file at once are told that it is locked, whatever their timeout: SQLite waits for no
    lock while it changes the journal. So they take turns on the folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


async def migrate(url: str, install: str) -> str:
    """Migrate the database at ``url``, after whoever else is at it. Idempotent. Raises ``NewerSchema``.

    Returns the installation's id: the one stored, or ``install`` when there was none.
    """
    if url.startswith("sqlite"):
        path = sqlite_path(url)
        engine = sync_sqlite(path, pool=NullPool)
        event.listen(engine, "connect", _patient)
        try:
            with _in_turn(path.parent), engine.begin() as connection:
                return _upgrade(connection, install)
        finally:
            engine.dispose()
    remote = create_async_engine(url, poolclass=NullPool)
    try:
        async with remote.begin() as link:
            await link.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY})
            return await link.run_sync(_upgrade, install)
    finally:
        await remote.dispose()
