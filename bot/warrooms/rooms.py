"""War rooms that people changed by hand, and rooms that came late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.chat.card import StepState
from bot.core.events.base import Said, Word
from bot.core.incident import IncidentId
from bot.core.people import BOT, SYSTEM
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.plan import STEPS, PlanStep
from bot.messages.keys import message_key
from bot.warrooms.events import LivingMessage, MessageDeleted, RoomLost, RoomRenamed

# A room that opens so long after the declare is told what it missed.
LATE = timedelta(minutes=2)
# What is made again in a new room; the announcement is elsewhere and stays.
_ANEW = tuple(step for step in STEPS if step != "announcement")


def gone(uow: UnitOfWork, number: IncidentId, platform: str, room: str, how: str) -> None:
    """Somebody archived or deleted a war room, or took us out of it: it is said, and while the incident is
    open another one is opened. Idempotent for each room."""
    incident = uow.incidents.lock(number, SYSTEM)
    known = [each for each in uow.rooms.of(number) if (each.platform, each.id) == (platform, room)]
    if not known or not incident.is_open:
        return
    uow.rooms.remove(platform, room)
    uow.rooms.forget(message_key(number, platform, "card"))
    for step in _ANEW:
        state = StepState.RETRYING if step == "room" else StepState.WAITING
        uow.plans.mark(PlanStep(number, platform, step, state, f"the room {how}"))
    words = Said(f"The room {known[0].name} on {platform} {how}. Another one is being opened.")
    uow.happened(RoomLost(uow.now, BOT, incident, Word(platform), words))


def deleted(uow: UnitOfWork, number: IncidentId, platform: str, what: str) -> None:
    """Somebody deleted the card or the announcement: it is said, and posted again. Idempotent."""
    if uow.rooms.recall(message_key(number, platform, what)) is None:
        return
    uow.rooms.forget(message_key(number, platform, what))
    incident = uow.incidents.get(number, SYSTEM)
    uow.happened(MessageDeleted(uow.now, BOT, incident, Word(platform), LivingMessage(what)))


def renamed(uow: UnitOfWork, platform: str, room: str, name: str) -> None:
    """Somebody gave a war room another name: links and lists follow. Idempotent."""
    number = uow.rooms.incident_in(platform, room)
    if number is None:
        return
    incident = uow.incidents.lock(number, SYSTEM)
    for known in uow.rooms.of(number):
        if (known.platform, known.id) == (platform, room) and known.name != name:
            uow.rooms.add(number, replace(known, name=name))
            names = (Said(known.name), Said(name))
            uow.happened(RoomRenamed(uow.now, BOT, incident, Word(platform), *names))


def caught_up(uow: UnitOfWork, number: IncidentId, platform: str, room: str) -> None:
    """A room that opened late begins with what happened so far."""
    incident = uow.incidents.get(number, SYSTEM)
    if uow.now - incident.declared_at < LATE or not incident.is_open:
        return
    what = f"late:{room}"
    args: dict[str, str | int] = {"incident": number, "platform": platform, "what": what}
    lane = f"inc{number}:{platform}:{what}"
    uow.jobs.enqueue(JobSpec("say", Queue.CHAT, args, lane, incident=number))
