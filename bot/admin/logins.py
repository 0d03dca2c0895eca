"""Letting somebody in: a link that works once, for ten minutes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.accounts.logins import make_link
from bot.admin.context import AdminContext
from bot.admin.request import Answer, Instant, PersonalRequest
from bot.core.people import PersonId
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMade(Answer):
    """``url`` is a secret: whoever opens it until ``ends_at`` is ``person`` for seven days."""

    person: PersonId
    url: str
    ends_at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeLoginLink(PersonalRequest[LinkMade]):
    """A new link for ``person``, each time another one. Admins only.

    Raises ``NotAllowed``, and ``NotFound`` for somebody who is not in the organisation.
    """

    person: PersonId


async def link(context: AdminContext, request: MakeLoginLink) -> LinkMade:
    def write(uow: UnitOfWork) -> LinkMade:
        may(context.actor(uow, request.as_), Action.CONFIGURE)
        made = make_link(uow, request.person)
        return LinkMade(person=made.person, url=made.url, ends_at=made.ends_at)

    return await context.memory.write(write)
