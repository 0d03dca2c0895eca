"""The unmodified discord.py, pointed at the fake: what its tests and the yardstick speak through."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


@contextmanager
def pointed_at(api: str, gateway: str) -> Iterator[None]:
    """discord.py keeps its addresses in two classes; they are put back at the end."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api, yarl.URL(gateway)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


class Heard(discord.Client):
    """Keeps what it hears."""

    def __init__(self, intents: discord.Intents) -> None:
        super().__init__(intents=intents, max_ratelimit_timeout=30, guild_ready_timeout=0.05)
        self.heard: list[tuple[str, object]] = []
        self.tree = discord.app_commands.CommandTree(self)

    def dispatch(self, event: str, /, *args: object, **kwargs: object) -> None:
        self.heard.append((event, args[0] if args else None))
        super().dispatch(event, *args, **kwargs)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Its own waits five seconds; a test tells the platform not to mind."""

    def names(self) -> list[str]:
        return [name for name, _ in self.heard]


@asynccontextmanager
async def connected(
    api: str, gateway: str, token: str, intents: discord.Intents | None = None
) -> AsyncIterator[Heard]:
    """Logged in, identified and ready."""
    loop = asyncio.get_running_loop()
    client = Heard(intents or discord.Intents.all())
    tasks: list[asyncio.Task[None]] = []
    with pointed_at(api, gateway):
        try:
            await client.login(token)
            tasks = [
                loop.create_task(client.connect()),
                loop.create_task(client.wait_until_ready()),
            ]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if tasks[0].done():
                tasks[0].result()
            yield client
        finally:
            await client.close()
            for task in tasks[1:]:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks)
