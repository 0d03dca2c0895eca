"""Logging in and out: links, sessions and their end, and where one goes afterwards."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.core.people import PersonId
from handlers.login.gate import COOKIE, local_path
from handlers.login.notes import Notes
from tests.fakes.clock import FakeClock
from tests.installation import running
from tests.logins import (
    LOGGED_OUT,
    client,
    closed,
    inside,
    link_for,
    logged_in,
    real_org,
    spent,
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


# --- links -----------------------------------------------------------------------------------


async def test_a_link_is_shown_by_get_and_spent_by_post_once(real: App) -> None:
    url = await link_for(real, "ana")
    async with client() as browser, client() as thief:
        for _ in range(3):  # scanners of chats and mails open links too
            async with browser.get(url) as page:
                assert page.status == 200
                assert "Log in as <bdi>Ana</bdi>" in await page.text()
        assert not await inside(real, browser)
        assert await spent(real, browser, url) == 303
        assert await inside(real, browser)

        assert await spent(real, thief, url) == 403, "a replayed link"
        assert not await inside(real, thief)


async def test_of_two_who_spend_a_link_at_once_one_gets_in(real: App) -> None:
    url = await link_for(real, "ana")
    async with client() as one, client() as two:
        both = await asyncio.gather(spent(real, one, url), spent(real, two, url))
    assert sorted(both) == [303, 403]


async def test_a_made_up_link_lets_nobody_in(real: App) -> None:
    async with client() as browser:
        for made_up in ("x", "..%2f..", "a" * 500):
            url = f"{real.settings.internal_url}/login/link/{made_up}"
            assert await spent(real, browser, url) == 403


async def test_the_session_cookie_is_for_this_site_and_no_script(real: App) -> None:
    url = await link_for(real, "ana")
    async with client() as browser:
        headers = {"Origin": real.settings.internal_url}
        async with browser.post(url, headers=headers, allow_redirects=False) as answer:
            cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Max-Age=604800" in cookie


# --- the end of a session --------------------------------------------------------------------


async def test_a_stolen_session_is_of_no_use_after_its_revocation(real: App) -> None:
    base = real.settings.internal_url
    origin = {"Origin": base}
    async with client() as owner, client() as first, client() as thief:
        await logged_in(real, owner)
        await logged_in(real, first)
        stolen = {"Cookie": f"{COOKIE}={token(first)}"}
        assert await inside(real, thief, **stolen)
        socket = await thief.ws_connect(f"{base}/ws", headers={**stolen, **origin})
        await socket.send_json({"t": "hello"})
        assert json.loads((await socket.receive()).data)["t"] == "welcome"

        data = {"session": "others"}
        async with owner.post(f"{base}/me/sessions", data=data, headers=origin) as answer:
            assert answer.status == 200

        assert await closed(socket) == LOGGED_OUT, "its open page is cut off"
        for path in ("/", "/me/sessions", "/incidents/INC-1"):
            assert not await inside(real, thief, path, **stolen)
        again = await thief.ws_connect(f"{base}/ws", headers={**stolen, **origin})
        assert await closed(again) == LOGGED_OUT
        assert await inside(real, owner)


async def test_nobody_ends_the_session_of_another(real: App) -> None:
    base = real.settings.internal_url
    async with client() as ana, client() as bo:
        await logged_in(real, ana)
        await logged_in(real, bo, "bo")
        hers = await real.memory.read(lambda uow: uow.logins.of(PersonId("ana")))
        data = {"session": hers[0].id}
        async with bo.post(f"{base}/me/sessions", data=data, headers={"Origin": base}) as answer:
            assert answer.status == 200
        assert await inside(real, ana)


async def test_logging_out_ends_the_session_and_not_only_the_cookie(real: App) -> None:
    base = real.settings.internal_url
    async with client() as browser:
        await logged_in(real, browser)
        kept = token(browser)
        async with browser.post(f"{base}/logout", headers={"Origin": base}) as answer:
            assert answer.status == 200
        assert not await inside(real, browser, Cookie=f"{COOKIE}={kept}")


async def test_a_session_ends_when_its_person_leaves_the_organisation(tmp_path: Path) -> None:
    org = real_org(tmp_path)
    whole = org.read_text()
    async with client() as browser:
        async with running(tmp_path, TOCSIN_ORG=str(org)) as app:
            await logged_in(app, browser, "bo")
            kept = token(browser)
        gone = "\n".join(line for line in whole.splitlines() if not line.startswith("  bo:"))
        org.write_text(gone.replace("bo", "ana").replace("[ana, ana]", "[ana]"))
        async with running(tmp_path, TOCSIN_ORG=str(org)) as app:
            assert not await inside(app, browser, Cookie=f"{COOKIE}={kept}")


async def test_a_database_of_hashes_lets_nobody_in(real: App) -> None:
    async with client() as browser, client() as thief:
        await logged_in(real, browser)
        (kept,) = await real.memory.read(lambda uow: uow.logins.of(PersonId("ana")))
        assert not await inside(real, thief, Cookie=f"{COOKIE}={kept.id}")


# --- where one goes afterwards ---------------------------------------------------------------

PATHS = [
    ("/incidents/INC-1?x=1", "/incidents/INC-1?x=1"),
    ("/#/room/message", "/#/room/message"),
    ("//evil.example", "/"),
    ("/\\evil.example", "/"),
    ("https://evil.example", "/"),
    ("/a\r\nSet-Cookie: x", "/"),
    ("", "/"),
]


@pytest.mark.parametrize(("asked", "goes"), PATHS)
def test_after_logging_in_one_goes_to_a_page_of_ours(asked: str, goes: str) -> None:
    assert local_path(asked) == goes


async def test_who_is_not_logged_in_is_brought_back_to_where_they_wanted(trial: App) -> None:
    base = trial.settings.internal_url
    async with client() as browser:
        url = f"{base}/incidents/INC-1"
        async with browser.get(url, allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/login?next=/incidents/INC-1"
        sent = {"person": "ana", "next": "//evil.example"}
        async with browser.post(
            f"{base}/login", data=sent, headers={"Origin": base}, allow_redirects=False
        ) as answer:
            assert answer.headers["Location"] == "/"


def test_a_note_comes_back_as_it_was_or_not_at_all() -> None:
    clock = FakeClock()
    notes = Notes((b"k" * 32, b"o" * 32))
    note = notes.signed({"state": "s"}, clock.now() + timedelta(minutes=1))
    read = notes.read(note, clock.now())
    assert read is not None
    assert read["state"] == "s"
    assert Notes((b"n" * 32, b"k" * 32)).read(note, clock.now()), "a rotated key still verifies"
    assert Notes((b"x" * 32,)).read(note, clock.now()) is None
    assert notes.read(note.replace(".", "x.", 1), clock.now()) is None
    assert notes.read("é.é", clock.now()) is None
    clock.passes(seconds=61)
    assert notes.read(note, clock.now()) is None
