"""The gateway session: led by one replica, resumed after a drop, begun anew when it cannot be."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import discord
import structlog
import yarl
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket

from bot.core.chat.vocabulary import News, PlatformDegraded, PlatformRecovered, Refused, Retry
from bot.core.ports.clock import Clock
from bot.core.ports.unit_of_work import Memory
from handlers.chat.discord.api.calls import LONGEST_WAIT, Api, tracing
from handlers.chat.discord.api.refusals import ERRORS, AccessLost
from handlers.chat.discord.config import Config
from handlers.chat.discord.listening.listeners import Listener
from handlers.chat.discord.listening.messages import MessageListener
from handlers.chat.discord.rendering.markdown import NAME
from handlers.chat.discord.rendering.menus import Payload, digest

log = structlog.get_logger()

_AGAIN = timedelta(seconds=2)
_WATCH = timedelta(seconds=2)
# The longest wait between two attempts to connect, in seconds.
LONGEST_PAUSE = 3.0
# When resuming has failed for so long, a new session begins.
_TIMEOUT = timedelta(seconds=30)
_TAKEN_OVER = 4000
_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"


class CappedBackoff(ExponentialBackoff[Literal[False]]):
    """discord.py waits ever longer after each drop, up to a quarter of an hour, and forgets none for half
    an hour. Nobody is heard meanwhile, and a session can be resumed for a short while only."""

    def delay(self) -> float:
        return min(super().delay(), LONGEST_PAUSE)


discord.client.ExponentialBackoff = CappedBackoff  # type: ignore[assignment,attr-defined]  # connect() makes its own


@dataclass(slots=True)
class EventRouter:
    """Who hears what a client is told; empty until Tocsin runs."""

    listener: Listener | None = None
    message_listener: MessageListener | None = None
    down_since: datetime | None = None
    now: Callable[[], datetime] | None = None


class Client(discord.Client):
    """discord.py's own, with its events led to our listeners."""

    def __init__(self, router: EventRouter, intents: discord.Intents) -> None:
        super().__init__(
            intents=intents,
            max_messages=None,
            max_ratelimit_timeout=LONGEST_WAIT,
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=tracing(),
            heartbeat_timeout=30.0,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0.0,
        )
        self.router = router

    async def on_interaction(self, found: discord.Interaction) -> None:
        if self.router.listener is not None:
            await self.router.listener.interaction(found)

    async def on_message(self, message: discord.Message) -> None:
        if self.router.message_listener is not None:
            await self.router.message_listener.message(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        if self.router.message_listener is not None:
            await self.router.message_listener.edited(payload)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        if self.router.message_listener is not None:
            await self.router.message_listener.deleted(
                str(payload.channel_id), str(payload.message_id)
            )

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        if self.router.message_listener is not None:
            for message in sorted(payload.message_ids):
                await self.router.message_listener.deleted(str(payload.channel_id), str(message))

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        if self.router.message_listener is not None:
            await self.router.message_listener.reacted(payload)

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        if self.router.message_listener is not None:
            await self.router.message_listener.reacted(payload)

    async def on_connect(self) -> None:
        self.router.down_since = None

    async def on_resumed(self) -> None:
        self.router.down_since = None
        log.info("discord.resumed")

    async def on_disconnect(self) -> None:
        if self.router.down_since is None and self.router.now is not None:
            self.router.down_since = self.router.now()

    async def on_error(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        log.error("discord.fault", event_name=event, exc_info=sys.exception())


def intents(*, content: bool) -> discord.Intents:
    """What we want to hear of. Only MESSAGE_CONTENT is privileged, and Tocsin works without it."""
    wanted = discord.Intents.none()
    wanted.guilds = wanted.guild_messages = wanted.dm_messages = wanted.guild_reactions = True
    wanted.message_content = content
    return wanted


@dataclass(slots=True)
class Session:
    """``hold`` keeps the one gateway session for as long as we lead."""

    api: Api
    router: EventRouter
    config: Config
    clock: Clock
    memory: Memory
    tree: list[Payload]
    heard: Callable[[News], Awaitable[None]]

    async def hold(self) -> None:
        while True:
            try:
                await self.api.login()
                await self._aim()
                await self._register()
                await self.heard(PlatformRecovered(NAME, "access"))
                await self._connected()
            except discord.PrivilegedIntentsRequired:
                log.warning(
                    "discord.no_message_content", fix="developer portal: Message Content Intent"
                )
                await self._without_content()
            except AccessLost as error:
                log.error(  # noqa: TRY400 - the operator's to mend: what to do, not where it was raised
                    "discord.shut_out", why=str(error), fix=error.fix
                )
                await self.heard(PlatformDegraded(NAME, "access", str(error), error.fix, deaf=True))
            except (Retry, Refused, discord.DiscordException, *ERRORS) as error:
                log.warning("discord.down", error=str(error) or type(error).__name__)
            await self._wait(_AGAIN)

    async def _wait(self, length: timedelta) -> None:
        await self.clock.wait(asyncio.Event(), self.clock.now() + length)

    async def _aim(self) -> None:
        """Ask the API where the gateway is: it may differ from discord.py's own."""
        found = await self.api.call("GET", "/gateway/bot")
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(found["url"])

    async def _register(self) -> None:
        """The command tree, when it is not the one that was registered last."""
        application = str(self.api.client.application_id)
        key = f"discord:commands:{application}:{self.config.guild}"
        wanted = digest(self.tree)
        if await self.memory.read(lambda uow: uow.key_values.get(key)) == wanted:
            return
        await self.api.call(
            "PUT", _COMMANDS, self.tree, application_id=application, guild_id=self.config.guild
        )
        await self.memory.write(lambda uow: uow.key_values.put(key, wanted))
        log.info("discord.commands", digest=wanted[:12])

    async def _connected(self) -> None:
        """Until the connection ends for good, or is away for too long, or we are cancelled."""
        self.router.down_since = None
        client = self.api.client
        task = asyncio.ensure_future(client.connect())
        ended = asyncio.Event()
        task.add_done_callback(lambda _: ended.set())
        try:
            while not task.done() and not self._given_up():
                await self.clock.wait(ended, self.clock.now() + _WATCH)
            if task.done():
                await task
        finally:
            task.cancel()
            await asyncio.wait([task])
            await self._let_go(client)

    def _given_up(self) -> bool:
        down = self.router.down_since
        return down is not None and self.clock.now() - down > _TIMEOUT

    async def _let_go(self, client: discord.Client) -> None:
        """The socket, not the HTTP client: whoever leads next begins a session of its own. A client that
        closed itself, since its token was refused, is of no use to anybody: the next one logs in anew."""
        if client.ws is not None and client.ws.open:  # type: ignore[redundant-expr]  # None before the first
            await client.ws.close(_TAKEN_OVER)
        if client.is_closed() and self.api.client is client:
            self.api.client = Client(self.router, client.intents)

    async def _without_content(self) -> None:
        await self.api.client.close()
        self.api.client = Client(self.router, intents(content=False))

    async def close(self) -> None:
        await self.api.client.close()
