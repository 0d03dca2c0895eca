"""Migrations make exactly the schema that the code describes, once, and never step back."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
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


_AT_A_WORD = """
import asyncio, sys
from storage.migrate import migrate
print("here", flush=True)
sys.stdin.readline()
print(asyncio.run(migrate(sys.argv[1], sys.argv[2])))
"""


def gone(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()


async def test_two_processes_that_migrate_at_once_do_it_once_and_agree(url: str) -> None:
    """Both are loaded and wait for the word, so that they really meet; the lock is the database's own."""
    pipe = asyncio.subprocess.PIPE
    async with AsyncExitStack() as stack, asyncio.timeout(110):
        both = []
        for name in ("one", "two"):
            one = await asyncio.create_subprocess_exec(
                sys.executable, "-c", _AT_A_WORD, url, name, stdin=pipe, stdout=pipe, stderr=pipe
            )
            stack.callback(gone, one)
            both.append(one)
        for one in both:
            assert one.stdout is not None
            assert await one.stdout.readline() == b"here\n"
        ended = await asyncio.gather(*(one.communicate(b"\n") for one in both))
    assert [one.returncode for one in both] == [0, 0], ended
    said = {out.decode().strip() for out, _ in ended}
    assert len(said) == 1, "one installation"
    assert said <= {"one", "two"}
