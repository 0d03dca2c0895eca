"""Private means absent on every route too: walked by reflection, for each kind of outsider, no marked byte
comes back, and the answer is byte for byte that for what does not exist."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import pytest_asyncio

from bot.app import App
from bot.core.chat.vocabulary import Invocation, Speaker
from bot.core.incident import IncidentId
from tests.handlers.test_console_files import PNG
from tests.installation import outcome, running
from tests.tabs import Tab, tab

MARK = "zqxj"
# INC-1 is private, INC-2 went into it, and INC-3 was published before it became private.
SAID = (
    "declare {m} payroll leak sev1 #checkout --private", "declare odd mails sev3", "declare {m} third sev2 #checkout",
    'update INC-1 identified "{m} update" next 20m', 'note INC-1 "{m} note"', 'task INC-1 "{m} task" @mia',
    'summary INC-1 "{m} summary"', 'impact INC-1 "{m} impact"', "link INC-1 https://{m}.example/x",
    "publish INC-3 --now", 'followup INC-3 "{m} f" @mia', 'page INC-1 person:bo "{m} page"', "debrief INC-1 fri 14:00",
    "invite INC-1 @cy", "merge INC-2 INC-1", "yes, private INC-3",
)  # fmt: skip
# What a route's parameters may be: of something private, and of what does not exist.
PARAMETERS: dict[str, list[tuple[str, str]]] = {
    "reference": [("INC-1", "INC-99999"), ("INC-3", "INC-99999"), ("inc-1", "inc-99999")],
    "id": [("1", "99999"), ("3", "99999")],
    "format": [("html", "html"), ("md", "md"), ("json", "json")],
    "version": [("0", "0")],
    "secret": [("INC-1", "INC-99999")],
    "purpose": [("ack", "ack"), ("link", "link")],
    "token": [("1", "99999"), ("INC-1", "INC-99999")],
    "file": [("1", "99999")],
    "name": [
        (name, name)
        for name in (
            "summary.json", "status.json", "components.json", "incidents.json", "unresolved.json", "pages.css",
            "incidents/unresolved.json", "scheduled-maintenances.json", "shot.png", "history.atom", "history.rss",
        )
    ],
}  # fmt: skip
ASKED = {
    "/incidents": [{"q": "payroll", "state": "all"}, {"state": "all", "service": "checkout"}, {"status": "merged"}],
    "/tasks": [{"all": "yes"}],
}  # fmt: skip


@dataclass
class Outsider:
    app: App
    session: aiohttp.ClientSession
    tab: Tab | None = None

    async def gets(self, base: str, path: str) -> tuple[int, str, str]:
        async with self.session.get(base + path, allow_redirects=False) as answer:
            body = (await answer.read()).decode(errors="replace")
            return answer.status, answer.headers.get("Location", ""), body


async def say(app: App, text: str) -> None:
    await outcome(app, Invocation("console", text[:60], Speaker("bo", "bo"), text))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def installation(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    async with running(tmp_path_factory.mktemp("absent")) as app:
        for text in SAID:
            await say(app, text.replace("{m}", MARK))
        await settled(app)
        async with tab(app, "bo") as bo:
            room = next(r for r in bo.welcome["rooms"] if r["name"].startswith("inc-1-"))
            status, _ = await bo.brings(PNG, room["id"], f"{MARK}.png")
            assert status == 200
        async with tab(app, "cy"):
            await outcome(
                app, Invocation("console", "cy leaves", Speaker("cy", "cy"), "leave INC-1")
            )
        await settled(app)
        yield app


async def settled(app: App) -> None:
    """Rooms are open, and what became private was withdrawn."""
    async with asyncio.timeout(60):
        while True:
            state = await app.memory.read(lambda uow: uow.jobs.state())
            if not state.leased and not any(state.ready.values()):
                return


pytestmark = pytest.mark.asyncio(loop_scope="module")


def paths(app: App, which: int) -> Iterator[tuple[str, str]]:
    """Every address of a listener that is read: of something private, and of what does not exist."""
    for route in app.runners[which].app.router.routes():
        if route.method != "GET" or route.resource is None:
            continue
        pattern = route.resource.canonical
        found = [(pattern, pattern)]
        for name, values in PARAMETERS.items():
            if "{" + name + "}" in pattern:
                found = [
                    (a.replace("{" + name + "}", private), b.replace("{" + name + "}", missing))
                    for a, b in found
                    for private, missing in values
                ]
        assert "{" not in found[0][0], f"{pattern}: say what its parameters may be"
        yield from found
        for query in ASKED.get(pattern, ()):
            asked = f"{pattern}?{urlencode(query)}"
            yield asked, asked


OUTSIDERS = ("nobody", "mia", "cy")


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_every_route_answers_as_for_what_does_not_exist(installation: App, who: str) -> None:
    async with AsyncExitStack() as stack:
        if who == "nobody":
            session = await stack.enter_async_context(aiohttp.ClientSession())
        else:
            session = (await stack.enter_async_context(tab(installation, who))).session
        outsider = Outsider(installation, session)
        walked = 0
        for which, base in enumerate(
            (installation.settings.internal_url, installation.settings.public_url)
        ):
            for private, missing in paths(installation, which):
                if private == "/ws":
                    continue
                if who == "cy" and "3" in private.partition("INC-")[2]:
                    continue  # cy never was in INC-3 either; its number is walked by mia
                found, other = (
                    await outsider.gets(base, private),
                    await outsider.gets(base, missing),
                )
                assert MARK not in repr(found), (private, around(found[2]))
                assert same(found, other, private, missing), private
                walked += 1
        assert walked > 40


def around(body: str) -> str:
    at = body.find(MARK)
    return body[max(0, at - 300) : at + 100]


def same(found: Any, other: Any, private: str, missing: str) -> bool:
    """Byte for byte, what was asked for apart; counters and moments move between two askings of one."""
    if private == missing:
        return bool(found[0] == other[0])
    before, _, after = missing.partition("99999")
    number = private.removeprefix(before).removesuffix(after)
    return repr(other).replace("99999", number) == repr(found)


@pytest.mark.parametrize("who", ["mia", "cy"])
async def test_the_consoles_wire_gives_nothing_away(installation: App, who: str) -> None:
    private = [
        room.id for room in await installation.memory.read(lambda uow: uow.rooms.of(IncidentId(1)))
    ]
    async with tab(installation, who) as outsider:
        assert MARK not in repr(outsider.welcome), [
            r for r in outsider.welcome["rooms"] if MARK in repr(r)
        ]
        assert MARK not in repr(await outsider.asks(t="search", text=MARK))
        (room,) = private
        found = await outsider.asks(t="history", room=room, before=10_000)
        other = await outsider.asks(t="history", room="r-none", before=10_000)
        assert {**found, "id": ""} == {**other, "id": ""}
