"""A whole running Tocsin with its adapters, in this process, for tests that need HTTP or a browser."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from itertools import count
from pathlib import Path

from bot import app as root
from bot.app import App
from bot.core.chat import replies
from bot.core.chat.vocabulary import Invocation, Reply
from bot.core.organisation import Organisation
from bot.settings.loading import load_settings
from bot.wiring.clock import SystemClock
from tests.organisations import steady


async def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait for a condition, with a deadline. Leaves the loop and the processor to whatever is to bring it about."""
    clock = SystemClock()
    async with asyncio.timeout(seconds):
        while not condition():
            await clock.wait(asyncio.Event(), clock.now() + timedelta(milliseconds=5))


# Below the range from which systems take the ports of outgoing connections, which would come in between; each test
# process begins somewhere else and never gives one twice. Above 10080, to which Chromium does not go.
_PORTS = range(10_100, 32_000)
_next_port = count(secrets.randbelow(len(_PORTS)))


def free_port() -> int:
    """A port of loopback that nobody listens on now; another one at each call."""
    while True:
        port = _PORTS[next(_next_port) % len(_PORTS)]
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Settings for a Tocsin that keeps everything in ``folder`` and listens on free ports."""
    return {
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/tocsin.db",
        "TOCSIN_BIND": f"127.0.0.1:{free_port()}",
        "TOCSIN_PUBLIC_BIND": f"127.0.0.1:{free_port()}",
        "TOCSIN_SECRET": "0123456789abcdef0123456789abcdef",
        **more,
    }


async def outcome(app: App, call: Invocation) -> Reply:
    """Say it to a running Tocsin, and wait for what becomes of it: on a busy machine "not recorded yet" comes first."""
    told: asyncio.Queue[Reply] = asyncio.Queue()
    reply = await app.dispatcher.handle(call, told.put)
    if reply.card != replies.pending():
        return reply
    async with asyncio.timeout(90):
        return await told.get()


@asynccontextmanager
async def running(
    folder: Path, sample: Callable[[], Organisation] = steady, /, **more: str
) -> AsyncIterator[App]:
    """Started, ready, and stopped at the end. Its clock is the machine's: where it matters who is on call, the
    organisation must say so (``steady``, unless TOCSIN_ORG names a file)."""
    app = await root.build(load_settings(environment(folder, **more)), sample)
    try:
        await root.start(app)
        yield app
    finally:
        await root.stop(app)
