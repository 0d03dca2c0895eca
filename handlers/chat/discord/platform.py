"""Discord put together: one HTTP client for the effects, one session for what is heard."""

from __future__ import annotations

import asyncio

import discord
from discord.http import Route

from bot.core.ports.platforms import ChatPlatform, Surroundings
from bot.language.dispatch import Dispatcher
from handlers.chat.discord.calls import Api
from handlers.chat.discord.config import Current
from handlers.chat.discord.gateway import DiscordGateway
from handlers.chat.discord.hearing import Hearing
from handlers.chat.discord.listeners import Listener
from handlers.chat.discord.menus import tree
from handlers.chat.discord.people import People
from handlers.chat.discord.replying import Replying
from handlers.chat.discord.rooms import Rooms
from handlers.chat.discord.session import Client, Ears, Session, intents
from handlers.chat.discord.upkeep import Upkeep


class Discord(DiscordGateway):
    """The gateway that also listens."""

    def __init__(self, around: Surroundings) -> None:
        settings = Current(around.environ, lambda: around.organisation().chat)
        self.settings, self.config = settings, settings()
        if self.config.api:
            Route.BASE = self.config.api
        self.around = around
        self.ears = Ears(now=around.clock.now)
        api = Api(Client(self.ears, intents(content=True)), self.config.token)
        rooms = Rooms(api, settings)
        super().__init__(api, rooms, around.memory, around.internal_url)

    @property
    def client(self) -> discord.Client:
        return self.api.client

    def listen(self, dispatcher: Dispatcher) -> Session:
        """From now on what is heard goes through ``dispatcher``; the session is the caller's to hold."""
        around, people = self.around, People(self.api, self.settings, self.around.clock)
        replying = Replying(self, around.clock)
        menu = dispatcher.menu()
        self.ears.listener = Listener(
            dispatcher, replying, people, around.memory, around.clock, self.config, menu
        )
        self.ears.hearing = Hearing(dispatcher, self, replying, people, around.memory, self.config)
        wanted = tree(menu, around.command)
        return Session(
            self.api, self.ears, self.config, around.clock, around.memory, wanted, dispatcher.heard
        )

    async def run(self, dispatcher: Dispatcher) -> None:
        """Hear until cancelled; of several replicas one."""
        session = self.listen(dispatcher)
        leads, guild = self.around.leadership, self.config.guild
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(leads.lead(f"discord:{guild}", session.hold))
                keeps = self.upkeep(dispatcher).run
                group.create_task(leads.lead(f"discord-upkeep:{guild}", keeps))
        finally:
            await session.close()

    def upkeep(self, dispatcher: Dispatcher) -> Upkeep:
        around = self.around
        return Upkeep(self.attic, around.memory, around.clock, self.config, dispatcher.heard)


def build(around: Surroundings) -> ChatPlatform:
    return Discord(around)
