"""Processes that begin at once: the migration is locked, each takes its turn."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.databases import fresh_postgres
from tests.house import environment

pytestmark = pytest.mark.process

RUN = (sys.executable, "-m", "bot")


@dataclass
class Ended:
    code: int
    out: str
    err: str


@asynccontextmanager
async def process(
    settings: dict[str, str], *words: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of its own, gone at the end."""
    pipe = asyncio.subprocess.PIPE
    made = await asyncio.create_subprocess_exec(*RUN, *words, env={**os.environ, **settings}, stdout=pipe, stderr=pipe)  # fmt: skip
    try:
        yield made
    finally:
        if made.returncode is None:
            made.kill()
        await made.communicate()


async def tocsin(settings: dict[str, str], *words: str) -> Ended:
    async with process(settings, *words) as made, asyncio.timeout(90):
        out, err = await made.communicate()
        return Ended(made.returncode or 0, out.decode(), err.decode())


@pytest.mark.timeout(240)
async def test_two_processes_that_begin_at_once_on_an_empty_postgres_migrate_in_turn(
    tmp_path: Path,
) -> None:
    address = fresh_postgres()
    places = [environment(tmp_path / name, DATABASE_URL=address) for name in ("one", "two")]
    begun = await asyncio.gather(
        *(tocsin(each, "declare", "x", "--test", "--json") for each in places)
    )
    assert [each.code for each in begun] == [0, 0], begun
    found = await tocsin(places[0], "incidents", "--json")
    assert sorted(each["reference"] for each in json.loads(found.out)["incidents"]) == [
        "INC-1",
        "INC-2",
    ]
