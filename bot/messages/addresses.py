"""Where a person can be told: the chat platforms and channels that reach them."""

from __future__ import annotations

from datetime import datetime

from bot.core.incident import IncidentId
from bot.core.people import PersonId, Urgency
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.reaching import Send, sends

# What stands before a room in the place of a person, where a step tells a channel.
ROOM = "#"


def native(uow: UnitOfWork, platform: str, person: PersonId) -> str | None:
    """The person's id on a platform, if they have one there; a room that a page goes to is itself."""
    if person.startswith(ROOM):
        return person
    if platform == "console":
        return person
    return uow.people.known_as(person, platform)


def exists(uow: UnitOfWork, person: PersonId) -> bool:
    """Whether somebody is of the organisation or was met in chat; not once they have left."""
    return person in uow.org.people or uow.people.met_as(person) is not None


def addresses(uow: UnitOfWork, person: PersonId) -> tuple[str, ...]:
    """The platforms on which this person can be told."""
    known = uow.people.get(person)
    return tuple(p for p in uow.platforms if p == "console" or p in known.identities)


def ways(uow: UnitOfWork, person: PersonId) -> tuple[str, ...]:
    """Chat platforms and channels that reach this person; none for somebody who has left."""
    if not exists(uow, person):
        return ()
    known = uow.people.get(person)
    outside = (name for name, channel in uow.org.channels.items() if channel.reaches(known))
    return (*addresses(uow, person), *outside)


def sends_to(uow: UnitOfWork, person: PersonId, urgency: Urgency, at: datetime) -> tuple[Send, ...]:
    """What is sent to this person for a page of this moment, by their own rules."""
    known = uow.people.get(person)
    found = sends(known, urgency, addresses(uow, person), uow.org.channels, at)
    # When no rule fits, whoever has a channel that reaches them is told all the same.
    return found or tuple(Send(name, at) for name in ways(uow, person))


def planned(uow: UnitOfWork, number: IncidentId) -> tuple[str, ...]:
    """The platforms that the incident's plan has rooms on, open or not yet."""
    return tuple(dict.fromkeys(step.platform for step in uow.plans.of(number)))
