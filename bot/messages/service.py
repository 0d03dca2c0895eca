"""Saying something of an incident: to its rooms, or privately to one person. For timers and handlers of events."""

from __future__ import annotations

import hashlib

from bot.core.chat.remembered import Nudged
from bot.core.errors import NotFound
from bot.core.incident import IncidentId
from bot.core.people import PersonId, Viewer
from bot.core.ports.jobs import JobSpec, Queue
from bot.core.ports.unit_of_work import UnitOfWork
from bot.messages.addresses import addresses, planned


def whisper(
    uow: UnitOfWork, person: str, number: IncidentId, what: str, args: dict[str, str | int]
) -> None:
    """Tell one person privately, on every platform where they can be told."""
    for platform in addresses(uow, PersonId(person)):
        uow.jobs.enqueue(
            JobSpec(
                "whisper",
                Queue.CHAT,
                {"incident": number, "platform": platform, "person": person, "what": what, **args},
                lane=f"inc{number}:{platform}:whisper:{person}",
                incident=number,
            )
        )


def say_in_rooms(
    uow: UnitOfWork, number: IncidentId, what: str, args: dict[str, str | int] | None = None
) -> None:
    """A message to every room of the incident, said once however often this is asked for."""
    for room in uow.rooms.of(number):
        key = f"inc{number}:{room.platform}:{what}"
        values = {"incident": number, "platform": room.platform, "what": what, **(args or {})}
        uow.jobs.enqueue(JobSpec("say", Queue.CHAT, values, key, key, incident=number))


def say_when_open(
    uow: UnitOfWork, number: IncidentId, what: str, args: dict[str, str | int]
) -> None:
    """A card in the incident's rooms, as soon as they are open."""
    for platform in planned(uow, number):
        values = {"incident": number, "platform": platform, "what": what, **args}
        lane = f"inc{number}:{platform}:{what}"
        uow.jobs.enqueue(JobSpec("say", Queue.CHAT, values, lane=lane, incident=number))


def may_know(uow: UnitOfWork, number: IncidentId, person: PersonId) -> bool:
    """Whether somebody may see the incident as it is now."""
    try:
        uow.incidents.get(number, Viewer(person))
    except NotFound:
        return False
    return True


def first(uow: UnitOfWork, number: IncidentId, what: str) -> bool:
    """Whether this is the first time that ``what`` is to be told of the incident."""
    cause = f"told:{hashlib.sha256(what.encode()).hexdigest()[:12]}"
    if uow.nudges.get(number, cause).count:
        return False
    uow.nudges.put(number, cause, Nudged(1))
    return True
