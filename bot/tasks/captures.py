"""A task or follow-up made from a message by a reaction, and taken back."""

from __future__ import annotations

from bot.core.chat.vocabulary import Invocation
from bot.core.errors import Invalid
from bot.core.incident import IncidentId
from bot.core.people import Actor
from bot.core.permissions import Action, may
from bot.core.ports.unit_of_work import UnitOfWork
from bot.incidents.notes import service as notes
from bot.incidents.notes.captures import source_of
from bot.tasks import service as tasks
from bot.tasks.events import TaskRemoved
from bot.tasks.model import Horizon, Task


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
