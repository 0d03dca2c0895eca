"""Slack from its settings: built once, then listening by Socket Mode or by HTTP until it is stopped."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot.core.chat.vocabulary import PlatformDegraded, PlatformRecovered, Refused, Retry
from bot.core.errors import Fault
from bot.core.ports.jobs import OutcomeUnknown, Unavailable
from bot.core.ports.platforms import ChatPlatform, PlatformContext
from bot.language.dispatch import Dispatcher
from handlers.chat.slack.api.calls import Calls
from handlers.chat.slack.api.lookup import Lookup
from handlers.chat.slack.api.pacing import Pace
from handlers.chat.slack.directory import NAME, Directory
from handlers.chat.slack.gateway import SlackGateway
from handlers.chat.slack.listening.adapter import Adapter
from handlers.chat.slack.listening.app import bolt
from handlers.chat.slack.listening.replying import Replying
from handlers.chat.slack.listening.sockets import Socket
from handlers.chat.slack.listening.wording import Wording
from handlers.chat.slack.upkeep import Archive, Replicas, archive_after

log = structlog.get_logger()

API = "https://slack.com/api/"
EVENTS_PATH = "/slack/events"
_AGAIN = timedelta(seconds=5)
_ACCESS_LOST_AGAIN = timedelta(seconds=30)
_SOCKET_FIX = (
    "An admin makes an app-level token with connections:write (Basic Information), sets SLACK_APP_TOKEN "
    "and restarts Tocsin."
)
# How long a failure may go unnoticed while nobody calls Slack.
_LOOK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Either ``app`` (Socket Mode) or ``signing`` (HTTP) is set; with both, Socket Mode it is."""

    bot: str
    app: str
    signing: str
    api: str
    pace: float = 1.0
    archive: timedelta | None = None


def connected(environ: Mapping[str, str]) -> SlackConnector:
    def value(name: str) -> str:
        return environ.get(name, "").strip()

    tokens = Tokens(
        value("SLACK_BOT_TOKEN"),
        value("SLACK_APP_TOKEN"),
        value("SLACK_SIGNING_SECRET"),
        value("SLACK_API_URL") or API,
        _pace(value("SLACK_PACE")),
        archive_after(value("SLACK_ARCHIVE_AFTER")),
    )
    if not tokens.app and not tokens.signing:
        raise Fault(
            "SLACK_BOT_TOKEN is set, but not how to listen: set SLACK_APP_TOKEN (xapp-…, Socket Mode) or "
            "SLACK_SIGNING_SECRET (HTTP)."
        )
    return SlackConnector(tokens)


def _pace(text: str) -> float:
    try:
        times = float(text or "1")
    except ValueError:
        times = 0.0
    if not 0.1 <= times <= 10_000:
        raise Fault(f"SLACK_PACE is {text!r}; write a number such as 1 or 2.5.")
    return times


@dataclass(frozen=True, slots=True)
class SlackConnector:
    tokens: Tokens

    @property
    def name(self) -> str:
        return NAME

    def build(self, context: PlatformContext) -> ChatPlatform:
        return SlackPlatform(self.tokens, context)


