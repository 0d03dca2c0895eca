"""Afterwards: the debrief, and the record to take away."""

from __future__ import annotations

from datetime import datetime

from bot.chat import Reply
from bot.commands.call import Call
from bot.commands.spec import Access, Arg, ArgKind, Command, Place, Who
from bot.services.debriefs import debrief, set_debrief
from bot.services.reads import shown
from bot.views.debrief import debrief_card, export_card, set_card


def _debrief(call: Call) -> Reply:
    at = call.given("when", datetime)
    if at is not None:
        return Reply(set_card(set_debrief(call.uow, call.actor, call.number, at), at))
    return Reply(debrief_card(debrief(call.uow, call.number, call.actor.viewer)))


def _export(call: Call) -> Reply:
    facts = shown(call.uow, call.number, call.actor.viewer)
    return Reply(export_card(facts.incident, call.uow.internal_url))


COMMANDS = (
    Command(
        name="debrief",
        help="What to ask when you talk it over; or say when that is.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("debrief", "debrief fri 14:00", "debrief INC-42"),
        args=(Arg("when", ArgKind.TIME, help="When, such as fri 14:00"),),
        run=_debrief,
    ),
    Command(
        name="export",
        help="The whole record, to read, to print or for machines.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.READ,
        examples=("export", "export INC-42"),
        run=_export,
    ),
)
