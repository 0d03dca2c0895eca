"""Every screen by axe's rules for WCAG 2.2 AA, light and dark, in a real browser; and what the page weighs."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from bot.ports import ConsoleRoom, UnitOfWork
from handlers.chat.console.pages import STATIC
from tests.house import running
from tests.stories.test_browser import enter, log_in, say

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
HEAVIEST = 100_000
ROOMS = 1_000
PAINT = 300


async def looked_at(page: Page, screen: str) -> list[str]:
    """What axe complains of, light and dark."""
    found = []
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        results = await Axe().run(page, options=RULES)
        for rule in results.response["violations"]:
            nodes = "; ".join(n["html"][:120] for n in rule["nodes"][:3])
            found.append(f"{screen}, {scheme}: {rule['id']}: {nodes}")
    return found


async def test_axe_finds_nothing_on_any_screen(browser: Browser, tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        url, public = app.settings.internal_url, app.settings.public_url
        entrance = await browser.new_page()
        await entrance.goto(url)
        found = await looked_at(entrance, "log-in")
        bo = await log_in(browser, url, "bo")
        await say(bo, "/incident declare checkout is down sev1 #checkout")
        await enter(bo, "inc-1-checkout-is-down")
        await say(bo, "hello @mia, `code` and https://example.com")
        await expect(bo.locator("[data-message]", has_text="hello")).to_be_visible()
        found += await looked_at(bo, "room")
        await bo.keyboard.press("Control+k")
        found += await looked_at(bo, "switcher")
        await bo.keyboard.press("Escape")
        await bo.keyboard.press("Control+/")
        found += await looked_at(bo, "keys")
        await bo.keyboard.press("Escape")
        await say(bo, "/incident update")
        await expect(bo.locator("dialog.form")).to_be_visible()
        found += await looked_at(bo, "form")
        await bo.keyboard.press("Escape")
        for name in ("search", "pins"):
            await bo.click(f"#{name}")
            found += await looked_at(bo, name)
        pages = ("/incidents", "/incidents/INC-1", "/incidents/INC-1/postmortem", "/tasks?all=yes")
        for path in (*pages, "/oncall", "/me/sessions"):
            await bo.goto(url + path)
            found += await looked_at(bo, path)
        await bo.goto(public)
        found += await looked_at(bo, "status page")
    assert not found, "\n".join(found)


async def test_the_page_weighs_little_and_paints_soon_with_a_thousand_rooms(
    browser: Browser, tmp_path: Path
) -> None:
    def rooms(uow: UnitOfWork) -> None:
        for n in range(ROOMS):
            uow.console.make_room(ConsoleRoom("", f"inc-{n}-something-broke", "war", "SEV3"))

    async with running(tmp_path) as app:
        await app.memory.write(rooms)
        page = await log_in(browser, app.settings.internal_url, "bo")
        await expect(page.locator("#room-name")).not_to_be_empty()
        weight = await page.evaluate(
            "performance.getEntries().filter((e) => e.transferSize).reduce((sum, e) => sum + e.transferSize, 0)"
        )
        paints = [await painted(page) for _ in range(7)]
        unpacked = sum(path.stat().st_size for path in STATIC.iterdir())
        print(
            f"\n{weight / 1000:.0f} kB over the wire in all ({unpacked / 1000:.0f} kB of sources); "
            f"rooms on the page {median(paints):.0f} ms after the navigation began, with {ROOMS:,} rooms "
            f"(median of {len(paints)}, {min(paints):.0f} to {max(paints):.0f})"
        )
        assert weight < HEAVIEST


async def painted(page: Page) -> float:
    """Milliseconds from the navigation's start until the rooms and the room's messages are painted."""
    await page.reload(wait_until="commit")
    return float(
        await page.evaluate(
            """() => new Promise((done) => {
              const look = () => document.querySelector("#rooms a") && document.querySelector("#room-name").textContent
                ? requestAnimationFrame(() => done(performance.now())) : setTimeout(look, 1);
              look();
            })"""
        )
    )
