"""The client for addresses that an operator or a user gave: bounded in time and size, no redirects."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import aiohttp
import structlog

from bot.core.ports.clock import Clock

log = structlog.get_logger()

EVERY = timedelta(seconds=60)
_TIMEOUT = aiohttp.ClientTimeout(total=10)


async def heartbeat(url: str, clock: Clock, alive: Callable[[], bool]) -> None:
    """Call ``url`` once a minute for as long as Tocsin works: silence there is the alarm."""
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
        while True:
            if alive():
                await _beat(session, url)
            await clock.wait(asyncio.Event(), clock.now() + EVERY)


async def _beat(session: aiohttp.ClientSession, url: str) -> None:
    try:
        async with session.get(url, allow_redirects=False) as answer:
            if answer.status >= 400:
                log.warning("heartbeat.refused", status=answer.status)
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("heartbeat.failed", error=type(error).__name__)
