"""Many browsers' worth of the console's own code, a steady talk, and a server that is killed without
warning: each ends with the same messages in the same order, none missing, none twice.

The clients are the page's own modules (static/wire.js, static/store.js), many of them in a few pages.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Page

from tests.installation import environment
from tests.stories.test_browser import log_in

pytestmark = [pytest.mark.browser, pytest.mark.process]

PEOPLE = ("ana", "bo", "cy", "mia")
# Milliseconds between two messages of one person: twenty a second in all.
EVERY = 200

CLIENTS = """async ({ base, count, socket }) => {
  const { Store } = await import(`${base}store.js`);
  const { Wire } = await import(`${base}wire.js`);
  window.clients = Array.from({ length: count }, () => {
    const store = new Store();
    const handlers = {
      welcome: (frame) => store.welcome(frame),
      room: ({ room }) => store.takeRoom(room),
      message: ({ message }) => store.takeMessage(message),
      synced: () => store.sync(),
    };
    const client = { store, state: "", lost: 0 };
    client.wire = new Wire(socket, {
      since: () => store.since(),
      receive: (frame) => handlers[frame.t]?.(frame),
      state: (name) => { client.lost += name === "away"; client.state = name; },
    });
    client.wire.start();
    return client;
  });
}"""
READY = "() => window.clients.every((client) => client.state === 'online')"
TALK = """({ who, every, seconds }) => {
  const room = [...clients[0].store.rooms.values()].find((one) => one.name === "incidents").id;
  for (const client of clients) client.store.log(room).page([], false);
  Object.assign(window, { room, said: 0, heard: 0 });
  const began = performance.now();
  // By the clock and not by the timer, which comes late on a busy machine: what is due is said.
  const timer = setInterval(() => {
    const due = Math.floor(Math.min(performance.now() - began, seconds * 1000) / every);
    while (said < due) {
      const text = `${who} ${(said += 1)}`;
      clients[said % clients.length].wire.request({ t: "say", room, text }).then(() => (heard += 1));
    }
    if (performance.now() - began >= seconds * 1000) { clearInterval(timer); window.over = true; }
  }, every / 4);
}"""
DONE = "() => window.over === true && heard === said && window.clients.every((c) => c.state === 'online')"
SEEN = """() => ({
  said, lost: clients.map((client) => client.lost),
  lists: clients.map(({ store }) => store.log(room).top().map((message) => message.text)),
})"""


@dataclass
class Server:
    """The real bot as a process, in the sample organisation."""

    folder: Path
    settings: dict[str, str]
    process: asyncio.subprocess.Process | None = field(default=None)

    @property
    def url(self) -> str:
        return f"http://{self.settings['TOCSIN_BIND']}"

    async def start(self) -> None:
        with (self.folder / "bot.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", stdout=log, stderr=log,
                env={**os.environ, **self.settings},
            )  # fmt: skip
        async with aiohttp.ClientSession() as session, asyncio.timeout(150):
            while not await self._answers(session):
                assert self.process.returncode is None, (self.folder / "bot.log").read_text()[
                    -2000:
                ]
                await asyncio.sleep(0.05)  # noqa: TID251 - polls another process

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"{self.url}/healthz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def kill(self) -> None:
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


async def clients(browser: Browser, server: Server, person: str, count: int) -> Page:
    """A page of one person with ``count`` clients in it."""
    page = await log_in(browser, server.url, person)
    found = re.search(r"(/static/console/\w+/)", await page.content())
    assert found is not None
    socket = server.url.replace("http", "ws") + "/ws"
    await page.evaluate(CLIENTS, {"base": found[1], "count": count, "socket": socket})
    await page.wait_for_function(READY, timeout=60_000)
    return page


async def soak(browser: Browser, folder: Path, count: int, seconds: int, kills: int) -> None:
    server = Server(folder, environment(folder))
    await server.start()
    try:
        pages = [await clients(browser, server, who, count // len(PEOPLE)) for who in PEOPLE]
        for who, page in zip(PEOPLE, pages, strict=True):
            await page.evaluate(TALK, {"who": who, "every": EVERY, "seconds": seconds})
        began = time.monotonic()
        for _ in range(kills):
            await asyncio.sleep(seconds / (kills + 1))  # noqa: TID251 - the talk goes on meanwhile
            await server.kill()
            await server.start()
        for page in pages:
            await page.wait_for_function(DONE, timeout=120_000, polling=200)
        seen = await settled(pages)
        assert sum(each["said"] for each in seen) == seconds * 1000 // EVERY * len(PEOPLE)
        judge(seen, kills, seconds, time.monotonic() - began)
    finally:
        await server.kill()


async def settled(pages: list[Page]) -> list[dict[str, Any]]:
    """What each page has, once nothing more comes."""
    async with asyncio.timeout(60):
        while True:
            seen = [await page.evaluate(SEEN) for page in pages]
            said = sum(each["said"] for each in seen)
            if all(len(texts) >= said for each in seen for texts in each["lists"]):
                return seen
            await asyncio.sleep(0.2)  # noqa: TID251 - polls the pages


def judge(seen: list[dict[str, Any]], kills: int, talked: int, took: float) -> None:
    said = {f"{who} {n}" for who, each in zip(PEOPLE, seen, strict=True) for n in range(1, each["said"] + 1)}  # fmt: skip
    lists = [texts for each in seen for texts in each["lists"]]
    first = lists[0]
    assert len(first) == len(set(first)), "none twice"
    assert set(first) == said, "none missing"
    assert all(texts == first for texts in lists), "the same order everywhere"
    lost = [count for each in seen for count in each["lost"]]
    assert min(lost) >= kills, "every client lost its server each time"
    print(f"\n{len(lists)} clients, {len(said)} messages in {talked} s ({len(said) / talked:.0f} a second), the "
          f"server killed {kills} times: the same {len(first)} in the same order in each, none twice, "
          f"{took:.0f} s until all had all")  # fmt: skip


async def test_a_few_clients_miss_nothing_when_the_server_is_killed(
    browser: Browser, tmp_path: Path
) -> None:
    await soak(browser, tmp_path, count=8, seconds=6, kills=1)


@pytest.mark.soak
@pytest.mark.timeout(600)
async def test_fifty_clients_and_twenty_messages_a_second_with_the_server_killed_twice(
    browser: Browser, tmp_path: Path
) -> None:
    await soak(browser, tmp_path, count=52, seconds=120, kills=2)
