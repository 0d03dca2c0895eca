"""Makes the pictures of the documentation: ``make screenshots`` writes docs/images/."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.browser import launched
from tests.house import running
from tests.stories.test_browser import customer, enter, log_in, say

IMAGES = Path("docs/images")


async def main() -> None:
    """A short incident, photographed."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with launched() as browser, running(Path(folder)) as app:
            await _photograph(browser, app.settings.internal_url, app.settings.public_url)


async def _photograph(browser: Browser, internal: str, public: str) -> None:
    bo = await log_in(browser, internal, "bo")
    mia = await log_in(browser, internal, "mia")
    await say(bo, "/incident declare checkout is down sev1 #checkout")
    await enter(bo, "inc-1-checkout-is-down")
    await enter(mia, "inc-1-checkout-is-down")
    card = bo.locator("[data-message]").first
    await card.get_by_role("button", name="Take the lead").click()
    await expect(card).to_contain_text("Bo Chen")
    await say(bo, '/incident update identified "The database is full; freeing space" next 20m')
    await expect(card).to_contain_text("freeing space", timeout=10_000)
    await say(mia, "Orders have been failing since the nightly import, about 40 a minute.")
    await expect(bo.locator("#messages")).to_contain_text("nightly import")
    await say(bo, '/incident task "Move the import to the replica" @cy')
    await _dismiss(bo)
    await bo.screenshot(path=IMAGES / "console.png")
    await say(bo, "/incident publish")
    await bo.locator(".private").last.get_by_role("button", name="Publish").click()
    await customer(browser, public, "A major outage is under way")
    await _shot(browser, public, "statuspage")
    await say(bo, '/incident followup "Alert on disk space" @cy due fri')
    await say(bo, "/incident mitigated")
    await say(bo, "/incident resolved")
    await customer(browser, public, "All systems operational")
    await bo.goto(f"{internal}/incidents/INC-1/postmortem")
    await bo.screenshot(path=IMAGES / "postmortem.png", full_page=True)


async def _dismiss(page: Page) -> None:
    """Private replies are for one person only, and not for the picture."""
    for button in await page.locator(".private button[aria-label*=ismiss]").all():
        await button.click()


async def _shot(browser: Browser, url: str, name: str) -> None:
    page = await browser.new_page(viewport={"width": 1000, "height": 820})
    await page.goto(url)
    await page.screenshot(path=IMAGES / f"{name}.png")
    await page.close()


if __name__ == "__main__":
    asyncio.run(main())
