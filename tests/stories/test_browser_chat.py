"""Two people in the console, by keyboard: names, threads, edits, deletions, files, badges, drafts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.installation import running
from tests.stories.test_browser import SOON, enter, log_in, say

pytestmark = pytest.mark.browser

PICTURE = Path("docs/images/statuspage.png")


async def test_two_people_talk_without_a_mouse(browser: Browser, tmp_path: Path) -> None:
    async with running(tmp_path) as app:
        url = app.settings.internal_url
        bo, mia = await log_in(browser, url, "bo"), await log_in(browser, url, "mia")
        await named_and_answered(bo, mia)
        await changed_and_taken_back(bo, mia)
        await shown_a_picture(bo, mia)


async def named_and_answered(bo: Page, mia: Page) -> None:
    """A name is completed, a thread opened by its key, and the answer seen by the other."""
    await bo.focus("#composer")
    await bo.keyboard.type("can you look, @mi")
    await expect(bo.locator("#composer-choices")).to_be_visible()
    await bo.keyboard.press("Tab")
    await expect(bo.locator("#composer")).to_have_value("can you look, @Mia Keller ")
    await bo.keyboard.press("Enter")
    message = mia.locator("#messages [data-message]", has_text="can you look")
    await expect(message.locator(".mine")).to_have_text("@Mia Keller", timeout=SOON)
    await message.focus()
    await mia.keyboard.press("t")
    await expect(mia.locator("#thread-composer")).to_be_focused()
    await mia.keyboard.type("on it")
    await mia.keyboard.press("Enter")
    await expect(bo.locator("#messages .replies")).to_have_text("1 reply", timeout=SOON)
    await mia.keyboard.press("Escape")


async def changed_and_taken_back(bo: Page, mia: Page) -> None:
    """The last word is edited by the arrow key, then deleted; a draft outlives a reload."""
    await bo.focus("#composer")
    await bo.keyboard.type("it is DNS")
    await bo.keyboard.press("Enter")
    await expect(mia.locator("#messages")).to_contain_text("it is DNS", timeout=SOON)
    await bo.keyboard.press("ArrowUp")
    await expect(bo.locator(".editor textarea")).to_be_focused()
    await bo.keyboard.type("?")
    await bo.keyboard.press("Enter")
    await expect(mia.locator("#messages")).to_contain_text("it is DNS? (edited)", timeout=SOON)
    await bo.locator("#messages [data-message]", has_text="it is DNS?").focus()
    await bo.keyboard.press("Delete")
    await bo.get_by_role("button", name="Delete").click()
    await expect(mia.locator("#messages")).not_to_contain_text("it is DNS", timeout=SOON)
    await bo.fill("#composer", "half a thought")
    await bo.reload()
    await expect(bo.locator("#composer")).to_have_value("half a thought", timeout=SOON)
    await bo.fill("#composer", "")


async def shown_a_picture(bo: Page, mia: Page) -> None:
    """A picture is brought and seen; who was away finds a badge, also after a reload."""
    await say(bo, "/incident declare checkout is down sev3")
    await enter(mia, "inc-1-checkout-is-down")
    await enter(bo, "incidents")
    await bo.set_input_files("#compose input[type=file]", PICTURE)
    await expect(bo.locator("#compose .tray li")).to_have_text("statuspage.png", timeout=SOON)
    await say(bo, "what customers see, @mia")
    badge = mia.locator("[data-room]", has_text="incidents").locator(".calls")
    await expect(badge).to_be_visible(timeout=SOON)
    await mia.reload()
    await expect(badge).to_be_visible(timeout=SOON)
    await enter(mia, "incidents")
    picture = mia.locator("#messages .picture img")
    await expect(picture).to_be_visible(timeout=SOON)
    assert (
        await picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 1000
    )
    await expect(badge).to_have_count(0)


async def test_a_link_from_another_site_leads_in_although_the_cookie_is_strict(
    browser: Browser, tmp_path: Path
) -> None:
    async with running(tmp_path) as app:
        url = app.settings.internal_url
        page = await log_in(browser, url, "bo")
        elsewhere = app.settings.public_url.replace("127.0.0.1", "localhost")
        await page.goto(elsewhere)
        await page.evaluate("(to) => location.assign(to)", f"{url}/tasks")
        await expect(page.locator("h1")).to_have_text("Tasks", timeout=SOON)
