"""People in the incident: roles and handing them over, joining, leaving, inviting."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.incident import Incident, IncidentId, Role, Visibility
from bot.domain.nudge import Cause
from bot.domain.people import Actor, PersonId
from bot.domain.policy import Action, may
from bot.domain.timeline import Kind
from bot.ports import Membership, UnitOfWork
from bot.services.nudges import answered
from bot.services.plans import whisper
from bot.services.reactions import Event
from bot.services.recording import apply, changed, follow, record

# The roles that the room is asked for while nobody has them.
_ASKED_FOR = {Role.COMMANDER: Cause.LEAD, Role.COMMUNICATIONS: Cause.ROLE}
# A person asked for it: the notice that an invite leaves is not the bot's own noise.
ASKED = {"asked": "yes"}


def set_role(
    uow: UnitOfWork, actor: Actor, number: IncidentId, role: Role, person: PersonId
) -> Incident:
    """Give a role; whoever had it hands it over, and both are named on the timeline."""
    may(actor, Action.ROLE)
    before = uow.incidents.lock(number, actor.viewer)
    held = before.roles.get(role)
    if held == person:
        return before
    data = {"role": role.value, "person": person, "from": held or ""}
    how = Membership.JOINED if person == actor.id else Membership.INVITED
    add_people(uow, number, (person,), how)
    after = replace(before, roles={**before.roles, role: person})
    if role in _ASKED_FOR:
        answered(uow, number, _ASKED_FOR[role])
    return apply(uow, actor, before, after, Kind.ROLE, "", data)


def hand_over(
    uow: UnitOfWork, actor: Actor, number: IncidentId, role: Role, person: PersonId
) -> Incident:
    """Give a role, and tell its new holder privately where things stand."""
    incident = set_role(uow, actor, number, role, person)
    if person != actor.id:
        whisper(uow, person, number, "handover", {"role": role.value, "by": actor.name})
    return incident


def join(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Incident:
    """Idempotent."""
    may(actor, Action.JOIN)
    incident = uow.incidents.lock(number, actor.viewer)
    if add_people(uow, number, (actor.id,), Membership.JOINED):
        record(uow, number, actor, Kind.JOINED)
        changed(uow, number)
    return incident


def leave(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Incident:
    """Idempotent. Roles stay with whoever leaves until somebody takes them. Who leaves a private
    incident is taken out of its rooms; an open one's rooms are open to everybody, and they leave by hand."""
    may(actor, Action.JOIN)
    incident = uow.incidents.lock(number, actor.viewer)
    if uow.incidents.join(number, actor.id, Membership.LEFT):
        elsewhere = []
        for room in uow.rooms.of(number):
            if room.platform == "console":
                uow.console.dismiss(room.id, actor.id)
            else:
                elsewhere.append(room.platform)
        if incident.visibility is Visibility.PRIVATE:
            follow(uow, Event.LEFT, number, tuple(elsewhere), {**ASKED, "person": actor.id})
        record(uow, number, actor, Kind.LEFT)
        changed(uow, number)
    return incident


def invite(
    uow: UnitOfWork, actor: Actor, number: IncidentId, people: tuple[PersonId, ...]
) -> tuple[PersonId, ...]:
    """Invite people. Returns those who were not in already."""
    may(actor, Action.INVITE)
    uow.incidents.lock(number, actor.viewer)
    new = add_people(uow, number, people, Membership.INVITED)
    if new:
        record(uow, number, actor, Kind.INVITED, "", {"people": ", ".join(new)})
        changed(uow, number)
    return new


def add_people(
    uow: UnitOfWork, number: IncidentId, people: tuple[PersonId, ...], how: Membership
) -> tuple[PersonId, ...]:
    """Make people members and have the rooms invite them. Returns those for whom it was new."""
    new = tuple(person for person in people if uow.incidents.join(number, person, how))
    if new:
        follow(uow, Event.PEOPLE_ADDED, number, args=ASKED)
    return new
