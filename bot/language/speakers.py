"""Who is speaking: a person of the organisation, or one met in chat and remembered from then on."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.core.chat.vocabulary import Admission, Invocation, Speaker
from bot.core.errors import NotFound
from bot.core.events.base import Word
from bot.core.events.people import PersonMet
from bot.core.incident import IncidentId
from bot.core.people import Actor, Person, PersonId, Standing, Viewer
from bot.core.ports.unit_of_work import UnitOfWork

# The command line: who may open its socket or the database's file can do everything anyway.
OPERATORS = "cli"


def actor_of(uow: UnitOfWork, platform: str, speaker: Speaker) -> Actor:
    """The person behind a speaker, without writing; somebody new gets the id they would be met with."""
    known = known_person(uow, platform, speaker)
    person = known or stranger(platform, speaker)
    standing = person.standing if speaker.admission is Admission.ALLOWED else Standing.OUTSIDER
    if platform == OPERATORS and person.id not in uow.org.people:
        standing = Standing.ADMIN
    zone = person.timezone if known else speaker.timezone or uow.org.timezone
    return Actor(person.id, person.name, platform, zone, standing)


def reported_by(uow: UnitOfWork, actor: Actor, number: IncidentId) -> bool:
    """Whether it is the actor's own, which needs no joining. Raises ``NotFound``."""
    return uow.incidents.get(number, actor.viewer).reporter == actor.id


def known_person(uow: UnitOfWork, platform: str, speaker: Speaker) -> Person | None:
    """By the platform's id, then by e-mail."""
    if platform in ("console", OPERATORS) and PersonId(speaker.id) in uow.org.people:
        return uow.org.people[PersonId(speaker.id)]
    found = uow.people.by_identity(platform, speaker.id)
    if found is not None or not speaker.email:
        return found
    wanted = speaker.email.casefold()
    matches = [p for p in uow.people.all() if (p.email or "").casefold() == wanted]
    return uow.people.get(matches[0].id) if matches else None


def stranger(platform: str, speaker: Speaker) -> Person:
    """The person that somebody not yet known becomes on first use."""
    native = re.sub(r"[^a-z0-9]+", "-", speaker.id.lower())
    return Person(
        PersonId(f"{platform}-{native}"[:80]),
        speaker.name[:120] or speaker.id,
        speaker.timezone or "UTC",
        speaker.email or None,
        identities={platform: speaker.id},
    )


def meet(uow: UnitOfWork, platform: str, speaker: Speaker) -> None:
    """Remember a stranger, and on which platform somebody known by e-mail speaks. Idempotent."""
    known = known_person(uow, platform, speaker)
    if known is None:
        met = uow.people.meet(stranger(platform, speaker))
    elif platform not in ("console", OPERATORS) and platform not in known.identities:
        met = uow.people.meet(replace(known, identities={platform: speaker.id}))
    else:
        return
    by = actor_of(uow, platform, speaker)
    uow.happened(PersonMet(uow.now, by, met.id, Word(platform)))


def goes_on_in(uow: UnitOfWork, number: IncidentId, viewer: Viewer) -> IncidentId:
    """The incident itself or, after a merge, the one it went on in, as far as the viewer may see it."""
    seen = {number}
    while True:
        try:
            into = uow.incidents.get(number, viewer).merged_into
            if into is None or into in seen:
                return number
            uow.incidents.get(into, viewer)
        except NotFound:
            return number
        seen.add(into)
        number = into


def here_in(uow: UnitOfWork, call: Invocation, actor: Actor) -> IncidentId | None:
    """The incident whose room this is; for one that was merged, where the work goes on."""
    number = uow.rooms.incident_in(call.platform, call.room) if call.room else None
    return None if number is None else goes_on_in(uow, number, actor.viewer)
