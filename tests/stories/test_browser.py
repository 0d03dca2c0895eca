"""The console in a real browser, as a newcomer meets it: from `/incident` to the draft and the status page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.app import App
from bot.core.incident import IncidentId
from tests.installation import running

pytestmark = pytest.mark.browser

SOON = 10_000


async def log_in(browser: Browser, url: str, person: str) -> Page:
    """A browser of its own for one person, online."""
    context = await browser.new_context(viewport={"width": 1280, "height": 860})
    page = await context.new_page()
    await page.goto(url)
    await page.click(f"button[value={person}]")
    await expect(page.locator('body[data-state="online"]')).to_be_visible(timeout=SOON)
    return page


async def say(page: Page, text: str) -> None:
    """Type a message and send it."""
    await page.fill("#composer", text)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")


async def enter(page: Page, room: str) -> None:
    await page.locator("[data-room]", has_text=room).first.click()
    await expect(page.locator("#room-name")).to_contain_text(room)


async def on_call(app: App) -> str:
    """Whom the first incident's page went to."""
    (page,) = await app.memory.read(lambda uow: uow.pages.of(IncidentId(1)))
    notices = await app.memory.read(lambda uow: uow.pages.notices(page.id))
    return notices[0].person


async def test_declare_and_acknowledge_in_two_browsers(browser: Browser, tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        url = app.settings.internal_url
        bo = await log_in(browser, url, "bo")

        await say(bo, "/incident declare checkout is down sev1 #checkout")
        await expect(bo.locator(".private")).to_contain_text("INC-1 · SEV1 · checkout is down")

        await enter(bo, "inc-1-checkout-is-down")
        card = bo.locator("[data-message]").first
        await expect(card).to_contain_text("Paging")

        other = await log_in(browser, url, await on_call(app))
        await enter(other, "Tocsin")
        await other.get_by_role("button", name="Acknowledge").first.click()
        await expect(card).to_contain_text("acknowledged by", timeout=SOON)

        await enter(other, "incidents")
        await expect(other.locator("#messages")).to_contain_text("INC-1 · SEV1 · checkout is down")


async def test_the_whole_life_of_an_incident_seen_live_by_a_second_browser(
    browser: Browser, tmp_path: Path
) -> None:
    async with running(tmp_path) as app:
        url, public = app.settings.internal_url, app.settings.public_url
        bo, mia = await log_in(browser, url, "bo"), await log_in(browser, url, "mia")
        await say(bo, "/incident declare checkout is down sev1 #checkout")
        for page in (bo, mia):
            await enter(page, "inc-1-checkout-is-down")

        await worked(bo, mia)
        await told(bo, mia, browser, public)
        await written_up(mia, url)


async def worked(bo: Page, mia: Page) -> None:
    """Role, update, task and a captured message; the other browser sees each as it happens."""
    card, seen = (page.locator("[data-message]").first for page in (bo, mia))
    await card.get_by_role("button", name="Take the lead").click()
    await expect(seen).to_contain_text("Bo Chen", timeout=SOON)

    await say(bo, '/incident update identified "The database is full" next 20m')
    await expect(seen).to_contain_text("The database is full", timeout=SOON)
    await expect(seen).to_contain_text("identified")

    await say(bo, '/incident task "Free some space" @cy')
    await expect(seen).to_contain_text("Open tasks", timeout=SOON)

    await say(mia, "the replica is fine")
    message = bo.locator("[data-message]", has_text="the replica is fine")
    await expect(message).to_be_visible(timeout=SOON)
    await message.hover()
    await message.get_by_role("button", name="Put on the timeline").click()
    await expect(bo.locator(".private").last).to_contain_text("Added to the timeline", timeout=SOON)


async def told(bo: Page, mia: Page, browser: Browser, public: str) -> None:
    """Customers read what was published, and that it is over."""
    seen = mia.locator("[data-message]").first
    await say(bo, "/incident publish")
    await bo.locator(".private").last.get_by_role("button", name="Publish").click()
    await expect(seen).to_contain_text("Status page", timeout=SOON)
    await customer(browser, public, "A major outage is under way")

    await say(bo, "/incident resolved")
    await expect(seen).to_contain_text("resolved", timeout=SOON)
    await customer(browser, public, "All systems operational")


async def written_up(mia: Page, url: str) -> None:
    """The manager is sent the draft; its sentences lead to the timeline."""
    await enter(mia, "Tocsin")
    await expect(mia.locator("#messages")).to_contain_text("Postmortem draft", timeout=SOON)
    await mia.goto(f"{url}/incidents/INC-1/postmortem")
    await expect(mia.locator("main")).to_contain_text("the replica is fine")
    await expect(mia.locator("main")).to_contain_text("Why did it happen?")
    await mia.locator(".cite").first.click()
    await expect(mia.locator("main")).to_contain_text("Timeline")


async def customer(browser: Browser, url: str, sentence: str) -> None:
    """Somebody without an account looks at the status page."""
    page = await browser.new_page()
    async with page.expect_response(lambda r: r.ok):
        await page.goto(url)
    for _ in range(50):
        if sentence in await page.locator("h1").inner_text():
            break
        await page.reload()
    await expect(page.locator("h1")).to_contain_text(sentence)
    await page.close()