class SlackPlatform(SlackGateway):
    """The gateway together with what listens for it."""

    def __init__(self, tokens: Tokens, context: PlatformContext) -> None:
        self._replicas = Replicas(context.memory, context.clock, secrets.token_hex(4))
        pace = Pace(context.clock, lambda: self._replicas.count, tokens.pace)
        calls = Calls(tokens.bot, tokens.api, pace)
        directory = Directory(calls, context.memory, context.clock, self._admits_guests)
        super().__init__(calls, directory, Lookup(calls, context.clock), self._announce)
        self._tokens = tokens
        self._context = context
        self._app: AsyncApp | None = None
        self.adapter: Adapter | None = None
        self.socket: Socket | None = None

    def _admits_guests(self) -> bool:
        rules = self._context.organisation().chat
        return rules.allowed.get(NAME, {}).get("guests", "deny") == "allow"

    def _announce(self) -> str:
        return self._context.organisation().chat.announce.get(NAME, "incidents")

    def _adapter(self, dispatcher: Dispatcher) -> Adapter:
        replying = Replying(self.calls, self.directory, self._context.clock)
        wording = Wording(self.directory, dispatcher)
        return Adapter(
            dispatcher,
            self.calls,
            self.directory,
            replying,
            wording,
            self._context.command,
            self.url,
        )

    def listen(self, dispatcher: Dispatcher) -> AsyncApp:
        """The vendor's app with our listeners, made once."""
        if self._app is None:
            self.adapter = self._adapter(dispatcher)
            self._app = bolt(self.adapter, self._tokens.bot, self._tokens.signing)
        return self._app

    async def run(self, dispatcher: Dispatcher) -> None:
        """Listen until cancelled."""
        app = self.listen(dispatcher)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._known(dispatcher))
                if self._context.environ.get("DATABASE_URL", "").startswith("postgres"):
                    group.create_task(self._replicas.run())
                if self._tokens.archive is not None:
                    group.create_task(self._archive(self._tokens.archive))
                if self._tokens.app:
                    heard = self._heard(dispatcher)
                    self.socket = Socket(
                        app, self.calls, self._tokens.app, self._context.clock, heard
                    )
                    group.create_task(self.socket.run())
        finally:
            await self.calls.close()

    async def _archive(self, after: timedelta) -> None:
        """One of the replicas archives."""
        sweeper = Archive(self._context.memory, self._context.clock, lambda: self, after)
        await self._context.leadership.lead("slack-archive", sweeper.run)

    async def _known(self, dispatcher: Dispatcher) -> None:
        """Learn who we are, and look again now and then, at once when Slack shuts us out. Slack may be
        away for a while."""
        clock, said = self._context.clock, "nothing yet"
        while True:
            self.calls.access_lost.clear()
            again = _AGAIN
            try:
                me = await self.directory.introduced()
                if said:
                    log.info("slack.ready", team=me.team)
                    await dispatcher.heard(PlatformRecovered(NAME, "access"))
                said, again = "", _LOOK
            except (Retry, Unavailable, OutcomeUnknown) as error:
                log.warning("slack.away", error=str(error))
            except Refused as error:
                said, again = await self._access_lost(dispatcher, error, said), _ACCESS_LOST_AGAIN
            awaited = asyncio.Event() if said else self.calls.access_lost
            await clock.wait(awaited, clock.now() + again)

    async def _access_lost(self, dispatcher: Dispatcher, error: Refused, said: str) -> str:
        """Every admin is told where they can be, whether or not there is an incident."""
        if said == str(error):
            return said
        log.error("slack.refused", why=str(error), fix=error.fix)
        try:
            await dispatcher.heard(
                PlatformDegraded(NAME, "access", str(error), error.fix, deaf=True)
            )
        except (Unavailable, OutcomeUnknown):
            return "not told yet"
        return str(error)

    @staticmethod
    def _heard(dispatcher: Dispatcher) -> Callable[[Refused | None], Coroutine[Any, Any, None]]:
        """Admins are told when Slack opens no socket: then nobody is heard there."""
        said = ""

        async def heard(error: Refused | None) -> None:
            nonlocal said
            now = str(error) if error else "open"
            if now == said:
                return
            why = f"Slack lets nobody be heard: {error}"
            news = (
                PlatformDegraded(NAME, "socket", why, _SOCKET_FIX)
                if error
                else PlatformRecovered(NAME, "socket")
            )
            try:
                await dispatcher.heard(news)
                said = now
            except (Unavailable, OutcomeUnknown):
                log.warning("slack.not_told", news=str(news))

        return heard

    # --- HTTP mode ---

    def routes(self) -> list[web.AbstractRouteDef]:
        """What the public side serves: Slack's requests, when there is no socket for them."""
        return [] if self._tokens.app else [web.post(EVENTS_PATH, self.received)]

    async def received(self, request: web.Request) -> web.StreamResponse:
        """One signed request. Bolt refuses a wrong signature and one older than five minutes."""
        if self._app is None:
            raise web.HTTPServiceUnavailable(text="Starting.")
        answer = await self._app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)
