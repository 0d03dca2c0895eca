"""Letting somebody in from the command line: a link that works once, for ten minutes."""

from __future__ import annotations

from bot.accounts.logins import make_link
from bot.admin.desk import Answer, Args, Office, text
from bot.core.people import PersonId
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork


async def link(office: Office, args: Args) -> Answer:
    """A new link for ``person``. Admins only: whoever bears it is that person for seven days."""

    def write(uow: UnitOfWork) -> Answer:
        may(office.actor(uow, args), Action.CONFIGURE)
        made = make_link(uow, PersonId(text(args, "person")))
        return {"person": made.person, "url": made.url, "ends_at": made.ends_at.isoformat()}

    return await office.memory.write(write)
