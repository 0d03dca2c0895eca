"""What a war room on Discord costs, beside a bare discord.py bot making the same calls, in one run.

    .venv/bin/python -m bench.discord_room [--quick]

Each bot is a process of its own beside a Discord of its own (``tests/fakes/discord``, limits shortened). They
take turns: a command, and the time until its room is there, the card pinned, announced, and people in. Every
call takes 120 ms, as over the internet; the same is then printed for a Discord that answers at once.
Then twenty people declare at once, and the platform's clock says when each was acknowledged.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bench._measure import beside, shown
from bot.wiring.clock import SystemClock
from tests.databases import fresh_postgres
from tests.installation import environment
from tests.process.discord_stage import ORG

AT_ONCE = 20
LATENCY = 0.12
DEADLINE = 60.0
POLL = timedelta(milliseconds=20)
CLOCK = SystemClock()


@dataclass
class Server:
    """One fake Discord in a process of its own, and how it is steered."""

    told: dict[str, str]
    http: aiohttp.ClientSession
    people: dict[str, str]

    @property
    def gateway(self) -> str:
        return self.told["api"].replace("http", "ws").replace("/api/v10", "/gateway")

    async def ask(self, verb: str, at: str, /, **body: object) -> Any:
        url = self.told["api"].removesuffix("/api/v10") + at
        async with self.http.request(verb, url, json=body or None) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def until(self, path: str, holds: Any, what: str) -> Any:
        async with asyncio.timeout(DEADLINE):
            while True:
                found = await self.ask("GET", path)
                if holds(found):
                    return found
                await CLOCK.wait(asyncio.Event(), CLOCK.now() + POLL)

    async def room(self, person: str, number: int) -> float:
        """Seconds from a command to its whole war room."""
        asked = await self.ask("POST", f"/_people/{person}/slash", **command(number))
        path = f"/_ready/{asked['id']}"
        found = await self.until(path, lambda told: told["seconds"] is not None, "no room")
        return float(found["seconds"])

    async def crowd(self, first: int) -> list[float]:
        """Seconds until each of twenty commands at once was acknowledged."""
        asks = [
            self.ask("POST", f"/_people/p{n}/slash", wait=False, **command(first + n))
            for n in range(AT_ONCE)
        ]
        wanted = {asked["id"] for asked in await asyncio.gather(*asks)}
        found = await self.until(
            "/_interactions",
            lambda told: all(one["acked"] for one in told if one["id"] in wanted),
            "not acknowledged",
        )
        return [one["acked"] - one["made"] for one in found if one["id"] in wanted]


def command(number: int) -> dict[str, object]:
    return {"path": "incident declare", "options": {"title": f"checkout is down {number}"}}


@asynccontextmanager
async def process(*words: str, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    made = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *words, env={**os.environ, **more},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield made
    finally:
        made.kill()
        await made.wait()


@asynccontextmanager
async def server() -> AsyncIterator[Server]:
    async with process("tests.fakes.discord") as made, aiohttp.ClientSession() as http:
        assert made.stdout is not None
        found = Server(json.loads(await made.stdout.readline()), http, {})
        for name in ("ana", "bo", *(f"p{n}" for n in range(AT_ONCE))):
            found.people[name] = (await found.ask("POST", f"/_people/{name}"))["id"]
        await found.ask("POST", "/_rates", pace=0.02, identify_every=0)
        yield found


@asynccontextmanager
async def ours(at: Server, folder: Path, database: str) -> AsyncIterator[None]:
    """The real bot, with everything it does: on-call is paged as well."""
    org = folder / "org.yaml"
    org.write_text(ORG.format(ana=at.people["ana"], bo=at.people["bo"]))
    settings = environment(
        folder,
        TOCSIN_ORG=str(org),
        DISCORD_TOKEN=at.told["token"],
        DISCORD_GUILD_ID=at.told["guild"],
        DISCORD_API_URL=at.told["api"],
        **({"DATABASE_URL": database} if database else {}),
    )
    async with process("bot", "run", **settings) as made:
        drained = asyncio.get_running_loop().create_task(_drain(made))
        await at.until("/_seen", lambda told: told["sessions"] and told["syncs"], "not connected")
        yield
        drained.cancel()


@asynccontextmanager
async def bare(at: Server) -> AsyncIterator[None]:
    words = (at.told["api"], at.gateway, at.told["token"], at.told["guild"], at.people["ana"])
    async with process("bench.discord_floor", *words):
        await at.until("/_seen", lambda told: any(r["said"] for r in told["rooms"]), "not ready")
        yield


async def _drain(made: asyncio.subprocess.Process) -> None:
    assert made.stdout is not None
    while await made.stdout.readline():
        pass


@dataclass(frozen=True)
class Result:
    """Ratios, with the latency and without; seconds to acknowledge one of twenty at once."""

    far: float
    near: float
    crowd: list[float]


async def turns(ahead: Server, behind: Server, rounds: int, latency: float, kind: str) -> float:
    """Ours and bare in turn; the median of the ratios."""
    for at in (ahead, behind):
        await at.ask("POST", "/_rates", latency=latency)
        await at.room("bo", 0)
    full, floor = [], []
    for number in range(1, rounds + 1):
        full.append(await ahead.room("bo", number))
        floor.append(await behind.room("bo", number))
    ratio = beside(full, floor)
    print(f"{kind}, {latency * 1000:.0f} ms on every call, {rounds} rounds in turn")
    print(shown("  command to war room", full))
    print(shown("  bare discord.py, the same calls", floor))
    print(f"  median of the rounds: {ratio:.2f} times bare")
    return ratio


async def measured(kind: str, rounds: int) -> Result:
    database = fresh_postgres() if kind == "postgres" else ""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(dir=Path.cwd())))
        ahead, behind = [await stack.enter_async_context(server()) for _ in range(2)]
        await stack.enter_async_context(ours(ahead, folder, database))
        await stack.enter_async_context(bare(behind))
        far = await turns(ahead, behind, rounds, LATENCY, kind)
        near = await turns(ahead, behind, max(5, rounds // 3), 0, kind)
        crowd = [s for n in range(3) for s in await ahead.crowd(1000 + n * AT_ONCE)]
        print(shown(f"{kind}: acknowledged, {AT_ONCE} at once", crowd))
        floor = [s for n in range(3) for s in await behind.crowd(1000 + n * AT_ONCE)]
        print(shown("bare discord.py, which records nothing", floor))
    return Result(far, near, crowd)


async def main(rounds: int, kinds: tuple[str, ...] = ("sqlite", "postgres")) -> dict[str, Result]:
    return {kind: await measured(kind, rounds) for kind in kinds}


if __name__ == "__main__":
    asyncio.run(main(7 if "--quick" in sys.argv else 30))
