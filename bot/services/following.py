"""Subscribing: being told privately of updates and of a change of status, without being in the room."""

from __future__ import annotations

from bot.domain.incident import Incident, IncidentId
from bot.domain.people import Actor
from bot.domain.policy import Action, may
from bot.events.incidents import SubscriptionChanged
from bot.ports import UnitOfWork


def subscribe(uow: UnitOfWork, actor: Actor, number: IncidentId, wanted: str = "yes") -> Incident:
    """Idempotent; ``wanted`` is nothing to stop."""
    may(actor, Action.JOIN)
    incident = uow.incidents.lock(number, actor.viewer)
    if uow.incidents.subscribe(number, actor.id, wanted):
        was, now = not wanted, bool(wanted)
        uow.happened(SubscriptionChanged(uow.now, actor, incident, actor.id, was, now))
    return incident
