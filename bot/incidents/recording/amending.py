"""Saves an incident's changes: its row, an event for each changed fact, and entries that are rows themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.core.events.base import IncidentEvent, Said
from bot.core.incident import Incident, IncidentId
from bot.core.people import BOT, Actor
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Entry, EntryId, Kind
from bot.incidents.events import RoleGiven, StatusChanged, VisibilityChanged
from bot.incidents.recording.differences import differences, promise
from bot.incidents.recording.snapshots import undo_of

_NOBODY = EntryId(0)


def amend(
    uow: UnitOfWork,
    actor: Actor,
    before: Incident,
    after: Incident,
    *also: IncidentEvent,
    words: str = "",
    undoing: bool = False,
    undoable: bool = True,
    handed: bool = False,
) -> Incident:
    """Save ``after`` and record every fact that changed, and ``also``, as one. The caller holds the row.

    ``words`` is why, or what was seen until then; ``handed``: whoever gets a role is told where things stand. What
    undoes it goes with the first fact, unless it is itself ``undoing`` or is for good.
    """
    saved = uow.incidents.save(after) if after != before else after
    by = (uow.now, actor, before, saved)
    told = [
        _worded(event, words, accompanied=bool(also), handed=handed) for event in differences(*by)
    ]
    facts = [*told, *(replace(event, incident=saved) for event in also), *promise(*by)]
    if undoing:
        facts = [replace(event, undoing=True) for event in facts]
    elif facts and undoable:
        facts[0] = replace(facts[0], undo=undo_of(before, saved))
    uow.happened(*facts)
    return saved


def _worded(event: IncidentEvent, words: str, *, accompanied: bool, handed: bool) -> IncidentEvent:
    match event:
        case StatusChanged():
            return replace(event, why=Said(words), in_update=accompanied)
        case VisibilityChanged():
            return replace(event, seen=Said(words))
        case RoleGiven():
            return replace(event, handed=handed)
        case _:
            return event


def entered(
    uow: UnitOfWork,
    incident: IncidentId,
    actor: Actor,
    kind: Kind,
    text: str = "",
    data: Mapping[str, str] | None = None,
    at: datetime | None = None,
    source: str = "",
    url: str = "",
    supersedes: EntryId | None = None,
) -> Entry:
    """Append to the timeline. ``at`` is when it happened, when that is not now.

    For the timeline, which writes down what it hears, and for verbs whose row is the entry itself.
    """
    author = None if actor == BOT else actor.id
    return uow.timeline.add(
        Entry(
            _NOBODY,
            incident,
            kind,
            at or uow.now,
            uow.now,
            author,
            actor.platform,
            text,
            dict(data or {}),
            source,
            url,
            supersedes,
            uow.act,
        )
    )


def room_platforms(uow: UnitOfWork, incident: Incident) -> tuple[str, ...]:
    """The platforms where its war rooms open: those that the organisation file names for its services,
    else for its severity, else for all, as far as they are configured. Where none is, the console."""
    wanted = uow.org.rooms_for(incident.services, incident.severity)
    found = tuple(name for name in uow.platforms if name in wanted or not wanted)
    return found or ("console",)
