"""Every screen by axe's rules for WCAG 2.2 AA, light and dark, on a desktop, on a phone and at 200 %, in a real
browser; and whether anything has to be scrolled sideways."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from tests.gallery import DESKTOP, PHONE, PROVIDER, ZOOMED, Size, walk
from tests.installation import running

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDER = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
# Every screen, counted so that none is skipped unseen.
SCREENS = 28


async def looked_at(page: Page, screen: str, size: Size) -> list[str]:
    """What axe complains of, and how far the page is wider than its window. Colours are the same at every
    size: the dark ones are looked at once."""
    found = []
    for scheme in SCHEMES if size is DESKTOP else SCHEMES[:1]:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        results = await Axe().run(page, options=RULES)
        for rule in results.response["violations"]:
            nodes = "; ".join(n["html"][:120] for n in rule["nodes"][:3])
            found.append(f"{screen}, {scheme}: {rule['id']}: {nodes}")
    if (wider := await page.evaluate(WIDER)) > 0:
        found.append(f"{screen}: {wider} pixels wider than the window")
    return found


@pytest.mark.parametrize("size", [DESKTOP, PHONE, ZOOMED], ids=lambda size: size.name)
@pytest.mark.timeout(300)
async def test_axe_finds_nothing_and_nothing_scrolls_sideways_on_any_screen(
    browser: Browser, tmp_path: Path, size: Size
) -> None:
    async with running(tmp_path, **PROVIDER) as app:
        found, seen = [], 0
        async for name, page in walk(browser, app, size):
            seen += 1
            found += await looked_at(page, name, size)
    assert not found, "\n".join(found)
    assert seen >= SCREENS
