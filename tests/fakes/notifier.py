"""Channels beside chat that keep what they were told, and fail as told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.ports.notifier import Note, Notifier
from bot.core.reaching import Channel
from tests.fakes.clock import FakeClock


@dataclass(frozen=True)
class Told:
    channel: str
    person: str
    at: datetime
    note: Note


@dataclass
class FakeNotifier:
    """``before`` is called with the channel's name and may raise."""

    clock: FakeClock | None = None
    told: list[Told] = field(default_factory=list)
    before: Callable[[str], None] = lambda channel: None

    async def send(self, channel: Channel, about: Mapping[str, str], note: Note) -> None:
        self.before(channel.name)
        assert self.clock is not None
        self.told.append(Told(channel.name, about["person"], self.clock.now(), note))


def _conforms(notifier: FakeNotifier) -> Notifier:
    return notifier
