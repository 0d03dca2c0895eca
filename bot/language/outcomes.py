"""What the reader of commands may ask for, and what reading can come to. Types only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

from bot.core.incident import IncidentId
from bot.core.people import PersonId, ServiceId, TeamId
from bot.language.spec import Addressee, Arg, Command, Noun, Values

# The name under which every command of Place.ROOM finds its incident.


# --- what the parser may ask -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Named:
    """A name that can be typed, and what it is called."""

    key: str
    label: str


class Lexicon(Protocol):
    """What is known where and when something is said. Every look-up is immediate, from memory."""

    @property
    def here(self) -> IncidentId | None:
        """The incident whose room this is."""
        ...

    @property
    def now(self) -> datetime: ...

    @property
    def zone(self) -> tzinfo:
        """The speaker's own."""
        ...

    def service(self, name: str) -> ServiceId | None:
        """By its id in any case, without the ``#``. The same for the three below."""
        ...

    def person(self, name: str) -> PersonId | None:
        """Without the ``@``: platforms turn their own mentions into ``@<id>`` beforehand."""
        ...

    def team(self, name: str) -> TeamId | None: ...

    def schedule(self, name: str) -> str | None: ...

    def names(self, noun: Noun, prefix: str, limit: int) -> Sequence[Named]:
        """Up to ``limit`` names that begin with ``prefix``, in order."""
        ...


# --- what reading can come to ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell besides. ``services`` are offered: the first is the likeliest."""

    text: str
    services: tuple[ServiceId, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A button: ``command`` goes through dispatch as if typed."""

    label: str
    command: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """Run it. A command of Place.ROOM has its incident in ``values["incident"]``."""

    command: Command
    values: Values
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Incomplete:
    """Open the form: the verb is meant, and ``missing`` has not been said."""

    command: Command
    values: Values
    missing: tuple[Arg, ...]


@dataclass(frozen=True, slots=True)
class NeedsRoom:
    """Offer the speaker's open incidents: each a button with ``incident`` added to ``values``.

    ``text`` is what was typed, to be offered as a title too.
    """

    command: Command
    values: Values
    text: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several bear that name: one button for each choice, with ``arg.name`` added to ``values``."""

    command: Command
    values: Values
    arg: Arg
    choices: tuple[Addressee, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The verb is meant, but ``given`` cannot be read as its argument. ``text`` says so to the speaker."""

    command: Command
    values: Values
    arg: Arg | None
    given: str
    text: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """Do nothing; one card with the suggestions, the declare of the whole ``text`` first if there is one."""

    text: str
    suggestions: tuple[Suggestion, ...]


Outcome = Parsed | Incomplete | NeedsRoom | Ambiguous | Unreadable | Unsure


@dataclass(frozen=True, slots=True)
class Completion:
    """Replace the text from ``start`` to ``end`` by ``insert``."""

    insert: str
    label: str
    detail: str
    start: int
    end: int
