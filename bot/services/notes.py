"""What people put on the timeline: notes, decisions, captured messages; and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import Invalid, NotFound
from bot.domain.incident import IncidentId
from bot.domain.people import Actor, PersonId
from bot.domain.policy import Action, may
from bot.domain.timeline import Entry, Kind, fold
from bot.ports import UnitOfWork
from bot.services.recording import changed, record

TEXT_LIMIT = 4000


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
        raise Invalid("A note cannot be about the future.")
    uow.incidents.lock(number, actor.viewer)
    return record(uow, number, actor, kind, words, at=at)


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
    uow.incidents.lock(number, actor.viewer)
    if standing(uow, number, message.source) is not None:
        return None
    written_by = Actor(message.author, message.author, actor.platform)
    data = {"captured_by": actor.id}
    entry = record(
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
    changed(uow, number)
    return entry


def standing(uow: UnitOfWork, number: IncidentId, source: str) -> Entry | None:
    """The entry that a message stands for now, if it does."""
    entries = uow.timeline.from_source(number, source)
    superseding = [e for e in entries if e.supersedes is not None]
    shown = [e for e in fold([*entries, *superseding]) if e.kind is Kind.MESSAGE]
    return shown[-1] if shown else None


def release(uow: UnitOfWork, actor: Actor, number: IncidentId, source: str) -> bool:
    """The reaction was taken away or the message deleted: the entry is removed, by an entry."""
    uow.incidents.lock(number, actor.viewer)
    found = standing(uow, number, source)
    if found is None:
        return False
    record(uow, number, actor, Kind.REMOVED, source=source, supersedes=found.id)
    changed(uow, number)
    return True


def amend(uow: UnitOfWork, actor: Actor, number: IncidentId, source: str, text: str) -> bool:
    """A captured message was edited: so is its entry, by an entry."""
    uow.incidents.lock(number, actor.viewer)
    found = standing(uow, number, source)
    if found is None or found.text == text:
        return False
    record(uow, number, actor, Kind.EDITED, text[:TEXT_LIMIT], source=source, supersedes=found.id)
    changed(uow, number)
    return True


UNDO_WITHIN = timedelta(minutes=1)
_UNDOABLE = (Kind.NOTE, Kind.DECISION, Kind.MESSAGE, Kind.UPDATE)


def undo(uow: UnitOfWork, actor: Actor, number: IncidentId) -> Entry:
    """Take back one's own last entry in this incident, within a minute."""
    may(actor, Action.UNDO)
    uow.incidents.lock(number, actor.viewer)
    entries = fold(uow.timeline.recent(number, 50, actor.viewer))
    mine = [e for e in entries if e.author == actor.id and uow.now - e.recorded_at <= UNDO_WITHIN]
    last = max(mine, key=lambda e: e.id, default=None)
    if last is None:
        raise NotFound("Nothing of yours from the last minute can be undone here.")
    if last.kind not in _UNDOABLE:
        raise Invalid(f"A change of {last.kind} is undone by changing it back.")
    record(uow, number, actor, Kind.UNDONE, source=last.source, supersedes=last.id)
    changed(uow, number)
    return last
