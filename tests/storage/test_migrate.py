"""Migrations make exactly the schema that the code describes, once, and never step back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage.migrate import NewerSchema, migrate
from storage.tables import metadata
from tests.databases import fresh_postgres, fresh_sqlite


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return fresh_sqlite(tmp_path) if request.param == "sqlite" else fresh_postgres()


async def run(url: str, work: Any) -> Any:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        result = await connection.run_sync(work)
    await engine.dispose()
    return result


async def test_the_migrated_schema_is_the_described_one(url: str) -> None:
    await migrate(url, "first")

    def differences(connection: Connection) -> list[Any]:
        found: list[Any] = compare_metadata(MigrationContext.configure(connection), metadata)
        return found

    assert await run(url, differences) == []


async def test_migrating_again_changes_nothing_and_keeps_the_installation(url: str) -> None:
    assert await migrate(url, "first") == "first"
    assert await migrate(url, "second") == "first"


async def test_a_newer_schema_is_refused(url: str) -> None:
    await migrate(url, "first")
    newer = text("UPDATE alembic_version SET version_num = '9999'")
    await run(url, lambda connection: connection.execute(newer))

    with pytest.raises(NewerSchema, match="9999"):
        await migrate(url, "second")
