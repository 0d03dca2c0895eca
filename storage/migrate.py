"""Bringing the schema to what this code knows, once at a time, and refusing a newer one."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.domain.errors import Fault
from storage import tables
from storage.sqlite import sqlite_path, sync_sqlite

# Any 64-bit number of our own; two replicas that start together take turns on it.
_ADVISORY = 0x70C51


class NewerSchema(Fault):
    """The database was migrated by a newer Tocsin. Start that one, or restore the backup made before."""


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
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


async def migrate(url: str, install: str) -> str:
    """Migrate the database at ``url``. Idempotent. Raises ``NewerSchema``.

    Returns the installation's id: the one stored, or ``install`` when there was none.
    """
    if url.startswith("sqlite"):
        engine = sync_sqlite(sqlite_path(url), pool=NullPool)
        try:
            with engine.begin() as connection:
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
