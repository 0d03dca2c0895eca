"""Migrations make exactly the schema that the code describes, once, and never step back."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, insert, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage.console.rows import flags
from storage.database.migrate import NewerSchema, alembic_config, migrate
from storage.sql.types import YesOrNothing
from storage.tables import console_rooms, metadata
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
from storage.database.migrate import migrate
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


# --- what a release before wrote, and writes while replicas are upgraded ---------------------------

_ROOM = (
    "INSERT INTO console_rooms (id, name, kind, topic, private, archived, seq, changed, bookmarks) "
)
_FLAGS = text("SELECT is_private, is_archived FROM console_rooms WHERE id = :room")


def older_room(room: str, private: str) -> Any:
    values = f"VALUES ('{room}', '{room}', 'war', '', '{private}', '', 0, 0, '[]')"
    return lambda connection: connection.execute(text(_ROOM + values))


async def flags_of(url: str, room: str) -> tuple[bool, ...]:
    row = await run(url, lambda connection: connection.execute(_FLAGS, {"room": room}).one())
    return tuple(bool(value) for value in row)


async def test_flags_that_an_older_release_wrote_are_kept(url: str) -> None:
    def before(connection: Connection) -> None:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
        older_room("secret", "yes")(connection)
        older_room("open", "")(connection)

    await run(url, before)
    await migrate(url, "first")

    assert await flags_of(url, "secret") == (True, False)
    assert await flags_of(url, "open") == (False, False)


async def test_what_a_replica_of_the_release_before_writes_meanwhile_is_read_right() -> None:
    """On PostgreSQL; a SQLite file has one process at a time."""
    url = fresh_postgres()
    await migrate(url, "first")

    await run(url, older_room("secret", "yes"))
    assert await flags_of(url, "secret") == (True, False)

    archived = text("UPDATE console_rooms SET archived = 'yes' WHERE id = 'secret'")
    await run(url, lambda connection: connection.execute(archived))
    assert await flags_of(url, "secret") == (True, True)

    opened = text("UPDATE console_rooms SET private = '' WHERE id = 'secret'")
    await run(url, lambda connection: connection.execute(opened))
    assert await flags_of(url, "secret") == (False, True)


async def test_what_is_written_now_a_replica_of_the_release_before_reads_right(url: str) -> None:
    told: Any = insert(console_rooms).values(
        id="secret", name="secret", kind="war", topic="", seq=0, changed=0, bookmarks=[], **flags(private=True, archived=False)
    )  # fmt: skip
    await migrate(url, "first")

    await run(url, lambda connection: connection.execute(told))

    older = text("SELECT private, archived FROM console_rooms")
    row = await run(url, lambda connection: connection.execute(older).one())
    assert tuple(row) == ("yes", "")


async def test_each_flag_of_before_is_followed_on_postgres() -> None:
    url = fresh_postgres()
    await migrate(url, "first")
    source = text("SELECT prosrc FROM pg_proc JOIN pg_trigger ON tgfoid = pg_proc.oid")

    found = await run(url, lambda connection: connection.execute(source).scalars().all())

    older = [
        column.name
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, YesOrNothing)
    ]
    assert older
    for name in older:
        assert any(f"NEW.is_{name} := NEW.{name} = 'yes'" in body for body in found), name
