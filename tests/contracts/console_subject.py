"""The embedded console, on a fresh SQLite file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from bot.core.chat.console import ConsoleMessage
from bot.core.chat.vocabulary import Retry
from bot.core.people import BOT, SYSTEM
from bot.core.ports.platforms import ChatPlatform
from bot.core.ports.unit_of_work import UnitOfWork
from tests.contracts.subjects import Place, Posted, Subject
from tests.words import card_buttons, card_mentions, words
from tests.world import World, make_world


class Losing:
    """A platform whose answers can be lost after the work was done."""

    def __init__(self, platform: ChatPlatform) -> None:
        self._platform = platform
        self.next = ""

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._platform, name)
        if name != self.next:
            return found

        async def lost(*args: Any, **more: Any) -> None:
            self.next = ""
            await found(*args, **more)
            raise Retry("the answer was lost")

        return lost


@dataclass(repr=False)
class ConsoleSubject:
    world: World
    people: tuple[str, str] = ("ana", "bo")
    outsider: str = ""
    losing: Losing = field(init=False)

    def __post_init__(self) -> None:
        self.losing = Losing(self.world.platforms["console"])
        self.platform = cast(ChatPlatform, self.losing)

    def loses(self, method: str) -> None:
        self.losing.next = method

    def now(self) -> datetime:
        return self.world.clock.now()

    def passes(self, length: timedelta) -> None:
        self.world.clock.move_to(self.world.clock.now() + length)

    async def place(self, room: str) -> Place:
        def read(uow: UnitOfWork) -> Place:
            found = uow.console.room(room)
            messages = uow.console.history(room, 0, 200)
            return Place(
                found.name,
                found.topic,
                bool(found.private),
                bool(found.archived),
                frozenset(found.members),
                dict(found.bookmarks),
                tuple(_posted(m) for m in messages if m.author == BOT.id),
            )

        return await self.world.read(read)

    async def war_rooms(self) -> int:
        rooms = await self.world.read(lambda uow: uow.console.rooms_for(SYSTEM))
        return len([room for room in rooms if room.kind == "war"])


def _posted(message: ConsoleMessage) -> Posted:
    card = message.card
    assert card is not None
    labels = tuple(button.label for button in card_buttons(card))
    return Posted(words(card), labels, frozenset(card_mentions(card)), message.pinned)


@asynccontextmanager
async def subject(folder: Path) -> AsyncIterator[Subject]:
    async with make_world(folder) as world:
        yield ConsoleSubject(world)
