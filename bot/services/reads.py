"""What people ask to see: lists, one incident, its timeline, its people, its tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain.errors import NotFound
from bot.domain.incident import Incident, IncidentId
from bot.domain.oncall import on_call
from bot.domain.people import Actor, PersonId, Viewer
from bot.domain.tasks import Task
from bot.domain.timeline import Entry, EntryId, Kind, fold
from bot.ports import Filter, Membership, UnitOfWork
from bot.services.facts import facts_of, short_facts
from bot.services.schedules import schedule_of
from bot.views.incident import Facts


def listed(uow: UnitOfWork, wanted: Filter, viewer: Viewer) -> tuple[Facts, ...]:
    """Incidents that the viewer may see, newest first."""
    return tuple(short_facts(uow, incident) for incident in uow.incidents.find(wanted, viewer))


def shown(uow: UnitOfWork, number: IncidentId, viewer: Viewer) -> Facts:
    return facts_of(uow, uow.incidents.get(number, viewer), viewer)


@dataclass(frozen=True, slots=True)
class Concerning:
    """What concerns one person; ``on_call`` names schedules."""

    incidents: tuple[Facts, ...]
    tasks: tuple[Task, ...]
    on_call: tuple[str, ...]


def concerning(uow: UnitOfWork, actor: Actor) -> Concerning:
    """The person's open incidents, unfinished tasks and present turns on call."""
    mine = Filter(open_only="yes", member=actor.id)
    tasks = tuple(uow.tasks.owned_by(actor.id, actor.viewer))
    turns = (
        name for name in uow.org.schedules if actor.id in on_call(schedule_of(uow, name), uow.now)
    )
    return Concerning(listed(uow, mine, actor.viewer), tasks, tuple(sorted(turns)))


@dataclass(frozen=True, slots=True)
class Story:
    """An incident's folded timeline, and the names of who is in it; ``numbers`` count all its entries
    from 1, those included that are not shown, so that a number never changes."""

    incident: Incident
    entries: tuple[Entry, ...]
    names: dict[PersonId, str]
    numbers: Mapping[EntryId, int] = field(default_factory=dict)


def story(uow: UnitOfWork, number: IncidentId, viewer: Viewer, limit: int = 0) -> Story:
    """The whole timeline, or its last ``limit`` entries."""
    incident = veiled(uow, uow.incidents.get(number, viewer), viewer)
    found = uow.timeline.recent(number, limit, viewer) if limit else uow.timeline.of(number, viewer)
    entries = tuple(with_merged(uow, fold(found), viewer))
    people = {entry.author for entry in entries if entry.author} | {incident.reporter}
    people |= set(incident.roles.values())
    people |= {PersonId(e.data["person"]) for e in entries if e.data.get("person")}
    names = {p: uow.people.name(p) for p in sorted(people)}
    numbers = {} if limit else {entry.id: at for at, entry in enumerate(found, start=1)}
    return Story(incident, entries, names, numbers)


def veiled(uow: UnitOfWork, incident: Incident, viewer: Viewer) -> Incident:
    """As the viewer may know it: what it was merged into is named only to whoever may see that too."""
    if incident.merged_into is None:
        return incident
    try:
        uow.incidents.get(incident.merged_into, viewer)
    except NotFound:
        return replace(incident, merged_into=None)
    return incident


def with_merged(uow: UnitOfWork, entries: list[Entry], viewer: Viewer) -> list[Entry]:
    """Folded entries of an incident, with what people wrote in those that were merged into it, by when
    it happened. Read from where it was written, so nobody sees more by a merge than before."""
    seen: set[IncidentId] = set()
    found, left = list(entries), [e for e in entries if e.kind is Kind.MERGED]
    while left:
        source = IncidentId(int(left.pop().data.get("source", 0)))
        if source in seen:
            continue
        seen.add(source)
        there = fold(uow.timeline.of(source, viewer))
        found += [e for e in there if e.kind in _WRITTEN]
        left += [e for e in there if e.kind is Kind.MERGED]
    return sorted(found, key=lambda e: (e.happened_at, e.id)) if seen else entries


_WRITTEN = (Kind.NOTE, Kind.DECISION, Kind.MESSAGE, Kind.UPDATE, Kind.LINK, Kind.IMPACT)


def crew(uow: UnitOfWork, number: IncidentId) -> dict[PersonId, str]:
    """Who is in the incident, by name."""
    members = uow.incidents.members(number)
    return {who: uow.people.name(who) for who, how in members.items() if how is not Membership.LEFT}
