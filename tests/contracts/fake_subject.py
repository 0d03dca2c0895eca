"""The in-memory platform of the stories."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.core.chat.vocabulary import Retry
from bot.core.ports.platforms import ChatPlatform
from tests.contracts.subjects import Place, Posted, Subject
from tests.fakes.clock import FakeClock
from tests.fakes.platform import FakeMessage, FakePlatform
from tests.words import card_buttons, card_mentions, words


@dataclass(repr=False)
class FakeSubject:
    fake: FakePlatform = field(default_factory=FakePlatform)
    clock: FakeClock = field(default_factory=FakeClock)
    people: tuple[str, str] = ("ana", "bo")
    outsider: str = ""

    def __post_init__(self) -> None:
        self.platform: ChatPlatform = self.fake

    def loses(self, method: str) -> None:
        def after(called: str) -> None:
            if called == method:
                self.fake.after = lambda _: None
                raise Retry("the answer was lost")

        self.fake.after = after

    def now(self) -> datetime:
        return self.clock.now()

    def passes(self, length: timedelta) -> None:
        self.clock.move_to(self.clock.now() + length)

    async def place(self, room: str) -> Place:
        found = self.fake.rooms[room]
        posts = [_posted(m) for m in self.fake.messages.values() if m.room == room]
        return Place(
            found.name,
            found.topic,
            found.private,
            found.archived,
            frozenset(found.members),
            dict(found.bookmarks),
            tuple(posts),
        )

    async def war_rooms(self) -> int:
        return len(self.fake.war_rooms())


def _posted(message: FakeMessage) -> Posted:
    labels = tuple(button.label for button in card_buttons(message.card))
    notifies = frozenset(card_mentions(message.card))
    return Posted(words(message.card), labels, notifies, message.pinned)


@asynccontextmanager
async def subject(folder: Path) -> AsyncIterator[Subject]:
    yield FakeSubject()
