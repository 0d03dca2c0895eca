"""Tasks and follow-ups: add, finish, list."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.errors import Invalid
from bot.core.events.base import Said
from bot.core.incident import IncidentId
from bot.core.people import Actor, PersonId
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.tasks.events import TaskAdded, TaskFinished
from bot.tasks.model import Horizon, Task, TaskId

TEXT_LIMIT = 1000


def add(
    uow: UnitOfWork,
    actor: Actor,
    number: IncidentId,
    text: str,
    owner: PersonId | None = None,
    due: datetime | None = None,
    horizon: Horizon = Horizon.TASK,
    priority: int | None = None,
    source: str = "",
) -> Task:
    """Add a task (during the incident) or a follow-up (after it); it gets the incident's next number."""
    may(actor, Action.TASK)
    words = " ".join(text.split())[:TEXT_LIMIT]
    if not words:
        raise Invalid(f'Say what is to be done: /incident {horizon} "text" [@who]')
    incident = uow.incidents.lock(number, actor.viewer)
    draft = Task(TaskId(0), number, 0, horizon, words, actor.id, uow.now, owner, due, priority)
    task = uow.tasks.add(draft)
    said = (Said(words), owner, due, Said(source))
    uow.happened(TaskAdded(uow.now, actor, incident, task.number, horizon, *said))
    return task


def finish(uow: UnitOfWork, actor: Actor, number: IncidentId, which: int) -> Task:
    """Mark a task done. Idempotent."""
    may(actor, Action.TASK)
    incident = uow.incidents.lock(number, actor.viewer)
    task = uow.tasks.get(number, which)
    if task.done_at is not None:
        return task
    done = replace(task, done_at=uow.now, done_by=actor.id)
    uow.tasks.save(done)
    uow.happened(TaskFinished(uow.now, actor, incident, which, Said(task.text)))
    return done
