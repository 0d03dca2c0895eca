"""Private means absent on what changes something too, and behind real signed links and real secret addresses:
byte for byte the answer for what does not exist, and nothing is changed."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest

from bot.app import App
from bot.core.chat.vocabulary import Speaker
from bot.core.incident import IncidentId
from bot.core.links import Grant, Purpose, signed
from bot.core.people import SYSTEM, PersonId
from bot.core.ports.unit_of_work import UnitOfWork
from bot.language.speakers import actor_of
from bot.oncall.feeds import close_feed, open_feed
from tests.handlers.test_absent import MARK, around, installation
from tests.handlers.test_console_files import PNG
from tests.tabs import tab

__all__ = ["installation"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
HIDDEN = (IncidentId(1), IncidentId(3))
MISSING = 99999


@dataclass(frozen=True)
class Sent:
    """One request that would change something. ``name`` is what differs in its address or its answer."""

    path: str
    name: str = ""
    form: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Pair:
    """The same about something private, and about what does not exist."""

    private: Sent
    missing: Sent


def files(app: App, known: Known, who: str) -> Iterator[Pair]:
    for room in known.rooms:
        query = "/files?room={}&name=shot.png&width=640&height=480"
        yield Pair(
            Sent(query.format(room), room, body=PNG),
            Sent(query.format("r-none"), "r-none", body=PNG),
        )


def answers(app: App, known: Known, who: str) -> Iterator[Pair]:
    """Links that the bot has signed for this very person."""
    for page in known.pages:
        found, other = (link(app, number, who) for number in (page, MISSING))
        yield Pair(Sent(found, found), Sent(other, other))


def revoking(app: App, known: Known, who: str) -> Iterator[Pair]:
    """Somebody else's session is one that does not exist."""
    for session in known.sessions:
        yield Pair(
            Sent("/me/sessions", session, (("session", session),)),
            Sent("/me/sessions", "nothing", (("session", "nothing"),)),
        )


def login_links(app: App, known: Known, who: str) -> Iterator[Pair]:
    yield Pair(Sent("/login/link/INC-1", "INC-1"), Sent("/login/link/INC-99999", "INC-99999"))


def nothing(app: App, known: Known, who: str) -> Iterator[Pair]:
    """It is about nobody but oneself."""
    yield from ()


# Every route that changes something, by its pattern; a new one is to be said here.
WALKED = {
    "/files": files,
    "/{purpose}/{token}": answers,
    "/me/sessions": revoking,
    "/login/link/{token}": login_links,
    "/login": nothing,
    "/logout": nothing,
}


@dataclass(frozen=True)
class Known:
    rooms: tuple[str, ...]
    pages: tuple[int, ...]
    sessions: tuple[str, ...]


def link(app: App, page: int, person: str) -> str:
    grant = Grant(Purpose.ACKNOWLEDGE, page, PersonId(person), app.clock.now() + timedelta(hours=1))
    return f"/{grant.purpose}/{signed(app.settings.keys('page links'), grant)}"


async def known(app: App) -> Known:
    def read(uow: UnitOfWork) -> Known:
        rooms = [room.id for number in HIDDEN for room in uow.rooms.of(number)]
        pages = [page.id for number in HIDDEN for page in uow.pages.of(number)]
        sessions = [session.id for session in uow.logins.of(PersonId("bo"))]
        return Known(tuple(rooms), tuple(pages), tuple(map(str, sessions)))

    return await app.memory.read(read)


async def everything(app: App) -> str:
    """What could have been changed of what is private."""

    def read(uow: UnitOfWork) -> str:
        parts = [
            (uow.incidents.get(n, SYSTEM), uow.incidents.members(n), uow.timeline.of(n, SYSTEM),
             [uow.pages.get(p.id) for p in uow.pages.of(n)]) for n in HIDDEN
        ]  # fmt: skip
        return repr(parts)

    return await app.memory.read(read)


