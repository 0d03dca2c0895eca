"""Briefs, catch-ups and what is alike: read for one viewer, made by rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.briefs import (
    Audience,
    Brief,
    customer_brief,
    exec_brief,
    news,
    since_left,
    tactical_brief,
)
from bot.domain.errors import NotAllowed
from bot.domain.incident import Incident, IncidentId, Visibility
from bot.domain.people import PersonId, Viewer
from bot.domain.similar import alike
from bot.domain.timeline import Entry
from bot.ports import Head, UnitOfWork
from bot.services.facts import facts_of
from bot.services.reads import story
from bot.views.incident import Facts

# Among this many open incidents the alike ones are looked for.
_LOOKED_AT = 25


@dataclass(frozen=True, slots=True)
class CatchUp:
    facts: Facts
    entries: tuple[Entry, ...]
    since: datetime | None


def catch_up(uow: UnitOfWork, number: IncidentId, reader: PersonId) -> CatchUp:
    """What happened since the reader last did anything there."""
    told = story(uow, number, Viewer(reader))
    since = since_left(told.entries, reader)
    facts = facts_of(uow, told.incident)
    known = replace(facts, names={**told.names, **facts.names})
    return CatchUp(known, tuple(news(told.entries, since)), since)


def brief(
    uow: UnitOfWork, number: IncidentId, audience: Audience, viewer: Viewer
) -> tuple[Brief, dict[PersonId, str]]:
    """The brief for an audience, and the names of who is in it."""
    told = story(uow, number, viewer)
    if audience is Audience.CUSTOMER:
        return _for_customers(uow, told.incident), {}
    tasks = uow.tasks.of(number)
    names = {**told.names, **{t.owner: uow.people.name(t.owner) for t in tasks if t.owner}}
    make = exec_brief if audience is Audience.EXEC else tactical_brief
    return make(told.incident, told.entries, tasks), names


def _for_customers(uow: UnitOfWork, incident: Incident) -> Brief:
    if incident.visibility is Visibility.PRIVATE:
        raise NotAllowed(
            "A private incident is not for customers. /incident brief exec is for inside."
        )
    found = [
        uow.org.services[name].component for name in incident.services if name in uow.org.services
    ]
    components = [c for c in dict.fromkeys(found) if c and c in uow.org.components]
    published = uow.status.of(incident.id)
    updates = published.updates if published else ()
    return customer_brief(incident, [uow.org.components[c].name for c in components], updates)


def similar(uow: UnitOfWork, incident: Incident, viewer: Viewer) -> tuple[Head, ...]:
    """Open incidents that are like this one, as far as the viewer may see them."""
    return tuple(alike(incident, uow.incidents.open_heads(viewer, _LOOKED_AT)))
