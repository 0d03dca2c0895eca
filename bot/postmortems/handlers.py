"""What the room is told of the debrief."""

from __future__ import annotations

from bot.core.bus import Handler, on
from bot.core.ports.unit_of_work import UnitOfWork
from bot.messages.service import say_in_rooms
from bot.postmortems.events import DebriefSet


def say_when_it_is_talked_over(uow: UnitOfWork, event: DebriefSet) -> None:
    """The room hears of every new date once."""
    at = event.meets.isoformat()
    say_in_rooms(uow, event.incident.id, f"debrief:{uow.act}", {"at": at})


HANDLERS: tuple[Handler, ...] = (on(DebriefSet, run=say_when_it_is_talked_over),)
