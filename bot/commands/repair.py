"""Repair by hand of what failed for good."""

from __future__ import annotations

from bot.chat import Reply
from bot.commands.call import Call
from bot.commands.spec import Access, Command, Place, Who
from bot.services.plans import repair
from bot.views.replies import done


def _repair(call: Call) -> Reply:
    started = repair(call.uow, call.actor, call.number)
    match started:
        case 0:
            words = "Nothing has failed for good: there is nothing to repair."
        case 1:
            words = "1 step starts again."
        case _:
            words = f"{started} steps start again."
    return Reply(done(words))


COMMANDS = (
    Command(
        name="repair",
        help="Run again what failed for good.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("repair",),
        run=_repair,
    ),
)
