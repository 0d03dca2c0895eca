"""Discord put together: one HTTP client for the effects, one session for what is heard."""

from __future__ import annotations

import asyncio

import discord
from discord.http import Route

from bot.core.ports.platforms import ChatPlatform, PlatformContext
from bot.language.dispatch import Dispatcher
from handlers.chat.discord.api.calls import Api
from handlers.chat.discord.config import Current
from handlers.chat.discord.gateway import DiscordGateway
from handlers.chat.discord.listening.listeners import Listener
from handlers.chat.discord.listening.messages import MessageListener
from handlers.chat.discord.listening.people import People
from handlers.chat.discord.listening.replying import Replying
from handlers.chat.discord.listening.session import Client, EventRouter, Session, intents
from handlers.chat.discord.rendering.menus import tree
from handlers.chat.discord.upkeep import Upkeep
from handlers.chat.discord.warrooms.rooms import Rooms


class Discord(DiscordGateway):
    """The gateway that also listens."""

    def __init__(self, context: PlatformContext) -> None:
        settings = Current(context.environ, lambda: context.organisation().chat)
        self.settings, self.config = settings, settings()
        if self.config.api:
            Route.BASE = self.config.api
        self.context = context
        self.router = EventRouter(now=context.clock.now)
        api = Api(Client(self.router, intents(content=True)), self.config.token)
        rooms = Rooms(api, settings)
        super().__init__(api, rooms, context.memory, context.internal_url)

    @property
    def client(self) -> discord.Client:
        return self.api.client

    def listen(self, dispatcher: Dispatcher) -> Session:
        """From now on what is heard goes through ``dispatcher``; the session is the caller's to hold."""
        context, people = self.context, People(self.api, self.settings, self.context.clock)
        replying = Replying(self, context.clock)
        menu = dispatcher.menu()
        self.router.listener = Listener(
            dispatcher, replying, people, context.memory, context.clock, self.config, menu
        )
        self.router.message_listener = MessageListener(
            dispatcher, self, replying, people, context.memory, self.config
        )
        wanted = tree(menu, context.command)
        return Session(
            self.api,
            self.router,
            self.config,
            context.clock,
            context.memory,
            wanted,
            dispatcher.heard,
        )

    async def run(self, dispatcher: Dispatcher) -> None:
        """Hear until cancelled; of several replicas one."""
        session = self.listen(dispatcher)
        leads, guild = self.context.leadership, self.config.guild
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(leads.lead(f"discord:{guild}", session.hold))
                keeps = self.upkeep(dispatcher).run
                group.create_task(leads.lead(f"discord-upkeep:{guild}", keeps))
        finally:
            await session.close()

    def upkeep(self, dispatcher: Dispatcher) -> Upkeep:
        context = self.context
        return Upkeep(self.archiver, context.memory, context.clock, self.config, dispatcher.heard)


def build(context: PlatformContext) -> ChatPlatform:
    return Discord(context)
