"""Writing an incident's changes down: one entry on the timeline, one saved row, one event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.incident import Incident, IncidentId
from bot.domain.people import BOT, Actor
from bot.domain.timeline import Entry, EntryId, Kind
from bot.ports import Args, JobSpec, UnitOfWork
from bot.services.reactions import Event, jobs_for
from bot.services.snapshots import undo_of

# A card's edits coalesce to one in this long.
COALESCE = timedelta(seconds=2)
_NOBODY = EntryId(0)


def record(
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
    """Append to the timeline. ``at`` is when it happened, when that is not now."""
    author = None if actor == BOT else actor.id
    entry = Entry(
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
    )
    return uow.timeline.add(entry)


def change(uow: UnitOfWork, incident: Incident) -> Incident:
    """Save, and let the cards follow. The caller holds the incident's row."""
    saved = uow.incidents.save(incident)
    follow(uow, Event.CHANGED, saved.id)
    return saved


def apply(
    uow: UnitOfWork,
    actor: Actor,
    before: Incident,
    after: Incident,
    kind: Kind,
    text: str = "",
    data: Mapping[str, str] | None = None,
) -> Incident:
    """One change: its entry, which can be undone, and the saved row. The caller holds the row."""
    record(uow, before.id, actor, kind, text, {**(data or {}), **undo_of(before, after)})
    return change(uow, after)


def changed(uow: UnitOfWork, incident: IncidentId) -> None:
    """Something that the cards show has changed, though not the incident's own row."""
    follow(uow, Event.CHANGED, incident)


def follow(
    uow: UnitOfWork,
    event: Event,
    incident: IncidentId,
    platforms: tuple[str, ...] | None = None,
    args: Args | None = None,
) -> None:
    """Enqueue what the policy table says follows from ``event``, in this transaction.

    Without ``platforms``: those that have a room of the incident; for DECLARED, every one.
    """
    chosen = platforms if platforms is not None else _rooms(uow, incident)
    specs = jobs_for(event, incident, chosen, uow.now, args or {})
    uow.jobs.enqueue(*(_coalesced(uow, spec) for spec in specs))


def _rooms(uow: UnitOfWork, incident: IncidentId) -> tuple[str, ...]:
    return tuple(room.platform for room in uow.rooms.of(incident))


def room_platforms(uow: UnitOfWork, incident: Incident) -> tuple[str, ...]:
    """The platforms where its war rooms open: those that the organisation file names for its services,
    else for its severity, else for all, as far as they are configured. Where none is, the console."""
    wanted = uow.org.rooms_for(incident.services, incident.severity)
    found = tuple(name for name in uow.platforms if name in wanted or not wanted)
    return found or ("console",)


def planned(uow: UnitOfWork, number: IncidentId) -> tuple[str, ...]:
    """The platforms that the incident's plan has rooms on, open or not yet."""
    return tuple(dict.fromkeys(step.platform for step in uow.plans.of(number)))


def _coalesced(uow: UnitOfWork, spec: JobSpec) -> JobSpec:
    """A refresh waits until two seconds after the last edit of the same message was sent."""
    if not spec.task.startswith("refresh_"):
        return spec
    what = spec.task.removeprefix("refresh_")
    sent = uow.rooms.recall(message_key(spec.incident or 0, str(spec.args["platform"]), what))
    if sent is None or sent.sent_at is None:
        return spec
    return replace(spec, run_at=max(uow.now, sent.sent_at + COALESCE))


def message_key(incident: int, platform: str, what: str) -> str:
    """The key under which a message of an incident is remembered."""
    return f"inc{incident}:{platform}:{what}"


def whisper_key(incident: int, platform: str, job: int) -> str:
    """The key under which a direct message is remembered: by the job that sent it."""
    return message_key(incident, platform, f"whisper{job}")


def marker(uow_install: str, incident: int, platform: str, what: str) -> str:
    """What finds a message or a room of ours again after a lost answer. At most 100 characters."""
    return f"{uow_install}:inc{incident}:{platform}:{what}"
