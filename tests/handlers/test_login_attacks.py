"""Each attack on logging in: other sites, rebound names, forged forwarding, and choosing where one must not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.app import App
from handlers.login.gate import COOKIE
from tests.installation import running
from tests.logins import (
    chosen,
    client,
    inside,
    link_for,
    logged_in,
    real_org,
    token,
)


@pytest.fixture
async def real(tmp_path: Path) -> AsyncIterator[App]:
    """A real organisation, on loopback."""
    async with running(tmp_path, TOCSIN_ORG=str(real_org(tmp_path))) as app:
        yield app


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[App]:
    """The sample organisation, where a person may be chosen."""
    async with running(tmp_path) as app:
        yield app


# --- choosing --------------------------------------------------------------------------------

FORGED = [
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Forwarded-Host": "localhost"},
    {"X-Forwarded-Proto": "https"},
    {"X-Real-IP": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1;host=localhost"},
    {"Via": "1.1 localhost"},
]


async def test_a_real_organisation_never_lets_a_person_be_chosen(real: App) -> None:
    async with client() as browser:
        assert await chosen(real, browser) == 403
        async with browser.get(f"{real.settings.internal_url}/login") as page:
            assert "Ana" not in await page.text(), "and names nobody to who is outside"


@pytest.mark.parametrize("headers", FORGED, ids=lambda h: next(iter(h)))
async def test_nobody_is_chosen_through_anything_that_forwards(
    trial: App, headers: dict[str, str]
) -> None:
    async with client() as browser:
        assert await chosen(trial, browser, **headers) == 403
        async with browser.get(f"{trial.settings.internal_url}/login", headers=headers) as page:
            assert 'name="person"' not in await page.text()
        assert await chosen(trial, browser) == 303
        assert await inside(trial, browser)
        assert not await inside(trial, browser, **headers), "nor is one who was chosen before"


async def test_who_was_chosen_in_the_sample_is_nobody_in_a_real_organisation(
    tmp_path: Path,
) -> None:
    org = real_org(tmp_path)
    async with client() as browser:
        async with running(tmp_path) as sample:
            assert await chosen(sample, browser) == 303
            kept = token(browser)
        async with running(tmp_path, TOCSIN_ORG=str(org)) as app:
            assert not await inside(app, browser, Cookie=f"{COOKIE}={kept}")


# --- other sites -----------------------------------------------------------------------------


async def test_another_site_posts_nothing_and_opens_no_socket(real: App) -> None:
    base = real.settings.internal_url
    async with client() as browser:
        await logged_in(real, browser)
        for origin in ("http://evil.example", "null", base + ".evil.example", "http://localhost:1"):
            async with browser.post(f"{base}/logout", headers={"Origin": origin}) as answer:
                assert answer.status == 403
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await browser.ws_connect(f"{base}/ws", headers={"Origin": origin})
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await browser.ws_connect(f"{base}/ws")
        async with browser.post(f"{base}/logout") as answer:
            assert answer.status == 403, "a cookie and no origin is no browser of ours"
        assert await inside(real, browser), "the session was not ended by any of it"


REBOUND = [
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.example:80",
    "[",
]


@pytest.mark.parametrize("host", REBOUND)
async def test_a_rebound_name_is_not_answered(trial: App, host: str) -> None:
    async with client() as browser:
        assert await chosen(trial, browser) == 303
        for path in ("/", "/login", "/ws", "/me/sessions", "/metrics"):
            url = trial.settings.internal_url + path
            async with browser.get(url, headers={"Host": host}) as answer:
                assert answer.status in {400, 421}


async def test_a_forged_forwarded_host_does_not_replace_the_real_one(real: App) -> None:
    async with client() as browser:
        url = f"{real.settings.internal_url}/login"
        forged = {"Host": "evil.example", "X-Forwarded-Host": "127.0.0.1"}
        async with browser.get(url, headers=forged) as answer:
            assert answer.status == 421


async def test_a_trusted_proxy_is_believed_on_host_and_scheme(tmp_path: Path) -> None:
    org = real_org(tmp_path)
    more = {
        "TOCSIN_ORG": str(org),
        "TOCSIN_INTERNAL_URL": "https://tocsin.example.com",
        "TOCSIN_TRUSTED_PROXIES": "127.0.0.0/8",
    }
    through = {
        "X-Forwarded-For": "192.0.2.7",
        "X-Forwarded-Proto": "http, https",
        "X-Forwarded-Host": "evil.example, tocsin.example.com",
        "Origin": "https://tocsin.example.com",
    }
    async with running(tmp_path, **more) as app, client() as browser:
        made = (await link_for(app, "ana")).removeprefix("https://tocsin.example.com")
        url = f"{app.settings.bind.url}{made}"
        async with browser.post(url, headers=through, allow_redirects=False) as answer:
            assert answer.status == 303
            cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie
