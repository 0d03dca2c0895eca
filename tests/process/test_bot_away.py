"""The page says within seconds that the bot is away, keeps what was typed meanwhile, and says it once."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.installation import environment
from tests.process.test_console_soak import Server
from tests.stories.test_browser import log_in, say

pytestmark = [pytest.mark.browser, pytest.mark.process]

# Milliseconds. A socket that closes is seen at once; a process that hangs, by its silence (wire.js).
CLOSED, SILENT, BACK = 3_000, 20_000, 60_000


async def test_away_within_seconds_whether_killed_or_hanging(
    browser: Browser, tmp_path: Path
) -> None:
    server = Server(tmp_path, environment(tmp_path))
    await server.start()
    try:
        page = await log_in(browser, server.url, "bo")
        notice = page.locator("#away")

        await server.kill()
        await said_to_be_away(notice, CLOSED)
        await say(page, "is anybody there?")
        await server.start()
        await expect(notice).to_be_hidden(timeout=BACK)
        said = page.locator("#messages [data-message]", has_text="is anybody there?")
        await expect(said).to_have_count(1, timeout=BACK)

        assert server.process is not None
        server.process.send_signal(signal.SIGSTOP)
        await said_to_be_away(notice, SILENT)
        server.process.send_signal(signal.SIGCONT)
        await expect(notice).to_be_hidden(timeout=BACK)
        await expect(said).to_have_count(1)
    finally:
        await server.kill()


async def said_to_be_away(notice: Locator, within: float) -> None:
    await expect(notice).to_be_visible(timeout=within)
    await expect(notice).to_contain_text("Connection lost. Reconnecting…")
