"""A whole running Tocsin with its doors, in this process, for tests that need HTTP or a browser."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot import app as root
from bot.app import App
from bot.clock import SystemClock
from bot.domain.organisation import Organisation
from bot.settings import load_settings
from tests.organisations import steady


async def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait for a condition, with a deadline. Leaves the loop and the processor to whatever is to bring it about."""
    clock = SystemClock()
    async with asyncio.timeout(seconds):
        while not condition():
            await clock.wait(asyncio.Event(), clock.now() + timedelta(milliseconds=5))


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Settings for a Tocsin that keeps everything in ``folder`` and listens on free ports."""
    return {
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/tocsin.db",
        "TOCSIN_BIND": f"127.0.0.1:{free_port()}",
        "TOCSIN_PUBLIC_BIND": f"127.0.0.1:{free_port()}",
        "TOCSIN_SECRET": "0123456789abcdef0123456789abcdef",
        **more,
    }


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
