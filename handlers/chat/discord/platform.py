"""Discord put together: one HTTP client for the effects, one session for what is heard."""

from __future__ import annotations

import discord
from discord.http import Route

from bot.dispatch import Dispatcher
from bot.ports import ChatPlatform, Surroundings
from handlers.chat.discord.calls import Api
from handlers.chat.discord.config import config
from handlers.chat.discord.gateway import DiscordGateway
from handlers.chat.discord.hearing import Hearing
from handlers.chat.discord.listeners import Listener
from handlers.chat.discord.menus import tree
from handlers.chat.discord.people import People
from handlers.chat.discord.replying import Replying
from handlers.chat.discord.rooms import Rooms
from handlers.chat.discord.session import Client, Ears, Session, intents


class Discord(DiscordGateway):
    """The gateway that also listens."""

    def __init__(self, around: Surroundings) -> None:
        self.config = config(around.environ, around.org.chat)
        if self.config.api:
            Route.BASE = self.config.api
        self.around = around
        self.ears = Ears(now=around.clock.now)
        api = Api(Client(self.ears, intents(content=True)), self.config.token)
        rooms = Rooms(api, self.config)
        super().__init__(api, rooms, around.memory, around.internal_url)

    @property
    def client(self) -> discord.Client:
        return self.api.client

    def listen(self, dispatcher: Dispatcher) -> Session:
        """From now on what is heard goes through ``dispatcher``; the session is the caller's to hold."""
        around, people = self.around, People(self.api, self.config, self.around.clock)
        replying = Replying(self, around.clock)
        menu = dispatcher.menu()
        self.ears.listener = Listener(
            dispatcher, replying, people, around.memory, around.clock, self.config, menu
        )
        self.ears.hearing = Hearing(dispatcher, self, replying, people, around.memory, self.config)
        wanted = tree(menu, around.command)
        return Session(self.api, self.ears, self.config, around.clock, around.memory, wanted)

    async def run(self, dispatcher: Dispatcher) -> None:
        """Hear until cancelled; of several replicas one."""
        session = self.listen(dispatcher)
        try:
            await self.around.leadership.lead(f"discord:{self.config.guild}", session.hold)
        finally:
            await session.close()


def build(around: Surroundings) -> ChatPlatform:
    return Discord(around)
