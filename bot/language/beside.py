"""What the dispatcher is given besides the table of commands: who hears what else is said, and who answers outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.core.chat.vocabulary import Invocation, News, Reply
from bot.core.incident import IncidentId
from bot.core.people import Actor
from bot.core.ports.unit_of_work import UnitOfWork
from bot.language.call import AnsweredOutside


@dataclass(frozen=True, slots=True)
class Listeners:
    """What packages do with what comes beside commands; each within a transaction, and idempotent.

    ``said``: a plain message in an incident's room. ``changed``: a message there was edited or deleted.
    ``news``: what a platform reports by itself. ``confirmed``: somebody who is not in the incident goes on all the same.
    """

    said: Callable[[UnitOfWork, IncidentId], None]
    changed: Callable[[UnitOfWork, Actor, IncidentId, Invocation], None]
    news: Callable[[UnitOfWork, News], None]
    confirmed: Callable[[UnitOfWork, Actor, IncidentId], object]


class Outside(Protocol):
    """Answers what is answered outside of the transaction."""

    async def answer(self, call: Invocation, asked: AnsweredOutside) -> Reply:
        """Raises ``UserError``, or ``Fenced`` when the delivery was done meanwhile."""
        ...
