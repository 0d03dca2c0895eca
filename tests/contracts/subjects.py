"""The chat platforms under one contract: how each is set up, made to lose an answer, and looked at.

A platform joins by a module ``tests/contracts/<name>_subject.py`` with ``subject(folder)``, an
asynchronous context manager that yields a ``Subject``.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, TypeVar

from bot.core.chat.vocabulary import Retry
from bot.core.ports.platforms import ChatPlatform

T = TypeVar("T")


@dataclass(frozen=True)
class Posted:
    """A message of the bot's as the platform shows it. ``notifies`` is whom it calls: people by the
    platform's ids, and ``everyone`` for any word that calls many."""

    text: str
    buttons: tuple[str, ...]
    notifies: frozenset[str]
    pinned: bool


@dataclass(frozen=True)
class Place:
    """A room as the platform has it; ``posts`` are the bot's own, in order."""

    name: str
    topic: str
    private: bool
    archived: bool
    members: frozenset[str]
    bookmarks: dict[str, str]
    posts: tuple[Posted, ...]


class Subject(Protocol):
    """``people`` are two persons by the platform's ids, whom the organisation knows as ana and bo;
    ``outsider`` somebody who cannot be invited, or nothing where everybody can."""

    platform: ChatPlatform
    people: tuple[str, str]
    outsider: str

    def loses(self, method: str) -> None:
        """The next call of that method of the port is done, and its answer lost."""
        ...

    def now(self) -> datetime: ...

    def passes(self, length: timedelta) -> None: ...

    async def place(self, room: str) -> Place: ...

    async def war_rooms(self) -> int:
        """How many there are."""
        ...


Making = Callable[[Path], AbstractAsyncContextManager[Subject]]
NAMES = tuple(
    sorted(
        path.stem.removesuffix("_subject") for path in Path(__file__).parent.glob("*_subject.py")
    )
)


def subject(name: str, folder: Path) -> AbstractAsyncContextManager[Subject]:
    making: Making = importlib.import_module(f"tests.contracts.{name}_subject").subject
    return making(folder)


async def patiently(under: Subject, call: Callable[[], Awaitable[T]]) -> T:
    """What a job would come to: asked to come again later, it does."""
    for _ in range(8):
        try:
            return await call()
        except Retry as error:
            if error.after is None:
                raise
            under.passes(error.after)
    raise AssertionError("never an answer")
