"""Logging in over HTTP, for tests: browsers without a browser's care, links, and who is inside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.accounts.logins import make_link
from bot.app import App
from bot.core.people import PersonId
from handlers.login.gate import COOKIE
from tests.process.bot_process import ORG

LOGGED_OUT = 4401


def real_org(folder: Path) -> Path:
    """The file of an organisation that is no sample."""
    org = folder / "org.yaml"
    org.write_text(ORG.replace("chat: {rooms: [outlive]}\n", "").replace("outlive", "slack"))
    return org


@asynccontextmanager
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    """A browser's cookies, without a browser's care."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


async def link_for(app: App, person: str) -> str:
    made = await app.memory.write(lambda uow: make_link(uow, PersonId(person)))
    return made.url


async def spent(app: App, session: aiohttp.ClientSession, url: str) -> int:
    headers = {"Origin": app.settings.internal_url}
    async with session.post(url, headers=headers, allow_redirects=False) as answer:
        return answer.status


async def inside(app: App, session: aiohttp.ClientSession, path: str = "/", **headers: str) -> bool:
    url = app.settings.internal_url + path
    async with session.get(url, headers=headers, allow_redirects=False) as answer:
        return answer.status == 200


async def logged_in(app: App, session: aiohttp.ClientSession, person: str = "ana") -> None:
    assert await spent(app, session, await link_for(app, person)) == 303


def token(session: aiohttp.ClientSession) -> str:
    return next(cookie.value for cookie in session.cookie_jar if cookie.key == COOKIE)


async def closed(socket: aiohttp.ClientWebSocketResponse) -> int:
    """The code with which the server closes it."""
    async with asyncio.timeout(5):
        while (message := await socket.receive()).type is not aiohttp.WSMsgType.CLOSE:
            assert message.type is aiohttp.WSMsgType.TEXT, message
    return int(message.data)


async def chosen(app: App, session: aiohttp.ClientSession, **headers: str) -> int:
    url = f"{app.settings.internal_url}/login"
    sent = {"Origin": app.settings.internal_url, **headers}
    async with session.post(
        url, data={"person": "ana"}, headers=sent, allow_redirects=False
    ) as answer:
        return answer.status
