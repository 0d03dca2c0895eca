"""Telling people by other ways than chat: SMS, voice, push, e-mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.core.reaching import Channel


@dataclass(frozen=True, slots=True)
class Note:
    """What is said. ``title`` alone must do: at most 100 characters; ``body`` has the link."""

    title: str
    body: str


class Notifier(Protocol):
    async def send(self, channel: Channel, about: Mapping[str, str], note: Note) -> None:
        """Send one message. ``about`` is what the channel's address says of the person.

        Raises ``Retry`` or ``Refused``. Not idempotent: channels have no key to deduplicate by.
        """
        ...
