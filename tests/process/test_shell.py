"""The command line while processes end or begin: what the person at the shell is told is true."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.databases import fresh_postgres
from tests.installation import environment
from tests.organisations import steady_file

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
async def test_a_bot_killed_under_a_declare_leaves_nobody_believing_what_is_not_so(
    tmp_path: Path,
) -> None:
    settings = environment(tmp_path, TOCSIN_ORG=str(steady_file(tmp_path)))
    async with process(settings, "run") as bot:
        while not (tmp_path / "tocsin.sock").exists():
            assert bot.returncode is None
            await asyncio.sleep(0.05)  # noqa: TID251 - polls another process
        with closing(sqlite3.connect(tmp_path / "tocsin.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # so that it cannot answer before it dies
            async with process(settings, "declare", "checkout is down") as asking:
                await under_way(tmp_path / "tocsin.sock", asking)
                bot.kill()
                await bot.wait()
                async with asyncio.timeout(60):
                    _, err = await asking.communicate()
            other.execute("ROLLBACK")
    assert asking.returncode == 3
    assert "may have been done" in err.decode()
    assert "tocsin incidents" in err.decode()
    found = await tocsin(settings, "incidents", "--json")
    assert json.loads(found.out)["incidents"] == [], "and the next command tells"


async def under_way(socket: Path, asking: asyncio.subprocess.Process) -> None:
    """Wait until a question stays open at the bot's socket: the first, whether a bot is there, is answered at once."""
    open_for = 0
    async with asyncio.timeout(60):
        while open_for < 10:
            assert asking.returncode is None
            rows = [row.split() for row in Path("/proc/net/unix").read_text().splitlines()]
            connected = any(row[-1] == str(socket) and row[5] == "03" for row in rows)
            open_for = open_for + 1 if connected else 0
            await asyncio.sleep(0.05)  # noqa: TID251 - polls another process


@pytest.mark.timeout(240)
async def test_two_processes_that_begin_at_once_on_an_empty_postgres_migrate_in_turn(
    tmp_path: Path,
) -> None:
    address, org = fresh_postgres(), steady_file(tmp_path)
    places = [
        environment(tmp_path / name, DATABASE_URL=address, TOCSIN_ORG=str(org))
        for name in ("one", "two")
    ]
    begun = await asyncio.gather(
        *(tocsin(each, "declare", "x", "--test", "--json") for each in places)
    )
    assert [each.code for each in begun] == [0, 0], begun
    found = await tocsin(places[0], "incidents", "--json")
    assert sorted(each["reference"] for each in json.loads(found.out)["incidents"]) == [
        "INC-1",
        "INC-2",
    ]


@pytest.mark.timeout(240)
async def test_of_processes_that_begin_at_once_on_one_file_each_takes_its_turn_or_says_who_has_it(
    tmp_path: Path,
) -> None:
    """A migration waits for another's. Whoever wants to work while somebody else does is told that it is so."""
    place = environment(tmp_path, TOCSIN_ORG=str(steady_file(tmp_path)))
    declare = ("declare", "x", "--test", "--json")
    begun = await asyncio.gather(
        tocsin(place, "migrate"), *(tocsin(place, *declare) for _ in range(2))
    )
    assert begun[0].code == 0, begun
    assert sorted(each.code for each in begun[1:]) in ([0, 0], [0, 3]), begun
    for each in begun[1:]:
        assert each.code == 0 or "Another Tocsin (process " in each.err, begun
    found = await tocsin(place, "incidents", "--json")
    recorded = len(json.loads(found.out)["incidents"])
    assert recorded == sum(each.code == 0 for each in begun[1:])
