"""Finds a Chromium for the tests that drive one, and starts it. Only Playwright is known here."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

# Headless, as root, and without a word to the outside.
LAUNCH_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_PLAYWRIGHTS_OWN = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


@functools.cache
def chromium_path() -> str | None:
    """The Chromium to drive: one on the PATH, else the one that Playwright fetched, else None."""
    on_path = (shutil.which(name) for name in NAMES)
    return next((path for path in on_path if path), None) or _fetched_by_playwright()


def browser_required() -> bool:
    """Whether a missing browser is a failure: skipping would hide it where it must be there."""
    return os.environ.get("TOCSIN_REQUIRE_BROWSER") == "1"


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """A headless Chromium, closed at the end."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium_path(), args=list(LAUNCH_ARGS)
        )
        try:
            yield browser
        finally:
            await browser.close()


def _fetched_by_playwright() -> str | None:
    # In a process of its own: Playwright's synchronous side refuses to run inside an event loop.
    asked = subprocess.run(
        [sys.executable, "-c", _PLAYWRIGHTS_OWN], capture_output=True, text=True, check=False
    )
    path = asked.stdout.strip()
    return path if path and Path(path).exists() and _starts(path) else None


def _starts(path: str) -> bool:
    # Playwright's download brings no system libraries; without them it is no browser.
    return subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    print(chromium_path() or "no Chromium found")
    sys.exit(chromium_path() is None)
