"""Tasks and follow-ups: add, finish, list."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.errors import Invalid
from bot.domain.incident import IncidentId
from bot.domain.people import Actor, PersonId
from bot.domain.policy import Action, may
from bot.domain.tasks import Horizon, Task, TaskId
from bot.domain.timeline import Kind
from bot.ports import UnitOfWork
from bot.services.recording import changed, record

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
    uow.incidents.lock(number, actor.viewer)
    draft = Task(TaskId(0), number, 0, horizon, words, actor.id, uow.now, owner, due, priority)
    task = uow.tasks.add(draft)
    kind = Kind.TASK if horizon is Horizon.TASK else Kind.FOLLOWUP
    record(uow, number, actor, kind, words, _data(task), source=source)
    changed(uow, number)
    return task


def _data(task: Task) -> dict[str, str]:
    data = {"number": str(task.number)}
    if task.owner:
        data["owner"] = task.owner
    if task.due_at:
        data["due"] = task.due_at.isoformat()
    return data


def finish(uow: UnitOfWork, actor: Actor, number: IncidentId, which: int) -> Task:
    """Mark a task done. Idempotent."""
    may(actor, Action.TASK)
    uow.incidents.lock(number, actor.viewer)
    task = uow.tasks.get(number, which)
    if task.done_at is not None:
        return task
    done = replace(task, done_at=uow.now, done_by=actor.id)
    uow.tasks.save(done)
    record(uow, number, actor, Kind.TASK_DONE, task.text, {"number": str(which)})
    changed(uow, number)
    return done
