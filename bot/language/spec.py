"""What a command is, and what reading one can come to. Types only: nothing here parses or runs.

A command is one value of ``Command`` in one file; the parser, the help, completion, forms and each
platform's native commands are all made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from bot.core.chat.card import Form, Need
from bot.core.chat.vocabulary import Group, Reply
from bot.core.errors import Fault
from bot.core.incident import Role, Status
from bot.core.people import ServiceId
from bot.core.severity import Severity
from bot.core.times.when import Period, Reading

V = TypeVar("V")

# The name under which every command of Place.ROOM finds its incident.
INCIDENT = "incident"


class Who(StrEnum):
    """Who may. RESPONDER asks a courtesy confirm of somebody who has not joined."""

    ANYONE = "anyone"
    RESPONDER = "responder"
    ADMIN = "admin"


class Place(StrEnum):
    """ROOM needs an incident: the room's, or one that is named (``INC-42`` after the verb)."""

    ANYWHERE = "anywhere"
    ROOM = "room"


class Access(StrEnum):
    READ = "read"
    WRITE = "write"


class Native(StrEnum):
    """LISTED ones are subcommands on platforms that have a menu of them (Discord: 25 at most)."""

    LISTED = "listed"
    TYPED = "typed"


class Bare(StrEnum):
    """When the verb may be left out: never, when nothing is said at all, or always."""

    NEVER = "never"
    EMPTY = "empty"
    ALWAYS = "always"


class ArgKind(StrEnum):
    """What an argument reads, and in parentheses the Python value it becomes.

    The four kinds of text differ in what they take without double quotes: TITLE takes anything;
    TEXT anything, in a room; PHRASE so too, but only where another argument shows that the verb was
    meant; QUOTED nothing. WORDS are searched for: anything that does not look like a sentence.
    """

    TITLE = "title"  # (str)
    TEXT = "text"  # (str)
    PHRASE = "phrase"  # (str)
    QUOTED = "quoted"  # (str)
    WORDS = "words"  # (str)
    STATUS = "status"  # (Status)
    SEVERITY = "severity"  # sev2, p2 (Severity)
    PRIORITY = "priority"  # p1 to p5 (int)
    ROLE = "role"  # (Role)
    PERSON = "person"  # @ana (PersonId)
    PEOPLE = "people"  # @ana @payments (tuple of Addressee: persons and teams)
    TEAM = "team"  # (TeamId)
    SERVICES = "services"  # #checkout #database (tuple of ServiceId)
    SCHEDULE = "schedule"  # (str)
    TARGET = "target"  # who is woken (Addressee)
    REFERENCE = "reference"  # INC-42 or 42 (IncidentId)
    NUMBER = "number"  # 3 or #3 (int)
    TIME = "time"  # (datetime, UTC), read as Arg.reading says
    DURATION = "duration"  # (timedelta)
    RANGE = "range"  # (Period, UTC)
    URL = "url"  # http or https (str)
    FLAG = "flag"  # --private (Flag.ON, or absent)
    CODE = "code"  # ABCD-2345 (str)
    CHOICE = "choice"  # one of Arg.choices (str)
    VERB = "verb"  # the name of a command of any group (str)


TEXTS = (ArgKind.TITLE, ArgKind.TEXT, ArgKind.PHRASE, ArgKind.QUOTED, ArgKind.WORDS)


class Flag(StrEnum):
    """A flag that was given; one that was not is absent."""

    ON = "on"


class Noun(StrEnum):
    """What a name can name. The values are the prefixes of ``page person:ana``."""

    PERSON = "person"
    TEAM = "team"
    SERVICE = "service"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody to reach: ``person:ana``, ``team:payments``, ``service:checkout``, ``schedule:primary``."""

    noun: Noun
    name: str

    def __str__(self) -> str:
        return f"{self.noun}:{self.name}"


Value = (
    str
    | int
    | Status
    | Severity
    | Role
    | Flag
    | Addressee
    | datetime
    | timedelta
    | Period
    | tuple[Addressee, ...]
    | tuple[ServiceId, ...]
)
Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Arg:
    """One argument. ``after`` is the word before it (``next 20m``: "next"); a flag has its name's."""

    name: str
    kind: ArgKind
    need: Need = Need.OPTIONAL
    after: str = ""
    choices: tuple[str, ...] = ()
    reading: Reading = Reading.NEXT
    help: str = ""


@dataclass(frozen=True, slots=True)
class Shorthand:
    """A verb that says an argument as well: ``resolved`` is ``status resolved``."""

    word: str
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Command:
    """One verb. ``help`` is one line; each of ``examples`` is what follows ``/incident`` or ``/oncall``.

    ``run`` does it. ``form`` asks for what is missing, given what was said; without it the form is
    made from ``args``. Commands are compared by identity.
    """

    name: str
    help: str
    who: Who
    place: Place
    access: Access
    examples: tuple[str, ...]
    run: Callable[[Any], Reply]
    args: tuple[Arg, ...] = ()
    synonyms: tuple[str, ...] = ()
    shorthands: tuple[Shorthand, ...] = ()
    group: Group = Group.INCIDENT
    native: Native = Native.TYPED
    bare: Bare = Bare.NEVER
    form: Callable[[Command, Values], Form] | None = None


def given(values: Values, name: str, kind: type[V]) -> V | None:
    """The value of that name if it was given. Raises ``Fault`` when it is not of ``kind``: a wrong spec."""
    value = values.get(name)
    if value is None or isinstance(value, kind):
        return value
    raise Fault(f"argument {name!r} is {type(value).__name__}, not {kind.__name__}")


def needed(values: Values, name: str, kind: type[V]) -> V:
    """A required value. Raises ``Fault`` when it is absent: the parser lets no such command through."""
    value = given(values, name, kind)
    if value is None:
        raise Fault(f"argument {name!r} is missing")
    return value
