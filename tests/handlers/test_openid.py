"""OpenID Connect against a provider on loopback: who comes in, and which forgeries do not."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.app import App
from tests.installation import running

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the provider uses what its own libraries call deprecated
    from oidc_provider_mock import User, run_server_in_thread

# The provider runs in this process, and its own use of its libraries is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

ORG = """\
organisation: Acme
people:
  ana: {name: Ana, email: ana@acme.example}
  bo: {name: Bo, identities: {openid: subject-of-bo}}
catch_all: {notify: [person:ana]}
"""
VERIFIED = {"email": "Ana@acme.example", "email_verified": True}
PEOPLE = (
    User(sub="a", claims=VERIFIED),
    User(sub="unverified", claims={"email": "ana@acme.example"}),
    User(sub="subject-of-bo", claims={}),
    User(sub="stranger", claims={"email": "x@acme.example", "email_verified": True}),
)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with run_server_in_thread(user_claims=PEOPLE, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
async def installation(tmp_path: Path, issuer: str) -> AsyncIterator[App]:
    org = tmp_path / "org.yaml"
    org.write_text(ORG)
    more = {"TOCSIN_ORG": str(org), "TOCSIN_OPENID_ISSUER": issuer, "TOCSIN_OPENID_CLIENT": "us"}
    async with running(tmp_path, **more, TOCSIN_OPENID_SECRET="not-so-secret") as app:
        yield app


@asynccontextmanager
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


async def sent_away(app: App, browser: aiohttp.ClientSession) -> str:
    """Where the provider is asked."""
    url = f"{app.settings.internal_url}/login/openid?next=/incidents/INC-1"
    async with browser.get(url, allow_redirects=False) as answer:
        assert answer.status == 303
        return answer.headers["Location"]


async def sent_back(browser: aiohttp.ClientSession, there: str, who: str) -> str:
    """Where the provider sends the browser, once somebody said there who they are."""
    async with browser.post(there, data={"sub": who}, allow_redirects=False) as answer:
        assert answer.status == 302, await answer.text()
        return answer.headers["Location"]


async def came_in(app: App, browser: aiohttp.ClientSession) -> bool:
    url = f"{app.settings.internal_url}/me/sessions"
    async with browser.get(url, allow_redirects=False) as answer:
        return answer.status == 200


@pytest.mark.parametrize(("who", "comes"), [("a", "Ana"), ("subject-of-bo", "Bo")])
async def test_whom_the_organisation_file_knows_comes_in(
    installation: App, who: str, comes: str
) -> None:
    async with client() as browser:
        back = await sent_back(browser, await sent_away(installation, browser), who)
        async with browser.get(back) as answer:
            assert answer.status == 200
            assert "url=/incidents/INC-1" in await answer.text()
            assert "SameSite=Strict" in answer.headers["Set-Cookie"]
        async with browser.get(f"{installation.settings.internal_url}/me/sessions") as page:
            assert comes in await page.text()


@pytest.mark.parametrize("who", ["unverified", "stranger", "a@evil.example"])
async def test_whom_it_does_not_know_stays_outside(installation: App, who: str) -> None:
    async with client() as browser:
        back = await sent_back(browser, await sent_away(installation, browser), who)
        async with browser.get(back) as answer:
            assert answer.status == 403
            assert "organisation file" in await answer.text()
        assert not await came_in(installation, browser)


async def test_a_log_in_begun_elsewhere_is_not_finished_here(installation: App) -> None:
    """An attacker who sends somebody their own way back would log them in as the attacker."""
    async with client() as attacker, client() as victim:
        back = await sent_back(attacker, await sent_away(installation, attacker), "a")
        async with victim.get(back) as answer:
            assert answer.status == 403
        await sent_away(installation, victim)
        async with victim.get(back) as answer:
            assert answer.status == 403, "nor with a state of their own"
        assert not await came_in(installation, victim)


async def test_a_code_is_good_once_and_for_its_own_browser(installation: App) -> None:
    async with client() as browser, client() as other:
        back = await sent_back(browser, await sent_away(installation, browser), "a")
        code = parse_qs(urlsplit(back).query)["code"][0]
        state = parse_qs(urlsplit(await sent_away(installation, other)).query)["state"][0]
        stolen = f"{installation.settings.internal_url}/login/openid/back?code={code}&state={state}"
        async with other.get(stolen) as answer:
            assert answer.status == 403, "its nonce and its verifier are another's"
        assert not await came_in(installation, other)


async def test_a_provider_that_is_away_is_said_and_lets_nobody_in(tmp_path: Path) -> None:
    org = tmp_path / "org.yaml"
    org.write_text(ORG)
    more = {"TOCSIN_OPENID_ISSUER": "http://localhost:9", "TOCSIN_OPENID_CLIENT": "us"}
    async with (
        running(tmp_path, TOCSIN_ORG=str(org), **more) as app,
        client() as browser,
        browser.get(f"{app.settings.internal_url}/login/openid") as answer,
    ):
        assert answer.status == 403
        assert "could not be asked" in await answer.text()
