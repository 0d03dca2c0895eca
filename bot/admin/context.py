"""What the functions of the table work with."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

from bot.admin.request import Answer
from bot.core.chat.vocabulary import Speaker
from bot.core.errors import Invalid, UserError
from bot.core.organisation import Organisation
from bot.core.people import Actor, PersonId
from bot.core.ports.clock import Clock
from bot.core.ports.unit_of_work import Memory, UnitOfWork
from bot.language.dispatch import Dispatcher
from bot.language.speakers import OPERATORS, actor_of

# The name of the command line on the timeline and in a person's identities.
PLATFORM = OPERATORS


class Refusal(UserError):
    """What was asked for was understood and is not done; the text is what the person reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About(Answer):
    """Which process answers. ``process`` is the system's number of it; ``console`` and ``public`` are addresses."""

    version: str
    process: str
    replica: str
    console: str
    public: str


def this_process(replica: str, console: str, public: str) -> About:
    """What is told of the process that this runs in."""
    about = {"version": version("tocsin"), "process": str(os.getpid()), "replica": replica}
    return About(**about, console=console, public=public)


@dataclass(frozen=True, slots=True)
class AdminContext:
    """``operator`` is the account on this machine that asks: who may open the socket (mode 0600) or the
    database's file is an admin. ``read_org`` reads an organisation file's text (and its name, for mistakes); ``adopt`` makes
    one the current one, here and now. ``plugins`` are those found, each with why it is not at work.
    """

    memory: Memory
    dispatcher: Dispatcher
    clock: Clock
    adopt: Callable[[Organisation], None]
    read_org: Callable[[str, str], Organisation]
    about: About
    operator: str = "operator"
    plugins: Callable[[], list[tuple[str, str]]] = list

    def speaker(self, person: str) -> Speaker:
        """The person of this key, or the operator when it is empty."""
        who = person or self.operator
        return Speaker(who, who)

    def actor(self, uow: UnitOfWork, person: str) -> Actor:
        """The same as an actor. Raises ``Invalid`` for a key that names nobody."""
        if person and PersonId(person) not in uow.org.people:
            raise Invalid(
                f"Nobody in the organisation is called {person}; --as takes a person's key."
            )
        return actor_of(uow, PLATFORM, self.speaker(person))
