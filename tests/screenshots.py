"""Makes the pictures of the documentation: ``make screenshots`` writes docs/images/."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, FloatRect, Page, expect

from tests.browser import launched
from tests.installation import running
from tests.stories.test_browser import customer, enter, log_in, say

IMAGES = Path("docs/images")
_TOP: FloatRect = {"x": 0, "y": 0, "width": 1280, "height": 420}


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
    await mia.screenshot(path=IMAGES / "console.png")
    await _phone(browser, internal)
    await say(bo, "/incident publish")
    await bo.locator(".private").last.get_by_role("button", name="Publish").click()
    await customer(browser, public, "A major outage is under way")
    await _shot(browser, public, "statuspage")
    await say(bo, '/incident followup "Alert on disk space" @cy due fri')
    await _tracked(bo, internal)
    await say(bo, "/incident mitigated")
    await say(bo, "/incident resolved")
    await customer(browser, public, "All systems operational")
    await bo.goto(f"{internal}/incidents/INC-1/postmortem")
    await bo.screenshot(path=IMAGES / "postmortem.png", full_page=True)


async def _tracked(bo: Page, internal: str) -> None:
    """The list of incidents, with a second one; then back into the room."""
    await say(bo, "/incident declare search is slow sev3 #search")
    await enter(bo, "inc-2-search-is-slow")
    await bo.goto(f"{internal}/incidents")
    await bo.screenshot(path=IMAGES / "tracker.png", clip=_TOP)
    await bo.goto(internal)
    await enter(bo, "inc-1-checkout-is-down")


async def _phone(browser: Browser, internal: str) -> None:
    """The war room on a phone."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
    )
    page = await context.new_page()
    await page.goto(internal)
    await page.click("button[value=ana]")
    await page.click("#menu")
    await page.locator("[data-room]", has_text="inc-1-checkout").first.click()
    await expect(page.locator("#messages")).to_contain_text("nightly import")
    await page.screenshot(path=IMAGES / "phone.png")
    await context.close()


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
