"""Writing an incident's changes down: its row, an event for each changed fact, and entries that are rows themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.incident import Incident, IncidentId
from bot.domain.people import BOT, Actor
from bot.domain.timeline import Entry, EntryId, Kind
from bot.events.base import IncidentEvent, Said
from bot.events.differences import differences, promise
from bot.events.incidents import RoleGiven, StatusChanged, VisibilityChanged
from bot.ports import UnitOfWork
from bot.services.snapshots import undo_of

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
    told = [_worded(event, words, bool(also), handed) for event in differences(*by)]
    facts = [*told, *(replace(event, incident=saved) for event in also), *promise(*by)]
    if undoing:
        facts = [replace(event, undoing=True) for event in facts]
    elif facts and undoable:
        facts[0] = replace(facts[0], undo=undo_of(before, saved))
    uow.happened(*facts)
    return saved


def _worded(event: IncidentEvent, words: str, accompanied: bool, handed: bool) -> IncidentEvent:
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


def planned(uow: UnitOfWork, number: IncidentId) -> tuple[str, ...]:
    """The platforms that the incident's plan has rooms on, open or not yet."""
    return tuple(dict.fromkeys(step.platform for step in uow.plans.of(number)))


def message_key(incident: int, platform: str, what: str) -> str:
    """The key under which a message of an incident is remembered."""
    return f"inc{incident}:{platform}:{what}"


def whisper_key(incident: int, platform: str, job: int) -> str:
    """The key under which a direct message is remembered: by the job that sent it."""
    return message_key(incident, platform, f"whisper{job}")


def marker(uow_install: str, incident: int, platform: str, what: str) -> str:
    """What finds a message or a room of ours again after a lost answer. At most 100 characters."""
    return f"{uow_install}:inc{incident}:{platform}:{what}"
