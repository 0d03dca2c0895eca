"""Capture without commands: a reaction or a pin puts a message on the timeline, or makes a task of it."""

from __future__ import annotations

from datetime import datetime

from bot.core.chat.vocabulary import Delivery, Invocation, Speaker
from bot.core.errors import Invalid
from bot.core.incident import IncidentId
from bot.core.people import Actor, PersonId
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.core.timeline import Entry
from bot.incidents.notes import service as notes
from bot.language.speakers import actor_of


def source_of(call: Invocation) -> str:
    """The key under which a message stands on a timeline. Raises ``Invalid`` without a message."""
    if call.source is None:
        raise Invalid("Do this with a reaction on a message, or from its menu.")
    return f"{call.source.platform}:{call.source.room}:{call.source.message}"


def captured(uow: UnitOfWork, call: Invocation, now: datetime) -> notes.Captured:
    """The message of an invocation, by whoever wrote it."""
    source = source_of(call)
    if not call.quoted.strip():
        raise Invalid('That message has no text to keep. Write it: /incident note "text"')
    author = _author(uow, call)
    url = call.source.url if call.source else ""
    return notes.Captured(source, author, call.quoted_at or now, call.quoted, url)


def _author(uow: UnitOfWork, call: Invocation) -> PersonId:
    native = call.quoted_by or call.speaker.id
    return actor_of(uow, call.platform, Speaker(native, native)).id


def capture(uow: UnitOfWork, actor: Actor, number: IncidentId, call: Invocation) -> Entry | None:
    may(actor, Action.NOTE)
    return notes.capture(uow, actor, number, captured(uow, call, uow.now))


def release(uow: UnitOfWork, actor: Actor, number: IncidentId, call: Invocation) -> bool:
    may(actor, Action.NOTE)
    return notes.release(uow, actor, number, source_of(call))


def followed(uow: UnitOfWork, actor: Actor, number: IncidentId, call: Invocation) -> None:
    """A message was edited or deleted: what was captured of it follows."""
    source = source_of(call)
    if call.kind is Delivery.EDITED:
        notes.amended(uow, actor, number, source, call.quoted)
    elif call.kind is Delivery.DELETED:
        notes.deleted(uow, actor, number, source)
