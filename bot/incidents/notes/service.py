"""What people put on the timeline: notes, decisions, captured messages; and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.errors import Invalid
from bot.core.incident import Incident, IncidentId
from bot.core.people import SYSTEM, Actor, PersonId
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Entry, Kind, fold
from bot.incidents.events import EntryAmended, EntryWritten
from bot.incidents.recording.amending import entered

TEXT_LIMIT = 4000
_FROM_MESSAGES = (Kind.MESSAGE, Kind.TASK, Kind.FOLLOWUP)


def note(
    uow: UnitOfWork,
    actor: Actor,
    number: IncidentId,
    text: str,
    at: datetime | None = None,
    kind: Kind = Kind.NOTE,
) -> Entry:
    """Write down what happened, when it happened; ``at`` may lie in the past, not in the future."""
    may(actor, Action.NOTE)
    words = text.strip()[:TEXT_LIMIT]
    if not words:
        raise Invalid('A note needs words: /incident note "text" [at 14:32]')
    if at is not None and at > uow.now:
        raise Invalid('A note cannot be about the future. For later: /incident task "text" 30m')
    incident = uow.incidents.lock(number, actor.viewer)
    entry = entered(uow, number, actor, kind, words, at=at)
    return _written(uow, actor, incident, entry)


def _written(uow: UnitOfWork, actor: Actor, incident: Incident, entry: Entry) -> Entry:
    """The entry is there, and its fact recorded."""
    from_message = bool(entry.source)
    uow.happened(EntryWritten(uow.now, actor, incident, entry.id, from_message))
    return entry


@dataclass(frozen=True, slots=True)
class Captured:
    """A chat message that goes on the timeline with its own author, time and link."""

    source: str
    author: PersonId
    said_at: datetime
    text: str
    url: str = ""


def capture(uow: UnitOfWork, actor: Actor, number: IncidentId, message: Captured) -> Entry | None:
    """Put a message on the timeline. Idempotent: a message stands there once."""
    may(actor, Action.NOTE)
    incident = uow.incidents.lock(number, actor.viewer)
    if standing(uow, number, message.source) is not None:
        return None
    written_by = Actor(message.author, message.author, actor.platform)
    data = {"captured_by": actor.id}
    entry = entered(
        uow,
        number,
        written_by,
        Kind.MESSAGE,
        message.text[:TEXT_LIMIT],
        data,
        message.said_at,
        message.source,
        message.url,
    )
    return _written(uow, actor, incident, entry)


def standing(uow: UnitOfWork, number: IncidentId, source: str) -> Entry | None:
    """The entry that a message stands for now, if it does."""
    entries = uow.timeline.from_source(number, source)
    superseding = [e for e in entries if e.supersedes is not None]
    shown = [e for e in fold([*entries, *superseding]) if e.kind in _FROM_MESSAGES]
    return shown[-1] if shown else None


def release(uow: UnitOfWork, actor: Actor, number: IncidentId, source: str) -> bool:
    """The reaction was taken away: the entry is removed, by an entry."""
    may(actor, Action.NOTE)
    incident = uow.incidents.lock(number, actor.viewer)
    return _superseded(uow, actor, incident, source, Kind.REMOVED, "")


def deleted(uow: UnitOfWork, actor: Actor, number: IncidentId, source: str) -> bool:
    """The message itself was deleted, by whomever: what was captured of it goes too."""
    incident = uow.incidents.lock(number, SYSTEM)
    return _superseded(uow, actor, incident, source, Kind.REMOVED, "")


def amended(uow: UnitOfWork, actor: Actor, number: IncidentId, source: str, text: str) -> bool:
    """The message itself was edited: so is its entry, by an entry."""
    incident = uow.incidents.lock(number, SYSTEM)
    return _superseded(uow, actor, incident, source, Kind.EDITED, text[:TEXT_LIMIT])


def _superseded(
    uow: UnitOfWork, actor: Actor, incident: Incident, source: str, kind: Kind, text: str
) -> bool:
    found = standing(uow, incident.id, source)
    if found is None or (kind is Kind.EDITED and found.text == text):
        return False
    entered(uow, incident.id, actor, kind, text, source=source, supersedes=found.id)
    uow.happened(EntryAmended(uow.now, actor, incident, found.id))
    return True


def link(uow: UnitOfWork, actor: Actor, number: IncidentId, url: str, text: str = "") -> Entry:
    """Put an address (http or https, checked by the parser) on the timeline and the incident's page."""
    may(actor, Action.NOTE)
    incident = uow.incidents.lock(number, actor.viewer)
    entry = entered(uow, number, actor, Kind.LINK, text.strip()[:TEXT_LIMIT], url=url)
    return _written(uow, actor, incident, entry)
