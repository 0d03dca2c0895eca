"""What people ask to see: lists, one incident, who is in it, and which others are similar."""

from __future__ import annotations

from bot.core.incident import Filter, Head, Incident, IncidentId, Membership
from bot.core.people import PersonId, Viewer
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.cards import Facts
from bot.incidents.facts import facts_of, short_facts
from bot.incidents.similar import alike

# Among this many open incidents the alike ones are looked for.
_LOOKED_AT = 25


def listed(uow: UnitOfWork, wanted: Filter, viewer: Viewer) -> tuple[Facts, ...]:
    """Incidents that the viewer may see, newest first."""
    return tuple(short_facts(uow, incident) for incident in uow.incidents.find(wanted, viewer))


def shown(uow: UnitOfWork, number: IncidentId, viewer: Viewer) -> Facts:
    return facts_of(uow, uow.incidents.get(number, viewer), viewer)


def member_names(uow: UnitOfWork, number: IncidentId) -> dict[PersonId, str]:
    """Who is in the incident, by name."""
    members = uow.incidents.members(number)
    return {who: uow.people.name(who) for who, how in members.items() if how is not Membership.LEFT}


def similar(uow: UnitOfWork, incident: Incident, viewer: Viewer) -> tuple[Head, ...]:
    """Open incidents that are like this one, as far as the viewer may see them."""
    return tuple(alike(incident, uow.incidents.open_heads(viewer, _LOOKED_AT)))
