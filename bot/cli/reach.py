"""How a request of ``bot.admin`` reaches Tocsin: through the socket of a running bot, or alone with the
database open.

Alone means: take SQLite's lock, do the work, run the jobs that follow from it, leave. On PostgreSQL other
replicas may be at work, which is safe; when none is, that is said.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from bot.cli.shown import say, working

if TYPE_CHECKING:
    from bot.admin.request import Request
    from bot.app import App
    from bot.settings.model import Settings

A = TypeVar("A")
T = TypeVar("T")


class Asking(Protocol):
    async def __call__(self, request: Request[A], /) -> A: ...


@dataclass(frozen=True, slots=True)
class Reach:
    """``settle`` runs what must follow from what was asked, where no running bot does."""

    ask: Asking
    settle: Callable[[], Awaitable[None]]


def reaching(work: Callable[[Reach], Awaitable[T]]) -> T:
    """Run ``work`` with Tocsin in reach, however it is."""
    import asyncio

    async def whole() -> T:
        async with reach() as found:
            return await work(found)

    return asyncio.run(whole())


def ask(request: Request[A]) -> A:
    """One request, and what follows from it where it may change something."""
    from bot.admin.table import verb_of

    async def once(found: Reach) -> A:
        answer = await found.ask(request)
        if verb_of(request).changes:
            await found.settle()
        return answer

    return reaching(once)


@asynccontextmanager
async def reach() -> AsyncIterator[Reach]:
    """Raises ``Taken`` when another process holds the database and answers no socket."""
    from bot.settings.loading import load_settings
    from bot.wiring import logs
    from handlers.control import client

    settings = load_settings()
    logs.configure("error", settings.hidden)
    if await client.answers(settings.socket):

        async def asking(request: Request[A]) -> A:
            return await client.ask(settings.socket, request)

        async def nothing() -> None:
            """The bot does what follows."""

        yield Reach(asking, nothing)
        return
    async with _alone(settings) as found:
        yield found


@asynccontextmanager
async def _alone(settings: Settings) -> AsyncIterator[Reach]:
    import getpass
    from dataclasses import replace

    from bot import admin
    from bot.app import build, stop

    others = await _others(settings)
    app = await build(settings)
    context = replace(app.admin, operator=getpass.getuser())

    async def asking(request: Request[A]) -> A:
        if admin.verb_of(request).needs is admin.Needs.RUNNING_BOT:
            raise admin.Refusal("No bot is running here; tocsin run starts it.")
        return await admin.ask(context, request)

    async def settle() -> None:
        if not others:
            await _drain(app)

    try:
        if app.lock is not None:  # nobody else is at work: every lease is a dead process's
            await app.memory.write(lambda uow: uow.jobs.reap(everything=True))
        yield Reach(asking, settle)
    finally:
        await stop(app)


async def _others(settings: Settings) -> int:
    """How many replicas are at work; on SQLite none can be, or the lock is taken."""
    if settings.database_url.startswith("sqlite"):
        return 0
    from storage.database.replicas import replicas

    alive = await replicas(settings.database_url)
    if not alive:
        say("No replica of Tocsin is alive on this database; its due jobs are run from here.")
    return alive


async def _drain(app: App) -> None:
    """Run what is due and what follows; what is put off until later is for the bot."""
    with working("Running what follows") as status:
        await app.worker.drain(lambda left: status(f"Running what follows: {left} left"))
    due = await app.memory.read(lambda uow: uow.jobs.next_due())
    dead = (await app.memory.read(lambda uow: uow.jobs.state())).dead
    if dead:
        say(f"{dead} jobs were given up; see tocsin jobs.")
    if due is not None:
        say(
            f"No bot is running: what is due later (next at {due:%H:%M:%S} UTC) waits for tocsin run."
        )
