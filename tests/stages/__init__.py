"""Where stories are played: one module a platform, each offering ``stage() -> Stage``.

A stage brings what people do to the platform's own entrance and shows what the platform shows. The same
stories run on every stage; a test that is about one alone says ``@pytest.mark.stage("console")``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.core.organisation import Organisation
from bot.core.people import PersonId
from bot.core.ports.platforms import ChatPlatform, PlatformContext
from bot.language.dispatch import Dispatcher
from storage.database.postgres import PostgresMemory
from storage.database.sqlite import SqliteMemory
from tests.fakes.clock import FakeClock
from tests.seen import Asked, Press, Seen, Shown

AnyMemory = SqliteMemory | PostgresMemory


@dataclass(frozen=True)
class Backstage:
    """What a stage works with, once the world is built."""

    clock: FakeClock
    memory: AnyMemory
    dispatcher: Dispatcher
    org: Organisation


class Stage(Protocol):
    """One platform in a story. ``room`` is the platform's own id of a room, or empty: not in a room.

    What people do returns the private answer, in full: also one that comes after the acknowledgement
    counts, if it comes of itself (a deferred answer). ``delivery`` names what arrives; the same name
    twice is the platform delivering it again.
    """

    @property
    def name(self) -> str: ...

    def organisation(self, org: Organisation) -> Organisation:
        """The organisation with its people's ids on this platform."""
        ...

    def platform(self, context: PlatformContext) -> ChatPlatform: ...

    async def begin(self, backstage: Backstage) -> None: ...

    async def end(self) -> None: ...

    async def command(self, who: PersonId, text: str, room: str, delivery: str) -> Seen:
        """Type ``text`` whole, ``/incident`` or ``/oncall`` included."""
        ...

    async def press(self, who: PersonId, button: Press, on: Seen, delivery: str) -> Seen: ...

    async def fill(
        self, who: PersonId, form: Asked, answers: Mapping[str, str], delivery: str
    ) -> Seen:
        """Submit a form, ``answers`` complete."""
        ...

    async def write(self, who: PersonId, text: str, room: str) -> Seen: ...

    async def rewrite(self, message: Seen, text: str) -> None:
        """The author edits their message; an empty text deletes it."""
        ...

    async def react(self, who: PersonId, meaning: str, message: Seen, delivery: str) -> Seen:
        """``meaning`` is capture, totask or tofollowup; with "un" before it the reaction is taken back."""
        ...

    async def room(self, room: str) -> Shown: ...

    async def reads(self, who: PersonId, room: str) -> bool:
        """Whether a person can read what is said in a private room."""
        ...

    async def announcements(self) -> Shown: ...

    async def direct(self, who: PersonId) -> Shown:
        """The bot's conversation with one person."""
        ...


def stages() -> list[str]:
    """The stages there are, by module name."""
    return [info.name for info in pkgutil.iter_modules(__path__)]


def stage(name: str) -> Stage:
    """A fresh stage."""
    made: Stage = importlib.import_module(f"tests.stages.{name}").stage()
    return made
