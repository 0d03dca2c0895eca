"""A walk past every screen that people see in a browser, at one size: for axe, for the eye, for what overflows.

.venv/bin/python -m tests.gallery FOLDER      writes a picture of each, at three sizes, light and dark
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from bot.accounts.logins import make_link
from bot.app import App
from bot.core.incident import IncidentId
from bot.core.links import Grant, Purpose, signed
from bot.core.people import PersonId
from tests.browser import launched
from tests.installation import running
from tests.stories.test_browser import say

SOON = 10_000
PICTURE = Path("docs/images/statuspage.png")
# What a provider would be named; nobody asks it anything here.
PROVIDER = {"TOCSIN_OPENID_ISSUER": "http://127.0.0.1:1", "TOCSIN_OPENID_CLIENT": "us"}


@dataclass(frozen=True)
class Size:
    """``zoom`` is the browser's: at 2 a window has half as many of the page's pixels."""

    name: str
    width: int
    height: int
    zoom: int = 1

    @property
    def narrow(self) -> bool:
        """Rooms are a drawer."""
        return self.width < 760


DESKTOP = Size("desktop", 1280, 860)
PHONE = Size("phone", 390, 844, 2)
ZOOMED = Size("zoomed", 640, 430, 2)
SIZES = (DESKTOP, PHONE, ZOOMED)


async def opened(browser: Browser, size: Size) -> Page:
    context = await browser.new_context(
        viewport={"width": size.width, "height": size.height},
        device_scale_factor=size.zoom,
        reduced_motion="reduce",
    )
    return await context.new_page()


async def entered(page: Page, url: str, person: str) -> None:
    await page.goto(url)
    await page.click(f"button[value={person}]")
    await expect(page.locator('body[data-state="online"]')).to_be_visible(timeout=SOON)


async def go(page: Page, room: str) -> None:
    """By the quick switcher, which is there at every size."""
    await page.keyboard.press("Control+k")
    await page.keyboard.type(room)
    await page.keyboard.press("Enter")
    await expect(page.locator("#room-name")).to_contain_text(room)


async def walk(browser: Browser, app: App, size: Size) -> AsyncIterator[tuple[str, Page]]:
    """Each screen by its name, with the page as it stands there."""
    page = await opened(browser, size)
    async for name in _log_in(page, app):
        yield name, page
    await page.context.clear_cookies()
    await entered(page, app.settings.internal_url, "bo")
    await _incident(page)
    async for name in _chat(page, size):
        yield name, page
    async for name in _pages(page, app):
        yield name, page
    await page.context.close()


async def _log_in(page: Page, app: App) -> AsyncIterator[str]:
    """Logging in, also where it fails."""
    url = app.settings.internal_url
    await page.goto(url)
    yield "log-in"
    made = await app.memory.write(lambda uow: make_link(uow, PersonId("bo")))
    await page.goto(made.url)
    yield "log-in link"
    await page.goto(f"{url}/login/link/nobody-made-this")
    yield "refused"
    if app.settings.openid_issuer:
        await page.goto(f"{url}/login/openid/back?error=access_denied&state=x")
        yield "refused by a provider"


async def _incident(page: Page) -> None:
    """An incident with something in every corner."""
    title = "checkout is down"
    if "inc-1-checkout" not in (await page.locator("#rooms").text_content() or ""):
        await say(page, f"/incident declare {title} sev1 #checkout")
        await expect(page.locator("#rooms")).to_contain_text("inc-1", timeout=SOON)
    await go(page, "inc-1-checkout-is-down")
    await page.locator("#messages article").first.wait_for()
    await say(
        page,
        "hello @Mia Keller, `code` and https://example.com/a/rather/long/address?of=something&that=breaks",
    )
    await say(page, '/incident task "Move the import to the replica" @cy')
    await say(page, '/incident followup "Alert on disk space" @cy due fri')
    await say(page, "/incident publish")
    publish = page.locator(".private").last.get_by_role("button", name="Publish")
    await publish.or_(page.locator(".private", has_text="INC-1 is published")).first.wait_for()
    if await publish.count():
        await publish.click()


async def _chat(page: Page, size: Size) -> AsyncIterator[str]:
    yield "room"
    if size.narrow:
        await page.click("#menu")
        yield "rooms"
        await page.keyboard.press("Escape")
    await page.set_input_files("#compose input[type=file]", PICTURE)
    await expect(page.locator("#compose .tray li")).to_have_text("statuspage.png", timeout=SOON)
    yield "a file before it is sent"
    await say(page, "what customers see")
    await expect(page.locator("#messages .picture img").last).to_be_visible(timeout=SOON)
    yield "a picture"
    for keys, name in (("Control+k", "switcher"), ("Control+/", "keys")):
        await page.keyboard.press(keys)
        yield name
        await page.keyboard.press("Escape")
    await page.fill("#composer", "/incident ")
    await expect(page.locator("#composer-choices")).to_be_visible(timeout=SOON)
    yield "completion"
    for verb in ("update", "declare"):
        await say(page, f"/incident {verb}")
        await expect(page.locator("dialog.form")).to_be_visible(timeout=SOON)
        yield f"form of {verb}"
        await page.keyboard.press("Escape")
    async for name in _panels(page):
        yield name


async def _panels(page: Page) -> AsyncIterator[str]:
    """What opens beside the messages."""
    message = page.locator("#messages [data-message]", has_text="what customers see").last
    await message.focus()
    await page.keyboard.press("Delete")
    await expect(page.locator("#confirm")).to_be_visible()
    yield "confirm"
    await page.keyboard.press("Escape")
    await message.focus()
    await page.keyboard.press("t")
    await expect(page.locator("#thread-composer")).to_be_focused()
    await page.fill("#thread-composer", "an answer")
    await page.keyboard.press("Enter")
    await expect(page.locator("#thread-messages")).to_contain_text("an answer", timeout=SOON)
    yield "thread"
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+Shift+P")
    await expect(page.locator("#results")).to_be_visible()
    yield "pins"
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+Shift+F")
    await page.fill("#search-text", "customers")
    await page.keyboard.press("Enter")
    await expect(page.locator("#results-list")).to_contain_text("what customers", timeout=SOON)
    yield "search"
    await page.keyboard.press("Escape")


async def _pages(page: Page, app: App) -> AsyncIterator[str]:
    """The incident pages, the status page, and the page behind a link that acknowledges."""
    url, public = app.settings.internal_url, app.settings.public_url
    of_it = ("/incidents/INC-1", "/incidents/INC-1/postmortem")
    lists = (
        "/incidents",
        "/incidents?q=nothing+of+the+kind",
        "/tasks",
        "/tasks?all=yes",
        "/oncall",
    )
    for path in (*lists, *of_it, "/incidents/INC-99", "/me/sessions"):
        await page.goto(url + path)
        yield path
    await page.goto(public)
    yield "status page"
    link = page.locator("main a").first
    if await link.count():
        await link.click()
        yield "status page, further"
    pages = await app.memory.read(lambda uow: uow.pages.of(IncidentId(1)))
    until = app.clock.now() + timedelta(hours=1)
    grant = Grant(Purpose.ACKNOWLEDGE, pages[0].id, PersonId("bo"), until)
    await page.goto(
        f"{app.settings.page_links_url}/ack/{signed(app.settings.keys('page links'), grant)}"
    )
    yield "link that acknowledges"
    await page.get_by_role("button").click()
    await expect(page.get_by_role("status")).not_to_be_empty()
    yield "link that acknowledges, pressed"
    await page.goto(f"{app.settings.page_links_url}/ack/nobody-signed-this")
    yield "link: not valid"


async def main(folder: Path) -> None:
    """A picture of each screen."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as kept:
        async with launched() as browser, running(Path(kept), **PROVIDER) as app:
            for size in SIZES:
                number = 0
                async for name, page in walk(browser, app, size):
                    number += 1
                    for scheme in ("light", "dark") if size is DESKTOP else ("light",):
                        await page.emulate_media(color_scheme=scheme)
                        words = "".join(c if c.isalnum() else "-" for c in name)
                        await page.screenshot(
                            path=folder / f"{size.name}-{number:02}-{words}-{scheme}.png"
                        )


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
