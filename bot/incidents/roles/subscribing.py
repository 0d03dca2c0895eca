"""Subscribing: being told privately of updates and of a change of status, without being in the room."""

from __future__ import annotations

from bot.core.incident import Incident, IncidentId
from bot.core.people import Actor
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.events import SubscriptionChanged


def subscribe(
    uow: UnitOfWork, actor: Actor, number: IncidentId, *, wanted: bool = True
) -> Incident:
    """Begin, or stop, being told. Idempotent."""
    may(actor, Action.JOIN)
    incident = uow.incidents.lock(number, actor.viewer)
    if uow.incidents.subscribe(number, actor.id, wanted=wanted):
        uow.happened(SubscriptionChanged(uow.now, actor, incident, actor.id, not wanted, wanted))
    return incident
