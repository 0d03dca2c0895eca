"""What a verb of the office is given, and how its arguments are read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.chat.vocabulary import Speaker
from bot.core.errors import Invalid, UserError
from bot.core.incident import IncidentId
from bot.core.organisation import Organisation
from bot.core.people import Actor, PersonId
from bot.core.ports.clock import Clock
from bot.core.ports.unit_of_work import Memory, UnitOfWork
from bot.language.dispatch import Dispatcher
from bot.language.speakers import OPERATORS, actor_of

# The name of this door, on the timeline and in a person's identities.
DOOR = OPERATORS

Args = Mapping[str, Any]
Answer = dict[str, Any]


class Refusal(UserError):
    """What was asked for was understood and is not done; the text is what the person reads."""


@dataclass(frozen=True, slots=True)
class Office:
    """``operator`` is the account on this machine that asks: who may open the socket (mode 0600) or the
    database's file is an admin. ``read_org`` reads an organisation file's text (and its name, for mistakes); ``adopt`` makes
    one the current one, here and now. ``plugins`` are those found, each with why it is not at work.
    """

    memory: Memory
    dispatcher: Dispatcher
    clock: Clock
    adopt: Callable[[Organisation], None]
    read_org: Callable[[str, str], Organisation]
    about: Mapping[str, str]
    operator: str = "operator"
    plugins: Callable[[], list[tuple[str, str]]] = list

    def speaker(self, args: Args) -> Speaker:
        """The person named by ``as``, else the operator."""
        who = text(args, "as") or self.operator
        return Speaker(who, who)

    def actor(self, uow: UnitOfWork, args: Args) -> Actor:
        """Raises ``Invalid`` for an ``as`` that names nobody."""
        named = text(args, "as")
        if named and PersonId(named) not in uow.org.people:
            raise Invalid(
                f"Nobody in the organisation is called {named}; --as takes a person's key."
            )
        return actor_of(uow, DOOR, self.speaker(args))


Verb = Callable[[Office, Args], Awaitable[Answer]]


def text(args: Args, name: str) -> str:
    """A text argument; empty when it was not given. Raises ``Invalid``."""
    found = args.get(name, "")
    if not isinstance(found, str):
        raise Invalid(f"{name} must be text.")
    return found


def number(args: Args, name: str = "incident") -> IncidentId:
    """``INC-42``, ``inc-42`` or ``42``. Raises ``Invalid``."""
    found = str(args.get(name, "")).casefold().removeprefix("inc-").lstrip("#")
    if not (found.isdigit() and found.isascii() and len(found) < 19):
        raise Invalid(f"{args.get(name)!r} is no incident; write INC-42 or 42.")
    return IncidentId(int(found))
