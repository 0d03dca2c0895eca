"""People in the incident: roles and handing them over, joining, leaving, inviting."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.incident import Incident, IncidentId, Membership, Role
from bot.core.people import Actor, PersonId
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.events import PeopleAdded, PersonLeft, Way
from bot.incidents.recording.amending import amend


def set_role(
    uow: UnitOfWork,
    actor: Actor,
    number: IncidentId,
    role: Role,
    person: PersonId,
    *,
    handed: bool = False,
) -> Incident:
    """Give a role; whoever had it hands it over, and both are named on the timeline. ``handed``: the new holder
    is told privately where things stand."""
    may(actor, Action.ROLE)
    before = uow.incidents.lock(number, actor.viewer)
    if before.roles.get(role) == person:
        return before
    how = Membership.JOINED if person == actor.id else Membership.INVITED
    add_people(uow, actor, before, (person,), how, Way.ROLE)
    after = replace(before, roles={**before.roles, role: person})
    return amend(uow, actor, before, after, handed=handed)


def hand_over(
    uow: UnitOfWork, actor: Actor, number: IncidentId, role: Role, person: PersonId
) -> Incident:
    """Give a role, and tell its new holder privately where things stand."""
    return set_role(uow, actor, number, role, person, handed=True)


def join(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Incident:
    """Idempotent."""
    may(actor, Action.JOIN)
    incident = uow.incidents.lock(number, actor.viewer)
    add_people(uow, actor, incident, (actor.id,), Membership.JOINED, Way.JOINED)
    return incident


def leave(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Incident:
    """Idempotent. Roles stay with whoever leaves until somebody takes them. Who leaves a private
    incident is taken out of its rooms; an open one's rooms are open to everybody, and they leave by hand."""
    may(actor, Action.JOIN)
    incident = uow.incidents.lock(number, actor.viewer)
    if uow.incidents.join(number, actor.id, Membership.LEFT):
        uow.happened(PersonLeft(uow.now, actor, incident, actor.id))
    return incident


def invite(
    uow: UnitOfWork, actor: Actor, number: IncidentId, people: tuple[PersonId, ...]
) -> tuple[PersonId, ...]:
    """Invite people. Returns those who were not in already."""
    may(actor, Action.INVITE)
    incident = uow.incidents.lock(number, actor.viewer)
    return add_people(uow, actor, incident, people, Membership.INVITED, Way.INVITED)


def add_people(
    uow: UnitOfWork,
    actor: Actor,
    incident: Incident,
    people: tuple[PersonId, ...],
    how: Membership,
    way: Way,
    later: datetime | None = None,
) -> tuple[PersonId, ...]:
    """Make people members. Returns those for whom it was new. The caller holds the incident's row."""
    new = tuple(person for person in people if uow.incidents.join(incident.id, person, how))
    if new:
        uow.happened(PeopleAdded(uow.now, actor, incident, new, way, later))
    return new
