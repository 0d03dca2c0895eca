"""Capture without commands: a reaction or a pin puts a message on the timeline, or makes a task of it."""

from __future__ import annotations

from datetime import datetime

from bot.chat import Delivery, Invocation, Speaker
from bot.domain.errors import Invalid
from bot.domain.incident import IncidentId
from bot.domain.people import Actor, PersonId
from bot.domain.policy import Action, may
from bot.domain.tasks import Horizon, Task
from bot.domain.timeline import Entry
from bot.events.working import TaskRemoved
from bot.ports import UnitOfWork
from bot.services import notes, tasks
from bot.services.people import actor_of


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


def make_task(
    uow: UnitOfWork, actor: Actor, number: IncidentId, call: Invocation, horizon: Horizon
) -> Task | None:
    """A task or follow-up from a message; once for each message and kind."""
    may(actor, Action.TASK)
    source = f"{horizon}:{source_of(call)}"
    uow.incidents.lock(number, actor.viewer)
    if notes.standing(uow, number, source) is not None:
        return None
    return tasks.add(uow, actor, number, call.quoted, horizon=horizon, source=source)


def unmake_task(
    uow: UnitOfWork, actor: Actor, number: IncidentId, call: Invocation, horizon: Horizon
) -> bool:
    """The reaction was taken back: so is the task, unless it is done. Idempotent."""
    may(actor, Action.TASK)
    source = f"{horizon}:{source_of(call)}"
    incident = uow.incidents.lock(number, actor.viewer)
    made = notes.standing(uow, number, source)
    if made is None:
        return False
    task = uow.tasks.get(number, int(made.data["number"]))
    if task.done_at is not None:
        raise Invalid(f"{horizon.capitalize()} {task.number} is done, so it stays.")
    uow.tasks.remove(number, task.number)
    uow.happened(TaskRemoved(uow.now, actor, incident, task.number))
    return notes.release(uow, actor, number, source)


def followed(uow: UnitOfWork, actor: Actor, number: IncidentId, call: Invocation) -> None:
    """A message was edited or deleted: what was captured of it follows."""
    source = source_of(call)
    if call.kind is Delivery.EDITED:
        notes.amended(uow, actor, number, source, call.quoted)
    elif call.kind is Delivery.DELETED:
        notes.deleted(uow, actor, number, source)
