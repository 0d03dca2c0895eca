"""How soon the console shows something useful when there are 1,000 rooms, and what it weighs.

    .venv/bin/python -m bench.console [--quick]

A real browser on loopback. *Useful* is the frame in which the rooms, the name of the room and its messages are
on the page, counted from the start of the navigation. It is measured in a browser that was here before (again), in the
same with its cache emptied (emptied), and in a new profile, whose own start is part of it (first). In turn such a
browser opens a page of a few lines (bare: the one that asks who one is). How busy the machine was is printed, since
figures taken on a busy machine are not the console's.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from playwright.async_api import Browser, Page

from bench._measure import deployment, percentile
from bot.core.chat.console import ConsoleRoom, RoomKind
from bot.core.people import PersonId
from bot.core.ports.unit_of_work import UnitOfWork
from tests.browser import launched
from tests.installation import running
from tests.stories.test_browser import log_in

ROOMS = 1_000
MESSAGES = 200

_USEFUL = """() => new Promise((done) => {
  const there = () => document.querySelectorAll("#rooms [data-room]").length >= 25
    && document.querySelector("#room-name").textContent !== ""
    && document.querySelectorAll("#messages [data-message]").length >= 20;
  const look = () => there() ? requestAnimationFrame(() => done(performance.now())) : setTimeout(look, 1);
  look();
})"""
_DRAWN = """() => new Promise((done) => {
  const there = () => document.readyState !== "loading" && document.querySelector("h1, h2, button") !== null;
  const look = () => there() ? requestAnimationFrame(() => done(performance.now())) : setTimeout(look, 1);
  look();
})"""
_WEIGHT = """() => performance.getEntries().filter((e) => e.transferSize)
  .reduce((sum, e) => sum + e.transferSize, 0)"""
_ELSEWHERE = """() => performance.getEntriesByType("resource").map((e) => new URL(e.name).origin)
  .filter((origin) => origin !== location.origin)"""


def _fill(uow: UnitOfWork) -> None:
    for n in range(ROOMS):
        uow.console.make_room(ConsoleRoom("", f"inc-{n}-something-broke", RoomKind.WAR, "SEV3"))
    room = uow.console.room_named("incidents")
    assert room is not None
    for n in range(MESSAGES):
        uow.console.post(room.id, PersonId("mia"), f"what was seen at step {n}", f"bench:{n}")


async def main(rounds: int) -> dict[str, float]:
    """Prints medians; returns ``again``, ``emptied`` and ``first``, the lower quartiles in milliseconds (what a machine that
    is busy with something else adds is not the console's), ``beside_bare``, ``weight``, the bytes that travelled, and
    ``elsewhere``, the number of files that came from another origin."""
    with TemporaryDirectory() as folder:
        async with launched() as browser, running(Path(folder)) as app:
            await app.memory.write(_fill)
            return await _measured(browser, app.settings.internal_url, rounds)


async def _measured(browser: Browser, url: str, rounds: int) -> dict[str, float]:
    page = await log_in(browser, url, "bo")
    await page.evaluate(_USEFUL)
    weight = float(await page.evaluate(_WEIGHT))
    elsewhere = len(await page.evaluate(_ELSEWHERE))
    cookies = [dict(cookie) for cookie in await page.context.cookies()]
    again, emptied, first, bare = [], [], [], []
    with deployment():
        for _ in range(rounds):
            again.append(await _again(page))
            emptied.append(await _emptied(page, url))
            first.append(await _opened(browser, url, cookies, _USEFUL))
            bare.append(await _opened(browser, f"{url}/login", [], _DRAWN))
    rows = (("again", again), ("emptied", emptied), ("first", first), ("bare", bare))
    for name, found in rows:
        print(f"console, {ROOMS:,} rooms, {name}: useful after {median(found):.0f} ms (median of {rounds}, "
              f"{min(found):.0f} to {max(found):.0f})")  # fmt: skip
    print(f"console: {weight / 1000:.0f} kB over the wire in all, {elsewhere} files from elsewhere")
    quick = {"again": percentile(again, 25), "emptied": percentile(emptied, 25),
             "first": percentile(first, 25)}  # fmt: skip
    beside = percentile(first, 25) / percentile(bare, 25)
    print(f"console, first: {beside:.2f} times the bare page (lower quartiles)")
    return {**quick, "beside_bare": beside, "weight": weight, "elsewhere": elsewhere}


async def _opened(browser: Browser, url: str, cookies: list[dict[str, Any]], ready: str) -> float:
    """By a browser that was never here."""
    context = await browser.new_context(viewport={"width": 1280, "height": 860})
    await context.add_cookies(cookies)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(url, wait_until="commit")
    after = float(await page.evaluate(ready))
    await context.close()
    return after


async def _emptied(page: Page, url: str) -> float:
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Network.clearBrowserCache")
    await devtools.detach()
    await page.goto("about:blank")
    await page.goto(url, wait_until="commit")
    return float(await page.evaluate(_USEFUL))


async def _again(page: Page) -> float:
    await page.reload(wait_until="commit")
    return float(await page.evaluate(_USEFUL))


if __name__ == "__main__":
    asyncio.run(main(5 if "--quick" in sys.argv else 15))
