"""What follows in the room from what comes after the end."""

from __future__ import annotations

from bot.bus import Handler, on
from bot.events.working import DebriefSet
from bot.ports import UnitOfWork
from bot.services.whispers import say_in_rooms


def say_when_it_is_talked_over(uow: UnitOfWork, event: DebriefSet) -> None:
    """The room hears of every new date once."""
    at = event.meets.isoformat()
    say_in_rooms(uow, event.incident.id, f"debrief:{uow.act}", {"at": at})


HANDLERS: tuple[Handler, ...] = (on(DebriefSet, run=say_when_it_is_talked_over),)
