"""Repair by hand of what failed for good."""

from __future__ import annotations

from bot.core.chat.replies import done
from bot.core.chat.vocabulary import Reply
from bot.language.call import Call
from bot.language.spec import Access, Command, Place, Who
from bot.warrooms.plans import repair


def _repair(call: Call) -> Reply:
    started = repair(call.uow, call.actor, call.number)
    match started:
        case 0:
            words = "Nothing has failed: there is nothing to repair."
        case 1:
            words = "1 step starts again."
        case _:
            words = f"{started} steps start again."
    return Reply(done(words))


COMMANDS = (
    Command(
        name="repair",
        help="Retry setup steps that failed.",
        who=Who.ANYONE,
        place=Place.ROOM,
        access=Access.WRITE,
        examples=("repair",),
        run=_repair,
    ),
)