@dataclass
class Outsider:
    session: aiohttp.ClientSession
    base: str

    async def sends(self, sent: Sent) -> tuple[int, str, str]:
        data = io.BytesIO(sent.body) if sent.body else dict(sent.form)
        origin = {"Origin": self.base}
        asked = self.session.post(
            self.base + sent.path, data=data, headers=origin, allow_redirects=False
        )
        async with asked as answer:
            body = (await answer.read()).decode(errors="replace")
            return answer.status, answer.headers.get("Location", ""), body

    async def gets(self, path: str) -> tuple[int, str, str]:
        async with self.session.get(self.base + path, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("Location", ""), await answer.text()


async def outsider(stack: AsyncExitStack, app: App, who: str, base: str) -> Outsider:
    if who == "nobody":
        return Outsider(await stack.enter_async_context(aiohttp.ClientSession()), base)
    return Outsider((await stack.enter_async_context(tab(app, who))).session, base)


def patterns(app: App, which: int) -> set[str]:
    routes = app.runners[which].app.router.routes()
    return {
        route.resource.canonical
        for route in routes
        if route.resource is not None and route.method not in ("GET", "HEAD", "OPTIONS")
    }


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as made:
        yield made


@pytest.mark.parametrize("who", ["nobody", "mia", "cy"])
async def test_what_changes_something_answers_as_for_what_does_not_exist(
    installation: App, who: str
) -> None:
    walked = 0
    async with tab(installation, "bo"), AsyncExitStack() as stack:
        found, before = await known(installation), await everything(installation)
        assert found.rooms
        assert found.pages
        assert found.sessions
        for which, base in enumerate(
            (installation.settings.internal_url, installation.settings.public_url)
        ):
            there = patterns(installation, which)
            assert there <= set(WALKED), "say how it is walked"
            asking = await outsider(stack, installation, who, base)
            for pair in (p for pattern in there for p in WALKED[pattern](installation, found, who)):
                told, other = await asking.sends(pair.private), await asking.sends(pair.missing)
                assert MARK not in repr(told), (pair.private.path, around(told[2]))
                same = repr(other).replace(pair.missing.name, pair.private.name)
                assert repr(told) == same, pair.private.path
                walked += 1
        assert await everything(installation) == before, "nothing was changed"
    assert walked >= 5


@pytest.mark.parametrize("who", ["mia", "cy"])
async def test_a_signed_link_shows_an_outsider_nothing_either(installation: App, who: str) -> None:
    found = await known(installation)
    async with aiohttp.ClientSession() as session:
        for base in (installation.settings.internal_url, installation.settings.public_url):
            asking = Outsider(session, base)
            for page in found.pages:
                told = await asking.gets(link(installation, page, who))
                assert told == await asking.gets(link(installation, MISSING, who))
                assert MARK not in repr(told)


async def test_whoever_was_paged_still_may(installation: App) -> None:
    """The walk above would prove nothing of links that open to nobody."""
    found = await known(installation)
    async with aiohttp.ClientSession() as session:
        asking = Outsider(session, installation.settings.internal_url)
        statuses = {(await asking.gets(link(installation, page, "bo")))[0] for page in found.pages}
    assert 200 in statuses


async def test_a_calendar_says_nothing_of_it_and_its_address_ends_as_if_it_never_was(
    installation: App,
) -> None:
    mia = Speaker("mia", "mia")

    def opened(uow: UnitOfWork) -> str:
        return open_feed(uow, actor_of(uow, "console", mia), None)

    def closed(uow: UnitOfWork) -> object:
        return close_feed(uow, actor_of(uow, "console", mia), None)

    url = await installation.memory.write(opened)
    async with aiohttp.ClientSession() as session:
        asking = Outsider(session, url.partition("/feeds/")[0])
        path = url.removeprefix(asking.base)
        told = await asking.gets(path)
        assert told[0] == 200
        assert MARK not in told[2]
        assert "INC-" not in told[2]
        await installation.memory.write(closed)
        assert await asking.gets(path) == await asking.gets(f"/feeds/{'x' * 32}.ics")
