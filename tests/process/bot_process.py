"""The real bot as a process: started, killed without warning, asked to stop; never waited for by a sleep."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg

from tests.fakes.outlive import Outlive, outliving
from tests.installation import environment

ORG = """\
organisation: Acme
chat: {rooms: [outlive]}
people:
  ana: {name: Ana, identities: {outlive: ana}}
  bo: {name: Bo, identities: {outlive: bo}}
teams:
  payments: {members: [ana, bo], managers: [bo]}
services:
  checkout: {team: payments, escalation: payments}
escalations:
  payments: {steps: [{notify: [person:ana]}]}
catch_all: {notify: [person:bo]}
"""
READY_WITHIN = 90.0


async def until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for a condition, with a deadline."""
    try:
        async with asyncio.timeout(seconds):
            while not holds():
                await asyncio.sleep(0.02)  # noqa: TID251 - polls another process
    except TimeoutError:
        raise AssertionError(f"after {seconds:.0f} s: {what}") from None


def outlive(url: str) -> dict[str, str]:
    """Settings for the platform that is a plugin."""
    return {"TOCSIN_PLUGINS": "tests.fakes.outlive_platform", "OUTLIVE_URL": url}


@dataclass
class Bot:
    """One process on one database; it may be started again after its end."""

    folder: Path
    url: str
    database: str = ""
    process: asyncio.subprocess.Process | None = None
    ready_url: str = ""
    starts: int = field(default=0)
    org: str = ORG
    settings: dict[str, str] = field(default_factory=dict)

    async def start(self) -> None:
        org = self.folder / "org.yaml"
        org.write_text(self.org)
        more = {"DATABASE_URL": self.database} if self.database else {}
        settings = environment(
            self.folder,
            TOCSIN_ORG=str(org),
            **(self.settings or outlive(self.url)),
            **more,
        )
        self.ready_url = f"http://{settings['TOCSIN_BIND']}/readyz"
        self.starts += 1
        log = (self.folder / f"bot-{self.starts}.log").open("wb")
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env={**os.environ, **settings}, stderr=log, stdout=log
        )  # fmt: skip
        log.close()

    async def ready(self) -> None:
        """Wait until it says that it can work."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(READY_WITHIN):
            while True:
                try:
                    async with session.get(self.ready_url) as response:
                        if response.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                assert self.process is not None
                assert self.process.returncode is None, self.log()
                await asyncio.sleep(0.02)  # noqa: TID251 - polls another process

    def log(self) -> str:
        return (self.folder / f"bot-{self.starts}.log").read_text()[-4000:]

    async def incidents(self) -> list[int]:
        """The numbers of what is recorded, read from the database itself."""
        return [row[0] for row in await self.rows("SELECT id FROM incidents ORDER BY id")]

    async def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds in the database itself, whether or not the bot is alive."""
        if self.database:
            dsn = self.database.replace("postgresql+asyncpg://", "postgresql://", 1)
            connection = await asyncpg.connect(dsn)
            found = await connection.fetch(query)
            await connection.close()
            return [tuple(row) for row in found]
        with closing(sqlite3.connect(self.folder / "tocsin.db")) as file:
            return list(file.execute(query))

    async def kill(self) -> None:
        """SIGKILL: no goodbye."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def terminate(self, within: float) -> int:
        """SIGTERM, and its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(within):
            return await self.process.wait()


@dataclass
class Stage:
    """A platform that outlives, and a bot beside it."""

    world: Outlive
    bot: Bot
    said: int = 0

    async def say(self, text: str) -> str:
        """Somebody types a command; returns its delivery."""
        self.said += 1
        delivery = f"d{self.said}"
        ask = {"delivery": delivery, "person": "bo", "text": text}
        await self.world.asked.put(ask)
        return delivery

    def recorded(self) -> list[str]:
        """The incidents that people were told were recorded."""
        told = [text for text in self.world.replies.values() if "Declared. " in text]
        return [text.split(" ", 1)[0] for text in told]

    def all_taken(self) -> bool:
        return self.world.asked.empty()

    async def calls_pass(self, count: int) -> None:
        """Wait until the bot has made that many more calls, or has nothing more to call."""
        calls = self.world.platform.calls
        wanted, seen, still = len(calls) + count, len(calls), 0

        def holds() -> bool:
            nonlocal seen, still
            still = still + 1 if len(calls) == seen else 0
            seen = len(calls)
            return seen >= wanted or still > 100

        await until(holds, 30, "the bot makes no calls")

    async def complete(self, incidents: Iterable[int], seconds: float) -> None:
        """Wait until each of ``incidents`` has its room, card, topic, bookmarks, announcement and page."""

        wanted = list(incidents)

        def holds() -> bool:
            return all(not missing for missing in self.missing(wanted))

        try:
            await until(holds, seconds, "not complete")
        except AssertionError:
            told = [text for text in self.missing(wanted) if text]
            raise AssertionError("\n".join(told) + "\n" + self.bot.log()) from None

    def missing(self, incidents: Iterable[int]) -> list[str]:
        return [self._missing(number) for number in incidents]

    def _missing(self, number: int) -> str:
        platform = self.world.platform
        rooms = [r for r in platform.war_rooms() if f":inc{number}:" in r.marker]
        if not rooms:
            return f"INC-{number}: no room"
        cards = [m for m in platform.said_in(rooms[0].name) if m.marker.endswith(":card")]
        lacks = {
            "card": not cards,
            "pin": not any(card.pinned for card in cards),
            "topic": not rooms[0].topic,
            "bookmarks": not rooms[0].bookmarks,
            "invites": "ana" not in rooms[0].members,
            "announcement": not self.announcements(number),
            "page": not self.pages(number),
        }
        return ", ".join(f"INC-{number}: no {name}" for name, absent in lacks.items() if absent)

    def card(self, number: int) -> str:
        """What the card of an incident's room shows, as one text."""
        platform = self.world.platform
        [room] = [r for r in platform.war_rooms() if f":inc{number}:" in r.marker]
        [card] = [m.card for m in platform.said_in(room.name) if m.marker.endswith(":card")]
        return repr(card)

    def announcements(self, number: int) -> int:
        said = self.world.platform.said_in("incidents")
        return len([m for m in said if f":inc{number}:" in m.marker])

    def pages(self, number: int) -> list[str]:
        said = self.world.platform.said_in("@ana")
        return [m.card.title for m in said if f"INC-{number} " in m.card.title]

    def doubled(self, incidents: Iterable[int]) -> list[str]:
        """What there is more than once, and pages that repeat without saying so."""
        return [text for number in incidents for text in self._doubled(number)]

    def _doubled(self, number: int) -> list[str]:
        platform = self.world.platform
        rooms = [r for r in platform.war_rooms() if f":inc{number}:" in r.marker]
        markers = [m.marker for room in rooms for m in platform.said_in(room.name)]
        plain = [title for title in self.pages(number) if "(repeat)" not in title]
        found = {
            "rooms": len(rooms) - 1,
            "messages in the room": len(markers) - len(set(markers)),
            "announcements": self.announcements(number) - 1,
            "pages not marked": len(plain) - 1,
        }
        return [f"INC-{number}: {n} {what} too many" for what, n in found.items() if n > 0]


@asynccontextmanager
async def staged(folder: Path, database: str = "", org: str = ORG) -> AsyncIterator[Stage]:
    """A bot, ready, beside a platform that will outlive it."""
    async with outliving() as world:
        bot = Bot(folder, world.url, database, org=org)
        await bot.start()
        try:
            await bot.ready()
            yield Stage(world, bot)
        finally:
            await bot.kill()
