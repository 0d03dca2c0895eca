"""What people see and press in a story, whatever the platform: messages, buttons, forms, rooms.

A stage makes these of what its platform shows. ``handle`` is the stage's own: what it needs to press,
fill or react; stories never look into it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.core.people import PersonId


@dataclass(frozen=True)
class Press:
    """A button."""

    label: str
    handle: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Question:
    """One input of a form; ``value`` is what it is filled with already."""

    name: str
    label: str
    value: str = ""
    options: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class Asked:
    """A form."""

    title: str
    questions: tuple[Question, ...]
    handle: Any = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return "\n".join([self.title, *(f"{q.label}: {q.value}" for q in self.questions)])


@dataclass(frozen=True)
class Seen:
    """One message, or one private answer, as somebody reads it. ``mentions`` are whom it notifies."""

    text: str
    buttons: tuple[Press, ...] = ()
    mentions: frozenset[PersonId] = frozenset()
    form: Asked | None = None
    bot: bool = True
    pinned: bool = False
    at: datetime | None = None
    handle: Any = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return self.text

    def __contains__(self, text: str) -> bool:
        return text in self.text


NOTHING = Seen("")


@dataclass(frozen=True)
class Shown:
    """A room as it stands. ``notices`` are the lines that topics, pins and people who come in leave."""

    name: str
    topic: str = ""
    messages: tuple[Seen, ...] = ()
    notices: tuple[Seen, ...] = ()

    @property
    def card(self) -> Seen:
        """The pinned card."""
        pinned = [m for m in self.messages if m.pinned and m.bot]
        assert len(pinned) == 1, f"{len(pinned)} pinned cards in {self.name}"
        return pinned[0]

    @property
    def by_bot(self) -> list[Seen]:
        return [m for m in self.messages if m.bot]

    def saying(self, text: str) -> list[Seen]:
        """The bot's messages with that text, in order."""
        return [m for m in self.by_bot if text in m]

    @property
    def last(self) -> Seen:
        return self.by_bot[-1]

    def __contains__(self, text: str) -> bool:
        return any(text in m for m in self.messages)
