"""SQLite and PostgreSQL: every test that asks for ``memory`` runs on each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.organisation import Organisation
from storage.database.migrate import migrate
from storage.database.postgres import PostgresMemory
from storage.database.sqlite import SqliteMemory
from storage.unit_of_work import Installation
from tests.databases import fresh_postgres, fresh_sqlite
from tests.fakes.clock import FakeClock

AnyMemory = SqliteMemory | PostgresMemory


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["sqlite", "postgres"])
async def memory(
    request: pytest.FixtureRequest, tmp_path: Path, clock: FakeClock
) -> AsyncIterator[AnyMemory]:
    url = fresh_sqlite(tmp_path) if request.param == "sqlite" else fresh_postgres()
    installation = Installation(Organisation("Acme"), await migrate(url, "test"), ("console",))
    made: AnyMemory
    if request.param == "sqlite":
        made = SqliteMemory(url, clock, installation)
    else:
        made = PostgresMemory(url, clock, installation, "one")
    await made.start()
    yield made
    await made.stop()
