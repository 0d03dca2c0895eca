"""The console in a real browser, as a newcomer meets it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.app import App
from bot.domain.incident import IncidentId
from tests.house import running

pytestmark = pytest.mark.browser


async def log_in(browser: Browser, url: str, person: str) -> Page:
    """A browser of its own for one person, online."""
    context = await browser.new_context(viewport={"width": 1280, "height": 860})
    page = await context.new_page()
    await page.goto(url)
    await page.click(f"button[value={person}]")
    await expect(page.locator('body[data-state="online"]')).to_be_visible(timeout=10_000)
    return page


async def say(page: Page, text: str) -> None:
    await page.fill("#composer", text)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")


async def enter(page: Page, room: str) -> None:
    await page.locator("[data-room]", has_text=room).first.click()
    await expect(page.locator("#room-name")).to_contain_text(room)


async def test_declare_and_acknowledge_in_two_browsers(browser: Browser, tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        url = app.settings.internal_url
        bo = await log_in(browser, url, "bo")

        await say(bo, "/incident declare checkout is down sev1 #checkout")
        await expect(bo.locator(".private")).to_contain_text("INC-1 · SEV1 · checkout is down")

        await enter(bo, "inc-1-checkout-is-down")
        card = bo.locator("[data-message]").first
        await expect(card).to_contain_text("Paging")

        paged = await on_call(app)
        other = await log_in(browser, url, paged)
        await enter(other, "Tocsin")
        await other.get_by_role("button", name="Acknowledge").first.click()
        await expect(card).to_contain_text("acknowledged by", timeout=10_000)

        await enter(other, "incidents")
        await expect(other.locator("#messages")).to_contain_text("INC-1 · SEV1 · checkout is down")


async def on_call(app: App) -> str:
    """Whom the first incident's page went to."""
    (page,) = await app.memory.read(lambda uow: uow.pages.of(IncidentId(1)))
    notices = await app.memory.read(lambda uow: uow.pages.notices(page.id))
    return notices[0].person
