"""Subscribing: being told privately of updates and of a change of status, without being in the room."""

from __future__ import annotations

from bot.domain.errors import NotFound
from bot.domain.incident import Incident, IncidentId
from bot.domain.people import Actor, Viewer
from bot.domain.policy import Action, may
from bot.ports import UnitOfWork
from bot.services.plans import whisper


def subscribe(uow: UnitOfWork, actor: Actor, number: IncidentId, wanted: str = "yes") -> Incident:
    """Idempotent; ``wanted`` is nothing to stop."""
    may(actor, Action.JOIN)
    incident = uow.incidents.lock(number, actor.viewer)
    uow.incidents.subscribe(number, actor.id, wanted)
    return incident


def tell_subscribers(uow: UnitOfWork, actor: Actor, number: IncidentId, words: str) -> None:
    """Each of them, but whoever says it and who may not see it any more."""
    for person in uow.incidents.subscribers(number):
        if person == actor.id:
            continue
        try:
            uow.incidents.get(number, Viewer(person))
        except NotFound:
            continue
        whisper(uow, person, number, "news", {"text": words[:1000]})
