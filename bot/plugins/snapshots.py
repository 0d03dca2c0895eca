"""What a plug-in is shown: read in one transaction, and nothing of a private incident unless it is named for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.errors import NotAllowed
from bot.core.incident import Incident, IncidentId, Visibility
from bot.core.people import SYSTEM, Actor, PersonId, Viewer
from bot.core.ports.occurrences import Occurrence
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Entry, Kind, fold
from bot.incidents.recording.snapshots import UNDO
from bot.plugins.api import Plugin, Snapshot
from bot.plugins.organisation import PRIVATE
from bot.timeline.reads import redact_merge_target

# The fields of events that name another incident.
OTHERS = ("into", "source")


def may_read(uow: UnitOfWork, plugin: str, incident: Incident) -> bool:
    """Whether the organisation lets a plug-in know of the incident."""
    return incident.visibility is Visibility.PUBLIC or plugin in uow.org.section(PRIVATE)


def for_command(
    uow: UnitOfWork, plugin: str, actor: Actor, number: IncidentId | None, words: str
) -> Snapshot:
    """What a verb is given. Raises ``NotFound`` as for any command, ``NotAllowed`` in a private incident."""
    incident = None if number is None else uow.incidents.get(number, actor.viewer)
    if incident is not None and not may_read(uow, plugin, incident):
        raise NotAllowed(
            f"The plug-in {plugin} may not read private incidents. An admin names it in the organisation file."
        )
    return _snapshot(uow, plugin, actor.id, incident, (), words)


def for_act(
    uow: UnitOfWork, plugin: Plugin, rows: Sequence[Occurrence], names: frozenset[str]
) -> list[Snapshot]:
    """One for each incident of the act that the plug-in may know, and one for what is about none."""
    heard = [row for row in rows if row.name in names and _may_be_told(uow, plugin.name, row)]
    made = []
    for number in dict.fromkeys(row.incident for row in heard):
        incident = None if number is None else uow.incidents.get(number, SYSTEM)
        if incident is None or may_read(uow, plugin.name, incident):
            events = tuple(row for row in heard if row.incident == number)
            made.append(_snapshot(uow, plugin.name, events[0].actor, incident, events, ""))
    return made


def _may_be_told(uow: UnitOfWork, plugin: str, row: Occurrence) -> bool:
    """Whether the plug-in may know of every other incident that the event names."""
    others = (row.data[field] for field in OTHERS if row.data.get(field) is not None)
    return all(may_read(uow, plugin, uow.incidents.get(IncidentId(n), SYSTEM)) for n in others)


def _snapshot(
    uow: UnitOfWork,
    plugin: str,
    actor: PersonId,
    incident: Incident | None,
    events: Sequence[Occurrence],
    words: str,
) -> Snapshot:
    timeline: tuple[Entry, ...] = ()
    if incident is not None:
        known = incident
        incident = redact_merge_target(uow, known, Viewer(PersonId(f"plugin-{plugin}")))
        hidden = incident.merged_into != known.merged_into
        found = fold(uow.timeline.of(incident.id, SYSTEM))
        seen = [entry for entry in found if _may_be_shown(uow, plugin, entry)]
        timeline = tuple(_without_target(entry) if hidden else entry for entry in seen)
    # A copy: what a plug-in does to it stays with the plug-in.
    services = dict(uow.org.services)
    return Snapshot(uow.now, uow.org.name, services, actor, incident, timeline, events, words)


def _may_be_shown(uow: UnitOfWork, plugin: str, entry: Entry) -> bool:
    """Whether the plug-in may know of what was merged into this."""
    if entry.kind is not Kind.MERGED or not entry.data.get("source"):
        return True
    return may_read(uow, plugin, uow.incidents.get(IncidentId(int(entry.data["source"])), SYSTEM))


def _without_target(entry: Entry) -> Entry:
    """What it was merged into is private, down to its number; what would undo it says the number, too."""
    return replace(entry, data={k: v for k, v in entry.data.items() if k not in ("into", UNDO)})
