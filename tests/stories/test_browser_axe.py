"""Every screen by axe's rules for WCAG 2.2 AA, light and dark, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.house import running
from tests.stories.test_browser import enter, log_in, say

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


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
