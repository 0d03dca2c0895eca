"""An incident's timeline as one viewer may read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.core.errors import NotFound
from bot.core.incident import Incident, IncidentId
from bot.core.people import PersonId, Viewer
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Entry, EntryId, Kind, fold

# Under these an entry names people: who is paged or given a role, and who has a task.
_NAMED = ("person", "owner")
_WRITTEN = (Kind.NOTE, Kind.DECISION, Kind.MESSAGE, Kind.UPDATE, Kind.LINK, Kind.IMPACT)


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
    incident = redact_merge_target(uow, uow.incidents.get(number, viewer), viewer)
    found = uow.timeline.recent(number, limit, viewer) if limit else uow.timeline.of(number, viewer)
    entries = tuple(with_merged(uow, fold(found), viewer))
    people = {entry.author for entry in entries if entry.author} | {incident.reporter}
    people |= set(incident.roles.values())
    people |= {PersonId(e.data[key]) for e in entries for key in _NAMED if e.data.get(key)}
    names = {p: uow.people.name(p) for p in sorted(people)}
    numbers = {} if limit else {entry.id: at for at, entry in enumerate(found, start=1)}
    return Story(incident, entries, names, numbers)


def redact_merge_target(uow: UnitOfWork, incident: Incident, viewer: Viewer) -> Incident:
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
