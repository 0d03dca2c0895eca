"""Making an incident private later: what was shown is withdrawn where it can be, and what was seen is said."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core.errors import IllegalMove
from bot.core.escalation import NoticeState
from bot.core.incident import Incident, IncidentId, Membership, Visibility
from bot.core.people import Actor
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.events import Way
from bot.incidents.recording.amending import amend
from bot.incidents.roles.service import add_people
from bot.messages.keys import message_key


@dataclass(frozen=True, slots=True)
class Exposure:
    """What had been seen until now, each in words, and who may see it from now on."""

    incident: Incident
    seen: tuple[str, ...]
    members: tuple[str, ...]


def make_private(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Exposure:
    """For those who are in it only, from now on and for good. Raises ``IllegalMove`` when it is so already."""
    may(actor, Action.VISIBILITY)
    before = uow.incidents.lock(number, actor.viewer)
    if before.visibility is Visibility.PRIVATE:
        raise IllegalMove(
            f"{before.reference} is already private. /incident invite brings others in."
        )
    add_people(uow, actor, before, (actor.id,), Membership.JOINED, Way.CLOSED)
    seen = tuple(_seen(uow, before))
    after = replace(before, visibility=Visibility.PRIVATE)
    saved = amend(uow, actor, before, after, words="; ".join(seen), undoable=False)
    return Exposure(saved, seen, _members(uow, number))


def _members(uow: UnitOfWork, number: IncidentId) -> tuple[str, ...]:
    inside = uow.incidents.members(number).items()
    return tuple(uow.people.name(who) for who, how in inside if how is not Membership.LEFT)


def _seen(uow: UnitOfWork, incident: Incident) -> list[str]:
    """Where it stood open until now."""
    rooms = uow.rooms.of(incident.id)
    found = [f"its room on {room.platform}, open to everybody" for room in rooms]
    keys = {name: message_key(incident.id, name, "announcement") for name in uow.platforms}
    found += [f"the announcement on {name}" for name, key in keys.items() if uow.rooms.recall(key)]
    published = uow.status.of(incident.id)
    if published is not None:
        count = len(published.updates)
        updates = "1 update" if count == 1 else f"{count} updates"
        found.append(f"the status page: {updates} for customers")
    sent = [n for p in uow.pages.of(incident.id) for n in uow.pages.notices(p.id)]
    paged = {n.person for n in sent if n.state is NoticeState.SENT}
    if paged:
        found.append(f"pages to {', '.join(sorted(uow.people.name(who) for who in paged))}")
    told = uow.incidents.subscribers(incident.id)
    if told:
        found.append(f"news to {', '.join(uow.people.name(who) for who in told)}")
    return found
