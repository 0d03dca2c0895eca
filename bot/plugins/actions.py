"""Carrying out what a plug-in asks for: text as typed, read by the grammar of everybody, checked by everybody's policy."""

from __future__ import annotations

import structlog

from bot.core.chat.vocabulary import Group, Invocation, Speaker
from bot.core.errors import Invalid, UserError
from bot.core.incident import IncidentId
from bot.core.people import Actor
from bot.core.ports.occurrences import Cause
from bot.core.ports.unit_of_work import UnitOfWork
from bot.language.call import Call
from bot.language.outcomes import Parsed
from bot.language.reading.grammar import CommandTable, parse
from bot.language.reading.lexicon import Words, lexicon
from bot.language.spec import Access

log = structlog.get_logger()

# The platform of plug-ins that speak for themselves, and what only people can have or be.
PLATFORM = "plugin"
_PERSONAL = ("lead", "role", "join", "leave", "ack", "confirm", "subscribe", "unsubscribe")


def carry_out(
    uow: UnitOfWork,
    table: CommandTable,
    plugin: str,
    actor: Actor,
    number: IncidentId | None,
    commands: tuple[str, ...],
    cause: Cause | None = None,
) -> list[str]:
    """Each in turn, as ``actor``, with the incident as the room's. One that is refused leaves no trace but its reason,
    and the others go on. Returns the reasons."""
    refused = []
    for text in commands:
        try:
            with uow.savepoint(), uow.acting(cause):
                _one(uow, table, actor, number, text)
        except UserError as error:
            refused.append(str(error))
            # Its first word only: the rest is somebody's text.
            verb = text.split(maxsplit=1)[:1]
            log.warning("plugin.refused", plugin=plugin, verb=verb, incident=number)
    return refused


def _one(
    uow: UnitOfWork, table: CommandTable, actor: Actor, number: IncidentId | None, text: str
) -> None:
    read = parse(text, Group.INCIDENT, table, lexicon(uow, actor, number, Words()))
    if not isinstance(read, Parsed):
        raise Invalid("It does not read as a command.")
    if read.command.access is not Access.WRITE:
        raise Invalid(f"{read.command.name} only reads.")
    if (
        actor.platform == PLATFORM
        and read.command.name in _PERSONAL
        and not read.values.get("person")
    ):
        raise Invalid(f"A plug-in is nobody who could {read.command.name}.")
    call = Invocation(actor.platform, "", Speaker(actor.id, actor.name), text)
    made = Call(uow, actor, read.command, read.values, call, number, read.remarks)
    if refused := read.command.run(made).refused:
        raise Invalid(refused)
