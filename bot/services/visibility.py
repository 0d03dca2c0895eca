"""Making an incident private later: what was shown is withdrawn where it can be, and what was seen is said."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.errors import IllegalMove
from bot.domain.incident import Incident, IncidentId, Visibility
from bot.domain.people import SYSTEM, Actor
from bot.domain.policy import Action, may
from bot.domain.timeline import Kind, fold
from bot.ports import Membership, NoticeState, UnitOfWork
from bot.services.hiding import blank
from bot.services.paging import refresh_notices
from bot.services.reactions import Event
from bot.services.recording import change, changed, follow, message_key, record
from bot.services.status import render_soon


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
            f"{before.reference} is private already. /incident invite brings others in."
        )
    uow.incidents.join(number, actor.id, Membership.JOINED)
    seen = tuple(_seen(uow, before))
    saved = change(uow, replace(before, visibility=Visibility.PRIVATE))
    record(uow, number, actor, Kind.VISIBILITY, "; ".join(seen), {"to": Visibility.PRIVATE.value})
    _withdraw(uow, number)
    for page in uow.pages.of(number):
        refresh_notices(uow, page)
    follow(uow, Event.HIDDEN, number)
    render_soon(uow)
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


def _withdraw(uow: UnitOfWork, number: IncidentId) -> None:
    """The announcement, and in rooms of what was merged into this the message that leads here."""
    for platform in uow.platforms:
        blank(uow, number, platform, message_key(number, platform, "announcement"))
    for entry in fold(uow.timeline.of(number, SYSTEM)):
        if entry.kind is Kind.MERGED and entry.data.get("source"):
            source = IncidentId(int(entry.data["source"]))
            for room in uow.rooms.of(source):
                key = message_key(source, room.platform, f"merged:{number}")
                blank(uow, source, room.platform, key)
            changed(uow, source)
