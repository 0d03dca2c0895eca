"""Briefs and catch-ups: read for one viewer, made by rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.briefs.cards import late_card
from bot.briefs.model import (
    Audience,
    Brief,
    customer_brief,
    exec_brief,
    news,
    since_left,
    tactical_brief,
)
from bot.core.chat.card import Card
from bot.core.errors import NotAllowed
from bot.core.incident import Incident, IncidentId, Visibility
from bot.core.people import SYSTEM, PersonId, Viewer
from bot.core.ports.jobs import Args
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Entry
from bot.incidents.cards import Facts
from bot.incidents.facts import facts_of
from bot.timeline.reads import story


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


def late_words(uow: UnitOfWork, incident: Incident, what: str, args: Args) -> tuple[Card, ...]:
    """What a room that opened late missed."""
    if not what.startswith("late"):
        return ()
    told = story(uow, incident.id, SYSTEM)
    facts = facts_of(uow, incident)
    known = replace(facts, names={**told.names, **facts.names})
    return (late_card(known, told.entries),)
