"""What a plug-in is made of. Third parties import this, the packages' ``events`` and values of ``bot.core``, and nothing else.

A plug-in is a value with functions. Each is given a snapshot, and returns what is to be shown or done; none is given a
transaction, a connection or a clock. They are called in threads of their own, outside of any transaction, and given two
seconds (see docs/plugins.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.chat.card import Block
from bot.core.events.base import Event
from bot.core.incident import Incident
from bot.core.people import PersonId, Service, ServiceId
from bot.core.ports.occurrences import Occurrence
from bot.core.timeline import Entry

# Where a module's entry point is looked for; it names a ``Plugin``, or a function that returns one.
ENTRY_POINTS = "tocsin.plugins"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a plug-in may know, read at one moment (``now``, UTC).

    ``incident`` and its folded ``timeline`` are those that the act or the command is about, if it is about one;
    ``services`` is the whole catalogue. ``events`` are those of the act that the plug-in hears. ``actor`` did it, or typed
    the command; ``words`` are what followed its verb.
    """

    now: datetime
    organisation: str
    services: Mapping[ServiceId, Service]
    actor: PersonId
    incident: Incident | None = None
    timeline: Sequence[Entry] = ()
    events: Sequence[Occurrence] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a plug-in wants shown, and done.

    ``blocks`` are at most 10, of 3,000 characters together. ``commands`` are at most 10, each as typed after
    ``/incident``. More is a flood, and switches the plug-in off.
    """

    blocks: Sequence[Block] = ()
    title: str = ""
    commands: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Verb:
    """A command, ``/incident <name>``, in letters and dashes. ``examples``, one at least, are what follows ``/incident``.
    With ``in_room`` it is about an incident: the room's, or one that is named. What it returns is answered privately; its
    commands are carried out as the person who typed it, with their rights."""

    name: str
    help: str
    examples: tuple[str, ...]
    run: Callable[[Snapshot], Answer]
    in_room: bool = True


@dataclass(frozen=True, slots=True)
class Plugin:
    """``name`` is letters, digits and dashes, at most 30.

    Of acts with one of the events ``hears``, ``heard`` is told afterwards, at least once each while it is at work: its blocks are said in the
    incident's rooms, its commands carried out in the plug-in's own name, both once. ``card`` is asked then, too: what it
    returns stands on the incident's card until it returns something else.
    """

    name: str
    hears: tuple[type[Event], ...] = ()
    heard: Callable[[Snapshot], Answer] | None = None
    card: Callable[[Snapshot], Sequence[Block]] | None = None
    verbs: tuple[Verb, ...] = field(default_factory=tuple)
